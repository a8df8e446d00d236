"""One page of records: keyset paging on any column, with one of two plans, and a constant number of queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rapporto.kernel.actor import Actor
from rapporto.kernel.kinds import Link
from rapporto.kernel.record import Field, RecordType
from rapporto.kernel.where import EVERYTHING, Where
from rapporto.store.asking import Asked
from rapporto.store.declare import DECLARED, Declaration
from rapporto.store.page_cells import column, fill
from rapporto.store.page_linked import LinkedReader, by_title
from rapporto.store.page_reading import Cursor, Reader
from rapporto.store.page_told import ToldReader
from rapporto.store.plans import plan
from rapporto.store.reaching import Reached, check_known, reach
from rapporto.store.records import titles
from rapporto.store.userfields import record_type

SIZE = 50


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
    """A page of the records that the actor may see, sorted by one column (with «-» downwards), blanks last.

    Raises UnknownField for a sort or column that the actor has no such field for, BadValue for a broken cursor.
    """
    record = record_type(name).seen_by(actor)
    sort = sort or record.order
    shown = tuple(reach(actor, record, one) for one in (columns or record.grid))
    check_known(actor, record, where)
    asked = Asked.by(actor)
    reader = reader_of(asked, DECLARED[name], reach(actor, record, sort.lstrip("-")), sort.startswith("-"), where)
    found = reader.rows(Cursor.read(after) if after else None, size + 1, shown)
    rows = [(row[0], list(row[2:])) for row in found[:size]]
    more = reader.cursor(found[size - 1]).text() if len(found) > size else None
    return _filled(actor, asked, record, shown, rows, more)


def reader_of(asked: Asked, declaration: Declaration, sort: Field, down: bool, where: Where) -> Reader:
    """The reader of a sort. A link is sorted by what the linked records are called."""
    found = plan(asked, declaration, where, sort.name)
    if isinstance(sort.kind, Link) and not isinstance(sort, Reached):
        sort = by_title(sort)
    if not isinstance(sort, Reached):
        return Reader(asked, declaration, sort, down, found)
    return (LinkedReader if sort.through else ToldReader)(asked, declaration, sort, down, found)


def chosen(actor: Actor, name: str, ids: Sequence[int], *, columns: Sequence[str] = ()) -> Page:
    """The records with these ids, in the order of `ids`: those found by a search. What may not be seen is left out."""
    record = record_type(name).seen_by(actor)
    shown = tuple(reach(actor, record, one) for one in (columns or record.grid))
    asked = Asked.by(actor)
    paths = (column(DECLARED[name], field) for field in shown)
    found = {row[0]: list(row[1:]) for row in asked.records(name).filter(pk__in=ids).values_list("pk", *paths)}
    return _filled(actor, asked, record, shown, [(one, found[one]) for one in ids if one in found], None)


def _filled(
    actor: Actor,
    asked: Asked,
    record: RecordType,
    shown: tuple[Field, ...],
    rows: list[tuple[int, list[Any]]],
    after: str | None,
) -> Page:
    """The page with what is read beside its own rows, and the names of linked records."""
    fill(asked, DECLARED[record.name], shown, rows)
    named = {}
    for at, field in enumerate(shown):
        if field.link:
            ids = [
                one for _, values in rows for one in (values[at] if isinstance(values[at], tuple) else (values[at],))
            ]
            named[field.name] = titles(actor, field.link, ids)
    return Page(record, shown, tuple((pk, tuple(values)) for pk, values in rows), named, after)


__all__ = ["SIZE", "Cursor", "Page", "chosen", "page"]
