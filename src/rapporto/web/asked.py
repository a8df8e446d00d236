"""What every page knows of the request it answers: who asks, in which language, for a whole page or a part of one."""

from django.http import HttpRequest
from django.utils.translation import get_language

from rapporto.domain.people.actors import actor_of
from rapporto.kernel.actor import NOBODY, Actor


class Request(HttpRequest):
    """A request that has come through our middleware."""

    actor: Actor


def actor_of_request(request: HttpRequest) -> Actor:
    """Who asks; nobody when nobody is signed in."""
    user = request.user
    return actor_of(user) if user.is_authenticated else NOBODY


def language() -> str:
    """The language of the answer, in two letters."""
    return (get_language() or "it")[:2]


def wants_part(request: HttpRequest) -> bool:
    """Whether the JavaScript of a page asks, for a part of it."""
    return request.headers.get("HX-Request") == "true"


def aims_at(request: HttpRequest, target: str) -> bool:
    """Whether the answer goes into this element, said as «div#panel»."""
    return wants_part(request) and request.headers.get("HX-Target") == target
