"""The page that takes in contacts of Outlook or Google: choose a file, look at what it would do, import, take it all back if need be."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from rapporto.domain.parties.contacts.importing import preview_contacts
from rapporto.domain.parties.contacts.plan import Plan, Summary
from rapporto.kernel.actor import Actor
from rapporto.kernel.text import Message
from rapporto.kernel.where import NOTHING
from rapporto.store.declare import DECLARED
from rapporto.store.errors import NotFound, Refused
from rapporto.store.jobs import jobs_of
from rapporto.store.jobs_models import Job
from rapporto.store.transfer.delimited import MAX_BYTES, TOO_LARGE, Unreadable
from rapporto.web.figures import figure
from rapporto.web.imports.files import keep_file, take_file
from rapporto.web.imports.work import KIND, PREVIEW, begin_import, begin_preview, told
from rapporto.web.jobs.views import lead_to
from rapporto.web.links import grid_url, undo_url
from rapporto.web.mistakes import in_words
from rapporto.web.toasts import Toast, keep

KEPT = "contacts_import"
AT_ONCE = 500_000
"""Bytes of a file that is looked at while one waits: some two thousand contacts."""
NO_FILE = Message("Choose the file first.")
GONE = Message("The file is no longer here, or is being imported already; choose it again.")


@require_http_methods(["GET", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """Choose a file; its preview follows."""
    actor = _allowed(request)
    if request.method != "POST":
        return _page(request)
    sent = request.FILES.get("file")
    if sent is None:
        return _page(request, NO_FILE)
    if (sent.size or 0) > MAX_BYTES:
        return _page(
            request,
            Message(TOO_LARGE.text, {"size": (sent.size or 0) // 1024 // 1024, "limit": MAX_BYTES // 1024 // 1024}),
        )
    return _preview(request, actor, sent.read(), str(sent.name or "")[:200])


def _preview(request: HttpRequest, actor: Actor, data: bytes, name: str) -> HttpResponse:
    """The preview of a file; that of a large one comes behind a bar."""
    try:
        preview = preview_contacts(actor, data) if len(data) <= AT_ONCE else None
        if preview is None:
            Plan.of(actor, data)
    except Unreadable as wrong:
        return _page(request, wrong.message)
    token = keep_file(data)
    request.session[KEPT] = {"token": token, "name": name, "rows": preview.summary.rows if preview else 0}
    if preview is None:
        return lead_to(request, begin_preview(actor, token, name=name))
    return _previewed(request, {"name": name, **told(preview)})


@require_GET
def previewed(request: HttpRequest, job: int) -> HttpResponse:
    """The preview of a large file that this person chose last."""
    one = jobs_of(_allowed(request)).filter(pk=job, kind=PREVIEW, state=Job.DONE).first()
    if one is None:
        raise NotFound("job", job)
    kept = request.session.get(KEPT)
    if kept is None or kept["token"] != one.details["token"]:
        return _back(request, GONE)
    request.session[KEPT] = {**kept, "rows": one.details["counts"]["rows"]}
    return _previewed(request, one.details)


def _previewed(request: HttpRequest, details: Mapping[str, Any]) -> HttpResponse:
    summary = Summary(**details["counts"])
    context = {
        "step": 2,
        "figures": _figures(summary),
        "summary": summary,
        "adds": summary.people + summary.companies + summary.affiliations,
        **{name: details[name] for name in ("name", "rows", "problems", "more")},
    }
    return render(request, "contacts_import_preview.html", context)


@require_POST
def take_in(request: HttpRequest) -> HttpResponse:
    """Import the file that was previewed: a bar shows how far it is, then what came of it."""
    actor = _allowed(request)
    kept = request.session.pop(KEPT, None)
    data = take_file(kept["token"]) if kept else None
    if kept is None or data is None:
        return _back(request, GONE)
    return lead_to(request, begin_import(actor, data, name=kept["name"], rows=kept["rows"]))


@require_GET
def imported(request: HttpRequest, job: int) -> HttpResponse:
    """What an import of this person did, with the way back."""
    one = jobs_of(_allowed(request)).filter(pk=job, kind=KIND, state=Job.DONE).first()
    if one is None:
        raise NotFound("job", job)
    done = one.details
    summary = Summary(**done["counts"])
    context = {
        "name": done["name"],
        "step": 3,
        "figures": _figures(summary),
        "summary": summary,
        "problems": done["problems"],
        "more": done["more"],
        "undo_url": undo_url(one.change_set_id) if one.change_set_id else "",
        "list_url": grid_url("party"),
    }
    return render(request, "contacts_import_done.html", context)


def _allowed(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if DECLARED["party"].record.changeable(actor) == NOTHING:
        raise Refused("Your role does not add records here; ask an administrator.")
    return actor


def _page(request: HttpRequest, wrong: Message | None = None) -> HttpResponse:
    field = {
        "id": "contacts-file", "name": "file", "label": _("File"), "widget": "file", "required": True,
        "error": in_words(wrong) if wrong else "", "hint": _("A CSV file of at most {size} MB.").format(size=MAX_BYTES // 1024 // 1024),
        "attributes": {"accept": ".csv,.txt,text/csv"},
    }  # fmt: skip
    return render(request, "contacts_import.html", {"field": field, "step": 1}, status=422 if wrong else 200)


def _back(request: HttpRequest, why: Message) -> HttpResponseRedirect:
    keep(request, Toast(in_words(why), error=True))
    return HttpResponseRedirect(reverse("contacts_import"))


def _figures(summary: Summary) -> list[dict[str, Any]]:
    """The four numbers."""
    known = _("{count} known already").format(count=figure(summary.known)) if summary.known else ""
    refused = _("{count} not readable").format(count=figure(summary.refused)) if summary.refused else ""
    return [
        {"label": _("Rows"), "value": figure(summary.rows), "note": ", ".join(one for one in (known, refused) if one)},
        {"label": _("New persons"), "value": figure(summary.people)},
        {"label": _("New companies"), "value": figure(summary.companies)},
        {
            "label": _("To be verified"), "value": figure(summary.aside), "tone": "today",
            "note": _("kept in the notes") if summary.aside else "",
        },
    ]  # fmt: skip
