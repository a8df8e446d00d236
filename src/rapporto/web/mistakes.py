"""Answers to what cannot be done: each says in words what was wrong and what to do; forbidden and missing answer alike."""

from collections.abc import Mapping

from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rapporto.kernel.record import UnknownField
from rapporto.kernel.text import BadValue, Message
from rapporto.store.errors import Conflict, Invalid, NotFound, Refused
from rapporto.web.asked import wants_part

NOTHING_HERE = _("There is nothing at this address. It may have been moved, or be assigned to someone else.")
UNKNOWN_COLUMN = _("This list has no column «{name}»; open the list again.")
TAKEN = _("Another record has the same values already, and there can be only one; go back and change them.")
CHANGED_MEANWHILE = _("{name} changed the same fields meanwhile; open the card again.")


def in_words(message: Message) -> str:
    """A message of the product in the language of the request."""
    return gettext(message.text).format(**{name: _spoken(one) for name, one in message.params.items()})


def _spoken(value: object) -> object:
    return in_words(value) if isinstance(value, Message) else value


def answer_to(request: HttpRequest, problem: Exception) -> HttpResponse | None:
    """The page, or part of a page, for an exception of the store; None when it is none of ours."""
    match problem:
        case NotFound():
            return missing(request)
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


def fields_in_words(errors: Mapping[str, Message]) -> dict[str, str]:
    """The messages of Invalid by field, in the language of the request."""
    return {name: in_words(message) for name, message in errors.items()}
