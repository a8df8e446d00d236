"""Changing one field of many records: those chosen, or all that match the filters; with its undo and the names of those refused."""

from collections.abc import Collection
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from rapporto.kernel.actor import Actor
from rapporto.store.bulk import Changed, change_many
from rapporto.store.declare import DECLARED
from rapporto.store.errors import Invalid, NotFound
from rapporto.store.records import changeable_rows, find
from rapporto.web.asked import wants_part
from rapporto.web.forms.fields import Filling
from rapporto.web.forms.reading import FIELDS, Typed, typed_in
from rapporto.web.forms.reading import read as read_values
from rapporto.web.grid.addresses import ListAddress, read_address
from rapporto.web.grid.menus import field_options
from rapporto.web.grid.views import answer, bulk_names, may_pick
from rapporto.web.mistakes import fields_in_words
from rapporto.web.toasts import Toast, done, keep

NAMED = 5
"""Refused records that are named; of the others the number is told."""
_OURS = ("id", "set", "all", FIELDS, "csrfmiddlewaretoken", "next")


@require_http_methods(["GET", "POST"])
def change_chosen(request: HttpRequest, record: str) -> HttpResponse:
    """GET: the control of the field `set`. POST: give its value to the records `id`, or to `all` that match the filters."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    sent = request.GET if request.method == "GET" else request.POST
    address = read_address(actor, record, {name: v for name, v in sent.lists() if name not in _OURS})
    if not may_pick(actor, address):
        raise NotFound(record, None)
    name = sent.get("set", "")
    if name not in bulk_names(actor, address.record):
        return _form(request, actor, address, "")
    if request.method == "GET":
        return _form(request, actor, address, name)
    typed = typed_in(address.record, request.POST)
    typed = Typed({name: typed.texts.get(name, "")}, typed.chosen)
    values, wrong = read_values(actor, address.record, typed)
    only = None if "all" in request.POST else _ids(request)
    if not wrong:
        try:
            changed = change_many(actor, record, address.where, values, only=only)
        except Invalid as refused:
            wrong = refused.errors
        else:
            return _said(request, actor, address, changed, only)
    return _form(request, actor, address, name, typed, fields_in_words(wrong))


def _ids(request: HttpRequest) -> list[int]:
    return [int(one) for one in request.POST.getlist("id") if one.isdecimal() and len(one) < 19]


def _form(
    request: HttpRequest,
    actor: Actor,
    address: ListAddress,
    name: str,
    typed: Typed | None = None,
    errors: dict[str, str] | None = None,
) -> HttpResponse:
    """The field to change and its control; as a page of its own it speaks of all that match."""
    filling = Filling(actor, address.record, {}, typed=typed or Typed(), errors=errors or {})
    context = {
        "record": address.record,
        "bulk_options": field_options(address.record, bulk_names(actor, address.record), name),
        "chosen_field": name,
        "control": filling.control(name) if name else None,
        "every_parameter": list(address.parameters()),
        "ids": _ids(request),
        "here": address.text(),
    }
    status = 422 if errors else 200
    if wants_part(request):
        # the list stays as it is; only the control is shown anew
        return render(request, "grid_bulk_control.html", context, status=status)
    return render(request, "grid_bulk.html", context, status=status)


def _said(
    request: HttpRequest, actor: Actor, address: ListAddress, changed: Changed, only: Collection[int] | None
) -> HttpResponse:
    toast = done(_changed_words(address, changed), changed.change_set_id)
    if changed.refused:
        toast = Toast(f"{toast.message} {_refused_words(actor, address, changed, only)}", toast.undo_url, error=True)
    if wants_part(request):
        return answer(request, actor, address, toast)
    keep(request, toast)
    return redirect(address.text())


def _changed_words(address: ListAddress, changed: Changed) -> str:
    if changed.change_set_id is None:
        return _("Nothing was changed.")
    return _("{plural} changed: {number}.").format(plural=address.record.plural, number=changed.changed)


def _refused_words(actor: Actor, address: ListAddress, changed: Changed, only: Collection[int] | None) -> str:
    """The names of those that may be seen but not changed."""
    rows: Any = find(actor, address.record.name, address.where)
    rows = rows if only is None else rows.filter(pk__in=only)
    title = DECLARED[address.record.name].columns[address.record.title].value
    refused = rows.exclude(pk__in=changeable_rows(actor, address.record.name).values("pk")).order_by("pk")
    names = ", ".join(str(one) for one in refused.values_list(title, flat=True)[:NAMED])
    rest = changed.refused - NAMED
    if rest > 0:
        return _("Not yours to change: {names} and {number} more.").format(names=names, number=rest)
    return _("Not yours to change: {names}.").format(names=names)
