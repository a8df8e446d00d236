"""`Where` compiled to Django conditions: two-valued on every database, related rows in subqueries of their own."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any, Protocol

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import (
    Contains,
    Exact,
    GreaterThan,
    GreaterThanOrEqual,
    In,
    IsNull,
    LessThan,
    LessThanOrEqual,
)

from rapporto.kernel.evaluate import wanted_key
from rapporto.kernel.kinds import Day, Links, Tick
from rapporto.kernel.record import Field, RecordType
from rapporto.kernel.where import All, AnyOf, Not, Related, Test, Through, Where
from rapporto.store.declare import DECLARED, Declaration
from rapporto.store.expressions import JsonKey, Unindexed
from rapporto.store.userfields import JSON_KEY, record_type

_ORDERS = {
    "eq": Exact,
    "lt": LessThan,
    "le": LessThanOrEqual,
    "gt": GreaterThan,
    "ge": GreaterThanOrEqual,
    "contains": Contains,
}
TRUE = Q(pk__isnull=False)
FALSE = Q(pk__in=())
LAST = "\U0010ffff"


class Asking(Protocol):
    """Who asks: what the compiler needs to know of them."""

    def records(self, name: str) -> QuerySet[Any]:
        """The records of a type that may be seen."""

    def sees_all(self, name: str) -> bool:
        """Whether every record of a type may be seen."""

    def sees_few(self, name: str) -> bool:
        """Whether those that may be seen are so few that one starts from them."""


def key_of(declaration: Declaration, field: Field) -> Any:
    """The expression of a field's key: what it is compared, sorted and grouped by."""
    if field.made_here:
        return JsonKey(field.name + (JSON_KEY if field.kind.keyed else ""), field.kind.sql)
    return F(declaration.columns[field.name].key)


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


class Compiler:
    """Compiles conditions on one record type, for one who asks. `indexed=False` keeps the planner off the indexes of own columns."""

    def __init__(
        self, declaration: Declaration, asking: Asking, *, indexed: bool = True, record: RecordType | None = None
    ) -> None:
        self.declaration, self.asking, self.indexed = declaration, asking, indexed
        self.record = record or record_type(declaration.name)

    def condition(self, where: Where, negated: bool = False) -> Q:
        """The condition, or its two-valued negation; negations are pushed down to the single comparisons."""
        match where:
            case All(parts) | AnyOf(parts):
                return self._group(parts, isinstance(where, All) != negated, negated)
            case Not(inner):
                return self.condition(inner, not negated)
            case Through(link):
                return _flip(self._through(link), negated)
            case Related():
                return _flip(self._related(where), negated)
            case Test(path, op, value) if "." in path:
                return self._linked(path, op, value, negated)
            case Test():
                return self._compare(where, negated)
        raise TypeError(f"{where!r} is no condition")

    def _group(self, parts: Sequence[Where], both: bool, negated: bool) -> Q:
        compiled = [self.condition(part, negated) for part in parts]
        if both:
            kept = [one for one in compiled if one != TRUE]
            return FALSE if FALSE in kept else _joined(kept, Q.AND) or TRUE
        kept = [one for one in compiled if one != FALSE]
        return TRUE if TRUE in kept else _joined(kept, Q.OR) or FALSE

    def _key(self, field: Field) -> Any:
        key = key_of(self.declaration, field)
        return key if self.indexed else Unindexed(key)

    def _compare(self, test: Test, negated: bool) -> Q:
        field = self.record.field(test.path)
        op, value = test.op, test.value
        if isinstance(field.kind, Links):
            return _flip(self._has_links(field, op, value), negated)
        if op == "ne":
            op, negated = "eq", not negated
        wanted = () if op == "is_in" else wanted_key(field.kind, op, value)
        if op in ("contains", "starts_with") and wanted is None:
            return _flip(TRUE, negated)
        if op in ("is_blank", "is_filled") or (op == "eq" and wanted is None):
            return (filled if (op == "is_filled") != negated else blank)(self.declaration, field, self._key(field))
        if wanted is None:
            return _flip(FALSE, negated)
        if field.made_here and isinstance(field.kind, Tick) and wanted is False:
            wanted, negated = True, not negated
        return self._ordered(field, op, wanted, value, negated)

    def _ordered(self, field: Field, op: str, wanted: Any, value: Any, negated: bool) -> Q:
        key = self._key(field)
        if op == "is_in":
            keys = _keys(field, value)
            if not keys:
                return _flip(FALSE, negated)
            found = Q(In(key, keys))
        elif op == "starts_with":
            found = Q(GreaterThanOrEqual(key, Value(wanted))) & Q(LessThan(key, Value(wanted + LAST)))
        else:
            found = Q(_ORDERS[op](key, _value(field, wanted)))
            if op in ("lt", "le") and not nullable(self.declaration, field):
                found &= filled(self.declaration, field, key)
        if not negated:
            return found
        return blank(self.declaration, field, key) | ~found if nullable(self.declaration, field) else ~found

    def _has_links(self, field: Field, op: str, value: Any) -> Q:
        column: Any = self.declaration.model._meta.get_field(field.name)
        rows = self.declaration.through[field.name]._default_manager.filter(
            **{column.m2m_column_name(): OuterRef("pk")}
        )
        if op in ("is_blank", "is_filled"):
            return _flip(Q(Exists(rows)), op == "is_blank")
        return Q(Exists(rows.filter(**{f"{column.m2m_reverse_name()}__in": list(value or ())})))

    def _linked(self, path: str, op: str, value: Any, negated: bool) -> Q:
        step, rest = path.split(".", 1)
        target = self.record.field(step).link
        if target is None or isinstance(self.record.field(step).kind, Links):
            raise ValueError(f"{self.record.name}.{step} is no link to one record: {path}")
        if op == "ne" or op == "is_blank" or (op == "eq" and value in (None, "")):
            opposite = "eq" if op == "ne" else "is_filled"
            return self._linked(path, opposite, value, not negated)
        inner = Compiler(DECLARED[target], self.asking).condition(Test(rest, op, value))
        column = self.declaration.columns[step].value
        return _flip(Q(Exists(self.asking.records(target).filter(inner, pk=OuterRef(column)))), negated)

    def _through(self, link: str) -> Q:
        target = self.record.field(link).link or ""
        column = self.declaration.columns[link].value
        if self.asking.sees_all(target):
            return Q(**{f"{column}__isnull": False})
        seen = self.asking.records(target)
        if self.asking.sees_few(target):
            return Q(**{f"{column}__in": seen.values("pk")})
        return Q(Exists(seen.filter(pk=OuterRef(column))))

    def _related(self, where: Related) -> Q:
        relation = self.record.relation(where.relation)
        declaration = DECLARED[relation.record]
        by = declaration.columns[relation.by].value
        inner = Compiler(declaration, self.asking).condition(where.inner)
        rows = self.asking.records(relation.record).filter(inner, **{by: OuterRef("pk")})
        if (where.op, where.number) == ("ge", 1):
            return Q(Exists(rows))
        if where.number == 0 and where.op in ("eq", "le"):
            return ~Q(Exists(rows))
        counted = rows.order_by().values(by).annotate(number=Count("*")).values("number")
        return Q(_ORDERS[where.op](Coalesce(Subquery(counted), Value(0)), Value(where.number)))


def _flip(condition: Q, negated: bool) -> Q:
    if not negated:
        return condition
    return FALSE if condition == TRUE else TRUE if condition == FALSE else ~condition


def _joined(parts: Sequence[Q], connector: str) -> Q | None:
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else Q(*parts, _connector=connector)


def _keys(field: Field, values: Any) -> list[Any]:
    keys = {field.kind.key(one) for one in values or ()} - {None}
    return [stored_key(field, key) for key in sorted(keys, key=str)]


def _value(field: Field, wanted: Any) -> Any:
    return Value(stored_key(field, wanted)) if field.made_here else wanted


__all__ = ["FALSE", "TRUE", "Asking", "Compiler", "blank", "filled", "key_of", "nullable", "stored_key"]
