"""Writes the rows of a grid: one renderer per list of columns, language and day, made once and kept."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from rapporto.kernel.kinds import Phone
from rapporto.kernel.record import Field, RecordType
from rapporto.web.grid.cells import Cell, cell_of, plain_of

Rows = Sequence[tuple[int, tuple[Any, ...]]]
Titles = Mapping[str, Mapping[int, str]]

KEPT = 500
"""Renderers kept; more column lists than that are forgotten together."""


@dataclass(frozen=True)
class Renderer:
    """Writes rows of one list of columns in one language on one day."""

    columns: tuple[Field, ...]
    cells: tuple[Cell, ...]
    name_at: int
    name: Callable[[Any, Mapping[int, str]], str]
    choose: str
    pick: bool

    def html(self, rows: Rows, titles: Titles) -> SafeString:
        """All rows as HTML. Every value is escaped by its cell."""
        names = tuple(titles.get(field.name, {}) for field in self.columns)
        return mark_safe("\n".join(self._row(row_id, values, names) for row_id, values in rows))

    def _row(self, row_id: int, values: tuple[Any, ...], names: tuple[Mapping[int, str], ...]) -> str:
        cells = "".join(
            [cell(row_id, value, named) for cell, value, named in zip(self.cells, values, names, strict=True)]
        )
        return (
            f'<tr id="r{row_id}" data-id="{row_id}">{self._box(row_id, values, names) if self.pick else ""}{cells}</tr>'
        )

    def _box(self, row_id: int, values: tuple[Any, ...], names: tuple[Mapping[int, str], ...]) -> str:
        value = values[self.name_at]
        name = "" if value is None else self.name(value, names[self.name_at])
        label = f"{self.choose} {escape(name[:200])}"
        return (
            f'<td class="pick"><label><input type="checkbox" form="bulk" name="id" value="{row_id}" aria-label="{label}">'
            "</label></td>"
        )


_kept: dict[tuple[Any, ...], Renderer] = {}


def renderer(record: RecordType, columns: tuple[Field, ...], language: str, today: date, *, pick: bool) -> Renderer:
    """The renderer of a list of columns. One whose fields were declared anew since is made anew."""
    key = (record.name, tuple(field.name for field in columns), language, today, pick)
    known = _kept.get(key)
    if known is None or any(old is not new and old != new for old, new in zip(known.columns, columns, strict=True)):
        if len(_kept) >= KEPT:
            _kept.clear()
        known = _kept[key] = _make(record, columns, language, today, pick=pick)
    return known


def _make(record: RecordType, columns: tuple[Field, ...], language: str, today: date, *, pick: bool) -> Renderer:
    name_at = name_position(record, columns)
    near = near_columns(record, columns)
    cells = tuple(
        cell_of(record, field, language, today, first=at == name_at, near=field.name in near)
        for at, field in enumerate(columns)
    )
    return Renderer(columns, cells, name_at, plain_of(columns[name_at], language), escape(gettext("Choose")), pick)


def name_position(record: RecordType, columns: Sequence[Field]) -> int:
    """Which column names the record and opens it: that of its title, else the first."""
    return next((at for at, field in enumerate(columns) if field.name == record.title), 0)


def near_columns(record: RecordType, columns: Sequence[Field]) -> frozenset[str]:
    """The columns that stay on a narrow screen: what it is called, and the first of phase, telephone, anything."""
    name = columns[name_position(record, columns)].name
    others = [field for field in columns if field.name != name]
    second = next((field for field in others if field.name == "phase" or isinstance(field.kind, Phone)), None)
    second = second or next(iter(others), None)
    return frozenset({name} | ({second.name} if second else set()))
