"""Cards as they were: the day in the address, and reading everything as it was at its end."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone

from rapporto.kernel.kinds import Moment
from rapporto.kernel.kinds.dates import day_start, read_day
from rapporto.kernel.text import BadValue
from rapporto.store.history.as_of import as_of

PARAMETER = "as_of"


def past_moment(request: HttpRequest) -> datetime | None:
    """The moment a request looks back to: the end of the day named in its address; None for today. BadValue for a day to come."""
    typed = request.GET.get(PARAMETER, "").strip()
    if not typed:
        return None
    moment = Moment().read(typed) if len(typed) > 10 else None
    day = read_day(typed) if moment is None else timezone.localdate(moment)
    today = timezone.localdate()
    if day is None or day > today:
        raise BadValue("That day is still to come; choose one of the past.")
    if moment is not None:
        return moment
    return None if day == today else day_start(day, after=1)


@contextmanager
def reading_at(moment: datetime | None) -> Iterator[None]:
    """Inside, everything is read as it was at that moment; as it is now when there is none."""
    if moment is None:
        yield
        return
    with as_of(moment):
        yield
