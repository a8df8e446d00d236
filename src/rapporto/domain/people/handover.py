"""What somebody leaves behind who no longer works here, and to whom it goes: parties, open activities, territories."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rapporto.domain.people.models import User, UserTerritory
from rapporto.kernel.actor import Actor, system_task
from rapporto.kernel.text import Message
from rapporto.kernel.where import EVERYTHING, Where, field
from rapporto.store.bulk import change_many
from rapporto.store.errors import Invalid, Refused
from rapporto.store.history.changing import change_set
from rapporto.store.records import find, get, may_change
from rapporto.store.write import delete, save

TASK = system_task("hand_over")
"""Work is handed over whole, private activities too: it acts inside the change set of whoever asked for it."""
NOT_TO_THEMSELVES = Message("Choose somebody else.")
NOT_TO_WHO_LEFT = Message("Choose somebody who may sign in.")


@dataclass(frozen=True)
class Held:
    """Records that somebody looks after: their type, the link to the user, and which of them are still to be looked after."""

    record: str
    link: str
    label: Any
    """What a person calls them: «open activities»."""
    where: Where = EVERYTHING


HELD: list[Held] = []
"""Told by each area at the start: what a user may leave behind in it."""


def holds(one: Held) -> Held:
    """Declare records that are handed over when a user leaves."""
    HELD.append(one)
    return one


@dataclass(frozen=True)
class Left:
    """How many records of a kind somebody looks after."""

    held: Held
    number: int


def left_by(user: int) -> list[Left]:
    """What a user looks after now, by kind; one query for each."""
    return [Left(one, _of(one, user).count()) for one in HELD]


def _of(one: Held, user: int) -> Any:
    return find(TASK, one.record, _condition(one, user))


def _condition(one: Held, user: int) -> Where:
    mine = field(one.link).eq(user)
    return mine if one.where == EVERYTHING else mine & one.where


def hand_over(actor: Actor, user: int, *, to: int | None, close: bool = False) -> int:
    """Give what a user looks after to somebody else, and with `close` shut the door behind them; gives how many records went.

    Without `to` everything stays as it is. One change set. Raises Invalid for the wrong person or the last administrator, Refused.
    """
    leaver: User = get(actor, "user", user)
    if not may_change(actor, "user", user):
        raise Refused("Only an administrator closes the access of somebody.")
    moved = 0
    with change_set(actor, "hand_over"):
        if to is not None:
            _check(actor, user, to)
            moved = sum(_give(actor, one, user, to) for one in HELD)
            moved += sum(1 for _ in _give_territories(actor, user, to))
        if close and leaver.is_active:
            save(actor, "user", {"is_active": False}, user)
    return moved


def _check(actor: Actor, user: int, to: int) -> None:
    if user == to:
        raise Invalid({"to": NOT_TO_THEMSELVES})
    successor: User = get(actor, "user", to)
    if not successor.is_active:
        raise Invalid({"to": NOT_TO_WHO_LEFT})


def _give(actor: Actor, one: Held, user: int, to: int) -> int:
    return change_many(TASK, one.record, _condition(one, user), {one.link: to}, command="hand_over").changed


def _give_territories(actor: Actor, user: int, to: int) -> Iterator[int]:
    """The territories too; who looks after one already does not twice."""
    known = set(UserTerritory.objects.filter(user=to).values_list("territory", flat=True))
    for row in UserTerritory.objects.filter(user=user):
        if row.territory_id in known:
            delete(actor, "user_territory", row.pk)
        else:
            save(actor, "user_territory", {"user": to}, row.pk)
            yield row.territory_id
