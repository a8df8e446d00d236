"""Groups of a list by any column: their keys page by page, what opens each of them, and how much is in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rapporto.kernel.actor import Actor
from rapporto.kernel.record import Field
from rapporto.kernel.text import BadValue
from rapporto.kernel.where import Where
from rapporto.store.asking import Asked
from rapporto.store.buckets import BLANK, Bucket, blank_bucket, bucket_of_token, steps_of
from rapporto.store.declare import DECLARED
from rapporto.store.group_keys import spelling
from rapporto.store.group_reading import GroupReader
from rapporto.store.group_sources import any_blank, source_of
from rapporto.store.reaching import check_known, reach
from rapporto.store.records import titles
from rapporto.store.subtotals import Keys, Subtotal, counter
from rapporto.store.userfields import record_type

SIZE = 50


@dataclass(frozen=True)
class Grouping:
    """A column to group by, and the step that its kind offers: "" for each value, day, month, year, initial, band."""

    path: str
    step: str = ""

    @classmethod
    def read(cls, text: str) -> "Grouping":
        """The grouping of an address: «since:month»."""
        path, _, step = text.partition(":")
        return cls(path, step)

    def text(self) -> str:
        """The grouping as it stands in an address."""
        return f"{self.path}:{self.step}" if self.step else self.path


@dataclass(frozen=True)
class Group:
    """Rows that stand together. `key` is a token for addresses («-» for those without a value); `where` is to be &-ed.

    `label_value` is what the kind shows: a value, the id of a linked record, None for the blanks; the first and the last
    (day, initial, number) for steps.
    """

    key: str
    label_value: Any
    where: Where


@dataclass(frozen=True)
class GroupPage:
    """Some groups in order. `titles` names the linked records among them; `after` is the cursor of the next page, None at the end."""

    grouping: Grouping
    groups: tuple[Group, ...]
    titles: Mapping[int, str] = field(default_factory=dict)
    after: str | None = None


def groupings(record_field: Field) -> tuple[str, ...]:
    """The steps by which a column can be grouped, the usual one first; none when it cannot be grouped at all."""
    return steps_of(record_field)


def group_page(
    actor: Actor,
    name: str,
    where: Where,
    grouping: Grouping,
    *,
    down: bool = False,
    after: str | None = None,
    size: int = SIZE,
) -> GroupPage:
    """The groups of the records that the actor may see, by their keys alone, blanks last; as many as `size`.

    Raises UnknownField for a column the actor has no such one of, BadValue for a broken cursor or a step that makes no sense.
    """
    asked, record_field, step = _asked_for(actor, name, grouping)
    check_known(actor, record_type(name), where)
    reading = GroupReader(asked, name, where, record_field, step, down, size)
    found, more = reading.linked(after) if record_field.link else reading.valued(after)
    if more is None and any_blank(asked, DECLARED[name], where, record_field, blank_bucket(record_field)):
        found.append(blank_bucket(record_field))
    groups = tuple(_group(one) for one in found)
    ids = [one.label_value for one in groups] if record_field.link else []
    return GroupPage(grouping, groups, titles(actor, record_field.link, ids) if record_field.link else {}, more)


def group_of(actor: Actor, name: str, grouping: Grouping, key: str) -> Group:
    """The group of a token. BadValue when it is none."""
    asked, record_field, step = _asked_for(actor, name, grouping)
    one = bucket_of_token(record_field, step, key)
    if key != BLANK and record_field.kind.keyed and not step:
        source = source_of(asked, DECLARED[name], one.where, record_field)
        return Group(one.token, spelling(source, step, one.low) or one.low, one.where)
    return _group(one)


def _group(one: Bucket) -> Group:
    return Group(one.token, one.label_value, one.where)


def _asked_for(actor: Actor, name: str, grouping: Grouping) -> tuple[Asked, Field, str]:
    record_field = reach(actor, record_type(name), grouping.path)
    offered = steps_of(record_field)
    if not offered:
        raise BadValue("«{field}» cannot be grouped by; choose another column.", field=record_field.label)
    step = grouping.step or ("" if "" in offered else offered[0])
    if step not in offered:
        raise BadValue("«{field}» cannot be grouped in this way; choose another one.", field=record_field.label)
    return Asked.by(actor), record_field, step


def total(actor: Actor, name: str, where: Where, sums: Sequence[str]) -> Subtotal:
    """How many records there are, and the sums of some of their columns."""
    check_known(actor, record_type(name), where)
    return counter(actor, name, where, sums).total()


def subtotals(
    actor: Actor,
    name: str,
    where: Where,
    groupings: Sequence[Grouping],
    groups: Sequence[Group],
    sums: Sequence[str],
) -> Mapping[Keys, Subtotal]:
    """Number and sums of every group shown and, with a second grouping, of those within them, by their tokens.

    Those of all of them together are `total`, which costs as much again.
    """
    check_known(actor, record_type(name), where)
    levels = [_asked_for(actor, name, one)[1:] for one in groupings]
    counted = counter(actor, name, where, sums)
    return counted.of_groups(levels, [one.key for one in groups]) if levels and groups else {}


__all__ = [
    "Group",
    "GroupPage",
    "Grouping",
    "Subtotal",
    "group_of",
    "group_page",
    "groupings",
    "subtotals",
    "total",
]
