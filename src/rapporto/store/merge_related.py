"""What hangs on a record: the rows that link to it by declared fields or by those the company made, and how they change over."""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from rapporto.kernel.actor import Actor, system_task
from rapporto.kernel.kinds import Link, Links
from rapporto.kernel.where import field
from rapporto.store.bulk import merged_extra
from rapporto.store.chunks import chunks
from rapporto.store.columns import LinkColumn
from rapporto.store.declare import DECLARED, Declaration
from rapporto.store.history.weigh import unique_sets
from rapporto.store.records import find
from rapporto.store.userfields import record_type
from rapporto.store.write import refresh

SYSTEM = system_task("merge")
"""Links change over whoever may see the rows that bear them: a private one must not be left behind, nor told of."""
CHUNK = 5_000
COMPARED = 2_500
"""Pairs of parts that are compared value by value; of more only equal ones are found."""


def uses(actor: Actor, name: str, row_id: int) -> int:
    """How many records that the actor may see link to a row, own fields of the company included."""
    return sum(related(actor, name, row_id).values())


def related(actor: Actor, name: str, row_id: int) -> dict[str, int]:
    """How many records that the actor may see link to a row, by their type; one query for each link."""
    found: dict[str, int] = {}
    for record, link in (*links_to(name), *made_links_to(name)):
        number = find(actor, record, field(link).eq(row_id)).count()
        if number:
            found[record] = found.get(record, 0) + number
    return found


def links_to(name: str) -> list[tuple[str, str]]:
    """The record types and declared fields that link to a type by one link."""
    return [(one.record, one.by) for one in DECLARED[name].record.relations.values()]


def made_links_to(name: str) -> list[tuple[str, str]]:
    """The record types and fields made by the company that link to a type."""
    return [
        (record.name, one.name)
        for record in map(record_type, DECLARED)
        for one in record.made_here
        if isinstance(one.kind, Link) and one.kind.to == name
    ]


def hanging_outside(declaration: Declaration, row_id: int) -> bool:
    """Whether rows without history hang on a record, such as its means to sign in: those cannot change over."""
    columns: list[Any] = [relation.field for relation in declaration.model._meta.related_objects]
    outside = (one for one in columns if not (one.primary_key or one.many_to_many or isinstance(one, LinkColumn)))
    return any(one.model._default_manager.filter(**{one.name: row_id}).exists() for one in outside)


def move(part: Declaration, link: str, keep: int, other: int) -> int:
    """Let all rows of a type that link to `other` link to `keep`; gives their number."""
    column = part.columns[link].value
    rows = part.model._default_manager.filter(**{column: other})
    ids = list(rows.order_by("pk").values_list("pk", flat=True))
    rows.update(**{column: keep})
    for some in chunks(ids, CHUNK):
        refresh(part, some, {link})
    return len(ids)


def move_some(part: Declaration, link: str, ids: Sequence[int], to: int) -> None:
    """Let these rows link to `to`, and renew what is derived from them."""
    for some in chunks(ids, CHUNK):
        part.model._default_manager.filter(pk__in=some).update(**{part.columns[link].value: to})
        refresh(part, some, {link})


def move_made(record: str, link: str, keep: int, other: int) -> int:
    """The same for a field that the company made."""
    ids = list(find(SYSTEM, record, field(link).eq(other)).order_by("pk").values_list("pk", flat=True))
    for some in chunks(ids, CHUNK):
        rows = DECLARED[record].model._default_manager.filter(pk__in=some)
        rows.update(extra=merged_extra(record_type(record), {link: keep}))
        refresh(DECLARED[record], some, {link})
    return len(ids)


def ties(part: Declaration, link: str, keep: int, other: int) -> list[int]:
    """Rows that tie the two to each other, and would tie the one to itself."""
    record = part.record
    ends = [n for n in record.wholes if n != link and record.fields[n].link == record.fields[link].link]
    if link not in record.wholes:
        return []
    rows = part.model._default_manager
    here = part.columns[link].value
    return [
        pk
        for end in ends
        for pk in rows.filter(**{here: other, part.columns[end].value: keep}).values_list("pk", flat=True)
        if not _referred(part, pk)
    ]


def _referred(part: Declaration, row_id: int) -> bool:
    return any(
        DECLARED[record].model._default_manager.filter(**{DECLARED[record].columns[by].value: row_id}).exists()
        for record, by in links_to(part.name)
    )


def twins(part: Declaration, link: str, keep: int, other: int) -> list[tuple[int, int]]:
    """Pairs of rows, of the kept one and of the other, that can be there only once, or say the same."""
    found = dict(_unique_twins(part, link, keep, other))
    if part.record.part_of and link in part.record.wholes:
        for one, two in _equal_parts(part, link, keep, other):
            found.setdefault(two, one)
    return [(one, two) for two, one in found.items()]


def _unique_twins(part: Declaration, link: str, keep: int, other: int) -> Iterator[tuple[int, int]]:
    """(row of the other, row of the kept one)."""
    column = part.columns[link].value
    rows: Any = part.model._default_manager
    for columns in unique_sets(part.model):
        names = [one.attname for one in columns]
        if column in names:
            rest = [one for one in names if one != column]
            there = {tuple(values): pk for pk, *values in rows.filter(**{column: keep}).values_list("pk", *rest)}
            for pk, *values in rows.filter(**{column: other}).order_by("pk").values_list("pk", *rest):
                if None not in values and tuple(values) in there:
                    yield pk, there[tuple(values)]


Said = frozenset[tuple[str, Any]]
Group = dict[int, list[tuple[int, Said]]]
"""By the record they belong to: rows with what they say."""


def _equal_parts(part: Declaration, link: str, keep: int, other: int) -> Iterator[tuple[int, int]]:
    for group in _groups(part, link, keep, other).values():
        mine, used = group[keep], set[int]()
        equal = {said: pk for pk, said in mine}
        few = len(mine) * len(group[other]) <= COMPARED
        for two, said in group[other]:
            alike = (pk for pk, there in mine if said <= there or there <= said) if few else (equal.get(said),)
            one = next((pk for pk in alike if pk is not None and pk not in used), None)
            if one is not None:
                used.add(one)
                yield one, two


def _groups(part: Declaration, link: str, keep: int, other: int) -> dict[tuple[Any, ...], Group]:
    """Parts that could say the same: with the same other ends, or, when there are none, with the same title."""
    record, columns = part.record, part.columns
    ends = [columns[name].value for name in record.wholes if name != link] or [columns[record.title].value]
    plain = [
        columns[name].value
        for name, one in record.fields.items()
        if name != link and not one.derived and not isinstance(one.kind, Links)
    ]
    said = [name for name in plain if name not in ends]
    here = columns[link].value
    rows: Any = part.model._default_manager.filter(**{f"{here}__in": (keep, other)}).order_by("pk")
    groups: dict[tuple[Any, ...], Group] = defaultdict(lambda: {keep: [], other: []})
    for pk, whole, extra, *values in rows.values_list("pk", here, "extra", *ends, *said):
        key = tuple(values[: len(ends)])
        if None not in key and "" not in key:
            pairs = zip(said, values[len(ends) :], strict=True)
            own = {(n, v) for n, v in pairs if v not in (None, "", False)} | _own(extra)
            groups[key][whole].append((pk, frozenset(own)))
    return groups


def _own(extra: dict[str, Any]) -> set[tuple[str, str]]:
    return {(name, json.dumps(value)) for name, value in extra.items()}


__all__: Sequence[str] = (
    "hanging_outside", "links_to", "made_links_to", "move", "move_made", "move_some", "related", "ties", "twins", "uses",
)  # fmt: skip
