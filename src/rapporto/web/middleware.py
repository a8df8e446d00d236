"""What surrounds every page: who asks, in which language, behind which headers, and what a person reads when something is wrong."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils import translation
from django.utils.cache import patch_vary_headers

from rapporto.store.userfields import reread
from rapporto.web.asked import actor_of_request, wants_part
from rapporto.web.mistakes import answer_to

Answer = Callable[[HttpRequest], HttpResponseBase]

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
"""Nothing from elsewhere, nothing inline."""
TOO_MANY = 429
PERMISSIONS = "camera=(), microphone=(), geolocation=(), payment=(), usb=()"


class Headers:
    """Says on every answer what a browser may do with it. Pages are personal: nobody keeps them."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        if response.status_code == TOO_MANY:
            response.headers.setdefault("Retry-After", "60")
        if not request.path_info.startswith(settings.STATIC_URL):
            response.headers["Cache-Control"] = "no-store"
            patch_vary_headers(response, ("HX-Request", "HX-Target", "Cookie"))
        return response


class Compressed(GZipMiddleware):
    """Sends pages compressed to who can read that: a list is eight times shorter. Files of downloads go as they are.

    The length of an answer tells nothing of the token in it, which is masked anew each time, and varies by chance (BREACH).
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """The answer, compressed when it is a whole page or a part of one."""
        if response.streaming or not response.headers.get("Content-Type", "").startswith("text/html"):
            return response
        return super().process_response(request, response)


class SignedIn(LoginRequiredMiddleware):
    """Every page is for people who are signed in, unless its view says otherwise; parts of a page get 401."""

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase], view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        """The way to the door for who is not signed in."""
        refused: HttpResponseBase | None = super().process_view(request, view_func, view_args, view_kwargs)
        return HttpResponse(status=401) if refused is not None and wants_part(request) else refused


class Asking:
    """Knows who asks, speaks their language, rereads the fields that the company made, and turns refusals into words."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.actor = actor_of_request(request)  # type: ignore[attr-defined]
        chosen = getattr(request.user, "language", "")
        if chosen:
            translation.activate(chosen)
            request.LANGUAGE_CODE = chosen
        reread()
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The answer to what the doors of the store refuse; None leaves the rest to Django."""
        return answer_to(request, exception)
