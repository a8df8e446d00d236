"""Reads columns of many rows past the ORM: for what is derived from thousands of rows, where making a query costs more than asking it."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models

Row = tuple[Any, ...]


def plain_rows(model: type[models.Model], names: Sequence[str], link: str, ids: Sequence[int]) -> list[Row]:
    """The columns `names` («party_id») of the rows whose column `link` is one of these ids, in the order of their ids. One query."""
    key: Any = model._meta.pk
    columns = ", ".join(f'"{_column(model, name)}"' for name in names)
    listed, parameters = among(ids)
    where = f'"{_column(model, link)}" {listed} ORDER BY "{key.column}"'
    return run(f'SELECT {columns} FROM "{model._meta.db_table}" WHERE {where}', parameters)


def _column(model: type[models.Model], name: str) -> str:
    columns: tuple[Any, ...] = model._meta.concrete_fields
    return next(str(one.column) for one in columns if one.attname == name)


def among(ids: Sequence[int]) -> tuple[str, list[Any]]:
    """«is one of these», for a statement written by hand, and its parameters: at most some thousands."""
    if connection.vendor == "postgresql":
        return "= ANY(%s)", [list(ids)]
    return f"IN ({', '.join(['%s'] * len(ids))})", list(ids)


def run(sql: str, parameters: Iterable[Any]) -> list[Row]:
    """The rows of a query."""
    with connection.cursor() as cursor:
        cursor.execute(sql, list(parameters))
        return list(cursor.fetchall())
