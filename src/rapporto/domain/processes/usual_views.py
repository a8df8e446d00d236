"""The saved views with which an installation begins: what one wants to see of parties and activities on the first day."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from rapporto.domain.people.models import SavedView
from rapporto.domain.people.saved_views import APART, brings
from rapporto.domain.processes.models import DONE, PLANNED
from rapporto.kernel.actor import Actor, system_task
from rapporto.store.history.changing import change_set
from rapporto.store.history.models import ChangeSet
from rapporto.store.write import save

COMMAND = "usual_views"
DEALT_WITH = ("lead", "hot_lead", "opportunity", "customer", "at_risk")
"""The phases in which there should always be a next step."""


@dataclass(frozen=True)
class UsualView:
    """A view that everybody sees, and for whom the list opens with it (blank: for nobody)."""

    listed: str
    name: Any
    says: tuple[tuple[str, str], ...]
    usual_for: str = ""


TO_DO = ("columns", "at,kind,subject,party,person,assignee,state")
USUAL = (
    UsualView("party", _("My own"), (("owner.eq", "me"),)),
    UsualView("party", _("Customers"), (("phase.eq", "customer"),)),
    UsualView(
        "party", _("Without a next step"), (("next_activity.is_blank", "1"), ("phase.is_in", ",".join(DEALT_WITH)))
    ),
    UsualView("activity", _("To do"), (("state.eq", PLANNED), ("sort", "at"), TO_DO), usual_for="all"),
    UsualView("activity", _("Mine to do"), (("assignee.eq", "me"), ("state.eq", PLANNED), ("sort", "at"), TO_DO)),
    UsualView("activity", _("Done ones"), (("state.eq", DONE),)),
)
brings(*(one.name for one in USUAL))


def begin_with_views() -> None:
    """Make the usual views once; what was changed or deleted of them since stays as it is."""
    if ChangeSet.objects.filter(command=COMMAND).exists():
        return
    actor = system_task("Rapporto")
    with override("it"), change_set(actor, COMMAND):
        for number, one in enumerate(USUAL, 1):
            keep_for_all(actor, one, number * APART)


def keep_for_all(actor: Actor, one: UsualView, position: int) -> SavedView:
    """Keep a view that everybody sees."""
    shown = {
        "name": str(one.name),
        "listed": one.listed,
        "query": urlencode(one.says),
        "usual_for": one.usual_for or None,
    }
    row: SavedView = save(
        actor, "saved_view", {**shown, "shared": SavedView.EVERYONE, "pinned": True, "position": position}
    )
    return row
