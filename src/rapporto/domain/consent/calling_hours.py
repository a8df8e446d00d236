"""When somebody may be called: hours of the day by kind of day, Italian holidays and the patron saint of the province."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.utils import timezone
from holidays.countries.italy import Italy

ROME = ZoneInfo("Europe/Rome")
SATURDAY, SUNDAY = 5, 6


def today() -> date:
    """The day in Rome."""
    return timezone.now().astimezone(ROME).date()


@dataclass(frozen=True)
class Hours:
    """From when until when calls are allowed, from one day on: on working days, and on Saturdays and the eves of holidays."""

    since: date
    working: tuple[time, time]
    before_holidays: tuple[time, time]


# The code of conduct for telemarketing, Garante 7 March 2024 n. 148, art. on hours; a new rule is a new line at the end.
RULES = (Hours(date(2024, 9, 28), (time(9), time(20)), (time(10), time(19))),)


@lru_cache(maxsize=1000)
def _holidays(year: int, province: str) -> frozenset[date]:
    known = province if province in Italy.subdivisions else None
    return frozenset(Italy(subdiv=known, years=year))


def is_holiday(day: date, province: str = "") -> bool:
    """Whether nobody is called on that day: a Sunday, a holiday of Italy, or the patron saint's day of the province."""
    return day.weekday() == SUNDAY or day in _holidays(day.year, province)


@lru_cache(maxsize=4000)
def hours_of(day: date, province: str = "") -> tuple[time, time] | None:
    """From when until when calls are allowed on a day; None when they are not."""
    if is_holiday(day, province):
        return None
    rule = next((one for one in reversed(RULES) if one.since <= day), RULES[0])
    eve = day.weekday() == SATURDAY or is_holiday(day + timedelta(days=1), province)
    return rule.before_holidays if eve else rule.working


def may_call_at(at: datetime, province: str = "", first: int | None = None, last: int | None = None) -> bool:
    """Whether a call is allowed at that moment, on the clock of Rome; `first` and `last` are the hours a person asked for."""
    here = at.astimezone(ROME)
    hours = hours_of(here.date(), province)
    if hours is None or not hours[0] <= here.time() < hours[1]:
        return False
    return (first is None or here.hour >= first) and (last is None or here.hour < last)
