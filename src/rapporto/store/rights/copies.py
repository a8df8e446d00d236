"""Copies of data outside the records: works and their files, answers kept for programs, reasons of what was not delivered.

A part that keeps copies of its own adds a function to COPIES; it is called within the transaction of the erasure.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings

from rapporto.kernel.erasure import Fate
from rapporto.kernel.registry import Registry
from rapporto.kernel.text import Message
from rapporto.store.answers import forget_answers
from rapporto.store.chunks import chunks
from rapporto.store.history.models import ChangeSet
from rapporto.store.imports.models import ExternalCode, ImportRun, RefusedRow
from rapporto.store.jobs import dumped
from rapporto.store.jobs_models import Job
from rapporto.store.outbox_models import Delivery, Fact
from rapporto.store.rights.others import struck_in
from rapporto.store.rights.scope import Scope
from rapporto.store.rights.words import Words

Forget = Callable[[Scope, Words], int]
COPIES: Registry[Forget] = Registry("copy that is forgotten")
"""By name: what takes a person out of copies of data; gives how many it changed."""
LEFT_OUT = Message("What stood in this row has been erased on request.")
FILES = ("jobs", "imports")
"""Folders of files that works take in and give out. Each is there for a day at most: whatever is in them goes."""


def forget_copies(scope: Scope, words: Words) -> dict[str, int]:
    """Take a person out of every copy; how many each of them changed."""
    return {name: forget(scope, words) for name, forget in COPIES.items()}


def forget_files() -> int:
    """Throw away the files of works that have ended, and what was brought to be imported; those of works under way stay."""
    going = Job.objects.exclude(state__in=Job.ENDED).values_list("parameters", "file")
    needed = json.dumps(list(going))
    number = 0
    for folder in FILES:
        place = Path(settings.MEDIA_ROOT) / folder
        for file in place.iterdir() if place.exists() else ():
            if file.is_file() and file.name not in needed:
                file.unlink(missing_ok=True)
                number += 1
    return number


def _works(scope: Scope, words: Words) -> int:
    """Of works that name the person nothing stays of the rows they tell; figures do."""
    number = 0
    for job in Job.objects.filter(state__in=Job.ENDED):
        told = {name: getattr(job, name) for name in ("parameters", "sentence", "file_name", "details")}
        if not words.names_them(json.dumps(told, ensure_ascii=False)):
            continue
        values = {name: struck_in(one, words.inside) for name, one in told.items()}
        number += Job.objects.filter(pk=job.pk).update(**{**values, "details": _figures(values["details"])})
    return number


def _figures(details: Any) -> Any:
    """Details without the rows they list."""
    if isinstance(details, dict):
        return {name: _figures(one) for name, one in details.items()}
    return [] if isinstance(details, list) else details


def _answers(scope: Scope, words: Words) -> int:
    return forget_answers()


def _deliveries(scope: Scope, words: Words) -> int:
    """Facts have numbers alone; the reason for which one was not delivered may name an address."""
    number = 0
    for row in Delivery.objects.exclude(reason=""):
        if (reason := struck_in(row.reason, words.nearby)) != row.reason:
            number += Delivery.objects.filter(pk=row.pk).update(reason=reason)
    for fact in Fact.objects.all():
        if (payload := struck_in(fact.payload, words.nearby)) != fact.payload:
            number += Fact.objects.filter(pk=fact.pk).update(payload=payload)
    return number


def _imports(scope: Scope, words: Words) -> int:
    """The codes by which other programs know the person, and rows that were refused and name them."""
    own = [(scope.name, list(scope.ids)), *((name, list(rows)) for name, rows in scope.fates[Fate.ERASE].items())]
    number = 0
    for record, ids in own:
        for some in chunks(ids):
            number += ExternalCode.objects.filter(record=record, row__in=some).delete()[0]
    for row in RefusedRow.objects.iterator():
        if words.names_them(json.dumps([row.values, row.raw, row.reason], ensure_ascii=False)):
            number += RefusedRow.objects.filter(pk=row.pk).update(values=[], raw="", reason=dumped(LEFT_OUT))
    for run in ImportRun.objects.iterator():
        if (name := struck_in(run.name, words.nearby)) != run.name:
            number += ImportRun.objects.filter(pk=run.pk).update(name=name)
    return number


def _change_sets(scope: Scope, words: Words) -> int:
    """What change sets say of themselves: the name of the file that was imported, for example."""
    number = 0
    for change in ChangeSet.objects.exclude(summary={}).iterator():
        if (summary := struck_in(change.summary, words.nearby)) != change.summary:
            number += ChangeSet.objects.filter(pk=change.pk).update(summary=summary)
    return number


COPIES.add("works", _works)
COPIES.add("imports", _imports)
COPIES.add("change_sets", _change_sets)
COPIES.add("answers", _answers)
COPIES.add("deliveries", _deliveries)

__all__ = ["COPIES", "forget_copies", "forget_files"]
