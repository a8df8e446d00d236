"""The story of a party: one stream of dealings and changes, newest first, twenty at a time."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from rapporto.domain.parties.models import PERSON
from rapporto.domain.people.actors import active_users
from rapporto.domain.processes.models import ACTIVITY_KINDS
from rapporto.kernel.actor import Actor
from rapporto.store.asking import Asked
from rapporto.web.asked import wants_part
from rapporto.web.fields import FormField
from rapporto.web.fixed_queries import FixedQuery
from rapporto.web.links import card_url, timeline_url
from rapporto.web.parts_read import Parts, read_parts
from rapporto.web.past import past_moment, reading_at
from rapporto.web.reading import Reading, Titles, read
from rapporto.web.timeline.asking import ACTIVITIES, ALL, CHANGES, Asking, Filter, Place, asking
from rapporto.web.timeline.belongings import Belongings, belongings
from rapporto.web.timeline.changes import Changes, Wanted, changes_of
from rapporto.web.timeline.dealings import Dealing, Dealings, lines
from rapporto.web.timeline.entries import StreamEntry

PAGE = 20
_USERS = FixedQuery(lambda asked: active_users(asked.actor).values_list("pk", "name"), ("user",))
"""Those of us who can have done something."""


@dataclass(frozen=True)
class Story:
    """A page of the story. `plans` are the first dealings to come, `next_step` the most urgent one, `last` the newest done."""

    entries: tuple[StreamEntry, ...]
    show: str
    more_url: str = ""
    next_step: Dealing | None = None
    last: Dealing | None = None
    plans: tuple[Dealing, ...] = ()


def dealings_with(reading: Reading, asked: Asked) -> Dealings:
    """The dealings with the party that was read."""
    return Dealings(asked, reading.id, reading.values.get("kind") == PERSON)


def story(reading: Reading, belongs: Belongings, what: Asking, asked: Asked) -> Story:
    """One page of the story of a party. Its first page has the plans on top."""
    rows = dealings_with(reading, asked)
    first, only = what.place is None, what.only.condition(asked)
    place = what.place or Place()
    planned = rows.plans() if first else []
    with_dealings = what.show != CHANGES
    done = rows.past(PAGE + 1, place.dealing, only) if with_dealings else []
    unfiltered = with_dealings and only is None
    newest = done[:1] if unfiltered else rows.past(1) if first else []
    changes = _changes(reading, belongs, what, place, asked)
    entries, following = _merged(lines(asked, done, reading.titles, reading.id), done, changes, place)
    shown = [one for one in planned if _is_wanted(one, what.only)] if with_dealings else []
    on_top = lines(asked, shown, reading.titles, reading.id)
    more = f"{timeline_url(reading.id)}?{what.address(before=following.text())}" if following else ""
    next_step = planned[0] if planned else None
    return Story((*on_top, *entries), what.show, more, next_step, newest[0] if newest else None, tuple(planned))


def _changes(reading: Reading, belongs: Belongings, what: Asking, place: Place, asked: Asked) -> Changes:
    """The changes of a page of the story: none where only dealings are asked for."""
    if what.show == ACTIVITIES or (what.only.of_dealings and what.show == ALL):
        return Changes((), (), more=False)
    wanted = Wanted(
        limit=PAGE,
        before=place.change,
        span=what.only.span(what.until),
        by=what.only.user,
        undo=what.until is None,
        past=what.until is not None and what.only.last is None,
    )
    return changes_of(reading, belongs, wanted, asked)


def _is_wanted(plan: Dealing, only: Filter) -> bool:
    """Whether a plan stays on top of a narrowed story: of that kind and with that person; words and days are for the past."""
    if only.words or only.first or only.last or only.user:
        return False
    return (not only.kind or plan.kind == only.kind) and (not only.person or plan.person_id == only.person)


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
    if changes.reached is not None and len(marks) <= PAGE:
        reached = Place(reached.dealing, changes.reached)
    return [entry for entry, _mark in shown], reached


def _addresses(reading: Reading, what: Asking) -> dict[str, str]:
    """Where a story is asked for: by the JavaScript of the card, and as a page."""
    asked = what.address()
    return {"url": f"{timeline_url(reading.id)}?{asked}", "page_url": f"{card_url('party', reading.id)}?{asked}#story"}


def filters(reading: Reading, what: Asking, people: Sequence[tuple[int, str]], asked: Asked) -> dict[str, Any]:
    """What narrows the story: buttons, the form with its choices, and a chip for everything chosen, with the way without it."""
    users = _USERS.rows(asked)
    whole = replace(what, place=None)
    labels = {ALL: _("Everything"), ACTIVITIES: _("Activities"), CHANGES: _("Changes")}
    return {
        "segments": [
            {"label": label, "pressed": name == what.show, **_addresses(reading, replace(whole, show=name))}
            for name, label in labels.items()
        ],
        "only": what.only,
        "kinds": _options(what.only.kind, _("every kind"), ACTIVITY_KINDS),
        "people": _options(what.only.person, _("everybody"), people) if people else "",
        "users": _options(what.only.user, _("everybody"), users),
        "narrowed_url": timeline_url(reading.id),
        "narrowed_page": card_url("party", reading.id),
        "kept": {"show": what.show, **(what.query or {})},
        "without_changes": what.only.of_dealings and what.show == ALL,
        "all": _addresses(reading, replace(whole, only=Filter())),
        "chips": [
            {"label": label, **_addresses(reading, replace(whole, only=without))}
            for label, without in _chips(what.only, dict(people), dict(users))
        ],
    }


def _options(chosen: Any, every: str, choices: Sequence[tuple[Any, Any]]) -> SafeString:
    """The choices of a list, made at once: a template would take longer than the whole story."""
    return FormField("", "", "", "select", chosen or "", [("", every), *choices]).options_html


def _chips(only: Filter, people: dict[int, str], users: dict[int, str]) -> list[tuple[str, Filter]]:
    """Everything that is chosen in words, and the filter without it."""
    found: list[tuple[str, Filter]] = []
    if only.kind:
        found.append((str(dict(ACTIVITY_KINDS)[only.kind]), replace(only, kind="")))
    if only.person:
        name = people.get(only.person, "?")
        found.append((_("with {name}").format(name=name), replace(only, person=None)))
    if only.user:
        found.append((_("by {name}").format(name=users.get(only.user, "?")), replace(only, user=None)))
    if only.first:
        found.append((_("from {day}").format(day=f"{only.first:%d/%m/%Y}"), replace(only, first=None)))
    if only.last:
        found.append((_("until {day}").format(day=f"{only.last:%d/%m/%Y}"), replace(only, last=None)))
    if only.words:
        found.append((f"«{only.words}»", replace(only, words="")))
    return found


def people_in(parts: Parts, party_id: int, titles: Titles) -> list[tuple[int, str]]:
    """Who can be the exact person of a dealing: everybody who works here or once did, as far as they may be seen."""
    names = titles.get("party", {})
    ids = {one.person_id for one in parts.affiliations if one.organisation_id == party_id and one.person_id}
    return sorted(((one, names[one]) for one in ids if one in names), key=lambda pair: pair[1])


@require_GET
def timeline(request: HttpRequest, row_id: int) -> HttpResponse:
    """A page of the story as a part of the card: more lines, or the story anew with another filter."""
    if not wants_part(request):
        return redirect(f"{card_url('party', row_id)}?{request.GET.urlencode()}#story")
    actor: Actor = request.actor  # type: ignore[attr-defined]
    moment = past_moment(request)
    with reading_at(moment):
        asked = Asked.by(actor)
        reading = read(actor, "party", row_id, asked=asked)
        what = asking(request, moment)
        parts = read_parts(asked, row_id, reading.titles)
        found = story(reading, belongings(reading, asked, parts.values()), what, asked)
        people = people_in(parts, row_id, reading.titles)
        narrowed = filters(reading, what, people, asked)
    context = {"story": found, "entries": found.entries, "more_url": found.more_url, "narrow": narrowed}
    return render(request, "card_story.html" if what.place is None else "_stream_entries.html", context)
