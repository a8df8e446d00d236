"""A long work in words: figures of its bar, how long it may still take, what came of it."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from rapporto.kernel.text import Message
from rapporto.store.job_files import kept_file
from rapporto.store.jobs import JOBS, loaded
from rapporto.store.jobs_models import Job
from rapporto.web.figures import figure
from rapporto.web.links import undo_url
from rapporto.web.mistakes import in_words
from rapporto.web.toasts import Toast

SLOW_START = 30
"""Seconds after which one is told why nothing has begun yet."""
FORESEEN = 2
"""Seconds of work before anything is said of how long the rest will take."""
TONES = {Job.DONE: "good", Job.FAILED: "late", Job.STOPPED: "today"}


@dataclass(frozen=True)
class Shown:
    """A work as its page, the list and the sign in the top bar show it."""

    url: str
    label: str
    state: str
    done: int = 0
    total: int = 0
    figures: str = ""
    sentence: str = ""
    ended: bool = False
    stopping: bool = False
    tone: str = ""
    made_at: datetime | None = None
    result_url: str = ""
    file_url: str = ""
    file_name: str = ""
    undo_url: str = ""

    @property
    def percent(self) -> int | None:
        """How much is done, of a hundred; None as long as nobody knows how much there is."""
        return min(self.done * 100 // self.total, 100) if self.total else None


def shown(job: Job) -> Shown:
    """What there is to say of a work."""
    kind = JOBS.get(job.kind)
    ended = job.state in Job.ENDED
    has_file = bool(job.file) and kept_file(job.file) is not None
    return Shown(
        url=reverse("job", args=[job.pk]),
        label=str(kind.label) if kind else job.kind,
        state=str(_STATES[job.state]()),
        done=job.done,
        total=job.total,
        figures="" if ended else _figures(job, str(kind.unit) if kind else ""),
        sentence=_sentence(job),
        ended=ended,
        stopping=job.stop and not ended,
        tone=TONES.get(job.state, ""),
        made_at=job.made_at,
        result_url=job.url if ended else "",
        file_url=reverse("job_file", args=[job.pk]) if ended and has_file else "",
        file_name=job.file_name,
        undo_url=undo_url(job.change_set_id) if ended and job.change_set_id else "",
    )


_STATES = {
    Job.WAITING: lambda: pgettext("work", "Waiting"),
    Job.RUNNING: lambda: pgettext("work", "Under way"),
    Job.DONE: lambda: pgettext("work", "Done"),
    Job.FAILED: lambda: pgettext("work", "Not done"),
    Job.STOPPED: lambda: pgettext("work", "Stopped"),
}


def _sentence(job: Job) -> str:
    if job.state in Job.ENDED:
        return _with_figures(loaded(job.sentence)) if job.sentence else ""
    if job.stop:
        return _("It stops at its next step.")
    if job.state == Job.WAITING and (timezone.now() - job.made_at).total_seconds() > SLOW_START:
        return _(
            "Nobody has begun it yet: other works come first, or the part of the server that does them is not running. "
            "It will not be lost."
        )
    return _("You can go on working: the sign at the top says when it is done.")


def _with_figures(message: Message) -> str:
    """A message whose numbers are written as the reader writes them."""
    params = {
        name: figure(one) if isinstance(one, int) else in_words(one) if isinstance(one, Message) else one
        for name, one in message.params.items()
    }
    return in_words(Message(message.text, params))


def _figures(job: Job, unit: str) -> str:
    """«12.400 of 30.000 rows · about 20 s»."""
    if not job.total:
        return ""
    text = _("{done} of {total} {unit}").format(done=figure(job.done), total=figure(job.total), unit=unit).strip()
    rest = _rest(job)
    return f"{text} · {rest}" if rest else text


def _rest(job: Job) -> str:
    if job.begun_at is None or not job.done or job.state != Job.RUNNING:
        return ""
    taken = (timezone.now() - job.begun_at).total_seconds()
    if taken < FORESEEN:
        return ""
    seconds = max(round(taken / job.done * (job.total - job.done)), 1)
    if seconds < 60:
        return _("about {seconds} s").format(seconds=seconds)
    minutes = round(seconds / 60)
    return ngettext("about one minute", "about {minutes} minutes", minutes).format(minutes=figure(minutes))


def toast_of(job: Job) -> Toast:
    """What is said on whatever page its owner looks at when it ends."""
    one = shown(job)
    message = f"{one.label}: {one.state}. {one.sentence}"
    leads = one.file_url or one.url
    label = _("Download") if one.file_url else _("Look at it")
    return Toast(
        message, one.undo_url if job.state == Job.DONE else "", job.state == Job.FAILED, url=leads, url_label=label
    )
