"""What is done with the saved views of a list: keeping, changing, sharing, ordering, choosing the usual one, deleting."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from rapporto.domain.people.models import ROLES, SavedView
from rapporto.domain.people.saved_views import (
    change_view,
    choice_of,
    is_above,
    keep_view,
    move_view,
    open_with,
    place_view,
    spoken,
    usual_for,
)
from rapporto.kernel.actor import ADMINISTRATOR, Actor
from rapporto.store.declare import DECLARED
from rapporto.store.errors import Invalid, NotFound
from rapporto.store.history.changing import change_set
from rapporto.store.records import changeable_rows
from rapporto.store.userfields import record_type
from rapporto.store.write import delete
from rapporto.web.asked import wants_part
from rapporto.web.grid.addresses import Kept, ListAddress
from rapporto.web.grid.columns import kept_columns, shown_columns, widths_cookie
from rapporto.web.grid.saved import EVERYTHING, Shelf, query_to_keep, read_list, shelf_of, stored_list
from rapporto.web.grid.sentence import sentence
from rapporto.web.grid.views import answer
from rapporto.web.grid.words import names_in_filters
from rapporto.web.mistakes import in_words
from rapporto.web.toasts import Toast, done, keep

_OURS = ("act", "name", "shared", "whom", "csrfmiddlewaretoken")


@require_http_methods(["GET", "POST"])
def saved_views(request: HttpRequest, record: str) -> HttpResponse:
    """GET: the views of a list and what can be done with them. POST: one act, named by `act`, on the view of the address."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not record_type(record).visible(actor):
        raise NotFound(record, None)
    sent = request.GET if request.method == "GET" else request.POST
    address = read_list(actor, record, {name: values for name, values in sent.lists() if name not in _OURS})
    address = replace(address, after="", within=())
    if request.method == "GET":
        return _shown(request, actor, address)
    act = ACTS.get(request.POST.get("act", ""))
    if act is None:
        return _shown(request, actor, address, status=400)
    try:
        with change_set(actor, "saved_view") as change:
            result = act(_Act(request, actor, address))
    except Invalid as wrong:
        said = {name: in_words(message) for name, message in wrong.errors.items()}
        return _shown(request, actor, address, said, status=422)
    return _answered(request, actor, result, change.pk)


@dataclass(frozen=True)
class _Act:
    """One wish: who has it, and on which list."""

    request: HttpRequest
    actor: Actor
    address: ListAddress

    @property
    def view(self) -> int:
        """The view that is open. NotFound when none is."""
        number = self.address.view.id if self.address.view else 0
        if not number:
            raise NotFound("saved_view", number)
        return number

    def said(self, name: str) -> str:
        """What was sent under a name."""
        return str(self.request.POST.get(name, ""))

    @property
    def query(self) -> str:
        """What the view has to keep of the list."""
        columns = shown_columns(self.address, kept_columns(self.request, self.address.record))
        return query_to_keep(self.request, replace(self.address, day=None), columns)


@dataclass(frozen=True)
class _Result:
    """What an act did: the sentence that says so, and the list that is shown then."""

    words: str
    address: ListAddress
    forget_widths: bool = False


def _at(address: ListAddress, view: SavedView, actor: Actor) -> ListAddress:
    """The list of a view as it is kept now."""
    stored = stored_list(actor, view)
    return replace(stored, view=Kept(view.pk, spoken(view.name), tuple(stored.says())), day=address.day)


def _keep(act: _Act) -> _Result:
    name, shared = act.said("name"), act.said("shared") or SavedView.MINE
    row = keep_view(act.actor, listed=act.address.record.name, name=name, query=act.query, shared=shared)
    return _Result(_("View «{name}» saved.").format(name=spoken(row.name)), _at(act.address, row, act.actor), True)


def _save(act: _Act) -> _Result:
    """What the list shows now, and the name and sharing that stand beside it in the menu."""
    said = {name: act.said(name) for name in ("name", "shared") if name in act.request.POST}
    row = change_view(act.actor, act.view, query=act.query, **said)
    return _Result(_("View «{name}» saved.").format(name=spoken(row.name)), _at(act.address, row, act.actor), True)


def _settle(act: _Act) -> _Result:
    """Name and sharing as they stand in the menu, and, where it may be said, for whom the list opens with it."""
    row = change_view(act.actor, act.view, name=act.said("name"), shared=act.said("shared"))
    if "whom" in act.request.POST and (row.usual_for or "") != act.said("whom"):
        row = usual_for(act.actor, act.view, act.said("whom"))
    words = _("View «{name}» saved; who sees it: {whom}.")
    return _Result(words.format(name=spoken(row.name), whom=dict(SavedView.SHARED)[row.shared]), act.address)


def _pin(act: _Act) -> _Result:
    row = place_view(act.actor, act.view, above=True)
    return _Result(_("View «{name}» stands above the list.").format(name=spoken(row.name)), act.address)


def _unpin(act: _Act) -> _Result:
    row = place_view(act.actor, act.view, above=False)
    return _Result(_("View «{name}» is now in the menu «Views».").format(name=spoken(row.name)), act.address)


def _moved(by: int) -> Callable[[_Act], _Result]:
    def move(act: _Act) -> _Result:
        row = move_view(act.actor, act.view, by)
        return _Result(_("View «{name}» moved.").format(name=spoken(row.name)), act.address)

    return move


def _open_with(act: _Act) -> _Result:
    view = act.address.view.id if act.address.view else 0
    open_with(act.actor, act.address.record.name, view)
    name = act.address.view.name if act.address.view and view else ""
    words = _("This list now opens with «{name}».").format(name=name) if name else _("This list now opens whole.")
    return _Result(words, act.address)


def _open_as_usual(act: _Act) -> _Result:
    open_with(act.actor, act.address.record.name, None)
    return _Result(_("This list opens again as is usual for your role."), act.address)


def _delete(act: _Act) -> _Result:
    name = act.address.view.name if act.address.view else ""
    delete(act.actor, "saved_view", act.view)
    return _Result(_("View «{name}» deleted.").format(name=name), replace(act.address, view=EVERYTHING), True)


ACTS: Mapping[str, Callable[[_Act], _Result]] = {
    "keep": _keep,
    "save": _save,
    "settle": _settle,
    "pin": _pin,
    "unpin": _unpin,
    "left": _moved(-1),
    "right": _moved(1),
    "open_with": _open_with,
    "open_as_usual": _open_as_usual,
    "delete": _delete,
}


def _answered(request: HttpRequest, actor: Actor, result: _Result, change: int | None) -> HttpResponse:
    """The list that is shown then, with the way back."""
    toast: Toast = done(result.words, change)
    if wants_part(request):
        if result.forget_widths:
            request.COOKIES.pop(widths_cookie(result.address), None)
        address = read_list(actor, result.address.record.name, _parameters(result.address))
        response = answer(request, actor, address, toast)
        response["HX-Push-Url"] = address.text()
    else:
        keep(request, toast)
        response = redirect(result.address.text())
    if result.forget_widths:
        response.delete_cookie(widths_cookie(result.address), samesite="Lax")
    return response


def _parameters(address: ListAddress) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    kept = address.view is not None and address.view.id and not address.changed
    pairs = [("view", str(address.view.id))] if kept and address.view else list(address.parameters())
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


@dataclass(frozen=True)
class ViewLine:
    """One view in the list of all of them."""

    name: str
    url: str
    says: str
    by: str
    current: bool


def _shown(
    request: HttpRequest,
    actor: Actor,
    address: ListAddress,
    errors: Mapping[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The views of the list, and what can be done with the open one."""
    shelf = shelf_of(actor, address.record.name, opening=False)
    context = {
        "record": address.record,
        "address": address,
        "lines": _lines(actor, address, shelf),
        "errors": errors or {},
        "typed": request.POST.get("name", ""),
        "changed": address.changed,
        "here": address.text(),
        "every_parameter": list(address.parameters()),
        **_open_view(actor, address, shelf),
    }
    if wants_part(request):
        response = render(request, "grid_view_menu.html", context, status=status)
        if request.method == "POST":
            response["HX-Retarget"], response["HX-Reswap"] = "#views-menu", "innerHTML"
        return response
    return render(request, "grid_view_page.html", context, status=status)


def _lines(actor: Actor, address: ListAddress, shelf: Shelf) -> list[ViewLine]:
    now = address.view.id if address.view else 0
    lists = [stored_list(actor, one) for one in shelf.views]
    names = names_in_filters(actor, [one for each in lists for one in each.filters])
    return [
        ViewLine(
            name=spoken(one.name),
            url=f"/{one.listed}/?view={one.pk}",
            says=sentence(each, names),
            by="" if one.owner_id == actor.user_id else str(dict(SavedView.SHARED).get(one.shared, "")),
            current=one.pk == now,
        )
        for one, each in zip(shelf.views, lists, strict=True)
    ]


def _open_view(actor: Actor, address: ListAddress, shelf: Shelf) -> dict[str, Any]:
    """The view that is open, and whether this person may change it."""
    now = address.view.id if address.view else 0
    view = next((one for one in shelf.views if one.pk == now), None)
    record = DECLARED["saved_view"].record
    mine = view is not None and changeable_rows(actor, "saved_view").filter(pk=view.pk).exists()
    choice = choice_of(actor, address.record.name)
    return {
        "view": view,
        "view_name": spoken(view.name) if view else "",
        "may_change": mine,
        "above": view is not None and is_above(view),
        "shares": SavedView.SHARED,
        "may_set_usual": mine and ADMINISTRATOR in actor.roles,
        "whoms": (("all", record.fields["usual_for"].kind.show("all")), *ROLES),
        "chosen": choice is not None,
        "opens_here": choice == now if choice is not None else False,
    }
