"""The export of everything about a person as a work behind the pages, with a ZIP to fetch at its end."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from rapporto.kernel.actor import Actor
from rapporto.kernel.text import Message
from rapporto.store import access
from rapporto.store.job_files import forget_file, new_file
from rapporto.store.jobs import JOBS, JobKind, Progress, Result, start
from rapporto.store.jobs_models import Job
from rapporto.store.rights.gather import everything_about
from rapporto.store.rights.ties import require_person
from rapporto.web.links import card_url
from rapporto.web.rights.export_files import file_name, write_zip

KIND = "person_export"
DONE = Message("{count} records are in the file.")


def begin_person_export(actor: Actor, record: str, row_id: int) -> Job:
    """Take out everything about a person, behind the pages. Raises NotFound, and Refused for what is no person."""
    require_person(actor, record, row_id)
    return start(actor, KIND, record=record, row_id=row_id)


def _run(actor: Actor, given: Mapping[str, Any], progress: Progress) -> Result:
    record, row_id = given["record"], given["row_id"]
    told = everything_about(actor, record, row_id, progress)
    token, file = new_file()
    try:
        with file:
            write_zip(file, actor, told)
    except BaseException:
        forget_file(token)
        raise
    count = 1 + sum(len(one.rows) for one in told.groups) + len(told.merged)
    access.note(actor, access.PERSON_EXPORT, record, row_id, count)
    return Result(
        Message(DONE.text, {"count": count}), url=card_url(record, row_id), file=token, file_name=file_name(row_id)
    )


JOBS.add(KIND, JobKind(KIND, _("Everything about a person"), _run, unit=_("records"), resumes=True))
