"""A list as it was on a day gone by: what is known of it, and the moment at which it is read."""

from contextlib import AbstractContextManager, nullcontext
from datetime import date, timedelta

from django.conf import settings
from django.utils import timezone

from rapporto.kernel.kinds.dates import day_start
from rapporto.kernel.record import Field
from rapporto.kernel.text import BadValue
from rapporto.store.history.as_of import as_of
from rapporto.store.reaching import Reached
from rapporto.web.grid.addresses import ListAddress


def moment_of(day: date | None) -> AbstractContextManager[None]:
    """Inside, everything is read as it was at the end of that day; None and days to come are now."""
    if day is None or day >= timezone.localdate():
        return nullcontext()
    return as_of(day_start(day, settings.TIME_ZONE, after=1) - timedelta(microseconds=1))


def past(address: ListAddress) -> bool:
    """Whether the list is one of the past."""
    return address.day is not None and address.day < timezone.localdate()


def known_then(field: Field) -> bool:
    """Whether a column is known for the past: what the product derives and keeps without history is not."""
    if isinstance(field, Reached):
        return field.end is None or not field.end.derived
    return not field.derived


def check_answerable(address: ListAddress) -> None:
    """Raises BadValue for what the past cannot answer."""
    if not past(address):
        return
    asked = [*(one.field for one in address.filters), *(one.field for one in address.groups)]
    asked += [address.field(address.sort.lstrip("-"))] if address.sort else []
    if not all(known_then(one) for one in asked):
        raise BadValue("This column is not known for the past; take it out of filters and order.")
    if address.words:
        raise BadValue("The past cannot be searched by words; filter a column instead.")
