"""The page that takes in contacts of Outlook or Google: choose a file, look at what it would do, import, take it all back if need be."""

from dataclasses import asdict, dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import localize
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from rapporto.domain.parties.contacts.importing import import_contacts, preview_contacts
from rapporto.domain.parties.contacts.plan import Step, Summary
from rapporto.kernel.actor import Actor
from rapporto.kernel.kinds import Phone
from rapporto.kernel.text import Message
from rapporto.kernel.where import NOTHING
from rapporto.store.declare import DECLARED
from rapporto.store.errors import Refused
from rapporto.store.transfer.delimited import MAX_BYTES, TOO_LARGE, Unreadable
from rapporto.web.imports.files import keep_file, take_file
from rapporto.web.links import grid_url, undo_url
from rapporto.web.mistakes import in_words
from rapporto.web.toasts import Toast, keep

KEPT, DONE = "contacts_import", "contacts_imported"
TOLD = 100
PHONE = Phone()
NO_FILE = Message("Choose the file first.")
GONE = Message("The file is no longer here, or is being imported already; choose it again.")


@dataclass(frozen=True)
class Problem:
    """One value that went into the notes, or one row that was refused."""

    row: int
    column: str
    text: str
    reason: str


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
    data = sent.read()
    try:
        preview = preview_contacts(actor, data)
    except Unreadable as wrong:
        return _page(request, wrong.message)
    name = str(sent.name or "")[:200]
    request.session[KEPT] = {"token": keep_file(data), "name": name}
    context = {
        "name": name,
        "step": 2,
        "figures": _figures(preview.summary),
        "summary": preview.summary,
        "adds": preview.summary.people + preview.summary.companies + preview.summary.affiliations,
        "rows": [_row(step) for step in preview.first],
        **_problems(preview.summary),
    }
    return render(request, "contacts_import_preview.html", context)


@require_POST
def take_in(request: HttpRequest) -> HttpResponse:
    """Import the file that was previewed."""
    actor = _allowed(request)
    kept = request.session.pop(KEPT, None)
    data = take_file(kept["token"]) if kept else None
    if kept is None or data is None:
        return _back(request, GONE)
    try:
        imported = import_contacts(actor, data, name=kept["name"])
    except Unreadable as wrong:
        return _back(request, wrong.message)
    told = _problems(imported.summary)
    request.session[DONE] = {
        "name": kept["name"],
        "change_set": imported.change_set_id,
        "counts": imported.summary.counts(),
        "problems": [asdict(one) for one in told["problems"]],
        "more": told["more"],
    }
    return redirect("contacts_imported")


@require_GET
def imported(request: HttpRequest) -> HttpResponse:
    """What the last import of this person did, with the way back."""
    _allowed(request)
    done = request.session.get(DONE)
    if done is None:
        return redirect("contacts_import")
    summary = Summary(**done["counts"])
    context = {
        "name": done["name"],
        "step": 3,
        "figures": _figures(summary),
        "summary": summary,
        "problems": done["problems"],
        "more": done["more"],
        "undo_url": undo_url(done["change_set"]) if done["change_set"] else "",
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
    known = _("{count} known already").format(count=localize(summary.known)) if summary.known else ""
    refused = _("{count} not readable").format(count=localize(summary.refused)) if summary.refused else ""
    return [
        {"label": _("Rows"), "value": localize(summary.rows), "note": ", ".join(one for one in (known, refused) if one)},
        {"label": _("New persons"), "value": localize(summary.people)},
        {"label": _("New companies"), "value": localize(summary.companies)},
        {
            "label": _("To be verified"), "value": localize(summary.aside), "tone": "today",
            "note": _("kept in the notes") if summary.aside else "",
        },
    ]  # fmt: skip


def _row(step: Step) -> dict[str, Any]:
    """One of the first rows, as it would be kept."""
    draft = step.draft
    person, company = draft.person or {}, draft.company or {}
    place = company if company.get("city") else person
    return {
        "number": draft.row,
        "person": person.get("name", ""),
        "company": company.get("name", ""),
        "company_known": step.company is not None and not step.company.from_file,
        "job_title": draft.desk.get("job_title", ""),
        "phone": PHONE.show(
            draft.desk.get("phone") or person.get("mobile") or person.get("phone") or company.get("phone", "")
        ),
        "email": draft.desk.get("email") or person.get("email") or company.get("email", ""),
        "city": " ".join(one for one in (place.get("city", ""), place.get("province", "")) if one),
        "aside": len(draft.asides),
    }


def _problems(summary: Summary) -> dict[str, Any]:
    """What was refused, then what went into the notes, the first hundred one by one."""
    found = [Problem(row, "", "", in_words(why)) for row, why in summary.refusals]
    found += [Problem(one.row, one.column, one.text, in_words(one.reason)) for one in summary.asides]
    return {"problems": found[:TOLD], "more": max(summary.refused + summary.aside - TOLD, 0)}
