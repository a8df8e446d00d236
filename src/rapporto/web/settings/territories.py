"""Territories: their ground in words, who looks after them, and what a piece more or less would move."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from rapporto.domain.parties.territories import Shift, foreseen
from rapporto.domain.people.models import Territory, TerritoryArea, User
from rapporto.domain.people.written import canonical_piece
from rapporto.kernel.actor import Actor
from rapporto.kernel.kinds import Province
from rapporto.kernel.text import clean
from rapporto.kernel.where import field
from rapporto.store.errors import Invalid, NotFound
from rapporto.store.history.changing import change_set
from rapporto.store.records import find, get
from rapporto.store.write import delete, save
from rapporto.web.asked import language
from rapporto.web.fields import FormField
from rapporto.web.mistakes import fields_in_words
from rapporto.web.settings.figures import of_records
from rapporto.web.settings.frame import Effect, Question, ask, asked, go_on, require_keeper, show

SHOWN = 8
"""Movements told one by one."""


@dataclass(frozen=True)
class TerritoryLine:
    """One territory: its ground, who looks after it, how many parties lie there."""

    id: int
    name: str
    ground: str
    users: str
    parties: str


@require_http_methods(["GET", "POST"])
def territory_list(request: HttpRequest) -> HttpResponse:
    """GET: the territories. POST: make one."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    require_keeper(actor, "territory")
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            with change_set(actor, "create") as change:
                made = save(actor, "territory", {"name": request.POST.get("name", "")})
        except Invalid as wrong:
            errors = fields_in_words(wrong.errors)
        else:
            url = reverse("settings_territory", args=[made.pk])
            return go_on(request, url, _("The territory «{name}» is there.").format(name=made.name), change.pk)
    rows = list(find(actor, "territory").order_by("name_key", "pk"))
    ground, users = _ground_by_territory(), _users_by_territory()
    there = find(actor, "party").filter(territory__isnull=False).order_by().values_list("territory")
    parties = dict(there.annotate(number=Count("pk")))
    lines = [
        TerritoryLine(
            row.pk,
            row.name,
            ", ".join(ground.get(row.pk, [])) or _("no ground yet"),
            ", ".join(users.get(row.pk, [])) or _("nobody"),
            of_records("party", parties.get(row.pk, 0)),
        )
        for row in rows
    ]
    control = FormField(
        "id-name", "name", _("Name"), value=request.POST.get("name", ""), error=errors.get("name", ""), required=True
    )
    context = {"lines": lines, "control": control}
    return show(request, "settings_territories.html", "territories", context, 422 if errors else 200)


def _ground_by_territory() -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for row in TerritoryArea.objects.order_by("kind", "first", "pk"):
        found.setdefault(row.territory_id, []).append(piece_in_words(row))
    return found


def piece_in_words(row: TerritoryArea) -> str:
    """A piece of ground: «Verona», «Veneto», «37010–37020»."""
    if row.kind == TerritoryArea.PROVINCE:
        return Province().show(row.first, language())
    if row.kind == TerritoryArea.REGION:
        return row.first.title()
    return f"{row.first}–{row.last}" if row.last else row.first


def _users_by_territory() -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    rows = User.objects.filter(is_active=True).order_by("name_key").values_list("user_territories__territory", "name")
    for territory, name in rows:
        if territory is not None:
            found.setdefault(territory, []).append(name)
    return found


@require_http_methods(["GET", "POST"])
def territory_page(request: HttpRequest, territory: int) -> HttpResponse:
    """GET: the territory. POST: rename it, add a piece of ground or take one away, each told in figures before."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    require_keeper(actor, "territory")
    row: Territory = get(actor, "territory", territory)
    if request.method != "POST":
        return _page(request, row, {})
    try:
        return _changed(request, actor, row)
    except Invalid as wrong:
        return _page(request, row, fields_in_words(wrong.errors), 422)


def _changed(request: HttpRequest, actor: Actor, row: Territory) -> HttpResponse:
    act = request.POST.get("act", "")
    if act == "rename":
        with change_set(actor, "change") as change:
            save(actor, "territory", {"name": request.POST.get("name", "")}, row.pk)
        return go_on(request, _url(row), _("The territory has its new name."), change.pk)
    if act == "remove":
        text = request.POST.get("area", "")
        area: TerritoryArea = get(actor, "territory_area", int(text) if text.isascii() and text.isdigit() else 0)
        if area.territory_id != row.pk:
            raise NotFound("territory_area", area.pk)
        if not asked(request):
            title = _("Take «{piece}» out of «{name}»?").format(piece=piece_in_words(area), name=row.name)
            question = Question(title, _moves(foreseen(without=area.pk)), _("Take it out"), _url(row), danger=True)
            return ask(request, "territories", question)
        with change_set(actor, "delete") as change:
            delete(actor, "territory_area", area.pk)
        return go_on(request, _url(row), _("«{piece}» is out.").format(piece=piece_in_words(area)), change.pk)
    area = _piece(request, row)
    if not asked(request):
        title = _("Add «{piece}» to «{name}»?").format(piece=piece_in_words(area), name=row.name)
        effects = [*_taken(area), *_moves(foreseen(more=[(area.kind, area.first, area.last, row.pk)]))]
        return ask(
            request,
            "territories",
            Question(title, effects, _("Add «{piece}»").format(piece=piece_in_words(area)), _url(row)),
        )
    with change_set(actor, "create") as change:
        values = {"territory": row.pk, "kind": area.kind, "first": area.first, "last": area.last}
        save(actor, "territory_area", values)
    return go_on(
        request,
        _url(row),
        _("«{piece}» is in: parties move within seconds.").format(piece=piece_in_words(area)),
        change.pk,
    )


def _piece(request: HttpRequest, row: Territory) -> TerritoryArea:
    """The piece of ground typed, as it would be kept. Raises Invalid."""
    kind = request.POST.get("kind", TerritoryArea.PROVINCE)
    typed = {name: clean(request.POST.get(name, ""))[:20].upper() for name in ("first", "last")}
    area = TerritoryArea(
        territory=row, kind=kind if kind in dict(TerritoryArea.KINDS) else TerritoryArea.PROVINCE, **typed
    )
    canonical_piece(area, {"kind": area.kind})
    return area


def _taken(area: TerritoryArea) -> list[Effect]:
    """The same piece in another territory: the older one wins."""
    same = TerritoryArea.objects.filter(kind=area.kind, first=area.first, last=area.last).order_by("pk")
    there = same.select_related("territory").first()
    if there is None:
        return []
    said = _("«{piece}» belongs to «{name}» already, which goes on having it until it is taken out there.")
    return [Effect(said.format(piece=piece_in_words(area), name=there.territory.name), "today")]


def _moves(shifts: list[Shift]) -> list[Effect]:
    """The movements as sentences, the largest first."""
    if not shifts:
        return [Effect(_("No party changes its territory: those there are lie elsewhere, or were given by hand."))]
    names = dict(Territory.objects.values_list("pk", "name"))
    users = _users_by_territory()
    found = []
    for one in shifts[:SHOWN]:
        records = of_records("party", one.parties)
        old = names.get(one.old or 0, "")
        if one.new is None:
            said = _("{records} leave «{old}» and belong to no territory.").format(records=records, old=old)
        else:
            new = names.get(one.new, "")
            who = ", ".join(users.get(one.new, [])) or _("nobody")
            words = (
                _("{records} go from «{old}» to «{new}» ({who}).")
                if old
                else _("{records} without a territory go to «{new}» ({who}).")
            )
            said = words.format(records=records, old=old, new=new, who=who)
        found.append(Effect(said))
    if len(shifts) > SHOWN:
        rest = sum(one.parties for one in shifts[SHOWN:])
        found.append(Effect(_("And {records} more between others.").format(records=of_records("party", rest))))
    found.append(Effect(_("Parties whose territory was chosen by hand stay where they are.")))
    return found


def _page(request: HttpRequest, row: Territory, errors: dict[str, str], status: int = 200) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    areas = TerritoryArea.objects.filter(territory=row).order_by("kind", "first", "pk")
    labels = dict(TerritoryArea.KINDS)
    context = {
        "territory": row,
        "areas": [(one.pk, piece_in_words(one), labels.get(one.kind, "")) for one in areas],
        "users": list(
            User.objects.filter(user_territories__territory=row).order_by("name_key").values_list("pk", "name")
        ),
        "parties": of_records("party", find(actor, "party", field("territory").eq(row.pk)).count()),
        "parties_url": f"/party/?territory={row.pk}",
        "fields": list(_piece_fields(request.POST, errors)),
        "name": FormField("id-name", "name", _("Name"), value=row.name, error=errors.get("name", ""), required=True),
        "back_url": reverse("settings_territories"),
    }
    return show(request, "settings_territory.html", "territories", context, status)


def _piece_fields(typed: Any, errors: dict[str, str]) -> Iterable[FormField]:
    kind = typed.get("kind") or TerritoryArea.PROVINCE
    yield FormField("id-kind", "kind", _("Piece of ground"), "select", kind, TerritoryArea.KINDS)
    yield FormField(
        "id-first", "first", _("Which"), value=typed.get("first", ""), error=errors.get("first", ""), required=True,
        hint=_("Such as VR, Veneto, or the first postal code."), attributes={"autocomplete": "off"},
    )  # fmt: skip
    yield FormField(
        "id-last", "last", _("Last postal code"), value=typed.get("last", ""), error=errors.get("last", ""),
        hint=_("Only for postal codes."), attributes={"autocomplete": "off"},
    )  # fmt: skip


def _url(row: Territory) -> str:
    return reverse("settings_territory", args=[row.pk])
