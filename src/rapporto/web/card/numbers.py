"""The figures of a party: last dealing, next step, how many in twelve months, and those by month as a small drawing."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapporto.web.asked import language
from rapporto.web.card.org_tree import Chart as OrgChart
from rapporto.web.past import day_looked_at
from rapporto.web.timeline.dealings import Dealing, Dealings
from rapporto.web.timeline.entries import day_in_words, due_tag, month_word, months_back

BAR, GAP, HEIGHT, FOOT = 19, 8, 64, 16
"""Measures of the drawing, in its own units."""


@dataclass(frozen=True)
class Figure:
    """A number with its name."""

    label: str
    value: str
    note: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Bar:
    """One month of the drawing."""

    x: int
    y: int
    height: int
    count: int
    word: str
    middle: int


@dataclass(frozen=True)
class Chart:
    """The drawing and what it says in words."""

    bars: tuple[Bar, ...]
    text: str
    width: int = 12 * (BAR + GAP) - GAP
    height: int = HEIGHT + FOOT + 14
    base: int = HEIGHT + 14
    bar: int = BAR
    foot: int = HEIGHT + FOOT + 11


def by_month(rows: Dealings, today: date) -> dict[date, int]:
    """How many dealings took place in each of the last twelve months. One query over stored days."""
    months = dict.fromkeys(months_back(today), 0)
    for day, count in rows.by_day(next(iter(months)), today):
        months[day.replace(day=1)] += count
    return months


def chart(months: dict[date, int]) -> Chart | None:
    """The months as bars; None when nothing happened."""
    most = max(months.values(), default=0)
    if not most:
        return None
    bars = []
    for at, (month, count) in enumerate(months.items()):
        height = max(round(HEIGHT * count / most), 1 if count else 0)
        x = at * (BAR + GAP)
        bars.append(Bar(x, HEIGHT + 14 - height, height, count, month_word(month), x + BAR // 2))
    told = ", ".join(f"{month_word(month)} {month.year}: {count}" for month, count in months.items())
    return Chart(tuple(bars), _("Activities by month: {months}").format(months=told))


def figures(months: dict[date, int], next_step: Dealing | None, last: Dealing | None) -> list[Figure]:
    """The figures of the card and of the panel."""
    return [last_figure(last), next_figure(next_step), _year(months)]


def last_figure(last: Dealing | None) -> Figure:
    """When we last dealt with them."""
    if last is None:
        return Figure(_("Last activity"), "—", _("none so far"))
    day = timezone.localtime(last.at).date()
    away = (day_looked_at() - day).days
    ago = ngettext("{count} day ago", "{count} days ago", away).format(count=away) if away > 1 else ""
    return Figure(_("Last activity"), day_in_words(day), " · ".join(one for one in (ago, last.subject[:60]) if one))


def next_figure(planned: Dealing | None) -> Figure:
    """When they are due next; a party without a next step says so."""
    if planned is None:
        return Figure(_("Next step"), "—", _("nothing planned"), "today")
    tag = due_tag(planned.at)
    note = tag.text if tag.tone == "late" else planned.subject[:60]
    return Figure(_("Next step"), day_in_words(timezone.localtime(planned.at).date()), note, tag.tone)


def open_figure(planned: int, late: int) -> Figure:
    """How many steps are open, and how many of them are late."""
    note = ngettext("{count} is late", "{count} are late", late).format(count=late) if late else ""
    return Figure(_("Open steps"), str(planned), note, "late" if late else "")


def known_figure(chart: OrgChart) -> list[Figure]:
    """How many of the people here we have dealt with; nothing where nobody is known."""
    people = [one for one in chart.posts if not one.vacant]
    if not people:
        return []
    known = sum(bool(one.ties) for one in people)
    return [Figure(_("People we know"), _("{known} of {count}").format(known=known, count=len(people)))]


def _year(months: dict[date, int]) -> Figure:
    number = f"{sum(months.values()):,}"
    return Figure(_("Activities in 12 months"), number.replace(",", ".") if language() == "it" else number)
