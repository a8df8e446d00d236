"""What only a record type knows of merging: values that belong together, further rows for what loses its field, who is who later."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from rapporto.kernel.registry import Registry
from rapporto.kernel.text import Message

Values = Mapping[str, Any]
"""Values by field name; blanks as None, '' or False."""


@dataclass(frozen=True)
class Further:
    """A further row for values that lost their field: what to save, and which fields have found a place by it.

    Without a `record` nothing is saved: the values stand somewhere already.
    """

    fields: frozenset[str]
    record: str = ""
    values: Values | None = None


def _none(row: Any, lost: Values, all_values: Values) -> Iterable[Further]:
    return ()


def _never(one: Any, other: Any) -> Message | None:
    return None


def _nothing(keep: int, other: int) -> Counter[str]:
    return Counter()


@dataclass(frozen=True)
class MergeRule:
    """The rules of one record type; without any the general ones do."""

    together: tuple[tuple[str, ...], ...] = ()
    """Fields that mean something only together: a street goes with its own town, or stays where it is."""
    further: Callable[[Any, Values, Values], Iterable[Further]] = _none
    """Called with the kept row, the values of one side that lost their field, and all values of that side."""
    refuse: Callable[[Any, Any], Message | None] = _never
    """Why two rows must not become one; None when they may."""
    before: Callable[[int, int], Counter[str]] = _nothing
    """Called with the kept and the other id before the links change over; gives how many rows, by type, became part of others."""


MERGE_RULES: Registry[MergeRule] = Registry("merge rule")
"""The rules by record type."""

Placed = Callable[[str, Collection[int], int, int], Collection[int]]
PLACES: Registry[Placed] = Registry("placing rule")
"""By the type of later rows: called with their link, their ids, the kept record and the one that came back; which of them are its."""
NO_RULE = MergeRule()
