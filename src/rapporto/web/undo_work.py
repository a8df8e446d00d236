"""Undoing a change of very many records as a long work."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from rapporto.kernel.actor import Actor
from rapporto.kernel.text import Message
from rapporto.store.bulk import CHUNK
from rapporto.store.history.models import Entry
from rapporto.store.history.undo import undo
from rapporto.store.jobs import JOBS, JobKind, Progress, Result, start
from rapporto.store.jobs_models import Job

KIND = "undo"
DONE = Message("Undone: everything is as it was before.")
DONE_BUT = Message("Undone: {restored}. Kept as they are, because undoing them would lose something else: {kept}.")
NOTHING = Message("There was nothing left to undo.")


def is_long(change_set_id: int) -> bool:
    """Whether a change set has more changes than are put back while somebody waits."""
    return Entry.objects.filter(change_set_id=change_set_id).values("pk")[: CHUNK + 1].count() > CHUNK


def begin_undo(actor: Actor, change_set_id: int, *, back: str, types: Sequence[str] | None = None) -> Job:
    """Undo a change set, or what it did to records of some types, behind the pages; its end leads `back`."""
    return start(actor, KIND, change_set=change_set_id, back=back, types=types)


def _run(actor: Actor, given: Mapping[str, Any], progress: Progress) -> Result:
    progress(0, Entry.objects.filter(change_set_id=given["change_set"]).count())
    types = given.get("types")
    undone = undo(actor, given["change_set"], only=None if types is None else dict.fromkeys(types))
    counts = {"restored": undone.restored, "kept": len(undone.kept)}
    told = Message(DONE_BUT.text, counts) if undone.kept else DONE if undone.restored else NOTHING
    return Result(told, url=given["back"], change_set=undone.change_set_id)


JOBS.add(KIND, JobKind(KIND, _("Undo of many changes"), _run, unit=_("changes"), silence=1800))
