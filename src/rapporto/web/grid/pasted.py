"""A pasted block of cells, read before anything is written: which cell becomes what, and why some cannot."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rapporto.kernel.actor import Actor
from rapporto.kernel.kinds import Kind, Links
from rapporto.kernel.record import Field, RecordType
from rapporto.kernel.text import BadValue, Message, fold
from rapporto.kernel.where import field as path
from rapporto.store.chunks import chunks
from rapporto.store.declare import DECLARED
from rapporto.store.pages import Page, chosen
from rapporto.store.records import changeable_rows, find
from rapporto.store.write import REQUIRED
from rapporto.web.forms.reading import as_meant, same
from rapporto.web.grid.locked import NOT_YOURS, UNSEEN, column_lock, hides

MOST = 10_000
"""Cells of one paste."""
LONGEST = 100_000
"""Characters of one pasted cell."""
TOO_MANY = BadValue("These are more than 10,000 cells; paste them in parts, or import the file.")
NOBODY = Message("Nothing is called «{typed}»; write the name as it is in the register.")
SEVERAL = Message("Several are called «{typed}»; choose the right one in its own cell.")


@dataclass(frozen=True)
class PastedCell:
    """One cell of the list and what is to stand in it; `error` says why it cannot."""

    row_id: int
    one: Field
    text: str
    before: Any = None
    value: Any = None
    error: Message | None = None
    meanwhile: tuple[str, str] | None = None
    """The place that shows something else by now than the person saw, and what: this cell, or the one that is filled from."""

    @property
    def place(self) -> str:
        """Where it is: its record and field."""
        return f"{self.row_id}/{self.one.name}"

    @property
    def key(self) -> str:
        """Its name in a form."""
        return f"mend.{self.row_id}.{self.one.name}"


@dataclass(frozen=True)
class Pasted:
    """All cells that would change, those that cannot among them, and how many fell beside the list."""

    page: Page
    cells: tuple[PastedCell, ...]
    outside: int = 0

    @property
    def wrong(self) -> tuple[PastedCell, ...]:
        """Those that cannot be written."""
        return tuple(one for one in self.cells if one.error is not None)

    @property
    def right(self) -> tuple[PastedCell, ...]:
        """Those that can."""
        return tuple(one for one in self.cells if one.error is None)

    def values(self) -> dict[int, dict[str, Any]]:
        """The right ones by record and field."""
        found: dict[int, dict[str, Any]] = {}
        for one in self.right:
            found.setdefault(one.row_id, {})[one.one.name] = one.value
        return found


@dataclass(frozen=True)
class Block:
    """What was pasted, as it stands on the list: rows of texts for these records and columns; `outside` fell beside it."""

    ids: tuple[int, ...]
    columns: tuple[str, ...]
    texts: Mapping[tuple[int, str], str] = field(default_factory=dict)
    outside: int = 0


LONGEST = 100_000
TOO_LONG = BadValue("A cell of what you paste is too long; at most 100,000 characters go into one.")


def table_of(text: str) -> list[list[str]]:
    """The cells of a text as spreadsheets copy it: tabs and line ends between them, quotes where a cell holds such. BadValue."""
    clean = text.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n")
    try:
        rows = [row or [""] for row in csv.reader(io.StringIO(clean, newline=""), delimiter="\t")] or [[""]]
    except csv.Error:
        raise TOO_LONG from None
    # the limit of the reader is one for the whole process, and imports need a higher one
    if any(len(cell) > LONGEST for row in rows for cell in row):
        raise TOO_LONG
    return rows


def first_row(ids: Sequence[int], columns: Sequence[str], height: int, width: int) -> Block:
    """The cells below the first record: each stands for the value above it. Raises BadValue for too many."""
    if height * width > MOST:
        raise TOO_MANY
    across = tuple(columns[:width])
    texts = {(row_id, column): column for row_id in ids[1:height] for column in across}
    return Block(tuple(ids[:height]), across, texts)


def laid_out(rows: Sequence[Sequence[str]], ids: Sequence[int], columns: Sequence[str], size: tuple[int, int]) -> Block:
    """A table on the records and columns from the first one on; a chosen range of cells (`size`) is filled by repeating it.

    Raises BadValue for more than can be pasted at once.
    """
    height, width = _times(len(rows), size[0]), _times(max(map(len, rows)), size[1])
    if height * width > MOST:
        raise TOO_MANY
    texts = {
        (row_id, column): rows[down % len(rows)][across % len(rows[down % len(rows)])][:LONGEST]
        for down, row_id in enumerate(ids[:height])
        for across, column in enumerate(columns[:width])
        if across < len(rows[down % len(rows)]) or width > max(map(len, rows))
    }
    return Block(tuple(ids[:height]), tuple(columns[:width]), texts, height * width - len(texts))


def _times(own: int, chosen_size: int) -> int:
    """How far a block goes over a chosen range: as often as it fits whole, else once."""
    return chosen_size if chosen_size > own and chosen_size % own == 0 else own


def weighed(actor: Actor, record: RecordType, block: Block, *, fill: bool = False) -> Pasted:
    """What each text would make of its cell; with `fill` the values of the first record. A constant number of queries."""
    page = chosen(actor, record.name, block.ids, columns=(record.title, *block.columns))
    fields = {one.name: one for one in page.columns[1:]}
    locks = {name: column_lock(actor, record, name) for name in block.columns}
    given = _first(page) if fill else {}
    read = {
        name: _readings(actor, one, {text for (_, column), text in block.texts.items() if column == name})
        for name, one in fields.items()
        if not fill and locks[name] is None
    }
    allowed = _changeable(actor, record, block.ids)
    cells: list[PastedCell] = []
    for row_id, values in page.rows:
        for (name, one), before in zip(fields.items(), values[1:], strict=True):
            text = block.texts.get((row_id, name))
            if text is not None:
                reason = locks[name] or _why_not(one, before, page, mine=row_id in allowed)
                cells.append(_weighed(row_id, one, text, before, reason or (given if fill else read[name]).get(text)))
    changing = tuple(one for one in cells if not _as_before(record, one))
    return Pasted(page, changing, block.outside + len(block.texts) - len(cells))


def _first(page: Page) -> dict[str, Any]:
    """The values of the first record, by field: what a fill repeats."""
    if not page.rows:
        return {}
    return {one.name: value for one, value in zip(page.columns[1:], page.rows[0][1][1:], strict=True)}


def _why_not(one: Field, before: Any, page: Page, *, mine: bool) -> Message | None:
    if not mine:
        return NOT_YOURS
    return UNSEEN if hides(one, before, page.titles.get(one.name, {})) else None


def _weighed(row_id: int, one: Field, text: str, before: Any, reading: Any) -> PastedCell:
    if isinstance(reading, Message):
        return PastedCell(row_id, one, text, before, error=reading)
    if one.required and reading in (None, "", ()):
        return PastedCell(row_id, one, text, before, error=REQUIRED)
    return PastedCell(row_id, one, text, before, reading)


def _as_before(record: RecordType, cell: PastedCell) -> bool:
    """Whether nothing changes: a locked cell into which the same text is pasted is no trouble either."""
    if cell.error is not None:
        return not cell.text.strip() and cell.before in (None, "", ())
    return same(record, cell.one.name, cell.value, cell.before)


def _changeable(actor: Actor, record: RecordType, ids: Iterable[int]) -> set[int]:
    rows = changeable_rows(actor, record.name)
    return {pk for some in chunks(ids) for pk in rows.filter(pk__in=some).values_list("pk", flat=True)}


def _readings(actor: Actor, one: Field, texts: set[str]) -> dict[str, Any]:
    """What each text means in a field: a value, or the message that says why it cannot be."""
    if one.link:
        return _named(actor, one, texts)
    return {text: _read(one.kind, text) for text in texts}


def _read(kind: Kind, text: str) -> Any:
    try:
        return kind.check(as_meant(kind, text))
    except BadValue as wrong:
        return wrong.message


def _named(actor: Actor, one: Field, texts: set[str]) -> dict[str, Any]:
    """Records by their names, one query for some hundreds of them."""
    several = isinstance(one.kind, Links)
    apart = {text: [part.strip() for part in (text.split(",") if several else [text]) if fold(part)] for text in texts}
    known = _ids(actor, one.link or "", {fold(part) for parts in apart.values() for part in parts})
    found: dict[str, Any] = {}
    for text, parts in apart.items():
        wrong = next((part for part in parts if len(known.get(fold(part), ())) != 1), None)
        if wrong is not None:
            message = SEVERAL if known.get(fold(wrong)) else NOBODY
            found[text] = Message(message.text, {"typed": wrong[:60]})
        else:
            ids = tuple(sorted({known[fold(part)][0] for part in parts}))
            found[text] = (ids or None) if several else (ids[0] if ids else None)
    return found


def _ids(actor: Actor, target: str, names: set[str]) -> dict[str, list[int]]:
    title = DECLARED[target].record.title
    column = DECLARED[target].columns[title].value
    found: dict[str, list[int]] = {}
    for some in chunks(sorted(names), 300):
        for pk, name in find(actor, target, path(title).is_in(tuple(some))).order_by("pk").values_list("pk", column):
            found.setdefault(fold(name), []).append(pk)
    return found
