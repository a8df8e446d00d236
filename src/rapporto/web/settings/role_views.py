"""Which saved view opens by itself when a list is opened, and for whom."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from rapporto.domain.people.models import ROLES, SavedView
from rapporto.domain.people.saved_views import spoken
from rapporto.kernel.actor import ADMINISTRATOR, Actor
from rapporto.kernel.where import field
from rapporto.store.declare import DECLARED
from rapporto.store.errors import NotFound
from rapporto.store.history.changing import change_set
from rapporto.store.records import find, get
from rapporto.store.write import save
from rapporto.web.links import grid_url
from rapporto.web.settings.frame import go_on, show


@dataclass(frozen=True)
class RoleLine:
    """One role and the view that opens for it; `options` are those there are."""

    code: str
    label: str
    chosen: int
    options: list[tuple[int, str]]


@dataclass(frozen=True)
class ListOfViews:
    """A list with shared views, and who opens which."""

    name: str
    label: str
    url: str
    roles: list[RoleLine]


@require_http_methods(["GET", "POST"])
def views_by_role(request: HttpRequest) -> HttpResponse:
    """GET: the lists that have views shared with everyone. POST: let another view open for a role."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if ADMINISTRATOR not in actor.roles:
        raise NotFound("saved_view", None)
    if request.method == "POST":
        return _chosen(request, actor)
    views: dict[str, list[SavedView]] = {}
    for view in find(actor, "saved_view", field("shared").eq(SavedView.EVERYONE)).order_by("position", "pk"):
        views.setdefault(view.listed, []).append(view)
    lists = [_list(name, some) for name, some in views.items() if name in DECLARED]
    return show(request, "settings_views.html", "views", {"lists": lists})


def _list(name: str, views: list[SavedView]) -> ListOfViews:
    options = [(0, _("the list as it is")), *((view.pk, spoken(view.name)) for view in views)]
    chosen = {view.usual_for: view.pk for view in views if view.usual_for}
    codes: tuple[tuple[str, Any], ...] = (("all", _("Everyone else")), *ROLES)
    roles = [RoleLine(code, str(label), chosen.get(code, 0), options) for code, label in codes]
    return ListOfViews(name, str(DECLARED[name].record.plural), grid_url(name), [*roles[1:], roles[0]])


def _chosen(request: HttpRequest, actor: Actor) -> HttpResponse:
    listed, role, text = (request.POST.get(name, "")[:60] for name in ("listed", "role", "view"))
    there = field("listed").eq(listed) & field("usual_for").eq(role)
    view = get(actor, "saved_view", int(text)) if text.isascii() and text.isdigit() and text != "0" else None
    if role not in ("all", *dict(ROLES)) or (view is not None and view.listed != listed):
        raise NotFound("saved_view", text)
    with change_set(actor, "usual_view") as change:
        for one in find(actor, "saved_view", there):
            if view is None or one.pk != view.pk:
                save(actor, "saved_view", {"usual_for": ""}, one.pk)
        if view is not None and view.usual_for != role:
            save(actor, "saved_view", {"usual_for": role}, view.pk)
    label = dict(ROLES).get(role, _("Everyone else"))
    name = view.name if view is not None else _("the list as it is")
    said = _("{role}: opens with «{view}».").format(role=label, view=name)
    return go_on(request, reverse("settings_views"), said, change.pk)
