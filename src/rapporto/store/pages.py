"""One page of records: keyset paging on any column, with one of two plans, and a constant number of queries."""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet, Value
from django.db.models.expressions import RawSQL

from rapporto.kernel.actor import Actor
from rapporto.kernel.kinds import Links
from rapporto.kernel.record import Field, RecordType
from rapporto.kernel.text import BadValue
from rapporto.kernel.where import EVERYTHING, All, Test, Where, bind
from rapporto.store.asking import Asked
from rapporto.store.compile import blank, filled, key_of, stored_key
from rapporto.store.declare import DECLARED, Declaration
from rapporto.store.expressions import After, Unindexed, among
from rapporto.store.history.as_of import looking_at
from rapporto.store.records import find, titles
from rapporto.store.userfields import record_type

SIZE = 50
_SELECTIVE = ("eq", "is_in", "lt", "le", "gt", "ge", "starts_with", "is_filled")


@dataclass(frozen=True)
class Page:
    """Some records in order. `rows` are (id, values in the order of `columns`); links and several links give ids.

    `titles` has, per link column, what the linked records are called (those that may not be seen are missing).
    `after` is the cursor of the next page, None at the end.
    """

    record: RecordType
    columns: tuple[Field, ...]
    rows: tuple[tuple[int, tuple[Any, ...]], ...]
    titles: Mapping[str, Mapping[int, str]]
    after: str | None


@dataclass(frozen=True)
class Cursor:
    """Where the next page begins: the key of the last row (None: among the blanks) and its id."""

    key: Any
    row_id: int

    def text(self) -> str:
        """The cursor as it travels in an address."""
        return base64.urlsafe_b64encode(json.dumps([self.key, self.row_id]).encode()).decode().rstrip("=")

    @classmethod
    def read(cls, text: str) -> "Cursor":
        """The cursor of an address. BadValue when it is none."""
        try:
            key, row_id = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        except ValueError:
            raise BadValue("This address is incomplete; open the list again.") from None
        if not isinstance(row_id, int) or isinstance(key, (list, dict)) or abs(row_id) >= 2**63:
            raise BadValue("This address is incomplete; open the list again.")
        return cls(key, row_id)


def page(
    actor: Actor,
    name: str,
    where: Where = EVERYTHING,
    *,
    sort: str = "",
    after: str | None = None,
    size: int = SIZE,
    columns: Sequence[str] = (),
) -> Page:
    """A page of the records that the actor may see, sorted by one field (with «-» downwards), blanks last.

    Raises UnknownField for a sort or column that the actor has no such field for, BadValue for a broken cursor.
    """
    record = record_type(name).seen_by(actor)
    sort = sort or record.order
    shown = tuple(record.field(one) for one in (columns or record.grid))
    reader = _Reader(actor, record, DECLARED[name], record.field(sort.lstrip("-")), sort.startswith("-"), where)
    found = reader.rows(Cursor.read(after) if after else None, size + 1, shown)
    rows = tuple((row[0], tuple(row[2:])) for row in found[:size])
    more = reader.cursor(found[size - 1]).text() if len(found) > size else None
    return _with_links(actor, Page(record, shown, rows, {}, more))


def chosen(actor: Actor, name: str, ids: Sequence[int], *, columns: Sequence[str] = ()) -> Page:
    """The records with these ids, in the order of `ids`: those found by a search. What may not be seen is left out."""
    record = record_type(name).seen_by(actor)
    shown = tuple(record.field(one) for one in (columns or record.grid))
    paths = (_path(DECLARED[name], field) for field in shown)
    found = {row[0]: tuple(row[1:]) for row in find(actor, name).filter(pk__in=ids).values_list("pk", *paths)}
    rows = tuple((one, found[one]) for one in ids if one in found)
    return _with_links(actor, Page(record, shown, rows, {}, None))


def _path(declaration: Declaration, field: Field) -> str:
    """The column that holds a field, or leads to it."""
    if field.made_here or isinstance(field.kind, Links):
        return "extra" if field.made_here else "pk"
    return declaration.columns[field.name].value


def seen_by(asked: Asked, name: str) -> Q:
    """The condition of what may be seen; none for who sees everything."""
    return Q() if asked.sees_all(name) else asked.seen_condition(name)


@dataclass
class _Reader:
    """Reads the rows of one sort in two phases: filled keys in order, then the blanks by id."""

    actor: Actor
    record: RecordType
    declaration: Declaration
    sort: Field
    down: bool
    where: Where

    def __post_init__(self) -> None:
        if isinstance(self.sort.kind, Links):
            raise BadValue("This column holds several values and cannot be sorted.")
        self.asked = Asked.by(self.actor)
        self.base, self.gathered = self._plan()
        self.key = key_of(self.declaration, self.sort)
        # The tie-break is taken from the table of the key, so that one index serves both.
        prefix, _, _ = (
            self.declaration.columns[self.sort.name].key.rpartition("__") if not self.sort.made_here else ("", "", "")
        )
        self.tie = f"{prefix}__pk" if prefix else "pk"

    def _plan(self) -> tuple[QuerySet[Any], bool]:
        """The rows, and whether they are gathered first (few) instead of walking the index of the sort (many)."""
        name, asked = self.declaration.name, self.asked
        rows = self.declaration.model._default_manager.all()
        bound = bind(self.where, asked.question)
        if self._served(bound):
            return rows.filter(seen_by(asked, name), asked.condition(self.declaration, bound)), False
        driver = None if looking_at() else self._driver(bound)
        seen = seen_by(asked, name)
        rest = Q() if bound == EVERYTHING else asked.condition(self.declaration, bound, indexed=False)
        if driver is not None:
            return rows.filter(seen, rest, pk__in=driver), True
        # In the past SQLite looks into the two halves of a table only when it is sorted by a bare column.
        return rows.filter(seen, rest), asked.sees_few(name) and not asked.sees_all(name) and not looking_at()

    def _served(self, bound: Where) -> bool:
        """Whether one index leads through the equal values asked for and then in the order of the sort: nothing beats it."""
        parts = bound.parts if isinstance(bound, All) else (bound,)
        equal = {
            part.path for part in parts if isinstance(part, Test) and part.op == "eq" and part.value not in (None, "")
        }
        if len(equal) < 2 or len(equal) != len(parts) or looking_at():
            return False
        led = equal | {self.sort.name}
        return any(
            set(index.fields[:-1]) == equal and set(index.fields) == led
            for index in self.declaration.model._meta.indexes
        )

    def _driver(self, bound: Where) -> RawSQL | QuerySet[Any] | None:
        """The ids that comparisons on indexed columns leave, when they are few: of one of them, or of all together."""
        parts = bound.parts if isinstance(bound, All) else (bound,)
        selective = tuple(part for part in parts if isinstance(part, Test) and self._selective(part))
        for part in selective:
            if self.asked.lets_few(self.declaration, part):
                return self.asked.matching(self.declaration, part).values("pk")
        if len(selective) < 2 or not self.asked.lets_few(self.declaration, together := All(selective)):
            return None
        # Finding these costs most of the page: they are read once, whatever the estimate said.
        return among(self.asked.matching(self.declaration, together).values_list("pk", flat=True))

    def _selective(self, test: Test) -> bool:
        if "." in test.path or test.op not in _SELECTIVE:
            return False
        field = self.record.field(test.path)
        return not isinstance(field.kind, Links) and (field.made_here or self.declaration.columns[test.path].indexed)

    def rows(self, cursor: Cursor | None, size: int, shown: Sequence[Field]) -> list[tuple[Any, ...]]:
        """Up to `size` rows after the cursor: (id, key, values …)."""
        found: list[tuple[Any, ...]] = []
        if cursor is None or cursor.key is not None:
            found = list(self._values(self._filled(cursor), shown)[:size])
        if len(found) < size:
            rest = cursor if cursor is not None and cursor.key is None else None
            found += list(self._values(self._blank(rest), shown)[: size - len(found)])
        return found

    def _values(self, rows: QuerySet[Any], shown: Sequence[Field]) -> QuerySet[Any]:
        return rows.values_list("pk", self.key, *(_path(self.declaration, field) for field in shown))

    def _filled(self, cursor: Cursor | None) -> QuerySet[Any]:
        if cursor is None:
            return self._ordered(self.base.filter(filled(self.declaration, self.sort)), self.key, F(self.tie))
        key = stored_key(self.sort, self._key_of_cursor(cursor))
        rows = self.base.filter(Q(After(self.key, F(self.tie), Value(key), Value(cursor.row_id), down=self.down)))
        # Upwards whatever comes after a key is filled; a second lower bound would only lead SQLite to start from that one.
        return self._ordered(
            rows.filter(filled(self.declaration, self.sort)) if self.down else rows, self.key, F(self.tie)
        )

    def _blank(self, cursor: Cursor | None) -> QuerySet[Any]:
        rows = self.base.filter(blank(self.declaration, self.sort))
        if cursor is not None:
            rows = rows.filter(**{"pk__lt" if self.down else "pk__gt": cursor.row_id})
        return self._ordered(rows, F("pk"))

    def _ordered(self, rows: QuerySet[Any], *keys: Any) -> QuerySet[Any]:
        led = [Unindexed(key) if self.gathered and position == 0 else key for position, key in enumerate(keys)]
        return rows.order_by(*(key.desc() if self.down else key.asc() for key in led))

    def _key_of_cursor(self, cursor: Cursor) -> Any:
        return self.sort.kind.load(cursor.key) if not self.sort.kind.keyed else cursor.key

    def cursor(self, row: tuple[Any, ...]) -> Cursor:
        """The cursor after a row."""
        key = row[1] if row[1] not in ("", None) else None
        return Cursor(self.sort.kind.dump(key) if key is not None and not isinstance(key, str) else key, row[0])


def _with_links(actor: Actor, found: Page) -> Page:
    """The page with user-made values taken from their JSON, several links filled in, and the names of linked records."""
    rows = [(pk, list(values)) for pk, values in found.rows]
    for at, field in enumerate(found.columns):
        if field.made_here:
            for _, values in rows:
                values[at] = field.kind.load(values[at].get(field.name))
        elif isinstance(field.kind, Links):
            several = _several(DECLARED[found.record.name], field, [pk for pk, _ in rows])
            for pk, values in rows:
                values[at] = several.get(pk)
    named = {}
    for at, field in enumerate(found.columns):
        if field.link:
            ids = [
                one for _, values in rows for one in (values[at] if isinstance(values[at], tuple) else (values[at],))
            ]
            named[field.name] = titles(actor, field.link, ids)
    return Page(found.record, found.columns, tuple((pk, tuple(values)) for pk, values in rows), named, found.after)


def _several(declaration: Declaration, field: Field, ids: Sequence[int]) -> dict[int, tuple[int, ...]]:
    column: Any = declaration.model._meta.get_field(field.name)
    source, target = column.m2m_column_name(), column.m2m_reverse_name()
    found: dict[int, tuple[int, ...]] = {}
    pairs = declaration.through[field.name]._default_manager.filter(**{f"{source}__in": ids})
    for pk, one in pairs.order_by(source, target).values_list(source, target):
        found[pk] = (*found.get(pk, ()), one)
    return found
