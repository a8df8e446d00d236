"""SQL expressions the ORM lacks: keys of user-made fields, row values for paging, columns kept away from their indexes."""

import json
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BigIntegerField, BooleanField, F, Func, IntegerField, QuerySet, Sum
from django.db.models.expressions import RawSQL
from django.db.models.sql.compiler import SQLCompiler

from rapporto.store.columns import BinaryText

Compiled = tuple[str, Any]
_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}~?")
_OUTPUT = {"text": BinaryText, "integer": BigIntegerField, "boolean": BooleanField}
_CASTS = {"integer": ("number", "bigint"), "boolean": ("boolean", "boolean")}


def json_key_sql(column: str, name: str, sql: str, vendor: str) -> str:
    """The SQL of a user-made field: the same text in index, filter, sort and group, or no index would ever serve.

    `column` is the quoted JSON column, `name` the key in it, `sql` what it holds (text, integer, boolean).
    """
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no name of a user-made field")
    if vendor == "postgresql":
        if sql == "text":
            return f"(({column} ->> '{name}') COLLATE \"C\")"
        kind, cast = _CASTS[
            sql
        ]  # what another kind left there, before it was converted or in the past, is no value of this one
        return f"(CASE WHEN jsonb_typeof({column} -> '{name}') = '{kind}' THEN ({column} ->> '{name}')::{cast} END)"
    return f"json_extract({column}, '$.\"{name}\"')"


class JsonKey(Func):
    """The value under one key of the row's JSON, its path a literal."""

    def __init__(self, name: str, sql: str, column: Any = F("extra")) -> None:  # noqa: B008
        self.name, self.sql = name, sql
        super().__init__(column, output_field=_OUTPUT[sql]())

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_: Any) -> Compiled:  # type: ignore[override]
        column, params = compiler.compile(self.source_expressions[0])
        return json_key_sql(column, self.name, self.sql, connection.vendor), params

    def __repr__(self) -> str:
        return f"JsonKey({self.name})"


class Scalar(Func):
    """The one value of a subquery; NULL also when nothing can be found there, for which Django would drop the condition around it."""

    arity = 1

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_: Any) -> Compiled:  # type: ignore[override]
        subquery = self.source_expressions[0]
        try:
            sql, params = compiler.compile(subquery)
        except EmptyResultSet:
            sql, params = "NULL", ()
        if connection.vendor == "postgresql":
            return f"({sql})::{self.output_field.cast_db_type(connection)}", params
        return sql, params


class WholeSum(Sum):
    """The sum of whole numbers. SQLite fails beyond 64 bits, where a few absurd amounts lead: it adds them as doubles, to the cent below
    90,000 billion euros."""

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_: Any) -> Compiled:
        sql, params = compiler.compile(self.source_expressions[0])
        return whole_sum(sql), (*params, *params)


def whole_sum(sql: str) -> str:
    """The same of SQL, on SQLite; the SQL stands in it twice."""
    return f"CASE WHEN count({sql}) > 0 THEN CAST(total({sql}) AS INTEGER) END"


class Ladder(Func):
    """Which of ascending bounds, whole numbers or moments, a value has reached: 0 for the first; NULL for a blank."""

    def __init__(self, key: Any, bounds: Sequence[Any]) -> None:
        self.bounds = tuple(bounds)
        super().__init__(key, output_field=IntegerField(null=True))

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_: Any) -> Compiled:  # type: ignore[override]
        key, params = compiler.compile(self.source_expressions[0])
        if not self.bounds:
            return "NULL", ()
        if params:
            raise ValueError("a ladder needs a key without parameters")
        written = [_written(bound, connection.vendor) for bound in self.bounds]

        def between(low: int, high: int) -> str:
            if low + 1 == high:
                return str(low)
            middle = (low + high) // 2
            return f"CASE WHEN {key} < {written[middle]} THEN {between(low, middle)} ELSE {between(middle, high)} END"

        return f"CASE WHEN {key} IS NULL THEN NULL ELSE {between(0, len(written))} END", ()


def _written(bound: Any, vendor: str) -> str:
    """A whole number or a moment as a literal."""
    if isinstance(bound, int):
        return f"({bound})"
    text = bound.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
    return f"'{text}'" if vendor == "sqlite" else f"'{text}+00'::timestamptz"


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


def among(values: Iterable[int] | Iterable[str], kind: str = "bigint") -> RawSQL:
    """Many ids (or texts, with the `kind` «text») as one parameter, for `pk__in`: the ORM would handle each by itself, longer than the
    database looks for them."""
    listed = list(values)
    if connection.vendor == "postgresql":
        return RawSQL(f"SELECT unnest(%s::{kind}[])", [listed])
    return RawSQL("SELECT value FROM json_each(%s)", [json.dumps(listed)])


def raw_value(value: Any) -> Any:
    """A value as a parameter of a statement that the ORM did not write."""
    if connection.vendor != "sqlite" or not isinstance(value, date):
        return value
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value.isoformat()


def statement(rows: QuerySet[Any]) -> tuple[str, list[Any]]:
    """The SQL of a query, to be built into another statement. EmptyResultSet when it is known that it finds nothing."""
    sql, params = rows.query.get_compiler(connection=connection).as_sql()
    return sql, list(params)
