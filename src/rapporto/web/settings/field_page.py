"""The page of one own field: its form, the values of its list, what it can become, and the way out and back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from rapporto.kernel.actor import Actor
from rapporto.kernel.text import clean
from rapporto.store import field_indexes
from rapporto.store.declare import DECLARED
from rapporto.store.errors import Invalid
from rapporto.store.history.changing import change_set
from rapporto.store.made_fields import group_called, put_in_order
from rapporto.store.made_values import CONVERSIONS, conversion, counts, filled
from rapporto.store.records import find, get
from rapporto.store.userfields import as_field
from rapporto.store.userfields_models import FieldChoice, UserField
from rapporto.store.write import save
from rapporto.web.figures import figure
from rapporto.web.mistakes import fields_in_words
from rapporto.web.settings.field_form import FieldForm, group_of
from rapporto.web.settings.figures import (
    have_a_value,
    of_records,
    taken_away,
    to_be_filled,
    used_by_views,
    views_naming,
)
from rapporto.web.settings.frame import Effect, Question, ask, asked, go_on, require_keeper, show
from rapporto.web.settings.kinds import kind_word
from rapporto.web.settings.work import act, behind

SHOWN_VALUES = 12


@dataclass(frozen=True)
class ValueLine:
    """One value of a list, and how many records have it."""

    id: int
    label: str
    records: str
    retired: bool
    first: bool
    last: bool


@require_http_methods(["GET", "POST"])
def field_page(request: HttpRequest, user_field: int) -> HttpResponse:
    """GET: the field. POST: save its form; asking for a value where there is none says first how many lack one."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    row: UserField = get(actor, "user_field", user_field)
    require_keeper(actor, "user_field")
    if request.method != "POST":
        return _page(request, FieldForm.of(actor, row), row)
    form = FieldForm.sent(actor, row.record, request.POST, row)
    missing = to_be_filled(actor, row) if form.typed["required"] and not row.required else ""
    if missing and not asked(request):
        question = Question(
            _("Ask for «{name}» from now on?").format(name=row.label),
            [Effect(missing, "today"), Effect(_("Imports and notes of calls go on without it."))],
            _("Ask for it from now on"),
            _url(row),
        )
        return ask(request, "fields", question)
    try:
        with change_set(actor, "change_field") as change:
            group = group_of(form)
            chosen = group_called(actor, row.record, group) if isinstance(group, str) and group else group or None
            save(actor, "user_field", {**form.values(), "group": chosen}, row.pk)
    except Invalid as wrong:
        form.errors = fields_in_words(wrong.errors)
        return _page(request, form, row, 422)
    return go_on(request, _url(row), _("The field «{name}» is saved.").format(name=form.typed["label"]), change.pk)


def _page(request: HttpRequest, form: FieldForm, row: UserField, status: int = 200) -> HttpResponse:
    actor, number = form.actor, filled(form.actor, row)
    values = _values(actor, row) if row.kind == "choice" and not row.removed else []
    context = {
        "row": row,
        "record": form.record,
        "kind": kind_word(row.kind),
        "target": DECLARED[row.target].record.plural if row.target in DECLARED else "",
        "effects": [have_a_value(row.record, number), used_by_views(row.name), _index_in_words(row)],
        "views": views_naming(row.name)[:SHOWN_VALUES],
        "fields": form.fields(),
        "problems": list(form.errors.values()),
        "values": values,
        "others": [one for one in values if not one.retired],
        "becomes": [(kind, kind_word(kind)) for kind in CONVERSIONS.get(row.kind, ())],
        "back_url": reverse("settings_fields_of", args=[row.record]),
        "here": _url(row),
    }
    return show(request, "settings_field.html", "fields", context, status)


def _index_in_words(row: UserField) -> str:
    """Whether filters on it are quick already."""
    if row.removed or row.kind == "long_text":
        return ""
    there = field_indexes.index_name(row.record, as_field(row)) in field_indexes.present()
    return "" if there else _("Its index is being built: until then filters and order by it are slower.")


def _values(actor: Actor, row: UserField) -> list[ValueLine]:
    known = counts(actor, row)
    rows = list(FieldChoice.objects.filter(field=row).order_by("position", "pk"))
    return [
        ValueLine(one.pk, one.label, of_records(row.record, known[one.code]), one.retired, at == 0, at == len(rows) - 1)
        for at, one in enumerate(rows)
    ]


@require_POST
def take_away(request: HttpRequest, user_field: int) -> HttpResponse:
    """Take a field away after saying what that does, or put it back."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    row: UserField = get(actor, "user_field", user_field)
    require_keeper(actor, "user_field")
    list_url = reverse("settings_fields_of", args=[row.record])
    if not row.removed and not asked(request):
        title = _("Take away the field «{name}»?").format(name=row.label)
        button = _("Take away «{name}»").format(name=row.label)
        return ask(request, "fields", Question(title, taken_away(actor, row), button, _url(row), danger=True))
    with change_set(actor, "put_field_back" if row.removed else "take_field_away") as change:
        save(actor, "user_field", {"removed": not row.removed}, row.pk)
    if row.removed:
        message = _("The field «{name}» is back, with its values.")
        return go_on(request, _url(row), message.format(name=row.label), change.pk)
    message = _("The field «{name}» is taken away; its values are kept.")
    return go_on(request, list_url, message.format(name=row.label), change.pk)


@require_POST
def become(request: HttpRequest, user_field: int) -> HttpResponse:
    """Let a field hold something else, after saying what becomes of its values."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    row: UserField = get(actor, "user_field", user_field)
    require_keeper(actor, "user_field")
    kind = request.POST.get("kind", "")
    if asked(request):
        given = {"field": row.pk, "kind": kind}
        if work := behind(request, "convert_field", filled(actor, row), back=_url(row), **given):
            return work
        _records, change = act(actor, "convert_field", **given)
        message = _("«{name}» is now: {kind}.").format(name=row.label, kind=kind_word(kind))
        return go_on(request, _url(row), message, change)
    planned = conversion(actor, row, kind)
    effects = [Effect(have_a_value(row.record, planned.rows))]
    shown = planned.values if planned.possible else planned.unreadable
    if kind == "choice" and planned.possible:
        effects.append(Effect(_("They become a list of {n} values.").format(n=figure(len(planned.values)))))
    elif planned.possible:
        effects.append(Effect(_("All of them can be read as: {kind}.").format(kind=kind_word(kind))))
    elif kind == "choice":
        effects.append(
            Effect(
                _("There are {n} different values: too many for a list.").format(n=figure(len(planned.values))), "late"
            )
        )
    else:
        said = _("{n} values cannot be read as: {kind}. Mend them first, then come back.")
        effects.append(Effect(said.format(n=figure(len(shown)), kind=kind_word(kind)), "late"))
    question = Question(
        _("Let «{name}» become: {kind}?").format(name=row.label, kind=kind_word(kind)),
        effects,
        _("Convert {records}").format(records=of_records(row.record, planned.rows)),
        _url(row),
        [(text, of_records(row.record, number)) for text, number in shown[:SHOWN_VALUES]],
        possible=planned.possible,
    )
    return ask(request, "fields", question)


@require_POST
def change_values(request: HttpRequest, user_field: int) -> HttpResponse:
    """Add values to a list, rename one, put it elsewhere, retire it, use it again, move its records to another one."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    row: UserField = get(actor, "user_field", user_field)
    require_keeper(actor, "user_field")
    wish = request.POST.get("act", "")
    if wish == "add":
        return _added(request, actor, row)
    one = find(actor, "field_choice").filter(field=row, pk=_number(request.POST.get("value", ""))).first()
    if one is None:
        return go_on(request, _url(row), _("This value is not there any more."), None)
    if wish in ("retire", "merge") and not asked(request):
        return ask(request, "fields", _question(actor, row, one, wish, request.POST))
    return _merged(request, actor, row, one) if wish == "merge" else _acted(request, actor, row, one, wish)


def _merged(request: HttpRequest, actor: Actor, row: UserField, one: FieldChoice) -> HttpResponse:
    given = {"one": one.pk, "other": _number(request.POST.get("into", ""))}
    if work := behind(request, "merge_value", counts(actor, row)[one.code], back=_url(row), **given):
        return work
    moved, change = act(actor, "merge_value", **given)
    message = _("{records} moved.").format(records=of_records(row.record, moved))
    return go_on(request, _url(row), message, change)


def _added(request: HttpRequest, actor: Actor, row: UserField) -> HttpResponse:
    lines = [clean(line) for line in request.POST.get("labels", "")[:20_000].splitlines()]
    names = list(dict.fromkeys(line for line in lines if line))
    with change_set(actor, "add_values") as change:
        for name in names:
            save(actor, "field_choice", {"field": row.pk, "label": name})
    said = ngettext("{n} value more.", "{n} values more.", len(names)).format(n=len(names))
    return go_on(request, _url(row), said, change.pk)


def _question(actor: Actor, row: UserField, one: FieldChoice, wish: str, post: Mapping[str, Any]) -> Question:
    number = counts(actor, row)[one.code]
    records = of_records(row.record, number)
    if wish == "merge":
        other = get(actor, "field_choice", _number(str(post.get("into", ""))))
        said = _("{records} go from «{one}» to «{other}»; «{one}» is offered no more.")
        return Question(
            _("Move «{one}» to «{other}»?").format(one=one.label, other=other.label),
            [Effect(said.format(records=records, one=one.label, other=other.label))],
            _("Move {records}").format(records=records),
            _url(row),
        )
    effects = [Effect(_("{records} have it, keep it and show it as «no longer in use».").format(records=records))]
    effects.append(Effect(_("It is offered no more; filters by it go on finding them.")))
    title = _("Offer «{one}» no more?").format(one=one.label)
    return Question(title, effects, _("Offer «{one}» no more").format(one=one.label), _url(row))


def _acted(request: HttpRequest, actor: Actor, row: UserField, one: FieldChoice, wish: str) -> HttpResponse:
    with change_set(actor, "change_value") as change:
        if wish in ("retire", "use"):
            save(actor, "field_choice", {"retired": wish == "retire"}, one.pk)
            message = _("«{name}» is offered no more.") if wish == "retire" else _("«{name}» is offered again.")
        elif wish in ("up", "down"):
            ids = list(FieldChoice.objects.filter(field=row).order_by("position", "pk").values_list("pk", flat=True))
            at = ids.index(one.pk)
            to = min(max(at + (-1 if wish == "up" else 1), 0), len(ids) - 1)
            ids[at], ids[to] = ids[to], ids[at]
            put_in_order(actor, "field_choice", ids)
            message = _("The order is changed.")
        else:
            save(actor, "field_choice", {"label": request.POST.get("label", "")}, one.pk)
            message = _("The value is now called «{name}» everywhere.")
            one.label = clean(request.POST.get("label", ""))
    return go_on(request, _url(row), message.format(name=one.label), change.pk)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def _url(row: UserField) -> str:
    return reverse("settings_field", args=[row.pk])
