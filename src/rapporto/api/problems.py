"""What cannot be done, as programs read it (RFC 9457): a status, a code, a sentence in the caller's language, the fields it is about."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError
from django.http import HttpResponse
from django.utils.translation import gettext_lazy

from rapporto.api.limits import TooMany
from rapporto.kernel.record import UnknownField
from rapporto.kernel.text import BadValue, Message
from rapporto.store.answers import OtherRequest
from rapporto.store.errors import Invalid, NotFound, Refused
from rapporto.store.messages import in_words

TYPE = "application/problem+json"
TITLES: Mapping[str, Any] = {
    "bad_request": gettext_lazy("The request cannot be read"),
    "unauthorized": gettext_lazy("A valid token is needed"),
    "forbidden": gettext_lazy("This is not permitted"),
    "not_found": gettext_lazy("There is nothing here"),
    "method_not_allowed": gettext_lazy("This cannot be done at this address"),
    "taken": gettext_lazy("There is one like this already"),
    "changed_meanwhile": gettext_lazy("The record was changed meanwhile"),
    "too_large": gettext_lazy("The request is too large"),
    "not_json": gettext_lazy("The request is not JSON"),
    "invalid": gettext_lazy("Some values cannot be kept"),
    "key_reused": gettext_lazy("The key was used for another request"),
    "version_needed": gettext_lazy("The version of the record is needed"),
    "too_many_requests": gettext_lazy("Too many requests"),
    "failure": gettext_lazy("Something went wrong here"),
}


class Problem(Exception):
    """What is answered instead of what was asked for. `errors` are (place in the request, sentence)."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: Message | None = None,
        *,
        errors: Sequence[tuple[str, Message]] = (),
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(code)
        self.status, self.code, self.detail = status, code, detail
        self.errors, self.headers, self.more = tuple(errors), dict(headers or {}), more

    def said(self) -> dict[str, Any]:
        """The members of the document, in the language at hand."""
        document: dict[str, Any] = {"type": "about:blank", "title": str(TITLES[self.code]), "status": self.status}
        document["code"] = self.code
        if self.detail is not None:
            document["detail"] = in_words(self.detail)
        if self.errors:
            document["errors"] = [{"pointer": place, "detail": in_words(text)} for place, text in self.errors]
        return {**document, **self.more}

    def response(self) -> HttpResponse:
        """The answer."""
        return HttpResponse(
            json.dumps(self.said(), ensure_ascii=False), status=self.status, content_type=TYPE, headers=self.headers
        )


def problem_of(wrong: Exception) -> Problem | None:
    """What is answered to what the store or the reading of a request refuses; None when it is none of ours."""
    match wrong:
        case Problem():
            return wrong
        case NotFound():
            return missing()
        case Refused():
            return Problem(403, "forbidden", wrong.message)
        case Invalid():
            return Problem(422, "invalid", errors=[(pointer(name), text) for name, text in wrong.errors.items()])
        case UnknownField():
            return Problem(400, "bad_request", unknown_field(wrong))
        case BadValue():
            return Problem(400, "bad_request", wrong.message)
        case OtherRequest():
            detail = Message("This key was sent with another request before; use a new key for each thing to do.")
            return Problem(422, "key_reused", detail)
        case TooMany():
            detail = Message("Wait {seconds} seconds and ask again.", {"seconds": wrong.wait})
            return Problem(429, "too_many_requests", detail, headers={"Retry-After": str(wrong.wait)})
        case IntegrityError():
            return Problem(409, "taken", Message("Another record has the same values, and there can be only one."))
    return None


def missing() -> Problem:
    """Nothing here, or nothing for this caller: nobody can tell which."""
    return Problem(404, "not_found", Message("It is not there, or you may not see it."))


def unknown_field(wrong: UnknownField) -> Message:
    """Which fields there are instead."""
    said = {"name": wrong.name[:60], "known": ", ".join(wrong.known[:100])}
    return Message("There is no field «{name}»; there are: {known}", said)


def pointer(*steps: object) -> str:
    """The place in the body of a request (RFC 6901), as a fragment."""
    return "#/" + "/".join(str(step).replace("~", "~0").replace("/", "~1") for step in steps)


__all__ = ["TYPE", "Problem", "missing", "pointer", "problem_of"]
