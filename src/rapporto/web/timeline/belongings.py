"""What belongs to a record, or once did, as its story tells it: addresses, people, links, types, each by its name."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from rapporto.store.asking import Asked
from rapporto.store.columns import record_name
from rapporto.store.declare import DECLARED
from rapporto.store.history.parts import gone
from rapporto.store.history.values import field_values, parsed
from rapporto.web.asked import language
from rapporto.web.fixed_queries import FixedQuery
from rapporto.web.parts import KINDS
from rapporto.web.reading import Reading, learn_titles, title_of, wanted_titles

Row = tuple[str, int]
"""A part: its type and its id."""
Values = Mapping[str, Any]
"""The values of a part by field name, as far as they were read."""


@dataclass(frozen=True)
class Belongings:
    """The parts of a record, those that are there and those that are gone, and the rows of its fields of several links."""

    values: Mapping[Row, Values] = field(default_factory=dict)
    several: Mapping[Row, tuple[str, int]] = field(default_factory=dict)
    """For a row of several links: the field, and the id of what it links to."""

    def read(self, row: Row, image: str) -> Values:
        """The values of a part in an image of the history."""
        return field_values(DECLARED[row[0]].record, parsed(image))

    def ids(self) -> dict[str, list[int]]:
        """The ids by type: those whose entries belong to the story."""
        found: dict[str, list[int]] = {}
        for record, row_id in {**self.values, **self.several}:
            found.setdefault(record, []).append(row_id)
        return {name: sorted(found[name]) for name in sorted(found)}


def belongings(reading: Reading, asked: Asked, live: Mapping[Row, Values]) -> Belongings:
    """What belongs to a record: `live` are the parts of today as they were read, with the rights to them."""
    several = _several_now(reading, asked)
    values: dict[Row, Values] = {}
    for one in gone(reading.record.name, reading.id):
        row = (one.record, one.row_id)
        if row in live or row in several:
            continue
        was = field_values(DECLARED[one.record].record, one.image)
        if one.record in _far_sides(reading.record.name):
            name, link = _far_sides(reading.record.name)[one.record]
            several[row] = (name, was[link])
        else:
            values[row] = was
    _learn(reading, asked, values)
    told = {row: was for row, was in values.items() if _may_be_told(reading, row, was)}
    known = {row: pair for row, pair in several.items() if pair[0] in reading.record.fields}
    return Belongings({**told, **live}, known)


@lru_cache(maxsize=100)
def _far_sides(record: str) -> Mapping[str, tuple[str, str]]:
    """By the type of the rows of several links: the field they make up, and their link to the other side."""
    found: dict[str, tuple[str, str]] = {}
    for name, model in DECLARED[record].through.items():
        column: Any = DECLARED[record].model._meta.get_field(name)
        found[record_name(model)] = (name, column.m2m_reverse_field_name())
    return found


def _several_now(reading: Reading, asked: Asked) -> dict[Row, tuple[str, int]]:
    return {
        (record, pk): (name, target)
        for record, (name, _link) in _far_sides(reading.record.name).items()
        for pk, target in _link_rows(reading.record.name, name).rows(asked, reading.id)
    }


@lru_cache(maxsize=100)
def _link_rows(record: str, name: str) -> FixedQuery:
    """The rows of a field of several links, each with what it links to. The rights are those to the record, which was read."""
    column: Any = DECLARED[record].model._meta.get_field(name)
    here, there = column.m2m_field_name(), column.m2m_reverse_field_name()
    rows = DECLARED[record].through[name]._default_manager.order_by("pk").values_list("pk", f"{there}_id")
    return FixedQuery(lambda asked, row_id: rows.filter(**{f"{here}_id": row_id}))


def _learn(reading: Reading, asked: Asked, values: Mapping[Row, Values]) -> None:
    """What the records are called that deleted parts led to."""
    wanted: dict[str, set[int]] = {}
    for (record, _row_id), was in values.items():
        for target, ids in wanted_titles(DECLARED[record].record, was).items():
            if target in ("party", "link_type"):
                wanted.setdefault(target, set()).update(ids - {reading.id} if target == reading.record.name else ids)
    learn_titles(reading.actor, reading.titles, wanted, asked)


def _may_be_told(reading: Reading, row: Row, was: Values) -> bool:
    """A link that was deleted is told only to who may see both its ends."""
    if row[0] != "party_link":
        return True
    names = reading.titles.get("party", {})
    return all(was[end] == reading.id or was[end] in names for end in ("first", "second"))


def name_of(reading: Reading, row: Row, values: Values) -> str:
    """What a part is called on the card of its whole: the person, the street, the number, the linked party."""
    words: tuple[Any, Any] = ("", "")
    match row[0]:
        case "affiliation":
            words = (_other_end(reading, values, "organisation", "person"), values.get("job_title"))
        case "party_link":
            kind = reading.titles.get("link_type", {}).get(values.get("link_type") or 0)
            words = (_other_end(reading, values, "first", "second"), kind)
        case "address":
            words = (values.get("name") or values.get("street"), values.get("city"))
        case "contact_point":
            kind, value = str(values.get("kind")), str(values.get("value") or "")
            words = (str(KINDS[kind].show(value, language())) if kind in KINDS else value, values.get("label"))
        case _:
            record = DECLARED[row[0]].record
            words = (title_of(record, values, reading.titles) if record.title in values else "", "")
    return ", ".join(word for word in words if word)


def _other_end(reading: Reading, values: Values, *ends: str) -> str:
    other = next((values.get(end) for end in ends if values.get(end) not in (None, reading.id)), None)
    return reading.titles.get("party", {}).get(other or 0, "")
