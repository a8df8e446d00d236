"""Fields that were renamed or removed since their images were written: as-of and history read through this table."""

from typing import Any

RENAMES: dict[str, dict[str, str]] = {}
"""By record type: the column as it was called → as it is called now; '' when it was removed. A migration adds its line here."""


def new_name(record: str, column: str) -> str:
    """What a column of an old image is called now; '' when it was removed."""
    names = RENAMES.get(record, {})
    seen = {column}
    while column in names and names[column] not in seen:
        column = names[column]
        seen.add(column)
    return column


def old_names(record: str, column: str) -> tuple[str, ...]:
    """What a column was called before, in older images."""
    return tuple(old for old in RENAMES.get(record, {}) if old != column and new_name(record, old) == column)


def renamed(record: str, image: dict[str, Any]) -> dict[str, Any]:
    """An image with the names of today, and without the columns that were removed; the same one when nothing was renamed."""
    if record not in RENAMES:
        return image
    named = {new_name(record, column): value for column, value in image.items()}
    named.pop("", None)
    return named
