"""Reads the XML that Excel wrote in 2003 and that many programs still export, mostly under the name of .xls."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from xml.etree.ElementTree import Element

from rapporto.kernel.text import Message
from rapporto.store.transfer.packed import BLOCK
from rapporto.store.transfer.reading import (
    CELL_TOO_LONG,
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
from rapporto.store.transfer.serial_values import value_of
from rapporto.store.transfer.shared_strings import tidy
from rapporto.store.transfer.xlsx_rows import MERGED
from rapporto.store.transfer.xml_items import items

SPACE = "urn:schemas-microsoft-com:office:spreadsheet"
_INDEX, _TYPE, _DOWN, _ACROSS = (f"{{{SPACE}}}{name}" for name in ("Index", "Type", "MergeDown", "MergeAcross"))
FIRST_SHEET = Message("The workbook has {count} sheets; the first was read. Save it as XLSX to choose another.")


class XmlRows:
    """The rows of the first sheet."""

    sheets: tuple[str, ...] = ()
    heads: Heads | None = None

    def __init__(self, path: Path, given: Settings | None = None) -> None:
        self.path, self.notices, self.settings = path, Notices(), Settings("xml")
        self.estimated, sheets, merged, tail = 0, 0, False, b""
        for piece in self._pieces():
            joined = tail + piece
            self.estimated += joined.count(b"<Row") - tail.count(b"<Row")
            sheets += joined.count(b"<Worksheet") - tail.count(b"<Worksheet")
            merged = merged or b"MergeDown" in joined
            tail = joined[-12:]
        if sheets > 1:
            self.notices.say(FIRST_SHEET, count=sheets)
        if merged:
            self.notices.say(MERGED)

    def _pieces(self) -> Iterator[bytes]:
        with self.path.open("rb") as file:
            while piece := file.read(BLOCK):
                yield piece

    def records(self) -> Iterator[Record]:
        """Every row, blank ones left out but counted."""
        number = 0
        spanning: dict[int, tuple[int, Value]] = {}
        for row in items(self._pieces(), "Table", "Row"):
            if row.tag.rpartition("}")[2] == "Row":
                number = max(_number(row.get(_INDEX)), number + 1)
                cells = _cells(row, number, spanning)
                if any(isinstance(one, str) and len(one) > MAX_CELL for one in cells):
                    yield Record(number, [], Message(CELL_TOO_LONG.text, {"limit": MAX_CELL}))
                elif cells:
                    yield Record(number, cells)


def _cells(row: Element, number: int, spanning: dict[int, tuple[int, Value]]) -> list[Value]:
    """The values of a row up to the last that is not blank, those of rows above that span it, too."""
    cells: list[Value] = []
    column = 0
    for cell in row:
        if cell.tag.rpartition("}")[2] != "Cell":
            continue
        column = max(column, _number(cell.get(_INDEX)) - 1)
        while spanning.get(column, (0, None))[0] >= number and cell.get(_INDEX) is None:
            column += 1
        value = _value(cell)
        if value is not None:
            if column >= MAX_COLUMNS:
                raise Unreadable(TOO_MANY_COLUMNS, count=column + 1, limit=MAX_COLUMNS)
            cells += [None] * (column + 1 - len(cells))
            cells[column] = value
            if down := _number(cell.get(_DOWN)):
                spanning[column] = number + down, value
        column += 1 + min(_number(cell.get(_ACROSS)), MAX_COLUMNS)
    for place, (last, value) in tuple(spanning.items()):
        if last < number:
            del spanning[place]
        elif cells and (place >= len(cells) or cells[place] is None):
            cells += [None] * (place + 1 - len(cells))
            cells[place] = value
    return cells


def _value(cell: Element) -> Value:
    data = next((one for one in cell if one.tag.rpartition("}")[2] == "Data"), None)
    if data is None:
        return None
    text = tidy("".join(data.itertext()))
    kind = data.get(_TYPE, "String")
    try:
        if kind == "Number":
            return value_of(text, "")
        if kind == "DateTime":
            moment = datetime.fromisoformat(text)
            return moment if moment.time().isoformat() != "00:00:00" else moment.date()
    except ValueError:
        return text or None
    if kind == "Boolean":
        return text == "1"
    return None if kind == "Error" else text or None


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 8 else 0
