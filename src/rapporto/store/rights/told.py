"""Everything that is held about a person, as a tree of plain values: what the file for programs and the page for people are made from."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Value:
    """A field with its value: for programs canonical JSON (a link as its number and name), for people in words."""

    name: str
    label: str
    plain: Any
    words: str


@dataclass(frozen=True)
class Step:
    """One change of a record: when, by which act, what it was before and became. An erased one tells only that it was."""

    at: datetime
    act: str
    by: str
    door: str
    changes: tuple[tuple[Value, Value], ...] = ()


@dataclass(frozen=True)
class Held:
    """One record: its fields that hold something, and its history. `deleted`: it is gone, and stands in the history alone."""

    id: int
    title: str
    values: tuple[Value, ...] = ()
    history: tuple[Step, ...] = ()
    deleted: bool = False


@dataclass(frozen=True)
class Group:
    """The records of one type that lead to the person by one link. `names_only`: they are about somebody else."""

    record: str
    link: str
    label: str
    rows: tuple[Held, ...]
    names_only: bool = False


@dataclass(frozen=True)
class Access:
    """That somebody took out or looked at data of the person; whoever works here is not named."""

    at: datetime
    act: str


@dataclass(frozen=True)
class Everything:
    """All there is about a person, as somebody may see it."""

    record: str
    person: Held
    groups: Sequence[Group]
    merged: Sequence[Held]
    """What became part of this card, with the values that found no field."""
    accesses: Sequence[Access] = field(default_factory=tuple)
