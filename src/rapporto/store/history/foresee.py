"""What undoing a change set would do, told beforehand: which fields go back to what, which rows come and go, what is kept."""

from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from rapporto.kernel.actor import Actor
from rapporto.store.declare import DECLARED
from rapporto.store.history.plan import Plan, Steps, think
from rapporto.store.history.reasons import Kept
from rapporto.store.history.remarks import weigh_with_remarks
from rapporto.store.history.undo import changeable_among, permitted, rights_in, told
from rapporto.store.history.values import field_values, live_image
from rapporto.store.userfields import record_type

BACK, AGAIN, GONE = "back", "again", "gone"
MOST = 100
"""Rows told one by one; of more only the number."""


@dataclass(frozen=True)
class Foreseen:
    """One row: its fields go `back` (now and then, by name), it comes `again`, or it is `gone` as it was new."""

    record: str
    row_id: int
    act: str
    now: Mapping[str, Any]
    then: Mapping[str, Any]


@dataclass(frozen=True)
class Outlook:
    """What an undo would do: the rows told, how many there are in all, what would be kept and why."""

    rows: tuple[Foreseen, ...]
    count: int
    kept: tuple[Kept, ...]


def foresee(actor: Actor, change_set_id: int) -> Outlook | None:
    """The outlook of an undo; None when this actor may not undo it. Nothing is written. Only for changes of moderate size."""
    change = permitted(actor, change_set_id)
    if change is None:
        return None
    rights = rights_in(actor, change)
    # on SQLite a transaction would take the turn of a writer, and none is needed to read
    with transaction.atomic() if connection.vendor == "postgresql" else nullcontext():
        plan = think(change_set_id, lambda name, ids: changeable_among(rights, name, ids))
        weigh_with_remarks(plan)
        rows = tuple(row for row, _number in zip(_rows(actor, plan), range(MOST), strict=False))
        return Outlook(rows, plan.restored(), tuple(told(actor, plan)))


def _rows(actor: Actor, plan: Plan) -> Iterator[Foreseen]:
    for name, steps in plan.steps.items():
        yield from (_back(actor, name, steps, row_id) for row_id in sorted(steps.updates))
        record = record_type(name).seen_by(actor)
        for row_id, image in sorted(steps.inserts.items()):
            yield Foreseen(name, row_id, AGAIN, {}, field_values(record, image))
        for row_id in sorted(steps.removals):
            yield Foreseen(name, row_id, GONE, field_values(record, live_image(DECLARED[name], row_id)), {})


def _back(actor: Actor, name: str, steps: Steps, row_id: int) -> Foreseen:
    record = record_type(name).seen_by(actor)
    live = live_image(DECLARED[name], row_id) or {}
    now, then = field_values(record, live), field_values(record, {**live, **steps.updates[row_id]})
    differing = [one for one in now if now[one] != then[one]]
    return Foreseen(name, row_id, BACK, {n: now[n] for n in differing}, {n: then[n] for n in differing})
