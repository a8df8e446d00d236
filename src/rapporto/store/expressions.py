"""SQL expressions the ORM lacks: keys of user-made fields, row values for paging, columns kept away from their indexes."""

import json
import re
from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BigIntegerField, BooleanField, F, Func
from django.db.models.expressions import RawSQL
from django.db.models.sql.compiler import SQLCompiler

from rapporto.store.columns import BinaryText

Compiled = tuple[str, Any]
_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}~?")
_OUTPUT = {"text": BinaryText, "integer": BigIntegerField, "boolean": BooleanField}
_CASTS = {"text": '({}) COLLATE "C"', "integer": "({})::bigint", "boolean": "({})::boolean"}


def json_key_sql(column: str, name: str, sql: str, vendor: str) -> str:
    """The SQL of a user-made field: the same text in index, filter, sort and group, or no index would ever serve.

    `column` is the quoted JSON column, `name` the key in it, `sql` what it holds (text, integer, boolean).
    """
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no name of a user-made field")
    if vendor == "postgresql":
        return "(" + _CASTS[sql].format(f"{column} ->> '{name}'") + ")"
    return f"json_extract({column}, '$.\"{name}\"')"


class JsonKey(Func):
    """The value under one key of the row's JSON, its path a literal."""

    def __init__(self, name: str, sql: str, column: str = "extra") -> None:
        self.name, self.sql = name, sql
        super().__init__(F(column), output_field=_OUTPUT[sql]())

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_: Any) -> Compiled:  # type: ignore[override]
        column, params = compiler.compile(self.source_expressions[0])
        return json_key_sql(column, self.name, self.sql, connection.vendor), params

    def __repr__(self) -> str:
        return f"JsonKey({self.name})"


class Unindexed(Func):
    """A column that the planner must not start from: another one leads."""

    arity = 1

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_: Any) -> Compiled:  # type: ignore[override]
        column, params = compiler.compile(self.source_expressions[0])
        return (f"+{column}" if connection.vendor == "sqlite" else column), params


class After(Func):
    """(key, id) > (key of the last row, its id): where the next page begins, by the index on both."""

    output_field = BooleanField()
    conditional = True

    def __init__(self, *pairs: Any, down: bool = False) -> None:
        self.sign = "<" if down else ">"
        super().__init__(*pairs)

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_: Any) -> Compiled:  # type: ignore[override]
        compiled = [compiler.compile(one) for one in self.source_expressions]
        sql = [part for part, _ in compiled]
        params = tuple(value for _, values in compiled for value in values)
        return f"({sql[0]}, {sql[1]}) {self.sign} ({sql[2]}, {sql[3]})", params


def among(ids: Iterable[int]) -> RawSQL:
    """Many ids as one parameter, for `pk__in`: the ORM would handle each by itself, longer than the database looks for them."""
    if connection.vendor == "postgresql":
        return RawSQL("SELECT unnest(%s::bigint[])", [list(ids)])
    return RawSQL("SELECT value FROM json_each(%s)", [json.dumps(list(ids))])
