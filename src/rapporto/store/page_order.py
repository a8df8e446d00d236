"""The order of a list in SQL: the key that a column is sorted by, and which rows have none."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, Subquery, Value
from django.db.models.functions import NullIf
from django.db.models.lookups import IsNull

from rapporto.kernel.kinds import Links
from rapporto.kernel.record import Field
from rapporto.kernel.text import BadValue
from rapporto.store.aggregates import COUNT, told
from rapporto.store.asking import Asked
from rapporto.store.columns import BinaryText
from rapporto.store.declare import DECLARED, Declaration
from rapporto.store.expressions import Scalar
from rapporto.store.keys import FALSE, TRUE, blank, filled, key_of, nullable, outer_link
from rapporto.store.reaching import Reached


@dataclass(frozen=True)
class Order:
    """`key` is what is sorted by and `tie` what decides among equal keys; `blank` and `filled` split the rows in two."""

    key: Any
    tie: str
    blank: Q
    filled: Q


def order_of(asked: Asked, declaration: Declaration, field: Field) -> Order:
    """The order of a column. BadValue for one that holds several values."""
    if isinstance(field.kind, Links):
        raise BadValue("This column holds several values and cannot be sorted.")
    if isinstance(field, Reached):
        key = reached_key(asked, declaration, field)
        if field.how == COUNT:
            return Order(key, "pk", FALSE, TRUE)
        return Order(key, "pk", Q(IsNull(key, True)), Q(IsNull(key, False)))
    # The tie-break is taken from the table of the key, so that one index serves both.
    prefix = "" if field.made_here else declaration.columns[field.name].key.rpartition("__")[0]
    tie = f"{prefix}__pk" if prefix else "pk"
    return Order(key_of(declaration, field), tie, blank(declaration, field), filled(declaration, field))


def reached_key(asked: Asked, declaration: Declaration, field: Reached) -> Any:
    """The key of a path as an expression of the row it starts from; NULL when blank."""
    if field.relation is not None:
        return told(asked.records(field.relation.record), field.relation, field.end, field.how)
    assert field.through is not None
    assert field.end is not None
    target = DECLARED[field.through.link or ""]
    key = key_of(target, field.end)
    if not nullable(target, field.end):
        key = NullIf(key, Value(""), output_field=BinaryText())
    seen = asked.records(target.name).filter(pk=outer_link(declaration, field.through))
    return Scalar(Subquery(seen.annotate(reached=key).values("reached")))
