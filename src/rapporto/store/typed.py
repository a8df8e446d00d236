"""Values of filters and days of the past as typed: «1.000», «22/11/2026», «oggi-90», «io»; read and written by the kind of their field."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from rapporto.kernel.kinds import Choice, Code, Day, Integer, Kind, Link, Links, Moment, Money
from rapporto.kernel.kinds.dates import day_start, read_day
from rapporto.kernel.kinds.spoken import read_at
from rapporto.kernel.text import BadValue, clean, fold
from rapporto.kernel.where import ME, DaysFromToday

VALUELESS = ("is_blank", "is_filled")
ME_WORDS = ("me", "io")
_TODAY = re.compile(r"(?:today|oggi)\s*(?:([+-])\s*(\d{1,5}))?")
_MOST = 500
_SIGNS = {"<=": "le", "≤": "le", ">=": "ge", "≥": "ge", "<": "lt", ">": "gt", "=": "eq", "≠": "ne", "!=": "ne"}


def read_value(kind: Kind, op: str, typed: Sequence[str]) -> Any:
    """The value to compare with. Raises BadValue with what to do."""
    if op in VALUELESS:
        return None
    if op == "is_in":
        return _several(kind, typed)
    text = clean(typed[-1]) if typed else ""
    if op in ("contains", "starts_with"):
        return text
    if isinstance(kind, Link) and fold(text) in ME_WORDS:
        return ME
    if isinstance(kind, (Day, Moment)) and (relative := read_relative(text)):
        return relative if isinstance(kind, Day) else _moment(kind, op, relative)
    value = read_at(kind, text, timezone.localtime()) if isinstance(kind, Day) else kind.read(text)
    if isinstance(kind, Moment) and isinstance(value, datetime) and op in ("le", "gt") and _is_day(text):
        # «until 22/11» means the end of that day
        return value + timedelta(days=1) - timedelta(microseconds=1)
    return value


def _several(kind: Kind, typed: Sequence[str]) -> tuple[Any, ...]:
    apart = isinstance(kind, (Choice, Code, Link, Links))
    words = [part for one in typed for part in (one.split(",") if apart else (one,)) if part.strip()]
    if len(words) > _MOST:
        raise BadValue("These are too many values for one filter; choose fewer.")
    if isinstance(kind, Links):
        return kind.check(words) or ()
    return tuple(dict.fromkeys(kind.read(word) for word in words))


def read_relative(text: str) -> DaysFromToday | None:
    """«oggi», «today-90», «oggi + 7»; None when it is no such day."""
    match = _TODAY.fullmatch(fold(text))
    if match is None:
        return None
    days = int(match[2] or 0)
    return DaysFromToday(-days if match[1] == "-" else days)


def _moment(kind: Moment, op: str, relative: DaysFromToday) -> datetime:
    today = timezone.localdate()
    end = op in ("le", "gt")
    start = day_start(today + timedelta(days=relative.days), kind.zone, after=1 if end else 0)
    return start - timedelta(microseconds=1) if end else start


def read_past(typed: str) -> datetime | None:
    """The moment of the past that was typed, or the end of a day; None for today, or when blank. BadValue for what is to come."""
    text = typed.strip()
    if not text:
        return None
    moment: datetime | None = Moment().read(text) if len(text) > 10 else None
    day = read_day(text) if moment is None else timezone.localdate(moment)
    today = timezone.localdate()
    if day is None or day > today:
        raise BadValue("That day is still to come; choose one of the past.")
    if moment is not None:
        return moment
    return None if day == today else day_start(day, after=1)


def _is_day(text: str) -> bool:
    try:
        return read_day(text) is not None
    except BadValue:
        return False


def written(kind: Kind, op: str, value: Any) -> str:
    """A value as it stands in an address: reading it gives the value again."""
    if value is ME:
        return "me"
    if isinstance(value, DaysFromToday):
        return "today" if not value.days else f"today{value.days:+d}"
    if op in ("contains", "starts_with"):
        return str(value)
    if isinstance(kind, Moment):
        return str(kind.dump(value) or "")
    return str(kind.edit(value, "it")) if not isinstance(kind, (Link, Links)) else str(value)


def split_sign(kind: Kind, op: str, text: str) -> tuple[str, str]:
    """The operator that a person wrote before a number or a day, such as «<1000», and the rest; else the one of the column."""
    bare = text.strip()
    if not isinstance(kind, (Day, Integer, Moment, Money)):
        return op, text
    for sign, meant in _SIGNS.items():
        if bare.startswith(sign) and meant in kind.ops and bare[len(sign) :].strip():
            return meant, bare[len(sign) :].strip()
    return op, text


__all__ = ["VALUELESS", "read_past", "read_relative", "read_value", "split_sign", "written"]
