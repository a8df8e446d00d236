"""The dealings with a party, as lines of the story: what is planned on top, then what was done, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from rapporto.domain.processes.models import ACTIVITY_KINDS, DONE, PLANNED
from rapporto.kernel.actor import Actor
from rapporto.store.asking import Asked
from rapporto.store.records import find
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


def dealings(actor: Actor, party_id: int, asked: Asked, *, person: bool = False) -> QuerySet[Any]:
    """The activities with a party that this actor may see; with a person also those in which they spoke for a company."""
    mine = Q(party_id=party_id) | Q(person_id=party_id) if person else Q(party_id=party_id)
    return find(actor, "activity", asked=asked).filter(mine)


def plans(rows: QuerySet[Any], limit: int = PLANS) -> list[Dealing]:
    """What is planned, the most urgent first."""
    return _read(rows.filter(state=PLANNED).order_by("at", "id"), limit)


def past(rows: QuerySet[Any], limit: int, before: tuple[datetime, int] | None = None) -> list[Dealing]:
    """What was done, newest first; `before` is the (moment, id) of the last line shown."""
    rows = rows.filter(state=DONE).order_by("-at", "-id")
    if before is not None:
        at, row_id = before
        rows = rows.filter(Q(at__lt=at) | Q(at=at, id__lt=row_id))
    return _read(rows, limit)


def _read(rows: QuerySet[Any], limit: int) -> list[Dealing]:
    return [Dealing(*values) for values in rows.values_list(*_COLUMNS)[:limit]]


def lines(actor: Actor, found: Sequence[Dealing], known: Titles, party_id: int) -> list[StreamEntry]:
    """The dealings as lines; the names of the people in them are looked up within the actor's rights."""
    ids = {one for each in found for one in (each.person_id, each.party_id) if one is not None and one != party_id}
    learn_titles(actor, known, {"party": ids})
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
