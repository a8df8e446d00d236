"""What the page and the panel of any record show; a party has more to tell than the others."""

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from rapporto.kernel.actor import Actor
from rapporto.store.asking import Asked
from rapporto.store.erasures import line_of
from rapporto.store.moment import present
from rapporto.web.card.consents import consents
from rapporto.web.card.party import note_of, read_panel, read_party
from rapporto.web.card.tabs import CARD, tabs
from rapporto.web.facts import blanks, sections
from rapporto.web.forms.note import Note, kind_of
from rapporto.web.forms.party import senseless
from rapporto.web.forms.state import whole_of
from rapporto.web.links import (
    activity_url,
    card_url,
    delete_url,
    edit_url,
    grid_url,
    history_url,
    merge_url,
    personal_data_url,
)
from rapporto.web.past import PARAMETER, as_of_choices, past_moment, reading_at, with_today
from rapporto.web.permitted import may_change_read
from rapporto.web.reading import Reading, read
from rapporto.web.rights.seen import is_person
from rapporto.web.timeline.asking import asking
from rapporto.web.timeline.belongings import belongings
from rapporto.web.timeline.changes import Wanted, changes_of
from rapporto.web.timeline.noted import Span

PAGE = 20


def panel_context(request: HttpRequest, record: str, row_id: int) -> dict[str, Any]:
    """The context of the side panel, as it is or as it was. Raises NotFound, BadValue."""
    if record != "party":
        return context_of(request, record, row_id)
    actor: Actor = request.actor  # type: ignore[attr-defined]
    moment = past_moment(request)
    with reading_at(moment):
        asked = Asked.by(actor)
        reading = _read(actor, record, row_id, asked, moment)
        change = moment is None and may_change_read(reading, asked)
        card = read_panel(actor, reading, asked, moment)
        return {**ground(reading, moment, change=change), **card.panel(), "note": moment is None}


def context_of(request: HttpRequest, record: str, row_id: int, note: Note | None = None) -> dict[str, Any]:
    """The context of a card, as it is or as it was. Raises NotFound, BadValue."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    moment = past_moment(request)
    with reading_at(moment):
        asked = Asked.by(actor)
        reading = _read(actor, record, row_id, asked, moment)
        change = moment is None and may_change_read(reading, asked)
        context = ground(reading, moment, change=change)
        if record == "party":
            card = read_party(actor, reading, asking(request, moment), asked, change=change)
            context |= {**card.context(), "tabs": tabs(reading, CARD, card.query)}
            context |= consents(actor, row_id, asked, change=change)
            if moment is None:
                done = request.GET.get("done", "")
                step = int(done) if done.isdecimal() and len(done) < 19 else None
                context["note"] = note or note_of(card, kind_of(request.GET.get("kind", "")), step)
                context["note_url"] = activity_url(row_id)
        else:
            context |= _plain(reading, moment, asked)
    return context


def _read(actor: Actor, record: str, row_id: int, asked: Asked, moment: datetime | None) -> Reading:
    """A record, that of the past with what it is today beside it."""
    reading = read(actor, record, row_id, asked=asked)
    with present():
        return with_today(reading, moment)


def ground(reading: Reading, moment: datetime | None, *, change: bool) -> dict[str, Any]:
    """What every page of a record shows: what it is called, what may be done with it, which day is looked at."""
    record, row_id = reading.record, reading.id
    whole = whole_of(record, reading.values)
    return {
        "reading": reading,
        "record": record,
        "title": reading.title,
        "gone_today": moment is not None and reading.now is None,
        "icon_name": record.icon,
        "change": change,
        "as_of": _last_day(moment) if moment else None,
        "as_of_parameter": PARAMETER,
        "as_of_choices": as_of_choices(),
        "panel_url": card_url(record.name, row_id),
        "edit_url": edit_url(record.name, row_id) if change else "",
        "delete_url": delete_url(record.name, row_id) if change else "",
        "merge_url": merge_url(record.name, row_id) if change and not whole else "",
        **rights(reading, moment),
        "grid_url": card_url(*whole) if whole else grid_url(record.name),
        "grid_label": reading.titles.get(whole[0], {}).get(whole[1], "") if whole else str(record.plural),
        "today": timezone.localdate(),
    }


def rights(reading: Reading, moment: datetime | None) -> dict[str, Any]:
    """Of a person: where their rights are; of one who was erased, since when."""
    if moment is not None or not is_person(reading):
        return {}
    erased = line_of(reading.record.name, reading.id)
    url = "" if erased else personal_data_url(reading.record.name, reading.id)
    return {"rights_url": url, "erased_at": erased.at if erased else None}


def _last_day(moment: datetime) -> datetime:
    """The day whose end is looked at: midnight belongs to the day before."""
    return timezone.localtime(moment - timedelta(microseconds=1))


def _plain(reading: Reading, moment: datetime | None, asked: Asked) -> dict[str, Any]:
    """The card of a record that is no party: facts, and the history of its changes."""
    wanted = Wanted(PAGE, span=Span(until=moment), undo=moment is None, past=moment is not None)
    changes = changes_of(reading, belongings(reading, asked, {}), wanted, asked)
    return {
        "sections": sections(reading),
        "blanks": blanks(
            reading, left_out=senseless(reading.record, str(reading.values.get("kind") or ""), reading.values)
        ),
        "entries": changes.entries,
        "more_url": more_url(reading, changes.ends[-1]) if changes.more and changes.ends else "",
    }


def more_url(reading: Reading, end: int) -> str:
    """Where the further lines of a history are."""
    return f"{history_url(reading.record.name, reading.id)}?before={end}"
