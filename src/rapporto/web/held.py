"""Who must first choose a password of their own, or set up a second step: nothing else is reachable until that is done."""

from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from rapporto.domain.people.models import User
from rapporto.domain.people.second_step import roles_with_second_step
from rapporto.web.asked import wants_part

HELD = "held"
"""In the session of who was held at sign-in, until a look says that nothing is missing any more."""
PASSWORD, SECOND_STEP = "password", "second_step"
STEPS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
ALWAYS = {"held", "set_language", "account_logout", "account_reauthenticate", "mfa_reauthenticate"}
OPEN = {
    PASSWORD: {*ALWAYS, "mfa_reauthenticate_webauthn", "account_change_password"},
    SECOND_STEP: {*ALWAYS, "mfa_reauthenticate_webauthn", "mfa_activate_totp", "mfa_add_webauthn"},
}
"""The pages that are reachable meanwhile, by what is missing."""


def missing(user: User) -> str:
    """What somebody must do before anything else; '' for nothing."""
    if user.handed_over:
        return PASSWORD
    return SECOND_STEP if user.role in roles_with_second_step() and not has_second_step(user.pk) else ""


def has_second_step(user: int, *, without: int | None = None) -> bool:
    """Whether somebody signs in with more than a password; `without` leaves one of the ways out of account."""
    return Authenticator.objects.filter(user=user, type__in=STEPS).exclude(pk=without).exists()


def hold(request: HttpRequest, user: User) -> None:
    """At sign-in: remember that something is missing."""
    if missing(user):
        request.session[HELD] = True


class AtTheDoor:
    """Leads who is held to what is missing; everybody else passes without a query."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase], view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        """The way to what is missing, for every page but those that are needed for it."""
        user = request.user
        if not isinstance(user, User) or not request.session.get(HELD):
            return None
        what = missing(user)
        if not what:
            del request.session[HELD]
            return None
        if request.resolver_match is not None and request.resolver_match.view_name in OPEN[what]:
            return None
        return HttpResponse(status=403) if wants_part(request) else redirect("held")


@require_GET
def held(request: HttpRequest) -> HttpResponse:
    """What is missing, why, and the ways to it."""
    user = request.user
    assert isinstance(user, User)
    what = missing(user) if request.session.get(HELD) else ""
    return render(request, "held.html", {"what": what}) if what else redirect("first_page")
