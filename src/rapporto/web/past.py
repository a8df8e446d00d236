"""Cards as they were: the day in the address, and reading everything as it was at its end."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from rapporto.store.errors import NotFound
from rapporto.store.history.as_of import as_of
from rapporto.store.moment import looking_at
from rapporto.store.typed import read_past
from rapporto.web.reading import Reading, read

PARAMETER = "as_of"


def past_moment(request: HttpRequest) -> datetime | None:
    """The moment a request looks back to: the end of the day named in its address; None for today. BadValue for a day to come."""
    return read_past(request.GET.get(PARAMETER, ""))


def as_of_choices() -> list[dict[str, str]]:
    """The days of the past that are asked for most, each with its address on the page at hand."""
    today = timezone.localdate()
    month_end = today.replace(day=1) - timedelta(days=1)
    year_ago = (
        today.replace(year=today.year - 1, day=min(today.day, 28))
        if today.month == 2
        else today.replace(year=today.year - 1)
    )
    days = (
        (_("yesterday"), today - timedelta(days=1)),
        (_("at the end of last month"), month_end),
        (_("a year ago"), year_ago),
    )
    return [{"label": label, "day": f"{day:%d/%m/%Y}", "url": f"?{PARAMETER}={day.isoformat()}"} for label, day in days]


def day_looked_at() -> date:
    """Today, or the day of the past that is looked at."""
    moment = looking_at()
    return timezone.localtime(moment - timedelta(microseconds=1)).date() if moment else timezone.localdate()


def with_today(reading: Reading, moment: datetime | None) -> Reading:
    """A record of the past with what it is today beside it, if it is still there. Call it outside of `reading_at`."""
    if moment is not None:
        try:
            reading.now = read(reading.actor, reading.record.name, reading.id)
        except NotFound:
            reading.now = None
    return reading


@contextmanager
def reading_at(moment: datetime | None) -> Iterator[None]:
    """Inside, everything is read as it was at that moment; as it is now when there is none."""
    if moment is None:
        yield
        return
    with as_of(moment):
        yield
