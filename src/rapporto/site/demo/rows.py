"""Writes many rows at once past the ORM: COPY on PostgreSQL, executemany on SQLite, folded keys made by their kinds."""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.db import connection, models

from rapporto.store.columns import KeyColumn

KEPT_KEYS = 50_000


class Table:
    """The table of a model: takes rows as dictionaries by column, blanks where nothing is said."""

    def __init__(self, model: type[models.Model]) -> None:
        self.name = model._meta.db_table
        columns = model._meta.concrete_fields
        plain = [one for one in columns if not isinstance(one, KeyColumn)]
        keys = [one for one in columns if isinstance(one, KeyColumn)]
        self._plain = [(one.attname, _default(one)) for one in plain]
        self._keys = [(one.source, _key(one)) for one in keys]
        self._adapted = [(place, adapt) for place, one in enumerate(plain) if (adapt := _adapter(one))]
        self.columns = ", ".join(f'"{one.column}"' for one in (*plain, *keys))
        self._marks = ", ".join(["%s"] * len(columns))

    def write(self, rows: Iterable[dict[str, Any]]) -> None:
        """Insert the rows in their order."""
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor, cursor.copy(f'COPY "{self.name}" ({self.columns}) FROM STDIN') as copy:
                for row in rows:
                    copy.write_row(self._values(row))
            return
        with connection.cursor() as cursor:
            sql = f'INSERT INTO "{self.name}" ({self.columns}) VALUES ({self._marks})'
            cursor.executemany(sql, [self._values(row) for row in rows])

    def _values(self, row: dict[str, Any]) -> Sequence[Any]:
        get = row.get
        values = [get(name, default) for name, default in self._plain]
        for place, adapt in self._adapted:
            values[place] = adapt(values[place])
        values += [key(get(source)) for source, key in self._keys]
        return values


def _default(column: Any) -> Any:
    default = column.get_default()
    return default if default is not None or column.null else ""


def _key(column: KeyColumn) -> Callable[[Any], str]:
    kind = column.source_kind
    assert kind is not None
    # Most texts of the demo company come again and again: names, towns, subjects.
    return lru_cache(maxsize=KEPT_KEYS)(lambda value: kind.key(value) or "")


def _adapter(column: Any) -> Callable[[Any], Any] | None:
    if isinstance(column, models.JSONField):
        return _json
    if connection.vendor == "postgresql":
        return None
    if isinstance(column, models.DateTimeField):
        return _moment
    return _day if isinstance(column, models.DateField) else None


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False) if value else "{}"


@lru_cache(maxsize=20_000)
def _day(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


def _moment(value: datetime | None) -> str | None:
    """As Django keeps moments on SQLite: without zone, in UTC."""
    return None if value is None else f"{_day(value.date())} {value.hour:02}:{value.minute:02}:00"
