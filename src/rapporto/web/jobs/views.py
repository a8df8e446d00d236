"""The page of a long work, its file, its stop button, and the sign of the works under way; to each person only their own."""

from dataclasses import replace
from pathlib import PurePath

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from rapporto.kernel.actor import Actor
from rapporto.store import jobs
from rapporto.store.errors import NotFound
from rapporto.store.history.undo import undoable
from rapporto.store.job_files import kept_file
from rapporto.store.jobs_models import Job
from rapporto.web.asked import aims_at
from rapporto.web.jobs.sign import follow, followed, told
from rapporto.web.jobs.words import shown, toast_of

SIGN, BAR = "div#jobs-sign", "div#job"
LISTED = 50
TYPES = {
    ".zip": "application/zip",
    ".csv": "text/csv; charset=utf-8",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def lead_to(request: HttpRequest, job: Job) -> HttpResponseRedirect:
    """Answer a request that has started a work: its page, and the sign on all others."""
    follow(request, job)
    return redirect("job", job.pk)


@require_GET
def job_page(request: HttpRequest, job: int) -> HttpResponse:
    """How far a work is, or what came of it."""
    one = _own(request, job)
    if one.state in Job.ENDED:
        told(request, {one.pk})
        if one.state == Job.DONE and one.kind in jobs.JOBS and jobs.JOBS[one.kind].leads and one.url:
            return redirect(one.url)
    told_now = shown(one)
    if told_now.undo_url and not undoable(_actor(request), one.change_set_id or 0):
        told_now = replace(told_now, undo_url="")
    context = {"job": told_now, "stop_id": one.pk}
    return render(request, "job_part.html" if aims_at(request, BAR) else "job.html", context)


@require_POST
def stop_job(request: HttpRequest, job: int) -> HttpResponse:
    """Stop a work at its next step."""
    jobs.stop(_own(request, job))
    return redirect("job", job)


@require_GET
def job_file(request: HttpRequest, job: int) -> HttpResponseBase:
    """The file that a work has made, as a download."""
    one = _own(request, job)
    place = kept_file(one.file)
    if place is None:
        raise NotFound("job", job)
    kind = TYPES.get(PurePath(one.file_name).suffix, "application/octet-stream")
    answer = FileResponse(place.open("rb"), as_attachment=True, filename=one.file_name, content_type=kind)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


@require_GET
def job_list(request: HttpRequest) -> HttpResponse:
    """The works of this person; for the sign in the top bar only those of this session that go on, and what has ended as toasts."""
    mine = jobs.jobs_of(_actor(request))
    if not aims_at(request, SIGN):
        return render(request, "jobs.html", {"jobs": [shown(one) for one in mine[:LISTED]]})
    waited = followed(request)
    found = list(mine.filter(pk__in=waited)) if waited else []
    ended = [one for one in found if one.state in Job.ENDED]
    told(request, set(waited) - {one.pk for one in found if one not in ended})
    going = [shown(one) for one in found if one not in ended]
    return render(
        request, "_jobs_sign.html", {"going": going, "asked": True, "toasts": [toast_of(one) for one in ended]}
    )


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _own(request: HttpRequest, job: int) -> Job:
    found = jobs.jobs_of(_actor(request)).filter(pk=job).first()
    if found is None:
        raise NotFound("job", job)
    return found
