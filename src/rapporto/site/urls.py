"""The addresses of an installation: sign-in, and the pages of web."""

from django.urls import include, path

urlpatterns = [
    path("account/", include("allauth.account.urls")),
    path("account/2fa/", include("allauth.mfa.urls")),
    path("", include("rapporto.web.urls")),
]
