"""Contacts of Outlook or Google become persons, companies and affiliations: first a preview, then one change set."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection

from rapporto.domain.parties.contacts.plan import Plan, Step, Summary
from rapporto.kernel.actor import Actor
from rapporto.kernel.text import Message
from rapporto.store.bulk_create import InvalidRows, making
from rapporto.store.history.changing import change_set, close
from rapporto.store.history.models import ChangeSet
from rapporto.store.jobs import Progress

COMMAND = "import_contacts"
RECORDS = 100
"""Records written in one transaction: whoever saves meanwhile waits a few hundredths of a second for their turn, no more."""
PAUSE = 0.001
"""Seconds between two transactions on SQLite, which has one writer: those who wait in line come first."""


WITHOUT_COMPANY = Message("The company or person of an earlier row, to which this one belongs, was left out.")


@dataclass(frozen=True)
class Preview:
    """What an import would do, and its first rows as they would be kept."""

    summary: Summary
    first: tuple[Step, ...]


def preview_contacts(actor: Actor, data: bytes, *, show: int = 20, progress: Progress | None = None) -> Preview:
    """What importing this file would do; nothing is written. Raises Unreadable with what to do when it is no such file."""
    lines = data.count(b"\n")
    plan = Plan.of(actor, data)
    first: list[Step] = []
    for step in plan.steps():
        if len(first) < show:
            first.append(step)
        if progress is not None:
            progress(min(step.draft.row, lines), lines)
    return Preview(plan.summary, tuple(first))


@dataclass(frozen=True)
class Imported:
    """What was imported, and the change set that takes it back (None when there was nothing to add)."""

    change_set_id: int | None
    summary: Summary


def import_contacts(
    actor: Actor, data: bytes, *, name: str = "", progress: Progress | None = None, rows: int = 0
) -> Imported:
    """Make persons, companies, affiliations, further numbers and places of a contact file of that `name`.

    One change set over many short transactions; run again with the same file it adds nothing, so what was broken off goes on
    by doing it again. Whoever imports looks after what is new. `progress` is told of each portion, of `rows` in all.
    Raises Unreadable, Refused.
    """
    actor = actor.through("import")
    plan = Plan.of(actor, data)
    change: int | None = None
    try:
        for steps in _portions(plan.steps()):
            change = _in_one(actor, steps, change, plan.summary, progress)
            if progress is not None:
                progress(min(steps[-1].draft.row - 1, rows), rows)
            if connection.vendor == "sqlite":
                time.sleep(PAUSE)
    finally:
        if change is not None:
            ChangeSet.objects.filter(pk=change).update(summary={"file": name[:200], **plan.summary.counts()})
            close(change)
    return Imported(change, plan.summary)


def _in_one(actor: Actor, steps: list[Step], change: int | None, summary: Summary, progress: Progress | None) -> int:
    """Write a portion in one transaction. Should a row be refused by the register, it alone is left out, and told."""
    try:
        with change_set(actor, COMMAND, continues=change, keep_open=True) as begun:
            _write(actor, steps)
            if change is None and progress is not None:
                progress.change(begun.pk)
        return begun.pk
    except InvalidRows as wrong:
        _forget_made(steps)
        if len(steps) == 1:
            name, why = next(iter(next(iter(wrong.errors.values())).items()))
            summary.refuse(steps[0].draft.row, Message("{field}: {why}", {"field": name, "why": why}))
            return change or _opened(actor)
    for step in steps:
        if _stands(step):
            change = _in_one(actor, [step], change, summary, progress)
        else:
            summary.refuse(step.draft.row, WITHOUT_COMPANY)
    return change or _opened(actor)


def _opened(actor: Actor) -> int:
    with change_set(actor, COMMAND, keep_open=True) as begun:
        return begun.pk


def _forget_made(steps: list[Step]) -> None:
    """What the transaction made is gone with it."""
    for step in steps:
        if step.makes_company and step.company is not None:
            step.company.id = None
        if step.makes_person and step.person is not None:
            step.person.id = None


def _stands(step: Step) -> bool:
    """Whether what an earlier row was to make is there."""
    firm = step.company is None or step.makes_company or step.company.id is not None
    return firm and (step.person is None or step.makes_person or step.person.id is not None)


def _portions(steps: Iterator[Step]) -> Iterator[list[Step]]:
    """The steps in portions of at most RECORDS records."""
    portion: list[Step] = []
    size = 0
    for step in steps:
        if portion and size + step.records > RECORDS:
            yield portion
            portion, size = [], 0
        portion.append(step)
        size += step.records
    if portion:
        yield portion


def _write(actor: Actor, steps: list[Step]) -> None:
    """One transaction: companies, persons, how they belong together, further numbers and places."""
    owner = {"owner": actor.user_id}
    with making(actor) as under_way:
        firms = [step for step in steps if step.makes_company]
        for step, row_id in zip(
            firms, under_way.create("party", [{**(one.draft.company or {}), **owner} for one in firms]), strict=True
        ):
            assert step.company is not None
            step.company.id = row_id
        people = [step for step in steps if step.makes_person]
        for step, row_id in zip(
            people, under_way.create("party", [{**(one.draft.person or {}), **owner} for one in people]), strict=True
        ):
            assert step.person is not None
            step.person.id = row_id
        under_way.create("affiliation", [_affiliation(step) for step in steps if step.makes_affiliation])
        under_way.create("contact_point", [one for step in steps for one in _points(step)])
        under_way.create("address", [one for step in steps for one in _addresses(step)])


def _affiliation(step: Step) -> dict[str, Any]:
    assert step.person is not None
    assert step.company is not None
    return {**step.draft.desk, "person": step.person.id, "organisation": step.company.id, "main": False}


def _points(step: Step) -> Iterator[dict[str, Any]]:
    if step.company is not None:
        yield from ({**one, "party": step.company.id} for one in step.draft.company_points)
    if step.person is not None:
        yield from ({**one, "party": step.person.id} for one in step.draft.person_points)


def _addresses(step: Step) -> Iterator[dict[str, Any]]:
    if step.draft.home and step.person is not None:
        yield {**step.draft.home, "party": step.person.id, "kind": "home"}
    if step.draft.further:
        values = dict(step.draft.further)
        whose = step.company if values.pop("of_company", False) or step.person is None else step.person
        if whose is not None:
            yield {**values, "party": whose.id, "kind": "site"}


__all__ = ["Imported", "Preview", "import_contacts", "preview_contacts"]
