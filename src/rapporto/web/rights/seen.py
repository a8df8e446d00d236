"""Whether a card is that of a natural person, and the note that somebody looked at what is sensitive on it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from rapporto.kernel.evaluate import Row, holds
from rapporto.kernel.record import RecordType
from rapporto.store.access import note_seen
from rapporto.web.facts import is_blank
from rapporto.web.reading import Reading


@dataclass(frozen=True)
class _Read:
    """A record that was read, for a condition on its own fields."""

    record_type: RecordType
    reading: Reading

    def value(self, name: str) -> Any:
        """The value of a field."""
        return self.reading.values.get(name)

    def link(self, name: str) -> Row | None:
        """Links are not followed."""
        return None

    def related(self, name: str) -> Iterable[Row]:
        """Relations are not followed."""
        return ()


def is_person(reading: Reading) -> bool:
    """Whether this is a natural person, who has rights over their data."""
    person = reading.record.person
    return person is not None and holds(person, _Read(reading.record, reading))


def note_look(reading: Reading) -> None:
    """Write down that somebody looked at sensitive data of a person, if there are any."""
    record = reading.record
    if not record.sensitive or not is_person(reading):
        return
    shown = [
        name
        for name in record.sensitive
        if name in record.fields and not is_blank(record.fields[name], reading.values.get(name))
    ]
    if shown:
        note_seen(reading.actor, record.name, reading.id, shown)
