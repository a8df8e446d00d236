"""The settings place: the small registers that the others are chosen from, each with its list."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from rapporto.kernel.actor import Actor
from rapporto.kernel.record import RecordType
from rapporto.kernel.where import NOTHING
from rapporto.store.declare import DECLARED
from rapporto.store.userfields import record_type
from rapporto.web.links import grid_url


@dataclass(frozen=True)
class Register:
    """One register: what it is called, where its list is, and whether this person may change it."""

    label: str
    url: str
    open: bool


def places(actor: Actor) -> list[RecordType]:
    """The record types with a place in the rail that this person may see."""
    return [one.record for one in DECLARED.values() if one.record.place and one.record.visible(actor)]


def registers(actor: Actor) -> list[Register]:
    """The registers this person may see: what has no place of its own and is no part of something else."""
    found = [
        record_type(name)
        for name, one in DECLARED.items()
        if not one.record.place and not one.record.part_of and one.record.visible(actor)
    ]
    return [Register(str(one.plural), grid_url(one.name), one.changeable(actor) != NOTHING) for one in found]


@require_GET
def first_page(request: HttpRequest) -> HttpResponse:
    """The first place of this person."""
    there = places(request.actor)  # type: ignore[attr-defined]
    return redirect(grid_url(there[0].name) if there else "settings")


@require_GET
def settings_page(request: HttpRequest) -> HttpResponse:
    """The page of the registers."""
    return render(request, "settings.html", {"registers": registers(request.actor)})  # type: ignore[attr-defined]
