"""Reads one record with what its links are called, in as few queries as its rights allow."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from rapporto.kernel.actor import Actor
from rapporto.kernel.kinds import Links
from rapporto.kernel.record import Field, RecordType
from rapporto.store.asking import Asked
from rapporto.store.declare import DECLARED
from rapporto.store.errors import NotFound
from rapporto.store.records import titles
from rapporto.store.userfields import record_type
from rapporto.web.fixed_queries import FixedQuery

SIZES = (1, 8, 40, 200)
"""How many names are asked for by one statement; more by one of their own."""
Titles = dict[str, dict[int, str]]
"""What records are called: by type, then by id. Those that may not be seen are missing."""


@dataclass
class Reading:
    """One record as somebody may see it: its values by field name, and what the linked records are called."""

    actor: Actor
    record: RecordType
    id: int
    values: Mapping[str, Any]
    titles: Titles = field(default_factory=dict)
    now: "Reading | None" = None
    """The same record as it is today, when this is the past and it is still there."""

    @property
    def title(self) -> str:
        """What the record is called."""
        return title_of(self.record, self.values, self.titles)

    def otherwise_now(self, name: str) -> bool:
        """Whether a field has another value today than in the past that is looked at."""
        return self.now is not None and (self.values.get(name) or None) != (self.now.values.get(name) or None)


def read(actor: Actor, name: str, row_id: int, *, asked: Asked | None = None) -> Reading:
    """A record by its id. NotFound when it is not there or may not be seen."""
    record = record_type(name).seen_by(actor)
    asked = asked or Asked.by(actor)
    if not 0 < row_id < 2**63:
        raise NotFound(name, row_id)
    joined = _joined(record, asked)
    paths = _paths(record, joined)
    found = _of_columns(name, paths).rows(asked, row_id)
    if not found:
        raise NotFound(name, row_id)
    columns = dict(zip(paths, found[0], strict=True))
    known: Titles = {}
    values = {one: _value(asked, record, row_id, columns, one, known) for one in record.fields}
    for one, path in joined.items():
        if values[one] is not None:
            known.setdefault(record.fields[one].link or "", {})[values[one]] = str(columns[path])
    learn_titles(actor, known, wanted_titles(record, values), asked)
    return Reading(actor, record, row_id, values, known)


def _joined(record: RecordType, asked: Asked) -> dict[str, str]:
    """The links whose names can be read along with the row, each with its path: to types of which this actor sees everything."""
    return {
        name: f"{name}__{title_column(one.link)}"
        for name, one in record.fields.items()
        if one.link and not one.made_here and not isinstance(one.kind, Links) and asked.sees_all(one.link)
    }


def title_column(name: str) -> str:
    """The column from which records of a type have their names."""
    return DECLARED[name].columns[DECLARED[name].record.title].value


def _paths(record: RecordType, joined: Mapping[str, str]) -> tuple[str, ...]:
    """The columns of a record and of what it is joined with."""
    declaration = DECLARED[record.name]
    own = [
        "extra" if one.made_here else declaration.columns[name].value
        for name, one in record.fields.items()
        if name not in declaration.through
    ]
    return tuple(dict.fromkeys((*own, *joined.values())))


@lru_cache(maxsize=1000)
def _of_columns(name: str, paths: tuple[str, ...]) -> FixedQuery:
    """Some columns of one record, by its id."""
    return FixedQuery(lambda asked, row_id: asked.records(name).filter(pk=row_id).values_list(*paths), (name,))


def _value(asked: Asked, record: RecordType, row_id: int, columns: Mapping[str, Any], name: str, known: Titles) -> Any:
    declaration, one = DECLARED[record.name], record.fields[name]
    if one.made_here:
        return one.kind.load(columns["extra"].get(name))
    if name not in declaration.through:
        return columns[declaration.columns[name].value]
    target = one.link or ""
    found = dict(_several(record.name, name, target).rows(asked, row_id))
    known.setdefault(target, {}).update(found)
    return tuple(found) or None


@lru_cache(maxsize=100)
def _several(name: str, several: str, target: str) -> FixedQuery:
    """The ids and names of what a field of several links links to."""
    column: Any = DECLARED[name].model._meta.get_field(several)
    here, there = column.m2m_field_name(), column.m2m_reverse_field_name()
    title = f"{there}__{title_column(target)}"
    rows = DECLARED[name].through[several]._default_manager.order_by(title).values_list(f"{there}_id", title)
    return FixedQuery(lambda asked, row_id: rows.filter(**{f"{here}_id": row_id}))


def wanted_titles(record: RecordType, values: Mapping[str, Any]) -> dict[str, set[int]]:
    """The linked records of some values, by type."""
    wanted: dict[str, set[int]] = {}
    for name, value in values.items():
        target = record.fields[name].link if name in record.fields else None
        if target and value is not None:
            wanted.setdefault(target, set()).update(value if isinstance(value, tuple) else (value,))
    return wanted


def learn_titles(actor: Actor, known: Titles, wanted: Mapping[str, Iterable[int]], asked: Asked | None = None) -> None:
    """Add what further records are called: one query for each type of which something is not known yet."""
    for target, ids in wanted.items():
        there = known.setdefault(target, {})
        if missing := {one for one in ids if one is not None} - there.keys():
            there.update(_titles(asked or Asked.by(actor), target, sorted(missing)))


def _titles(asked: Asked, target: str, ids: Sequence[int]) -> dict[int, str]:
    """Names by id, of those that may be seen. One id is said several times, so that few numbers of ids make a statement each."""
    size = next((one for one in SIZES if len(ids) <= one), None)
    if size is None:
        return titles(asked.actor, target, ids)
    return dict(_named(target).rows(asked, *ids, *[ids[-1]] * (size - len(ids))))


@lru_cache(maxsize=100)
def _named(target: str) -> FixedQuery:
    """The names of some records, by their ids."""
    title = title_column(target)
    return FixedQuery(lambda asked, *ids: asked.records(target).filter(pk__in=ids).values_list("pk", title), (target,))


def title_of(record: RecordType, values: Mapping[str, Any], known: Titles) -> str:
    """What a record is called: the value of its title, or the name of what that links to."""
    value, one = values.get(record.title), record.fields[record.title]
    text = known.get(one.link, {}).get(value or 0, "") if one.link else one.kind.show(value)
    return text or str(record.label)


def name_of(actor: Actor, name: str, row_id: int) -> str:
    """What a record is called. One narrow query; one more where it is called after another one."""
    record, known, asked = record_type(name), Titles(), Asked.by(actor)
    value = _titles(asked, name, [row_id]).get(row_id)
    values = {record.title: value}
    learn_titles(actor, known, wanted_titles(record, values), asked)
    return title_of(record, values, known)


def link_title(one: Field, value: Any, known: Titles) -> str:
    """What a linked record is called, several of them in a list; '' where nothing may be seen."""
    names = known.get(one.link or "", {})
    ids = value if isinstance(value, tuple) else (value,) if value is not None else ()
    return ", ".join(names[each] for each in ids if each in names)
