"""Takes the data out of rows that stay: blanks, keyed hashes, and what the history held of them."""

from collections.abc import Collection, Iterable
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext, override

from rapporto.kernel.kinds import Kind
from rapporto.store.chunks import chunks
from rapporto.store.columns import KEY
from rapporto.store.declare import Declaration
from rapporto.store.erasures import mark
from rapporto.store.history.models import Entry
from rapporto.store.history.seals import unsalt
from rapporto.store.write import blank_of

HASHED = 40
"""Figures of a keyed hash that stand in the place of a text."""


def anonymise(declaration: Declaration, ids: Iterable[int]) -> int:
    """Blank what is personal; a text that is needed says that it was erased."""
    values: dict[str, Any] = {"extra": {}}
    for name in declaration.record.erased_fields:
        values |= _column(declaration, name, _blank(declaration, name))
    number = 0
    for some in chunks(ids):
        number += declaration.model._default_manager.filter(pk__in=some).update(**values)
    return number


def hash_texts(declaration: Declaration, ids: Iterable[int]) -> int:
    """Put keyed hashes in the place of personal texts: they prove that a text was this one, and tell nothing else."""
    number = 0
    for row in declaration.model._default_manager.filter(pk__in=list(ids)):
        values: dict[str, Any] = {"extra": {}}
        for name in declaration.record.erased_fields:
            value = getattr(row, declaration.columns[name].value)
            text = declaration.record.fields[name].kind.sql == "text" and isinstance(value, str) and value
            hashed = mark(f"{declaration.name}.{name}", value)[:HASHED] if text else _blank(declaration, name)
            values |= _column(declaration, name, hashed)
        number += declaration.model._default_manager.filter(pk=row.pk).update(**values)
    return number


def _blank(declaration: Declaration, name: str) -> Any:
    if declaration.record.fields[name].required and blank_of(declaration, name) == "":
        with override(settings.LANGUAGE_CODE):
            return gettext("Erased on request")
    return blank_of(declaration, name)


def _column(declaration: Declaration, name: str, value: Any) -> dict[str, Any]:
    kind: Kind = declaration.record.fields[name].kind
    column = declaration.columns[name].value
    return {column: value, column + KEY: kind.key(value) or ""} if kind.keyed else {column: value}


def scrub_rows(record: str, ids: Collection[int]) -> int:
    """Take away what the history held of these rows: that they changed, and when, stays."""
    rows = (Entry.objects.filter(record=record, row_id__in=some) for some in chunks(sorted(ids)))
    return scrub_entries({pk for some in rows for pk in some.exclude(image=None).values_list("pk", flat=True)})


def scrub_entries(entries: Collection[int]) -> int:
    """Take away what some entries of the history held, and the salts with which their seals could be compared."""
    unsalt(entries)
    rows = (Entry.objects.filter(pk__in=some) for some in chunks(sorted(entries)))
    return sum(some.exclude(image=None).update(image=None) for some in rows)


def scrub_leading(record: str, columns: Iterable[str], ids: Collection[int]) -> int:
    """Take away the images of a type that lead to one of these numbers by one of the columns."""
    found: set[int] = set()
    for column in columns:
        number = f"(image ->> '{column}')::bigint"
        if connection.vendor == "sqlite":
            number = f"json_extract(image, '$.{column}')"
        for some in chunks(sorted(ids)):
            marks = ", ".join(["%s"] * len(some))
            with connection.cursor() as cursor:
                cursor.execute(
                    f"SELECT id FROM history_entry WHERE record = %s AND image IS NOT NULL AND {number} IN ({marks})",
                    [record, *some],
                )
                found.update(pk for (pk,) in cursor.fetchall())
    return scrub_entries(found)


__all__ = ["anonymise", "hash_texts", "scrub_entries", "scrub_leading", "scrub_rows"]
