"""Long work: a row that says how far it is, done by a worker behind the pages, so that nobody waits before a blank screen."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language

from rapporto.kernel.actor import Actor
from rapporto.kernel.facts import Fact
from rapporto.kernel.registry import Registry
from rapporto.kernel.text import Message
from rapporto.store import outbox
from rapporto.store.jobs_models import Job
from rapporto.store.one_writer import turn

SILENCE = 60.0
"""Seconds after which a worker that has not said how far it is counts as dead."""
SAID_EVERY = 0.3
"""Seconds between two times that progress is written down."""
STOPPED = Message("What was done until then stays, and can be undone.")
ending = threading.Event()
"""Set when this process is asked to end: works under way end at their next step."""


@dataclass(frozen=True)
class Result:
    """What came of a work: a sentence, and where that leads: a page, a change set to undo, a file to fetch (its token and name)."""

    message: Message
    url: str = ""
    change_set: int | None = None
    file: str = ""
    file_name: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)
    """What the page of the result tells beyond the sentence; JSON."""


class Stopped(Exception):
    """Whoever asked for the work has stopped it; raised by `progress` between two transactions."""


class Interrupted(Exception):
    """The worker is asked to end, or counts as dead; raised by `progress` between two transactions."""


class Progress:
    """Told by the work how far it is: call it after every step. It writes a few times a second, between the work's transactions."""

    def __init__(self, job: Job, silence: float) -> None:
        self.job, self.silence = job, silence
        self.done, self.total = job.done, job.total
        self._outside = len(connection.atomic_blocks)
        self._written = time.monotonic()

    def __call__(self, done: int, total: int | None = None) -> None:
        """So much of `total` is done. Raises Stopped or Interrupted, which the work lets through."""
        self.done, self.total = done, self.total if total is None else total
        if len(connection.atomic_blocks) == self._outside and time.monotonic() - self._written >= SAID_EVERY:
            self._write()

    def change(self, change_set_id: int) -> None:
        """The change set in which the work writes; called inside its first transaction, so that the two are known together."""
        Job.objects.filter(pk=self.job.pk).update(change_set_id=change_set_id)

    def _write(self) -> None:
        self._written = time.monotonic()
        if ending.is_set():
            raise Interrupted
        with turn(), transaction.atomic():
            mine = outbox.hold(self.silence)
            going = running(self.job).filter(stop=False).update(done=self.done, total=self.total)
        if not mine:
            raise Interrupted
        if not going:
            raise Stopped


Work = Callable[[Actor, Mapping[str, Any], Progress], Result]


@dataclass(frozen=True)
class JobKind:
    """A kind of long work. `run` gets the parameters as JSON gave them back."""

    name: str
    label: Any
    """What a person calls it: «Export»."""
    run: Work
    unit: Any = ""
    """What is counted, in the plural: «rows»."""
    resumes: bool = False
    """Whether the work can simply be run again after it was broken off: it then goes on, or did nothing before its end."""
    silence: float = SILENCE
    """Seconds that one step may take."""
    leads: bool = False
    """Its result has a page of its own, to which its bar leads at the end."""


JOBS: Registry[JobKind] = Registry("job kind")


@dataclass(frozen=True)
class JobAsked(Fact):
    """Somebody asked for a long work."""

    job: int


def start(actor: Actor, kind: str, /, **parameters: Any) -> Job:
    """Ask for a work; a worker does it as soon as it can, with the rights the actor has by then.

    `parameters` are what JSON holds: ids and settings. Raises KeyError for a kind that is not declared, ValueError for who is nobody.
    """
    if actor.user_id is None:
        raise ValueError(f"{kind} was asked for by nobody who could look at it")
    with turn(), transaction.atomic():
        job = Job.objects.create(
            kind=JOBS[kind].name,
            user_id=actor.user_id,
            door=actor.door,
            language=get_language() or "",
            parameters=parameters,
            made_at=timezone.now(),
        )
        outbox.record(JobAsked(job.pk))
    return job


def stop(job: Job) -> None:
    """Ask a work to end: at once when it waits, else at its next step."""
    with turn(), transaction.atomic():
        waiting = Job.objects.filter(pk=job.pk, state=Job.WAITING)
        if not waiting.update(state=Job.STOPPED, stop=True, ended_at=timezone.now(), sentence=dumped(STOPPED)):
            Job.objects.filter(pk=job.pk, state=Job.RUNNING).update(stop=True)


def jobs_of(actor: Actor) -> QuerySet[Job]:
    """The works that the actor asked for, newest first: nobody sees those of others."""
    return Job.objects.filter(user_id=actor.user_id or 0).order_by("-id")


def running(job: Job) -> QuerySet[Job]:
    """The row of a work as long as it runs."""
    return Job.objects.filter(pk=job.pk, state=Job.RUNNING)


def dumped(message: Message) -> dict[str, Any]:
    """A message for JSON; `loaded` gives it back."""
    params = {name: dumped(one) if isinstance(one, Message) else one for name, one in message.params.items()}
    return {"text": message.text, "params": params}


def loaded(message: Mapping[str, Any]) -> Message:
    """A message from JSON."""
    params = {name: loaded(one) if isinstance(one, dict) else one for name, one in message["params"].items()}
    return Message(message["text"], params)
