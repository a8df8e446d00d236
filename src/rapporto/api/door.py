"""The door that every request of a program comes through: its token, its limits, its language, and its refusals as problems."""

import json
import logging
import re
from collections.abc import Callable
from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt

from rapporto.api.call import JSON, Answer, Call
from rapporto.api.limits import count_failure, count_token
from rapporto.api.problems import Problem, missing, problem_of
from rapporto.domain.people.tokens import Caller, caller_of
from rapporto.kernel.text import Message

Act = Callable[..., Answer]
View = Callable[..., HttpResponse]
_BEARER = re.compile(r"Bearer +([\x21-\x7e]{1,200})", re.IGNORECASE)
log = logging.getLogger(__name__)


def door(**methods: Act) -> View:
    """A view of the given acts by method; each is called with the Call and what the address says."""

    def view(request: HttpRequest, **place: Any) -> HttpResponse:
        try:
            return _answered(request, methods, place)
        except Exception as wrong:
            problem = problem_of(wrong)
            if problem is None:
                log.exception("%s %s", request.method, request.path)
                problem = Problem(
                    500, "failure", Message("It was written down; try again, or tell who keeps this system.")
                )
            return problem.response()

    return csrf_exempt(login_not_required(view))


def _answered(request: HttpRequest, methods: dict[str, Act], place: dict[str, Any]) -> HttpResponse:
    caller = _caller(request)
    _speak(request, caller)
    asked = "GET" if request.method == "HEAD" else request.method or ""
    if asked not in methods:
        allowed = ", ".join(sorted({*methods, *(["HEAD"] if "GET" in methods else [])}))
        raise Problem(405, "method_not_allowed", headers={"Allow": allowed})
    call = Call(request, caller)
    if asked == "GET":
        return _response(methods[asked](call, **place))
    return _response(call.answered_once(lambda: methods[asked](call, **place)))


def _caller(request: HttpRequest) -> Caller:
    """Who asks. Problem 401 without a valid token; TooMany for who asks too often."""
    shown = _BEARER.fullmatch(request.headers.get("Authorization", ""))
    caller = caller_of(shown[1]) if shown else None
    if caller is None:
        count_failure(_address(request))
        detail = Message("Send a token that is still valid: Authorization: Bearer rapporto_…")
        raise Problem(401, "unauthorized", detail, headers={"WWW-Authenticate": 'Bearer realm="Rapporto"'})
    count_token(caller.token_id)
    return caller


def _address(request: HttpRequest) -> str:
    """Where a request comes from; all those that do not say it, through a socket of this machine, are one."""
    try:
        return str(get_adapter().get_client_ip(request))
    except PermissionDenied:
        return "nowhere"


def _speak(request: HttpRequest, caller: Caller) -> None:
    """The language that the request asks for, else that of the user."""
    if not request.headers.get("Accept-Language") and caller.language:
        translation.activate(caller.language)


def _response(answer: Answer) -> HttpResponse:
    headers = {**answer.headers, **({"Idempotency-Replayed": "true"} if answer.again else {})}
    response = HttpResponse(answer.body, status=answer.status, content_type=JSON, headers=headers)
    if answer.status == 204:
        del response.headers["Content-Type"]
    return response


def told(value: Any, status: int = 200, **headers: str) -> Answer:
    """An answer of JSON; underscores in the names of headers stand for hyphens."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Answer(status, text, {name.replace("_", "-"): one for name, one in headers.items()})


@csrf_exempt
@login_not_required
def nothing_here(request: HttpRequest, **place: Any) -> HttpResponse:
    """What is answered below the place of the programs where there is nothing."""
    return missing().response()


__all__ = ["door", "nothing_here", "told"]
