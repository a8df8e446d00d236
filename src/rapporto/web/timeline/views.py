"""The story of a party: one stream of dealings and changes, newest first, twenty at a time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from rapporto.domain.parties.models import PERSON
from rapporto.kernel.actor import Actor
from rapporto.kernel.text import BadValue
from rapporto.store.asking import Asked
from rapporto.web.asked import wants_part
from rapporto.web.links import card_url, timeline_url
from rapporto.web.parts_read import part_ids
from rapporto.web.reading import Reading, read
from rapporto.web.timeline.changes import Changes, changes_of
from rapporto.web.timeline.dealings import Dealing, Dealings, lines
from rapporto.web.timeline.entries import StreamEntry
from rapporto.web.timeline.noted import Parts

PAGE = 20
ALL, ACTIVITIES, CHANGES = "all", "activities", "changes"
SHOWN = (ALL, ACTIVITIES, CHANGES)


@dataclass(frozen=True)
class Place:
    """Where the next page of the story begins: after which dealing, after which change. None: that part has not begun."""

    dealing: tuple[datetime, int] | None = None
    change: int | None = None

    def text(self) -> str:
        """The place as it travels in an address."""
        at, row_id = self.dealing or (None, 0)
        moment = int(at.timestamp() * 1_000_000) if at else ""
        return f"{moment}.{row_id}.{'' if self.change is None else self.change}"

    @classmethod
    def read(cls, text: str) -> "Place":
        """The place of an address. BadValue when it is none."""
        try:
            moment, row_id, change = text.split(".")
            at = datetime.fromtimestamp(int(moment) / 1_000_000, UTC) if moment else None
            return cls((at, int(row_id)) if at else None, int(change) if change else None)
        except (ValueError, OverflowError, OSError):
            raise BadValue("This address is incomplete; open the card again.") from None


@dataclass(frozen=True)
class Story:
    """A page of the story. `plans` are the first dealings to come, `next_step` the most urgent one, `last` the newest done."""

    entries: tuple[StreamEntry, ...]
    show: str
    more_url: str = ""
    next_step: Dealing | None = None
    last: Dealing | None = None
    plans: tuple[Dealing, ...] = ()


@dataclass(frozen=True)
class Asking:
    """Which part of the story is asked for, and as of when."""

    show: str = ALL
    place: Place | None = None
    until: datetime | None = None
    query: Mapping[str, str] | None = None


def asking(request: HttpRequest, until: datetime | None = None) -> Asking:
    """What a request asks of the story."""
    show = request.GET.get("show", ALL)
    before = request.GET.get("before", "")
    kept = {name: request.GET[name] for name in ("as_of",) if name in request.GET}
    return Asking(show if show in SHOWN else ALL, Place.read(before) if before else None, until, kept)


def dealings_with(reading: Reading, asked: Asked) -> Dealings:
    """The dealings with the party that was read."""
    return Dealings(asked, reading.id, reading.values.get("kind") == PERSON)


def story(reading: Reading, parts: Parts, what: Asking, asked: Asked) -> Story:
    """One page of the story of a party. Its first page has the plans on top."""
    rows = dealings_with(reading, asked)
    first = what.place is None
    planned = rows.plans() if first else []
    place = what.place or Place()
    done = rows.past(PAGE + 1 if what.show != CHANGES else 1, place.dealing) if what.show != CHANGES or first else []
    changes = Changes((), (), more=False)
    if what.show != ACTIVITIES:
        undo = what.until is None
        changes = changes_of(reading, parts, limit=PAGE, before=place.change, until=what.until, undo=undo, asked=asked)
    told = done if what.show != CHANGES else []
    entries, following = _merged(lines(asked, told, reading.titles, reading.id), told, changes, place)
    on_top = lines(asked, planned, reading.titles, reading.id) if what.show != CHANGES else []
    more = (
        f"{timeline_url(reading.id)}?{urlencode({'show': what.show, 'before': following.text(), **(what.query or {})})}"
        if following
        else ""
    )
    return Story(
        (*on_top, *entries), what.show, more, planned[0] if planned else None, done[0] if done else None, tuple(planned)
    )


def latest(reading: Reading, asked: Asked, count: int) -> Story:
    """The next plan and the last dealings of a party, without its changes: what the side panel tells."""
    rows = dealings_with(reading, asked)
    planned, done = rows.plans(1), rows.past(count)
    entries = lines(asked, [*planned, *done], reading.titles, reading.id)
    return Story(
        tuple(entries), ACTIVITIES, "", planned[0] if planned else None, done[0] if done else None, tuple(planned)
    )


def _merged(
    told: list[StreamEntry], dealings_told: list[Dealing], changes: Changes, place: Place
) -> tuple[list[StreamEntry], Place | None]:
    """The two streams as one, newest first; and where the next page begins, None when there is none."""
    marks: list[tuple[StreamEntry, Place]] = [
        (entry, Place((one.at, one.id), None)) for entry, one in zip(told, dealings_told, strict=True)
    ]
    marks += [(entry, Place(None, end)) for entry, end in zip(changes.entries, changes.ends, strict=True)]
    marks.sort(key=lambda pair: pair[0].at, reverse=True)
    shown = marks[:PAGE]
    if len(marks) <= PAGE and not changes.more:
        return [entry for entry, _mark in shown], None
    reached = place
    for _entry, mark in shown:
        reached = Place(mark.dealing or reached.dealing, mark.change if mark.change is not None else reached.change)
    return [entry for entry, _mark in shown], reached


def filters(reading: Reading, show: str, query: Mapping[str, str] | None = None) -> list[dict[str, Any]]:
    """The buttons that choose what the story shows."""
    labels = {ALL: _("Everything"), ACTIVITIES: _("Activities"), CHANGES: _("Changes")}
    found = []
    for name, label in labels.items():
        asked = urlencode({"show": name, **(query or {})})
        found.append({
            "label": label, "pressed": name == show, "url": f"{timeline_url(reading.id)}?{asked}",
            "page_url": f"{card_url('party', reading.id)}?{asked}#story",
        })  # fmt: skip
    return found


@require_GET
def timeline(request: HttpRequest, row_id: int) -> HttpResponse:
    """A page of the story as a part of the card: more lines, or the story anew with another filter."""
    if not wants_part(request):
        return redirect(f"{card_url('party', row_id)}?{request.GET.urlencode()}#story")
    actor: Actor = request.actor  # type: ignore[attr-defined]
    asked = Asked.by(actor)
    reading = read(actor, "party", row_id, asked=asked)
    what = asking(request)
    told = story(reading, part_ids(asked, row_id), what, asked)
    context = {
        "story": told,
        "entries": told.entries,
        "more_url": told.more_url,
        "filters": filters(reading, told.show),
    }
    return render(request, "card_story.html" if what.place is None else "_stream_entries.html", context)
