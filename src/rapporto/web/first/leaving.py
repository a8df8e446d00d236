"""The way out for the demo company: what leaves, what stays and why, and one button."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from rapporto.domain.people.commands import create_user
from rapporto.domain.people.models import User
from rapporto.kernel.actor import ADMINISTRATOR, Actor
from rapporto.store.errors import Invalid, NotFound
from rapporto.store.history.models import Entry
from rapporto.store.history.removal import Removal, preview
from rapporto.store.jobs import JOBS, start
from rapporto.store.userfields import record_type
from rapporto.web.asked import language
from rapporto.web.first.demo import REMOVE, loads
from rapporto.web.first.door import administrator_fields
from rapporto.web.links import card_url, job_url
from rapporto.web.mistakes import fields_in_words, in_words

NAMED = 20
"""How many of the rows that stay are named."""


@dataclass(frozen=True)
class Leaving:
    """How many records of a type leave."""

    label: str
    number: str


@dataclass(frozen=True)
class Staying:
    """One record of the demo company that stays, and why."""

    title: str
    url: str
    reason: str


@require_http_methods(["GET", "POST"])
def leave(request: HttpRequest) -> HttpResponse:
    """GET: what would leave. POST: let it leave; whoever has no administrator of their own makes one in the same step."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    sets = loads()
    if ADMINISTRATOR not in actor.roles or not sets or REMOVE not in JOBS:
        raise NotFound("party", None)
    needs_administrator = not own_administrators(sets)
    typed = {name: request.POST.get(name, "").strip()[:200] for name in ("name", "email")}
    errors: dict[str, str] = {}
    dependent = request.method == "GET" or "dependent" in request.POST
    if request.method == "POST":
        try:
            if needs_administrator:
                password = request.POST.get("password", "")[:1000]
                create_user(actor, name=typed["name"], email=typed["email"], role=ADMINISTRATOR, password=password)
        except Invalid as wrong:
            errors = fields_in_words(wrong.errors)
        else:
            return redirect(job_url(start(actor, REMOVE, dependent=dependent).pk))
    context = {
        **_told(preview(actor, sets, dependent=dependent)),
        "fields": administrator_fields(typed, errors) if needs_administrator else [],
        "dependent": dependent,
    }
    return render(request, "first_leaving.html", context, status=422 if errors else 200)


def own_administrators(sets: list[int]) -> bool:
    """Whether somebody administers who did not come with the demo company."""
    came = Entry.objects.filter(change_set_id__in=sets, record="user", act=Entry.INSERTED).values("row_id")
    return User.objects.filter(role=ADMINISTRATOR, is_active=True).exclude(pk__in=came).exists()


def _told(removal: Removal) -> dict[str, Any]:
    whole = [one for one in removal.kept if not one.field]
    return {
        "leaving": _numbers(removal.removed),
        "staying": [
            Staying(one.title, card_url(one.record, one.row_id), in_words(one.reason)) for one in whole[:NAMED]
        ],
        "staying_more": max(0, len(whole) - NAMED),
    }


def _numbers(removed: Mapping[str, int]) -> list[Leaving]:
    separator = "." if language() == "it" else ","
    most_first = sorted(removed.items(), key=lambda one: -one[1])
    named = ((record_type(name), number) for name, number in most_first)
    return [
        Leaving(str(record.plural), f"{number:,}".replace(",", separator))
        for record, number in named
        if not record.part_of
    ]
