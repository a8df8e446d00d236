"""The keys of groups in order: one seek in the index for each group, or, of few rows, all that there are."""

import json
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import F, Min, QuerySet, Value
from django.db.models.expressions import RawSQL
from django.db.models.lookups import Exact, GreaterThan, GreaterThanOrEqual, LessThan

from rapporto.kernel.kinds import Moment
from rapporto.store.buckets import Bucket, as_key, band_bounds, bucket_of, bucket_of_token, edge
from rapporto.store.compile import LAST
from rapporto.store.expressions import JsonKey, Unindexed, raw_value, statement
from rapporto.store.group_sources import Source
from rapporto.store.keys import filled, key_of, stored_key
from rapporto.store.moment import looking_at

_LENGTH = {"day": 10, "month": 7, "year": 4, "initial": 1}
_CASTS = {"text": 'CAST(%s AS text) COLLATE "C"', "integer": "CAST(%s AS bigint)", "boolean": "CAST(%s AS boolean)"}


def gathered(source: Source, step: str) -> list[Bucket]:
    """Every group of few rows, in the order of their keys."""
    rows = source.rows.filter(filled(source.declaration, source.field)).order_by()
    rows = rows.annotate(group_key=key_of(source.declaration, source.field), group_text=_text(source, step))
    pairs = {(as_key(source.field, key), text) for key, text in rows.values_list("group_key", "group_text").distinct()}
    found: dict[str, Bucket] = {}
    for key, text in sorted(pairs):
        one = _labelled(source, step, key, text)
        found.setdefault(one.token, one)
    return list(found.values())


def walked(source: Source, step: str, *, down: bool, after: Bucket | None, size: int, within: int = 0) -> list[Bucket]:
    """Up to `size` groups after one of them: the database seeks from the end of each group to the first key of the next.

    With `within` it gives up where none of so many rows may be seen, and gives the groups before.
    """
    start = _seek(source, down=down, within=within) if after is None else _given(source, after.low)
    beyond, strictly = _beyond(source, step, down=down)
    then = _seek(source, down=down, bound=RawSQL(beyond, ()), strictly=strictly, within=within)
    spelt = _compiled(_spelt(source, step))
    sql = (
        f"WITH RECURSIVE walk(k, n) AS (SELECT {start[0]}, {1 if after is None else 0}"
        f" UNION ALL SELECT {then[0]}, walk.n + 1 FROM walk WHERE walk.k IS NOT NULL AND walk.n < %s)"
        f" SELECT walk.k, {spelt[0]} FROM walk WHERE walk.k IS NOT NULL AND walk.n > 0 ORDER BY walk.n"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [*start[1], *then[1], size, *spelt[1]])
        rows = cursor.fetchall()
    return [_labelled(source, step, as_key(source.field, key), text) for key, text in rows]


def ends(source: Source, last: Bucket | None, *, down: bool) -> bool:
    """Whether there is no further key at all after the last group, whoever may see it."""
    key, rows = key_of(source.declaration, source.field), source.declaration.model._default_manager.all()
    if last is None or down:  # upwards whatever comes after a key is filled
        rows = rows.filter(filled(source.declaration, source.field))
    if last is not None:
        rows = rows.filter((LessThan if down else GreaterThan)(key, Value(stored_key(source.field, last.low))))
    return not rows.exists()


def scanned(source: Source, rung: Any, step: str, *, down: bool, after: Bucket | None, size: int) -> list[Bucket]:
    """The same where no index leads through the keys: all rows are looked at once. `rung` is the level that buckets them."""
    # The narrowest index that holds all that is asked for is not the one on the key.
    key = Unindexed(rung.key) if source.scattered else rung.key
    rows = source.rows.filter(filled(source.declaration, source.field, key if not step else None))
    rows = rows.order_by().annotate(group_key=key)
    if step:
        tokens = set(rung.tokens(list(rows.values_list("group_key", flat=True).distinct())).values())
        found = sorted((bucket_of_token(source.field, step, one) for one in tokens), key=lambda one: one.low)
        return found[::-1] if down else found
    if after is not None:
        beyond = (LessThan if down else GreaterThan)(key, Value(stored_key(source.field, after.low)))
        rows = rows.filter(beyond)
    if looking_at() and is_spelt(source, step):
        rows = rows.values("group_key").annotate(group_text=Min(_text(source, step)))
        pairs = rows.order_by("-group_key" if down else "group_key").values_list("group_key", "group_text")[:size]
        return [_labelled(source, step, key, text) for key, text in pairs]
    keys = rows.order_by("-group_key" if down else "group_key").values_list("group_key", flat=True).distinct()[:size]
    return [
        _labelled(source, step, as_key(source.field, key), text) for key, text in _spelt_each(source, step, list(keys))
    ]


def _spelt_each(source: Source, step: str, keys: list[Any]) -> list[tuple[Any, Any]]:
    """Each of these keys with how it is written."""
    if not is_spelt(source, step) or not keys:
        return [(key, None) for key in keys]
    spelt, params = _compiled(_spelt(source, step))
    if connection.vendor == "postgresql":
        listed = 'SELECT k COLLATE "C", n FROM unnest(%s::text[]) WITH ORDINALITY AS u(k, n)'
    else:
        listed = "SELECT value, key FROM json_each(%s)"
    given = keys if connection.vendor == "postgresql" else json.dumps(keys)
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH walk(k, n) AS ({listed}) SELECT walk.k, {spelt} FROM walk ORDER BY walk.n", [given, *params]
        )
        return list(cursor.fetchall())


def spelling(source: Source, step: str, key: Any) -> Any:
    """How the value of a folded key is written in the first row that has it; None when there is none."""
    rows = source.rows.filter(Exact(key_of(source.declaration, source.field), Value(key))).order_by("pk")
    return rows.annotate(group_text=_text(source, step)).values_list("group_text", flat=True).first()


def is_spelt(source: Source, step: str) -> bool:
    """Whether keys are folded, so that people are shown what stands in a row instead."""
    return not step and source.field.kind.keyed


def _labelled(source: Source, step: str, key: Any, text: Any) -> Bucket:
    one = bucket_of(source.field, step, key)
    return Bucket(one.token, text, one.low, one.where) if is_spelt(source, step) else one


def _text(source: Source, step: str) -> Any:
    if not is_spelt(source, step):
        return Value("")
    if source.field.made_here:
        return JsonKey(source.field.name, source.field.kind.sql)
    return F(source.declaration.columns[source.field.name].value)


def _spelt(source: Source, step: str) -> Any:
    """The rows that say how the key `walk.k` is written."""
    if not is_spelt(source, step):
        return None
    key = key_of(source.declaration, source.field)
    rows = source.rows.filter(Exact(key, RawSQL("walk.k", ()))).order_by("pk")
    return rows.annotate(group_text=_text(source, step)).values_list("group_text")[:1]


def _compiled(rows: Any) -> tuple[str, list[Any]]:
    if rows is None:
        return "NULL", []
    sql, params = statement(rows)
    return f"({sql})", params


def _seek(
    source: Source, *, down: bool, bound: Any = None, strictly: bool = True, within: int = 0
) -> tuple[str, list[Any]]:
    """The first key beyond a bound, as a subquery; looked for among so many rows only when `within` is given."""
    key = key_of(source.declaration, source.field)
    rows = source.declaration.model._default_manager.all() if within else source.rows
    if bound is None or down:  # upwards whatever comes after a key is filled
        rows = rows.filter(filled(source.declaration, source.field))
    if bound is not None:
        rows = rows.filter((LessThan if down else GreaterThan if strictly else GreaterThanOrEqual)(key, bound))
    if within:
        return _among(source, rows.order_by(key.desc() if down else key.asc()).values_list(*source.scattered)[:within])
    rows = rows.annotate(group_key=key)
    ordered = rows.order_by(F("group_key").desc() if down else F("group_key").asc())
    return _compiled(ordered.values_list("group_key")[:1])


def _among(source: Source, nearest: QuerySet[Any]) -> tuple[str, list[Any]]:
    """The key of the first of these rows that may be seen: looked at one by one, in their order, and no further than needed."""
    few, few_params = statement(nearest)
    sql, params = statement(source.rows.order_by().values_list(source.declaration.columns[source.field.name].key)[:1])
    table = f'"{source.declaration.table}"'
    return f"({sql.replace(f'FROM {table}', f'FROM ({few}) {table}', 1)})", [*few_params, *params]


def _given(source: Source, key: Any) -> tuple[str, list[Any]]:
    """A key as a value of the statement."""
    if connection.vendor == "sqlite":
        return "%s", [raw_value(key)]
    key = stored_key(source.field, key)
    if isinstance(key, date):
        return f"CAST(%s AS {'timestamptz' if isinstance(key, datetime) else 'date'})", [key]
    return _CASTS[source.field.kind.sql], [key]


def _beyond(source: Source, step: str, *, down: bool) -> tuple[str, bool]:
    """Where the group of `walk.k` ends in a direction, and whether the next one begins strictly after that."""
    if step == "":
        return "walk.k", True
    if step == "band":
        bounds = f"(VALUES {', '.join(f'({bound})' for bound in band_bounds(source.field.kind))}) AS b"
        chosen = (
            "max(column1) FROM {} WHERE column1 <= walk.k" if down else "min(column1) FROM {} WHERE column1 > walk.k"
        )
        return f"(SELECT {chosen.format(bounds)})", False
    if isinstance(source.field.kind, Moment):
        return _moment(step, source.field.kind.zone, down=down), False
    if step == "initial" or source.field.made_here or connection.vendor == "sqlite":
        start = f"substr(walk.k, 1, {_LENGTH[step]})"
        return (start, True) if down else (f"{start} || '{LAST}'", True)
    start = f"date_trunc('{step}', walk.k)"
    return (f"{start}::date", True) if down else (f"({start} + interval '1 {step}')::date", False)


def _moment(step: str, zone: str, *, down: bool) -> str:
    """The same for moments, by the clocks of the company."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        connection.connection.create_function("rapporto_edge", 4, edge, deterministic=True)
        return f"rapporto_edge(walk.k, '{step}', '{zone}', {int(down)})"
    start = f"date_trunc('{step}', walk.k AT TIME ZONE '{zone}')"
    return f"({start}{'' if down else f' + interval {chr(39)}1 {step}{chr(39)}'}) AT TIME ZONE '{zone}'"
