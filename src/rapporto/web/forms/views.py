"""Pages on which records are made, changed and deleted. Nothing typed is lost; every change offers its undo."""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from rapporto.kernel.actor import Actor
from rapporto.kernel.kinds import Links
from rapporto.kernel.record import RecordType
from rapporto.kernel.text import Message
from rapporto.kernel.where import NOTHING
from rapporto.store.errors import Conflict, Invalid, Refused
from rapporto.store.history.changing import change_set
from rapporto.store.history.rows import state_at, version
from rapporto.store.records import may_change
from rapporto.store.userfields import record_type
from rapporto.store.write import delete, save
from rapporto.web.forms.conflict import settled, show_conflict
from rapporto.web.forms.hints.duplicates import noticed
from rapporto.web.forms.hints.views import APART, SHOWN, sheet_of
from rapporto.web.forms.linked import suggestions
from rapporto.web.forms.new import make_offered, offers
from rapporto.web.forms.party import only_kind
from rapporto.web.forms.reading import changed, typed_in
from rapporto.web.forms.reading import read as read_values
from rapporto.web.forms.state import Form, answer_with, learn, show, whole_of
from rapporto.web.links import card_url, grid_url
from rapporto.web.mistakes import fields_in_words, in_words
from rapporto.web.reading import Reading, name_of, read
from rapporto.web.toasts import Toast, done, keep

ELSEWHERE = {"api_token": "settings_new_token", "webhook": "settings_new_hook"}
"""Types that are made on pages of their own, as something of them is shown there once."""


@require_http_methods(["GET", "POST"])
def create(request: HttpRequest, record: str) -> HttpResponse:
    """The form of a new record, and its making. Fields in the address are given: /address/new/?party=12."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    kind = record_type(record).seen_by(actor)
    if kind.changeable(actor) == NOTHING:
        raise Refused("Your role does not add records here; ask an administrator.")
    if record in ELSEWHERE:
        return answer_with(request, reverse(ELSEWHERE[record]))
    form = _new_form(request, actor, kind)
    if request.method != "POST":
        return show(request, form)
    form.typed, form.apart = typed_in(kind, request.POST), request.POST.get(APART, "")[:500]
    try:
        with change_set(actor, "create") as change:
            row = _made(request, form)
    except Invalid as wrong:
        form.errors, form.offers = fields_in_words(wrong.errors), offers(kind, form.typed, wrong.errors)
        return show(request, form, 422)
    said = _("{name} added.").format(name=name_of(actor, record, row.pk))
    told = {"kind": str(form.values.get("kind") or ""), "row": str(row.pk)}
    twin = noticed(sheet_of(actor, record, request.POST, **told, apart=(APART, SHOWN)))
    keep(request, done(f"{said} {twin}".strip(), None if kind.append_only else change.pk))
    whole = whole_of(kind, {**form.values, **form.preset})
    return answer_with(request, card_url(*whole) if whole else card_url(record, row.pk))


def _new_form(request: HttpRequest, actor: Actor, kind: RecordType) -> Form:
    fixed = kind.fixed_for(actor)
    preset = {
        name: kind.fields[name].kind.check(text)
        for name, text in request.GET.items()
        if name in kind.fields and name not in fixed
    }
    defaults = {name: one.default for name, one in kind.fields.items() if one.default is not None}
    if kind.name == "party":
        preset.setdefault("kind", defaults.get("kind"))
    if "owner" in kind.fields and actor.user_id:
        # whoever makes a record has it, unless somebody else is chosen
        defaults["owner"] = actor.user_id
    title = _("New party") if kind.name == "party" else _("New: {what}").format(what=str(kind.label).lower())
    form = Form(actor, kind, title, {**defaults, **preset}, preset=preset)
    learn(form)
    return form


def _made(request: HttpRequest, form: Form) -> Any:
    """The new record. Raises Invalid; then nothing is made, nor what was to be made along with it."""
    typed = make_offered(form.actor, form.record, form.typed, request.POST)
    values, wrong = read_values(form.actor, form.record, typed)
    filled = {name: value for name, value in values.items() if value is not None}
    needed = {name for name, one in form.record.fields.items() if one.required and name in values}
    given = {name: value for name, value in form.preset.items() if value is not None}
    blank = dict.fromkeys(needed - filled.keys())
    return _unless(wrong, lambda: save(form.actor, form.record.name, {**blank, **filled, **given}))


def _unless(wrong: Mapping[str, Message], write: Callable[[], Any]) -> Any:
    """What `write` gives, unless something is wrong: then it is tried all the same, so that every mistake is told at once.

    Raises Invalid; whatever was written goes with the change set around it.
    """
    try:
        row = write()
    except Invalid as more:
        raise Invalid({**more.errors, **wrong}) from None
    except (Refused, Conflict):
        if not wrong:
            raise
    if wrong:
        raise Invalid(wrong)
    return row


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, record: str, row_id: int) -> HttpResponse:
    """The form of an existing record, and its changing."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    reading = read(actor, record, row_id)
    if not may_change(actor, record, row_id):
        raise Refused("You may see this record but not change it; ask who it is assigned to.")
    now = version(record, row_id)
    form = Form(actor, reading.record, reading.title, reading.values, reading.titles, row_id=row_id, version=now)
    if request.method != "POST":
        return show(request, form)
    form.typed = settled(typed_in(reading.record, request.POST), request.POST)
    form.version = _number(request.POST.get("version", ""), now)
    return _change(request, form, reading)


def _change(request: HttpRequest, form: Form, reading: Reading) -> HttpResponse:
    try:
        change = keep_typed(form, reading)
    except Invalid as wrong:
        form.errors = fields_in_words(wrong.errors)
        return show(request, form, 422)
    except Conflict as conflict:
        return show_conflict(request, form, conflict, form.mine)
    name = name_of(form.actor, form.record.name, reading.id)
    text = _("{name} saved.") if change else _("{name}: nothing was changed.")
    keep(request, done(text.format(name=name), change))
    return answer_with(request, form.back_url())


def keep_typed(form: Form, reading: Reading) -> int | None:
    """Write what this person changed in a form; gives the change set, None when nothing differs. Raises Invalid, Conflict."""
    with change_set(form.actor, "change") as change:
        values, wrong = read_values(form.actor, form.record, form.typed)
        form.mine = changed(form.record, values, _shown_then(form, reading))
        if wrong or form.mine:
            _unless(wrong, lambda: save(form.actor, form.record.name, form.mine, reading.id, form.version))
    return change.pk


def _shown_then(form: Form, reading: Reading) -> dict[str, Any]:
    """The values the person was shown: those of the version they read. Several links have no versions."""
    was = state_at(form.record, reading.id, form.version or 0) or {}
    several = {n: v for n, v in reading.values.items() if isinstance(form.record.fields[n].kind, Links)}
    return {**reading.values, **was, **several}


def _number(text: str, otherwise: int) -> int:
    return int(text) if text.isdecimal() and len(text) < 19 else otherwise


@require_POST
def remove(request: HttpRequest, record: str, row_id: int) -> HttpResponse:
    """Delete a record; the way back is in the answer, so nobody is asked whether they are sure."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    reading = read(actor, record, row_id)
    whole = whole_of(reading.record, reading.values)
    try:
        with change_set(actor, "delete") as change:
            delete(actor, record, row_id)
    except Refused as refused:
        keep(request, Toast(in_words(refused.message), error=True))
        return answer_with(request, card_url(*(whole or (record, row_id))))
    keep(request, done(_("{name} deleted.").format(name=reading.title), change.pk))
    return answer_with(request, card_url(*whole) if whole else grid_url(record))


@require_GET
def suggest(request: HttpRequest, record: str) -> HttpResponse:
    """What may be meant by what is typed so far, as lines of a list; `kind` narrows parties to persons or companies."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    where = only_kind(request.GET.get("kind", "") if record == "party" else "")
    found = suggestions(actor, record, request.GET.get("q", "")[:200], where)
    return render(request, "form_suggestions.html", {"suggestions": found, "list": request.GET.get("list", "")[:60]})
