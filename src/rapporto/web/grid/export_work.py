"""The export of a long list as a long work, with a file to fetch at its end."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.utils.translation import gettext_lazy as _

from rapporto.kernel.actor import Actor
from rapporto.kernel.text import Message
from rapporto.store.job_files import forget_file, new_file
from rapporto.store.jobs import JOBS, JobKind, Progress, Result, jobs_of, start
from rapporto.store.jobs_models import Job
from rapporto.web.grid.addresses import ListAddress
from rapporto.web.grid.export_files import file_name, note_export, write_list
from rapporto.web.grid.export_lines import Lines
from rapporto.web.grid.saved import read_list

KIND = "export"
DONE = Message("{count} rows are in the file.")


def begin_export(actor: Actor, address: ListAddress, columns: tuple[str, ...], form: str) -> Job:
    """Export a list behind the pages; one that is asked for twice while it waits is made once."""
    given = {
        "record": address.record.name,
        "address": address.text(after="", within=()),
        "columns": list(columns),
        "form": form,
    }
    waiting = jobs_of(actor).filter(kind=KIND, state__in=(Job.WAITING, Job.RUNNING), stop=False)
    same = next((one for one in waiting if one.parameters == given), None)
    return same or start(actor, KIND, **given)


def _run(actor: Actor, given: Mapping[str, Any], progress: Progress) -> Result:
    parameters = parse_qs(urlsplit(given["address"]).query)
    address = read_list(actor, given["record"], parameters, leniently=False)
    lines = Lines(actor, address, tuple(given["columns"]))
    total = lines.number()
    progress(0, total)
    token, file = new_file()
    try:
        with file:
            count = write_list(file, lines, given["form"], progress, total)
    except BaseException:
        forget_file(token)
        raise
    note_export(lines, given["form"], count)
    message = Message(DONE.text, {"count": count})
    return Result(message, url=given["address"], file=token, file_name=file_name(address, given["form"]))


JOBS.add(KIND, JobKind(KIND, _("Export of a list"), _run, unit=_("rows"), resumes=True))
