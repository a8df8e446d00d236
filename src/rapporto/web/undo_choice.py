"""Which part of a change is undone: ticked fields of one record, ticked records with what belongs to them, or whole types."""

from collections.abc import Collection, Mapping

from rapporto.store.declare import DECLARED
from rapporto.store.history.foresee import BACK, Foreseen, Outlook
from rapporto.store.history.models import ChangeSet
from rapporto.store.history.undo import is_merge

FIELD, ROW, TYPE = "field", "row", "type"
"""What is ticked, and the name under which it is sent."""
_Row = tuple[str, int]


def ticked_by(change: ChangeSet, outlook: Outlook | None, types: Collection[str]) -> str:
    """By what the undo of a change can be narrowed; '' when it is undone as a whole or not at all."""
    if is_merge(change):
        return ""
    if outlook is None or outlook.count > len(outlook.rows):
        return TYPE if len(types) > 1 else ""
    rows = heads(outlook)
    if len(rows) > 1:
        return ROW
    alone = len(outlook.rows) == 1 and outlook.rows[0].act == BACK
    return FIELD if alone and len(outlook.rows[0].then) > 1 else ""


def heads(outlook: Outlook) -> list[Foreseen]:
    """The rows that are ticked by themselves: all but the parts that come and go with their whole."""
    following = _following(outlook)
    return [row for row in outlook.rows if (row.record, row.row_id) not in following]


def chosen_rows(outlook: Outlook, ticked: Collection[str]) -> dict[str, set[int]]:
    """The ticked rows, and the parts that follow them, by type."""
    following = _following(outlook)
    found: dict[str, set[int]] = {}
    for row in outlook.rows:
        whole = following.get((row.record, row.row_id), (row.record, row.row_id))
        if key(*whole) in ticked:
            found.setdefault(row.record, set()).add(row.row_id)
    return found


def key(record: str, row_id: int) -> str:
    """A row, as its tick is sent."""
    return f"{record}.{row_id}"


def _following(outlook: Outlook) -> Mapping[_Row, _Row]:
    """The parts that are made or deleted together with their whole, each with it."""
    moving = {(row.record, row.row_id) for row in outlook.rows if row.act != BACK}
    found: dict[_Row, _Row] = {}
    for row in outlook.rows:
        record = DECLARED[row.record].record
        if row.act == BACK or not record.part_of:
            continue
        whole = (record.fields[record.part_of].link or "", (row.then or row.now).get(record.part_of) or 0)
        if whole in moving:
            found[row.record, row.row_id] = whole
    return found
