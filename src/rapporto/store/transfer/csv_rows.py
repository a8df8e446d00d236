"""Reads tables in text files of any size, in constant memory: separators, quotes that do not fit, cells without an end."""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

from rapporto.kernel.text import Message
from rapporto.store.transfer.defused import MARK, as_it_was
from rapporto.store.transfer.reading import (
    CELL_TOO_LONG,
    EMPTY,
    KEPT_RAW,
    MAX_CELL,
    MAX_COLUMNS,
    TOO_MANY_COLUMNS,
    Heads,
    Notices,
    Record,
    Settings,
    Unreadable,
)
from rapporto.store.transfer.separators import can_separate, cut_by, cut_of, said_separator, wrapped_cut
from rapporto.store.transfer.text_blocks import BREAK, CUT_OUT, LINE_TOO_LONG, MAX_LINE, TextBlocks

MAX_LINES = 2_000
"""Lines in one row: there are no longer notes, but quotes that nobody closed."""
_FEWEST_LINES = 20
"""What is left of it in a file where many quotes do not fit; else such a file would be read over and over."""
_MARKED = ("=", MARK)
_CLOSED = re.compile(r'"(?:[^"]|"")*"')
_NEVER = "\x1d"
"""Separates what is one cell: it does not occur."""
WRAPPED = Message("Every line stands in quotes as one cell; it was cut all the same.")
QUOTES = Message("The quotes of this row do not fit together.")


class _Runaway(Exception):
    """A row goes on over too many lines."""


class CsvRows:
    """The rows of a CSV or another text table."""

    sheets: tuple[str, ...] = ()

    heads: Heads | None = None

    def __init__(self, path: Path, given: Settings | None = None) -> None:
        self.notices = Notices()
        self.blocks = TextBlocks(path, self.notices, given.encoding if given else "")
        self.wrapped = given is not None and given.wrapped
        said, self.said_length = said_separator(self.blocks.sample)
        sample = self.blocks.sample[self.said_length :]
        if not sample.strip():
            raise Unreadable(EMPTY)
        asked = (given.separator if given and can_separate(given.separator) else "") or said
        cut = cut_by(sample, asked) if asked else cut_of(sample)
        if not asked and cut.width == 1 and (inner := wrapped_cut(sample)):
            cut, self.wrapped = inner, True
            self.notices.say(WRAPPED)
        self.separator, self.width = cut.separator, cut.width
        if self.width > MAX_COLUMNS:
            raise Unreadable(TOO_MANY_COLUMNS, count=self.width, limit=MAX_COLUMNS)
        self.settings = Settings("csv", self.blocks.encoding, self.separator, wrapped=self.wrapped)
        self.estimated = self.blocks.estimated()

    def records(self) -> Iterator[Record]:
        """Every row from the first, blank ones left out but counted."""
        csv.field_size_limit(max(csv.field_size_limit(), MAX_LINE * 2))
        number, runaways = 0, 0
        lines, again = self._lines(), list[str]()
        while True:
            pending: list[str] = []
            for cells in self._cut(_fed(lines, again, pending, runaways)):
                number += 1
                if cells is None or (len(pending) > 1 and self._swallowed(pending)):
                    yield Record(number, (), QUOTES, pending[0][:KEPT_RAW])
                    again += pending[:0:-1]
                    runaways += 1
                    break
                if cells and (record := self._record(number, cells, pending)):
                    yield record
                pending.clear()
            else:
                return

    def _lines(self) -> Iterator[str]:
        skip = self.said_length
        for block in self.blocks:
            yield from io.StringIO(block[skip:] if skip else block, newline="")
            skip = 0

    def _cut(self, lines: Iterator[str]) -> Iterator[list[str] | None]:
        """The cells of row after row; at last None when a row finds no end."""
        try:
            yield from csv.reader(lines, delimiter=_NEVER if self.wrapped else self.separator)
        except (csv.Error, _Runaway):
            yield None

    def _swallowed(self, pending: list[str]) -> bool:
        """Whether a quote that was never closed made one row of several: the first line alone would have been a whole row."""
        bare = _CLOSED.sub("", pending[0])
        opened = -1 if self.wrapped else bare.rfind('"')
        if opened < 0 or self.width < 2 or bare.count(self.separator) != self.width - 1:
            return False
        if self.separator in bare[opened:]:
            return True
        return self.width > 2 and pending[1].count(self.separator) == self.width - 1

    def _record(self, number: int, cells: list[str], pending: list[str]) -> Record | None:
        if self.wrapped and len(cells) == 1:
            cells = next(csv.reader(cells, delimiter=self.separator), [])
        said: list[str] = [one.strip() if one[:1] not in _MARKED else plain_cell(one) for one in cells]
        if not any(said):
            return None
        if self.blocks.has_breaks:
            said = [one.replace(BREAK, "\n").strip() if BREAK in one else one for one in said]
        if (len(pending) > 1 or len(pending[0]) > MAX_COLUMNS or said[0] == CUT_OUT) and (wrong := _too_much(said)):
            return Record(number, (), wrong, "" if said[0] == CUT_OUT else pending[0][:KEPT_RAW])
        return Record(number, said)


def _too_much(cells: list[str]) -> Message | None:
    """What is too long or too many to be a row of a table."""
    if cells[0] == CUT_OUT:
        return Message(LINE_TOO_LONG.text, {"limit": MAX_LINE // 1024 // 1024})
    if any(CUT_OUT in one for one in cells):
        return QUOTES
    if max(map(len, cells)) > MAX_CELL:
        return Message(CELL_TOO_LONG.text, {"limit": MAX_CELL})
    if len(cells) > MAX_COLUMNS:
        return Message(TOO_MANY_COLUMNS.text, {"count": len(cells), "limit": MAX_COLUMNS})
    return None


def _fed(lines: Iterator[str], again: list[str], pending: list[str], runaways: int) -> Iterator[str]:
    """The lines, first those read `again` (the next one last); those of the row that is being read are kept in `pending`."""
    most_lines = max(_FEWEST_LINES, MAX_LINES // (1 + runaways))
    most_letters = max(MAX_CELL // 10, 2 * MAX_CELL // (1 + runaways))
    size = 0
    while (line := again.pop() if again else next(lines, None)) is not None:
        size = size + len(line) if pending else len(line)
        pending.append(line)
        if (size > most_letters and len(pending) > 1) or len(pending) > most_lines:
            raise _Runaway
        yield line


def plain_cell(cell: str) -> str:
    """What a cell says: spreadsheets keep figures as text by writing ="045…", our own exports defuse with an apostrophe."""
    cell = cell.strip()
    return cell[2:-1] if cell.startswith('="') and cell.endswith('"') and len(cell) > 2 else as_it_was(cell).strip()
