"""What every table that comes in is made of: its settings, its rows, what was noticed, and the limits of all formats."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol

from rapporto.kernel.text import Message

Value = str | int | Decimal | date | datetime | None
"""What a cell holds: typed only where the file itself is (workbooks); elsewhere the text as written, without blanks around it."""

MAX_COLUMNS = 2_000
MAX_CELL = 100_000
"""Characters in one cell; a quote that was never closed swallows the rest of the file, and is found by this."""
KEPT_RAW = 10_000
"""Characters of an unreadable row that are kept to be shown."""

REASON_HEADS = ("Motivo", "Reason")
"""The head of the last column of the files in which refused rows go out, to be mended and brought in again."""

DAMAGED = Message("The file is damaged and cannot be read; open it in its program and save it again.")
EMPTY = Message("The file is empty; export the data again.")
NO_ROWS = Message("There are heads of columns, but no rows below them.")
TOO_MANY_COLUMNS = Message("The file has {count} columns; {limit} at most can be read.")
CELL_TOO_LONG = Message("A cell of this row has more than {limit} characters; perhaps a quote is not closed.")


class Unreadable(Exception):
    """Nothing can be read from this file; `message` says why and what to do."""

    def __init__(self, message: Message | str, **params: object) -> None:
        self.message = message if isinstance(message, Message) and not params else Message(_text(message), params)
        super().__init__(str(self.message))


def _text(message: Message | str) -> str:
    return message.text if isinstance(message, Message) else message


@dataclass(frozen=True)
class Settings:
    """How a file is read: found by looking at it, kept with the mapping of its source, or given by a person."""

    kind: str
    """csv, xlsx, xls, ods, xml, html, vcard or ldif."""
    encoding: str = ""
    """utf-8, windows-1252 or mixed (each line is read as what it is), utf-16-le, utf-16-be, cp850, mac-roman; iso-8859-15 when told."""
    separator: str = ""
    decimal: str = ","
    """The sign before the decimals of amounts written as texts: «,» or «.»."""
    day_first: bool = True
    """Whether 3/4/2026 is the third of April."""
    sheet: str = ""
    wrapped: bool = False
    """Whether every line of a CSV stands in quotes as one cell, as spreadsheets of another country leave it."""
    header_row: int = 1
    """The row with the heads (the last of them when there are two); 0 when there are none."""
    header_rows: int = 1
    """How many rows of heads there are."""

    def to_json(self) -> dict[str, Any]:
        """As plain values."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "Settings":
        """Back from plain values; unknown ones are left out. Raises TypeError without a kind."""
        known = {one.name for one in fields(cls)}
        return cls(**{name: value for name, value in values.items() if name in known})


@dataclass(frozen=True, slots=True)
class Row:
    """One row of data, its values in the order of the heads."""

    number: int
    """The row as a person sees it in a spreadsheet, 1 being the first; of cards, which card it is."""
    values: tuple[Value, ...]
    broken: Message | None = None
    """Why the row cannot be read, if so; `values` are then what could be read, or nothing."""
    raw: str = ""
    """What stood there, of a broken row."""


@dataclass(frozen=True)
class Heads:
    """Where the heads of a table are, and what the columns are called."""

    names: tuple[str, ...]
    row: int
    """The last row of heads, 0 when there are none."""
    rows: int
    cells: tuple[str, ...] = ()
    """The heads as they stand there: they may stand there again."""


@dataclass(slots=True)
class Record:
    """One row of a file as it stands there, the heads and titles not yet told from the data."""

    number: int
    cells: Sequence[Value]
    broken: Message | None = None
    raw: str = ""


@dataclass
class Notices:
    """What is noticed while a file is read: every sentence once, those about rows with the first few of them."""

    sentences: list[Message] = field(default_factory=list)
    rows: dict[str, list[int]] = field(default_factory=dict)

    def say(self, message: Message, **params: object) -> None:
        """Something about the whole file."""
        if not any(one.text == message.text for one in self.sentences):
            self.sentences.append(Message(message.text, params) if params else message)

    def say_row(self, message: Message, number: int) -> None:
        """Something about a row; the message has a place for {rows}."""
        known = self.rows.setdefault(message.text, [])
        if number not in known and len(known) <= MOST_NAMED:
            known.append(number)

    def all(self) -> tuple[Message, ...]:
        """Everything, as sentences."""
        return *self.sentences, *(Message(text, {"rows": _named(rows)}) for text, rows in self.rows.items())


MOST_NAMED = 5


def _named(rows: Sequence[int]) -> str:
    named = ", ".join(str(one) for one in sorted(rows)[:MOST_NAMED])
    return f"{named} …" if len(rows) > MOST_NAMED else named


class Source(Protocol):
    """A file of one format, opened: gives its rows one after the other and holds none of them."""

    settings: Settings
    sheets: tuple[str, ...]
    notices: Notices
    estimated: int
    heads: Heads | None
    """What the columns are called where the format says it; None where the heads stand in a row."""

    def records(self) -> Iterator[Record]:
        """Every row from the first, blank ones left out. Raises Unreadable when the file turns out damaged."""
