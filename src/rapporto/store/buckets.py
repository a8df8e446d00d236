"""Buckets: what stands together in a group of a column – a value, a day, month or year, an initial, a band of numbers."""

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from rapporto.kernel.kinds import Choice, Code, Day, Integer, Kind, Link, Links, LongText, Moment, Money, Text, Tick
from rapporto.kernel.kinds.dates import day_start
from rapporto.kernel.record import Field
from rapporto.kernel.text import BadValue
from rapporto.kernel.where import Key, Not, Test, Through, Where
from rapporto.store.compile import LAST
from rapporto.store.reaching import Reached

BLANK = "-"
"""The token of the group of those without a value."""
_TIMES = ("month", "year", "day")
_UNREADABLE = "This group is not there; open the list again."
_GREATEST = 2**63 - 1


def steps_of(field: Field) -> tuple[str, ...]:
    """The steps by which a column can be grouped, the usual one first; none when it cannot be grouped at all."""
    if isinstance(field.kind, LongText) or (isinstance(field, Reached) and field.relation is not None):
        return ()
    if isinstance(field.kind, Day | Moment):
        return _TIMES
    if isinstance(field.kind, Integer | Money):
        return ("band", "")
    return ("", "initial") if isinstance(field.kind, Text | Code) and not isinstance(field.kind, Choice) else ("",)


@dataclass(frozen=True)
class Bucket:
    """One group: its token, what is shown of it, its least key, and the condition that its rows satisfy."""

    token: str
    label_value: Any
    low: Any
    where: Where


def blank_bucket(field: Field) -> Bucket:
    """The group of those without a value; a linked record that may not be seen counts as none."""
    where: Where = Not(Through(field.name)) if _is_link(field) else Test(field.name, "is_blank")
    return Bucket(BLANK, None, None, where)


def _is_link(field: Field) -> bool:
    return isinstance(field.kind, Link) and not isinstance(field, Reached)


def bucket_of(field: Field, step: str, key: Any) -> Bucket:
    """The group to which a key belongs."""
    if step in _TIMES:
        return _time(field, step, key)
    if step == "band":
        return _band(field, key)
    if step == "initial":
        first = key[:1]
        where = Test(field.name, "ge", Key(first)) & Test(field.name, "lt", Key(first + LAST))
        return Bucket(_kept(first), (first.upper(), first.upper()), first, where)
    return Bucket(_kept(_written(field.kind, key)), key, key, _is(field, key))


def bucket_of_token(field: Field, step: str, token: str) -> Bucket:
    """The group of a token. BadValue when it is none."""
    if token == BLANK:
        return blank_bucket(field)
    try:
        return bucket_of(field, step, _read(field, step, _given(token)))
    except (ValueError, OverflowError):
        raise BadValue(_UNREADABLE) from None


def _is(field: Field, key: Any) -> Where:
    if isinstance(field.kind, Links):
        return Test(field.name, "is_in", (key,))
    return Test(field.name, "eq", Key(key) if isinstance(key, str) else key)


def _kept(text: str) -> str:
    """A token that is not taken for that of the blanks: one of dashes alone gets one more."""
    return text + "-" if not text.strip("-") else text


def _given(token: str) -> str:
    return token[:-1] if not token.strip("-") else token


def _written(kind: Kind, key: Any) -> str:
    return str(int(key)) if isinstance(kind, Tick) else str(key)


def _read(field: Field, step: str, token: str) -> Any:
    """A key that belongs to the group of a token."""
    if step in _TIMES:
        day = date.fromisoformat((token + "-01-01")[:10])
        return day_start(day, field.kind.zone) if isinstance(field.kind, Moment) else day
    if step == "band":
        return int(token.partition("..")[0])
    if isinstance(field.kind, Tick):
        return token == "1"
    if field.kind.sql == "integer":
        number = int(token)
        if abs(number) > _GREATEST:
            raise ValueError(token)
        return number
    if not token or "\0" in token:
        raise ValueError(token)
    return token


def _time(field: Field, step: str, key: Any) -> Bucket:
    kind = field.kind
    day = kind.local(key).date() if isinstance(kind, Moment) else key
    first, last = _FIRST[step](day), _LAST[step](day)
    token = first.isoformat()[: {"day": 10, "month": 7, "year": 4}[step]]
    if not isinstance(kind, Moment):
        return Bucket(token, (first, last), first, Test(field.name, "ge", first) & Test(field.name, "le", last))
    start = day_start(first, kind.zone) if first > date.min else datetime(1, 1, 1, tzinfo=UTC)
    where: Where = Test(field.name, "ge", start)
    if last < date.max:
        where &= Test(field.name, "lt", day_start(last, kind.zone, after=1))
    return Bucket(token, (first, last), start, where)


_FIRST: dict[str, Callable[[date], date]] = {
    "day": lambda day: day,
    "month": lambda day: day.replace(day=1),
    "year": lambda day: day.replace(month=1, day=1),
}
_LAST: dict[str, Callable[[date], date]] = {
    "day": lambda day: day,
    "month": lambda day: (
        day.replace(month=12, day=31) if day.month == 12 else _before(day.replace(month=day.month + 1, day=1))
    ),
    "year": lambda day: day.replace(month=12, day=31),
}


def _before(day: date) -> date:
    return day - timedelta(days=1)


def band_bounds(kind: Kind) -> list[int]:
    """Where bands begin: 1, 2, 5, 10, 20, 50 … whole euros or pieces, below nothing likewise; in the units that are stored."""
    unit = 100 if isinstance(kind, Money) else 1
    steps = [one * 10**power * unit for power in range(19) for one in (1, 2, 5) if one * 10**power * unit <= _GREATEST]
    return [-_GREATEST - 1, *(1 - one for one in reversed(steps)), *([0] if unit > 1 else []), *steps]


def _band(field: Field, key: int) -> Bucket:
    bounds = band_bounds(field.kind)
    at = bisect_right(bounds, key) - 1
    low, last = bounds[at], bounds[at + 1] - 1 if at + 1 < len(bounds) else _GREATEST
    where = Test(field.name, "ge", low) & Test(field.name, "le", last)
    return Bucket(f"{low}..{last}", (low, last), low, where)


def moment_bounds(kind: Moment, step: str, least: datetime, greatest: datetime) -> list[datetime]:
    """Where the days, months or years between two moments begin."""
    day, last = _FIRST[step](kind.local(least).date()), kind.local(greatest).date()
    found = []
    while day <= last:
        found.append(day_start(day, kind.zone) if day > date.min else datetime(1, 1, 1, tzinfo=UTC))
        end = _LAST[step](day)
        if end == date.max:
            break
        day = end + timedelta(days=1)
    return found


def as_key(field: Field, stored: Any) -> Any:
    """A key as the database gave it: dates of user-made fields are texts, moments of SQLite know no zone, its ticks are numbers."""
    if isinstance(stored, str) and isinstance(field.kind, Day):
        return date.fromisoformat(stored)
    if isinstance(field.kind, Moment):
        at = datetime.fromisoformat(stored) if isinstance(stored, str) else stored
        return at if at is None or at.tzinfo else at.replace(tzinfo=UTC)
    return bool(stored) if isinstance(field.kind, Tick) else stored


def edge(stored: str, step: str, zone: str, down: int) -> str | None:
    """Where the day, month or year of a moment of SQLite begins (`down`) or ends, likewise in UTC; None beyond the calendar."""
    day = Moment(zone).local(datetime.fromisoformat(stored).replace(tzinfo=UTC)).date()
    try:
        at = day_start(_FIRST[step](day), zone) if down else day_start(_LAST[step](day), zone, after=1)
    except OverflowError:
        return None
    return at.strftime("%Y-%m-%d %H:%M:%S")
