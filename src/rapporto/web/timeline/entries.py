"""One line of a story, as the stream shows it: a dealing, done or planned, or a change of the card."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from rapporto.web.asked import language

PLANNED, DONE, CHANGE = "planned", "done", "change"


@dataclass(frozen=True)
class Tag:
    """A word beside a line; its tone is late, today, good or nothing."""

    text: str
    tone: str = ""


@dataclass(frozen=True)
class StreamEntry:
    """What `_stream_entries.html` draws. `kind` is the word for the icon, `undo_url` shows what restoring would do."""

    at: datetime
    icon: str
    title: str
    mark: str = DONE
    kind: str = ""
    person: str = ""
    text: str = ""
    by: str = ""
    """Who took it, or is to do it, in words."""
    url: str = ""
    tags: tuple[Tag, ...] = ()
    changes: tuple[dict[str, str], ...] = ()
    undo_url: str = ""

    @property
    def moment(self) -> str:
        """When, in the words of the page."""
        return moment_in_words(self.at)

    @property
    def moment_iso(self) -> str:
        """When, for machines."""
        return self.at.isoformat(timespec="minutes")


def day_in_words(day: date, today: date | None = None) -> str:
    """«today», «tomorrow», «yesterday», or 22/11/2026."""
    today = today or timezone.localdate()
    away = (day - today).days
    if abs(away) > 1:
        return f"{day:%d/%m/%Y}"
    return _("yesterday") if away < 0 else _("tomorrow") if away else _("today")


def moment_in_words(at: datetime) -> str:
    """«today 15:00», «18/11/2026 09:42»; the hour is left out at midnight, when only the day was said."""
    local = timezone.localtime(at)
    day = day_in_words(local.date())
    return day if (local.hour, local.minute) == (0, 0) else f"{day} {local:%H:%M}"


def due_tag(at: datetime, now: datetime | None = None) -> Tag:
    """Whether what is planned is late, due today, or to come."""
    local, now = timezone.localtime(at), timezone.localtime(now or timezone.now())
    if local.date() < now.date():
        return Tag(_("Late since {day}").format(day=f"{local:%d/%m/%Y}"), "late")
    if local.date() == now.date():
        return Tag(_("Today"), "today")
    return Tag(_("Tomorrow") if local.date() == now.date() + timedelta(days=1) else _("Planned"))


def months_back(today: date, count: int = 12) -> list[date]:
    """The first days of the last months, the current one last."""
    first = today.replace(day=1)
    months = [first]
    while len(months) < count:
        months.append((months[-1] - timedelta(days=1)).replace(day=1))
    return months[::-1]


def month_word(day: date) -> str:
    """The first three letters of a month in the language of the page."""
    italian = ("gen", "feb", "mar", "apr", "mag", "giu", "lug", "ago", "set", "ott", "nov", "dic")
    english = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    return (italian if language() == "it" else english)[day.month - 1]
