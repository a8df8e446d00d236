"""Answers to what cannot be done: each says in words what was wrong and what to do; forbidden and missing answer alike."""

from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from rapporto.kernel.actor import Actor
from rapporto.kernel.record import UnknownField
from rapporto.kernel.text import BadValue
from rapporto.store.errors import Conflict, Invalid, NotFound, Refused
from rapporto.store.merge_reading import led_to
from rapporto.store.messages import fields_in_words, in_words
from rapporto.web.asked import wants_part
from rapporto.web.reading import name_of
from rapporto.web.toasts import Toast, keep

NOTHING_HERE = _("There is nothing at this address. It may have been moved, or be assigned to someone else.")
UNKNOWN_COLUMN = _("This list has no column «{name}»; open the list again.")
TAKEN = _("Another record has the same values already, and there can be only one; go back and change them.")
LED_ON = _("«{old}» has become part of «{new}»: you are on that card now.")
CHANGED_MEANWHILE = _("{name} changed the same fields meanwhile; open the card again.")


def answer_to(request: HttpRequest, problem: Exception) -> HttpResponse | None:
    """The page, or part of a page, for an exception of the store; None when it is none of ours."""
    match problem:
        case NotFound():
            return led_on(request, problem) or missing(request)
        case Refused():
            return said(request, 403, in_words(problem.message))
        case Invalid():
            return said(request, 422, *(in_words(message) for message in problem.errors.values()))
        case BadValue():
            return said(request, 400, in_words(problem.message))
        case UnknownField():
            return said(request, 400, str(UNKNOWN_COLUMN).format(name=problem.name[:60]))
        case IntegrityError():
            return said(request, 422, str(TAKEN))
        case Conflict():
            return said(request, 409, str(CHANGED_MEANWHILE).format(name=problem.by))
    return None


def led_on(request: HttpRequest, problem: NotFound) -> HttpResponse | None:
    """The way from the address of a record that was merged to the same page of the one it became part of."""
    old = f"/{problem.record}/{problem.row_id}/"
    if request.method != "GET" or not request.path_info.startswith(old) or not isinstance(problem.row_id, int):
        return None
    actor: Actor = request.actor  # type: ignore[attr-defined]
    line = led_to(actor, problem.record, problem.row_id)
    if line is None:
        return None
    kept = name_of(actor, problem.record, line.kept)
    keep(request, Toast(str(LED_ON).format(old=line.title or problem.row_id, new=kept)))
    new = f"/{problem.record}/{line.kept}/{request.path_info.removeprefix(old)}"
    return redirect(f"{new}?{request.META['QUERY_STRING']}" if request.META.get("QUERY_STRING") else new)


def said(request: HttpRequest, status: int, *sentences: str) -> HttpResponse:
    """A page that says what is wrong, or a notice over the page whose part was asked for."""
    context = {"sentences": sentences, "text": " ".join(sentences)}
    if wants_part(request):
        # the JavaScript has a sentence of its own for 403 and does not look inside
        return render(request, "mistake_part.html", context, status=422 if status == 403 else status)
    return render(request, "mistake.html", context, status=status)


def missing(request: HttpRequest, exception: Http404 | None = None) -> HttpResponse:
    """Nothing here, or nothing for you: nobody can tell which."""
    if wants_part(request):
        return said(request, 404, str(NOTHING_HERE))
    return render(request, "404.html", status=404)


__all__ = ["NOTHING_HERE", "answer_to", "fields_in_words", "in_words", "missing", "said"]
