"""Tables of pages and files as rows of plain text, to be held against each other."""

import csv
import io
from datetime import datetime
from html.parser import HTMLParser
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.escape import unescape

from rapporto.store.transfer.defused import as_it_was

Rows = list[list[str]]
NOTHING = ("—", "Senza nome")
"""What stands in a cell that is empty."""
VOID = {"input", "br", "img", "use", "meta", "link", "hr"}


class _Reader(HTMLParser):
    """Reads the cells of the body rows of a page; what is hidden from the ear is no text."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[tuple[str, list[str]]] = []
        self.heads: list[str] = []
        self.inside: list[str] = []
        self.hidden = 0
        self.cell: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if self.hidden or told.get("aria-hidden") == "true":
            self.hidden += tag not in VOID
            return
        if tag in ("thead", "tbody", "tfoot"):
            self.inside.append(tag)
        if tag == "tr":
            self.rows.append((told.get("class") or "", []))
        if tag in ("td", "th"):
            self.cell = [] if "pick" not in (told.get("class") or "").split() else None

    def handle_endtag(self, tag: str) -> None:
        if self.hidden:
            self.hidden -= 1
            return
        if tag in ("td", "th") and self.cell is not None:
            text = " ".join("".join(self.cell).split())
            self.rows[-1][1].append("" if text in NOTHING else text)
            self.cell = None
        if tag in ("thead", "tbody", "tfoot") and self.inside:
            if tag == "thead":
                self.heads, self.rows = self.rows[0][1], []
            self.inside.pop()

    def handle_data(self, data: str) -> None:
        if not self.hidden and self.cell is not None:
            self.cell.append(data)


def _read(page: str) -> _Reader:
    reader = _Reader()
    body = page[page.index("<table") :] if "<table" in page else page
    reader.feed(body.partition("</table>")[0])
    return reader


def heads_of(page: str) -> list[str]:
    """The heads of the table of a page."""
    return _read(page).heads


def rows_of(page: str) -> Rows:
    """The rows of records in the table of a page."""
    return [cells for classes, cells in _read(page.partition("<tfoot")[0]).rows if not classes and cells]


def lines_of(page: str) -> list[tuple[str, list[str]]]:
    """All rows of the table of a page with their classes."""
    return [(classes, cells) for classes, cells in _read(page).rows if cells]


def csv_rows(data: bytes) -> Rows:
    """The rows of an Italian CSV file, its heads first."""
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))


def read_back(data: bytes) -> Rows:
    """The same as an import reads them: blank ones left out, and what was made harmless for a spreadsheet as it was."""
    return [[as_it_was(cell) for cell in row] for row in csv_rows(data) if any(row)]


def xlsx_rows(data: bytes) -> Rows:
    """The rows of a workbook as an Italian reads them, its heads first; that no cell is a formula is looked at on the way."""
    sheet = load_workbook(io.BytesIO(data)).worksheets[0]
    rows = [[as_read(cell) for cell in row] for row in sheet.iter_rows()]
    return rows[rows.index([""] * len(rows[0])) + 1 :]


def told_in(data: bytes) -> list[str]:
    """What a workbook says above its heads."""
    rows = [row[0].value for row in load_workbook(io.BytesIO(data)).worksheets[0].iter_rows()]
    return [str(one) for one in rows[: rows.index(None)]]


def as_read(cell: Any) -> str:
    """A cell of a workbook as it is shown."""
    value = cell.value
    assert cell.data_type != "f", value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Sì" if value else ""
    if isinstance(value, datetime):
        return f"{value:%d/%m/%Y %H:%M}" if "hh" in cell.number_format else f"{value:%d/%m/%Y}"
    if isinstance(value, int | float):
        text = f"{value:,.2f}" if cell.number_format.endswith(".00") else f"{value:,}"
        return text.translate(str.maketrans(",.", ".,"))
    return " ".join(unescape(value).split())
