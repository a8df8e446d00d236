"""One level of groups as it stands in an address: `-since:month` is by the month of «since», the last month first."""

from dataclasses import dataclass, replace

from rapporto.kernel.actor import Actor
from rapporto.kernel.record import Field, RecordType, UnknownField
from rapporto.kernel.text import BadValue
from rapporto.store.groups import Grouping, groupings
from rapporto.store.reaching import reach

MOST = 4
"""Levels of groups, one within the other."""


@dataclass(frozen=True)
class Level:
    """A list is grouped by a field in steps (blank: by its values), perhaps downwards."""

    grouping: Grouping
    field: Field
    down: bool = False

    @property
    def path(self) -> str:
        """The path of its field."""
        return self.grouping.path

    @property
    def text(self) -> str:
        """The level as it stands in an address."""
        return ("-" if self.down else "") + self.grouping.text()

    @property
    def turned(self) -> "Level":
        """The same level the other way round."""
        return replace(self, down=not self.down)


def read_level(actor: Actor, record: RecordType, text: str) -> Level:
    """A level of an address. Raises UnknownField for a field the actor has not, BadValue for one that makes no groups."""
    try:
        grouping = Grouping.read(text.removeprefix("-"))
    except ValueError:
        raise UnknownField(record.name, text, tuple(record.fields)) from None
    field = reach(actor, record, grouping.path)
    offered = groupings(field)
    if offered and not grouping.step and "" not in offered:
        grouping = Grouping(grouping.path, offered[0])
    if grouping.step not in offered:
        raise BadValue("This list cannot be grouped in this way; choose another column.")
    return Level(grouping, field, text.startswith("-"))
