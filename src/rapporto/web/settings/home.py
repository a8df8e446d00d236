"""The first page of the settings: every place with what one does there, and a figure where one says something."""

from dataclasses import replace
from importlib.metadata import version

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from rapporto.kernel.actor import ADMINISTRATOR, Actor
from rapporto.kernel.where import field
from rapporto.store.records import find
from rapporto.web.figures import figure
from rapporto.web.first.demo import loads
from rapporto.web.registers import registers
from rapporto.web.settings.frame import Chapter, Place, chapters, may_keep, show


@require_GET
def settings_page(request: HttpRequest) -> HttpResponse:
    """The places this person may use, and the registers they may look at."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    context = {
        "doors": [_with_demo(one, actor) for one in chapters(actor)],
        "said": _said(actor),
        "registers": [one for one in registers(actor) if not one.open],
        "version": version("rapporto"),
    }
    return show(request, "settings.html", "", context)


def _with_demo(chapter: Chapter, actor: Actor) -> Chapter:
    """The way out for the demo company, as long as it is there: looked for on this page alone."""
    if ADMINISTRATOR not in actor.roles or all(one.name != "jobs" for one in chapter.places) or not loads():
        return chapter
    words = _("Take it out when you know enough")
    return replace(
        chapter, places=(*chapter.places, Place("demo", _("Demo company"), reverse("leave_demo"), "company", words))
    )


def _said(actor: Actor) -> dict[str, str]:
    """The figures, by the name of the place."""
    found: dict[str, str] = {}
    if may_keep(actor, "user"):
        active = find(actor, "user", field("is_active").eq(True)).count()
        found["users"] = ngettext("{n} may sign in", "{n} may sign in", active).format(n=figure(active))
    if may_keep(actor, "territory"):
        found["territories"] = figure(find(actor, "territory").count())
    if may_keep(actor, "team"):
        found["team"] = figure(find(actor, "team").count())
    if may_keep(actor, "user_field"):
        own = find(actor, "user_field", field("removed").eq(False)).count()
        found["fields"] = ngettext("{n} own field", "{n} own fields", own).format(n=figure(own))
    lists = sum(find(actor, name).count() for name in ("party_type", "industry", "link_type"))
    found["lists"] = _("{n} values").format(n=figure(lists))
    return found
