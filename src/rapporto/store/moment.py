"""Which moment is looked at: the present, or one of the past (`history.as_of` makes the tables read as they were then)."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from datetime import datetime

_looking_at: ContextVar[datetime | None] = ContextVar("moment_looked_at", default=None)


def looking_at() -> datetime | None:
    """The moment of the past that is being looked at; None in the present."""
    return _looking_at.get()


def present() -> AbstractContextManager[None]:
    """Inside, what is asked is answered as of now again: rights and estimates, while the past is being looked at."""
    return looking(None)


@contextmanager
def looking(moment: datetime | None) -> Iterator[None]:
    """Inside, this moment is looked at; None for the present."""
    token = _looking_at.set(moment)
    try:
        yield
    finally:
        _looking_at.reset(token)
