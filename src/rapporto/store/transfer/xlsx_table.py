"""Writes a table as a workbook: real numbers, amounts and dates, texts that are never formulas, groups that fold."""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, BinaryIO

import xlsxwriter

from rapporto.store.transfer.tables import Column, Value

MOST_ROWS: int = 1_048_576
"""Rows of one sheet; what is longer goes on in a second one."""
MOST_LETTERS = 32_767
"""Letters of one cell."""
EXACT = 10**15
"""Beyond this a spreadsheet rounds numbers: they are written as texts."""
FIRST_YEAR = 1900
"""Spreadsheets know no days before: those are written as texts."""
_FORMS: dict[str, dict[str, Any]] = {
    "number": {"num_format": "#,##0", "align": "right", "indent": 1},
    "money": {"num_format": "#,##0.00", "align": "right", "indent": 1},
    "date": {"num_format": "dd/mm/yyyy", "align": "left"},
    "moment": {"num_format": "dd/mm/yyyy hh:mm", "align": "left"},
}
_HEADS: tuple[dict[str, Any], ...] = (
    {"bold": True, "bg_color": "#E3E9EC"},
    {"bold": True, "bg_color": "#F1F4F6"},
    {"bold": True},
    {"italic": True},
)
"""How the heads of groups look, level by level."""
_NO_NAME = re.compile(r"[\[\]:*?/\\]")


class XlsxTable:
    """Above the heads stand a title and lines that say what the table shows; heads stay in sight and repeat on paper."""

    def __init__(
        self,
        file: BinaryIO,
        columns: Sequence[Column],
        *,
        title: str,
        lines: Sequence[str],
        folder: str,
        grouped: bool = False,
        most_rows: int = MOST_ROWS,
    ) -> None:
        self.book = xlsxwriter.Workbook(
            file, {"constant_memory": True, "tmpdir": folder, "default_date_format": "dd/mm/yyyy"}
        )
        self.columns, self.title, self.lines = columns, title, lines
        self.grouped, self.most_rows = grouped, most_rows
        self.sheets = 0
        self.forms = [self._form(one, {}) for one in columns]
        self.head_forms = [
            [
                self._form(one, {**look, **({"indent": level} if level and not at else {})})
                for at, one in enumerate(columns)
            ]
            for level, look in enumerate(_HEADS)
        ]
        self._begin_sheet()

    def _form(self, column: Column, more: dict[str, Any]) -> Any:
        wanted = {**_FORMS.get(column.form, {}), **more}
        return self.book.add_format(wanted) if wanted else None

    def _begin_sheet(self) -> None:
        self.sheets += 1
        name = _NO_NAME.sub(" ", self.title).strip("' ")[:27] or "1"
        self.sheet = self.book.add_worksheet(name if self.sheets == 1 else f"{name} {self.sheets}")
        for at, column in enumerate(self.columns):
            self.sheet.set_column(at, at, column.width)
        self.sheet.write_string(0, 0, self.title, self.book.add_format({"bold": True, "font_size": 14}))
        for at, line in enumerate(self.lines, start=1):
            self.sheet.write_string(at, 0, line[:MOST_LETTERS])
        self.head = len(self.lines) + 2
        head = self.book.add_format({"bold": True, "bottom": 1})
        right = self.book.add_format({"bold": True, "bottom": 1, "align": "right", "indent": 1})
        for at, column in enumerate(self.columns):
            self.sheet.write_string(self.head, at, column.label, right if column.form in ("number", "money") else head)
        self.sheet.freeze_panes(self.head + 1, 1)
        self.sheet.repeat_rows(self.head)
        self.sheet.set_landscape()
        self.sheet.set_paper(9)  # A4
        self.sheet.fit_to_pages(1, 0)
        self.sheet.outline_settings(True, False, False, False)
        self.next = self.head + 1

    def row(self, values: Sequence[Value], level: int = 0) -> None:
        """One row, folded under the heads of the groups it stands in."""
        self._write(values, self.forms, level)

    def group(self, values: Sequence[Value], level: int) -> None:
        """The head of a group, above its rows."""
        self._write(values, self.head_forms[min(level, len(_HEADS) - 1)], level, whole=True)

    def _write(self, values: Sequence[Value], forms: Sequence[Any], level: int, *, whole: bool = False) -> None:
        if self.next >= self.most_rows:
            self._end_sheet()
            self._begin_sheet()
        row, sheet = self.next, self.sheet
        if level:
            sheet.set_row(row, None, None, {"level": min(level, 7)})
            sheet.row_info.pop(row - 2, None)  # written already: a million of them would stay in memory
        for at, value in enumerate(values):
            if value is not None and value != "":
                self._put(row, at, value, forms[at])
            elif whole:
                sheet.write_blank(row, at, None, forms[at])
        self.next += 1

    def _put(self, row: int, at: int, value: Any, form: Any) -> None:
        sheet = self.sheet
        if isinstance(value, str):
            sheet.write_string(row, at, value if len(value) <= MOST_LETTERS // 2 else _cut(value), form)
        elif isinstance(value, bool):
            sheet.write_boolean(row, at, value, form)
        elif isinstance(value, int | Decimal):
            if -EXACT < value < EXACT:
                sheet.write_number(row, at, float(value), form)
            else:
                sheet.write_string(row, at, str(value), form)
        elif value.year < FIRST_YEAR:
            sheet.write_string(row, at, f"{value:%d/%m/}{value.year:04}", form)
        else:
            sheet.write_datetime(row, at, value, form)

    def _end_sheet(self) -> None:
        if not self.grouped and self.next > self.head + 1:
            self.sheet.autofilter(self.head, 0, self.next - 1, len(self.columns) - 1)

    def close(self) -> None:
        """The workbook is in the file, which stays open."""
        self._end_sheet()
        self.book.close()


def _cut(text: str) -> str:
    """A text as long as a cell can hold (it counts UTF-16 units), its end said by a mark."""
    units = text.encode("utf-16-le")[: (MOST_LETTERS - 1) * 2]
    return units.decode("utf-16-le", "ignore") + "…" if len(text.encode("utf-16-le")) > MOST_LETTERS * 2 else text
