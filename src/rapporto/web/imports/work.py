"""The trial of an import and the import as long works: each ends with a page that tells what came of it."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from rapporto.kernel.actor import Actor
from rapporto.kernel.text import Message
from rapporto.store.errors import Refused
from rapporto.store.imports.engine import Engine
from rapporto.store.imports.models import ImportRun
from rapporto.store.imports.plain import shape_of
from rapporto.store.imports.runs import Asking, begin, remember, run_of
from rapporto.store.imports.shapes import Written
from rapporto.store.imports.tally import Lines
from rapporto.store.job_files import new_file
from rapporto.store.jobs import JOBS, JobKind, Progress, Result, start
from rapporto.store.jobs_models import Job
from rapporto.store.transfer.opened import Settings, Table, open_table
from rapporto.web.imports.files import place_of

TRIAL, IMPORT = "import_trial", "import_run"
GONE = "The file is no longer here; choose it again."
TRIED = Message("The trial has ended; nothing was written.")
DONE = Message(
    "{made} rows made something new, {changed} changed something, {known} were known already, {refused} were left out."
)
FILE_NAME = "prova.csv"


def table_of(run: ImportRun) -> Table:
    """The table that a run reads, as a person has confirmed how it is written. Raises Refused, Unreadable."""
    place = place_of(run.file)
    if place is None:
        raise Refused(GONE)
    given = Settings.from_json(run.settings) if run.settings else None
    return open_table(place, run.name, given)


def try_out(actor: Actor, run: ImportRun) -> Job:
    """Show what an import would do; a run is tried as often as one likes."""
    ImportRun.objects.filter(pk=run.pk).update(ended=False, at_row=0, counts={})
    return _started(actor, TRIAL, run)


def take_in(actor: Actor, tried: ImportRun) -> ImportRun:
    """Import what was tried; gives the run of the import, which its columns are remembered by."""
    table, shape = table_of(tried), shape_of(tried.shape)
    asking = Asking(tried.name, tried.file, tried.columns, tried.mode, settings=tried.settings, total=tried.total)
    run = begin(actor, tried.source, shape, asking)
    remember(actor, tried.source_id, shape, table.headers, asking)
    _started(actor, IMPORT, run)
    return run


def go_on(actor: Actor, run: ImportRun) -> Job:
    """Go on with an import that was stopped."""
    return _started(actor, IMPORT, run)


def _started(actor: Actor, kind: str, run: ImportRun) -> Job:
    job = start(actor, kind, run=run.pk)
    run.job_id = job.pk
    ImportRun.objects.filter(pk=run.pk).update(job_id=job.pk)
    return job


def _engine(actor: Actor, run: ImportRun, progress: Progress, lines: Lines | None = None) -> Engine:
    table = table_of(run)
    run.total = table.estimated
    ImportRun.objects.filter(pk=run.pk).update(total=run.total)
    written = Written(table.settings.decimal, table.settings.day_first)
    return Engine(actor, run, shape_of(run.shape), table, written=written, progress=progress, lines=lines)


def _try(actor: Actor, given: Mapping[str, Any], progress: Progress) -> Result:
    run = run_of(actor, given["run"])
    token, file = new_file()
    lines = Lines(file)
    try:
        _engine(actor, run, progress, lines).go()
    finally:
        lines.close()
    first = [asdict(line) for line in lines.first]
    url = reverse("import_tried", args=[run.pk])
    return Result(TRIED, url=url, file=token, file_name=FILE_NAME, details={"run": run.pk, "lines": first})


def _import(actor: Actor, given: Mapping[str, Any], progress: Progress) -> Result:
    run = _engine(actor, run_of(actor, given["run"]), progress).go()
    counts = {name: run.counts.get(f"rows.{name}", 0) for name in ("made", "changed", "known")}
    message = Message(DONE.text, {**counts, "refused": run.counts.get("refused", 0)})
    return Result(
        message, url=reverse("import_done", args=[run.pk]), change_set=run.change_set_id, details={"run": run.pk}
    )


JOBS.add(TRIAL, JobKind(TRIAL, _("Trial of an import"), _try, unit=_("rows"), leads=True, resumes=True))
JOBS.add(IMPORT, JobKind(IMPORT, pgettext_lazy("work", "Import"), _import, unit=_("rows"), leads=True, resumes=True))
