"""Erasing a person on the screen: first what goes, what stays and why; then the reason and the day; at last the receipt."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from rapporto.kernel.actor import ADMINISTRATOR, Actor
from rapporto.kernel.kinds import Day, LongText
from rapporto.kernel.text import BadValue, Message
from rapporto.store.declare import DECLARED
from rapporto.store.errors import NotFound
from rapporto.store.jobs import JOBS, JobKind, Progress, Result, start
from rapporto.store.jobs_models import Job
from rapporto.store.rights.forget import Preview, Request, forget, preview
from rapporto.store.rights_models import Erasure
from rapporto.store.userfields import record_type
from rapporto.web.asked import language
from rapporto.web.fields import FormField
from rapporto.web.figures import figure
from rapporto.web.jobs.views import lead_to
from rapporto.web.links import personal_data_url
from rapporto.web.mistakes import in_words
from rapporto.web.rights.views import person_read

KIND = "person_erasure"
DONE = Message("The person is erased.")


@dataclass(frozen=True)
class Line:
    """One line of what an erasure does: what, how many, why."""

    label: str
    number: str
    why: str = ""


@require_http_methods(["GET", "POST"])
def erase_person(request: HttpRequest, record: str, row_id: int) -> HttpResponse:
    """GET: what would go and stay. POST: erase, behind the pages."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    reading = person_read(request, record, row_id)
    if ADMINISTRATOR not in actor.roles:
        raise NotFound(record, row_id)
    sent = request.POST if request.method == "POST" else request.GET
    typed = {name: sent.get(name, "")[:2000] for name in ("requested_on", "reason", "texts", "sure")}
    errors: dict[str, str] = {}
    if request.method == "POST":
        asked, errors = _read(typed)
        if asked is not None:
            return lead_to(request, start(actor, KIND, record=record, row_id=row_id, **asked))
    texts = bool(typed["texts"])
    told = preview(actor, record, row_id, texts=texts)
    context = {
        "heading": _("Erase «{title}»").format(title=reading.title),
        "title": reading.title,
        **_lines(told),
        "fields": _fields(typed, errors, told, texts=texts),
        "back_url": personal_data_url(record, row_id),
    }
    return render(request, "rights_erase.html", context, status=422 if errors else 200)


def _read(typed: Mapping[str, str]) -> tuple[dict[str, Any] | None, dict[str, str]]:
    """What was typed, for the work; else what is wrong by field."""
    errors: dict[str, str] = {}
    day: date | None = None
    reason = ""
    try:
        day = Day().check(typed["requested_on"])
        if day is None or day > timezone.localdate():
            errors["requested_on"] = _("Write the day on which they asked, such as 20/11/2026.")
    except BadValue as wrong:
        errors["requested_on"] = in_words(wrong.message)
    try:
        reason = LongText(1000).check(typed["reason"]) or ""
    except BadValue as wrong:
        errors["reason"] = in_words(wrong.message)
    if not typed["sure"]:
        errors["sure"] = _("Tick this: what is erased cannot be brought back.")
    if errors or day is None:
        return None, errors
    return {"requested_on": day.isoformat(), "reason": reason, "texts": bool(typed["texts"])}, {}


def _fields(typed: Mapping[str, str], errors: Mapping[str, str], told: Preview, *, texts: bool) -> list[FormField]:
    def one(name: str, label: str, widget: str, value: Any, **more: Any) -> FormField:
        return FormField(f"id-{name}", name, label, widget, value, error=errors.get(name, ""), **more)

    day = typed["requested_on"] or Day().edit(timezone.localdate(), language())
    found = [
        one("requested_on", _("They asked on"), "text", day, required=True, attributes={"autocomplete": "off"}),
        one(
            "reason",
            _("How they asked, or why"),
            "textarea",
            typed["reason"],
            wide=True,
            attributes={"rows": 2},
            hint=_("«Letter of 20 November, file 12». Without their name: this line stays."),
        ),
    ]
    if told.dealings or texts:
        label = ngettext(
            "Erase the text of {n} dealing of a company with them, too",
            "Erase the texts of {n} dealings of companies with them, too",
            told.dealings,
        )
        hint = _("Without this only their name, numbers and addresses are struck out there.")
        found.append(one("texts", label.format(n=figure(told.dealings)), "checkbox", texts, hint=hint, wide=True))
    found.append(
        one("sure", _("I know that this cannot be undone"), "checkbox", typed["sure"], wide=True, required=True)
    )
    return found


def _lines(told: Preview) -> dict[str, Any]:
    """What goes, what stays anonymous, where the name is struck out, what the law keeps."""
    going = [_line(name, number) for name, number in told.erased.items()]
    if told.images:
        going.append(Line(_("Former states in the history"), figure(told.images)))
    return {
        "going": going,
        "anonymous": [_line(name, number) for name, number in (*told.anonymised.items(), *told.hashed.items())],
        "named": [_line(name, number) for name, number in told.named.items()],
        "kept": [_line(name, number, str(why)) for name, (number, why) in told.kept.items()],
    }


def _line(name: str, number: int, why: str = "") -> Line:
    return Line(str(record_type(name).plural), figure(number), why)


def _run(actor: Actor, given: Mapping[str, Any], progress: Progress) -> Result:
    asked = Request(date.fromisoformat(given["requested_on"]), given["reason"], texts=given["texts"])
    done = forget(actor, given["record"], given["row_id"], asked, progress=progress)
    # the reason may name the person; what is kept of it stands in the receipt
    Job.objects.filter(pk=progress.job.pk).update(parameters={"record": given["record"], "row_id": given["row_id"]})
    return Result(DONE, url=reverse("settings_erasure", args=[done.pk]))


JOBS.add(KIND, JobKind(KIND, gettext_lazy("Erasure of a person"), _run, resumes=True, leads=True, silence=900))


@dataclass(frozen=True)
class Receipt:
    """One erasure as its page and the list tell it."""

    erasure: Erasure
    lines: tuple[Line, ...]
    label: str

    @classmethod
    def of(cls, erasure: Erasure) -> "Receipt":
        """What an erasure did, in words."""
        lines = tuple(
            Line(_what(key), figure(number)) for key, number in sorted(erasure.counts.items()) if number and _what(key)
        )
        label = str(DECLARED[erasure.record].record.label) if erasure.record in DECLARED else erasure.record
        return cls(erasure, lines, label)


def _what(key: str) -> str:
    """What was counted."""
    fate, _dot, name = key.partition(".")
    told = str(record_type(name).plural) if name in DECLARED else ""
    words = {
        "erased": _("Erased: {what}"),
        "anonymised": _("Without personal data: {what}"),
        "hashed": _("Kept as proof, unreadable: {what}"),
    }
    if told:
        return words[fate].format(what=told) if fate in words else ""
    single = {
        "images": _("States taken out of the history"),
        "texts": _("Texts of others without their name"),
        "files": _("Files thrown away"),
        "merged_values": _("Values of merged cards"),
        "copies.works": _("Works that told of them"),
        "copies.answers": _("Answers kept for programs"),
        "copies.deliveries": _("Messages not yet delivered"),
    }
    return single.get(key, "")


__all__ = ["KIND", "Line", "Receipt", "erase_person"]
