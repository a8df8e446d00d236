"""Beginning an import: its source, what is remembered of it, and the run that says how far it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from rapporto.kernel.actor import Actor
from rapporto.kernel.text import fold
from rapporto.store.errors import NotFound
from rapporto.store.imports.drafts import MODES, NEW
from rapporto.store.imports.models import ImportRun, ImportSource
from rapporto.store.imports.shapes import Shape
from rapporto.store.one_writer import turn
from rapporto.store.records import find, get
from rapporto.store.write import save

COLUMNS, SETTINGS, MODE, BY = "columns", "settings", "mode", "by"


@dataclass(frozen=True)
class Asking:
    """What a person asks for: which table means what, and what happens to records that are there."""

    name: str
    file: str = ""
    columns: Sequence[str] = ()
    mode: str = NEW
    dry: bool = False
    settings: Mapping[str, Any] = field(default_factory=dict)
    total: int = 0


def source_named(actor: Actor, name: str) -> ImportSource:
    """The source of that name, whatever its capitals and accents; made when there is none yet. Raises Invalid for a blank one."""
    found = find(actor, "import_source").filter(name_key=fold(name)).order_by("pk").first() if name.strip() else None
    source: ImportSource = found or save(actor, "import_source", {"name": name})
    return source


def begin(actor: Actor, source: ImportSource, shape: Shape, asking: Asking) -> ImportRun:
    """A new run; nothing is read yet."""
    if asking.mode not in MODES:
        raise ValueError(f"no mode {asking.mode!r}; there are: {', '.join(MODES)}")
    with turn(), transaction.atomic():
        return ImportRun.objects.create(
            user_id=actor.user_id or 0,
            source=source,
            shape=shape.name,
            name=asking.name[:200],
            file=asking.file,
            settings=dict(asking.settings),
            columns=list(asking.columns),
            mode=asking.mode,
            dry=asking.dry,
            total=asking.total,
        )


def run_of(actor: Actor, run_id: int) -> ImportRun:
    """A run of this person. Raises NotFound: nobody sees those of others."""
    found = ImportRun.objects.filter(pk=run_id, user_id=actor.user_id or 0).select_related("source").first()
    if found is None:
        raise NotFound("import_run", run_id)
    return found


def remember(actor: Actor, source_id: int, shape: Shape, heads: Sequence[str], asking: Asking) -> None:
    """Remember what the columns of this source mean, by their heads, for the next time."""
    source: ImportSource = get(actor, "import_source", source_id)
    before = source.remembered.get(shape.name, {})
    columns = {
        **before.get(COLUMNS, {}),
        **{fold(head): slot for head, slot in zip(heads, asking.columns, strict=False)},
    }
    kept = {COLUMNS: columns, SETTINGS: dict(asking.settings), MODE: asking.mode, BY: actor.user_id}
    with turn(), transaction.atomic():
        ImportSource.objects.filter(pk=source.pk).update(remembered={**source.remembered, shape.name: kept})


def proposed(actor: Actor, source: ImportSource | None, shape: Shape, heads: Sequence[str]) -> tuple[str, ...]:
    """What each head means: as it did the last time with this source, else as its name tells."""
    kept = (source.remembered.get(shape.name, {}) if source else {}).get(COLUMNS, {})
    by_name = shape.proposed(actor, heads)
    return tuple(kept.get(fold(head), slot) for head, slot in zip(heads, by_name, strict=True))


def remembered_mode(source: ImportSource | None, shape: Shape) -> str:
    """The mode of the last import from this source."""
    mode = (source.remembered.get(shape.name, {}) if source else {}).get(MODE, NEW)
    return mode if mode in MODES else NEW
