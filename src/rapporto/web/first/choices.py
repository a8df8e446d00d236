"""The first screen of an empty installation: look at the demo company, bring one's contacts, or begin with nothing."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from rapporto.kernel.actor import ADMINISTRATOR, Actor
from rapporto.store.jobs import JOBS, start
from rapporto.store.records import find
from rapporto.web.first.demo import LOAD
from rapporto.web.links import job_url


def is_empty_for(actor: Actor) -> bool:
    """Whether this administrator stands in an installation without a single party."""
    return ADMINISTRATOR in actor.roles and not find(actor, "party").exists()


@require_GET
def welcome(request: HttpRequest) -> HttpResponse:
    """Three ways to begin; elsewhere than in an empty installation there is nothing to begin."""
    if not is_empty_for(request.actor):  # type: ignore[attr-defined]
        return redirect("first_page")
    return render(request, "first_choices.html", {"may_load": LOAD in JOBS})


@require_POST
def load_demo(request: HttpRequest) -> HttpResponse:
    """Load the demo company behind the page, which shows how far it is."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not is_empty_for(actor) or LOAD not in JOBS:
        raise Http404
    return redirect(job_url(start(actor, LOAD).pk))
