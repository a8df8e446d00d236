"""The record type of activities."""

from django.utils.translation import gettext_lazy as _

from rapporto.domain.people.handover import Held, holds
from rapporto.domain.people.permissions import STAFF, roles
from rapporto.domain.processes.models import PLANNED, Activity
from rapporto.domain.processes.written import (
    complete_from_context,
    rebuild_numbers,
    renew_activity_search,
    renew_party_numbers,
)
from rapporto.kernel.actor import SYSTEM
from rapporto.kernel.record import USER_FIELDS
from rapporto.kernel.where import EVERYTHING, ME, field, through
from rapporto.store.declare import declare

OPEN_OR_MINE = through("party") & (field("private").eq(False) | field("taken_by").eq(ME) | field("assignee").eq(ME))
# What the system does for somebody (undoing an import, giving work to others) reaches private ones too; it shows them to nobody.
WHO = {**roles(OPEN_OR_MINE, *STAFF), SYSTEM: EVERYTHING}

activity = declare(
    Activity,
    title="subject",
    order="-at",
    grid=("at", "kind", "direction", "subject", "party", "person", "outcome", "taken_by", "state"),
    sections={
        _("Activity"): ("kind", "direction", "state", "party", "person", "at", "day", "subject", "asked", "outcome"),
        _("People"): ("taken_by", "assignee", "private"),
        _("Profile"): (USER_FIELDS,),
    },
    search={"subject": 100, "asked": 20, "outcome": 20},
    see=WHO,
    change=WHO,
    fixed=dict.fromkeys(STAFF, ("day",)),
    personal=("subject", "asked", "outcome"),
    prepare=(complete_from_context,),
    refresh=(renew_party_numbers, renew_activity_search),
    rebuild=(rebuild_numbers,),
    icon="note",
    place=True,
)

holds(Held("activity", "assignee", _("open activities"), field("state").eq(PLANNED)))
