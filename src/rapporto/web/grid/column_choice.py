"""Choosing, moving and hiding columns: kept by the browser, or, while a saved view is open, in the address as a change of it."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from rapporto.kernel.actor import Actor
from rapporto.store.errors import NotFound
from rapporto.store.userfields import record_type
from rapporto.web.asked import wants_part
from rapporto.web.grid.addresses import ListAddress
from rapporto.web.grid.columns import BETWEEN, cookie_name, keep_columns, known_columns, widths_cookie
from rapporto.web.grid.saved import read_list
from rapporto.web.grid.views import answer

USUAL = "usual"
_OURS = ("column", "up", "down", "hide", "order", USUAL, "csrfmiddlewaretoken")


@require_POST
def choose_columns(request: HttpRequest, record: str) -> HttpResponse:
    """Show other columns and go back to the list.

    `column` are those wanted in their order (or `order`, with commas); `up` and `down` move one of them, `hide` leaves one out,
    `usual` gives the usual ones back, in their usual widths.
    """
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not record_type(record).visible(actor):
        raise NotFound(record, None)
    address = read_list(actor, record, {name: values for name, values in request.POST.lists() if name not in _OURS})
    wanted = _wanted(request, actor, address)
    in_view = bool(address.view and address.view.id)
    address = replace(address, columns=wanted if in_view else (), after="", within=())
    if not in_view:
        # what is written now shows the choice already
        request.COOKIES[cookie_name(address.record)] = BETWEEN.join(wanted)
    if USUAL in request.POST:
        request.COOKIES.pop(widths_cookie(address), None)
    response = answer(request, actor, address) if wants_part(request) else redirect(address.text())
    if not in_view:
        keep_columns(request, response, address.record, wanted)
    if USUAL in request.POST:
        response.delete_cookie(widths_cookie(address), samesite="Lax")
    return response


def _wanted(request: HttpRequest, actor: Actor, address: ListAddress) -> tuple[str, ...]:
    """The columns that are wanted; none for the usual ones."""
    if USUAL in request.POST:
        return ()
    asked = request.POST.getlist("column") or request.POST.get("order", "")[:20_000].split(",")
    wanted = list(known_columns(actor, address.record, asked))
    for name in (request.POST.get("up"), request.POST.get("down")):
        if name in wanted:
            _move(wanted, name, -1 if request.POST.get("up") == name else 1)
    if len(wanted) > 1 and request.POST.get("hide") in wanted:
        wanted.remove(request.POST["hide"])
    return tuple(wanted)


def _move(names: list[str], name: str, by: int) -> None:
    at = names.index(name)
    to = min(max(at + by, 0), len(names) - 1)
    names.insert(to, names.pop(at))
