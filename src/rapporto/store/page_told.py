"""Rows sorted by a number told from related records: those are grouped first, and who has none stands at one end."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Exists, OuterRef, Q

from rapporto.kernel.record import Field
from rapporto.store.aggregates import COUNT, NUMBER, by_of, grouped
from rapporto.store.expressions import raw_value, statement
from rapporto.store.page_cells import loaded_number
from rapporto.store.page_reading import Cursor, Reader
from rapporto.store.reaching import Reached

Place = tuple[Any, int]
"""Number and id: what rows are ordered by."""


@dataclass
class ToldReader(Reader):
    """Reads the rows of a sort by a count or a sum. A count of none is 0, anything else of none is blank and comes last."""

    def __post_init__(self) -> None:
        super().__post_init__()
        assert isinstance(self.sort, Reached)
        assert self.sort.relation
        self.told, self.relation = self.sort, self.sort.relation
        self.seen = self.asked.records(self.relation.record)

    def rows(self, cursor: Cursor | None, size: int, shown: Sequence[Field]) -> list[tuple[Any, ...]]:
        if self.gathered:
            return super().rows(cursor, size, shown)
        found: list[tuple[Any, ...]] = []
        for number, phase in enumerate(self._phases()):
            at = self._phase_of(cursor)
            if len(found) < size and number >= at:
                found += phase(cursor if number == at else None, size - len(found), shown)
        return found

    def _phases(self) -> Sequence[Any]:
        """Those without related records come first among ascending counts."""
        return (self._without, self._with) if self._without_first else (self._with, self._without)

    @property
    def _without_first(self) -> bool:
        return self.told.how == COUNT and not self.down

    def _phase_of(self, cursor: Cursor | None) -> int:
        if cursor is None:
            return 0
        without = cursor.key == 0 if self.told.how == COUNT else cursor.key is None
        return int(without != self._without_first)

    def _with(self, cursor: Cursor | None, size: int, shown: Sequence[Field]) -> list[tuple[Any, ...]]:
        try:
            places = self._places(None if cursor is None else (self._key_of_cursor(cursor), cursor.row_id), size)
        except EmptyResultSet:  # none of the related records may be seen
            return []
        return self.with_values([(pk, key) for key, pk in places], shown)

    def _without(self, cursor: Cursor | None, size: int, shown: Sequence[Field]) -> list[tuple[Any, ...]]:
        rows = self.base.filter(self.order.blank) if self.told.how != COUNT else self.base.filter(~self._any())
        if cursor is not None:
            rows = rows.filter(**{"pk__lt" if self.down else "pk__gt": cursor.row_id})
        ordered = rows.order_by("-pk" if self.down else "pk").values_list("pk", *self._columns(shown))[:size]
        key = 0 if self.told.how == COUNT else None
        return [(row[0], key, *row[1:]) for row in ordered]

    def _any(self) -> Q:
        return Q(Exists(self.seen.filter(**{by_of(self.relation): OuterRef("pk")})))

    def _places(self, after: Place | None, size: int) -> list[Place]:
        """The numbers of all that have any, the first of them in order."""
        numbers, params = statement(grouped(self.seen, self.relation, self.told.end, self.told.how))
        sign, way = ("<", " DESC") if self.down else (">", "")
        by = by_of(self.relation)
        sql, given = f"WITH g AS ({numbers})", [*params]
        beyond = [f"g.{NUMBER} IS NOT NULL", f'g."{by}" IS NOT NULL']
        if after:
            beyond.append(f'(g.{NUMBER}, g."{by}") {sign} (%s, %s)')
        joined = ""
        if self.base.query.where:
            rows, row_params = statement(self.base.order_by().values_list("pk"))
            sql, joined = f"{sql}, r AS ({rows})", f' JOIN r ON r.pk = g."{by}"'
            given += row_params
        sql += (
            f' SELECT g.{NUMBER}, g."{by}" FROM g{joined} WHERE {" AND ".join(beyond)}'
            f' ORDER BY g.{NUMBER}{way}, g."{by}"{way} LIMIT %s'
        )
        with connection.cursor() as cursor:
            cursor.execute(sql, [*given, *((raw_value(after[0]), after[1]) if after else ()), size])
            return [(loaded_number(self.told, number), pk) for number, pk in cursor.fetchall()]
