"""Writes what an undo has planned: many rows by one statement, their values as one JSON text."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from django.db import connection, models

from rapporto.store.declare import Declaration
from rapporto.store.history.images import SCHEMA, blank_sql, columns, key_of, value_sql
from rapporto.store.history.plan import Plan, Steps
from rapporto.store.history.values import Image
from rapporto.store.history.weigh import holding, unique_sets, wanted_values

CHUNK = 5_000


def write(plan: Plan) -> None:
    """Remove what was made (parts first), make again what was deleted (wholes first), put the other values back.

    Foreign keys are looked at when the transaction ends; unique values must be free at every moment.
    """
    in_order = list(plan.steps.values())
    for steps in reversed(in_order):
        _remove(steps)
    for steps in in_order:
        _park(steps)
    for steps in in_order:
        _insert(steps)
    for steps in in_order:
        _update(steps)


def _remove(steps: Steps) -> None:
    ids = "SELECT value FROM json_each(%s)"
    if connection.vendor == "postgresql":
        ids = "SELECT value::bigint FROM jsonb_array_elements_text(%s::jsonb) value"
    table, key = steps.declaration.table, key_of(steps.declaration)
    for some in _parts(sorted(steps.removals)):
        _execute(f'DELETE FROM "{table}" WHERE "{key}" IN ({ids})', some)


def _park(steps: Steps) -> None:
    """Give rows whose unique value another row of the plan is to have a value that nobody has, until they get their own."""
    for unique in unique_sets(steps.declaration.model):
        wanted = wanted_values(steps, unique)
        holders = holding(steps, unique, wanted.values())
        held = sorted({holder for values, holder in holders.items() if wanted.get(holder, values) != values})
        if held:
            column = next(one for one in unique if any(one.column in steps.updates.get(row_id, {}) for row_id in held))
            _set(
                steps.declaration,
                (column.column,),
                ({column.column: _nobodys(column, pk), key_of(steps.declaration): pk} for pk in held),
            )


def _nobodys(column: Any, row_id: int) -> Any:
    text = isinstance(column, models.TextField | models.CharField)
    return f"~{row_id}" if text else -row_id


def _insert(steps: Steps) -> None:
    declaration, vendor = steps.declaration, connection.vendor
    image, source = ("v.value", "json_each(%s) v") if vendor == "sqlite" else ("v", _recordset(declaration))
    held = [(one.column, value_sql(declaration, one, image, vendor)) for one in columns(declaration)]
    named = {name for name, _ in held}
    # A password was never in the history: the row comes back without one.
    held += [
        (c.column, blank_sql(c, vendor) or "NULL")
        for c in declaration.model._meta.concrete_fields
        if c.column not in named
    ]
    names, values = ", ".join(f'"{name}"' for name, _ in held), ", ".join(value for _, value in held)
    for some in _parts([steps.inserts[row_id] for row_id in sorted(steps.inserts)]):
        _execute(f'INSERT INTO "{declaration.table}" ({names}) SELECT {values} FROM {source}', some)


def _update(steps: Steps) -> None:
    """Rows in which the same columns go back are written together: an index whose columns stay is not touched."""
    alike: defaultdict[tuple[str, ...], list[Image]] = defaultdict(list)
    key = key_of(steps.declaration)
    for row_id, image in steps.updates.items():
        alike[tuple(sorted(image))].append({**image, key: row_id})
    for names, images in alike.items():
        _set(steps.declaration, names, images)


def _set(declaration: Declaration, names: Sequence[str], images: Iterable[Mapping[str, Any]]) -> None:
    table, key = declaration.table, key_of(declaration)
    if connection.vendor == "sqlite":
        said = ", ".join(f"\"{name}\" = json_extract(v.value, '$.{name}')" for name in names)
        sql = f'UPDATE "{table}" SET {said} FROM json_each(%s) v WHERE "{table}"."{key}" = json_extract(v.value, \'$.{key}\')'
    else:
        said = ", ".join(f'"{name}" = v."{name}"' for name in names)
        sql = f'UPDATE "{table}" SET {said} FROM {_recordset(declaration)} WHERE "{table}"."{key}" = v."{key}"'
    for some in _parts(images):
        _execute(sql, some)


def _recordset(declaration: Declaration) -> str:
    return f'jsonb_populate_recordset(NULL::{SCHEMA}."{declaration.table}", %s::jsonb) v'


def _parts(many: Iterable[Any]) -> Iterator[list[Any]]:
    left = iter(many)
    while some := list(islice(left, CHUNK)):
        yield some


def _execute(sql: str, values: list[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, [json.dumps(values, ensure_ascii=False)])
