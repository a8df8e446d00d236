"""The saved views of a list as its page shows them: the one that is open, those above the list, and the address that each stands for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import parse_qs, urlencode

from django.http import HttpRequest

from rapporto.domain.people.models import SavedView
from rapporto.domain.people.saved_views import choice_of, spoken, usual_view, view_of, views_of
from rapporto.kernel.actor import Actor
from rapporto.kernel.text import BadValue
from rapporto.web.grid.addresses import Kept, ListAddress, Parameters, read_address
from rapporto.web.grid.columns import kept_widths, read_widths, write_widths

SAID = ("q", "group", "sort", "columns")
"""Parameters that say what is listed; any of them, or a filter, means that the address says everything itself."""
EVERYTHING = Kept(0)


@dataclass(frozen=True)
class Shelf:
    """The saved views that one person has for a list, and the number of the one with which it opens (0: the list as it is)."""

    views: tuple[SavedView, ...] = ()
    opens_with: int = 0


def shelf_of(actor: Actor, name: str, *, opening: bool) -> Shelf:
    """The views of a list; with which one it opens is asked only where it is opened."""
    views = tuple(views_of(actor, name))
    if not opening or not views:
        return Shelf(views)
    wanted = choice_of(actor, name)
    usual = usual_view(actor, views)
    there = {one.pk for one in views} | {0}
    return Shelf(views, wanted if wanted in there and wanted is not None else usual.pk if usual else 0)


def bare(parameters: Parameters) -> bool:
    """Whether an address says neither what is listed nor which view."""
    return "view" not in parameters and not says_something(parameters)


def says_something(parameters: Parameters) -> bool:
    """Whether an address says itself what is listed."""
    return any((key in SAID or "." in key) and any(one.strip() for one in values) for key, values in parameters.items())


def read_list(
    actor: Actor, name: str, parameters: Parameters, shelf: Shelf | None = None, *, leniently: bool = True
) -> ListAddress:
    """The list that an address asks for, its saved view looked up (on the shelf, where it is known already).

    Leniently, what the person has no such field for is left out and said. Raises as `read_address` does otherwise.
    """
    number = _number(parameters)
    if number is None and shelf is not None and shelf.opens_with and bare(parameters):
        number = shelf.opens_with
    if number is None or number == 0:
        address = read_address(actor, name, parameters, leniently=leniently)
        return address if number is None else replace(address, view=EVERYTHING)
    view = _found(actor, name, number, shelf)
    if view is None:
        address = read_address(actor, name, parameters, leniently=leniently)
        return replace(address, view=EVERYTHING, view_is_gone=True)
    stored = stored_list(actor, view)
    kept = Kept(view.pk, spoken(view.name), tuple(stored.says()), widths_of(view))
    if says_something(parameters):
        return replace(read_address(actor, name, parameters, leniently=leniently), view=kept)
    place = read_address(actor, name, {key: parameters.get(key, ()) for key in ("as_of", "in", "after")})
    if stored.left_out and not leniently:
        raise BadValue("This view names what is no column of yours; open it on the list first.")
    return replace(stored, view=kept, day=place.day, within=place.within, after=place.after)


def _number(parameters: Parameters) -> int | None:
    """The number of the view an address names; 0 for one that is none."""
    given = parameters.get("view")
    if not given:
        return None
    return int(given[-1]) if given[-1].isdecimal() and len(given[-1]) < 19 else 0


def _found(actor: Actor, name: str, number: int, shelf: Shelf | None) -> SavedView | None:
    if shelf is None:
        return view_of(actor, name, number)
    return next((one for one in shelf.views if one.pk == number), None)


def stored_list(actor: Actor, view: SavedView) -> ListAddress:
    """What a view shows, as far as this person has the fields it names."""
    said = _query(view)
    return read_address(
        actor, view.listed, {key: said[key] for key in said if key in SAID or "." in key}, leniently=True
    )


def _query(view: SavedView) -> Mapping[str, list[str]]:
    try:
        return parse_qs(view.query, max_num_fields=500)
    except ValueError:
        return {}


def widths_of(view: SavedView) -> Mapping[str, int]:
    """How wide the columns of a view are."""
    return read_widths("".join(_query(view).get("widths", ())[-1:]))


def query_to_keep(request: HttpRequest, address: ListAddress, columns: Sequence[str]) -> str:
    """What a view has to keep of the list at hand: what is listed, its columns, and how wide they were made."""
    widths = {name: width for name, width in kept_widths(request, address).items() if name in columns}
    said = list(replace(address, columns=tuple(columns)).says())
    return urlencode([*said, *([("widths", write_widths(widths))] if widths else [])])


__all__ = ["EVERYTHING", "Shelf", "bare", "query_to_keep", "read_list", "shelf_of", "stored_list", "widths_of"]
