"""The sheet of the keys: every command that has one, where it applies, and how the same is done by hand."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from rapporto.web.asked import aims_at
from rapporto.web.commands.declared import COMMANDS
from rapporto.web.commands.registry import CARD, CHOSEN, EVERYWHERE, FORM, LIST, PANEL, REVIEW, SHEET, Command

HEADINGS = {
    EVERYWHERE: _("On every page"),
    LIST: _("In a list"),
    SHEET: _("In the cells of a list"),
    CHOSEN: _("With chosen rows"),
    CARD: _("On a card, and in the panel"),
    PANEL: _("In the panel beside a list"),
    FORM: _("In a form"),
    REVIEW: _("In the queue of likely duplicates"),
}
SPOKEN = {
    "Control": "Ctrl",
    "Escape": _("Esc"),
    "Enter": _("Enter"),
    "ArrowUp": "↑",
    "ArrowDown": "↓",
    "Delete": _("Del"),
}
"""Keys as people read them on their keyboard."""


@dataclass(frozen=True)
class Line:
    """One command on the sheet; `keys` are the ways to give it, each of keys pressed together."""

    label: str
    keys: list[list[str]]
    by_hand: str
    words: str


@require_GET
def keys(request: HttpRequest) -> HttpResponse:
    """The sheet as a page; as a dialog over the page at hand, only what that page has."""
    part = aims_at(request, "div#keys-list")
    here = _here(request) if part else set(COMMANDS)
    context = {"groups": list(groups(here)), "part": part}
    return render(request, "keys_list.html" if part else "keys.html", context)


def _here(request: HttpRequest) -> set[str]:
    """The commands whose buttons the page at hand has, and those whose keys belong to what stands on it."""
    buttons = set(request.GET.get("has", "")[:2000].split(","))
    places = {LIST, SHEET} if "columns" in buttons else set()
    return buttons | {name for name, one in COMMANDS.items() if one.by_hand and places & set(one.where)}


def groups(here: set[str]) -> Iterable[tuple[str, list[Line]]]:
    """The commands that have keys, by the first place where they apply."""
    for place, heading in HEADINGS.items():
        lines = [
            _line(one) for one in COMMANDS.values() if one.shortcuts and one.where[0] == place and one.name in here
        ]
        if lines:
            yield str(heading), lines


def _line(one: Command) -> Line:
    ways = [[str(SPOKEN.get(key, key)) for key in way.split("+")] for way in one.shortcuts]
    return Line(str(one.label), ways, str(one.by_hand), f"{one.label} {one.words}")
