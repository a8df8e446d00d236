"""Reads old Excel (XLS), binary Excel (XLSB) and OpenDocument sheets: a process of its own turns them into lines, these are streamed."""

import json
import mmap
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from rapporto.kernel.text import Message
from rapporto.store.transfer import office_worker
from rapporto.store.transfer.formats import WORDS
from rapporto.store.transfer.merged_cells import filled
from rapporto.store.transfer.packed import PROTECTED, Packed, check_prolog
from rapporto.store.transfer.reading import DAMAGED, EMPTY, Heads, Notices, Record, Settings, Unreadable, Value
from rapporto.store.transfer.serial_values import value_of
from rapporto.store.transfer.shared_strings import tidy
from rapporto.store.transfer.xlsx_rows import MERGED, NO_SHEET, SEVERAL

MOST_BYTES = 100 * 1024**2
MOST_MEMORY = 512
"""Megabytes for the process."""
MOST_SECONDS = 60
TOO_LARGE = Message("The workbook is too large for this old format; save it as XLSX or CSV and bring that.")
_SECRET, _WORD = "EncryptedPackage".encode("utf-16-le"), "WordDocument".encode("utf-16-le")


class OfficeRows:
    """The rows of one sheet."""

    heads: Heads | None = None

    def __init__(self, path: Path, given: Settings | None = None) -> None:
        self.notices = Notices()
        kind = _checked(path)
        self.folder = tempfile.TemporaryDirectory()  # it lives as long as this
        self.lines = Path(self.folder.name) / "rows.jsonl"
        self._read(path, given.sheet if given else "")
        said = self._said()
        self.sheets: tuple[str, ...] = tuple(said["sheets"])
        self.settings = Settings(kind, sheet=said["sheet"])
        self.merges = [(first[0] + 1, last[0] + 1, first[1]) for first, last in said["merged"] if last[0] > first[0]]
        self.estimated = said["rows"]
        if len(self.sheets) > 1 and not (given and given.sheet):
            self.notices.say(SEVERAL, count=len(self.sheets), sheet=said["sheet"])
        if self.merges:
            self.notices.say(MERGED)

    def _read(self, path: Path, sheet: str) -> None:
        command = [
            sys.executable,
            "-I",
            office_worker.__file__,
            str(path),
            str(self.lines),
            sheet,
            str(MOST_MEMORY),
            str(MOST_SECONDS),
        ]
        try:
            done = subprocess.run(command, capture_output=True, timeout=2 * MOST_SECONDS, check=False)
        except subprocess.TimeoutExpired:
            raise Unreadable(TOO_LARGE) from None
        if done.returncode == office_worker.PROTECTED:
            raise Unreadable(PROTECTED)
        if done.returncode == office_worker.NO_SHEET:
            raise Unreadable(NO_SHEET, sheet=sheet)
        if done.returncode == office_worker.TOO_LARGE or done.returncode < 0:
            raise Unreadable(TOO_LARGE)
        if done.returncode:
            raise Unreadable(DAMAGED)

    def _said(self) -> Any:
        with self.lines.open(encoding="utf-8") as lines:
            line = lines.readline()
        if not line:
            raise Unreadable(EMPTY)
        return json.loads(line)

    def records(self) -> Iterator[Record]:
        """Every row of the sheet, blank ones left out."""
        return filled(self._records(), self.merges) if self.merges else self._records()

    def _records(self) -> Iterator[Record]:
        with open(str(self.lines), encoding="utf-8") as lines:
            next(lines)
            for line in lines:
                number, cells = json.loads(line)
                yield Record(number, [_value(*one) for one in cells])


def _value(kind: str, value: Any) -> Value:
    if kind == "t":
        return tidy(value) or None
    if kind == "n":
        return value_of(value, "")
    if kind == "d":
        return date.fromisoformat(value)
    return datetime.fromisoformat(value) if kind == "m" else bool(value)


def _checked(path: Path) -> str:
    """xls or ods; refused before it is opened when it is too large, locked, a bomb or something else."""
    if path.stat().st_size > MOST_BYTES:
        raise Unreadable(TOO_LARGE)
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        if data[:2] != b"PK":
            if data.find(_SECRET) >= 0:
                raise Unreadable(PROTECTED)
            if data.find(_WORD) >= 0:
                raise Unreadable(WORDS)
            return "xls"
    packed = Packed(path)
    if packed.has("content.xml"):
        check_prolog(packed.pieces("content.xml"))
        return "ods"
    return "xls"
