"""The working days of Officine Adige around a given day: weekends and Italian holidays skipped, office hours, a quiet August."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

import holidays

from rapporto.site.demo.chance import Chance

YEARS = 2
AHEAD = 45
ROME = ZoneInfo("Europe/Rome")
_QUARTERS = (0, 15, 30, 45, 5, 10, 20, 40, 50, 55)
_HOURS = (8, 9, 9, 9, 10, 10, 10, 11, 11, 11, 12, 14, 14, 15, 15, 15, 16, 16, 16, 17, 17)


@dataclass(frozen=True)
class Calendar:
    """The days from two years before `today` until some weeks after."""

    today: date

    @cached_property
    def start(self) -> date:
        """The first day that the company's memory reaches."""
        return self.today - timedelta(days=365 * YEARS)

    @cached_property
    def past(self) -> tuple[date, ...]:
        """The working days before today, oldest first."""
        return tuple(day for day in self._days(self.start, self.today) if not self._quiet(day))

    @cached_property
    def ahead(self) -> tuple[date, ...]:
        """The working days from today on."""
        return tuple(self._days(self.today, self.today + timedelta(days=AHEAD)))

    @cached_property
    def _noon(self) -> dict[date, datetime]:
        """Each day’s noon in Verona, as a moment in UTC: clocks change on Sundays only."""
        every = (*self._days(self.start, self.today), *self.ahead)
        return {day: datetime(day.year, day.month, day.day, 12, tzinfo=ROME).astimezone(UTC) for day in every}

    def moment(self, chance: Chance, day: date) -> datetime:
        """Some moment within the office hours of a working day."""
        return self.at(day, chance.one(_HOURS), chance.one(_QUARTERS))

    def at(self, day: date, hour: int, minute: int = 0) -> datetime:
        """That hour in Verona on a working day, in UTC."""
        return self._noon[day] + timedelta(hours=hour - 12, minutes=minute)

    def some_day(self, chance: Chance, since: date, recent: float = 0.75) -> date:
        """A working day from `since` until yesterday; the nearer ones more often, the smaller `recent` is."""
        first = self._first(since)
        return self.past[first + int((len(self.past) - first) * chance.random() ** recent)]

    def _first(self, since: date) -> int:
        low, high = 0, len(self.past) - 1
        while low < high:
            middle = (low + high) // 2
            low, high = (low, middle) if self.past[middle] >= since else (middle + 1, high)
        return low

    def working(self, days_ago: int) -> date:
        """The working day so many calendar days before today, or the last one before that."""
        day = self.today - timedelta(days=days_ago)
        return max(past for past in self.past if past <= max(day, self.past[0]))

    def _days(self, first: date, last: date) -> list[date]:
        feasts = holidays.country_holidays("IT", subdiv="VR", years=range(first.year, last.year + 1))
        every = (first + timedelta(days=number) for number in range((last - first).days))
        return [day for day in every if day.weekday() < 5 and day not in feasts]

    @staticmethod
    def _quiet(day: date) -> bool:
        return (day.month == 8 and 8 <= day.day <= 23) or (day.month, day.day) in ((12, 24), (12, 31))


def microseconds(moment: datetime) -> int:
    """A moment as the history keeps it."""
    return int(moment.timestamp()) * 1_000_000
