"""Reads images: the columns of a row as the database wrote them, as values by the fields of a record type."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from django.db import connection

from rapporto.kernel.kinds import Tick
from rapporto.kernel.record import RecordType
from rapporto.store.declare import DECLARED, Declaration
from rapporto.store.history.images import image_sql, key_of
from rapporto.store.history.renames import renamed

Image = dict[str, Any]
"""The columns of a row by name, as JSON of the database at hand."""


def parsed(image: Any) -> Image | None:
    """An image as it was read from the database: JSON text on SQLite, already taken apart on PostgreSQL."""
    return json.loads(image) if isinstance(image, str) else image


def live_image(declaration: Declaration, row_id: int) -> Image | None:
    """The row as it is now, in the form of an image; None when there is none."""
    sql = image_sql(declaration, "t", connection.vendor)
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT {sql} FROM "{declaration.table}" t WHERE t."{key_of(declaration)}" = %s', [row_id])
        row = cursor.fetchone()
    return parsed(row[0]) if row else None


def field_values(record: RecordType, image: Image | None) -> dict[str, Any]:
    """The values of the stored fields of `record` in an image, by field name; blanks as None or ''."""
    if image is None:
        return {}
    declaration, named = DECLARED[record.name], renamed(record.name, image)
    extra = parsed(named.get("extra") or {}) or {}
    values: dict[str, Any] = {}
    for name, field in record.fields.items():
        if field.made_here:
            values[name] = field.kind.load(extra.get(name))
        elif not field.derived and name not in declaration.through:
            values[name] = value_of(declaration, name, named)
    return values


def value_of(declaration: Declaration, name: str, image: Mapping[str, Any]) -> Any:
    """The value of one stored field in an image."""
    kind = declaration.record.field(name).kind
    column: Any = declaration.model._meta.get_field(name)
    found = image.get(column.column)
    if isinstance(kind, Tick):
        return bool(found)
    value = kind.load(found)
    # SQLite writes moments without their zone: they are in UTC.
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) and value.tzinfo is None else value


def canonical(value: Any) -> Any:
    """A stored value as JSON, the same from both databases."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value
