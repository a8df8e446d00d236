"""The page of the fields of a record type: the company's own by group, those of the product, those taken away; and a new one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from rapporto.kernel.actor import Actor
from rapporto.kernel.record import RecordType
from rapporto.kernel.text import BadValue
from rapporto.store.declare import DECLARED
from rapporto.store.errors import Invalid
from rapporto.store.history.changing import change_set
from rapporto.store.made_fields import make_field, put_in_order
from rapporto.store.records import find, get
from rapporto.store.userfields_models import FieldGroup, UserField, takes_fields
from rapporto.store.userfields_written import kinds_of
from rapporto.store.write import delete, save
from rapporto.web.mistakes import fields_in_words, in_words
from rapporto.web.settings.field_form import FieldForm, group_of
from rapporto.web.settings.figures import new_field
from rapporto.web.settings.frame import go_on, require_keeper, show
from rapporto.web.settings.kinds import kind_word, kinds_in_words

ACTS = ("field_up", "field_down", "group_up", "group_down", "rename_group", "delete_group")
"""What the buttons of the page are called; each sends the id of its field or group."""


@dataclass
class Line:
    """One own field in its group."""

    id: int
    label: str
    words: str
    marks: list[str] = field(default_factory=list)
    first: bool = False
    last: bool = False


@dataclass
class Group:
    """A group with its fields; `id` is None for those without one."""

    id: int | None
    name: str
    lines: list[Line] = field(default_factory=list)
    first: bool = False
    last: bool = False


@require_GET
def first_type(request: HttpRequest) -> HttpResponse:
    """The fields of the first type that takes own ones: that of the parties."""
    types = own_types()
    return redirect("settings_fields_of", next((one.name for one in types if one.name == "party"), types[0].name))


def own_types() -> list[RecordType]:
    """The record types for which fields can be made."""
    return [one.record for one in DECLARED.values() if takes_fields(one.record)]


@require_http_methods(["GET", "POST"])
def fields_of(request: HttpRequest, name: str) -> HttpResponse:
    """GET: the fields of a type. POST: put fields or groups in another order, rename or delete a group."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    require_keeper(actor, "user_field")
    if request.method == "POST":
        return _arranged(request, actor, name)
    rows = list(find(actor, "user_field").filter(record=name).order_by("position", "pk"))
    record = DECLARED[name].record
    return show(
        request,
        "settings_fields.html",
        "fields",
        {
            "record": record,
            "types": [(one, reverse("settings_fields_of", args=[one.name])) for one in own_types()],
            "groups": _groups(actor, record, [row for row in rows if not row.removed]),
            "away": [Line(row.pk, row.label, kind_word(row.kind)) for row in rows if row.removed],
            "product": list(_product(record)),
            "new_url": reverse("settings_new_field", args=[name]),
        },
    )


def _groups(actor: Actor, record: RecordType, rows: Sequence[UserField]) -> list[Group]:
    """The groups in order, those without fields too; fields without a group come first."""
    known = find(actor, "field_group").filter(record=record.name).order_by("position", "pk")
    named = [Group(row.pk, row.name) for row in known]
    if named:
        named[0].first = named[-1].last = True
    found = {None: Group(None, ""), **{one.id: one for one in named}}
    values = _counted_values(rows)
    for row in rows:
        found[row.group_id].lines.append(_line(record, row, values.get(row.pk, 0)))
    for group in found.values():
        if group.lines:
            group.lines[0].first = group.lines[-1].last = True
    return [one for one in found.values() if one.lines or one.id is not None]


def _counted_values(rows: Sequence[UserField]) -> dict[int, int]:
    ids = [row.pk for row in rows if row.kind == "choice"]
    found: dict[int, int] = {}
    for one in (
        DECLARED["field_choice"].model._default_manager.filter(field__in=ids, retired=False).values_list("field")
    ):
        found[one[0]] = found.get(one[0], 0) + 1
    return found


def _line(record: RecordType, row: UserField, values: int) -> Line:
    words = kind_word(row.kind)
    if row.kind == "choice":
        words += ": " + ngettext("{n} value", "{n} values", values).format(n=values)
    if row.kind == "link" and row.target in DECLARED:
        words += f": {DECLARED[row.target].record.plural}"
    marks = [_("to be filled in")] if row.required else []
    if row.only_for:
        known = kinds_of(record)
        kinds = ", ".join(str(known.get(code, code)) for code in row.only_for.split(","))
        marks.append(_("only {kinds}").format(kinds=kinds))
    return Line(row.pk, row.label, words, marks)


def _product(record: RecordType) -> Iterator[tuple[str, str]]:
    """The sections of the product and the names of its fields in them."""
    for label, names in record.sections.items():
        labels = [str(record.fields[name].label) for name in names if name in record.fields]
        if labels:
            yield str(label), ", ".join(labels)


def _arranged(request: HttpRequest, actor: Actor, name: str) -> HttpResponse:
    here = reverse("settings_fields_of", args=[name])
    act = next((one for one in ACTS if one in request.POST), "")
    one = _number(request.POST.get(act, ""))
    if act in ("field_up", "field_down"):
        row = get(actor, "user_field", one)
        beside = UserField.objects.filter(record=name, removed=False, group=row.group_id)
        return _moved(request, actor, ("user_field", one), _ids(beside), here, up=act == "field_up")
    if act in ("group_up", "group_down"):
        return _moved(
            request,
            actor,
            ("field_group", one),
            _ids(FieldGroup.objects.filter(record=name)),
            here,
            up=act == "group_up",
        )
    group = get(actor, "field_group", one)
    with change_set(actor, act if act == "delete_group" else "rename_group") as change:
        if act == "delete_group":
            delete(actor, "field_group", one)
            message = _("The group «{name}» is gone.").format(name=group.name)
        else:
            save(actor, "field_group", {"name": request.POST.get("name", "")}, one)
            message = _("The group has its new name.")
    return go_on(request, here, message, change.pk)


def _ids(rows: Any) -> list[int]:
    return list(rows.order_by("position", "pk").values_list("pk", flat=True))


def _moved(
    request: HttpRequest, actor: Actor, what: tuple[str, int], ids: list[int], here: str, *, up: bool
) -> HttpResponse:
    """Change places with the one before or after."""
    name, one = what
    at = ids.index(one) if one in ids else -1
    to = at + (-1 if up else 1)
    if at < 0 or not 0 <= to < len(ids):
        return redirect(here)
    ids[at], ids[to] = ids[to], ids[at]
    with change_set(actor, "order") as change:
        put_in_order(actor, name, ids)
    return go_on(request, here, _("The order is changed."), change.pk)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, name: str) -> HttpResponse:
    """GET: choose what the field holds, then fill in its form, with what making it will do. POST: make it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    require_keeper(actor, "user_field")
    if request.method == "POST":
        return _made(request, actor, name)
    form = FieldForm(actor, DECLARED[name].record, typed={"kind": request.GET.get("kind", "")[:20]})
    return _new_page(request, form)


def _new_page(request: HttpRequest, form: FieldForm, status: int = 200) -> HttpResponse:
    kinds = kinds_in_words()
    chosen = next((one for one in kinds if one.code == form.kind), None)
    context = {
        "record": form.record,
        "kinds": kinds,
        "chosen": chosen,
        "fields": form.fields() if chosen else [],
        "problems": list(form.errors.values()),
        "effects": new_field(form.record.name) if chosen else [],
        "here": reverse("settings_new_field", args=[form.record.name]),
        "back_url": reverse("settings_fields_of", args=[form.record.name]),
    }
    return show(request, "settings_field_new.html", "fields", context, status)


def _made(request: HttpRequest, actor: Actor, name: str) -> HttpResponse:
    form = FieldForm.sent(actor, name, request.POST)
    settings = {**form.values(), "to": form.typed["target"], "choices": form.choices}
    try:
        with change_set(actor, "make_field") as change:
            group = group_of(form)
            if isinstance(group, int):
                group = FieldGroup.objects.get(pk=group).name
            made = make_field(actor, name, str(settings.pop("label")), form.kind, settings, group)
    except BadValue as wrong:
        form.errors = {"label": in_words(wrong.message)}
    except Invalid as wrong:
        form.errors = fields_in_words(wrong.errors)
    else:
        url = reverse("settings_field", args=[int(made.name[1:])])
        return go_on(request, url, _("The field «{name}» is there.").format(name=made.label), change.pk)
    return _new_page(request, form, 422)
