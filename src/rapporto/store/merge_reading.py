"""Where the number or the code of a record that is gone leads: to the one it was merged into."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from rapporto.kernel.actor import Actor
from rapporto.store.chunks import chunks
from rapporto.store.merge_models import Merged, MergedValue
from rapporto.store.plain_rows import among, run
from rapporto.store.records import find


def led_to(actor: Actor, name: str, row_id: int) -> Merged | None:
    """The line of a record that was merged, when the actor may see what it leads to; None otherwise."""
    line = Merged.objects.filter(record=name, gone=row_id).first()
    return line if line is not None and find(actor, name).filter(pk=line.kept).exists() else None


def led_by(name: str, field: str, codes: Collection[str]) -> dict[str, int]:
    """The records to which codes lead that merged ones had: an external code, a VAT number, an e-mail as it is kept."""
    found: dict[str, int] = {}
    for some in chunks(sorted({code[:100] for code in codes})):
        rows = MergedValue.objects.filter(field=field, code__in=some, merged__record=name).order_by("-pk")
        found.update(rows.values_list("code", "merged__kept"))
    return found


@dataclass(frozen=True)
class Told:
    """One merged record of a kept one, as its card tells it."""

    merge_id: int
    title: str
    gone: int


def merged_into(name: str, row_id: int) -> list[Told]:
    """The records that became part of one, the last one first."""
    rows = Merged.objects.filter(record=name, kept=row_id).order_by("-pk").values_list("pk", "title", "gone")
    return [Told(pk, title, gone or 0) for pk, title, gone in rows]


_WORDS = f"""SELECT m.kept, v.value FROM {Merged._meta.db_table} m JOIN {MergedValue._meta.db_table} v ON v.merged_id = m.id
WHERE m.record = %s AND m.kept {{listed}} ORDER BY v.id"""


def words_of_merged(name: str, ids: Sequence[int]) -> list[tuple[int, str]]:
    """The values without a field of what became part of these records, by which they are still searched for."""
    listed, among_ids = among(ids)
    return [(kept, value) for kept, value in run(_WORDS.format(listed=listed), [name, *among_ids])]
