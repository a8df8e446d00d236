"""Cells of a table as their columns mean them: readers are made once for a column, then only called."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from hashlib import blake2b
from typing import Any

from rapporto.kernel.kinds import Choice, Day, Integer, Kind, LongText, Moment, Money, Tick
from rapporto.kernel.text import BadValue, clean, fold
from rapporto.store.imports.shapes import Written

Reader = Callable[[Any], Any]
YES = frozenset(("si", "s", "yes", "y", "true", "vero", "1", "x"))
NO = frozenset(("no", "n", "false", "falso", "0", ""))
MADE_UP = "="
"""Begins the code of a row for which the source has none; no program writes it there."""


def text_of(cell: Any) -> str:
    """A cell as a text that every kind reads, whatever the file knew of its type."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, Decimal | float):
        number = format(Decimal(str(cell)), "f")
        return (number.rstrip("0").rstrip(".") if "." in number else number).replace(".", ",")
    if isinstance(cell, datetime):
        return f"{cell:%d/%m/}{cell.year:04}" + (f"{cell: %H:%M}" if cell.hour or cell.minute else "")
    if isinstance(cell, date):
        return f"{cell:%d/%m/}{cell.year:04}"
    return str(cell)


def reader_of(kind: Kind, written: Written) -> Reader:
    """What reads a text of a column into a value of this kind; it raises BadValue."""
    if isinstance(kind, Choice):
        return _choice(kind)
    if isinstance(kind, Tick):
        return _tick
    if isinstance(kind, Integer | Money) and written.decimal == ".":
        return lambda text: kind.read(_swapped(text))
    if isinstance(kind, Day | Moment) and not written.day_first:
        return lambda text: kind.read(day_first(text))
    if isinstance(kind, Day):
        return lambda text: kind.read(text.partition(" ")[0].partition("T")[0])
    if isinstance(kind, LongText):
        return kind.read
    return lambda text: kind.read(clean(text))


def _choice(kind: Choice) -> Reader:
    """A value by its code or by what it is called, in the language at hand or in the other."""
    by_words = {fold(str(label)): code for code, label in kind.choices} | {fold(code): code for code, _ in kind.choices}

    def read(text: str) -> Any:
        return by_words.get(fold(text)) or kind.read(text)

    return read


def _tick(text: str) -> bool:
    word = fold(text)
    if word in YES or word in NO:
        return word in YES
    raise BadValue("«{typed}» is neither yes nor no.", typed=text[:60])


def _swapped(text: str) -> str:
    """A number with a decimal point as Italians write it."""
    return text.replace(",", "").replace(".", ",")


def day_first(text: str) -> str:
    """An American day with the day before the month."""
    day, space, clock = text.partition(" ")
    parts = day.split("/")
    return "/".join((parts[1], parts[0], *parts[2:])) + space + clock if len(parts) == 3 else text


def mark_of(columns: Sequence[str], cells: Sequence[str]) -> str:
    """What a row says in brief: of equal meaning and equal texts, and of nothing else."""
    said = "\x1f".join(f"{slot}\x1e{cell}" for slot, cell in zip(columns, cells, strict=False) if slot and cell)
    return blake2b(said.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
