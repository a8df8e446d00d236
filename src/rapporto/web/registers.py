"""The settings place: the small registers that the others are chosen from, each with its list."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from rapporto.kernel.actor import Actor
from rapporto.kernel.record import RecordType
from rapporto.kernel.where import NOTHING
from rapporto.store.declare import DECLARED
from rapporto.store.userfields import record_type
from rapporto.web.first.choices import is_empty_for
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
    """The first place of this person; in an installation without a single party, the choice of how to begin."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if is_empty_for(actor):
        return redirect("welcome")
    there = places(actor)
    return redirect(grid_url(there[0].name) if there else "settings")
