"""Does the long works that were asked for: with the rights of now, once, and never without an end that is told."""

import logging
from collections.abc import Callable
from datetime import timedelta

from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone
from django.utils.translation import override

from rapporto.kernel.actor import Actor
from rapporto.kernel.facts import Transient, follows
from rapporto.kernel.text import Message
from rapporto.store import outbox
from rapporto.store.history.changing import close
from rapporto.store.history.models import ChangeSet
from rapporto.store.job_files import forget_old_files
from rapporto.store.jobs import (
    JOBS,
    SILENCE,
    STOPPED,
    Interrupted,
    JobAsked,
    JobKind,
    Progress,
    Result,
    Stopped,
    dumped,
)
from rapporto.store.jobs_models import Job
from rapporto.store.one_writer import turn

log = logging.getLogger(__name__)

KEPT = timedelta(days=30)


GONE = Message("Your access was closed before this work began.")
BROKEN_OFF = Message(
    "The work was broken off from outside, for instance because the server was started again. "
    "What it had done stays, and can be undone; then start it again."
)
MISTAKE = Message(
    "This did not work because of a mistake of ours, which is noted in the server's log. "
    "What was done until then stays, and can be undone; start it again, and tell who looks after the server if it happens twice."
)

ActorById = Callable[[int, str], Actor | None]
_actors: list[ActorById] = []


def actors_from(actor_by_id: ActorById) -> None:
    """Told once at the start: who a user is now, by id and door; None when they may not sign in any more."""
    _actors[:] = [actor_by_id]


@follows(JobAsked, name="jobs.run", longest=SILENCE, long=True)
def run(fact: JobAsked) -> None:
    """Do a work that was asked for. What a dead worker has left is done again, or its end is told."""
    job = Job.objects.filter(pk=fact.job).first()
    if job is None or job.state in Job.ENDED:
        return
    if job.kind not in JOBS or (job.state == Job.RUNNING and not JOBS[job.kind].resumes):
        _end(job, Job.FAILED, BROKEN_OFF)
        return
    kind, actor = JOBS[job.kind], _actors[0](job.user_id, job.door)
    if actor is None:
        _end(job, Job.FAILED, GONE)
        return
    outbox.hold(kind.silence)
    if not _begin(job):
        return
    with override(job.language or None):
        _do(kind, actor, job)


def _do(kind: JobKind, actor: Actor, job: Job) -> None:
    try:
        result = kind.run(actor, job.parameters, Progress(job, kind.silence))
    except Stopped:
        _end(job, Job.STOPPED, STOPPED)
    except (Interrupted, InterfaceError, OperationalError) as hitch:
        if kind.resumes:
            raise Transient(str(hitch) or "the worker was asked to end") from hitch
        _end(job, Job.FAILED, BROKEN_OFF)
    except Exception as wrong:
        if (told := _told(wrong)) is None:
            log.exception("the work %s (%s) failed", job.pk, kind.name)
        _end(job, Job.FAILED, told or MISTAKE)
    else:
        _end(job, Job.DONE, result.message, result)


def _told(wrong: Exception) -> Message | None:
    """What a refusal of the doors says to a person; None for a mistake of ours."""
    said = getattr(wrong, "message", None) or next(iter(getattr(wrong, "errors", {}).values()), None)
    return said if isinstance(said, Message) else None


def _begin(job: Job) -> bool:
    """Note that it runs; False when it was stopped while it waited."""
    with turn(), transaction.atomic():
        there = Job.objects.filter(pk=job.pk, state__in=(Job.WAITING, Job.RUNNING))
        return bool(there.update(state=Job.RUNNING, begun_at=job.begun_at or timezone.now()))


def _end(job: Job, state: str, message: Message, result: Result | None = None) -> None:
    """Note the end; a change set left open is closed, so that it can be undone."""
    change = result.change_set if result else Job.objects.values_list("change_set_id", flat=True).get(pk=job.pk)
    if change is not None and ChangeSet.objects.filter(pk=change, open=True).exists():
        close(change)
    written = change if change is not None and ChangeSet.objects.filter(pk=change).exists() else None
    names = ("url", "file", "file_name", "details")
    told = {name: getattr(result, name) for name in names} if result else {}
    with turn(), transaction.atomic():
        Job.objects.filter(pk=job.pk).exclude(state__in=Job.ENDED).update(
            state=state, sentence=dumped(message), change_set_id=written, ended_at=timezone.now(), **told
        )


def tidy() -> None:
    """Throw away the files of more than a day ago, and the works that ended long ago."""
    forget_old_files()
    with turn(), transaction.atomic():
        Job.objects.filter(ended_at__lt=timezone.now() - KEPT).delete()
