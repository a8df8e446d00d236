"""Rows read one by one through the doors of the store: what the Python meaning of a condition is tried on."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rapporto.kernel.actor import Actor
from rapporto.kernel.record import RecordType
from rapporto.store.declare import DECLARED
from rapporto.store.records import find, value_of
from rapporto.store.userfields import record_type


@dataclass
class StoredRow:
    """A stored record as the kernel's evaluator reads it; links and relations give only what the actor may see."""

    actor: Actor
    record_type: RecordType
    row: Any

    @classmethod
    def of(cls, actor: Actor, name: str, row: Any) -> "StoredRow":
        return cls(actor, record_type(name), row)

    def value(self, name: str) -> Any:
        return value_of(self.record_type.name, self.row, name)

    def link(self, name: str) -> "StoredRow | None":
        target = self.record_type.field(name).link or ""
        found = find(self.actor, target).filter(pk=self.value(name)).first()
        return StoredRow.of(self.actor, target, found) if found else None

    def related(self, name: str) -> "Iterator[StoredRow]":
        relation = self.record_type.relation(name)
        by = DECLARED[relation.record].columns[relation.by].value
        for row in find(self.actor, relation.record).filter(**{by: self.row.pk}):
            yield StoredRow.of(self.actor, relation.record, row)
