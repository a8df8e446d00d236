"""The search as a long work that somebody asks for, and as one of the night."""

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from rapporto.domain.parties.duplicates.models import DuplicateSearch
from rapporto.domain.parties.models import Party
from rapporto.insight.duplicates.batch import Searched, search
from rapporto.kernel.actor import ADMINISTRATOR, MANAGER, Actor
from rapporto.kernel.text import Message
from rapporto.store.errors import Refused
from rapporto.store.jobs import JOBS, JobKind, Progress, Result, start
from rapporto.store.jobs_models import Job

log = logging.getLogger(__name__)

KIND = "find_duplicates"
NIGHT = range(1, 5)
"""The hours in which nobody waits for the machine."""
QUEUE = "/duplicates/"
MAY = (MANAGER, ADMINISTRATOR)
DONE = Message("{parties} parties searched: {likely} likely duplicates, {new} of them new.")


def begin(actor: Actor) -> Job:
    """Search the whole register behind the pages. Refused to who does not see all of it."""
    if actor.roles.isdisjoint(MAY):
        raise Refused(
            "Only managers and administrators search the whole register; the pairs they find are shown to everybody concerned."
        )
    return start(actor, KIND)


def _run(actor: Actor, given: Mapping[str, Any], progress: Progress) -> Result:
    if actor.roles.isdisjoint(MAY):
        raise Refused(
            "Only managers and administrators search the whole register; the pairs they find are shown to everybody concerned."
        )
    done = noted(DuplicateSearch.objects.create(began_at=timezone.now()), actor, progress, progress.change)
    counts = {"parties": done.parties, "likely": done.likely, "new": done.new}
    return Result(Message(DONE.text, counts), url=QUEUE, change_set=done.change_set_id, details=counts)


def noted(line: DuplicateSearch, *more: Any) -> Searched:
    """Search, and note what was found."""
    done = search(*more)
    told = {"ended_at": timezone.now(), "parties": done.parties, "likely": done.likely, "new": done.new}
    DuplicateSearch.objects.filter(pk=line.pk).update(**told)
    return done


def nightly(now: datetime | None = None) -> bool:
    """For the worker: once a night, search the whole register. False when it is day, or another worker does it."""
    here = timezone.localtime(now)
    if here.hour not in NIGHT or not Party.objects.exists():
        return False
    try:
        with transaction.atomic():
            line = DuplicateSearch.objects.create(night=here.date(), began_at=timezone.now())
    except IntegrityError:
        return False
    try:
        noted(line)
    except Exception:  # a night without a search must not end the worker
        log.exception("the search for duplicates of %s failed", line.night)
    return True


JOBS.add(KIND, JobKind(KIND, _("Search for duplicates"), _run, unit=_("parties"), resumes=True, silence=1800))
