"""Questions of a fixed shape: their SQL is made once for everybody with the same rights, and asked again with other numbers."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from rapporto.kernel.where import All, AnyOf, Not, Related, Test, Through, Where
from rapporto.store.asking import Asked
from rapporto.store.moment import looking_at
from rapporto.store.userfields import record_type

KEPT = 5_000
"""Statements kept; more than that are forgotten together."""
_HOLE = 2**62 + 104_729
"""No id and no moment is as great: where this number and its followers stand in a statement, those asked for go."""
_kept: dict[tuple[Any, ...], "_Statement | None"] = {}


@dataclass(frozen=True, eq=False)
class FixedQuery:
    """Rows of named columns, asked for by whole numbers: ids, moments in microseconds.

    `build` gives the query of somebody for these numbers, by `values_list`; what else it depends on must be in `of`: the record
    types whose rights it looks at. The same rights and the same day give the same statement, other rights another one.
    """

    build: Callable[..., QuerySet[Any]]
    of: tuple[str, ...] = ()

    def rows(self, asked: Asked, *numbers: int) -> list[Any]:
        """The rows as tuples. One query; the past is asked by a statement of its own."""
        if looking_at():
            return list(self.build(asked, *numbers))
        key = (self, connection.vendor, len(numbers), asked.question.today, *_rights(asked, self.of))
        if key not in _kept:
            if len(_kept) >= KEPT:
                _kept.clear()
            _kept[key] = _made(self.build, asked, len(numbers))
        statement = _kept[key]
        return statement.rows(numbers) if statement else []


@dataclass(frozen=True)
class _Statement:
    """A statement with its parameters, the places of the numbers among them, and what turns columns into values."""

    sql: str
    params: tuple[Any, ...]
    holes: tuple[tuple[int, int], ...]
    columns: int
    converters: Mapping[int, tuple[Any, Any]]

    def rows(self, numbers: tuple[int, ...]) -> list[tuple[Any, ...]]:
        params = list(self.params)
        for place, number in self.holes:
            params[place] = numbers[number]
        with connection.cursor() as cursor:
            cursor.execute(self.sql, params)
            found = cursor.fetchall()
        return [self._converted(row) for row in found]

    def _converted(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        values = list(row[: self.columns])
        for place, (converters, expression) in self.converters.items():
            for converter in converters:
                values[place] = converter(values[place], expression, connection)
        return tuple(values)


def _made(build: Callable[..., QuerySet[Any]], asked: Asked, count: int) -> _Statement | None:
    """The statement of a query, None when it cannot find anything. ValueError when a number does not reach the database as it is."""
    compiler = build(asked, *(_HOLE + number for number in range(count))).query.get_compiler(connection=connection)
    try:
        sql, params = compiler.as_sql()
    except EmptyResultSet:
        return None
    holes = tuple((place, one - _HOLE) for place, one in enumerate(params) if _is_hole(one, count))
    if {number for _place, number in holes} != set(range(count)):
        raise ValueError("a fixed query must hand every number to the database")
    selected = [one[0] for one in compiler.select]
    return _Statement(sql, tuple(params), holes, len(selected), compiler.get_converters(selected))


def _is_hole(value: Any, count: int) -> bool:
    return isinstance(value, int) and _HOLE <= value < _HOLE + count


def _rights(asked: Asked, names: tuple[str, ...]) -> Iterator[Any]:
    """What decides the statement: the rights to these types and to those they follow, and whether they let few rows through."""
    waiting, known = list(names), set(names)
    while waiting:
        name = waiting.pop()
        yield asked.seen(name)
        yield asked.sees_all(name) or asked.sees_few(name)
        more = set(_followed(name, asked.seen(name))) - known
        waiting += sorted(more)
        known |= more


def _followed(name: str, where: Where) -> Iterator[str]:
    """The record types whose rights a condition looks at."""
    match where:
        case All(parts) | AnyOf(parts):
            for part in parts:
                yield from _followed(name, part)
        case Not(inner):
            yield from _followed(name, inner)
        case Through(link):
            yield record_type(name).field(link).link or ""
        case Related(relation, inner):
            target = record_type(name).relation(relation).record
            yield target
            yield from _followed(target, inner)
        case Test(path) if "." in path:
            step, rest = path.split(".", 1)
            target = record_type(name).field(step).link or ""
            yield target
            yield from _followed(target, Test(rest, "is_filled"))
