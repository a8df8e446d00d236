"""What undoing a change set will do, thought out before anything is written."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from rapporto.kernel.text import Message
from rapporto.store.chunks import chunks
from rapporto.store.declare import DECLARED, Declaration
from rapporto.store.history.images import image_sql, key_of, names
from rapporto.store.history.models import Entry
from rapporto.store.history.reasons import CHANGED, DELETED, ERASED, FIELD_GONE, NOT_PERMITTED, PROOF, REMADE
from rapporto.store.history.renames import renamed
from rapporto.store.history.traces import (
    ABSENT,
    EXTRA,
    Forgotten,
    Trace,
    atoms,
    changed_atoms,
    happened,
    put,
    same,
    unit,
)
from rapporto.store.history.values import Image, parsed

CHUNK = 2_000
Allowed = Callable[[str, list[int]], set[int]]
"""Which of the rows of a record type may be changed by who undoes."""
Only = Mapping[str, Collection[int] | None]
"""The part of a change set that is undone: record types, each with some of its rows, or all (None)."""


@dataclass
class Steps:
    """What is to be done to the rows of one record type."""

    declaration: Declaration
    updates: dict[int, Image] = field(default_factory=dict)
    """Row → the columns that go back, with their values."""
    inserts: dict[int, Image] = field(default_factory=dict)
    removals: set[int] = field(default_factory=set)
    columns: frozenset[str] = frozenset()
    """Those of the table that images hold."""

    def narrow(self, ids: Collection[int]) -> None:
        """Only what is done to these rows."""
        self.updates = {row_id: back for row_id, back in self.updates.items() if row_id in ids}
        self.inserts = {row_id: image for row_id, image in self.inserts.items() if row_id in ids}
        self.removals &= set(ids)

    def ids(self) -> list[int]:
        """Every row that something is done to."""
        return sorted({*self.updates, *self.inserts, *self.removals})


@dataclass
class Plan:
    """The steps by record type, and what will stay as it is: (record, row, field or '', why)."""

    change_set_id: int
    steps: dict[str, Steps] = field(default_factory=dict)
    kept: dict[tuple[str, int, str], Message] = field(default_factory=dict)

    def keep(self, record: str, row_id: int, name: str, reason: Message) -> None:
        """Leave a field, or the whole row, as it is."""
        self.kept.setdefault((record, row_id, name), reason)

    def narrow(self, only: "Only") -> None:
        """Leave everything else out, as if the change set had not touched it."""
        self.steps = {name: steps for name, steps in self.steps.items() if name in only}
        self.kept = {key: why for key, why in self.kept.items() if key[0] in only}
        for name, ids in only.items():
            if ids is not None and name in self.steps:
                self.steps[name].narrow(ids)
                self.kept = {key: why for key, why in self.kept.items() if key[0] != name or key[1] in ids}

    def restored(self) -> int:
        """How many rows something is done to."""
        return sum(len(one.ids()) for one in self.steps.values())


def think(change_set_id: int, allowed: Allowed) -> Plan:
    """The plan for a change set, without regard to what the rows have to do with each other."""
    plan = Plan(change_set_id)
    touched = set(
        Entry.objects.filter(change_set_id=change_set_id).order_by().values_list("record", flat=True).distinct()
    )
    for declaration in DECLARED.values():
        if declaration.name in touched:
            plan.steps[declaration.name] = steps = Steps(declaration, columns=frozenset(names(declaration)))
            lock(declaration, change_set_id)
            for rows in _read(declaration, change_set_id):
                _think_of(plan, steps, rows)
            _permit(plan, steps, allowed)
    return plan


def lock(declaration: Declaration, change_set_id: int) -> None:
    """Hold the rows until the end of the transaction (SQLite holds the whole database already)."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                f'SELECT count(*) FROM (SELECT 1 FROM "{declaration.table}" WHERE "{key_of(declaration)}" IN'
                " (SELECT row_id FROM history_entry WHERE change_set_id = %s AND record = %s)"
                f' ORDER BY "{key_of(declaration)}" FOR UPDATE) held',
                [change_set_id, declaration.name],
            )


@dataclass(frozen=True)
class _Row:
    row_id: int
    act: str
    image: Image | None
    live: Image | None
    touched: bool


_ROWS = """
SELECT f.row_id, e.act, e.image, CASE WHEN t."{key}" IS NULL THEN NULL ELSE {image} END,
  EXISTS (SELECT 1 FROM history_entry o WHERE o.record = %s AND o.row_id = f.row_id AND o.id > f.id
    AND o.change_set_id IS DISTINCT FROM %s)
FROM (SELECT row_id, min(id) AS id FROM history_entry WHERE change_set_id = %s AND record = %s
  AND row_id > %s GROUP BY row_id ORDER BY row_id LIMIT {chunk}) f
JOIN history_entry e ON e.id = f.id LEFT JOIN "{table}" t ON t."{key}" = f.row_id
ORDER BY f.row_id"""


def _read(declaration: Declaration, change_set_id: int) -> Iterator[list[_Row]]:
    """The rows of the change set: the first image it left of each, the row as it is now, whether others changed it too."""
    sql = _ROWS.format(
        key=key_of(declaration),
        table=declaration.table,
        chunk=CHUNK,
        image=image_sql(declaration, "t", connection.vendor),
    )
    last = -(2**63)
    while True:
        with connection.cursor() as cursor:
            name = declaration.name
            cursor.execute(sql, [name, change_set_id, change_set_id, name, last])
            rows = [
                _Row(pk, act, parsed(image), parsed(live), bool(more))
                for pk, act, image, live, more in cursor.fetchall()
            ]
        if not rows:
            return
        yield rows
        last = rows[-1].row_id


def _think_of(plan: Plan, steps: Steps, rows: list[_Row]) -> None:
    shared = [row for row in rows if row.touched]
    for row in rows:
        if not row.touched:
            _untouched(plan, steps, row)
    entries = _entries(plan, steps, [row.row_id for row in shared])
    for row in shared:
        try:
            trace = Trace().walk(happened(entries[row.row_id], row.live))
        except Forgotten:
            plan.keep(steps.declaration.name, row.row_id, "", ERASED)
        else:
            _shared(plan, steps, row, trace)


def _untouched(plan: Plan, steps: Steps, row: _Row) -> None:
    """A row that nobody else changed since: it becomes what it was."""
    record = steps.declaration.name
    if row.act == Entry.INSERTED:
        if row.live is not None:
            steps.removals.add(row.row_id)
        return
    if row.image is None:
        plan.keep(record, row.row_id, "", ERASED)
        return
    before = _known(plan, steps, row.row_id, row.image)
    if row.live is None:
        steps.inserts[row.row_id] = before
        return
    if back := differing(before, row.live):
        steps.updates[row.row_id] = back


def differing(before: Image, live: Image) -> Image:
    """The columns of `before` that are otherwise in the live row."""
    back = {column: value for column, value in before.items() if value != live.get(column)}
    if back.keys() - live.keys():
        back = {column: value for column, value in back.items() if column in live}
    # Python calls 1 and true equal: only user-made values can change from one to the other.
    if (
        (made := before.get(EXTRA))
        and EXTRA not in back
        and any(type(one) is not type(live[EXTRA][key]) for key, one in made.items())
    ):
        back[EXTRA] = made
    return back


def _known(plan: Plan, steps: Steps, row_id: int, image: Image) -> Image:
    """The image by the columns of today; what has none any more is kept."""
    named = renamed(steps.declaration.name, image)
    vanished_columns = named.keys() - steps.columns
    if not vanished_columns:
        return named
    named = dict(named)
    for vanished in vanished_columns:
        if named.pop(vanished) not in (None, "", False, 0):
            plan.keep(steps.declaration.name, row_id, vanished, FIELD_GONE)
    return named


def _entries(plan: Plan, steps: Steps, ids: list[int]) -> dict[int, list[tuple[str, bool, Image | None]]]:
    """Every entry of some rows since the change set began on them."""
    found: dict[int, list[tuple[str, bool, Image | None]]] = {row_id: [] for row_id in ids}
    for some in chunks(ids):
        rows = Entry.objects.filter(record=steps.declaration.name, row_id__in=some).order_by("id")
        for row_id, act, image, change in rows.values_list("row_id", "act", "image", "change_set_id"):
            mine = change == plan.change_set_id
            if mine or found[row_id]:
                found[row_id].append((act, mine, renamed(steps.declaration.name, image) if image is not None else None))
    return found


def _shared(plan: Plan, steps: Steps, row: _Row, trace: Trace) -> None:
    """A row that others changed too: what is still as the change set left it goes back, the rest is kept."""
    record, row_id, live = steps.declaration.name, row.row_id, row.live
    if trace.existed and trace.after is not None:
        if live is not None:
            _by_field(plan, steps, row_id, live, trace)
        elif trace.own:
            plan.keep(record, row_id, "", DELETED)
    elif trace.existed:
        if live is None:
            steps.inserts[row_id] = _known(plan, steps, row_id, trace.before())
        elif any(changed_atoms(trace.before(), live)):
            plan.keep(record, row_id, "", REMADE)
    elif trace.after is not None and live is not None:
        if any(changed_atoms(trace.after, live)):
            plan.keep(record, row_id, "", CHANGED)
        else:
            steps.removals.add(row_id)


def _by_field(plan: Plan, steps: Steps, row_id: int, live: Image, trace: Trace) -> None:
    """Fields that are as the change set wrote them go back; a text and its folded key go together."""
    now = dict(atoms(live))
    lost = {
        unit(steps.declaration, atom)
        for atom, (was, wrote) in trace.own.items()
        if not (same(now.get(atom, ABSENT), was) or same(now.get(atom, ABSENT), wrote))
    }
    back = {atom: was for atom, (was, _) in trace.own.items() if unit(steps.declaration, atom) not in lost}
    target = put(dict(live), back)
    if update := {column: target[column] for column in live if not same(target[column], live[column])}:
        steps.updates[row_id] = update
    for name in lost:
        plan.keep(steps.declaration.name, row_id, name, CHANGED)


def _permit(plan: Plan, steps: Steps, allowed: Allowed) -> None:
    """Leave alone what who undoes may not change. A row that is made again is looked at when it is there.

    An entry of a ledger stays, whoever asks; that it hangs on a merged record is no part of what it says, and goes back.
    """
    if steps.declaration.record.append_only:
        for row_id in steps.removals:
            plan.keep(steps.declaration.name, row_id, "", PROOF)
        steps.removals.clear()
    present: Iterable[int] = (*steps.updates, *steps.removals)
    for some in chunks(present):
        for row_id in set(some) - allowed(steps.declaration.name, some):
            steps.updates.pop(row_id, None)
            steps.removals.discard(row_id)
            plan.keep(steps.declaration.name, row_id, "", NOT_PERMITTED)


def row_values(image: Image, columns: Iterable[str]) -> tuple[Any, ...]:
    """Some columns of an image, for comparing."""
    return tuple(image.get(column) for column in columns)
