"""Rows sorted by a field of the records that a link of theirs leads to: those are walked in order, then the rows of each."""

import json
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q, QuerySet, Value
from django.db.models.expressions import RawSQL
from django.db.models.lookups import Exact, GreaterThanOrEqual, LessThanOrEqual

from rapporto.kernel.record import Field
from rapporto.kernel.where import Test
from rapporto.store.asking import rows_estimated
from rapporto.store.buckets import as_key
from rapporto.store.declare import DECLARED
from rapporto.store.expressions import Unindexed, among, raw_value, statement
from rapporto.store.keys import filled, key_of
from rapporto.store.moment import looking_at
from rapporto.store.page_reading import Cursor, Reader
from rapporto.store.reaching import Reached

_SMALL = 2_000
"""Up to how many records a link may lead to that they are all read and put in order first."""
_AT_ONCE = (2, 16, _SMALL)
"""How many of those are looked at by one statement: nearly always the first few have rows enough."""
Place = tuple[Any, int, int]
"""Key, id of the record linked, id of the row: what rows are ordered by."""


def by_title(field: Field) -> Field:
    """What a link is sorted by: how the records are called that it leads to. Itself when they have no title of their own."""
    target = DECLARED[field.link or ""].record
    title = target.field(target.title)
    if title.link:
        return field
    return Reached(name=field.name, label=field.label, kind=title.kind, derived=True, through=field, end=title)


@dataclass
class LinkedReader(Reader):
    """Reads the rows of a sort by a path that follows a link. Equal keys are ordered by the record linked, then by the row."""

    def __post_init__(self) -> None:
        super().__post_init__()
        assert isinstance(self.sort, Reached)
        assert self.sort.through
        assert self.sort.end
        self.link, self.end_field = self.sort.through, self.sort.end
        self.target = DECLARED[self.link.link or ""]
        self.link_key = key_of(self.declaration, self.link)

    def rows(self, cursor: Cursor | None, size: int, shown: Sequence[Field]) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = []
        if cursor is None or cursor.key is not None:
            places = self._places(cursor, size)
            found = self.with_values([(row_id, (key, link)) for key, link, row_id in places], shown)
        if len(found) < size:
            rest = cursor if cursor is not None and cursor.key is None else None
            found += self._read(self._blank(rest), size - len(found), shown)
        return found

    def cursor(self, row: tuple[Any, ...]) -> Cursor:
        """The cursor after a row, whose key bears the id of the record linked."""
        if not isinstance(row[1], tuple):
            return Cursor(None, row[0])
        key, link_id = row[1]
        return Cursor(self.end_field.kind.dump(key) if not isinstance(key, str) else key, row[0], link_id)

    def _few_filled(self) -> QuerySet[Any] | None:
        """The rows, when few of them have such a link at all."""
        linked = Test(self.link.name, "is_filled")
        if looking_at() or not self.asked.lets_few(self.declaration, linked):
            return None
        return self.base.filter(pk__in=self.asked.matching(self.declaration, linked).values("pk"))

    def _places(self, cursor: Cursor | None, size: int) -> list[Place]:
        after = None if cursor is None else (self._key_of_cursor(cursor), cursor.link_id, cursor.row_id)
        few = self.base if self.gathered else self._few_filled()
        if few is not None:
            return self._gathered(few, after, size)
        try:
            return (self._one_by_one if rows_estimated(self.target) <= _SMALL else self._joined)(after, size)
        except EmptyResultSet:  # none of them may be seen
            return []

    def _linked(self) -> QuerySet[Any]:
        """The records that may be seen and have a key."""
        seen = self.asked.records(self.target.name).filter(filled(self.target, self.end_field))
        return seen.order_by().annotate(place_key=key_of(self.target, self.end_field))

    def _gathered(self, few: QuerySet[Any], after: Place | None, size: int) -> list[Place]:
        """Of few rows: all their places, sorted here."""
        pairs = list(few.order_by().annotate(place_link=self.link_key).values_list("place_link", "pk"))
        ids = {link for link, _ in pairs if link is not None}
        keys = dict(self._linked().filter(pk__in=among(ids)).values_list("pk", "place_key"))
        places = sorted(((keys[link], link, pk) for link, pk in pairs if link in keys), reverse=self.down)
        return [one for one in places if after is None or (one < after if self.down else one > after)][:size]

    def _one_by_one(self, after: Place | None, size: int) -> list[Place]:
        """Of few records linked: the first rows of each, in the order of their keys."""
        linked = sorted(self._linked().values_list("place_key", "pk"))
        if after is not None:
            at = bisect_right(linked, after[:2])
            linked = (
                linked[:at] if self.down else linked[max(at - 1, 0) if linked[at - 1 : at] == [after[:2]] else at :]
            )
        if self.down:
            linked.reverse()
        found: list[Place] = []
        for some in _pieces(linked):
            rows = self._rows_of([pk for _, pk in some], after, size - len(found))
            found += [(key, pk, row) for key, pk in some for row in rows.get(pk, ())]
            if len(found) >= size:
                break
        return found[:size]

    def _rows_of(self, ids: Sequence[int], after: Place | None, size: int) -> dict[int, list[int]]:
        """The first rows that point to each of these records: many by their own order, few from the index on the link."""
        if self._in_order():
            return self._first_rows(ids, after, size, self.link_key)
        few = [pk for pk in ids if self.asked.lets_few(self.declaration, Test(self.link.name, "eq", pk))]
        many = [pk for pk in ids if pk not in few]
        found = self._first_rows(many, after, size, Unindexed(self.link_key)) if many else {}
        return found | (self._first_rows(few, after, size, self.link_key) if few else {})

    def _in_order(self) -> bool:
        """Whether an index gives the rows that point to one record in the order of their ids."""
        indexes = (tuple(one.fields) for one in self.declaration.model._meta.indexes)
        column: Any = None if self.link.made_here else self.declaration.model._meta.get_field(self.link.name)
        return column is None or column.db_index or (self.link.name, "id") in indexes

    def _first_rows(self, ids: Sequence[int], after: Place | None, size: int, link: Any) -> dict[int, list[int]]:
        rows = self.base.filter(Q(Exact(link, RawSQL("t.value", ()))))
        if after is not None:
            beyond = Q(pk__lt=after[2]) if self.down else Q(pk__gt=after[2])
            rows = rows.filter(~Q(Exact(self.link_key, Value(after[1]))) | beyond)
        ordered = rows.order_by("-pk" if self.down else "pk").values_list("pk")[:size]
        sql, params = statement(ordered)
        if connection.vendor == "postgresql":
            asked = f"SELECT t.value, ARRAY({sql}) FROM unnest(%s::bigint[]) AS t(value)"
        else:
            of_one = f"SELECT json_group_array(pk) FROM ({sql})"
            asked = f"SELECT t.value, ({of_one}) FROM json_each(%s) t"
        given = list(ids) if connection.vendor == "postgresql" else json.dumps(list(ids))
        with connection.cursor() as cursor:
            cursor.execute(asked, [*params, given])
            return {pk: json.loads(some) if isinstance(some, str) else some for pk, some in cursor.fetchall()}

    def _joined(self, after: Place | None, size: int) -> list[Place]:
        """Of many records linked: both together, from an index on the key to one on the link."""
        linked, rows = self._linked(), self.base.order_by().annotate(place_link=self.link_key)
        if after is not None:
            reached = LessThanOrEqual if self.down else GreaterThanOrEqual
            linked = linked.filter(reached(key_of(self.target, self.end_field), Value(after[0])))
        left, left_params = statement(linked.values_list("place_key", "pk"))
        right, right_params = statement(rows.values_list("place_link", "pk"))
        sign, way = ("<", " DESC") if self.down else (">", "")
        join = "CROSS JOIN" if connection.vendor == "sqlite" else "JOIN"
        beyond = f" WHERE (t.place_key, t.pk, r.pk) {sign} (%s, %s, %s)" if after else ""
        sql = (
            f"WITH t AS ({left}), r AS ({right}) SELECT t.place_key, t.pk, r.pk FROM t {join} r ON r.place_link = t.pk"
            f"{beyond} ORDER BY t.place_key{way}, t.pk{way}, r.pk{way} LIMIT %s"
        )
        given = [raw_value(after[0]), *after[1:]] if after else []
        with connection.cursor() as cursor:
            cursor.execute(sql, [*left_params, *right_params, *given, size])
            return [(as_key(self.end_field, key), link, row) for key, link, row in cursor.fetchall()]


def _pieces(linked: Sequence[tuple[Any, int]]) -> Iterator[Sequence[tuple[Any, int]]]:
    start = 0
    for number in _AT_ONCE:
        if start < len(linked):
            yield linked[start : start + number]
        start += number
