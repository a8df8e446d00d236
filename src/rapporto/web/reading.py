"""Reads one record with what its links are called, in as few queries as its rights allow."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from rapporto.kernel.actor import Actor
from rapporto.kernel.kinds import Links
from rapporto.kernel.record import Field, RecordType
from rapporto.store.asking import Asked
from rapporto.store.declare import DECLARED, Declaration
from rapporto.store.errors import NotFound
from rapporto.store.records import find, titles, value_of
from rapporto.store.userfields import record_type

Titles = dict[str, dict[int, str]]
"""What records are called: by type, then by id. Those that may not be seen are missing."""


@dataclass
class Reading:
    """One record as somebody may see it: its values by field name, and what the linked records are called."""

    actor: Actor
    record: RecordType
    row: Any
    values: Mapping[str, Any]
    titles: Titles = field(default_factory=dict)

    @property
    def id(self) -> int:
        return int(self.row.pk)

    @property
    def title(self) -> str:
        """What the record is called."""
        return title_of(self.record, self.values, self.titles)


def read(actor: Actor, name: str, row_id: int, *, asked: Asked | None = None) -> Reading:
    """A record by its id. NotFound when it is not there or may not be seen."""
    record = record_type(name).seen_by(actor)
    asked = asked or Asked.by(actor)
    if not 0 < row_id < 2**63:
        raise NotFound(name, row_id)
    joined = _joined(record, asked)
    row = find(actor, name, asked=asked).filter(pk=row_id).select_related(*joined, *_sides(record)).first()
    if row is None:
        raise NotFound(name, row_id)
    known: Titles = {}
    values = {one: _value(record, row, one, known) for one in record.fields}
    for one in joined:
        _learn(known, record.fields[one].link or "", getattr(row, one))
    learn_titles(actor, known, wanted_titles(record, values))
    return Reading(actor, record, row, values, known)


def _joined(record: RecordType, asked: Asked) -> list[str]:
    """The links that can be read along with the row: to types of which this actor sees everything."""
    return [
        name
        for name, one in record.fields.items()
        if one.link and not one.made_here and not isinstance(one.kind, Links) and asked.sees_all(one.link)
    ]


def _sides(record: RecordType) -> list[str]:
    """The side tables of derived fields."""
    columns = DECLARED[record.name].columns
    return sorted({columns[n].value.rpartition("__")[0] for n, one in record.fields.items() if one.derived} - {""})


def _value(record: RecordType, row: Any, name: str, known: Titles) -> Any:
    declaration, one = DECLARED[record.name], record.fields[name]
    if name in declaration.through:
        return _several(declaration, row, name, known)
    if one.derived:
        return _derived(row, declaration.columns[name].value)
    return value_of(record.name, row, name)


def _derived(row: Any, path: str) -> Any:
    for step in path.split("__"):
        row = getattr(row, step, None)
    return row


def _several(declaration: Declaration, row: Any, name: str, known: Titles) -> tuple[int, ...] | None:
    """The ids of several links; their names are learned by the same query."""
    target = declaration.record.field(name).link or ""
    title = DECLARED[target].columns[DECLARED[target].record.title].value
    found = dict(getattr(row, name).order_by(title).values_list("pk", title))
    known.setdefault(target, {}).update(found)
    return tuple(found) or None


def _learn(known: Titles, target: str, linked: Any) -> None:
    if linked is not None:
        title = DECLARED[target].columns[DECLARED[target].record.title].value
        known.setdefault(target, {})[linked.pk] = str(_derived(linked, title))


def wanted_titles(record: RecordType, values: Mapping[str, Any]) -> dict[str, set[int]]:
    """The linked records of some values, by type."""
    wanted: dict[str, set[int]] = {}
    for name, value in values.items():
        target = record.fields[name].link if name in record.fields else None
        if target and value is not None:
            wanted.setdefault(target, set()).update(value if isinstance(value, tuple) else (value,))
    return wanted


def learn_titles(actor: Actor, known: Titles, wanted: Mapping[str, Iterable[int]]) -> None:
    """Add what further records are called: one query for each type of which something is not known yet."""
    for target, ids in wanted.items():
        there = known.setdefault(target, {})
        if missing := {one for one in ids if one is not None} - there.keys():
            there.update(titles(actor, target, missing))


def title_of(record: RecordType, values: Mapping[str, Any], known: Titles) -> str:
    """What a record is called: the value of its title, or the name of what that links to."""
    value, one = values.get(record.title), record.fields[record.title]
    text = known.get(one.link, {}).get(value or 0, "") if one.link else one.kind.show(value)
    return text or str(record.label)


def link_title(one: Field, value: Any, known: Titles) -> str:
    """What a linked record is called, several of them in a list; '' where nothing may be seen."""
    names = known.get(one.link or "", {})
    ids = value if isinstance(value, tuple) else (value,) if value is not None else ()
    return ", ".join(names[each] for each in ids if each in names)
