"""Writes many changed rows back at once: what became equal in many rows by one UPDATE, the rest in one set or one batch."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db import connection, models

from rapporto.store.chunks import chunks
from rapporto.store.columns import KeyColumn

Values = dict[str, Any]
"""Values by the name of their attribute in a row («owner_id»)."""
FEW = 20
"""Up to so many different changes, each is one UPDATE."""


def snapshot(row: models.Model) -> Values:
    """The values of a row as they are now; the user-made ones are copied, being changed in place."""
    values = dict(vars(row))
    values["extra"] = dict(values["extra"])
    return values


def write_back(model: type[models.Model], rows: Iterable[models.Model], before: Mapping[int, Values]) -> None:
    """Write what differs from the snapshots `before`, by id; the folded keys of changed texts are made anew."""
    columns = {column.attname: column for column in model._meta.concrete_fields}
    keys = [column for column in columns.values() if isinstance(column, KeyColumn)]
    changed = {row.pk: values for row in rows if (values := _changed(row, before[row.pk], columns.keys(), keys))}
    alike: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for row_id, values in changed.items():
        alike[_token(values)].append(row_id)
    if len(alike) <= FEW:
        for ids in alike.values():
            for some in chunks(ids):
                model._default_manager.filter(pk__in=some).update(**changed[ids[0]])
        return
    by_columns: dict[tuple[str, ...], dict[int, Values]] = defaultdict(dict)
    for row_id, values in changed.items():
        by_columns[tuple(values)][row_id] = values
    for names, several in by_columns.items():
        _write_each(model, names, several)


def _changed(row: models.Model, before: Values, known: Collection[str], keys: Iterable[KeyColumn]) -> Values:
    values = {name: value for name, value in vars(row).items() if name in known and before.get(name) != value}
    return values | {key.attname: key.pre_save(row, False) for key in keys if key.source in values} if values else {}


def _token(values: Values) -> tuple[Any, ...]:
    return tuple((name, json.dumps(value) if isinstance(value, dict) else value) for name, value in values.items())


def _write_each(model: type[models.Model], names: tuple[str, ...], rows: Mapping[int, Values]) -> None:
    """Different values in every row, all of the same columns."""
    columns = [_column(model, name) for name in names]
    write = _one_statement if connection.vendor == "postgresql" else _batch
    with connection.cursor() as cursor:
        write(cursor, model, columns, rows)


def _one_statement(cursor: Any, model: type[models.Model], columns: list[Any], rows: Mapping[int, Values]) -> None:
    """PostgreSQL, whose triggers run once for each statement: the rows come as JSON and take the types of the table."""
    table, key, keyed = _names(model)
    sets = ", ".join(f"{name} = v.{name}" for name in map(_quoted, columns))
    source = f"jsonb_populate_recordset(NULL::{table}, %s::jsonb) v"
    values = [{key: row_id, **{c.column: said[c.attname] for c in columns}} for row_id, said in rows.items()]
    sql = f"UPDATE {table} SET {sets} FROM {source} WHERE {table}.{keyed} = v.{keyed}"
    cursor.execute(sql, [json.dumps(values, default=_iso)])


def _batch(cursor: Any, model: type[models.Model], columns: list[Any], rows: Mapping[int, Values]) -> None:
    """SQLite, in whose process a statement costs next to nothing."""
    table, _, keyed = _names(model)
    sets = ", ".join(f"{_quoted(column)} = %s" for column in columns)
    values = (
        [*(c.get_db_prep_save(said[c.attname], connection) for c in columns), row_id] for row_id, said in rows.items()
    )
    cursor.executemany(f"UPDATE {table} SET {sets} WHERE {keyed} = %s", values)


def _names(model: type[models.Model]) -> tuple[str, str, str]:
    """The table, quoted; the column of the id, bare and quoted."""
    key = str(model._meta.pk.column)
    return connection.ops.quote_name(model._meta.db_table), key, connection.ops.quote_name(key)


def _quoted(column: Any) -> str:
    return connection.ops.quote_name(column.column)


def _column(model: type[models.Model], name: str) -> Any:
    return next(column for column in model._meta.concrete_fields if column.attname == name)


def _iso(value: Any) -> str:
    """Days and moments, with all their figures."""
    return str(value.isoformat())
