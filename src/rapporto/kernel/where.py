"""`Where`: one filter language, a value, for grids, addresses, saved views, permissions, routing and drill-down.

    field("province").eq("VR") & field("turnover").ge(100_000) & related("activities").none()

What it means is written once, in `holds` (module `evaluate`); the SQL compiler of the store is held to the same rows by a test:
text is compared by its folded key; blank = NULL = '' = missing; `~` is two-valued (a blank is not equal to anything, so it is
unequal to everything); a link nobody follows (blank, or to a record that may not be seen) is blank.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any, Literal

from rapporto.kernel.actor import Actor
from rapporto.kernel.kinds.base import OPERATORS


class Asked(Enum):
    """Values that are known only when a question is asked: who asks, and when."""

    ME = "me"
    MY_TERRITORIES = "my_territories"
    MY_TEAM = "my_team"
    NOW = "now"
    TODAY = "today"


ME, MY_TERRITORIES, MY_TEAM = Asked.ME, Asked.MY_TERRITORIES, Asked.MY_TEAM
NOW, TODAY = Asked.NOW, Asked.TODAY


@dataclass(frozen=True)
class DaysFromToday:
    """A day told from the day of the question: -90 is ninety days ago."""

    days: int


@dataclass(frozen=True)
class Key:
    """A key as it is stored (a folded text, a code), compared as it is: the value of a group, never typed by anybody."""

    value: Any


class Where:
    """A condition on a record; combine with `&`, `|`, `~`."""

    def __and__(self, other: "Where") -> "Where":
        parts = tuple(part for side in (self, other) for part in (side.parts if isinstance(side, All) else (side,)))
        return parts[0] if len(parts) == 1 else All(parts)

    def __or__(self, other: "Where") -> "Where":
        parts = tuple(part for side in (self, other) for part in (side.parts if isinstance(side, AnyOf) else (side,)))
        return parts[0] if len(parts) == 1 else AnyOf(parts)

    def __invert__(self) -> "Where":
        return self.inner if isinstance(self, Not) else Not(self)


@dataclass(frozen=True)
class All(Where):
    """Every part holds; without parts: everything."""

    parts: tuple[Where, ...] = ()


@dataclass(frozen=True)
class AnyOf(Where):
    """At least one part holds; without parts: nothing."""

    parts: tuple[Where, ...] = ()


@dataclass(frozen=True)
class Not(Where):
    """The inner condition does not hold."""

    inner: Where


@dataclass(frozen=True)
class Test(Where):
    """A field compared with a value: of the record, of a linked one («company.province»), or told from related ones
    («activities.count», «units.turnover.sum», likewise `min` and `max`; without related values these are blank, a count is 0)."""

    __test__ = False  # not a test case for pytest

    path: str
    op: str
    value: Any = None

    def __post_init__(self) -> None:
        if self.op not in OPERATORS:
            raise ValueError(f"no operator {self.op!r}; there are: {', '.join(OPERATORS)}")


Comparison = Literal["ge", "le", "eq"]


@dataclass(frozen=True)
class Related(Where):
    """How many records of a relation satisfy `inner`: at least, at most, exactly `number`."""

    relation: str
    inner: Where
    op: Comparison
    number: int


@dataclass(frozen=True)
class Through(Where):
    """The linked record may be seen by whoever asks: the permission of a part follows that of its whole."""

    link: str


EVERYTHING: Where = All(())
NOTHING: Where = AnyOf(())


@dataclass(frozen=True)
class Path:
    """A field by name, waiting for an operator."""

    name: str

    def eq(self, value: Any) -> Where:
        """Equal; a blank value asks for blanks."""
        return Test(self.name, "eq", value)

    def ne(self, value: Any) -> Where:
        """Not equal, blanks included."""
        return Test(self.name, "ne", value)

    def is_in(self, values: Any) -> Where:
        """Equal to one of the values; for several links: any of them."""
        return Test(self.name, "is_in", values if isinstance(values, Asked) else tuple(values))

    def lt(self, value: Any) -> Where:
        return Test(self.name, "lt", value)

    def le(self, value: Any) -> Where:
        return Test(self.name, "le", value)

    def gt(self, value: Any) -> Where:
        return Test(self.name, "gt", value)

    def ge(self, value: Any) -> Where:
        return Test(self.name, "ge", value)

    def contains(self, value: str) -> Where:
        return Test(self.name, "contains", value)

    def starts_with(self, value: str) -> Where:
        return Test(self.name, "starts_with", value)

    def is_blank(self) -> Where:
        return Test(self.name, "is_blank")

    def is_filled(self) -> Where:
        return Test(self.name, "is_filled")


def field(name: str) -> Path:
    """A field of the record, or of a linked one: `field("company.province")`."""
    return Path(name)


def through(link: str) -> Where:
    """Whoever may see the linked record may see this one."""
    return Through(link)


@dataclass(frozen=True)
class Relation:
    """The related records of one relation, waiting to be counted."""

    name: str
    inner: Where = EVERYTHING

    def where(self, inner: Where) -> "Relation":
        return Relation(self.name, self.inner & inner)

    def some(self) -> Where:
        return Related(self.name, self.inner, "ge", 1)

    def none(self) -> Where:
        return Related(self.name, self.inner, "eq", 0)

    def at_least(self, number: int) -> Where:
        return Related(self.name, self.inner, "ge", number)

    def at_most(self, number: int) -> Where:
        return Related(self.name, self.inner, "le", number)

    def exactly(self, number: int) -> Where:
        return Related(self.name, self.inner, "eq", number)


def related(name: str) -> Relation:
    """The related records of a relation: `related("activities").where(field("kind").eq("call")).at_least(3)`."""
    return Relation(name)


@dataclass(frozen=True)
class Question:
    """Who asks and when: what the `Asked` values stand for."""

    actor: Actor
    now: datetime
    today: date

    def answer(self, value: Any) -> Any:
        """The value itself, or what an asked value stands for."""
        if isinstance(value, DaysFromToday):
            return self.today + timedelta(days=value.days)
        if not isinstance(value, Asked):
            return value
        return {
            ME: self.actor.user_id,
            MY_TERRITORIES: tuple(sorted(self.actor.territories)),
            MY_TEAM: self.actor.team,
            NOW: self.now,
            TODAY: self.today,
        }[value]


def bind(where: Where, question: Question) -> Where:
    """The same condition with every asked value answered. «Mine» asked by nobody is nothing, not «blank»."""
    match where:
        case All(parts):
            return All(tuple(bind(part, question) for part in parts))
        case AnyOf(parts):
            return AnyOf(tuple(bind(part, question) for part in parts))
        case Not(inner):
            return Not(bind(inner, question))
        case Related(relation, inner, op, number):
            return Related(relation, bind(inner, question), op, number)
        case Test(path, op, value) if isinstance(value, (Asked, DaysFromToday)):
            answered = question.answer(value)
            return NOTHING if answered is None else Test(path, op, answered)
    return where


def tests(where: Where) -> Iterator[Test]:
    """Every comparison in a condition, those on related records excepted."""
    match where:
        case All(parts) | AnyOf(parts):
            for part in parts:
                yield from tests(part)
        case Not(inner):
            yield from tests(inner)
        case Test():
            yield where
