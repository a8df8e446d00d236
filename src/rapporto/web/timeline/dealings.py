"""The dealings with a party, as lines of the story: what is planned on top, then what was done, newest first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from rapporto.domain.processes.models import ACTIVITY_KINDS, DONE, PLANNED
from rapporto.store.asking import Asked
from rapporto.web.fixed_queries import FixedQuery
from rapporto.web.links import card_url
from rapporto.web.reading import Titles, learn_titles
from rapporto.web.timeline.entries import DONE as DONE_MARK
from rapporto.web.timeline.entries import PLANNED as PLANNED_MARK
from rapporto.web.timeline.entries import StreamEntry, Tag, due_tag

ICONS = {
    "call": "phone",
    "visit": "visit",
    "mail": "mail",
    "letter": "letter",
    "note": "note",
    "appointment": "calendar",
}
PLANS = 10
"""How many planned dealings stand on top."""
_COLUMNS = (
    "id", "kind", "direction", "state", "at", "subject", "asked", "outcome", "private",
    "party_id", "person_id", "taken_by__name", "assignee__name",
)  # fmt: skip


@dataclass(frozen=True)
class Dealing:
    """One activity as it is read for the story."""

    id: int
    kind: str
    direction: str
    state: str
    at: datetime
    subject: str
    asked: str
    outcome: str
    private: bool
    party_id: int
    person_id: int | None
    taken_by: str | None
    assignee: str | None


def _mine(party_id: int, *, person: bool) -> Q:
    return Q(party_id=party_id) | Q(person_id=party_id) if person else Q(party_id=party_id)


@dataclass(frozen=True)
class Dealings:
    """The dealings of one party as somebody may see them: what is planned, what was done, how many by day."""

    asked: Asked
    party_id: int
    person: bool = False

    def plans(self, limit: int = PLANS) -> list[Dealing]:
        """What is planned, the most urgent first."""
        return _dealings(_plans(limit, person=self.person).rows(self.asked, self.party_id))

    def past(self, limit: int, before: tuple[datetime, int] | None = None, only: Q | None = None) -> list[Dealing]:
        """What was done, newest first; `before` is the (moment, id) of the last line shown, `only` a condition on them."""
        if before is None and only is None:
            return _dealings(_past(limit, person=self.person).rows(self.asked, self.party_id))
        rows = _done(self.asked, self.party_id, person=self.person).filter(only or Q())
        if before is not None:
            at, row_id = before
            rows = rows.filter(Q(at__lt=at) | Q(at=at, id__lt=row_id))
        return _dealings(rows.values_list(*_COLUMNS)[:limit])

    def open_steps(self, today: date) -> tuple[int, int]:
        """How many steps are planned, and how many of them are late."""
        days = _open(person=self.person).rows(self.asked, self.party_id)
        return sum(count for _day, count in days), sum(count for day, count in days if day is not None and day < today)

    def by_day(self, first: date, last: date) -> list[tuple[date, int]]:
        """How many were done on each day between two, both included."""
        return _by_day(first, last, person=self.person).rows(self.asked, self.party_id)


def _dealings(rows: Iterable[tuple[Any, ...]]) -> list[Dealing]:
    return [Dealing(*values) for values in rows]


def _done(asked: Asked, party_id: int, *, person: bool) -> QuerySet[Any]:
    return asked.records("activity").filter(_mine(party_id, person=person), state=DONE).order_by("-at", "-id")


@lru_cache(maxsize=20)
def _past(limit: int, *, person: bool) -> FixedQuery:
    return FixedQuery(
        lambda asked, party_id: _done(asked, party_id, person=person).values_list(*_COLUMNS)[:limit], ("activity",)
    )


@lru_cache(maxsize=20)
def _plans(limit: int, *, person: bool) -> FixedQuery:
    def build(asked: Asked, party_id: int) -> Any:
        rows = asked.records("activity").filter(_mine(party_id, person=person), state=PLANNED).order_by("at", "id")
        return rows.values_list(*_COLUMNS)[:limit]

    return FixedQuery(build, ("activity",))


@lru_cache(maxsize=2)
def _open(*, person: bool) -> FixedQuery:
    def build(asked: Asked, party_id: int) -> Any:
        rows = asked.records("activity").filter(_mine(party_id, person=person), state=PLANNED).order_by()
        return rows.values_list("day").annotate(number=Count("pk"))

    return FixedQuery(build, ("activity",))


@lru_cache(maxsize=20)
def _by_day(first: date, last: date, *, person: bool) -> FixedQuery:
    def build(asked: Asked, party_id: int) -> Any:
        rows = asked.records("activity").filter(_mine(party_id, person=person), state=DONE).order_by()
        rows = rows.filter(day__gte=first, day__lte=last)
        return rows.values_list("day").annotate(number=Count("pk"))

    return FixedQuery(build, ("activity",))


def lines(asked: Asked, found: Sequence[Dealing], known: Titles, party_id: int) -> list[StreamEntry]:
    """The dealings as lines; the names of the people in them are looked up within the actor's rights."""
    ids = {one for each in found for one in (each.person_id, each.party_id) if one is not None and one != party_id}
    learn_titles(asked.actor, known, {"party": ids}, asked)
    return [_line(one, known.get("party", {}), party_id) for one in found]


def _line(one: Dealing, names: dict[int, str], party_id: int) -> StreamEntry:
    other = one.person_id if one.person_id != party_id else one.party_id
    planned = one.state == PLANNED
    return StreamEntry(
        at=one.at,
        icon=ICONS.get(one.kind, "activity"),
        mark=PLANNED_MARK if planned else DONE_MARK,
        kind=kind_label(one.kind),
        title=one.subject,
        person=names.get(other or 0, "") if other != party_id else "",
        text=one.asked,
        url=card_url("activity", one.id),
        tags=tuple(_tags(one, planned=planned)),
        by=_by(one, planned=planned),
    )


def _by(one: Dealing, *, planned: bool) -> str:
    """Who is to do it, or who took it."""
    name = (one.assignee if planned else one.taken_by) or ""
    text = _("assigned to {name}") if planned else _("by {name}")
    return text.format(name=name) if name else ""


def _tags(one: Dealing, *, planned: bool) -> list[Tag]:
    tags = [due_tag(one.at)] if planned else []
    tags += [Tag(one.outcome, "good")] if one.outcome else []
    return [*tags, *([Tag(_("Private"))] if one.private else [])]


def kind_label(kind: str) -> str:
    """The word for a kind of activity."""
    return next((str(label) for code, label in ACTIVITY_KINDS if code == kind), kind)
