"""What is told from related records, in SQL: how many there are, and sums, least and greatest of their values."""

from typing import Any

from django.db.models import Aggregate, Count, Max, Min, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from rapporto.kernel.record import Field, RelationTo
from rapporto.store.declare import DECLARED
from rapporto.store.expressions import Scalar, WholeSum
from rapporto.store.keys import key_of
from rapporto.store.userfields import record_type

COUNT = "count"
AGGREGATES: dict[str, type[Aggregate]] = {"sum": WholeSum, "min": Min, "max": Max}
NUMBER = "told_number"


def by_of(relation: RelationTo) -> str:
    """The column by which related records point back."""
    return DECLARED[relation.record].columns[relation.by].value


def grouped(seen: QuerySet[Any], relation: RelationTo, end: Field | None, how: str) -> QuerySet[Any]:
    """(id pointed to, value) of related records, of which `seen` are those that may be seen; one row for each that has any."""
    by = by_of(relation)
    value = Count("*") if end is None else AGGREGATES[how](key_of(DECLARED[relation.record], end))
    return seen.order_by().values(by).annotate(**{NUMBER: value}).values_list(by, NUMBER)


def told(seen: QuerySet[Any], relation: RelationTo, end: Field | None, how: str) -> Any:
    """The same as an expression of the row they point to: a count is 0 without any, the rest is NULL."""
    one = grouped(seen.filter(**{by_of(relation): OuterRef("pk")}), relation, end, how).values(NUMBER)
    return Scalar(Subquery(one)) if end is not None else Coalesce(Scalar(Subquery(one)), Value(0))


def parsed(record: str, rest: str) -> tuple[Field | None, str]:
    """What `count` or `field.sum` of related records of a type names: the field (None when they are counted) and how."""
    if rest == COUNT:
        return None, COUNT
    name, _dot, how = rest.rpartition(".")
    if how not in AGGREGATES:
        raise ValueError(
            f"no such thing is told from related records: {rest}; there are: count, {', '.join(AGGREGATES)}"
        )
    return record_type(record).field(name), how
