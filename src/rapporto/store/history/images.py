"""Row images: which columns they hold, and the SQL that makes one and reads one, on both databases."""

from collections.abc import Collection
from typing import Any

from django.db import connection, models

from rapporto.store.columns import KeyColumn
from rapporto.store.declare import Declaration
from rapporto.store.history.renames import old_names

Column = Any
"""A concrete field of a model, whatever it holds."""
SCHEMA = "public"
"""Where the tables of PostgreSQL are."""
_JSON_PAIRS = 60
"""SQLite takes at most 127 arguments of a function: wider images are made of several objects."""


def columns(declaration: Declaration) -> tuple[Column, ...]:
    """The columns an image holds: the id, the declared fields, their folded keys, the user-made values. Never a password."""
    return tuple(column for column in declaration.model._meta.concrete_fields if _is_recorded(column))


def _is_recorded(column: Column) -> bool:
    return column.primary_key or hasattr(column, "kind") or isinstance(column, KeyColumn) or column.name == "extra"


def names(declaration: Declaration) -> tuple[str, ...]:
    """The names in the database of the columns of an image."""
    return tuple(column.column for column in columns(declaration))


def left_out(declaration: Declaration) -> tuple[str, ...]:
    """The columns of the table that no image holds."""
    every: tuple[Column, ...] = tuple(declaration.model._meta.concrete_fields)
    return tuple(column.column for column in every if not _is_recorded(column))


def key_of(declaration: Declaration) -> str:
    """The column of the id."""
    key: Column = declaration.model._meta.pk
    return str(key.column)


def image_sql(declaration: Declaration, row: str, vendor: str) -> str:
    """The expression that makes the image of `row`: OLD, or the alias of a table."""
    if vendor == "postgresql":
        without = "".join(f" - '{name}'" for name in left_out(declaration))
        return f"to_jsonb({row}){without}"
    pairs = [f"'{c.column}', {_as_json(c, row)}" for c in columns(declaration)]
    parts = [f"json_object({', '.join(pairs[at : at + _JSON_PAIRS])})" for at in range(0, len(pairs), _JSON_PAIRS)]
    image = parts[0]
    for part in parts[1:]:
        image = f"json_patch({image}, {part})"
    return image


def _as_json(column: Column, row: str) -> str:
    value = f'{row}."{column.column}"'
    return f"json({value})" if isinstance(column, models.JSONField) else value


def value_sql(declaration: Declaration, column: Column, image: str, vendor: str) -> str:
    """The expression that reads a column out of `image`: on PostgreSQL a record of the table's type, on SQLite JSON text.

    A column that an old image lacks has its old name, or the value a migration gives to rows that lack it.
    """
    blank = blank_sql(column, vendor)
    if vendor == "postgresql":
        value = f'{image}."{column.column}"'
        return f"COALESCE({value}, {blank})" if blank else value
    found = [
        f"json_extract({image}, '$.{name}')" for name in (column.column, *old_names(declaration.name, column.column))
    ]
    found += [blank] if blank else []
    return f"COALESCE({', '.join(found)})" if len(found) > 1 else found[0]


def blank_sql(column: Column, vendor: str) -> str:
    """What a row has that was made before the column was: its default, as SQL; '' when that is NULL."""
    text = isinstance(column, models.TextField | models.CharField | models.JSONField)
    if column.null or column.primary_key or not (text or column.has_default()):
        return ""
    default = "{}" if isinstance(column, models.JSONField) else column.get_default()
    if isinstance(column, models.BooleanField) and vendor == "postgresql":
        return str(bool(default)).lower()
    if isinstance(default, bool | int):
        return str(int(default))
    quoted = "'" + str(default or "").replace("'", "''") + "'"
    return f"{quoted}::jsonb" if isinstance(column, models.JSONField) and vendor == "postgresql" else quoted


def record_sql(declaration: Declaration, image: str, wanted: Collection[str]) -> str:
    """PostgreSQL: the wanted columns of an image as a record called `r`, by the names of today; '' when it holds none of them.

    Of a wide table this takes a tenth of the time in which the whole record is read.
    """
    typed = [_typed(column) for column in columns(declaration) if column.column in wanted]
    renames = {old: c for c in names(declaration) for old in old_names(declaration.name, c)}
    for old, new in renames.items():
        image = f"(CASE WHEN {image} ? '{old}' THEN {image} || jsonb_build_object('{new}', {image} -> '{old}') ELSE {image} END)"
    return f"jsonb_to_record({image}) AS r({', '.join(typed)})" if typed else ""


def _typed(column: Column) -> str:
    """The definition of a column, so that its values compare as those of the table do."""
    parameters = column.db_parameters(connection)
    collation = parameters.get("collation")
    return f'"{column.column}" {column.rel_db_type(connection) if column.primary_key else parameters["type"]}' + (
        f' COLLATE "{collation}"' if collation else ""
    )
