"""The import of contacts, and the preview of a large file, as long works: each ends with a page that tells what came of it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from rapporto.domain.parties.contacts.importing import Preview, import_contacts, preview_contacts
from rapporto.domain.parties.contacts.plan import Step, Summary
from rapporto.kernel.actor import Actor
from rapporto.kernel.kinds import Phone
from rapporto.kernel.text import Message
from rapporto.store.errors import Refused
from rapporto.store.job_files import forget_file, kept_file, new_file
from rapporto.store.jobs import JOBS, JobKind, Progress, Result, start
from rapporto.store.jobs_models import Job
from rapporto.web.imports.files import read_file
from rapporto.web.mistakes import in_words

KIND, PREVIEW = "contacts_import", "contacts_preview"
TOLD = 100
PHONE = Phone()
SEEN = Message("The preview is ready.")
GONE = "The file is no longer here; choose it again."
DONE = Message(
    "{people} persons and {companies} companies are new; {known} rows were known already, {refused} could not be read."
)


@dataclass(frozen=True)
class Problem:
    """One value that went into the notes, or one row that was refused."""

    row: int
    column: str
    text: str
    reason: str


def begin_import(actor: Actor, data: bytes, *, name: str, rows: int) -> Job:
    """Import a file that was previewed, behind the pages."""
    token, file = new_file()
    with file:
        file.write(data)
    return start(actor, KIND, file=token, name=name, rows=rows)


def _run(actor: Actor, given: Mapping[str, Any], progress: Progress) -> Result:
    place = kept_file(given["file"])
    if place is None:
        raise Refused(GONE)
    imported = import_contacts(actor, place.read_bytes(), name=given["name"], progress=progress, rows=given["rows"])
    forget_file(given["file"])
    counts = imported.summary.counts()
    return Result(
        Message(DONE.text, counts),
        url=reverse("contacts_imported", args=[progress.job.pk]),
        change_set=imported.change_set_id,
        details={"name": given["name"], "counts": counts, **_dumped(problems(imported.summary))},
    )


def begin_preview(actor: Actor, token: str, *, name: str) -> Job:
    """Look at a large file, behind the pages."""
    return start(actor, PREVIEW, token=token, name=name)


def _preview(actor: Actor, given: Mapping[str, Any], progress: Progress) -> Result:
    data = read_file(given["token"])
    if data is None:
        raise Refused(GONE)
    found = preview_contacts(actor, data, progress=progress)
    place = reverse("contacts_previewed", args=[progress.job.pk])
    return Result(SEEN, url=place, details={**given, **told(found)})


def told(preview: Preview) -> dict[str, Any]:
    """What the page of a preview tells, for JSON."""
    return {
        "counts": preview.summary.counts(),
        "rows": [_row(step) for step in preview.first],
        **_dumped(problems(preview.summary)),
    }


def _row(step: Step) -> dict[str, Any]:
    """One of the first rows, as it would be kept."""
    draft = step.draft
    person, company = draft.person or {}, draft.company or {}
    place = company if company.get("city") else person
    return {
        "number": draft.row,
        "person": person.get("name", ""),
        "company": company.get("name", ""),
        "company_known": step.company is not None and not step.company.from_file,
        "job_title": draft.desk.get("job_title", ""),
        "phone": PHONE.show(
            draft.desk.get("phone") or person.get("mobile") or person.get("phone") or company.get("phone", "")
        ),
        "email": draft.desk.get("email") or person.get("email") or company.get("email", ""),
        "city": " ".join(one for one in (place.get("city", ""), place.get("province", "")) if one),
        "aside": len(draft.asides),
    }


def problems(summary: Summary) -> dict[str, Any]:
    """What was refused, then what went into the notes, the first hundred one by one."""
    found = [Problem(row, "", "", in_words(why)) for row, why in summary.refusals]
    found += [Problem(one.row, one.column, one.text, in_words(one.reason)) for one in summary.asides]
    return {"problems": found[:TOLD], "more": max(summary.refused + summary.aside - TOLD, 0)}


def _dumped(found: dict[str, Any]) -> dict[str, Any]:
    return {**found, "problems": [asdict(one) for one in found["problems"]]}


JOBS.add(PREVIEW, JobKind(PREVIEW, _("Preview of contacts"), _preview, unit=_("rows"), leads=True, resumes=True))
JOBS.add(KIND, JobKind(KIND, _("Import of contacts"), _run, unit=_("rows"), leads=True))
