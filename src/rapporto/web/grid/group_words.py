"""What a group is called: its value as a person reads it, a month by its name, a band by its bounds."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from babel.dates import format_date
from django.utils.translation import gettext as _

from rapporto.kernel.kinds import Choice, Link, Links, Moment, Province
from rapporto.kernel.record import Field
from rapporto.store.groups import Group
from rapporto.web.asked import language
from rapporto.web.grid.levels import Level

PATTERNS = {"month": "LLLL yyyy", "year": "yyyy", "day": "EEE dd/MM/yyyy"}


def group_words(level: Level, group: Group, titles: Mapping[int, str]) -> str:
    """The name of a group."""
    value = group.label_value
    if value is None or value == "":
        return _("Without «{field}»").format(field=level.field.label)
    step = level.grouping.step
    if step in PATTERNS:
        first = value[0] if isinstance(value, tuple) else value
        return _day_words(level.field, first, PATTERNS[step])
    if step == "band":
        return _band_words(level.field, *value)
    if step == "initial":
        return str(value[0] if isinstance(value, tuple) else value).upper()
    return _value_words(level.field, value, titles)


def _day_words(field: Field, first: date | datetime, pattern: str) -> str:
    if isinstance(first, datetime) and isinstance(field.kind, Moment):
        first = field.kind.local(first)
    words = format_date(first, pattern, locale=language())
    return words[:1].upper() + words[1:]


def _band_words(field: Field, first: Any, last: Any) -> str:
    if first is None:
        return _("below {last}").format(last=field.kind.show(last, language()))
    if last is None:
        return _("{first} and more").format(first=field.kind.show(first, language()))
    return _("{first} to {last}").format(
        first=field.kind.show(first, language()), last=field.kind.show(last, language())
    )


def _value_words(field: Field, value: Any, titles: Mapping[int, str]) -> str:
    kind = field.kind
    if isinstance(kind, (Link, Links)):
        return titles.get(value, "—")
    if isinstance(kind, Choice):
        return {code: str(label) for code, label in kind.choices}.get(value, str(value))
    if isinstance(kind, Province):
        return f"{kind.title(value)} ({value})" if kind.title(value) != value else str(value)
    return kind.show(value, language())
