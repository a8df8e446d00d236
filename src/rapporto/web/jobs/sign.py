"""Remembers in the session which works a person has asked for, so that no page must ask the database whether one is under way."""

from django.http import HttpRequest

from rapporto.store.jobs_models import Job

KEPT = "jobs"
MOST = 20


def follow(request: HttpRequest, job: Job) -> None:
    """Show the sign of this work until it has ended and that was said."""
    request.session[KEPT] = [*followed(request), job.pk][-MOST:]


def followed(request: HttpRequest) -> list[int]:
    """The works of this session whose end was not said yet."""
    session = getattr(request, "session", None)
    return list(session.get(KEPT, ())) if session is not None else []


def told(request: HttpRequest, ids: set[int]) -> None:
    """The end of these was said."""
    if left := [one for one in followed(request) if one not in ids]:
        request.session[KEPT] = left
    elif followed(request):
        del request.session[KEPT]
