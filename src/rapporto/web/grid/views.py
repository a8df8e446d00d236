"""The grid: one list for every record type, with sort, filters, search, columns and the past in its address."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from rapporto.kernel.actor import Actor
from rapporto.kernel.record import RecordType
from rapporto.kernel.where import NOTHING
from rapporto.store.errors import NotFound
from rapporto.web.asked import aims_at, wants_part
from rapporto.web.grid.addresses import ListAddress, read_address, read_filter
from rapporto.web.grid.columns import kept_columns
from rapporto.web.grid.controls import controls, editor, leftover
from rapporto.web.grid.menus import column_lines, field_options
from rapporto.web.grid.page import Listing, chips, count_words, heads, listing, number_words, past, shown_columns
from rapporto.web.toasts import Toast

MORE = "tr#more"
COUNT = "span#count"
EDITOR = "div#filter-editor"
FILTERS = "form#filters"


@require_GET
def grid(request: HttpRequest, record: str) -> HttpResponse:
    """The list of the records of a type, or the part of it that the page asks for."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    address = read_address(actor, record, dict(request.GET.lists()))
    if not address.record.visible(actor):
        raise NotFound(record, None)
    if aims_at(request, COUNT):
        return HttpResponse(count_words(actor, address))
    if aims_at(request, EDITOR) or "filter" in request.GET:
        return _with_editor(request, actor, address)
    return answer(request, actor, address)


def answer(request: HttpRequest, actor: Actor, address: ListAddress, toast: Toast | None = None) -> HttpResponse:
    """The list as a whole page, as its inner part, or only further rows, as the request wants it."""
    sheet = _Sheet(actor, address, shown_columns(address, kept_columns(request, address.record)))
    status = 422 if address.errors else 200
    if aims_at(request, MORE):
        return render(request, "grid_rows.html", sheet.rows_context(), status=status)
    context = sheet.context(request)
    if not wants_part(request):
        return render(request, "grid.html", context, status=status)
    response = render(request, "grid_part.html", {**context, "part_toast": toast}, status=status)
    if request.method == "GET":
        typed = request.headers.get("HX-Source") == FILTERS
        response["HX-Replace-Url" if typed else "HX-Push-Url"] = address.text(after=address.after)
    return response


@dataclass
class _Sheet:
    """One list on its way to the templates."""

    actor: Actor
    address: ListAddress
    columns: tuple[str, ...]

    @property
    def pick(self) -> bool:
        """Whether rows can be chosen: where the actor may change some, and not in the past."""
        return may_pick(self.actor, self.address)

    def listing(self) -> Listing:
        return listing(self.actor, self.address, self.columns, pick=self.pick)

    def rows_context(self) -> dict[str, Any]:
        """What the rows need."""
        found = self.listing()
        return {"listing": found, "width": len(found.page.columns) + (1 if self.pick else 0), "address": self.address}

    def context(self, request: HttpRequest) -> dict[str, Any]:
        """What the whole list needs."""
        rows = self.rows_context()
        found: Listing = rows["listing"]
        shown = controls(self.actor, self.address, found.page.columns)
        return {
            **rows,
            "record": self.address.record,
            "pick": self.pick,
            "heads": list(heads(self.address, found.page.columns, [one.html for one in shown])),
            "chips": chips(self.actor, self.address),
            "kept_parameters": leftover(self.address, shown),
            "here": self.address.text(),
            "plain_url": ListAddress(self.address.record, columns=self.address.columns).text(),
            "may_create": self.address.record.changeable(self.actor) != NOTHING and not past(self.address),
            "every_parameter": list(self.address.parameters()),
            **_ends(self.address, found),
            **_past(self.address),
            **({} if wants_part(request) else self.menus()),
        }

    def menus(self) -> dict[str, Any]:
        """What opens over the list. Parts leave it out: what a person has opened or typed there stays."""
        record = self.address.record
        return {
            "whole": True,
            "editor": editor(self.actor, self.address, None, "", ""),
            "column_lines": column_lines(self.address.record, self.columns),
            "bulk_options": field_options(record, bulk_names(self.actor, record)) if self.pick else "",
        }


def _ends(address: ListAddress, found: Listing) -> dict[str, Any]:
    """What is known of the number of records without counting: a page that is the only one says it."""
    whole = not found.more and not address.after and not found.best_only
    return {
        "count": number_words(address, found.number) if whole else "",
        "count_url": "" if whole or address.words else address.text(),
        "start_url": address.text() if address.after else "",
        "filtered": bool(address.filters or address.words),
    }


def _past(address: ListAddress) -> dict[str, Any]:
    if not past(address):
        return {}
    return {"as_of": address.day, "as_of_back_url": address.text(day=None)}


def may_pick(actor: Actor, address: ListAddress) -> bool:
    """Whether the records of a list can be chosen to be changed."""
    return address.record.changeable(actor) != NOTHING and not past(address)


def bulk_names(actor: Actor, record: RecordType) -> list[str]:
    """The fields that can be given to many records at once."""
    fixed = record.fixed_for(actor)
    return [name for name in record.fields if name not in fixed and name != record.title]


def _with_editor(request: HttpRequest, actor: Actor, address: ListAddress) -> HttpResponse:
    """The editor of free filters for the field that was chosen; a whole filter leads on to its list."""
    name, op, value = (request.GET.get(key, "") for key in ("filter", "op", "value"))
    field = address.record.field(name) if name else None
    if field is not None and op and "apply" in request.GET:
        added = read_filter(actor, address.record, name, op, [value])
        return redirect(address.text(filters=(*address.filters, added)))
    context = {
        "editor": editor(actor, address, field, op, value),
        "every_parameter": list(address.parameters()),
        "record": address.record,
    }
    if wants_part(request):
        return render(request, "grid_editor.html", context)
    sheet = _Sheet(actor, address, shown_columns(address, kept_columns(request, address.record)))
    return render(request, "grid.html", {**sheet.context(request), **context})


__all__ = ["answer", "bulk_names", "grid", "may_pick"]
