"""Keeps erased persons out: their values are not entered again, and the card that stands for one never becomes another's."""

from collections.abc import Iterable
from typing import Any

from rapporto.kernel.record import RecordType
from rapporto.store import erasures
from rapporto.store.declare import DECLARED, Declaration
from rapporto.store.errors import Invalid, Refused


def not_erased(record: RecordType, row: Any, names: Iterable[str] | None = None) -> None:
    """Whoever was erased on request is not entered again by a value they were known by. Invalid names the fields.

    Looks at the row as it will be written, `names` being the fields that change (all without).
    """
    if not record.identifying or not erasures.any_erased():
        return
    columns = DECLARED[record.name].columns
    written = set(record.identifying) if names is None else set(record.identifying) & set(names)
    if refused := erasures.refusals(record, {name: getattr(row, columns[name].value) for name in written}):
        raise Invalid(refused)


def stays_anonymous(declaration: Declaration, row: Any) -> None:
    """The card of who was erased is never filled with somebody else's data: a restore would erase it again. Raises Refused."""
    record = declaration.record
    if record.person is None or erasures.line_of(record.name, row.pk) is None:
        return
    columns = [declaration.columns[name].value for name in record.erased_fields]
    now = declaration.model._default_manager.filter(pk=row.pk).values(*columns).get()
    if any(getattr(row, column) != now[column] for column in columns):
        raise Refused("This card stands for a person who was erased on request; make a new one.")


__all__ = ["not_erased", "stays_anonymous"]
