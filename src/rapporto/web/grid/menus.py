"""What opens over a grid, written when it is opened: the chooser of columns, the levels of groups, the menu of one column."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from rapporto.kernel.actor import Actor
from rapporto.kernel.kinds import Links
from rapporto.kernel.record import Field, RecordType
from rapporto.store.groups import Grouping, groupings
from rapporto.store.reaching import reach
from rapporto.web.grid import levels
from rapporto.web.grid.addresses import Level, ListAddress
from rapporto.web.grid.offered import FieldGroup, Offered, fields_offered
from rapporto.web.grid.past import known_then, past
from rapporto.web.grid.sentence import level_words
from rapporto.web.grid.words import step_word


def field_options(record: RecordType, names: Sequence[str], chosen: str = "") -> SafeString:
    """These fields as the options of a control, one of them chosen."""
    return mark_safe(
        "".join(
            f'<option value="{escape(one.name)}"{" selected" if one.name == chosen else ""}>{escape(str(one.label))}</option>'
            for one in (record.fields[name] for name in names)
        )
    )


def columns_context(actor: Actor, address: ListAddress, shown: Sequence[str]) -> dict[str, Any]:
    """The chooser of columns: the shown ones in their order, with what moves them, then all others."""
    now = [Offered(one, str(reach(actor, address.record, one).label), True) for one in shown]
    there = set(shown)
    others = fields_offered(
        actor,
        address.record,
        lambda one: one.name not in there and (known_then(one) or not past(address)),
    )
    return {"record": address.record, "address": address, "shown": now, "others": others}


@dataclass(frozen=True)
class LevelLine:
    """One level of the groups of a list, with the addresses that change it; blank where that makes no sense."""

    words: str
    text: str
    """The level as it stands in an address."""
    down: bool
    turn_url: str
    without_url: str
    outward_url: str
    inward_url: str
    steps: Sequence[tuple[str, str, bool]]
    """Address, word and whether it is the present one, of the steps the field offers."""


def levels_context(actor: Actor, address: ListAddress) -> dict[str, Any]:
    """The levels of groups, how to change them, and what else one may group by."""
    groups = address.groups
    lines = [_line(address, at) for at in range(len(groups))]
    there = {one.path for one in groups}
    room = len(groups) < levels.MOST
    offered = fields_offered(actor, address.record, lambda one: one.name not in there and groups_by(address, one))
    return {
        "record": address.record,
        "address": address,
        "lines": lines,
        "others": _with_steps(actor, address, offered) if room else [],
        "ungrouped_url": address.text(groups=()),
    }


def groups_by(address: ListAddress, field: Field) -> bool:
    """Whether a list can be grouped by a field."""
    return bool(groupings(field)) and (known_then(field) or not past(address))


@dataclass(frozen=True)
class GroupOffer:
    """A further level: its words, and the address of the list grouped by it within the others."""

    words: str
    url: str


@dataclass(frozen=True)
class OfferGroup:
    """Further levels under one word."""

    label: str
    offers: Sequence[GroupOffer]


def _with_steps(actor: Actor, address: ListAddress, offered: Sequence[FieldGroup]) -> list[OfferGroup]:
    found = []
    for group in offered:
        offers = [
            GroupOffer(level_words(level), address.text(groups=(*address.groups, level)))
            for one in group.fields
            for level in levels_of(reach(actor, address.record, one.path))
        ]
        found.append(OfferGroup(group.label, offers))
    return found


def levels_of(field: Field) -> list[Level]:
    """The levels that a field makes, one for each step it offers."""
    return [Level(Grouping(field.name, step), field) for step in groupings(field)]


def _line(address: ListAddress, at: int) -> LevelLine:
    groups = address.groups
    level = groups[at]

    def with_level(new: Level) -> str:
        return address.text(groups=(*groups[:at], new, *groups[at + 1 :]))

    steps = [
        (with_level(one), step_word(one.grouping.step), one.grouping == level.grouping)
        for one in levels_of(level.field)
    ]
    return LevelLine(
        words=str(level.field.label),
        text=level.text,
        down=level.down,
        turn_url=with_level(level.turned),
        without_url=address.text(groups=(*groups[:at], *groups[at + 1 :])),
        outward_url=address.text(groups=_swapped(groups, at - 1)) if at else "",
        inward_url=address.text(groups=_swapped(groups, at)) if at + 1 < len(groups) else "",
        steps=steps if len(steps) > 1 else (),
    )


def _swapped(groups: Sequence[Level], at: int) -> tuple[Level, ...]:
    """The levels with one and the next one in each other's place."""
    return (*groups[:at], groups[at + 1], groups[at], *groups[at + 2 :])


def head_context(actor: Actor, address: ListAddress, columns: Sequence[str], name: str) -> dict[str, Any]:
    """What can be done with one column. Raises UnknownField."""
    field = reach(actor, address.record, name)
    sortable = not isinstance(field.kind, Links) and not address.words and (known_then(field) or not past(address))
    there = {one.path for one in address.groups}
    room = len(address.groups) < levels.MOST and name not in there and groups_by(address, field)
    at = list(columns).index(name) if name in columns else -1
    return {
        "record": address.record,
        "address": address,
        "name": name,
        "label": str(field.label),
        "up_url": address.text(sort=name) if sortable else "",
        "down_url": address.text(sort=f"-{name}") if sortable else "",
        "levels": [
            GroupOffer(step_word(level.grouping.step), address.text(groups=(*address.groups, level)))
            for level in levels_of(field)
        ]
        if room
        else [],
        "filters": bool(field.kind.ops),
        "first": at <= 0,
        "last": at < 0 or at == len(columns) - 1,
        "only": len(columns) < 2,
    }
