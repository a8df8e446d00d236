"""What a list shows, line by line to its end: the same columns, rows, order, groups and sums as on the screen, as plain values."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from rapporto.kernel.actor import Actor
from rapporto.kernel.kinds import Day, Integer, Moment, Money, Phone, Tick
from rapporto.kernel.record import Field
from rapporto.kernel.where import EVERYTHING, Where
from rapporto.store.chunks import chunks
from rapporto.store.groups import Group, GroupPage, Subtotal, group_page, subtotals
from rapporto.store.pages import Page, chosen, page
from rapporto.store.reaching import reach
from rapporto.store.records import find
from rapporto.store.search import CANDIDATES, search
from rapporto.store.transfer.tables import Column, Value
from rapporto.web.asked import language
from rapporto.web.figures import figure
from rapporto.web.grid.addresses import ListAddress
from rapporto.web.grid.cells import plain_of
from rapporto.web.grid.columns import usual_width
from rapporto.web.grid.group_words import group_words
from rapporto.web.grid.heads import head_label
from rapporto.web.grid.past import check_answerable, moment_of, past
from rapporto.web.grid.totals import summed, total_of

AT_ONCE, AT_ONCE_OF_THE_PAST = 1_000, 5_000
"""Rows read together; the past is put together anew for every reading."""
GROUPS_AT_ONCE = 200
PIXELS = 7.0
"""Of a letter of a workbook."""

Names = Mapping[int, str]
Said = Callable[[Any, Names], Value]


@dataclass(frozen=True)
class Line:
    """A row, or the head of a group; `level` is how many groups a row stands in, and the level of a head (the outermost is 0)."""

    values: list[Value]
    level: int = 0
    head: bool = False


@dataclass
class Lines:
    """All lines of one list. Nothing is kept of what was read: memory does not grow with the list."""

    actor: Actor
    address: ListAddress
    columns: tuple[str, ...]

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """The columns as fields, as far as this person may know them."""
        return tuple(reach(self.actor, self.address.record, one) for one in self.columns)

    @cached_property
    def heads(self) -> list[Column]:
        """The heads of the columns."""
        return [
            Column(head_label(one), round(usual_width(one, name=at == 0) / PIXELS), _form(one))
            for at, one in enumerate(self.fields)
        ]

    def number(self, most: int | None = None) -> int:
        """How many rows there are, counted up to `most`; in groups of several values a row may stand more than once."""
        check_answerable(self.address)
        if self.address.words:
            return len(self._found())
        with moment_of(self.address.day):
            rows = find(self.actor, self.address.record.name, self.address.where).order_by().values("pk")
            return rows[:most].count() if most is not None else rows.count()

    def __iter__(self) -> Iterator[Line]:
        check_answerable(self.address)
        if self.address.words:
            yield from self._of_pages(self._searched(), 0)
        else:
            yield from self._inside(EVERYTHING, 0)

    def total(self) -> list[Value] | None:
        """The line at the foot: what the columns add up to. None where nothing is added up."""
        if self.address.words or not any(one.name in self._sums for one in self.fields[1:]):
            return None
        found = total_of(self.actor, self.address, self.fields)
        return [f"{_('Total')} ({figure(found.number)})", *self._summed(found)]

    def _inside(self, where: Where, level: int) -> Iterator[Line]:
        """What is in a group: further groups, or rows."""
        if level == len(self.address.groups):
            yield from self._of_pages(self._pages(where), level)
            return
        for found, known in self._groups(where, level):
            for group in found.groups:
                yield self._head(level, group, found, known.get((group.key,)))
                yield from self._inside(where & group.where, level + 1)

    def _groups(self, inside: Where, level: int) -> Iterator[tuple[GroupPage, Mapping[tuple[str, ...], Subtotal]]]:
        """The groups of a level and what they add up to, some at a time."""
        name, where, after = self.address.record.name, self.address.where & inside, None
        grouping, down = self.address.groups[level].grouping, self.address.groups[level].down
        while True:
            with moment_of(self.address.day):
                found = group_page(self.actor, name, where, grouping, down=down, after=after, size=GROUPS_AT_ONCE)
                known = subtotals(self.actor, name, where, (grouping,), found.groups, self._sums)
            yield found, known
            after = found.after
            if after is None:
                return

    @cached_property
    def _sums(self) -> list[str]:
        return summed(self.address, self.fields)

    def _head(self, level: int, group: Group, found: GroupPage, told: Subtotal | None) -> Line:
        """The name of a group with its count in the first column, its sums in the columns that they sum."""
        words = group_words(self.address.groups[level], group, found.titles)
        return Line([f"{words} ({figure(told.number if told else 0)})", *self._summed(told)], level, head=True)

    def _summed(self, told: Subtotal | None) -> Iterator[Value]:
        """The sums of all columns but the first, each in its place."""
        for field, said in zip(self.fields[1:], self._said[1:], strict=True):
            value = told.sums.get(field.name) if told and field.name in self._sums else None
            yield None if value is None else said(value, {})

    def _pages(self, inside: Where) -> Iterator[Page]:
        after = None
        while True:
            with moment_of(self.address.day):
                found = page(
                    self.actor,
                    self.address.record.name,
                    self.address.where & inside,
                    sort=self.address.sort,
                    after=after,
                    size=AT_ONCE_OF_THE_PAST if past(self.address) else AT_ONCE,
                    columns=self.columns,
                )
            yield found
            after = found.after
            if after is None:
                return

    def _searched(self) -> Iterator[Page]:
        for ids in chunks(self._found(), AT_ONCE):
            yield chosen(self.actor, self.address.record.name, ids, columns=self.columns)

    def _found(self) -> tuple[int, ...]:
        address = self.address
        return search(self.actor, address.record.name, address.words, address.where, CANDIDATES).ids

    def _of_pages(self, pages: Iterator[Page], level: int) -> Iterator[Line]:
        for found in pages:
            names = [found.titles.get(field.name, {}) for field in found.columns]
            for _id, values in found.rows:
                yield Line(
                    [
                        None if value is None or value == "" else said(value, named)
                        for value, said, named in zip(values, self._said, names, strict=True)
                    ],
                    level,
                )

    @cached_property
    def _said(self) -> list[Said]:
        return [said(one, language()) for one in self.fields]


def said(field: Field, speech: str) -> Said:
    """The function that makes a cell of a value: numbers, amounts, dates and yes/no as such, everything else as it reads."""
    kind = field.kind
    if isinstance(kind, Money):
        return lambda value, names: Decimal(value).scaleb(-2)
    if isinstance(kind, Tick):
        return lambda value, names: bool(value)
    if isinstance(kind, Moment):
        return lambda value, names: kind.local(value).replace(tzinfo=None)
    if isinstance(kind, Integer | Day):
        return lambda value, names: value
    return plain_of(field, speech)


def _form(field: Field) -> str:
    kinds = (
        (Money, "money"), (Integer, "number"), (Day, "date"), (Moment, "moment"), (Tick, "tick"), (Phone, "phone"),
    )  # fmt: skip
    return next((form for kind, form in kinds if isinstance(field.kind, kind)), "text")
