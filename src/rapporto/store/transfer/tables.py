"""What every written table has in common: its columns, and the values that stand in its cells."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol

Value = str | bool | int | Decimal | date | datetime | None
"""What a cell holds: amounts as Decimal with two places, moments on the clocks of the company without a zone."""


@dataclass(frozen=True)
class Column:
    """One column: its head, how wide it is in characters, and the form of its values: text, number, money, date, moment,
    tick, phone."""

    label: str
    width: int = 18
    form: str = "text"


class Table(Protocol):
    """A table on its way into a file, row by row; nothing of it stays in memory."""

    def row(self, values: Sequence[Value], level: int = 0) -> None:
        """One row; `level` is how many groups it stands in."""

    def group(self, values: Sequence[Value], level: int) -> None:
        """The head of a group of a level, the outermost being 0."""

    def close(self) -> None:
        """The end; the file is whole."""
