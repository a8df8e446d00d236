"""The palette: what it offers for what was typed, where it was opened."""

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from rapporto.kernel.text import clean
from rapporto.store.search import sought
from rapporto.web.asked import wants_part
from rapporto.web.commands.places import at_address
from rapporto.web.commands.registry import CARD, LIST, At
from rapporto.web.links import grid_url
from rapporto.web.palette import found, offers
from rapporto.web.palette.matching import marked
from rapporto.web.palette.offers import Group, Offer, Question

SENT = 2_000
"""Letters of a list that are read: buttons of the page, records opened lately."""
RECENT_ASKED = 12
AT_HAND = 6
"""How many commands of the place at hand are shown before anything is typed."""


@require_GET
def palette(request: HttpRequest) -> HttpResponse:
    """The lines of the palette; the whole page of the search for who opens its address by itself."""
    text = clean(request.GET.get("q", ""))[:200]
    if not wants_part(request):
        return redirect(f"{reverse('search')}?{urlencode({'q': text})}")
    asked = _question(request, text)
    if of := found.record_of(request.GET.get("of", "")):
        groups = list(found.acts(replace(asked, at=At(CARD, *of), present=frozenset(), words=())))
    else:
        recent = request.GET.get("recent", "")[:SENT].split(",")[:RECENT_ASKED]
        groups = [group for group in _groups(asked, text, recent, request.GET.get("at", "")) if group.offers]
    number = sum(len(group.offers) for group in groups)
    said = ngettext("{n} result", "{n} results", number).format(n=number)
    return render(request, "palette_list.html", {"groups": groups, "said": said, "words": text})


def _question(request: HttpRequest, text: str) -> Question:
    number = request.GET.get("chosen", "")
    return Question(
        actor=request.actor,  # type: ignore[attr-defined]
        words=tuple(dict.fromkeys(sought(text).split())),
        at=at_address(request.GET.get("at", "")[:SENT]),
        present=frozenset(request.GET.get("has", "")[:SENT].split(",")),
        chosen=int(number) if number.isdecimal() and len(number) < 9 else 0,
    )


def _groups(asked: Question, text: str, addresses: list[str], here: str) -> Iterator[Group]:
    """Everything, in the order of nearness: what is at hand, what was opened lately, records, commands, places, views."""
    here_first = list(offers.at_hand(asked, found.title_at(asked.actor, asked.at)))
    general = [offers.general(asked), offers.of_places(asked), offers.of_views(asked)]
    for group in here_first:
        yield group if text else Group(group.label, group.offers[:AT_HAND])
    at = f"{asked.at.record}/{asked.at.id}"
    recent = found.recent(asked, [one for one in addresses if one != at])
    yield recent
    if text:
        # Who writes a command well is not looking for a name with a slip.
        typos = not any(group.offers for group in (*here_first, *general, recent))
        yield from found.records(asked, text, [one.acts for one in recent.offers], typos=typos)
    yield from general
    if text:
        yield Group(_("Search further"), list(_further(asked, text, here)))


def _further(asked: Question, text: str, here: str) -> Iterator[Offer]:
    """The same words in the list at hand, and on the page of the search."""
    if asked.at.place == LIST and asked.at.id is None:
        kept = [(name, value) for name, value in parse_qsl(urlsplit(here).query) if name not in ("q", "after")]
        label = _("Search «{text}» in this list").format(text=text)
        yield Offer(marked(label, ()), "filter", f"{grid_url(asked.at.record)}?{urlencode([*kept, ('q', text)])}")
    label = _("All results for «{text}»").format(text=text)
    yield Offer(marked(label, ()), "search", f"{reverse('search')}?{urlencode({'q': text})}")
