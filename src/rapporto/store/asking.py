"""Who asks: the records somebody may see, and whether they are few enough to start from."""

import time
from dataclasses import dataclass, field
from datetime import UTC
from math import isqrt
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.db.models import OuterRef, Q, QuerySet
from django.utils import timezone

from rapporto.kernel.actor import Actor
from rapporto.kernel.record import any_branch
from rapporto.kernel.where import EVERYTHING, All, AnyOf, Question, Test, Through, Where, bind
from rapporto.store.compile import Compiler
from rapporto.store.declare import DECLARED, Declaration
from rapporto.store.expressions import among
from rapporto.store.history.as_of import ExistsNow
from rapporto.store.moment import looking_at, present

REMEMBERED = 60.0
"""Seconds for which an estimate is believed; it only chooses the plan, never the rows."""
_estimates: dict[tuple[Any, ...], tuple[float, Any]] = {}


def forget_estimates() -> None:
    """Estimate anew (after a bulk load; in tests)."""
    _estimates.clear()


def remembered(key: tuple[Any, ...], find_out: Any) -> Any:
    """An estimate made at most a minute ago."""
    known = _estimates.get(key)
    if known is None or known[0] < time.monotonic():
        if len(_estimates) > 10_000:
            _estimates.clear()
        known = _estimates[key] = (time.monotonic() + REMEMBERED, find_out())
    return known[1]


def few(declaration: Declaration) -> int:
    """Up to how many rows it is cheaper to gather them than to walk the sort index: about √(page × rows)."""
    return min(max(isqrt(50 * rows_estimated(declaration)), 500), 10_000)


def rows_estimated(declaration: Declaration) -> int:
    """About how many rows there are, and never fewer: the newest id."""
    newest = remembered(
        ("rows", declaration.name),
        lambda: declaration.model._default_manager.order_by("-pk").values_list("pk", flat=True).first(),
    )
    return newest or 1


def question(actor: Actor) -> Question:
    """The question of an actor, asked now, or at the moment of the past that is looked at."""
    now = looking_at() or timezone.now()
    return Question(actor, now.astimezone(UTC), now.astimezone(ZoneInfo(settings.TIME_ZONE)).date())


@dataclass
class Asked:
    """One actor asking at one moment; keeps what it learned for the length of the question."""

    actor: Actor
    question: Question
    reads_all: bool = False
    """Whether every row will be looked at, as for a sum."""
    _seen: dict[str, Where] = field(default_factory=dict)

    @classmethod
    def by(cls, actor: Actor) -> "Asked":
        return cls(actor, question(actor))

    def seen(self, name: str) -> Where:
        """What the actor may see of a type: nothing by default."""
        if name not in self._seen:
            self._seen[name] = bind(any_branch(DECLARED[name].record.visible(self.actor)), self.question)
        return self._seen[name]

    def sees_all(self, name: str) -> bool:
        return self.seen(name) == EVERYTHING

    def changes_all(self, name: str) -> bool:
        """Whether it follows from the declarations alone that every record of a type may be changed."""
        declaration = DECLARED[name]
        return all(
            self._lets_all(declaration, where) for where in (self.seen(name), declaration.record.changeable(self.actor))
        )

    def _lets_all(self, declaration: Declaration, where: Where) -> bool:
        match where:
            case AnyOf(parts):
                return any(self._lets_all(declaration, part) for part in parts)
            case Through(link):
                field = declaration.record.field(link)
                return field.required and field.link is not None and self.sees_all(field.link)
        return where == EVERYTHING

    def sees_few(self, name: str) -> bool:
        key = ("few", name, self.actor.user_id, self.actor.roles, self.actor.territories)
        return bool(remembered(key, lambda: self._few(DECLARED[name], self.seen(name))))

    def _few(self, declaration: Declaration, where: Where) -> bool:
        match where:
            case All(parts):
                return any(self._few(declaration, part) for part in parts)
            case AnyOf(parts):
                return all(self._few(declaration, part) for part in parts)
            case Through(link):
                return self.sees_few(declaration.record.field(link).link or "")
            case Test(path, _, _) if "." not in path and declaration.columns[path].indexed:
                return self._counted(declaration, where) is not None
        return False

    def _counted(self, declaration: Declaration, where: Where) -> int | None:
        """How many rows a condition on indexed columns lets through, None when they are not few; costs that many rows at most."""
        with present():
            limit = few(declaration)
            count = self.matching(declaration, where).values("pk")[: limit + 1].count()
            return count if count <= limit else None

    def few_by(self, declaration: Declaration, where: Where) -> int | None:
        """The same, as it was found at most a minute ago."""
        found: int | None = remembered(
            ("few by", declaration.name, repr(where)), lambda: self._counted(declaration, where)
        )
        return found

    def lets_few(self, declaration: Declaration, where: Where) -> bool:
        """Whether a condition on indexed columns lets few rows through."""
        return self.few_by(declaration, where) is not None

    def matching(self, declaration: Declaration, where: Where) -> QuerySet[Any]:
        """The rows of a condition on own columns, whoever may see them."""
        return declaration.model._default_manager.filter(Compiler(declaration, self).condition(where)).order_by()

    def records(self, name: str) -> QuerySet[Any]:
        """The records that may be seen. Few: gathered first; many: the condition is checked row by row."""
        declaration = DECLARED[name]
        rows = declaration.model._default_manager.all()
        return rows if self.sees_all(name) else rows.filter(self.seen_condition(name))

    def seen_condition(self, name: str) -> Q:
        """The condition of what may be seen, in the form that suits how much it is.

        Rights are those of now also when the past is looked at: nobody gets back what was taken from them by asking for a date.
        """
        declaration = DECLARED[name]
        if self.sees_few(name):
            gathered = self._gathered(declaration, self.seen(name))
            if not looking_at():
                return Q(pk__in=gathered)
            with present():
                return Q(pk__in=among(gathered.values_list("pk", flat=True)))
        if looking_at():
            return Q(ExistsNow(self.matching(declaration, self.seen(name)).filter(pk=OuterRef("pk"))))
        return Compiler(declaration, self, indexed=False).condition(self.seen(name))

    def _gathered(self, declaration: Declaration, where: Where) -> QuerySet[Any]:
        """The ids of few rows. PostgreSQL joins the answers of several indexes only when each is asked by itself."""
        if not isinstance(where, AnyOf) or len(where.parts) < 2 or connection.vendor != "postgresql":
            return self.matching(declaration, where).values("pk")
        first, *others = (self.matching(declaration, part).values("pk") for part in where.parts)
        return first.union(*others)

    def condition(self, declaration: Declaration, where: Where, *, indexed: bool = True) -> Q:
        """A condition somebody asks for, over what they may see of related records."""
        return Compiler(declaration, self, indexed=indexed).condition(bind(where, self.question))
