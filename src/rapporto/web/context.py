"""What the shell of every page shows: places, search, the new button, the toast."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from rapporto.kernel.actor import NOBODY, Actor
from rapporto.kernel.where import NOTHING
from rapporto.store.declare import DECLARED
from rapporto.web.jobs.sign import followed
from rapporto.web.links import grid_url, new_url
from rapporto.web.registers import places
from rapporto.web.toasts import take

SETTINGS = "gear"


def shell(request: HttpRequest) -> dict[str, Any]:
    """The context of shell.html; little of it for who is not signed in."""
    actor: Actor = getattr(request, "actor", NOBODY)
    if actor.user_id is None:
        return {}
    if request.headers.get("HX-Request") == "true":
        return {}
    may_add = DECLARED["party"].record.changeable(actor) != NOTHING
    return {
        "places": list(_places(request, actor)),
        "search_url": reverse("search"),
        "keys_url": reverse("keys"),
        "new_party_url": new_url("party") if may_add else "",
        "account_url": reverse("settings_account"),
        "toast": take(request),
        "following": bool(followed(request)),
    }


def _places(request: HttpRequest, actor: Actor) -> list[dict[str, Any]]:
    found = []
    for record in places(actor):
        url = grid_url(record.name)
        current = request.path.startswith(url)
        found.append({"url": url, "icon": record.icon, "label": record.plural, "current": current, "bottom": False})
    current = request.path.startswith(reverse("settings"))
    found.append(
        {"url": reverse("settings"), "icon": SETTINGS, "label": _("Settings"), "current": current, "bottom": True}
    )
    return found
