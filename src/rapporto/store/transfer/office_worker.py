"""Reads an old Excel or an OpenDocument file in a process of its own, since its library holds whole sheets and may break down.

Called as a program: file, target, sheet ("" for the likeliest), megabytes of memory, seconds of work. Writes lines of JSON: first
the names of the sheets, then row after row as [number, [[kind, value], …]].
"""

import json
import sys
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any, TextIO

import python_calamine

try:
    import resource
except ImportError:  # not on Windows: there, the files are read without these limits
    resource = None  # type: ignore[assignment]

LOOKED_AT = 30
PROTECTED, NO_SHEET, TOO_LARGE = 3, 4, 5
"""Codes with which the process ends when it is not the file that is damaged."""


def _limit(megabytes: int, seconds: int) -> None:
    if resource is not None:
        resource.setrlimit(resource.RLIMIT_AS, (megabytes * 1024**2, megabytes * 1024**2))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _cell(value: Any) -> list[Any]:
    """A cell as its kind (t text, n number, d day, m moment) and value."""
    if isinstance(value, bool):
        return ["b", value]
    if isinstance(value, int | float):
        return ["n", repr(value)]
    if isinstance(value, datetime):
        return ["m", value.isoformat()] if value.time() != time() else ["d", value.date().isoformat()]
    if isinstance(value, date):
        return ["d", value.isoformat()]
    if isinstance(value, time):
        return ["t", value.isoformat("minutes")]
    if isinstance(value, timedelta):
        minutes = round(value.total_seconds() / 60)
        return ["t", f"{minutes // 60:02}:{minutes % 60:02}"]
    return ["t", str(value).strip()]


def _rows(sheet: Any) -> Iterator[tuple[int, list[list[Any]]]]:
    top, left = sheet.start or (0, 0)
    for at, row in enumerate(sheet.to_python(skip_empty_area=True), start=top + 1):
        cells = [["t", ""]] * left + [_cell(one) for one in row]
        while cells and cells[-1] == ["t", ""]:
            cells.pop()
        if cells:
            yield at, cells


def _likely(sheets: Iterable[Any]) -> Any:
    """The first sheet that looks like a table, else the first."""
    first = None
    for sheet in sheets:
        first = first or sheet
        if sum(1 for _, cells in islice(_rows(sheet), LOOKED_AT) if len(cells) > 1) > 1:
            return sheet
    return first


def write(path: str, target: TextIO, name: str) -> None:
    """The rows of a sheet as lines of JSON."""
    with open(path, "rb") as file:
        book = python_calamine.load_workbook(file)
        shown = [one for one in book.sheets_metadata if one.visible == python_calamine.SheetVisibleEnum.Visible]
        names = [
            one.name for one in shown or book.sheets_metadata if one.typ == python_calamine.SheetTypeEnum.WorkSheet
        ]
        sheet = book.get_sheet_by_name(name) if name else _likely(book.get_sheet_by_name(one) for one in names)
        if sheet is None:
            return
        said = {"sheets": names, "sheet": sheet.name, "rows": sheet.height, "merged": sheet.merged_cell_ranges or []}
        json.dump(said, target)
        for number, cells in _rows(sheet):
            target.write("\n")
            json.dump([number, cells], target)


def main() -> int:
    """Read as asked for; gives the code with which the process ends."""
    source, target, sheet, megabytes, seconds = sys.argv[1:]
    _limit(int(megabytes), int(seconds))
    try:
        with open(target, "w", encoding="utf-8") as written:
            write(source, written, sheet)
    except python_calamine.PasswordError:
        return PROTECTED
    except python_calamine.WorksheetNotFound:
        return NO_SHEET
    except MemoryError:
        return TOO_LARGE
    return 0


if __name__ == "__main__":
    sys.exit(main())
