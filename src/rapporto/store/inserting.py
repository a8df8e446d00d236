"""Makes new rows in memory and inserts them in one statement, past the ORM: what an import would otherwise spend most time on."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import Any

from django.db import connection, models
from django.db.models.base import ModelState

from rapporto.store.columns import KeyColumn

Row = models.Model
_AS_THEY_ARE = (models.TextField, models.CharField, models.IntegerField, models.BooleanField, models.ForeignKey)
"""Columns whose values, once they are canonical, both drivers take as they are."""


@dataclass(frozen=True)
class Inserting:
    """How rows of a model are made and inserted: worked out once."""

    model: type[models.Model]
    blank: dict[str, Any]
    """The attributes of a row about which nothing was said."""
    fresh: Sequence[tuple[str, Callable[[], Any]]]
    """Those that every row has for itself."""
    keys: Sequence[tuple[str, str, Callable[[Any], Any]]]
    """Folded keys: attribute, that of the text, and what makes the key."""
    own: Sequence[tuple[str, Any]]
    """Attributes whose column has its own way to a value."""
    values: Callable[[dict[str, Any]], tuple[Any, ...]]
    """The values of the columns, in their order, out of the attributes of a row."""
    columns: Sequence[Any]

    def rows(self, number: int) -> list[Any]:
        """New rows in memory, all blank."""
        return [self._row() for _ in range(number)]

    def _row(self) -> Row:
        row = self.model.__new__(self.model)
        vars(row).update(self.blank, _state=ModelState())
        for name, make in self.fresh:
            vars(row)[name] = make()
        return row

    def insert(self, rows: Sequence[Any]) -> list[int]:
        """Insert the rows in their order, and give them their ids. Inside a transaction that writes."""
        for row in rows:
            self._finish(vars(row), row)
        write = _insert_postgresql if connection.vendor == "postgresql" else _insert_sqlite
        ids = write(self, [self.values(vars(row)) for row in rows])
        for row, row_id in zip(rows, ids, strict=True):
            row.pk = row_id
            row._state.adding, row._state.db = False, connection.alias
        return ids

    def _finish(self, at: dict[str, Any], row: Row) -> None:
        for name, source, key in self.keys:
            at[name] = (key(at[source]) or "") if at[source] else ""
        for name, column in self.own:
            at[name] = column.pre_save(row, True)

    @property
    def table(self) -> str:
        return self.model._meta.db_table

    def named(self) -> str:
        """The columns as SQL names them."""
        return ", ".join(f'"{column.column}"' for column in self.columns)


@lru_cache(maxsize=100)
def inserting(model: type[models.Model]) -> Inserting:
    """How rows of this model are made and inserted."""
    every: tuple[Any, ...] = model._meta.concrete_fields
    columns = [one for one in every if not one.primary_key]
    keys = [one for one in columns if isinstance(one, KeyColumn)]
    fresh = [one for one in columns if one.has_default() and callable(one.default)]
    alone = [one for one in columns if one not in keys and _has_own_way(one)]
    return Inserting(
        model,
        {one.attname: one.get_default() for one in every if one not in fresh},
        [(one.attname, one.get_default) for one in fresh],
        [(one.attname, one.source, one.source_kind.key) for one in keys if one.source_kind is not None],
        [(one.attname, one) for one in alone],
        itemgetter(*(one.attname for one in columns)),
        columns,
    )


def _has_own_way(column: Any) -> bool:
    return bool(getattr(column, "auto_now", False) or getattr(column, "auto_now_add", False))


def _insert_sqlite(one: Inserting, rows: Iterable[tuple[Any, ...]]) -> list[int]:
    """One by one, which costs SQLite nothing; whoever writes has the database alone, so the ids follow one another."""
    adapted = [(place, _adapter(column)) for place, column in enumerate(one.columns) if _needs_adapting(column)]
    values = [_adapted(row, adapted) for row in rows]
    sql = f'INSERT INTO "{one.table}" ({one.named()}) VALUES ({", ".join(["%s"] * len(one.columns))})'
    with connection.cursor() as cursor:
        cursor.executemany(sql, values)
        cursor.execute("SELECT last_insert_rowid()")
        (last,) = cursor.fetchone()
    return list(range(last - len(values) + 1, last + 1))


def _needs_adapting(column: Any) -> bool:
    return not isinstance(column, _AS_THEY_ARE)


def _adapter(column: Any) -> Callable[[Any], Any]:
    if isinstance(column, models.JSONField):
        return _json
    return lambda value: None if value is None else column.get_db_prep_save(value, connection)


def _json(value: Any) -> str:
    return json.dumps(value) if value else "{}"


def _adapted(row: tuple[Any, ...], adapted: Iterable[tuple[int, Callable[[Any], Any]]]) -> Sequence[Any]:
    values = list(row)
    for place, adapt in adapted:
        values[place] = adapt(values[place])
    return values


def _insert_postgresql(one: Inserting, rows: Iterable[tuple[Any, ...]]) -> list[int]:
    """All in one statement of one parameter, whose text is always the same: the triggers see the rows together."""
    names = [column.column for column in one.columns]
    sent = json.dumps([dict(zip(names, row, strict=True)) for row in rows], default=str, ensure_ascii=False)
    sql = (
        f'INSERT INTO "{one.table}" ({one.named()}) SELECT {one.named()}'
        f' FROM json_populate_recordset(NULL::"{one.table}", %s::json) RETURNING "{one.model._meta.pk.column}"'
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [sent])
        return [row_id for (row_id,) in cursor.fetchall()]
