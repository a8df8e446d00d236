"""`as_of`: the same queries answered as they would have been at a moment of the past."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from django.db import connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Exists

from rapporto.store.declare import DECLARED, Declaration
from rapporto.store.history.images import SCHEMA, columns, key_of, left_out, names, record_sql, value_sql
from rapporto.store.moment import looking, looking_at

_READS = ("SELECT", "(SELECT", "WITH", "EXPLAIN")
_SURROUNDS = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT", "SET TRANSACTION", "PRAGMA")
_WORDS = re.compile(r"\w+")
_WRITES = re.compile(r"\b(INSERT|UPDATE|DELETE|REPLACE|MERGE)\b(?!\s*\()", re.IGNORECASE)
_ALL_COLUMNS = re.compile(r"(?<!COUNT\()\*(?=\s*(FROM|,|\)))|\.\*", re.IGNORECASE)
_EXPLAIN = re.compile(r"\s*EXPLAIN(\s+QUERY\s+PLAN|\s*\([^)]*\)|\s+ANALYZE|\s+VERBOSE)*\s", re.IGNORECASE)
_QUOTED = re.compile(r"'(?:[^']|'')*'")
_WITH = re.compile(r"\s*WITH\s+(RECURSIVE\s+)?", re.IGNORECASE)


UNCHANGED, CHANGED = "unchanged", "changed"
_half: ContextVar[tuple[str, str]] = ContextVar("half_of_a_table", default=("", ""))
_SOURCES = re.compile(r'\b(FROM|JOIN) "(\w+)"')


class WritingInThePast(RuntimeError):
    """Something was to be written, or locked, while the past was being looked at."""


@contextmanager
def as_of(moment: datetime) -> Iterator[None]:
    """Inside, every declared table reads as it was at `moment` (aware; changes at that very microsecond have happened).

    Works for whatever is asked through Django on this thread, links and related counts included; on both connections, so a page
    needs no transaction (one statement sees one moment, and what is changed meanwhile lies after `moment`), while an export
    goes through `snapshot`. Derived side tables and search are not historical. Raises WritingInThePast for anything but reading.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment of the past needs its time zone")
    at = int(moment.timestamp()) * 1_000_000 + moment.microsecond
    with ExitStack() as stack:
        stack.enter_context(looking(moment))
        for wrapper in {id(connections[alias]): connections[alias] for alias in connections}.values():
            stack.enter_context(wrapper.execute_wrapper(_Past(at, wrapper.vendor)))
            stack.enter_context(_grouping_by_every_column(wrapper))
        yield


@contextmanager
def half_of(table: str, half: str) -> Iterator[None]:
    """Inside, a table of the past has one half of its rows only: those `UNCHANGED` since, or those `CHANGED`, as they were.

    Databases follow the order of an index through the first half, but PostgreSQL never, and SQLite not by days and moments, through both
    together.
    """
    token = _half.set((table, half))
    try:
        yield
    finally:
        _half.reset(token)


def mentioned(table: str, sql: str) -> int:
    """How often a statement reads from a table."""
    return sum(found == table for _, found in _SOURCES.findall(sql))


class ExistsNow(Exists):
    """A subquery on the rows of now, whatever moment the statement around it looks at."""

    def as_sql(self, compiler: Any, connection: BaseDatabaseWrapper, *given: Any, **named: Any) -> tuple[str, Any]:
        sql, params = super().as_sql(compiler, connection, *given, **named)
        schema = SCHEMA if connection.vendor == "postgresql" else "main"
        return _SOURCES.sub(rf'\1 {schema}."\2"', sql), params


@contextmanager
def _grouping_by_every_column(wrapper: BaseDatabaseWrapper) -> Iterator[None]:
    """PostgreSQL knows the key of a table, but not of what stands in for it: GROUP BY has to name every column."""
    before = wrapper.features.allows_group_by_selected_pks
    wrapper.features.allows_group_by_selected_pks = False
    try:
        yield
    finally:
        wrapper.features.allows_group_by_selected_pks = before


class _Past:
    """Puts the rows of the past in front of a statement, under the names of their tables."""

    def __init__(self, at: int, vendor: str) -> None:
        self.at, self.vendor = at, vendor

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        return execute(self.seen(sql) if looking_at() else sql, params, many, context)

    def seen(self, sql: str) -> str:
        """The statement with the tables it mentions as they were. Raises WritingInThePast."""
        start = sql.lstrip()[:40].upper()
        if start.startswith(_SURROUNDS):
            return sql
        bare = _QUOTED.sub("''", sql)
        if not start.startswith(_READS) or _WRITES.search(bare):
            raise WritingInThePast(f"only reading is possible in the past, not: {sql[:60]}")
        words = set(_WORDS.findall(bare))
        shadows = [
            part
            for one in DECLARED.values()
            if one.table in words
            for part in self.shadow(one, _named(one, bare, words))
        ]
        return _before(sql, shadows) if shadows else sql

    def shadow(self, declaration: Declaration, wanted: set[str]) -> list[str]:
        """The parts of WITH that give a table as it was: rows unchanged since, and the first image of every other one.

        A row changed since by forgetting has no image: it is shown as it is.
        """
        record, table, then = declaration.name, declaration.table, f'"~{declaration.name}"'
        schema = SCHEMA if self.vendor == "postgresql" else "main"
        # Left to itself SQLite walks through all entries by row, to spare itself a sort of the few that are later.
        by = "" if self.vendor == "postgresql" else " INDEXED BY history_entry_at"
        first = f"SELECT row_id, min(id) AS id FROM history_entry{by} WHERE record = '{record}' AND at > {self.at} GROUP BY row_id"
        known = f"FROM {then} f JOIN history_entry e ON e.id = f.id"
        record = record_sql(declaration, "e.image", wanted) if self.vendor == "postgresql" else ""
        source = f", LATERAL {record}" if record else ""
        was = ", ".join(self._then(declaration, name, schema) for name in sorted(wanted))
        read, half = _half.get()
        alone = read == table
        live = ", ".join(self._now(declaration, name, alone=alone) for name in sorted(wanted))
        unchanged = f'SELECT {live} FROM {schema}."{table}" t WHERE {self._unchanged(declaration, known)}'
        changed = f"SELECT {was} {known}{source} WHERE e.act <> 'I' AND e.image IS NOT NULL"
        rows = {UNCHANGED: unchanged, CHANGED: changed}[half] if alone else f"{unchanged} UNION ALL {changed}"
        return [f"{then} AS MATERIALIZED ({first})", f'"{table}" AS ({rows})']

    def _unchanged(self, declaration: Declaration, known: str) -> str:
        """The condition that a live row is as it was; in the form that each database hashes however many there are."""
        changed = f"SELECT f.row_id {known} WHERE (e.act <> 'U' OR e.image IS NOT NULL)"
        key = f't."{key_of(declaration)}"'
        return (
            f"NOT EXISTS ({changed} AND f.row_id = {key})"
            if self.vendor == "postgresql"
            else f"{key} NOT IN ({changed})"
        )

    # SQLite looks into both halves of the UNION, and uses the indexes of the live one, only when their columns have the same
    # affinity. A cast gives it to texts and whole numbers; dates and ticks would be spoilt by one, so both halves go without.
    def _now(self, declaration: Declaration, name: str, *, alone: bool) -> str:
        bare = self.vendor == "sqlite" and not alone and name != key_of(declaration) and not _cast(declaration, name)
        return f'+t."{name}" AS "{name}"' if bare else f't."{name}"'

    def _then(self, declaration: Declaration, name: str, schema: str) -> str:
        key = key_of(declaration)
        if name == key:
            return f'e.row_id AS "{name}"'
        column = next((one for one in columns(declaration) if one.column == name), None)
        image = "r" if self.vendor == "postgresql" else "e.image"
        if column is None:  # never in an image: as it is now
            value = f'(SELECT n."{name}" FROM {schema}."{declaration.table}" n WHERE n."{key}" = e.row_id)'
        else:
            value = value_sql(declaration, column, image, self.vendor)
        cast = _cast(declaration, name) if self.vendor == "sqlite" else ""
        return f'CAST({value} AS {cast}) AS "{name}"' if cast else f'{value} AS "{name}"'


def _cast(declaration: Declaration, name: str) -> str:
    """The type of SQLite to which values of a column can be cast without loss; '' for dates and ticks."""
    column: Any = next(one for one in declaration.model._meta.concrete_fields if one.column == name)
    kind = getattr(column, "target_field", column)
    if isinstance(kind, models.TextField | models.CharField | models.JSONField):
        return "TEXT"
    return "INTEGER" if isinstance(kind, models.IntegerField) else ""


def _named(declaration: Declaration, sql: str, words: set[str]) -> set[str]:
    """The columns that a statement can mean: those it names, or all when it says `*`."""
    every = {*names(declaration), *left_out(declaration)}
    return every if _ALL_COLUMNS.search(sql) else (every & words) | {key_of(declaration)}


def _before(sql: str, shadows: list[str]) -> str:
    """The statement with further parts of WITH in front of its own."""
    explain = _EXPLAIN.match(sql)
    head, rest = (sql[: explain.end()], sql[explain.end() :]) if explain else ("", sql)
    own = _WITH.match(rest)
    if own is None:
        return f"{head}WITH {', '.join(shadows)} {rest}"
    return f"{head}WITH {own[1] or ''}{', '.join(shadows)}, {rest[own.end() :]}"
