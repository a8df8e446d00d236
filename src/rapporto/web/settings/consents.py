"""Consents in the settings: purposes with their terms, the notice, the checks of the opt-out register, terms that end."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from rapporto.domain.consent.answer_of_register import FREE, MOST, REFUSED, TOO_LARGE, read_answer
from rapporto.domain.consent.choices import ENDING, TAKEN_OUT
from rapporto.domain.consent.commands import record_opt_out_check
from rapporto.domain.consent.models import OptOutCheck, PrivacyNotice, Purpose
from rapporto.domain.consent.retention import KIND
from rapporto.kernel.actor import Actor
from rapporto.kernel.kinds import Moment
from rapporto.kernel.text import BadValue, Message, clean
from rapporto.store.errors import Invalid
from rapporto.store.jobs import start
from rapporto.store.records import find
from rapporto.web.fields import FormField
from rapporto.web.figures import figure
from rapporto.web.links import card_url, edit_url, grid_url, job_url, new_url
from rapporto.web.mistakes import fields_in_words
from rapporto.web.settings.frame import may_keep, require_keeper, show
from rapporto.web.toasts import Toast, keep

CHECKS_SHOWN = 5
LARGEST = 4 * 1024 * 1024
"""Bytes of a file with numbers."""


@dataclass(frozen=True)
class CheckLine:
    """One check of the register, and whether it still holds."""

    name: str
    url: str
    figures: str
    until: str
    holds: bool


@require_http_methods(["GET"])
def consents_page(request: HttpRequest) -> HttpResponse:
    """What the company asks consents for, and how things stand with it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    require_keeper(actor, "opt_out_check")
    notice: PrivacyNotice | None = find(actor, "privacy_notice").order_by("-valid_from", "-pk").first()
    terms = dict(find(actor, "consent_term").order_by().values_list("state").annotate(number=Count("pk")))
    context = {
        "purposes": list(_purposes(actor)),
        "may_change": may_keep(actor, "purpose"),
        "new_purpose_url": new_url("purpose"),
        "notice": notice,
        "notice_url": card_url("privacy_notice", notice.pk) if notice else "",
        "new_notice_url": new_url("privacy_notice"),
        "topics": list(find(actor, "contact_topic").order_by("name_key").values_list("name", flat=True)),
        "topics_url": grid_url("contact_topic"),
        "checks": [_line(one) for one in find(actor, "opt_out_check").order_by("-at", "-pk")[:CHECKS_SHOWN]],
        "checks_url": grid_url("opt_out_check"),
        "ending": figure(terms.get(ENDING, 0)),
        "ending_url": f"{grid_url('consent_term')}?state={ENDING}",
        "taken_out": figure(terms.get(TAKEN_OUT, 0)),
        "taken_out_url": f"{grid_url('consent_term')}?state={TAKEN_OUT}",
        "entries_url": grid_url("consent_entry"),
    }
    return show(request, "settings_consents.html", "consents", context)


def _purposes(actor: Actor) -> Iterator[dict[str, Any]]:
    rows: list[Purpose] = list(find(actor, "purpose").order_by("-commercial", "pk"))
    for one in rows:
        url = edit_url("purpose", one.pk) if may_keep(actor, "purpose") else card_url("purpose", one.pk)
        yield {
            "name": one.name,
            "url": url,
            "months": one.retention_months,
            "words": one.words,
            "why": one.retention_reason,
        }


def _line(one: OptOutCheck) -> CheckLine:
    figures = _("{numbers} numbers, {refused} refused").format(
        numbers=figure(one.numbers or 0), refused=figure(one.refused or 0)
    )
    until = f"{timezone.localtime(one.valid_until):%d/%m/%Y}"
    return CheckLine(one.name, card_url("opt_out_check", one.pk), figures, until, one.valid_until > timezone.now())


@require_POST
def look_at_terms(request: HttpRequest) -> HttpResponse:
    """Look at the terms now, as the worker does every day."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    require_keeper(actor, "purpose")
    return redirect(job_url(start(actor, KIND).pk))


@require_http_methods(["GET", "POST"])
def check_page(request: HttpRequest) -> HttpResponse:
    """GET: the form for the answer of the opt-out register. POST: keep it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    require_keeper(actor, "opt_out_check")
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            made = _record(actor, request)
        except Invalid as wrong:
            errors = fields_in_words(wrong.errors)
        else:
            said = _("Check kept: {figures}; it holds until {day}.")
            line = _line(made)
            keep(request, Toast(said.format(figures=line.figures, day=line.until)))
            return redirect("settings_consents")
    context = {"fields": list(_fields(request, errors)), "back_url": reverse("settings_consents")}
    return show(request, "settings_check.html", "consents", context, 422 if errors else 200)


def _record(actor: Actor, request: HttpRequest) -> OptOutCheck:
    typed = request.POST
    answer = read_answer(
        _list(request, "sent"), _list(request, "back"), back_is=typed.get("back_is", FREE), none_back="none" in typed
    )
    try:
        at = Moment().check(typed.get("at", ""))
    except BadValue as wrong:
        raise Invalid({"at": wrong.message}) from wrong
    return record_opt_out_check(
        actor, name=clean(typed.get("name", "")), numbers=answer.numbers, refused=answer.refused, at=at,
        reference=clean(typed.get("reference", ""))[:120],
    )  # fmt: skip


def _list(request: HttpRequest, name: str) -> str:
    """What was pasted, and what the file holds."""
    sent = request.FILES.get(f"{name}_file")
    if sent is not None and (sent.size or 0) > LARGEST:
        raise Invalid({f"{name}_file": Message(TOO_LARGE.text, {"most": MOST})})
    held = sent.read() if sent is not None else b""
    try:
        text = held.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = held.decode("cp1252", "replace")
    return f"{request.POST.get(name, '')}\n{text}"


def _fields(request: HttpRequest, errors: dict[str, str]) -> Iterator[FormField]:
    typed = request.POST

    def text(name: str, label: str, widget: str = "text", **more: Any) -> FormField:
        value = typed.get(name, "")
        return FormField(f"id-{name}", name, label, widget, value, error=errors.get(name, ""), **more)

    file = {"accept": ".csv,.txt"}
    yield text("name", _("List"), required=True, hint=_("Such as: Autumn campaign, Veneto."))
    yield text("at", _("Checked"), "datetime-local", hint=_("Blank: now. The answer holds for 15 days."))
    yield text("reference", _("Receipt"), hint=_("The number under which the register answered."))
    yield text(
        "sent",
        _("Numbers that were checked"),
        "textarea",
        wide=True,
        hint=_("One a line; further columns are left out."),
    )
    yield text("sent_file", _("… or as a file"), "file", wide=True, attributes=file)
    choices = ((FREE, _("those that may be called")), (REFUSED, _("those that are refused")))
    yield FormField(
        "id-back_is", "back_is", _("The answer holds"), "radio", typed.get("back_is", FREE), choices, wide=True
    )
    yield text("back", _("Numbers of the answer"), "textarea", wide=True)
    yield text("back_file", _("… or as a file"), "file", wide=True, attributes=file)
    yield FormField("id-none", "none", _("No number came back"), "checkbox", "1" if "none" in typed else "", wide=True)
