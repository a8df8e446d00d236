"""The page of what was changed: filtered by who, what, when and through which door; every line leads to its effect and its undo."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from rapporto.kernel.actor import Actor
from rapporto.store.asking import Asked
from rapporto.store.declare import DECLARED
from rapporto.store.history.undo import SENIOR
from rapporto.store.journal import Act, Sought, journal
from rapporto.store.records import titles
from rapporto.store.userfields import record_type
from rapporto.web.asked import wants_part
from rapporto.web.changes.words import KINDS, line, told_by
from rapporto.web.doors import DOORS
from rapporto.web.reading import Titles, learn_titles

PAGE = 50
PEOPLE = 500
"""Users that are offered; the journal of somebody else is reached from their page."""


@dataclass(frozen=True)
class Choice:
    """One way of narrowing: its name in the address, its label, what is offered, what is chosen."""

    name: str
    label: str
    every: str
    options: Sequence[tuple[str, str]]
    chosen: str


@require_GET
def changes(request: HttpRequest) -> HttpResponse:
    """The acts that this person may look at, newest first; for «Show more» only the further lines."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    told = _choices(actor, request)
    first, last = _day(request.GET.get("from", "")), _day(request.GET.get("to", ""))
    found = journal(
        actor, _sought({one.name: one.chosen for one in told}, first, last), _number(request, "before"), PAGE
    )
    known = _names(actor, found.acts)
    kept = {one.name: one.chosen for one in told if one.chosen}
    kept |= {name: day.isoformat() for name, day in (("from", first), ("to", last)) if day}
    context: dict[str, Any] = {
        "lines": [line(act, known) for act in found.acts],
        "more_url": f"?{urlencode({**kept, 'before': found.before})}" if found.before else "",
        "here": request.get_full_path() if not wants_part(request) else f"{request.path}?{urlencode(kept)}",
    }
    if wants_part(request):
        return render(request, "changes_lines.html", context)
    context |= {"choices": told, "first": first, "last": last, "narrowed": bool(kept), "senior": _senior(actor)}
    return render(request, "changes.html", {"current": "changes", **context})


def _senior(actor: Actor) -> bool:
    return bool(actor.roles & SENIOR)


def _choices(actor: Actor, request: HttpRequest) -> list[Choice]:
    """What one may narrow by, each with what the address says of it as far as it is offered."""
    every = [
        ("kind", _("What"), _("Everything"), [(code, str(kind.label)) for code, kind in KINDS.items()]),
        ("record", _("Of type"), _("Of every type"), _types(actor)),
        ("door", _("Through"), _("Every door"), [(code, str(label)) for code, label in DOORS.items()]),
    ]
    if _senior(actor):
        every.insert(0, ("user", _("Who"), _("Everybody"), _people(actor)))
    asked = request.GET
    return [
        Choice(name, label, all_, options, asked.get(name, "") if asked.get(name) in dict(options) else "")
        for name, label, all_, options in every
    ]


def _types(actor: Actor) -> list[tuple[str, str]]:
    asked = Asked.by(actor)
    seen = [record_type(name) for name in DECLARED if not _unseen(asked, name)]
    return sorted(((one.name, str(one.plural)) for one in seen), key=lambda pair: pair[1].casefold())


def _unseen(asked: Asked, name: str) -> bool:
    return not DECLARED[name].record.visible(asked.actor)


def _people(actor: Actor) -> list[tuple[str, str]]:
    ids = list(Asked.by(actor).records("user").order_by().values_list("pk", flat=True)[:PEOPLE])
    named = titles(actor, "user", ids)
    return sorted(((str(pk), str(name)) for pk, name in named.items()), key=lambda pair: pair[1].casefold())


def _sought(chosen: dict[str, str], first: date | None, last: date | None) -> Sought:
    return Sought(
        user=int(chosen["user"]) if chosen.get("user") else None,
        door=chosen["door"],
        commands=KINDS[chosen["kind"]].commands if chosen["kind"] else (),
        record=chosen["record"],
        since=_midnight(first) if first else None,
        until=_midnight(last + timedelta(days=1)) if last else None,
    )


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _day(text: str) -> date | None:
    """A day of the address; None for anything else, and for days that no clock knows."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1970 <= day.year < 9000 else None


def _number(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 19 else None


def _names(actor: Actor, acts: Sequence[Act]) -> Titles:
    """What the records are called by which the acts are told."""
    wanted: dict[str, set[Any]] = {}
    for act in acts:
        for record, row_id in told_by(act):
            wanted.setdefault(record, set()).add(row_id)
    known: Titles = {}
    learn_titles(actor, known, wanted, Asked.by(actor))
    return known
