"""The rows of a page in order: by one of two plans, filled keys first and blanks last."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, Q, QuerySet, Value
from django.db.models.lookups import Exact, GreaterThan, GreaterThanOrEqual, LessThan, LessThanOrEqual

from rapporto.kernel.record import Field
from rapporto.kernel.text import BadValue
from rapporto.store.asking import Asked, rows_estimated
from rapporto.store.declare import Declaration
from rapporto.store.expressions import After, Unindexed
from rapporto.store.history.as_of import CHANGED, UNCHANGED, half_of, mentioned
from rapporto.store.keys import stored_key
from rapporto.store.moment import looking_at
from rapporto.store.page_cells import column
from rapporto.store.page_order import order_of
from rapporto.store.plans import Plan
from rapporto.store.reaching import Reached

PASSED = 4
"""So many times the entries of an index are passed after which a page should be full, if what is sought lies evenly."""
WORTH = 25
"""Entries of an index that are passed in the time in which one row is read and sorted (SQLite, a million rows)."""


@dataclass(frozen=True)
class Cursor:
    """Where the next page begins: the key of the last row (None: among the blanks), its id, and the id of the record linked."""

    key: Any
    row_id: int
    link_id: int = 0

    def text(self) -> str:
        """The cursor as it travels in an address."""
        return (
            base64.urlsafe_b64encode(
                json.dumps([self.key, self.row_id, *([self.link_id] if self.link_id else [])]).encode()
            )
            .decode()
            .rstrip("=")
        )

    @classmethod
    def read(cls, text: str) -> "Cursor":
        """The cursor of an address. BadValue when it is none."""
        try:
            key, *ids = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        except (ValueError, TypeError):
            raise BadValue("This address is incomplete; open the list again.") from None
        whole = len(ids) in (1, 2) and all(isinstance(one, int) and abs(one) < 2**63 for one in ids)
        if not whole or isinstance(key, (list, dict)):
            raise BadValue("This address is incomplete; open the list again.")
        return cls(key, *ids)


@dataclass
class Reader:
    """Reads the rows of one sort in two phases: filled keys in order, then the blanks by id."""

    asked: Asked
    declaration: Declaration
    sort: Field
    down: bool
    plan: Plan

    def __post_init__(self) -> None:
        self.order = order_of(self.asked, self.declaration, self.sort)
        self.base, self.gathered = self.plan.rows, self.plan.gathered

    def rows(self, cursor: Cursor | None, size: int, shown: Sequence[Field]) -> list[tuple[Any, ...]]:
        """Up to `size` rows after the cursor: (id, key, values …)."""
        found: list[tuple[Any, ...]] = []
        if cursor is not None and cursor.key is not None and self.sort.made_here:
            found = self._read(self._alike(cursor), size, shown)
        if len(found) < size and (cursor is None or cursor.key is not None):
            found += self._read_filled(cursor, size - len(found), shown)
        if len(found) < size:
            rest = cursor if cursor is not None and cursor.key is None else None
            found += self._read(self._blank(rest), size - len(found), shown)
        return found

    def _read_filled(self, cursor: Cursor | None, size: int, shown: Sequence[Field]) -> list[tuple[Any, ...]]:
        places = self._along(cursor, size)
        return self._read(self._filled(cursor), size, shown) if places is None else self.with_values(places, shown)

    def _along(self, cursor: Cursor | None, size: int) -> list[tuple[Any, Any]] | None:
        """The ids and keys of the first rows, found by going along the index of the sort and looking for each row among the gathered.

        Of thousands of gathered rows this reads those only that are shown. None when so many entries would have to be passed that
        sorting the gathered is no slower, or when they were passed in vain: what is asked for may lie at the other end.
        """
        plan = self.plan
        if plan.along is None or connection.vendor != "sqlite" or not self._has_index():
            return None
        steps = PASSED * size * rows_estimated(self.declaration) // max(plan.few, 1)
        if steps > WORTH * plan.few:
            return None
        every = self._filled(cursor, self.declaration.model._default_manager.all(), walking=True)
        last = every.values_list(self.order.key, flat=True)[steps : steps + 1].first()
        rows = self._filled(cursor, plan.along, walking=True, until=last)
        places = list(rows.values_list("pk", self.order.key)[:size])
        return places if last is None or len(places) == size else None

    @property
    def _own(self) -> bool:
        """Whether the key of the sort stands in the table itself."""
        return self.order.tie == "pk" and not isinstance(self.sort, Reached)

    def _has_index(self) -> bool:
        """Whether an index of the table itself has the order of the sort."""
        return self._own and (self.sort.made_here or self.declaration.columns[self.sort.name].indexed)

    def _read(self, rows: QuerySet[Any], size: int, shown: Sequence[Field]) -> list[tuple[Any, ...]]:
        """The first of these rows. Of gathered ones only ids and keys are sorted, and then those few read that are shown."""
        if not self.gathered:
            values = self._values(rows, shown)
            return self._halves(values, size) if looking_at() else list(values[:size])
        return self.with_values([(pk, key) for pk, key in rows.values_list("pk", self.order.key)[:size]], shown)

    def _halves(self, rows: QuerySet[Any], size: int) -> list[tuple[Any, ...]]:
        """The first rows of the past: what is unchanged since by the index of the sort, then what is changed, as it was."""
        table = self.declaration.table
        # SQLite weighs no LIMIT: it would walk past everything for the last few rows, where both halves together are quickly sorted.
        apart = self._own and (connection.vendor == "postgresql" or self.plan.served)
        try:
            apart = apart and mentioned(table, str(rows.query)) == 1
        except EmptyResultSet:
            return []
        if not apart:
            return list(rows[:size])
        found: list[tuple[Any, ...]] = []
        for half in (UNCHANGED, CHANGED):
            with half_of(table, half):
                found += rows[:size]
        # Python compares texts, numbers and days as the database does; rows with a key and rows without are never read together.
        found.sort(key=lambda row: (row[0],) if row[1] is None else (row[1], row[0]), reverse=self.down)
        return found[:size]

    def with_values(self, places: Sequence[tuple[int, Any]], shown: Sequence[Field]) -> list[tuple[Any, ...]]:
        """What is shown of some rows, given by id and key; those that have gone meanwhile are left out."""
        if not places:
            return []
        rows = self.declaration.model._default_manager.filter(pk__in=[pk for pk, _ in places])
        values = {row[0]: row[1:] for row in rows.values_list("pk", *self._columns(shown))}
        return [(pk, key, *values[pk]) for pk, key in places if pk in values]

    def _values(self, rows: QuerySet[Any], shown: Sequence[Field]) -> QuerySet[Any]:
        return rows.values_list("pk", self.order.key, *self._columns(shown))

    def _columns(self, shown: Sequence[Field]) -> list[str]:
        return [column(self.declaration, field) for field in shown]

    def _filled(
        self, cursor: Cursor | None, rows: QuerySet[Any] | None = None, *, walking: bool = False, until: Any = None
    ) -> QuerySet[Any]:
        """The rows (without any, those of the plan) with a key, in order, after a cursor; up to the key `until`, if one is given."""
        rows, key = self.base if rows is None else rows, self.order.key
        if cursor is not None and self.sort.made_here:
            rows = rows.filter((LessThan if self.down else GreaterThan)(key, Value(self._key_of_cursor(cursor))))
        elif cursor is not None:
            last = (Value(self._key_of_cursor(cursor)), Value(cursor.row_id))
            rows = rows.filter(Q(After(key, F(self.order.tie), *last, down=self.down)))
        if until is not None:
            rows = rows.filter((GreaterThanOrEqual if self.down else LessThanOrEqual)(key, Value(until)))
        # A second lower bound would only lead SQLite to start from that one: upwards whatever comes after a key is filled, downwards
        # whatever comes before one.
        if cursor is None or (self.down and not self.sort.made_here):
            rows = rows if self.down and until is not None else rows.filter(self.order.filled)
        return self._ordered(rows, key, F(self.order.tie), walking=walking)

    def _alike(self, cursor: Cursor) -> QuerySet[Any]:
        """The rows after a cursor with its very key. SQLite compares a pair by an index of columns, never by one of expressions."""
        rows = self.base.filter(Exact(self.order.key, Value(self._key_of_cursor(cursor))))
        rows = rows.filter(**{"pk__lt" if self.down else "pk__gt": cursor.row_id})
        return self._ordered(rows, F("pk"))

    def _blank(self, cursor: Cursor | None) -> QuerySet[Any]:
        rows = self.base.filter(self.order.blank)
        if cursor is not None:
            rows = rows.filter(**{"pk__lt" if self.down else "pk__gt": cursor.row_id})
        # All keys are blank alike, yet PostgreSQL finds these rows by an index that has the key only when it orders by it too; else
        # it hopes to meet enough of them while it walks through the whole table.
        led = (self.order.key,) if connection.vendor == "postgresql" and self._own else ()
        return self._ordered(rows, *led, F("pk"))

    def _ordered(self, rows: QuerySet[Any], *keys: Any, walking: bool = False) -> QuerySet[Any]:
        sorts = self.gathered and not walking
        led = [Unindexed(key) if sorts and position == 0 else key for position, key in enumerate(keys)]
        return rows.order_by(*(key.desc() if self.down else key.asc() for key in led))

    @property
    def end(self) -> Field:
        """The field whose values are sorted by: that at the far end of a path."""
        return self.sort.end or self.sort if isinstance(self.sort, Reached) else self.sort

    def _key_of_cursor(self, cursor: Cursor) -> Any:
        """The key of a cursor as the database holds it."""
        key = cursor.key if self.end.kind.keyed else self.end.kind.load(cursor.key)
        return stored_key(self.end, key)

    def cursor(self, row: tuple[Any, ...]) -> Cursor:
        """The cursor after a row."""
        key = row[1] if row[1] not in ("", None) else None
        return Cursor(self.sort.kind.dump(key) if key is not None and not isinstance(key, str) else key, row[0])
