"""The preference page and the one-click unsubscribe of a mail: looking changes nothing, and no link tells more than another."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from rapporto.domain.consent.choices import PREFERENCE_PAGE
from rapporto.domain.consent.commands import set_preferences
from rapporto.domain.consent.links import Link, read
from rapporto.domain.consent.own_wishes import change_wishes, confirm, stop_everything, themselves, unsubscribe
from rapporto.store.errors import Invalid
from rapporto.store.history.changing import change_set
from rapporto.web.mistakes import in_words
from rapporto.web.preferences.page import Page
from rapporto.web.throttle import caller, too_often, wait

MOST_BAD, MOST = 30, 60
"""Knocks in a minute: with links that fit nothing, by network; with one that fits, by link (a mail provider presses for many people)."""
View = Callable[[HttpRequest, str, Link], HttpResponse]
SAID = ("saved", "confirmed", "stopped", "same")


def _by_link(view: View) -> Callable[[HttpRequest, str], HttpResponse]:
    """A page for whoever holds a link. No search engine keeps it."""

    @wraps(view)
    def answered(request: HttpRequest, token: str) -> HttpResponse:
        link = read(token)
        door, who, most = ("link", token, MOST) if link else ("no_link", caller(request), MOST_BAD)
        if too_often(door, who, most):
            response = wait(request)
        elif link is None:
            response = render(request, "preferences_none.html", status=404)
        else:
            response = view(request, token, link)
        response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        return response

    return answered


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@_by_link
def preferences(request: HttpRequest, token: str, link: Link) -> HttpResponse:
    """GET: what is. POST: what is to be, or an end to everything."""
    if request.method != "POST":
        said = request.GET.get("said", "")
        return _shown(request, link, said=said if said in SAID else "")
    here = reverse("preferences", args=[token])
    if stop := request.POST.get("stop"):
        if stop == "this":
            unsubscribe(link, caller(request), how=PREFERENCE_PAGE)
        else:
            stop_everything(link, caller(request))
        return redirect(f"{here}?said=stopped")
    if "confirm" in request.POST:
        return redirect(f"{here}?said={'confirmed' if confirm(link, caller(request)) else 'same'}")
    page = Page(link)
    try:
        with change_set(themselves(), "own_wishes"):
            changed = change_wishes(link, page.read_wishes(request.POST), caller(request))
            if wanted := page.read_preferences(request.POST):
                set_preferences(themselves(), party=link.party, **wanted)
    except Invalid as wrong:
        return _shown(request, link, mistakes=[in_words(one) for one in wrong.errors.values()], status=422)
    return redirect(f"{here}?said={'saved' if changed or wanted else 'same'}")


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@_by_link
def one_click(request: HttpRequest, token: str, link: Link) -> HttpResponse:
    """POST, as mail programs send it (RFC 8058): no more of this. GET, as scanners of mail do: the page, and nothing happens."""
    if request.method != "POST":
        return redirect("preferences", token)
    unsubscribe(link, caller(request))
    return _shown(request, link, said="stopped")


def _shown(
    request: HttpRequest, link: Link, *, said: str = "", mistakes: list[str] | None = None, status: int = 200
) -> HttpResponse:
    return render(
        request, "preferences.html", {**Page(link).context(), "said": said, "mistakes": mistakes or []}, status=status
    )
