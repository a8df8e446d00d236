"""Reads a table out of a page: many programs on the web export pages and call them .xls."""

import html
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from rapporto.kernel.text import Message
from rapporto.store.transfer.csv_rows import plain_cell
from rapporto.store.transfer.line_encoding import decoder_of, line_by_line
from rapporto.store.transfer.reading import (
    DAMAGED,
    KEPT_RAW,
    MAX_CELL,
    MAX_COLUMNS,
    Heads,
    Notices,
    Record,
    Settings,
    Unreadable,
)
from rapporto.store.transfer.text_blocks import TextBlocks

MOST_BYTES = 50 * 1024**2
TOO_LARGE = Message("The page is too large; export the data as CSV or as a workbook.")
NO_TABLE = Message("There is no table in this page.")
_MOST_HELD = 1024**2
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)([^<>]*)>")
_SPAN = re.compile(r"""(col|row)span\s*=\s*["']?(\d{1,4})""", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\r\n\f]+")
_HIDDEN = {
    one: re.compile(end, re.IGNORECASE)
    for one, end in (("<!--", "-->"), ("<script", "</script"), ("<style", "</style"), ("<!", ">"), ("<?", ">"))
}
_LONGEST_END = 8
_OPENS = re.compile(r"<!--|<script\b|<style\b|<!|<\?", re.IGNORECASE)


class HtmlRows:
    """The rows of the largest table of a page."""

    sheets: tuple[str, ...] = ()
    heads: Heads | None = None

    def __init__(self, path: Path, given: Settings | None = None) -> None:
        self.notices = Notices()
        if path.stat().st_size > MOST_BYTES:
            raise Unreadable(TOO_LARGE)
        self.blocks = TextBlocks(path, self.notices, given.encoding if given else "", lines=False)
        self.settings = Settings("html", self.blocks.encoding)
        rows = Counter(table for table, cells in self._rows() if len(cells) > 1)
        if not rows:
            raise Unreadable(NO_TABLE)
        self.table, self.estimated = rows.most_common(1)[0]

    def records(self) -> Iterator[Record]:
        """Every row of the table, blank ones left out but counted."""
        number = 0
        spanning: dict[int, tuple[int, str]] = {}
        for table, cells in self._rows():
            if table == self.table:
                number += 1
                said = _placed(cells, spanning)
                if any(said):
                    long = any(len(one) > MAX_CELL for one in said)
                    yield Record(
                        number, said if not long else [], DAMAGED if long else None, said[0][:KEPT_RAW] if long else ""
                    )

    def _rows(self) -> Iterator[tuple[int, list[tuple[str, int, int]]]]:
        """Row after row: which table it stands in, and its cells as text, columns and rows spanned."""
        page = _Page()
        for name, closing, attributes, text in _tags(self._shown()):
            yield from page.take(name, closing, attributes, text)
        yield from page.take("table", True, "", "")

    def _shown(self) -> Iterator[str]:
        """The page in pieces that end with a tag, without what is not shown."""
        decode = line_by_line if self.blocks.wide else decoder_of(self.blocks.encoding)
        held = ""
        until: re.Pattern[str] | None = None
        for piece in self.blocks.pieces():
            held += decode(piece).replace("\x00", "")
            at = 0
            while at < len(held):
                if until is not None:
                    closes = until.search(held, at)
                    if not closes:
                        at = max(at, len(held) - _LONGEST_END)
                        break
                    at, until = closes.end(), None
                opens = _OPENS.search(held, at)
                end = opens.start() if opens else held.rfind(">", at) + 1
                if end > at:
                    yield held[at:end]
                    at = end
                if not opens:
                    break
                at, until = opens.end(), _HIDDEN[opens[0].lower()]
            held = held[at:]
            if len(held) > _MOST_HELD:
                raise Unreadable(DAMAGED)


def _tags(pieces: Iterator[str]) -> Iterator[tuple[str, bool, str, str]]:
    """Each tag with the text before it."""
    before = ""
    for piece in pieces:
        at = 0
        for found in _TAG.finditer(piece):
            yield found[2].lower(), bool(found[1]), found[3], before + piece[at : found.start()]
            before, at = "", found.end()
        before += piece[at:]
        if len(before) > _MOST_HELD:
            before = before[:_MOST_HELD]


class _Page:
    """Where in a page one is."""

    def __init__(self) -> None:
        self.tables = 0
        self.open: list[int] = []
        self.row: list[tuple[str, int, int]] | None = None
        self.cell: list[str] | None = None
        self.spans = (1, 1)

    def take(
        self, name: str, closing: bool, attributes: str, text: str
    ) -> Iterator[tuple[int, list[tuple[str, int, int]]]]:
        """One more tag and the text before it; gives the row that it ends, if any."""
        if self.cell is not None and sum(map(len, self.cell)) <= MAX_CELL:
            self.cell.append(text)
            if name in ("br", "p", "div", "li"):
                self.cell.append("\n")
        if name in ("td", "th", "tr", "table"):
            self._end_cell()
        if name in ("tr", "table") and self.row is not None:
            yield (self.open[-1] if self.open else 0), self.row
            self.row = None
        if name == "table":
            self._table(closing)
        elif name == "tr" and not closing:
            self.row = []
        elif name in ("td", "th") and not closing:
            found = {one[0].lower(): int(one[1]) for one in _SPAN.findall(attributes)}
            self.row = self.row if self.row is not None else []
            self.cell, self.spans = [], (max(1, found.get("col", 1)), max(1, found.get("row", 1)))

    def _table(self, closing: bool) -> None:
        if not closing:
            self.tables += 1
            self.open = [*self.open[-50:], self.tables]
        elif self.open:
            self.open.pop()

    def _end_cell(self) -> None:
        if self.cell is not None and self.row is not None and len(self.row) < MAX_COLUMNS:
            self.row.append((_text("".join(self.cell)), *self.spans))
        self.cell = None


def _text(raw: str) -> str:
    lines = [_SPACES.sub(" ", line).strip() for line in raw.split("\n")] if "\n" in raw else [_SPACES.sub(" ", raw)]
    return plain_cell(html.unescape("\n".join(filter(None, lines))).replace("\xa0", " ").strip())


def _placed(cells: list[tuple[str, int, int]], spanning: dict[int, tuple[int, str]]) -> list[str]:
    """The cells in their columns, those of rows above that span this one, too."""
    row: list[str] = []

    def carried() -> None:
        while len(row) in spanning:
            left, text = spanning.pop(len(row))
            if left > 1:
                spanning[len(row)] = left - 1, text
            row.append(text)

    for text, columns, rows in cells:
        carried()
        if rows > 1:
            spanning[len(row)] = rows - 1, text
        row += [text, *[""] * min(columns - 1, MAX_COLUMNS)]
        if len(row) > MAX_COLUMNS:
            break
    carried()
    return row
