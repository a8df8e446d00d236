"""Which rows a list starts from: those few that a condition leaves are gathered, otherwise the order is walked."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.expressions import RawSQL

from rapporto.kernel.kinds import Links
from rapporto.kernel.record import RecordType
from rapporto.kernel.where import EVERYTHING, All, Test, Where, bind
from rapporto.store.asking import Asked
from rapporto.store.declare import Declaration
from rapporto.store.expressions import Unindexed, among
from rapporto.store.moment import looking_at
from rapporto.store.userfields import record_type

_SELECTIVE = ("eq", "is_in", "lt", "le", "gt", "ge", "starts_with", "is_filled")


@dataclass(frozen=True)
class Plan:
    """The rows that may be seen and satisfy a condition; `gathered` when they are few and one starts from them.

    `served` says that going along an index in the order of the sort one meets few others. `along` are the same rows for who goes
    along another index and looks for each row among the gathered ones, `few` how many those are.
    """

    rows: QuerySet[Any]
    gathered: bool
    served: bool = False
    along: QuerySet[Any] | None = None
    few: int = 0


def seen_by(asked: Asked, name: str) -> Q:
    """The condition of what may be seen; none for who sees everything."""
    return Q() if asked.sees_all(name) else asked.seen_condition(name)


def plan(asked: Asked, declaration: Declaration, where: Where, sort: str = "") -> Plan:
    """The plan for a condition and the own field that the list is sorted by."""
    return _Planner(asked, declaration, record_type(declaration.name), sort).plan(bind(where, asked.question))


@dataclass(frozen=True)
class _Planner:
    asked: Asked
    declaration: Declaration
    record: RecordType
    sort: str

    def plan(self, bound: Where) -> Plan:
        name, asked = self.declaration.name, self.asked
        rows = self.declaration.model._default_manager.all()
        seen = seen_by(asked, name)
        if self._served(bound):
            return Plan(rows.filter(seen, asked.condition(self.declaration, bound)), gathered=False, served=True)
        driver, number = (None, 0) if looking_at() else self._driver(bound)
        rest = Q() if bound == EVERYTHING else asked.condition(self.declaration, bound, indexed=False)
        if driver is not None:
            along = rows.alias(number=Unindexed(F("pk"))).filter(seen, rest, number__in=driver)
            return Plan(rows.filter(seen, rest, pk__in=driver), gathered=True, along=along, few=number)
        # In the past SQLite looks into the two halves of a table only when it is sorted by a bare column.
        few = asked.sees_few(name) and not asked.sees_all(name)
        return Plan(rows.filter(seen, rest), gathered=few and not looking_at(), served=bound == EVERYTHING and not few)

    def _served(self, bound: Where) -> bool:
        """Whether one index leads through the equal values asked for and then in the order of the sort: nothing beats it."""
        parts = bound.parts if isinstance(bound, All) else (bound,)
        equal = {part.path for part in parts if isinstance(part, Test) and _one_value(part)}
        if not equal or len(equal) != len(parts):
            return False
        # One equal value leaves many rows: whoever sees few would walk past them all.
        if (
            len(equal) == 1
            and not self.asked.sees_all(self.declaration.name)
            and self.asked.sees_few(self.declaration.name)
        ):
            return False
        return any(_leads(index.fields, equal, self.sort) for index in self.declaration.model._meta.indexes)

    def _driver(self, bound: Where) -> tuple[RawSQL | QuerySet[Any] | None, int]:
        """The ids that comparisons on indexed columns leave, when they are few, and how many: of one of them, or of all together."""
        parts = bound.parts if isinstance(bound, All) else (bound,)
        selective = tuple(part for part in parts if isinstance(part, Test) and self._selective(part))
        for part in selective:
            if (number := self.asked.few_by(self.declaration, part)) is not None:
                return self.asked.matching(self.declaration, part).values("pk"), number
        together = All(selective)
        if len(selective) < 2 or (number := self.asked.few_by(self.declaration, together)) is None:
            return None, 0
        # Finding these costs most of the page: they are read once, whatever the estimate said.
        return among(self.asked.matching(self.declaration, together).values_list("pk", flat=True)), number

    def _selective(self, test: Test) -> bool:
        if "." in test.path or test.op not in _SELECTIVE:
            return False
        field = self.record.field(test.path)
        return not isinstance(field.kind, Links) and (field.made_here or self.declaration.columns[test.path].indexed)


def _one_value(test: Test) -> bool:
    """Whether exactly one value is asked for, and no blank."""
    if test.op == "is_in":
        return isinstance(test.value, tuple) and len(test.value) == 1 and test.value[0] not in (None, "")
    return test.op == "eq" and test.value not in (None, "")


def _leads(fields: Sequence[str], equal: set[str], sort: str) -> bool:
    """Whether an index has the equal values first, then the sort, and perhaps the id that breaks its ties."""
    led = [name for name in fields if name != "id"]
    return set(led[:-1]) == equal and led[-1] == sort
