"""Facts: what happened and asks for an effect outside the rows, who follows them, and how a follower says what went wrong."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Self, TypeVar

from rapporto.kernel.registry import Registry


@dataclass(frozen=True)
class Fact:
    """Something that happened, named in the past tense, with ids and no values: those are in the history.

    A fact only ever gains fields, and with defaults: those written by an older version are still read.
    """

    @property
    def subject(self) -> str:
        """What it is about, such as «party:7»: followers that keep order keep it per subject."""
        return ""

    def payload(self) -> dict[str, Any]:
        """Its fields, for JSON."""
        return asdict(self)

    @classmethod
    def read(cls, payload: Mapping[str, Any]) -> Self:
        """The fact of a payload; fields it no longer has are left out."""
        known = {one.name for one in fields(cls)}
        return cls(**{name: _frozen(value) for name, value in payload.items() if name in known})

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        FACTS.add(cls.__name__, cls)


def _frozen(value: Any) -> Any:
    return tuple(_frozen(one) for one in value) if isinstance(value, list) else value


Said = TypeVar("Said", bound=Fact)
FACTS: Registry[type[Fact]] = Registry("fact")
"""Every kind of fact, by the name of its class."""


@dataclass(frozen=True)
class Follower:
    """Who does something because of a fact."""

    name: str
    fact: type[Fact]
    act: Callable[[Any], None]
    ordered: bool = False
    """The facts of one subject are delivered one after the other, each when the one before is done."""
    here: bool = False
    """All it does is done in this database: the act and its payment are one transaction, so it happens exactly once.

    Any other follower may act a second time when the machine stops between the act and its payment.
    """
    delay: float = 0
    """Seconds to wait before acting."""
    longest: float = 30
    """Seconds an act may take: a worker that has not paid by then counts as dead, and another one acts."""
    long: bool = False
    """Work of minutes: a worker of its own does it, so that nothing short waits behind it; it holds its claim as it goes on."""
    outside: bool = False
    """It waits for other machines: a worker of its own does it, so that nothing here waits for them."""


FOLLOWERS: Registry[Follower] = Registry("follower")
"""Every follower, by its name: the name is kept in deliveries, so it never changes."""


def follows(
    fact: type[Said],
    *,
    name: str,
    ordered: bool = False,
    here: bool = False,
    delay: float = 0,
    longest: float = 30,
    long: bool = False,
    outside: bool = False,
) -> Callable[[Callable[[Said], None]], Callable[[Said], None]]:
    """Declares that a function follows a kind of fact. It may raise Transient or Permanent; anything else is a mistake of ours."""

    def declare(act: Callable[[Said], None]) -> Callable[[Said], None]:
        ways = {"ordered": ordered, "here": here, "long": long, "outside": outside}
        one = Follower(name, fact, act, delay=delay, longest=longest, **ways)
        FOLLOWERS.add(name, one)
        return act

    return declare


def followers_of(fact: Fact) -> tuple[Follower, ...]:
    """Who follows this fact, in the order of declaration."""
    return tuple(one for one in FOLLOWERS.values() if isinstance(fact, one.fact))


class Transient(Exception):
    """It did not work this time and may work later: busy line, no network. Tried again after doubling waits."""


class Permanent(Exception):
    """It will never work like this: wrong address, refused. Parked, and a person is told; the text says why."""


@dataclass(frozen=True)
class RecordsChanged(Fact):
    """Many records of a type were changed at once; which ones, and how they were, is in the change set."""

    record: str
    change_set: int

    @property
    def subject(self) -> str:
        return f"record:{self.record}"
