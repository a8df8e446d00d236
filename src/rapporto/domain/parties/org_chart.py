"""The org chart of a company, as it is edited: who reports to whom, posts that nobody holds, who takes a post and who leaves it.

A post is an affiliation; one without a person is vacant.
"""

from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from rapporto.domain.parties.models import PERSON, Affiliation, Party
from rapporto.domain.parties.reporting import whole_company
from rapporto.kernel.actor import Actor
from rapporto.kernel.text import Message
from rapporto.store.errors import Invalid
from rapporto.store.history.changing import change_set
from rapporto.store.records import find, get
from rapporto.store.write import delete, save

HELD = Message("Somebody holds this post; take them out first.")
HELD_BY_NOBODY = Message("Nobody holds this post; there is nobody to take out.")
NOT_A_PERSON = Message("Only a person can hold a post; choose one.")
UNNAMED = Message("Say what the post is called.")


def report_to(actor: Actor, post: int, boss: int | None) -> Affiliation:
    """Put a post below another one of the same company, None: on top. Raises Invalid, Refused, NotFound."""
    with change_set(actor, "report_to"):
        row: Affiliation = save(actor, "affiliation", {"reports_to": boss}, post)
    return row


def join_unit(actor: Actor, post: int, unit: int, boss: int | None) -> Affiliation:
    """Put a post into a unit, or back into the company itself, below a boss or (None) on top there. Raises Invalid, Refused, NotFound."""
    with change_set(actor, "join_unit"):
        row: Affiliation = save(actor, "affiliation", {"organisation": unit, "reports_to": boss}, post)
    return row


def add_post(actor: Actor, company: int, *, job_title: str, boss: int | None = None) -> Affiliation:
    """A post that nobody holds yet, in a company or one of its units. Raises Invalid, Refused, NotFound."""
    if not job_title.strip():
        raise Invalid({"job_title": UNNAMED})
    with change_set(actor, "add_post"):
        values = {"organisation": company, "job_title": job_title, "reports_to": boss}
        row: Affiliation = save(actor, "affiliation", values)
    return row


def fill_post(actor: Actor, post: int, person: int, *, since: date | None = None) -> Affiliation:
    """A person takes a vacant post; gives their place of work.

    Who works there already takes the post with their numbers and since when they came; what they led stays theirs. Raises Invalid
    when somebody holds it, Refused, NotFound.
    """
    with change_set(actor, "fill_post"):
        row = _vacant(actor, post)
        who: Party = get(actor, "party", person)
        if who.kind != PERSON:
            raise Invalid({"person": NOT_A_PERSON})
        there = _running(actor, row.organisation_id).filter(person=person).order_by("-main", "id").first()
        if there is None and row.person_id is None:
            filled: Affiliation = save(actor, "affiliation", {"person": person, "since": since}, row.pk)
            return filled
        taken: dict[str, Any] = {"organisation": row.organisation_id, "job_title": row.job_title}
        if there is None:
            filled = save(
                actor, "affiliation", {**taken, "person": person, "since": since, "reports_to": row.reports_to_id}
            )
        else:
            boss = there.reports_to_id if row.reports_to_id == there.pk else row.reports_to_id
            filled = save(actor, "affiliation", {**taken, "reports_to": boss}, there.pk)
        _give_over(actor, row, filled.pk)
    return filled


def leave_post(actor: Actor, post: int, *, gone_on: date | None = None) -> Affiliation:
    """A person is no longer there from a day on (today unless said otherwise); the post stays, vacant, and is given.

    Their own place of work is kept as it was, ended the day before. Raises Invalid, Refused, NotFound.
    """
    day = gone_on or timezone.localdate()
    with change_set(actor, "leave_post"):
        row: Affiliation = get(actor, "affiliation", post, lock=True)
        if row.person_id is None or _ended(row):
            raise Invalid({"person": HELD_BY_NOBODY})
        if row.since is not None and row.since >= day:  # they never began: there is nothing to remember
            blank = dict.fromkeys(("person", "since", "phone", "mobile", "email"))
            emptied: Affiliation = save(
                actor, "affiliation", {**blank, "job_title": _title(row), "main": False}, row.pk
            )
            return emptied
        values = {"organisation": row.organisation_id, "job_title": _title(row), "job_role": row.job_role}
        vacant: Affiliation = save(actor, "affiliation", {**values, "reports_to": row.reports_to_id})
        _move_reports(actor, row.pk, vacant.pk)
        save(actor, "affiliation", {"until": day - timedelta(days=1), "main": False}, row.pk)
    return vacant


def close_post(actor: Actor, post: int) -> None:
    """Take a vacant post away; who reported to it reports to whom it reported to. Raises Invalid, Refused, NotFound."""
    with change_set(actor, "close_post"):
        row = _vacant(actor, post)
        _give_over(actor, row, row.reports_to_id)


def _vacant(actor: Actor, post: int) -> Affiliation:
    """A post that nobody holds: one without a person, or one that was left with people below it."""
    row: Affiliation = get(actor, "affiliation", post, lock=True)
    if row.person_id is not None and not _ended(row):
        raise Invalid({"person": HELD})
    return row


def _give_over(actor: Actor, row: Affiliation, heir: int | None) -> None:
    """Who reported to a vacant post reports to its heir. The post goes; the past work of a person stays where it was."""
    _move_reports(actor, row.pk, heir)
    if row.person_id is None:
        delete(actor, "affiliation", row.pk)


def _move_reports(actor: Actor, post: int, boss: int | None) -> None:
    """Also those whose time is over: their row must not point to one that goes."""
    below = Affiliation.objects.filter(reports_to=post).order_by("id")
    for one in below.values_list("pk", flat=True):
        if one != boss:
            save(actor, "affiliation", {"reports_to": boss}, one)


def _running(actor: Actor, company: int) -> QuerySet[Affiliation]:
    """The places of work of today in a company, its units included."""
    there = Q(until=None) | Q(until__gte=timezone.localdate())
    top = whole_company(company)
    within = Q(organisation=top) | Q(organisation__part_of=top) | Q(organisation__part_of__part_of=top)
    return find(actor, "affiliation").filter(there, within | Q(organisation=company))


def _ended(row: Affiliation) -> bool:
    return row.until is not None and row.until < timezone.localdate()


def _title(row: Affiliation) -> str:
    """A vacant post must be called something."""
    return row.job_title or row.job_role or "?"
