"""Reads tables in text files as programs export them: any of three encodings, any of three separators, line breaks in quotes."""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from rapporto.kernel.text import Message
from rapporto.store.transfer.defused import MARK, as_it_was
from rapporto.store.transfer.reading import Unreadable

MAX_BYTES = 20 * 1024 * 1024
MAX_ROWS = 100_000
MAX_COLUMNS = 500
MAX_CELL = 100_000
"""Characters in one cell; a quote that was never closed swallows the rest of the file, and is found by this."""
SEPARATORS = (";", ",", "\t")
STRAY = "rapporto.windows1252"

_KNOWN = (
    (b"PK\x03\x04", Message("This is a workbook (or an archive), not a CSV file; open it and save it as CSV.")),
    (b"\xd0\xcf\x11\xe0", Message("This is an Office file, not a CSV file; open it and save it as CSV.")),
    (b"%PDF", Message("This is a PDF, not a CSV file; export the contacts as CSV.")),
    (b"!BDN", Message("This is an Outlook data file (PST); export the contacts from Outlook as CSV.")),
    (b"BEGIN:VCARD", Message("This is a vCard, not a CSV file; export the contacts as CSV.")),
)
NOT_TEXT = Message("This is no text file; export the contacts as CSV.")
EMPTY = Message("The file is empty; export the contacts again.")
TOO_LARGE = Message("The file has {size} MB; {limit} MB at most can be read. Split it in parts.")
TOO_MANY_COLUMNS = Message("The file has {count} columns; {limit} at most can be read.")
TOO_MANY_ROWS = Message("The file has more than {limit} rows; split it in parts.")
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_SAYS_SEPARATOR = re.compile(r"\s*sep=(.)[\r\n]+", re.IGNORECASE)
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


@dataclass(frozen=True)
class Line:
    """One row of a table: where it begins in the file (1 is the first line), its cells, and why it could not be read, if so."""

    number: int
    cells: tuple[str, ...]
    wrong: Message | None = None


def _one_byte(error: UnicodeError) -> tuple[str, int]:
    """A byte that is no UTF-8 is read as Windows writes it; so a file of either encoding, or of both, is read right."""
    assert isinstance(error, UnicodeDecodeError)
    byte = error.object[error.start : error.start + 1]
    return byte.decode("cp1252", "ignore"), error.start + 1


codecs.register_error(STRAY, _one_byte)


def text_of(data: bytes) -> str:
    """The text of a file in UTF-8, UTF-16 or Windows-1252. Raises Unreadable for what is no text."""
    if len(data) > MAX_BYTES:
        raise Unreadable(TOO_LARGE.text, size=-(-len(data) // 1024 // 1024), limit=MAX_BYTES // 1024 // 1024)
    for mark, message in _KNOWN:
        if data.startswith(mark):
            raise Unreadable(message.text)
    text = _decoded(data)
    if len(_CONTROLS.findall(text[:100_000])) > max(8, len(text[:100_000]) // 200):
        raise Unreadable(NOT_TEXT.text)
    text = text.replace("\x00", "")
    if not text.strip():
        raise Unreadable(EMPTY.text)
    return text


def _decoded(data: bytes) -> str:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, STRAY if encoding == "utf-8" else "replace")
    start = data[:4000]
    if start and start[1::2].count(0) > len(start) * 0.3:
        return data.decode("utf-16-le", "replace")
    if start and start[0::2].count(0) > len(start) * 0.3:
        return data.decode("utf-16-be", "replace")
    return data.decode("utf-8", STRAY)


def lines_of(data: bytes) -> Iterator[Line]:
    """The rows of a table, the heads included, blank ones left out. Raises Unreadable, also while it is being read."""
    text = text_of(data)
    said = _SAYS_SEPARATOR.match(text)
    skipped = 0
    if said:
        skipped, text = 1, text[said.end() :]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=said[1] if said else separator_of(text))
    csv.field_size_limit(MAX_BYTES)
    count = 0
    while True:
        number = reader.line_num + 1 + skipped
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield Line(number, (), Message("The quotes of this row do not fit together."))
            continue
        if not any(cell.strip() for cell in cells):
            continue
        count += 1
        if count > MAX_ROWS + 5:
            raise Unreadable(TOO_MANY_ROWS.text, limit=MAX_ROWS)
        if len(cells) > MAX_COLUMNS:
            raise Unreadable(TOO_MANY_COLUMNS.text, count=len(cells), limit=MAX_COLUMNS)
        yield _line(number, cells)


def _line(number: int, cells: list[str]) -> Line:
    if max(map(len, cells)) > MAX_CELL:
        return Line(
            number,
            (),
            Message(
                "A cell of this row has more than {limit} characters; perhaps a quote is not closed.",
                {"limit": MAX_CELL},
            ),
        )
    return Line(number, tuple(_bare(cell) if cell[:1] in _MARKED else cell for cell in cells))


_MARKED = ("=", MARK)


def _bare(cell: str) -> str:
    """What a cell says: spreadsheets keep figures as text by writing ="045…", our own exports defuse with an apostrophe."""
    return cell[2:-1] if cell.startswith('="') and cell.endswith('"') and len(cell) > 2 else as_it_was(cell)


def separator_of(text: str) -> str:
    """The separator that cuts the first rows in most cells."""
    start = text[:50_000]

    def cells(separator: str) -> int:
        rows = csv.reader(io.StringIO(start, newline=""), delimiter=separator)
        try:
            return max((len(row) for _, row in zip(range(5), rows, strict=False)), default=0)
        except csv.Error:
            return 0

    return max(SEPARATORS, key=cells)


__all__ = ["Line", "Unreadable", "lines_of"]
