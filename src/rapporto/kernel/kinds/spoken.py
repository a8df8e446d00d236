"""Days and hours as people say them: «domani 15», «gio 9.30», «+15», «tra 2 settimane», «fine mese», «15/1», English likewise.

What `Day` and `Moment` read strictly always wins; words need to be told which moment it is.
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from rapporto.kernel.kinds import spoken_words as words_for
from rapporto.kernel.kinds.base import Kind
from rapporto.kernel.kinds.dates import Day, Moment, read_day
from rapporto.kernel.kinds.pasted import plain
from rapporto.kernel.text import BadValue, fold

DAY, WEEK, MONTH, YEAR, HOUR = words_for.DAY, words_for.WEEK, words_for.MONTH, words_for.YEAR, words_for.HOUR
NINE, EVENING = time(9), time(18)
"""The hour meant where only a day is said; today it is the end of the day."""
_CLOCK = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?(am|pm)?")
_STEP = re.compile(r"([+-])\s*(\d{1,4})\s*([a-z]*)")
_SHORT_DATE = re.compile(r"(\d{1,2})[/.\-](\d{1,2})")
_LONGEST = 60


@dataclass(frozen=True)
class Said:
    """A day, and the hour on the clocks of the company if one was said."""

    day: date
    clock: time | None = None

    def moment(self, now: datetime, zone: str) -> datetime:
        """The moment in UTC; without an hour it is nine o'clock, today the end of the day."""
        clock = self.clock or (EVENING if self.day == now.date() else NINE)
        return datetime.combine(self.day, clock, ZoneInfo(zone)).astimezone(UTC)


def read_at(kind: Kind, typed: str, now: datetime) -> Any:
    """The value of a text typed at a moment: days and moments are understood in words too. Raises BadValue.

    `now` is on the clocks of the company.
    """
    if isinstance(kind, Day):
        return read_day_said(typed, now)
    if isinstance(kind, Moment):
        return read_moment_said(typed, now, kind)
    return kind.read(typed)


def read_day_said(typed: str, now: datetime) -> date | None:
    """The day in «22/11/2026», «giovedì prossimo», «+15»; None when blank. Raises BadValue."""
    try:
        return read_day(plain(typed))
    except BadValue:
        heard = said(typed, now)
    if heard is None:
        raise BadValue(
            "«{typed}» is not a date; write it like 22/11/2026, 22/11, «tomorrow», «thu», «+15» or «in 2 weeks».",
            typed=typed.strip()[:60],
        )
    if heard.clock is not None:
        raise BadValue("Here only the day counts; leave the hour out.")
    return heard.day


def read_moment_said(typed: str, now: datetime, kind: Moment | None = None) -> datetime | None:
    """The moment, in UTC, in «22/11/2026 15:30», «domani 15», «gio 9.30»; None when blank. Raises BadValue.

    Where only a day is said it is nine o'clock; today it is the end of the day.
    """
    kind, text = kind or Moment(), plain(typed)
    heard = Said(day) if (day := _strict_day(text)) else None
    if heard is None:
        try:
            return kind.read(text)
        except BadValue:
            heard = said(typed, now)
    if heard is None:
        raise BadValue(
            "«{typed}» is not a date and time; write them like 22/11/2026 15:30, «tomorrow 15», «thu 9.30» or «+15».",
            typed=typed.strip()[:60],
        )
    return heard.moment(now, kind.zone)


def _strict_day(text: str) -> date | None:
    try:
        return read_day(text)
    except BadValue:
        return None


def in_full(kind: Kind, value: date | datetime, language: str) -> str:
    """How a day or moment was understood: «gio 26/11/2026 09:30»."""
    day = kind.local(value) if isinstance(kind, Moment) and isinstance(value, datetime) else value
    return f"{words_for.SHORT_WEEKDAYS['it' if language.startswith('it') else 'en'][day.weekday()]} {kind.show(value, language)}"


def said(typed: str, now: datetime) -> Said | None:
    """What is meant by words and short dates; None when that cannot be told. `now` is on the clocks of the company."""
    if len(typed) > _LONGEST:
        return None
    words = _words(typed)
    try:
        if (moment := _hours_from_now(words, now)) is not None:
            return Said(moment.date(), moment.time().replace(second=0, microsecond=0))
        for at in range(len(words), 0, -1):
            day, clock = _day(words[:at], now.date()), _clock(words[at:])
            if day is not None and (clock is not None or at == len(words)):
                return Said(day, clock)
        clock = _clock(words)
        return Said(now.date(), clock) if clock is not None else None
    except (ValueError, OverflowError):  # the 31st of February, the year 10,000
        return None


def _words(typed: str) -> list[str]:
    text = " " + re.sub(r"(?<=\d)[°º]", "", fold(typed).replace("'", " ")) + " "
    for word, two in words_for.AS_TWO.items():
        text = text.replace(f" {word} ", f" {two} ")
    text = re.sub(r"(?<=\d)(?=[ap]m\b)|(?<=\d)\s+(?=[ap]m\b)", "", text)
    text = re.sub(r"\bh(?=\d)", "h ", re.sub(r"[,;]", " ", text))
    return [word for word in text.split() if word not in words_for.SMALL]


_DAYS = {" ".join(_words(text)): days for text, days in words_for.DAYS.items()}
_EDGES = {" ".join(_words(text)): edge for text, edge in words_for.EDGES.items()}


def _clock(words: list[str]) -> time | None:
    """The hour in «9», «alle 9.30», «ore 9 e mezza», «3pm», «pomeriggio»; None when they say none."""
    while words and words[0] in words_for.AT:
        words = words[1:]
    half = words[-2:] in (["e", "mezza"], ["e", "mezzo"])
    words = words[:-2] if half else words
    if len(words) != 1:
        return None
    if words[0] in words_for.PARTS:
        return time(words_for.PARTS[words[0]])
    if not (match := _CLOCK.fullmatch(words[0])):
        return None
    hour, minute = int(match[1]), 30 if half else int(match[2] or 0)
    if match[3]:
        hour = hour % 12 + (12 if match[3] == "pm" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _day(words: list[str], today: date) -> date | None:
    text = " ".join(words)
    if text in _DAYS:
        return today + timedelta(days=_DAYS[text])
    for reading in (_step(words, text, today), _edge(words, today), _weekday(words, today), _date(words, text, today)):
        if reading is not None:
            return reading
    return None


def _step(words: list[str], text: str, today: date) -> date | None:
    """«+15», «-3 giorni», «tra 2 settimane», «3 days ago»."""
    if match := _STEP.fullmatch(text):
        unit = words_for.UNITS.get(match[3] or "g", "")
        return _moved(today, int(match[1] + match[2]), unit)
    if len(words) == 3 and words[0] in words_for.IN and (count := _number(words[1])) is not None:
        return _moved(today, count, words_for.UNITS.get(words[2], ""))
    if len(words) == 3 and words[2] in words_for.AGO and (count := _number(words[0])) is not None:
        return _moved(today, -count, words_for.UNITS.get(words[1], ""))
    return None


def _number(word: str) -> int | None:
    return int(word) if word.isascii() and word.isdigit() and len(word) < 5 else words_for.NUMBERS.get(word)


def _moved(day: date, count: int, unit: str) -> date | None:
    if unit in (DAY, WEEK):
        return day + timedelta(days=count * (7 if unit == WEEK else 1))
    if unit not in (MONTH, YEAR):
        return None
    months = day.year * 12 + day.month - 1 + count * (12 if unit == YEAR else 1)
    year, month = divmod(months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _hours_from_now(words: list[str], now: datetime) -> datetime | None:
    """«tra 2 ore», «in 30 minutes»."""
    if len(words) != 3 or words[0] not in words_for.IN or words_for.UNITS.get(words[2]) not in (HOUR, words_for.MINUTE):
        return None
    count = _number(words[1])
    step = timedelta(hours=1) if words_for.UNITS[words[2]] == HOUR else timedelta(minutes=1)
    return None if count is None else now + count * step


def _edge(words: list[str], today: date) -> date | None:
    """«fine mese», «fine mese prossimo», «settimana prossima», «next month»."""
    bare = [word for word in words if word not in words_for.NEXT]
    text, ahead = " ".join(bare), len(bare) != len(words)
    if text in _EDGES:
        where, unit = _EDGES[text]
    elif ahead and len(bare) == 1 and words_for.UNITS.get(bare[0]) in (WEEK, MONTH, YEAR):
        where, unit, ahead = "start", words_for.UNITS[bare[0]], False
    else:
        return None
    return _edge_of(where, unit, today, ahead=ahead)


def _edge_of(where: str, unit: str, today: date, *, ahead: bool) -> date | None:
    if where == "start":
        ahead = True
    if unit == WEEK:
        monday = today - timedelta(days=today.weekday()) + timedelta(days=7 if ahead else 0)
        return monday if where == "start" else monday + timedelta(days=5)
    first = _moved(today.replace(day=1, month=1) if unit == YEAR else today.replace(day=1), int(ahead), unit)
    if first is None or where == "start":
        return first
    if where == "middle":
        middle = first.replace(day=15)
        return middle if middle >= today else _moved(middle, 1, MONTH)
    following = _moved(first, 1, unit)
    return following - timedelta(days=1) if following else None


def _weekday(words: list[str], today: date) -> date | None:
    """«gio», «giovedì prossimo», «last monday», «lunedì settimana prossima», «gio 26»: never today itself."""
    number = next((n for word in words if (n := _named(word, words_for.WEEKDAYS)) is not None), None)
    rest = [word for word in words if _named(word, words_for.WEEKDAYS) is None]
    if number is None or len(rest) > 2 or len(rest) == len(words) or len(words) - len(rest) > 1:
        return None
    coming = today + timedelta(days=(number - today.weekday() - 1) % 7 + 1)
    if not rest or (len(rest) == 1 and rest[0] in words_for.NEXT):
        return coming
    if len(rest) == 1 and rest[0] in words_for.LAST:
        return today - timedelta(days=(today.weekday() - number - 1) % 7 + 1)
    if (
        len(rest) == 2
        and {words_for.UNITS.get(word) for word in rest} == {WEEK, None}
        and words_for.NEXT.intersection(rest)
    ):
        return today + timedelta(days=7 - today.weekday() + number)
    if (day := _date(rest, " ".join(rest), today)) and day.weekday() == number:
        return day
    return None


def _named(word: str, names: tuple[tuple[str, ...], ...]) -> int | None:
    bare = word.rstrip(".")
    if len(bare) < 3:
        return None
    return next((at for at, several in enumerate(names) if any(name.startswith(bare) for name in several)), None)


def _date(words: list[str], text: str, today: date) -> date | None:
    """«15», «15/1», «15 gennaio», «January 15, 2027»; without a year it is the next one, today included."""
    if day := _strict_day(text):
        return day
    if match := _SHORT_DATE.fullmatch(text):
        return _coming(today, int(match[1]), int(match[2]))
    figures = [word for word in words if word.isascii() and word.isdigit()]
    months = [at for word in words if (at := _named(word, words_for.MONTHS)) is not None]
    if len(words) == 1 and len(figures) == 1 and len(figures[0]) < 3:
        return next((day for day in _on_the(int(figures[0]), today) if day >= today), None)
    if len(months) != 1 or not figures or len(words) != len(figures) + 1 or len(figures[0]) > 2:
        return None
    if len(figures) == 2 and len(figures[1]) == 4:
        return date(int(figures[1]), months[0] + 1, int(figures[0]))
    return _coming(today, int(figures[0]), months[0] + 1) if len(figures) == 1 else None


def _on_the(number: int, today: date) -> Iterator[date]:
    """That day of this month and of the following ones that have it."""
    for ahead in range(4):
        month = _moved(today.replace(day=1), ahead, MONTH)
        if month and 1 <= number <= monthrange(month.year, month.month)[1]:
            yield month.replace(day=number)


def _coming(today: date, day: int, month: int) -> date | None:
    """That day of the year, this year or the next one that has it."""
    for year in range(today.year, today.year + 9):
        if 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1] and date(year, month, day) >= today:
            return date(year, month, day)
    return None


__all__ = ["Said", "in_full", "read_at", "read_day_said", "read_moment_said", "said"]
