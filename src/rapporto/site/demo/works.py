"""Loading the demo company and taking it away, as works behind a page that shows how far they are."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from rapporto.kernel.actor import ADMINISTRATOR, Actor
from rapporto.kernel.text import Message
from rapporto.site.demo.leaving import leave
from rapporto.site.demo.loading import load
from rapporto.store.errors import Refused
from rapporto.store.jobs import JOBS, JobKind, Progress, Result
from rapporto.web.first.demo import LOAD, REMOVE

PARTIES = 8_000
LOADED = Message("The demo company is here: look around, change what you like. The settings take it away again.")
THERE = Message(
    "The demo company is here already, or was begun before; take it away in the settings, then load it again."
)
GONE = Message("The demo company is gone; your own records are as they were.")
GONE_BUT = Message(
    "The demo company is gone, but for {count} of its records to which yours refer; your own are as they were."
)


def _load(actor: Actor, parameters: Mapping[str, Any], progress: Progress) -> Result:
    if ADMINISTRATOR not in actor.roles:
        raise Refused("Only an administrator loads the demo company.")
    done = load(int(parameters.get("size", PARTIES)), told=progress)
    return Result(LOADED if done else THERE, url="/party/" if done else "/demo/")


def _remove(actor: Actor, parameters: Mapping[str, Any], progress: Progress) -> Result:
    removal = leave(actor, dependent=bool(parameters.get("dependent", True)))
    stayed = sum(1 for one in removal.kept if not one.field)
    message = Message(GONE_BUT.text, {"count": stayed}) if stayed else GONE
    return Result(message, url="/party/", change_set=removal.change_set_id)


JOBS.add(LOAD, JobKind(LOAD, _("Load the demo company"), _load, unit=_("parties"), silence=600))
JOBS.add(REMOVE, JobKind(REMOVE, _("Take the demo company away"), _remove, unit=_("records"), silence=1800))
