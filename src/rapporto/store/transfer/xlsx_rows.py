"""Reads workbooks of any size row by row, in constant memory, with the values of their cells as what they are."""

import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from xml.etree.ElementTree import Element

from rapporto.kernel.text import Message
from rapporto.store.transfer.merged_cells import Scan, filled, scanned
from rapporto.store.transfer.packed import Packed
from rapporto.store.transfer.reading import (
    CELL_TOO_LONG,
    DAMAGED,
    EMPTY,
    MAX_CELL,
    MAX_COLUMNS,
    TOO_MANY_COLUMNS,
    Heads,
    Notices,
    Record,
    Settings,
    Unreadable,
    Value,
)
from rapporto.store.transfer.serial_values import EXACT, value_of
from rapporto.store.transfer.shared_strings import SharedStrings, text_of, tidy
from rapporto.store.transfer.xlsx_book import Book, Sheet, book_of
from rapporto.store.transfer.xml_items import items

_LETTERS = re.compile(r"[A-Z]{1,3}")
_MOST_ROWS = 10_000_000

SEVERAL = Message("The workbook has {count} sheets; «{sheet}» was read.")
MERGED = Message("There are merged cells; their value counts for each of their rows.")
FORMULAS = Message("There are formulas; the results kept in the file were read.")
NO_RESULT = Message("Rows {rows}: formulas without a result in the file, read as blank.")
ERRORS = Message("Rows {rows}: cells show an error (such as #N/A), read as blank.")
ROUNDED = Message("Rows {rows}: numbers of more than 15 figures, which the spreadsheet has rounded.")
NO_SHEET = Message("There is no sheet «{sheet}» in the workbook.")


class XlsxRows:
    """The rows of one sheet of a workbook."""

    heads: Heads | None = None

    def __init__(self, path: Path, given: Settings | None = None) -> None:
        self.notices = Notices()
        self.packed = Packed(path)
        self.book: Book = book_of(self.packed)
        strings = items(self.packed.pieces(self.book.strings), "sst", "si") if self.book.strings else ()
        self.strings = SharedStrings(tidy(text_of(one)) for one in strings)
        self.sheets = tuple(one.name for one in self.book.sheets)
        self.columns: dict[str, int] = {}
        sheet = self._asked(given.sheet) if given and given.sheet else self._likely()
        scan: Scan = scanned(self.packed, sheet.part)
        self.merges, self.sheet = scan.merges, sheet
        self.estimated = scan.rows
        self.settings = Settings("xlsx", sheet=sheet.name)
        if len(self.sheets) > 1 and not (given and given.sheet):
            self.notices.say(SEVERAL, count=len(self.sheets), sheet=sheet.name)
        if scan.merges:
            self.notices.say(MERGED)
        if scan.formulas:
            self.notices.say(FORMULAS)

    def _asked(self, name: str) -> Sheet:
        for one in self.book.sheets:
            if one.name == name:
                return one
        raise Unreadable(NO_SHEET, sheet=name)

    def _likely(self) -> Sheet:
        """The first sheet in sight that looks like a table."""
        most: tuple[int, Sheet | None] = (0, None)
        for sheet in sorted(self.book.sheets, key=lambda one: one.hidden):
            rows = [one for one in islice(self._records(sheet), 30) if one.broken is None]
            full = sum(1 for one in rows if sum(1 for cell in one.cells if cell is not None) > 1)
            if full > 1:
                return sheet
            if len(rows) > most[0]:
                most = len(rows), sheet
        if most[1] is None:
            raise Unreadable(EMPTY)
        return most[1]

    def records(self) -> Iterator[Record]:
        """Every row of the sheet, blank ones left out."""
        records = self._records(self.sheet)
        return filled(records, self.merges) if self.merges else records

    def _records(self, sheet: Sheet) -> Iterator[Record]:
        number = 0
        for row in items(self.packed.pieces(sheet.part), "sheetData", "row"):
            said = row.get("r")
            number = int(said) if said and said.isdecimal() and number < int(said[:9]) < _MOST_ROWS else number + 1
            cells = self._cells(row, number)
            if cells:
                wrong = None
                if any(isinstance(one, str) and len(one) > MAX_CELL for one in cells):
                    wrong, cells = Message(CELL_TOO_LONG.text, {"limit": MAX_CELL}), []
                yield Record(number, cells, wrong)

    def _cells(self, row: Element, number: int) -> list[Value]:
        """The values of a row up to the last that is not blank."""
        cells: list[Value] = []
        column = -1
        columns = self.columns
        for cell in row:
            reference = cell.get("r")
            if reference:
                letters = reference.rstrip("0123456789")
                column = columns[letters] if letters in columns else self._column(letters)
            else:
                column += 1
            if not len(cell) or (value := self._value(cell, number)) is None:
                continue
            if column != len(cells):
                if column >= MAX_COLUMNS:
                    raise Unreadable(TOO_MANY_COLUMNS, count=column + 1, limit=MAX_COLUMNS)
                if column < len(cells):
                    cells[column] = value
                    continue
                cells += [None] * (column - len(cells))
            cells.append(value)
        return cells

    def _column(self, letters: str) -> int:
        if not _LETTERS.fullmatch(letters := letters.upper()):
            return MAX_COLUMNS
        number = 0
        for letter in letters:
            number = number * 26 + ord(letter) - 64
        self.columns[letters] = number - 1
        return number - 1

    def _value(self, cell: Element, number: int) -> Value:
        kind = cell.get("t", "n")
        if kind == "s" and len(cell) == 1 and (at := cell[0].text) and len(at) < 10 and at.isdecimal():  # nearly always
            return self._shared(int(at))
        if kind == "inlineStr":
            return tidy("".join(text_of(one) for one in cell)) or None
        text = None
        formula = False
        for child in cell:
            if child.tag.endswith("v"):
                text = child.text
            elif child.tag.endswith("f"):
                formula = True
        if text is None:
            if formula:
                self.notices.say_row(NO_RESULT, number)
            return None
        try:
            return self._typed(kind, text, cell.get("s"), number)
        except (ValueError, OverflowError):
            return tidy(text) or None

    def _shared(self, number: int) -> str | None:
        try:
            return self.strings[number] or None
        except IndexError:
            raise Unreadable(DAMAGED) from None

    def _typed(self, kind: str, text: str, style: str | None, number: int) -> Value:
        if kind == "s":
            return self._shared(int(text))
        if kind == "n":
            forms = self.book.forms
            at = int(style) if style else 0
            value = value_of(text, forms[at] if 0 <= at < len(forms) else "", from_1904=self.book.from_1904)
            if len(text) > 15 and isinstance(value, int) and not -EXACT < value < EXACT:
                self.notices.say_row(ROUNDED, number)
            return value
        if kind == "b":
            return text.strip() in ("1", "true")
        if kind == "e":
            self.notices.say_row(ERRORS, number)
            return None
        return tidy(text) or None
