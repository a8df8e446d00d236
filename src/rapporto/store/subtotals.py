"""How many records stand in each group, and what they come to: one statement for two levels, and one for the total."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, F, QuerySet

from rapporto.kernel.actor import Actor
from rapporto.kernel.kinds import Link, Links, Tick
from rapporto.kernel.record import Field
from rapporto.kernel.where import EVERYTHING, All, Test, Where
from rapporto.store.asking import Asked
from rapporto.store.buckets import BLANK, Bucket, bucket_of_token
from rapporto.store.covering import compared, covering
from rapporto.store.declare import DECLARED, Declaration
from rapporto.store.expressions import WholeSum, statement, whole_sum
from rapporto.store.group_sql import HIDDEN, Level, level
from rapporto.store.keys import key_of
from rapporto.store.page_order import reached_key
from rapporto.store.plans import Plan, plan
from rapporto.store.reaching import Reached, reach
from rapporto.store.userfields import record_type

Keys = tuple[str, ...]
Told = list[Any]
"""The number of rows and their sums."""


@dataclass(frozen=True)
class Subtotal:
    """How many records, and the sums of some columns (whole numbers in the units of their kinds; None when all are blank)."""

    number: int
    sums: Mapping[str, int | None]


@dataclass
class Counter:
    """Counts the records that an actor may see and that satisfy a condition."""

    asked: Asked
    declaration: Declaration
    where: Where
    sums: Sequence[Field]
    found: dict[Keys, Told] = field(default_factory=dict)

    def total(self) -> Subtotal:
        """Of all of them."""
        rows = plan(self.asked, self.declaration, self.where).rows.order_by()
        return self._told(list(rows.aggregate(number=Count("*"), **self._sums()).values()))

    def of_groups(self, levels: Sequence[tuple[Field, str]], tokens: Sequence[str]) -> dict[Keys, Subtotal]:
        """Of every group of the first level with one of these tokens, and of those within them on the second."""
        if len(levels) > 1 and isinstance(levels[1][0].kind, Links):  # a record may stand in several groups of theirs
            alone = Counter(self.asked, self.declaration, self.where, self.sums).of_groups(levels[:1], tokens)
            return self._of_groups(levels, tokens) | alone
        return self._of_groups(levels, tokens)

    def _of_groups(self, levels: Sequence[tuple[Field, str]], tokens: Sequence[str]) -> dict[Keys, Subtotal]:
        narrowed = self.where & shown_only(*levels[0], tokens)
        rows = plan(self.asked, self.declaration, narrowed)
        found = [level(self.asked, self.declaration, rows.rows.order_by(), *one) for one in levels]
        told = list(self._rows(rows, found))
        names = [one.tokens(list({row[at] for row in told})) for at, one in enumerate(found)]
        for row in told:
            keys = tuple(names[at][row[at]] for at in range(len(found)))
            for depth in range(1, len(found) + 1):
                self._add(keys[:depth], row[len(found) :])
        shown = set(tokens)
        return {keys: self._told(one) for keys, one in self.found.items() if keys[0] in shown and HIDDEN not in keys}

    def _add(self, keys: Keys, told: Sequence[Any]) -> None:
        known = self.found.setdefault(keys, [0] + [None] * len(self.sums))
        for at, number in enumerate(told):
            if number is not None:
                known[at] = (known[at] or 0) + int(number)

    def _told(self, told: Told) -> Subtotal:
        sums = {one.name: None if value is None else int(value) for one, value in zip(self.sums, told[1:], strict=True)}
        return Subtotal(told[0], sums)

    def _sums(self) -> dict[str, Any]:
        return {f"sum{at}": WholeSum(self._key(one)) for at, one in enumerate(self.sums)}

    def _key(self, one: Field) -> Any:
        return (
            reached_key(self.asked, self.declaration, one)
            if isinstance(one, Reached)
            else key_of(self.declaration, one)
        )

    def _rows(self, rows: Plan, levels: Sequence[Level]) -> Iterator[tuple[Any, ...]]:
        """(key of each level …, number, sums …)."""
        narrow = rows.rows.order_by()
        prefix = None if rows.gathered else self._prefix(levels)
        if prefix:
            yield from _by_prefix(
                self._grouped(narrow, {name: F(name) for name in prefix}), levels, len(self.sums), prefix
            )
            return
        keys = {f"key{at}": one.key for at, one in enumerate(levels)}
        yield from self._grouped(narrow, keys)

    def _grouped(self, rows: QuerySet[Any], keys: Mapping[str, Any]) -> Any:
        plain = {name: key for name, key in keys.items() if name.startswith("key")}
        grouped = rows.annotate(**plain).values(*keys).annotate(number=Count("*"), **self._sums())
        return grouped.values_list(*keys, "number", *self._sums())

    def _prefix(self, levels: Sequence[Level]) -> tuple[str, ...]:
        """The first columns of an index that holds all that is asked for: in its order SQLite groups without sorting."""
        if connection.vendor != "sqlite":
            return ()
        summed = {
            None if one.made_here or isinstance(one, Reached) else self.declaration.columns[one.name].key
            for one in self.sums
        }
        others = summed | compared(self.declaration, self.where & self.asked.seen(self.declaration.name))
        return covering(self.declaration, [one.column for one in levels], others)


def _by_prefix(
    rows: QuerySet[Any], levels: Sequence[Level], sums: int, prefix: Sequence[str]
) -> Iterator[tuple[Any, ...]]:
    """The groups of a few columns told from those of the first columns of an index."""
    try:
        sql, params = statement(rows)
    except EmptyResultSet:  # none of them may be seen
        return
    names = [*prefix, "number", *(f"sum{at}" for at in range(sums))]
    keys = ", ".join(one.column or "" for one in levels)
    told = ", ".join(["sum(number)", *(whole_sum(f"sum{at}") for at in range(sums))])
    listed = ", ".join(names)
    asked = f"WITH grouped({listed}) AS ({sql}) SELECT {keys}, {told} FROM grouped GROUP BY {keys}"
    with connection.cursor() as cursor:
        cursor.execute(asked, params)
        yield from cursor.fetchall()


def shown_only(field: Field, step: str, tokens: Iterable[str]) -> Where:
    """A condition that the rows of these groups satisfy, and few others."""
    buckets = [bucket_of_token(field, step, token) for token in tokens]
    if (
        not buckets
        or isinstance(field, Reached)
        or isinstance(field.kind, Tick)
        or any(one.token == BLANK for one in buckets)
    ):
        return EVERYTHING
    if step:
        return _between(sorted(buckets, key=lambda one: one.low))
    if isinstance(field.kind, Link):
        return Test(field.name, "is_in", tuple(one.low for one in buckets))
    values = (part.value for one in buckets for part in [one.where] if isinstance(part, Test))
    flat = (value for given in values for value in (given if isinstance(given, tuple) else (given,)))
    return Test(field.name, "is_in", tuple(flat))


def _between(buckets: Sequence[Bucket]) -> Where:
    first, last = buckets[0].where, buckets[-1].where
    assert isinstance(first, All)
    assert isinstance(last, All)
    return first.parts[0] & last.parts[1] if len(last.parts) > 1 else first.parts[0]


def counter(actor: Actor, name: str, where: Where, sums: Sequence[str]) -> Counter:
    """A counter for these records. UnknownField for a sum of what is not there."""
    fields = [reach(actor, record_type(name), one) for one in sums]
    return Counter(replace(Asked.by(actor), reads_all=True), DECLARED[name], where, fields)
