"""Gathers everything that is held about a person, with the eyes of who asks, from whatever record types there are."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import get_language

from rapporto.kernel.actor import Actor
from rapporto.kernel.kinds import Link, Links
from rapporto.kernel.record import Field, RecordType
from rapporto.kernel.where import field as where_field
from rapporto.store import access
from rapporto.store.declare import DECLARED
from rapporto.store.history.parts import gone
from rapporto.store.history.rows import line_of
from rapporto.store.history.values import field_values
from rapporto.store.merge_models import Merged, MergedValue
from rapporto.store.merge_values import from_text
from rapporto.store.records import find, get, titles, value_of
from rapporto.store.rights.ties import Tie, require_person, ties
from rapporto.store.rights.told import Access, Everything, Group, Held, Step, Value
from rapporto.store.userfields import record_type

BLANK = (None, "", False, ())
LINES = 10_000
"""Changes of one record that are told, the newest."""
Told = Callable[[int], object]


def everything_about(actor: Actor, name: str, row_id: int, progress: Told = lambda number: None) -> Everything:
    """All there is about a person. Of others nothing but what they are called. `progress` is told how many records it has read.

    Raises NotFound, and Refused for what is no person.
    """
    require_person(actor, name, row_id)
    gathering = _Gathering(actor, name, row_id, progress)
    return Everything(
        name,
        gathering.held(name, row_id),
        tuple(gathering.groups()),
        tuple(gathering.merged()),
        tuple(Access(one.at, one.act) for one in access.about(name, row_id)),
    )


@dataclass
class _Gathering:
    """One gathering; remembers what linked records are called."""

    actor: Actor
    name: str
    row_id: int
    progress: Told
    known: dict[str, dict[int, str]] = field(default_factory=dict)
    number: int = 0
    language: str = field(default_factory=lambda: (get_language() or "it")[:2])

    def held(self, name: str, row_id: int) -> Held:
        """One record with its fields and its history."""
        record = record_type(name).seen_by(self.actor)
        row = get(self.actor, name, row_id)
        values = {one: value_of(name, row, one) for one in record.fields}
        self.number += 1
        self.progress(self.number)
        return Held(row_id, self._title(record, values), self._values(record, values), self._history(record, row_id))

    def groups(self) -> Iterator[Group]:
        """What leads to the person, type by type."""
        for tie in ties(self.name):
            record = tie.declaration.record
            if not record.visible(self.actor) or tie.link not in record.seen_by(self.actor).fields:
                continue
            if rows := tuple(self._rows(tie)):
                yield Group(record.name, tie.link, _label(tie), rows, record.person is not None)
        yield from self._by_own_fields()

    def _rows(self, tie: Tie) -> Iterator[Held]:
        name = tie.declaration.name
        found = find(self.actor, name).filter(**{tie.column: self.row_id}).order_by("pk")
        if tie.declaration.record.person is not None:
            yield from (
                Held(pk, title) for pk, title in titles(self.actor, name, found.values_list("pk", flat=True)).items()
            )
            return
        yield from (self.held(name, pk) for pk in list(found.values_list("pk", flat=True)))
        record = record_type(name).seen_by(self.actor)
        for part in gone(self.name, self.row_id):
            if part.record == name and part.image.get(tie.column) == self.row_id:
                values = field_values(record, part.image)
                history = self._history(record, part.row_id)
                yield Held(
                    part.row_id, self._title(record, values), self._values(record, values), history, deleted=True
                )

    def _by_own_fields(self) -> Iterator[Group]:
        """Records that name the person in a field made by the company: what they are called, and which field."""
        for name in DECLARED:
            record = record_type(name).seen_by(self.actor)
            for one in record.made_here:
                if one.link == self.name and record.visible(self.actor):
                    rows = find(self.actor, name, where_field(one.name).eq(self.row_id)).values_list("pk", flat=True)
                    named = tuple(Held(pk, title) for pk, title in titles(self.actor, name, rows).items())
                    if named:
                        yield Group(name, one.name, f"{record.plural}: {one.label}", named, names_only=True)

    def merged(self) -> Iterator[Held]:
        """What became part of the card, with the values that stand in no field."""
        for line in Merged.objects.filter(record=self.name, kept=self.row_id).order_by("pk"):
            rows = MergedValue.objects.filter(merged=line).order_by("pk").values_list("field", "value")
            yield Held(line.gone or 0, line.title, tuple(self._merged_values(rows)))

    def _merged_values(self, rows: Iterable[tuple[str, str]]) -> Iterator[Value]:
        for path, text in rows:
            part, _dot, name = path.rpartition(".")
            record = record_type(part or self.name).seen_by(self.actor)
            if name in record.fields:
                yield self._value(record.fields[name], from_text(record, name, text))

    def _history(self, record: RecordType, row_id: int) -> tuple[Step, ...]:
        lines = line_of(record, row_id, LINES)
        return tuple(
            Step(
                line.at,
                "erased" if line.erased else line.act,
                line.user_name,
                line.door,
                tuple(
                    (self._value(one.field, one.before), self._value(one.field, one.after))
                    for one in line.changes
                    if one.field.name in record.fields
                ),
            )
            for line in lines
        )

    def _values(self, record: RecordType, values: Mapping[str, Any]) -> tuple[Value, ...]:
        filled = ((record.fields[name], value) for name, value in values.items() if value not in BLANK)
        return tuple(self._value(one, value) for one, value in filled)

    def _value(self, one: Field, value: Any) -> Value:
        """A value for programs and for people; a link is what the other one is called, and no more."""
        if isinstance(one.kind, Link | Links):
            ids = value if isinstance(value, tuple) else (value,) if value is not None else ()
            named = self._named(one.link or "", ids)
            plain = [{"id": pk, "name": title} for pk, title in named.items()]
            words = ", ".join(named.values())
            return Value(
                one.name, str(one.label), plain if isinstance(one.kind, Links) else next(iter(plain), None), words
            )
        return Value(
            one.name,
            str(one.label),
            None if value in BLANK else one.kind.dump(value),
            one.kind.show(value, self.language),
        )

    def _named(self, name: str, ids: tuple[int, ...]) -> dict[int, str]:
        known = self.known.setdefault(name, {})
        if missing := [one for one in ids if one not in known]:
            known.update(titles(self.actor, name, missing))
        return {one: known.get(one, "") for one in ids}

    def _title(self, record: RecordType, values: Mapping[str, Any]) -> str:
        title, value = record.fields.get(record.title), values.get(record.title)
        return self._value(title, value).words if title is not None and value not in BLANK else ""


def _label(tie: Tie) -> str:
    """What the records are called that lead to a person by a link: as the relation says, else their plural."""
    target = DECLARED[tie.declaration.record.fields[tie.link].link or ""].record
    told = next(
        (one for one in target.relations.values() if (one.record, one.by) == (tie.declaration.name, tie.link)), None
    )
    return str(told.label) if told is not None and str(told.label) else str(tie.declaration.record.plural)


__all__ = ["everything_about"]
