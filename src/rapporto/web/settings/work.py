"""Changes of the settings that touch very many records, as long works: hand-over, conversion, two values that become one."""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from rapporto.domain.people.handover import hand_over
from rapporto.kernel.actor import Actor
from rapporto.kernel.text import Message
from rapporto.store.bulk import CHUNK
from rapporto.store.history.changing import change_set
from rapporto.store.jobs import JOBS, JobKind, Progress, Result, start
from rapporto.store.made_values import convert, merge_choices
from rapporto.store.merge import merge
from rapporto.web.jobs.views import lead_to

KIND = "settings"
DONE = Message("Done: {number} records changed.")


def _hand_over(actor: Actor, given: Mapping[str, Any]) -> int:
    return hand_over(actor, given["user"], to=given["to"], close=True)


def _convert(actor: Actor, given: Mapping[str, Any]) -> int:
    return convert(actor, given["field"], given["kind"])


def _merge_choices(actor: Actor, given: Mapping[str, Any]) -> int:
    return merge_choices(actor, given["one"], given["other"])


def _merge_rows(actor: Actor, given: Mapping[str, Any]) -> int:
    return merge(actor, given["record"], given["other"], given["one"]).moved.total()


ACTS: Mapping[str, Callable[[Actor, Mapping[str, Any]], int]] = {
    "close_access": _hand_over,
    "convert_field": _convert,
    "merge_value": _merge_choices,
    "merge_rows": _merge_rows,
}
"""What can take long, by its command; each gives how many records it changed."""


def act(actor: Actor, command: str, **given: Any) -> tuple[int, int | None]:
    """Do it now; gives how many records changed, and the change set."""
    with change_set(actor, command) as change:
        number = ACTS[command](actor, given)
    return number, change.pk


def behind(request: HttpRequest, command: str, records: int, *, back: str, **given: Any) -> HttpResponse | None:
    """The page of a long work where very many records are touched; None when they are few enough to wait for."""
    if records <= CHUNK:
        return None
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return lead_to(request, start(actor, KIND, command=command, given=given, records=records, back=back))


def _run(actor: Actor, given: Mapping[str, Any], progress: Progress) -> Result:
    progress(0, given["records"])
    number, change = act(actor, given["command"], **given["given"])
    return Result(Message(DONE.text, {"number": number}), url=given["back"], change_set=change)


JOBS.add(KIND, JobKind(KIND, _("Change of the settings"), _run, unit=_("records"), silence=1800))
