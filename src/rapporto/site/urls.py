"""The addresses of an installation: sign-in, and the pages of web."""

from typing import NoReturn

from django.http import Http404, HttpRequest
from django.urls import include, path
from django.views.generic import RedirectView


def not_here(request: HttpRequest) -> NoReturn:
    """An address of allauth that is not ours: with whom somebody signs in is written on the card of the user, and remembered."""
    raise Http404


urlpatterns = [
    path("account/email/", not_here),
    path("account/2fa/", RedirectView.as_view(pattern_name="settings_account")),
    path("account/", include("allauth.account.urls")),
    path("account/2fa/", include("allauth.mfa.urls")),
    path("api/v1/", include("rapporto.api.urls")),
    path("", include("rapporto.web.urls")),
]
