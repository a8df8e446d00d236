"""The journal: which change sets there are, newest first, and how many records of which types each touched, as far as a reader may see."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Count, Min, QuerySet

from rapporto.kernel.actor import Actor
from rapporto.store.asking import Asked
from rapporto.store.declare import DECLARED
from rapporto.store.history.models import ChangeSet, Entry
from rapporto.store.history.undo import SENIOR

SOUGHT = 500
"""Change sets that are looked at in one round when those of one type are sought."""
ROUNDS = 20
"""After so many rounds a page ends where it is, and the next goes on from there."""
LOOKED_AT = 1_000
"""Rows of an act of somebody else that are looked at one by one, where not all of their type may be seen."""


@dataclass(frozen=True)
class Sought:
    """Which change sets: of whom, through which door, by which commands, of which record type, when. Blank asks for all."""

    user: int | None = None
    door: str = ""
    commands: Sequence[str] = ()
    record: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Act:
    """One change set: how many rows it touched by record type, one row of each, and whether it is undone."""

    change: ChangeSet
    counts: Mapping[str, int]
    first: Mapping[str, int]
    undone: bool


@dataclass(frozen=True)
class Journal:
    """Some acts, newest first, and the change set before which to go on; None when these were the last."""

    acts: tuple[Act, ...]
    before: int | None


def journal(actor: Actor, sought: Sought, before: int | None = None, size: int = 50) -> Journal:
    """The acts that this actor may look at: their own; for who may undo what others did, also those of others.

    Of the acts of others only rows are counted that the actor sees today, and an act without any of them is not told.
    """
    found: list[Act] = []
    batch = SOUGHT if sought.record else size + 1
    for _round in range(ROUNDS):
        changes = list(_candidates(actor, sought, before)[:batch])
        for act in _acts(actor, _touching(changes, sought.record)):
            if len(found) == size:
                return Journal(tuple(found), found[-1].change.pk)
            found.append(act)
        if len(changes) < batch:
            return Journal(tuple(found), None)
        before = changes[-1].pk
    return Journal(tuple(found), before)


def act_of(actor: Actor, change: ChangeSet) -> Act | None:
    """What a change set touched, as far as the actor may know; None when they may know nothing of it."""
    return next(iter(_acts(actor, [change])), None)


def _candidates(actor: Actor, sought: Sought, before: int | None) -> QuerySet[ChangeSet]:
    """The change sets by what stands in them."""
    rows = ChangeSet.objects.filter(open=False).order_by("-id").prefetch_related("undone_by__undone_by__undone_by")
    if not actor.roles & SENIOR:
        rows = rows.filter(user_id=actor.user_id)
    if sought.user is not None:
        rows = rows.filter(user_id=sought.user)
    if sought.door:
        rows = rows.filter(door=sought.door)
    if sought.commands:
        rows = rows.filter(command__in=sought.commands)
    if sought.since is not None:
        rows = rows.filter(at__gte=_micros(sought.since))
    if sought.until is not None:
        rows = rows.filter(at__lt=_micros(sought.until))
    return rows if before is None else rows.filter(pk__lt=before)


def _micros(moment: datetime) -> int:
    """Microseconds since 1970 UTC."""
    return int(moment.astimezone(UTC).timestamp() * 1_000_000)


def _touching(changes: Sequence[ChangeSet], record: str) -> list[ChangeSet]:
    """Those that touched records of a type."""
    if not record or not changes:
        return list(changes)
    rows = Entry.objects.filter(change_set_id__in=[one.pk for one in changes], record=record)
    touched = set(rows.order_by().values_list("change_set_id", flat=True).distinct())
    return [one for one in changes if one.pk in touched]


def _acts(actor: Actor, changes: Sequence[ChangeSet]) -> Iterator[Act]:
    if not changes:
        return
    rows = Entry.objects.filter(change_set_id__in=[one.pk for one in changes], record__in=DECLARED).order_by()
    counted = rows.values_list("change_set_id", "record").annotate(Count("row_id", distinct=True), Min("row_id"))
    touched: dict[int, dict[str, tuple[int, int]]] = {}
    for change_set_id, record, count, first in counted:
        touched.setdefault(change_set_id or 0, {})[record] = (count, first)
    asked = Asked.by(actor)
    for change in changes:
        mine = actor.user_id is not None and change.user_id == actor.user_id
        told = touched.get(change.pk, {})
        seen = told if mine else dict(_seen(asked, change.pk, told))
        if seen:
            in_order = [name for name in DECLARED if name in seen]
            counts, first = ({name: seen[name][at] for name in in_order} for at in (0, 1))
            yield Act(change, counts, first, change.is_undone())


def _seen(
    asked: Asked, change_set_id: int, told: Mapping[str, tuple[int, int]]
) -> Iterable[tuple[str, tuple[int, int]]]:
    """Of somebody else's act what the one who asks sees today; what is gone only where everything of its type is seen."""
    for record, counted in told.items():
        if asked.sees_all(record):
            yield record, counted
            continue
        entries = Entry.objects.filter(change_set_id=change_set_id, record=record).order_by()
        ids = list(entries.values_list("row_id", flat=True).distinct()[:LOOKED_AT])
        there = sorted(asked.records(record).filter(pk__in=ids).order_by().values_list("pk", flat=True))
        if there:
            yield record, (len(there), there[0])
