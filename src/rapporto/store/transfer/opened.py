"""Opens any table that comes in and gives its rows one after the other: what it is, is told by its content and not by its name."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import islice
from pathlib import Path

from rapporto.kernel.text import Message, fold
from rapporto.store.transfer.csv_rows import CsvRows
from rapporto.store.transfer.formats import kind_of, said_of_name
from rapporto.store.transfer.heads import NO_HEADS, TITLES, TWO_ROWS, given_heads, heads_of
from rapporto.store.transfer.html_rows import HtmlRows
from rapporto.store.transfer.ldif_rows import LdifRows
from rapporto.store.transfer.looks import Look, day_comes_first, decimal_sign, looks_of
from rapporto.store.transfer.office_rows import OfficeRows
from rapporto.store.transfer.reading import (
    EMPTY,
    KEPT_RAW,
    MAX_COLUMNS,
    NO_ROWS,
    TOO_MANY_COLUMNS,
    Heads,
    Record,
    Row,
    Settings,
    Source,
    Unreadable,
    Value,
)
from rapporto.store.transfer.vcard_rows import VcardRows
from rapporto.store.transfer.xlsx_rows import XlsxRows
from rapporto.store.transfer.xml_rows import XmlRows

LOOKED_AT = 500
"""Rows from which everything is found out."""
TOO_WIDE = Message(
    "The row has {count} cells, but there are {limit} columns; perhaps a quote or a separator is too many."
)
TOTALS = Message("Rows {rows}: totals, left out.")
HEADS_AGAIN = Message("Rows {rows}: the heads once more, left out.")
AMERICAN = frozenset(("birthday", "home state", "business state"))
"""Heads that programs write whose days come after the month, unless their values show the contrary."""
_TOTAL = re.compile(
    r"(?:(?:(?:sub ?)?total[ei]?|tot)(?: (?:generale|generali|complessivo|clienti|fornitori|contatti|righe|record|importo|importi))?"
    r"|grand total|(?:sub)?totals?|somma|sum)[:.]? ?\d*"
)
_NUMBER = re.compile(r"[+\-(]?[€$ ]*\d[\d.,' ]*[€$%)]*")


class Table:
    """A table that comes in."""

    def __init__(self, source: Source, given: Settings | None, name: str = "") -> None:
        self.source = source
        first = list(islice(source.records(), LOOKED_AT))
        if not first:
            raise Unreadable(EMPTY)
        self._heads = self._find_heads(first, given)
        self.headers = self._heads.names
        if len(self.headers) > MAX_COLUMNS:
            raise Unreadable(TOO_MANY_COLUMNS, count=len(self.headers), limit=MAX_COLUMNS)
        self._texts_only = source.settings.kind not in ("xlsx", "xls", "ods", "xml")
        data = [row for row in map(self._row, first) if row is not None]
        if not data:
            raise Unreadable(NO_ROWS)
        self._first = data
        self.settings = self._found(given)

    def _find_heads(self, first: list[Record], given: Settings | None) -> Heads:
        notices = self.source.notices
        if self.source.heads is not None:
            return self.source.heads
        if given is not None and given.kind == self.source.settings.kind:
            return given_heads(first, given.header_row, given.header_rows)
        heads = heads_of(first)
        if not heads.row:
            notices.say(NO_HEADS)
        elif heads.rows > 1:
            notices.say(TWO_ROWS)
        if heads.row - heads.rows > 0:
            notices.say(TITLES, row=heads.row - heads.rows + 1)
        return heads

    def _found(self, given: Settings | None) -> Settings:
        found = replace(self.source.settings, header_row=self._heads.row, header_rows=self._heads.rows)
        if given is not None and given.kind == found.kind:
            return replace(found, decimal=given.decimal, day_first=given.day_first)
        values = [one.values for one in self._first if one.broken is None]
        usual = not AMERICAN & {fold(head) for head in self.headers}
        day_first = day_comes_first(values, self.source.notices, usual=usual)
        return replace(found, decimal=decimal_sign(values), day_first=day_first)

    @property
    def sheets(self) -> tuple[str, ...]:
        """The names of the sheets of a workbook; none elsewhere."""
        return self.source.sheets

    @property
    def said(self) -> tuple[Message, ...]:
        """What was noticed until now; more may come while rows are read."""
        return self.source.notices.all()

    @cached_property
    def estimated(self) -> int:
        """How many rows there are, about."""
        return max(len(self._first), self.source.estimated - self._heads.row)

    @cached_property
    def looks(self) -> tuple[Look, ...]:
        """What each column looks like it holds."""
        return looks_of(self.headers, [one.values for one in self._first if one.broken is None])

    def sample(self, number: int = 20) -> list[Row]:
        """The first rows."""
        return self._first[:number]

    def rows(self, after: int = 0) -> Iterator[Row]:
        """Every row of data with a number greater than `after`, read from the file anew. Raises Unreadable when the file turns out
        to be damaged."""
        done = max(after, self._heads.row)
        for record in self.source.records():
            if record.number > done and (row := self._row(record)) is not None:
                yield row

    def _row(self, record: Record) -> Row | None:
        """The row of a record; None for heads, titles and totals."""
        number, cells, width = record.number, record.cells, len(self.headers)
        if number <= self._heads.row:
            return None
        if record.broken is not None:
            return Row(number, tuple(cells), record.broken, record.raw)
        if self.source.heads is None and self._left_out(number, cells):
            return None
        if len(cells) == width:
            return Row(number, tuple(cells))
        if len(cells) < width:
            return Row(number, (*cells, *(("" if self._texts_only else None,) * (width - len(cells)))))
        if any(one not in ("", None) for one in cells[width:]):
            wrong = Message(TOO_WIDE.text, {"count": len(cells), "limit": width})
            raw = (self.source.settings.separator or ";").join("" if one is None else str(one) for one in cells)
            return Row(number, tuple(cells[:width]), wrong, raw[:KEPT_RAW])
        return Row(number, tuple(cells[:width]))

    def _left_out(self, number: int, cells: Sequence[Value]) -> bool:
        """Whether these are the heads once more, or totals."""
        first = cells[0] or next(one for one in cells if one not in ("", None))
        if not isinstance(first, str):
            return False
        if first[:1] in "TtSsGg" and _are_totals(first, cells):
            self.source.notices.say_row(TOTALS, number)
            return True
        heads = self._heads.cells
        if heads and first == (heads[0] or first) and all(one == head for one, head in zip(cells, heads, strict=False)):
            self.source.notices.say_row(HEADS_AGAIN, number)
            return True
        return False


def _are_totals(first: str, cells: Sequence[Value]) -> bool:
    """Whether a row says «Totale» and otherwise only figures, most cells being blank."""
    if not _TOTAL.fullmatch(fold(first)):
        return False
    filled = [one for one in cells if one not in ("", None)]
    return len(filled) <= max(2, len(cells) / 2) and all(
        _NUMBER.fullmatch(one) if isinstance(one, str) else True for one in filled[1:]
    )


def open_table(path: Path, name: str, given: Settings | None = None) -> Table:
    """The table in a file that is called `name`, read as `given` when that fits its kind. Raises Unreadable, and nothing else, when
    there is none in it."""
    kind = kind_of(path)
    source = _SOURCES[kind](path, given if given is not None and given.kind == kind else None)
    if said := said_of_name(name, kind):
        source.notices.say(said)
    return Table(source, given, name)


_SOURCES: dict[str, Callable[[Path, Settings | None], Source]] = {
    "csv": CsvRows,
    "xlsx": XlsxRows,
    "xls": OfficeRows,
    "ods": OfficeRows,
    "html": HtmlRows,
    "xml": XmlRows,
    "vcard": VcardRows,
    "ldif": LdifRows,
}

__all__ = ["Row", "Settings", "Table", "Unreadable", "Value", "open_table"]
