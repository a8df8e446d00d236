"""Shapes: how a row of a table becomes records. Every declared type has a plain one; a part may register a richer one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from rapporto.kernel.actor import Actor
from rapporto.kernel.registry import Registry
from rapporto.store.imports.drafts import Asked, Draft, Row
from rapporto.store.imports.register import Register

CODE = "@code"
"""The slot of the code by which the source knows the record."""


@dataclass(frozen=True)
class Slot:
    """What a column may mean. `words` are heads by which it is told, in any language; `group` puts slots together in a list."""

    name: str
    label: Any
    group: Any = ""
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Written:
    """How numbers and days are written in a table."""

    decimal: str = ","
    day_first: bool = True


class Reading(Protocol):
    """Reads the rows of one table whose columns are understood."""

    def asked(self, row: Row) -> Asked:
        """What the row says in brief; nothing is looked up."""

    def draft(self, asked: Asked) -> None:
        """What the row asks for, put into it; nothing is looked up."""


class Shape(Protocol):
    """How a row becomes records of `record` and of what belongs to it."""

    @property
    def name(self) -> str:
        """How it is registered."""

    @property
    def record(self) -> str:
        """The type that its rows are about."""

    @property
    def order(self) -> tuple[str, ...]:
        """The record types it writes, wholes before their parts."""

    @property
    def label(self) -> Any:
        """What a person calls it."""

    def slots(self, actor: Actor) -> Sequence[Slot]:
        """What columns may mean for who imports: fields they may not write are not there."""

    def proposed(self, actor: Actor, heads: Sequence[str]) -> tuple[str, ...]:
        """The slot that each head tells, '' for none."""

    def reading(self, actor: Actor, heads: Sequence[str], columns: Sequence[str], written: Written) -> Reading:
        """Reads rows under these heads."""

    def recognise(self, register: Register, portion: Sequence[Asked]) -> None:
        """Tell which drafts without a code are known, and take out those that add nothing."""

    def settle(self, register: Register, portion: Sequence[Asked], made: Sequence[Draft]) -> int:
        """After a portion: propose what may be there already, and tell a trial what it would have made.

        Gives how many of the new records may be there already.
        """


SHAPES: Registry[Shape] = Registry("import shape")
"""The rich shapes by record type."""
