"""Kinds of time: a day and a moment, always shown as 22/11/2026 and 22/11/2026 15:30."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from rapporto.kernel.kinds.base import ORDERED_KINDS, Kind
from rapporto.kernel.text import BadValue

_DAY_FIRST = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4}|\d{2})")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_CLOCK = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?(?::\d{2}(?:\.\d+)?)?")
_OFFSET = re.compile(r"[T ]\d{2}:\d{2}.*(Z|[+-]\d{2}:?\d{2})$")


def read_day(typed: str) -> date | None:
    """The day in «22/11/2026», «22.11.26» or «2026-11-22»; None when blank."""
    text = typed.strip()
    if not text:
        return None
    try:
        if match := _ISO.fullmatch(text):
            return date(int(match[1]), int(match[2]), int(match[3]))
        if match := _DAY_FIRST.fullmatch(text):
            year = int(match[3])
            year += 0 if year > 99 else (2000 if year < 70 else 1900)
            return date(year, int(match[2]), int(match[1]))
    except ValueError:
        pass
    raise BadValue("«{typed}» is not a date; write it like 22/11/2026.", typed=text[:60])


@dataclass(frozen=True)
class Day(Kind):
    """A calendar day without hour."""

    name: ClassVar[str] = "date"
    ops: ClassVar[tuple[str, ...]] = ("ge", "le", "eq", *[op for op in ORDERED_KINDS if op not in ("ge", "le", "eq")])
    widget: ClassVar[str] = "date"
    json: ClassVar[dict[str, Any]] = {"type": "string", "format": "date"}
    column: ClassVar[str] = "date"

    def read(self, typed: str) -> date | None:
        return read_day(typed)

    def show(self, value: Any, language: str = "it") -> str:
        return "" if value is None else f"{value:%d/%m/}{value.year:04}"

    def dump(self, value: Any) -> Any:
        return None if value is None else value.isoformat()

    def load(self, dumped: Any) -> Any:
        if not isinstance(dumped, str):
            return dumped if isinstance(dumped, date) else None
        try:
            return date.fromisoformat(dumped)
        except ValueError:
            return None


@dataclass(frozen=True)
class Moment(Kind):
    """A moment, stored in UTC and shown in the time zone of the company."""

    name: ClassVar[str] = "moment"
    ops: ClassVar[tuple[str, ...]] = ("ge", "le", "lt", "gt", "is_blank", "is_filled")
    widget: ClassVar[str] = "moment"
    json: ClassVar[dict[str, Any]] = {"type": "string", "format": "date-time"}
    column: ClassVar[str] = "timestamp with time zone"

    zone: str = "Europe/Rome"

    def read(self, typed: str) -> datetime | None:
        text = typed.strip()
        if not text:
            return None
        if _OFFSET.search(text):
            try:
                return datetime.fromisoformat(text).astimezone(UTC)
            except ValueError:
                raise BadValue(
                    "«{typed}» is not a date and time; write them like 22/11/2026 15:30.", typed=text[:60]
                ) from None
        day, _, clock = text.replace("T", " ").partition(" ")
        match = _CLOCK.fullmatch(clock.strip() or "0")
        at = read_day(day)
        if at is None or match is None or int(match[1]) > 23 or int(match[2] or 0) > 59:
            raise BadValue("«{typed}» is not a date and time; write them like 22/11/2026 15:30.", typed=text[:60])
        local = datetime(at.year, at.month, at.day, int(match[1]), int(match[2] or 0), tzinfo=ZoneInfo(self.zone))
        return local.astimezone(UTC)

    def show(self, value: Any, language: str = "it") -> str:
        return "" if value is None else f"{self.local(value):%d/%m/%Y %H:%M}"

    def local(self, value: datetime) -> datetime:
        """The moment on the clocks of the company."""
        return value.astimezone(ZoneInfo(self.zone))

    def dump(self, value: Any) -> Any:
        return None if value is None else value.astimezone(UTC).isoformat()

    def load(self, dumped: Any) -> Any:
        return datetime.fromisoformat(dumped) if isinstance(dumped, str) and dumped else dumped or None


def day_start(day: date, zone: str = "Europe/Rome", after: int = 0) -> datetime:
    """The first instant of a day (or of the one `after` days later) on the clocks of the company, in UTC."""
    day = day + timedelta(days=after)
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)
