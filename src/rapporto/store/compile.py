"""`Where` compiled to Django conditions: two-valued on every database, related rows in subqueries of their own."""

from collections.abc import Sequence
from typing import Any, Protocol

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet, Value
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
from rapporto.kernel.kinds import Links, Tick
from rapporto.kernel.record import Field, RecordType, RelationTo
from rapporto.kernel.where import EVERYTHING, All, AnyOf, Comparison, Not, Related, Test, Through, Where
from rapporto.store.aggregates import COUNT, by_of, parsed, told
from rapporto.store.declare import DECLARED, Declaration
from rapporto.store.expressions import Unindexed
from rapporto.store.keys import FALSE, TRUE, blank, filled, key_of, nullable, outer_link, stored_key
from rapporto.store.userfields import record_type

_ORDERS = {
    "eq": Exact,
    "lt": LessThan,
    "le": LessThanOrEqual,
    "gt": GreaterThan,
    "ge": GreaterThanOrEqual,
    "contains": Contains,
}
LAST = "\U0010ffff"
_WHOLE: dict[str, tuple[Comparison, int]] = {
    "ge": ("ge", 0),
    "gt": ("ge", 1),
    "le": ("le", 0),
    "lt": ("le", -1),
    "eq": ("eq", 0),
}
"""How a count is compared, told by whole numbers: more than 3 is at least 4."""


class Asking(Protocol):
    """Who asks: what the compiler needs to know of them."""

    def records(self, name: str) -> QuerySet[Any]:
        """The records of a type that may be seen."""

    def sees_all(self, name: str) -> bool:
        """Whether every record of a type may be seen."""

    def sees_few(self, name: str) -> bool:
        """Whether those that may be seen are so few that one starts from them."""

    @property
    def reads_all(self) -> bool:
        """Whether every row is looked at, so that it pays to gather first what may be seen of others, however much it is."""


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
                return self._through(link, negated)
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
        if isinstance(field.kind, Tick) and op in ("is_blank", "is_filled"):
            return _flip(TRUE, negated != (op == "is_blank"))
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
        if step in self.record.relations:
            return self._told(self.record.relation(step), rest, op, value, negated)
        target = self.record.field(step).link
        if target is None or isinstance(self.record.field(step).kind, Links):
            raise ValueError(f"{self.record.name}.{step} is no link to one record: {path}")
        if op == "ne" or op == "is_blank" or (op == "eq" and value in (None, "")):
            opposite = "eq" if op == "ne" else "is_filled"
            return self._linked(path, opposite, value, not negated)
        inner = Compiler(DECLARED[target], self.asking).condition(Test(rest, op, value))
        linked = outer_link(self.declaration, self.record.field(step))
        return _flip(Q(Exists(self.asking.records(target).filter(inner, pk=linked))), negated)

    def _told(self, relation: RelationTo, rest: str, op: str, value: Any, negated: bool) -> Q:
        end, how = parsed(relation.record, rest)
        if end is None and op in _WHOLE and value not in (None, ""):
            compared, more = _WHOLE[op]
            return _flip(self._related(Related(relation.name, EVERYTHING, compared, value + more)), negated)
        number = told(self.asking.records(relation.record), relation, end, how)
        if op == "ne":
            op, negated = "eq", not negated
        if op in ("is_blank", "is_filled") or (op == "eq" and value in (None, "")):
            empty = FALSE if how == COUNT else Q(IsNull(number, True))
            return _flip(empty, negated != (op == "is_filled"))
        wanted = [value] if op != "is_in" else [one for one in value if one not in (None, "")]
        if not wanted or wanted == [None]:
            return _flip(FALSE, negated)
        keys = [stored_key(end, one) if end is not None else one for one in wanted]
        found = Q(In(number, keys)) if op == "is_in" else Q(_ORDERS[op](number, Value(keys[0])))
        if not negated:
            return found
        return ~found if how == COUNT else Q(IsNull(number, True)) | ~found

    def _through(self, link: str, negated: bool) -> Q:
        field = self.record.field(link)
        target = field.link or ""
        if self.asking.sees_all(target) and not field.made_here:
            return Q(**{f"{self.declaration.columns[link].value}__isnull": negated})
        seen = self.asking.records(target)
        # Beside an OR PostgreSQL does not hash a set that is larger than its memory for one step: it would read it for every row.
        gathers = self.asking.sees_few(target) or (self.asking.reads_all and connection.vendor == "sqlite")
        if gathers and not field.made_here:
            return _flip(Q(**{f"{self.declaration.columns[link].value}__in": seen.values("pk")}), negated)
        return _flip(Q(Exists(seen.filter(pk=outer_link(self.declaration, field)))), negated)

    def _related(self, where: Related) -> Q:
        relation = self.record.relation(where.relation)
        inner = Compiler(DECLARED[relation.record], self.asking).condition(where.inner)
        seen = self.asking.records(relation.record).filter(inner)
        rows = seen.filter(**{by_of(relation): OuterRef("pk")})
        if (where.op, where.number) == ("ge", 1):
            return Q(Exists(rows))
        if where.number == 0 and where.op in ("eq", "le"):
            return ~Q(Exists(rows))
        return Q(_ORDERS[where.op](told(seen, relation, None, COUNT), Value(where.number)))


def _flip(condition: Q, negated: bool) -> Q:
    if not negated:
        return condition
    return FALSE if condition == TRUE else TRUE if condition == FALSE else ~condition


def _joined(parts: Sequence[Q], connector: str) -> Q | None:
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else Q(*parts, _connector=connector)


def _keys(field: Field, values: Any) -> list[Any]:
    keys = {wanted_key(field.kind, "is_in", one) for one in values or ()} - {None}
    return [stored_key(field, key) for key in sorted(keys, key=str)]


def _value(field: Field, wanted: Any) -> Any:
    return Value(stored_key(field, wanted)) if field.made_here else wanted


__all__ = ["LAST", "Asking", "Compiler"]
