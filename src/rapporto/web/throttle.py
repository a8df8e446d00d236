"""How often a door without a password may be knocked at: counted for all processes together, by address or by token."""

import hashlib

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

MINUTE = 60


def caller(request: HttpRequest) -> str:
    """From where a request comes, as far as the proxies in front of us are believed; of IPv6 the whole network of a household."""
    return str(get_adapter(request).get_client_ip(request))


def too_often(door: str, who: str, most: int, seconds: int = MINUTE) -> bool:
    """Count one knock; whether there were more than `most` within the seconds."""
    key = f"throttle:{door}:{hashlib.sha256(who.encode()).hexdigest()}"
    if cache.add(key, 1, seconds):
        return False
    try:
        return cache.incr(key) > most
    except ValueError:  # it ran out in between
        return False


def wait(request: HttpRequest, seconds: int = MINUTE) -> HttpResponse:
    """The answer to who came too often."""
    response = render(request, "429.html", status=429)
    response.headers["Retry-After"] = str(seconds)
    return response
