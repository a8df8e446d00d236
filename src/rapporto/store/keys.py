"""The key of a field in SQL: what it is compared, sorted and grouped by, and when it is blank."""

from datetime import UTC, date, datetime
from typing import Any

from django.db.models import F, OuterRef, Q, Value
from django.db.models.lookups import Exact, GreaterThan, GreaterThanOrEqual, IsNull

from rapporto.kernel.kinds import Day, Tick
from rapporto.kernel.record import Field
from rapporto.store.declare import Declaration
from rapporto.store.expressions import JsonKey
from rapporto.store.userfields import JSON_KEY

TRUE = Q(pk__isnull=False)
FALSE = Q(pk__in=())


def key_of(declaration: Declaration, field: Field) -> Any:
    """The expression of a field's key: what it is compared, sorted and grouped by."""
    if field.made_here:
        return JsonKey(field.name + (JSON_KEY if field.kind.keyed else ""), field.kind.sql)
    return F(declaration.columns[field.name].key)


def outer_link(declaration: Declaration, field: Field) -> Any:
    """The id a link holds, as a subquery on the linked records says it."""
    if field.made_here:
        return JsonKey(field.name, field.kind.sql, OuterRef("extra"))
    return OuterRef(declaration.columns[field.name].value)


def nullable(declaration: Declaration, field: Field) -> bool:
    """Whether a blank key is NULL; otherwise it is ''."""
    return field.made_here or declaration.columns[field.name].blank is None


def never_blank(field: Field) -> bool:
    """Whether every row has a value in it: stored ticks, which are yes or no."""
    return isinstance(field.kind, Tick) and not field.made_here


def blank(declaration: Declaration, field: Field, key: Any = None) -> Q:
    """The condition that a field is blank. A tick never is."""
    if never_blank(field):
        return FALSE
    lhs = key if key is not None else key_of(declaration, field)
    return Q(IsNull(lhs, True)) if nullable(declaration, field) else Q(Exact(lhs, Value("")))


def filled(declaration: Declaration, field: Field, key: Any = None) -> Q:
    """The condition that a field is not blank: a range from the least value on, since no index serves «is not null» on SQLite."""
    if never_blank(field):
        return TRUE
    lhs = key if key is not None else key_of(declaration, field)
    if not nullable(declaration, field):
        return Q(GreaterThan(lhs, Value("")))
    return Q(GreaterThanOrEqual(lhs, _least(field)))


def _least(field: Field) -> Any:
    """A value that no value of the kind is below."""
    if field.kind.sql == "integer":
        return Value(-(2**63))
    if field.kind.sql == "boolean":
        return Value(False)
    if field.made_here:
        return Value("")
    return date.min if isinstance(field.kind, Day) else datetime(1, 1, 1, tzinfo=UTC)


def stored_key(field: Field, key: Any) -> Any:
    """A key as the database holds it: dates of user-made fields are ISO texts."""
    return key.isoformat() if field.made_here and isinstance(key, date) else key
