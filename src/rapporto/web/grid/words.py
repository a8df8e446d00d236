"""The words of a grid: what operators are called, what a filter says, how many records there are."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from rapporto.kernel.actor import Actor
from rapporto.kernel.kinds import Day, Kind, Link, Links, Moment
from rapporto.kernel.where import ME, DaysFromToday
from rapporto.store.filters import Filter
from rapporto.store.records import titles
from rapporto.store.typed import VALUELESS

OPERATORS: Mapping[str, Any] = {
    "contains": gettext_lazy("contains"),
    "starts_with": gettext_lazy("begins with"),
    "eq": pgettext_lazy("operator", "is"),
    "ne": pgettext_lazy("operator", "is not"),
    "is_in": pgettext_lazy("operator", "is"),
    "lt": "<",
    "le": "≤",
    "gt": ">",
    "ge": "≥",
    "is_blank": gettext_lazy("is blank"),
    "is_filled": gettext_lazy("is filled in"),
}
OF_DAYS: Mapping[str, Any] = {
    "lt": gettext_lazy("before"),
    "le": gettext_lazy("until"),
    "gt": gettext_lazy("after"),
    "ge": pgettext_lazy("operator", "from"),
}


STEPS: Mapping[str, Any] = {
    "day": pgettext_lazy("step", "day"),
    "month": pgettext_lazy("step", "month"),
    "year": pgettext_lazy("step", "year"),
    "initial": pgettext_lazy("step", "initial letter"),
    "band": pgettext_lazy("step", "bands"),
}


def step_word(step: str) -> str:
    """What a step of groups is called; blank for the values themselves."""
    return str(STEPS[step]) if step in STEPS else ""


def operator_word(kind: Kind, op: str) -> str:
    """What an operator is called on values of a kind."""
    if isinstance(kind, (Day, Moment)) and op in OF_DAYS:
        return str(OF_DAYS[op])
    return str(OPERATORS[op])


def names_in_filters(actor: Actor, filters: Iterable[Filter]) -> dict[str, Mapping[int, str]]:
    """What the records named in filters are called, by type: one query for each type."""
    wanted: dict[str, set[int]] = {}
    for one in filters:
        if one.field.link and one.error is None:
            values = one.value if isinstance(one.value, tuple) else (one.value,)
            wanted.setdefault(one.field.link, set()).update(value for value in values if isinstance(value, int))
    return {target: titles(actor, target, ids) for target, ids in wanted.items()}


def value_words(one: Filter, names: Mapping[str, Mapping[int, str]], language: str) -> str:
    """The value of a filter as a person reads it."""
    if one.error is not None:
        return ", ".join(one.typed)
    if one.op in VALUELESS:
        return ""
    values = one.value if isinstance(one.value, tuple) else (one.value,)
    say = _saying(one, names, language)
    return ", ".join(say(value) for value in values)


def _saying(one: Filter, names: Mapping[str, Mapping[int, str]], language: str) -> Callable[[Any], str]:
    kind = one.field.kind

    def say(value: Any) -> str:
        if value is ME:
            return _("me")
        if isinstance(value, DaysFromToday):
            return relative_words(value)
        if isinstance(kind, (Link, Links)):
            return names.get(kind.to, {}).get(value, "—")
        return str(value) if one.op in ("contains", "starts_with") else kind.show(value, language)

    return say


def relative_words(value: DaysFromToday) -> str:
    """A day told from today."""
    if not value.days:
        return _("today")
    if value.days < 0:
        return _("{number} days ago").format(number=-value.days)
    return _("in {number} days").format(number=value.days)
