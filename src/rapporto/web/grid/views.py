"""The grid: one list for every record type, with views, groups, sort, filters, search, columns and the past in its address."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from rapporto.kernel.actor import Actor
from rapporto.store.access import note_seen
from rapporto.store.errors import NotFound
from rapporto.store.userfields import record_type
from rapporto.web.asked import wants_part
from rapporto.web.grid.addresses import ListAddress
from rapporto.web.grid.columns import kept_columns, shown_columns
from rapporto.web.grid.editor import applied, editor_context
from rapporto.web.grid.export import export
from rapporto.web.grid.menus import columns_context, head_context, levels_context
from rapporto.web.grid.printed import printed
from rapporto.web.grid.saved import Shelf, bare, read_list, shelf_of
from rapporto.web.grid.sheet import Sheet, bulk_names, may_pick
from rapporto.web.grid.totals import number_of, short_number
from rapporto.web.toasts import Toast

MENUS = {
    "div#filter-editor": ("grid_editor.html", "filter"),
    "div#columns-menu": ("grid_columns.html", "columns"),
    "div#levels-menu": ("grid_levels.html", "groups"),
    "div#column-menu": ("grid_head.html", "head"),
}
"""What opens over a list, by the place it goes into: its template, and its name in an address without JavaScript."""
LONGEST = 4000
FILTERS = "form#filters"
"""The form that the filter row and the field of words belong to."""


@require_GET
def grid(request: HttpRequest, record: str) -> HttpResponseBase:
    """The list of the records of a type, or the part of it that the page asks for."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not record_type(record).visible(actor):
        raise NotFound(record, None)
    parameters = dict(request.GET.lists())
    target = request.headers.get("HX-Target", "") if wants_part(request) else ""
    piece = next((write for begins, write in PIECES.items() if target.startswith(begins)), None)
    if piece is not None or target in MENUS:
        address = read_list(actor, record, parameters)
        return piece(request, actor, address) if piece else _menu(request, actor, address, target)
    shelf = shelf_of(actor, record, opening=bare(parameters))
    address = read_list(actor, record, parameters, shelf)
    if "export" in request.GET:
        return export(request, actor, address, request.GET["export"])
    if "print" in request.GET:
        return printed(request, actor, address)
    if "apply" in request.GET:
        changed = applied(actor, address, request.GET)
        if changed is not None:
            return redirect(changed.text())
    return answer(request, actor, address, shelf=shelf)


def answer(
    request: HttpRequest, actor: Actor, address: ListAddress, toast: Toast | None = None, *, shelf: Shelf | None = None
) -> HttpResponse:
    """The list as a whole page, or as the inner part of one, as the request wants it."""
    shelf = shelf or shelf_of(actor, address.record.name, opening=False)
    sheet = _sheet(request, actor, address)
    status = 422 if address.errors else 200
    context = sheet.context(request, shelf)
    if not wants_part(request):
        return render(request, "grid.html", {**context, **_opened_menu(request, actor, address)}, status=status)
    response = render(request, "grid_part.html", {**context, "part_toast": toast}, status=status)
    if request.method == "GET":
        typed = request.headers.get("HX-Source") == FILTERS
        response["HX-Replace-Url" if typed else "HX-Push-Url"] = address.text(after=address.after)
    return response


def _sheet(request: HttpRequest, actor: Actor, address: ListAddress) -> Sheet:
    columns = shown_columns(address, kept_columns(request, address.record))
    if shown := [name for name in columns if name in address.record.sensitive]:
        note_seen(actor, address.record.name, None, shown)
    return Sheet(actor, address, columns, opened=_open_groups(request))


def _open_groups(request: HttpRequest) -> frozenset[tuple[str, ...]]:
    """The groups that are open in the page that asks."""
    told = request.headers.get("X-Open-Groups", "")[:LONGEST]
    return frozenset(tuple(unquote(one).split(" ")) for one in told.split(",") if one)


def _count(request: HttpRequest, actor: Actor, address: ListAddress) -> HttpResponse:
    """How many records the list has, and what its columns add up to."""
    return render(request, "grid_count.html", _sheet(request, actor, address).counted(whole="totals" in request.GET))


def _view_count(request: HttpRequest, actor: Actor, address: ListAddress) -> HttpResponse:
    """How many records a view has."""
    return HttpResponse(short_number(number_of(actor, replace(address, after="", within=()))))


def _rows(request: HttpRequest, actor: Actor, address: ListAddress) -> HttpResponse:
    """Further rows, or what is in a group."""
    status = 422 if address.errors else 200
    return render(request, "grid_rows.html", _sheet(request, actor, address).rows_context(), status=status)


def _sums(request: HttpRequest, actor: Actor, address: ListAddress) -> HttpResponse:
    """What the groups on the page add up to."""
    return HttpResponse(_sheet(request, actor, address).group_totals())


PIECES = {"span#count": _count, "b#vc-": _view_count, "tr#more": _rows, "tr#g": _rows, "tr#sums-": _sums}
"""Who writes which piece of a list, by the beginning of the place it goes into."""


def _menu(request: HttpRequest, actor: Actor, address: ListAddress, target: str) -> HttpResponse:
    """What opens over the list; a filter that is complete leads on to its list."""
    template, name = MENUS[target]
    if name == "filter" and "apply" in request.GET:
        changed = applied(actor, address, request.GET)
        if changed is not None:
            response = answer(request, actor, changed)
            response["HX-Retarget"], response["HX-Reswap"] = "#grid", "outerMorph"
            return response
    return render(request, template, _menu_context(request, actor, address, name))


def _menu_context(request: HttpRequest, actor: Actor, address: ListAddress, name: str) -> Mapping[str, Any]:
    columns = shown_columns(address, kept_columns(request, address.record))
    if name == "filter":
        return editor_context(actor, address, request.GET)
    if name == "columns":
        return columns_context(actor, address, columns)
    if name == "groups":
        return levels_context(actor, address)
    return head_context(actor, address, columns, request.GET.get("column", ""))


def _opened_menu(request: HttpRequest, actor: Actor, address: ListAddress) -> dict[str, Any]:
    """Without JavaScript a menu is opened by its address."""
    name = "filter" if "filter" in request.GET else request.GET.get("open", "")
    if name not in ("filter", "columns", "groups"):
        return {}
    return {"opened_menu": name, **_menu_context(request, actor, address, name)}


__all__ = ["answer", "bulk_names", "grid", "may_pick"]
