"""The bucket of every row as an expression of SQL, and how what it gives is read back as a token."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import F, Max, Min, QuerySet
from django.db.models.functions import Substr

from rapporto.kernel.kinds import Link, Links, Moment, Tick
from rapporto.kernel.record import Field
from rapporto.store.asking import Asked, rows_estimated
from rapporto.store.buckets import BLANK, as_key, band_bounds, bucket_of, moment_bounds
from rapporto.store.declare import DECLARED, Declaration
from rapporto.store.expressions import Ladder
from rapporto.store.keys import key_of
from rapporto.store.page_order import reached_key
from rapporto.store.reaching import Reached

_LENGTH = {"day": 10, "month": 7, "year": 4, "initial": 1}
HIDDEN = ""
"""The token of one of several links that may not be seen: in no group."""
_SMALL = 20_000
"""Up to how many records a link may lead to that each is looked up by itself, after they were counted by their ids."""


@dataclass(frozen=True)
class Level:
    """One level of groups: `key` in SQL, its own column when it is one, and the tokens of what the key gave."""

    key: Any
    column: str | None
    tokens: Callable[[Sequence[Any]], dict[Any, str]]


def level(asked: Asked, declaration: Declaration, rows: QuerySet[Any], field: Field, step: str) -> Level:
    """The level of a column; `rows` are those to be grouped."""
    if isinstance(field.kind, Links):
        return Level(F(field.name), None, lambda found: _visible(asked, field, found, HIDDEN) | {None: BLANK})
    if isinstance(field, Reached):
        return _reached(asked, declaration, rows, field, step)
    if isinstance(field.kind, Link):
        return Level(
            key_of(declaration, field), _column(declaration, field), lambda found: _visible(asked, field, found)
        )
    return _stepped(key_of(declaration, field), _column(declaration, field), rows, field, step)


def _column(declaration: Declaration, field: Field) -> str | None:
    """The name of the own column that holds the key."""
    key = "" if field.made_here else declaration.columns[field.name].key
    return key if key and "__" not in key else None


def _visible(asked: Asked, field: Field, found: Sequence[Any], otherwise: str = BLANK) -> dict[Any, str]:
    ids = {one for one in found if one is not None}
    seen = set(asked.records(field.link or "").filter(pk__in=ids).values_list("pk", flat=True)) if ids else set()
    return {one: str(one) if one in seen else otherwise for one in found}


def _reached(asked: Asked, declaration: Declaration, rows: QuerySet[Any], field: Reached, step: str) -> Level:
    assert field.through is not None
    assert field.end is not None
    target = DECLARED[field.through.link or ""]
    end = field.end
    if rows_estimated(target) > _SMALL:
        key = reached_key(asked, declaration, field)
        if isinstance(end.kind, Link):
            return Level(key, None, lambda found: _visible(asked, end, found))
        return _stepped(key, None, rows, field, step)

    def tokens(found: Sequence[Any]) -> dict[Any, str]:
        ids = {one for one in found if one is not None}
        linked = asked.records(target.name).filter(pk__in=ids).annotate(group_key=key_of(target, end))
        keys = dict(linked.values_list("pk", "group_key"))
        if isinstance(end.kind, Link):
            named = _visible(asked, end, list(keys.values()))
            return {one: named.get(keys.get(one), BLANK) for one in found}
        return {one: _token(end, step, keys[one]) if one in keys else BLANK for one in found}

    return Level(key_of(declaration, field.through), _column(declaration, field.through), tokens)


def _stepped(key: Any, column: str | None, rows: QuerySet[Any], field: Field, step: str) -> Level:
    if step == "band" or (step and isinstance(field.kind, Moment)):
        bounds = band_bounds(field.kind) if step == "band" else _moments(key, rows, field.kind, step)
        return Level(Ladder(key, bounds), None, lambda found: {at: _of_rung(field, step, bounds, at) for at in found})
    end = field.end if isinstance(field, Reached) and field.end else field
    if step == "initial" or (step and (end.made_here or connection.vendor == "sqlite")):
        start = Substr(key, 1, _LENGTH[step])
        rest = "" if step == "initial" else "-01-01"
        return Level(start, None, lambda found: {one: _token(field, step, one and (one + rest)[:10]) for one in found})
    return Level(key, column, lambda found: {one: _token(field, step, one) for one in found})


def _moments(key: Any, rows: QuerySet[Any], kind: Any, step: str) -> list[datetime]:
    ends = rows.order_by().aggregate(least=Min(key), greatest=Max(key))
    return moment_bounds(kind, step, ends["least"], ends["greatest"]) if ends["least"] else []


def _of_rung(field: Field, step: str, bounds: Sequence[Any], at: int | None) -> str:
    return BLANK if at is None else bucket_of(field, step, bounds[at]).token


def _token(field: Field, step: str, stored: Any) -> str:
    if stored in (None, "") and not isinstance(field.kind, Tick):
        return BLANK
    return bucket_of(field, step, as_key(field, stored)).token
