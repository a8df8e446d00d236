"""A record of any declared type with every field filled, made from the declaration alone."""

from typing import Any

from django.db import transaction

from rapporto.domain.people.actors import actor_of
from rapporto.kernel.actor import ADMINISTRATOR, AGENT
from rapporto.kernel.kinds import Links
from rapporto.kernel.record import RecordType
from rapporto.store.declare import DECLARED
from rapporto.store.errors import Invalid
from rapporto.store.userfields import record_type
from rapporto.store.write import save
from tests.web.samples import TOLD, one_of_each, user, value_of_kind


class Filled:
    """An administrator, one record of every type, and one more of the type in question with every field filled."""

    def __init__(self, name: str) -> None:
        self.name = name
        aldo, anna = user("Aldo", ADMINISTRATOR), user("Anna", AGENT)
        self.actor = actor_of(aldo)
        self.there = one_of_each(self.actor, anna)
        self.values = self.all_values(2)
        try:
            with transaction.atomic():
                self.id = int(save(self.actor, name, self.values).pk)
        except Invalid:  # there can be only one of these
            self.id = self.there[name]

    @property
    def record(self) -> RecordType:
        """The type in question as the administrator knows it."""
        return record_type(self.name).seen_by(self.actor)

    @property
    def writable(self) -> list[str]:
        """The fields that can be written."""
        fixed = self.record.fixed_for(self.actor)
        return [name for name in self.record.fields if name not in fixed]

    def all_values(self, number: int) -> dict[str, Any]:
        """A value for every field that can be written; several links get the one record there is."""
        found = {}
        for name in self.writable:
            field = self.record.fields[name]
            several = isinstance(field.kind, Links) and field.link in self.there
            found[name] = (self.there[field.link or ""],) if several else value_of_kind(field, number, self.there)
        return {**found, **TOLD.get(self.name, {})}


NAMES = tuple(DECLARED)
