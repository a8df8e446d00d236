"""Whether somebody may change a record they have just read: said by what was read, as far as it can be."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rapporto.kernel.evaluate import holds
from rapporto.kernel.record import RecordType
from rapporto.kernel.where import All, AnyOf, Not, Test, Where, bind
from rapporto.store.asking import Asked
from rapporto.store.records import may_change
from rapporto.web.reading import Reading


@dataclass(frozen=True)
class _ReadRow:
    """A record that was read, as conditions on its own fields look at it."""

    record_type: RecordType
    values: Mapping[str, Any]

    def value(self, name: str) -> Any:
        return self.values.get(name)

    def link(self, name: str) -> "_ReadRow | None":
        raise LookupError(f"only own fields were read, not what is linked by {name!r}")

    def related(self, name: str) -> "list[_ReadRow]":
        raise LookupError(f"only own fields were read, not the relation {name!r}")


def may_change_read(reading: Reading, asked: Asked) -> bool:
    """Whether the actor may change a record just read as it is now; asks the database only where its own fields don't say it."""
    if reading.record.append_only:
        return False
    where = bind(reading.record.changeable(reading.actor), asked.question)
    if _of_own(where, reading.record):
        return holds(where, _ReadRow(reading.record, reading.values))
    return may_change(reading.actor, reading.record.name, reading.id)


def _of_own(where: Where, record: RecordType) -> bool:
    match where:
        case All(parts) | AnyOf(parts):
            return all(_of_own(part, record) for part in parts)
        case Not(inner):
            return _of_own(inner, record)
        case Test(path):
            return path in record.fields
    return False
