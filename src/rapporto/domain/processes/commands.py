"""What is done with activities: noting a call with its next step, and completing what was planned."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from rapporto.domain.processes.models import CALL, DONE, PLANNED, Activity
from rapporto.kernel.actor import Actor
from rapporto.kernel.text import Message
from rapporto.store.errors import Invalid, Refused
from rapporto.store.history.changing import change_set
from rapporto.store.records import get
from rapporto.store.write import save

IN_THE_PAST = Message("The next step lies in the past; choose a day to come.")


@dataclass(frozen=True, kw_only=True)
class NextStep:
    """What is to be done next, and when; by whoever plans it unless somebody else is named."""

    subject: str
    at: datetime
    kind: str = CALL
    assignee: int | None = None
    asked: str = ""


def log_activity(
    actor: Actor,
    *,
    party: int,
    subject: str,
    kind: str = CALL,
    direction: str = "",
    person: int | None = None,
    at: datetime | None = None,
    asked: str = "",
    outcome: str = "",
    private: bool = False,
    taken_by: int | None = None,
    next: NextStep | None = None,
) -> Activity:
    """Note a dealing that took place: with which party, with whom exactly, when, what was asked, who took it.

    A phone note is a call with direction «in». `next` plans the step that follows, in the same change set. Raises Invalid
    (errors of the next step bear the prefix «next.»), Refused, NotFound.
    """
    values = {
        "party": party, "person": person, "kind": kind, "direction": direction, "state": DONE, "subject": subject,
        "at": at or timezone.now(), "asked": asked, "outcome": outcome, "private": private,
        "taken_by": taken_by or actor.user_id,
    }  # fmt: skip
    with change_set(actor, "log_activity"):
        activity: Activity = save(actor, "activity", values)
        if next is not None:
            _plan(actor, activity, next)
    return activity


def complete(
    actor: Actor, activity: int, *, outcome: str = "", at: datetime | None = None, next: NextStep | None = None
) -> Activity:
    """Mark a planned activity as done, now unless `at` says when, with its outcome; perhaps by planning the next.

    It then bears the moment it was done; when it had been planned for is in its history. Raises Invalid, Refused, NotFound.
    """
    with change_set(actor, "complete"):
        planned: Activity = get(actor, "activity", activity, lock=True)
        if planned.state != PLANNED:
            raise Refused("This was done already; plan something new instead.")
        values: dict[str, Any] = {"state": DONE, "outcome": outcome, "at": at or timezone.now()}
        if planned.taken_by_id is None:
            values["taken_by"] = actor.user_id
        done: Activity = save(actor, "activity", values, activity)
        if next is not None:
            _plan(actor, done, next)
    return done


def plan(actor: Actor, *, party: int, next: NextStep, person: int | None = None, private: bool = False) -> Activity:
    """Plan a dealing with a party. Raises Invalid, Refused, NotFound."""
    values = {
        "party": party, "person": person, "kind": next.kind, "state": PLANNED, "subject": next.subject, "at": next.at,
        "asked": next.asked, "private": private, "assignee": next.assignee or actor.user_id,
        # who plans something private for somebody else goes on seeing it
        "taken_by": actor.user_id if private else None,
    }  # fmt: skip
    with change_set(actor, "plan"):
        planned: Activity = save(actor, "activity", values)
    return planned


def _plan(actor: Actor, after: Activity, step: NextStep) -> None:
    """The next step is with the same person, and as private as what led to it."""
    try:
        if step.at <= timezone.now():
            raise Invalid({"at": IN_THE_PAST})
        plan(actor, party=after.party_id, person=after.person_id, next=step, private=after.private)
    except Invalid as wrong:
        raise Invalid({f"next.{name}": message for name, message in wrong.errors.items()}) from None
