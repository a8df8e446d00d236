"""How far an erasure reaches: which records go, which stay without their data, which only lose the name, which the law keeps."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from rapporto.kernel.erasure import Fate, OnErasure
from rapporto.store.chunks import chunks
from rapporto.store.columns import LinkColumn, record_name
from rapporto.store.declare import DECLARED, Declaration
from rapporto.store.rights.ties import Tie, numbers_of, ties

STRONGEST = (Fate.KEEP, Fate.ERASE, Fate.ANONYMISE, Fate.HASH, Fate.MASK)
"""A record that two links lead from has the first of the two fates."""
GOES_WHOLE = (Fate.ERASE, Fate.ANONYMISE, Fate.HASH)
"""Fates of records of which the history keeps nothing either."""
Rows = dict[str, set[int]]


@dataclass
class Scope:
    """The records of a person by fate, then by type."""

    name: str
    ids: tuple[int, ...]
    """The number of the person, and those of what became part of their card."""
    fates: dict[Fate, Rows] = field(default_factory=lambda: {one: defaultdict(set) for one in STRONGEST})
    past: dict[Fate, Rows] = field(default_factory=lambda: {one: defaultdict(set) for one in STRONGEST})
    """Records that once led to the person: what the history tells of that time has the same fate."""
    entries: set[int] = field(default_factory=set)
    """Entries of the history that are of the person, whatever became of their records."""
    kept: dict[str, Any] = field(default_factory=dict)
    """By type: why records are kept."""
    near: Rows = field(default_factory=lambda: defaultdict(set))
    """Others to whom the person's records lead: where they work. Their texts may name the person."""

    def rows(self, *fates: Fate) -> Iterator[tuple[Declaration, list[int]]]:
        """The records of some fates, type by type."""
        for declaration in DECLARED.values():
            found = set().union(*(self.fates[one].get(declaration.name, ()) for one in fates))
            if found:
                yield declaration, sorted(found)


def scope_of(name: str, row_id: int, *, texts: bool = False, past: bool = True) -> Scope:
    """How far erasing a person reaches. `texts`: dealings of others with the person lose their texts too, not only the name.

    Without `past` only rows of today are looked for, which is quick; the whole history is read otherwise.
    """
    scope = Scope(name, tuple(numbers_of(name, row_id)))
    for tie in ties(name):
        rule = _rule(tie, texts=texts)
        if rule.fate is Fate.KEEP:
            scope.kept[tie.declaration.name] = rule.why
        scope.fates[rule.fate][tie.declaration.name].update(tie.rows(scope.ids))
        if past:
            entries = tie.past(scope.ids)
            scope.past[rule.fate][tie.declaration.name].update(entries.values())
            scope.entries |= entries.keys() if rule.fate in GOES_WHOLE else set()
    _take_parts(scope.fates[Fate.ERASE])
    _strongest(scope.fates)
    _stay_where_needed(scope.fates)
    for declaration, ids in scope.rows(Fate.ERASE, Fate.ANONYMISE):
        _neighbours(scope, declaration, ids)
    return scope


def _rule(tie: Tie, *, texts: bool) -> OnErasure:
    """Records that are persons themselves, and only point here, keep their texts whatever is asked."""
    rule = tie.rule
    if texts and rule.fate is Fate.MASK and tie.declaration.record.person is None:
        return OnErasure(Fate.ANONYMISE)
    return rule


def _take_parts(rows: Rows) -> None:
    """The parts of what goes, go too."""
    pending = [(name, set(ids)) for name, ids in rows.items()]
    while pending:
        name, ids = pending.pop()
        for part, column in _parts_of(name):
            found = set(_leading(part, column, ids)) - rows[part.name]
            if found:
                rows[part.name] |= found
                pending.append((part.name, found))


def _parts_of(name: str) -> Iterator[tuple[Declaration, str]]:
    for part in DECLARED.values():
        for link in part.record.wholes if part.record.part_of else ():
            if part.record.fields[link].link == name:
                yield part, part.columns[link].value


def _strongest(fates: dict[Fate, Rows]) -> None:
    for number, fate in enumerate(STRONGEST):
        for weaker in STRONGEST[number + 1 :]:
            for name, ids in fates[fate].items():
                fates[weaker][name] -= ids


def _stay_where_needed(fates: dict[Fate, Rows]) -> None:
    """What a record that stays cannot be without, stays too, without its data."""
    going = fates[Fate.ERASE]
    for declaration, column in _needing(going):
        rows = declaration.model._default_manager.exclude(pk__in=going.get(declaration.name, ()))
        target = record_name(column.remote_field.model)
        for some in chunks(sorted(going[target])):
            held = set(rows.filter(**{f"{column.attname}__in": some}).values_list(column.attname, flat=True))
            going[target] -= held
            fates[Fate.ANONYMISE][target] |= held


def _needing(going: Rows) -> list[tuple[Declaration, Any]]:
    """The links that must not be blank, and lead to a type of which something goes."""
    columns = ((one, column) for one in DECLARED.values() for column in one.model._meta.fields)
    return [
        (one, column)
        for one, column in columns
        if isinstance(column, LinkColumn) and not column.null and going.get(record_name(column.remote_field.model))
    ]


def _neighbours(scope: Scope, declaration: Declaration, ids: list[int]) -> None:
    """To whom else of the person's type these records lead."""
    for link, one in declaration.record.fields.items():
        if one.link != scope.name or link in declaration.through:
            continue
        column = declaration.columns[link].value
        for some in chunks(ids):
            found = declaration.model._default_manager.filter(pk__in=some).values_list(column, flat=True)
            scope.near[scope.name].update(pk for pk in found if pk is not None and pk not in scope.ids)


def _leading(declaration: Declaration, column: str, ids: Iterable[int]) -> Iterator[int]:
    for some in chunks(sorted(ids)):
        yield from declaration.model._default_manager.filter(**{f"{column}__in": some}).values_list("pk", flat=True)


__all__ = ["GOES_WHOLE", "Scope", "scope_of"]
