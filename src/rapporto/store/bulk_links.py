"""Several links of many records at once: some are added, some taken away, the others stay."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from rapporto.kernel.actor import Actor
from rapporto.kernel.where import EVERYTHING, Where
from rapporto.store.bulk import CHUNK, Changed, change_many
from rapporto.store.chunks import chunks
from rapporto.store.declare import DECLARED
from rapporto.store.history.models import ChangeSet
from rapporto.store.jobs import Progress
from rapporto.store.portions import in_portions
from rapporto.store.records import find

Links = tuple[int, ...]


def change_links(
    actor: Actor,
    name: str,
    where: Where,
    values: Mapping[str, Any],
    *,
    add: Mapping[str, Collection[int]],
    take: Mapping[str, Collection[int]],
    only: Collection[int] | None = None,
    progress: Progress | None = None,
) -> Changed:
    """As `change_many` with `values`; moreover in fields of several links these are added and those taken away.

    One transaction up to 10,000 records, more in portions of one change set. Records that end up alike are written together.
    """
    rows = find(actor, name, where) if only is None else find(actor, name, where).filter(pk__in=only)
    ids = list(rows.order_by("pk").values_list("pk", flat=True))
    fields = sorted({*add, *take})
    done: list[Changed] = []

    def write(_change: ChangeSet, portion: list[int]) -> None:
        for links, some in _alike(name, fields, portion, add, take).items():
            given = {**values, **dict(zip(fields, links, strict=True))}
            done.append(change_many(actor, name, EVERYTHING, given, only=some))

    change = in_portions(actor, "change_many", ids, CHUNK, write, progress)
    changed, refused = sum(one.changed for one in done), sum(one.refused for one in done)
    return Changed(change if changed else None, changed, refused)


def _alike(
    name: str,
    fields: Sequence[str],
    ids: list[int],
    add: Mapping[str, Collection[int]],
    take: Mapping[str, Collection[int]],
) -> Mapping[tuple[Links, ...], list[int]]:
    """The records by the links they will have."""
    there = {field: _links(name, field, ids) for field in fields}
    found: dict[tuple[Links, ...], list[int]] = defaultdict(list)
    for row_id in ids:
        now = ((field, set(there[field].get(row_id, ()))) for field in fields)
        links = tuple(tuple(sorted((had | {*add.get(one, ())}) - {*take.get(one, ())})) for one, had in now)
        found[links].append(row_id)
    return found


def _links(name: str, field: str, ids: list[int]) -> dict[int, Links]:
    column: Any = DECLARED[name].model._meta.get_field(field)
    source, target = column.m2m_column_name(), column.m2m_reverse_name()
    found: dict[int, Links] = {}
    for some in chunks(ids):
        rows = DECLARED[name].through[field]._default_manager.filter(**{f"{source}__in": some})
        for row_id, one in rows.values_list(source, target):
            found[row_id] = (*found.get(row_id, ()), one)
    return found
