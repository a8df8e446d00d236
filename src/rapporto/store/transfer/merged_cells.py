"""Looks over a whole sheet before its rows are read: how many there are, whether cells are merged, whether formulas made them."""

import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rapporto.store.transfer.packed import Packed
from rapporto.store.transfer.reading import Record, Value

MOST_SCANNED = 1024**3
"""Bytes; larger sheets are not looked over first."""
_MOST_MERGES = 100_000
_MOST_TAIL = 16 * 1024**2
_ROW = re.compile(rb"<(?:[\w.-]+:)?row[\s>/]")
_END = re.compile(rb"</(?:[\w.-]+:)?sheetData\s*>|<(?:[\w.-]+:)?sheetData[^<>]*/>")
_MERGE = re.compile(
    rb"""<(?:[\w.-]+:)?mergeCell\s[^>]*?ref\s*=\s*["']\$?([A-Z]{1,3})\$?(\d{1,7}):\$?([A-Z]{1,3})\$?(\d{1,7})["']"""
)


@dataclass(frozen=True)
class Scan:
    """What a sheet has."""

    rows: int
    formulas: bool
    merges: tuple[tuple[int, int, int], ...]
    """First row, last row, column from 0: ranges of more than one row."""


def scanned(packed: Packed, part: str) -> Scan:
    """Look a sheet over."""
    size = packed.size(part)
    if size > MOST_SCANNED:
        return Scan(size // 400, False, ())
    rows, formulas, tail, ended = 0, False, b"", False
    for piece in packed.pieces(part):
        if ended:
            if len(tail) < _MOST_TAIL:
                tail += piece
            continue
        rows += piece.count(b"<row ") or len(_ROW.findall(piece))
        formulas = formulas or b"<f>" in piece or b"<f " in piece or b":f>" in piece
        joined = tail + piece
        end = _END.search(joined)
        tail, ended = joined[end.end() :] if end else piece[-40:], end is not None
    return Scan(rows, formulas, tuple(_merges(tail)) if ended else ())


def _merges(tail: bytes) -> list[tuple[int, int, int]]:
    found: list[tuple[int, int, int]] = []
    for one in _MERGE.finditer(tail):
        first, last = int(one[2]), int(one[4])
        if last > first and len(found) < _MOST_MERGES:
            column = 0
            for letter in one[1]:
                column = column * 26 + letter - 64
            found.append((first, last, column - 1))
    return found


def filled(records: Iterable[Record], merges: Sequence[tuple[int, int, int]]) -> Iterator[Record]:
    """The rows, those below a cell that spans several of them with its value, too."""
    coming = deque(sorted(merges))
    spanning: dict[int, tuple[int, Value]] = {}
    for record in records:
        cells = list(record.cells)
        while coming and coming[0][0] <= record.number:
            first, last, column = coming.popleft()
            if first == record.number and column < len(cells) and cells[column] is not None:
                spanning[column] = last, cells[column]
        for column, (last, value) in tuple(spanning.items()):
            if record.number > last:
                del spanning[column]
            elif cells and (column >= len(cells) or cells[column] is None):
                cells += [None] * (column + 1 - len(cells))
                cells[column] = value
        yield Record(record.number, cells, record.broken, record.raw)
