"""One comparison as it stands in an address, `province.eq=VR`, with the field it is about as the actor may know it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from rapporto.kernel.actor import Actor
from rapporto.kernel.kinds import Links
from rapporto.kernel.record import Field, RecordType, UnknownField
from rapporto.kernel.text import BadValue, Message
from rapporto.kernel.where import All, Asked, Test, Where
from rapporto.store.reaching import reach
from rapporto.store.typed import VALUELESS, read_value, split_sign, written
from rapporto.store.userfields import record_type

LONGEST = 500
"""Characters of one typed value that are looked at."""
FURTHEST = 3
"""Links that a filter follows, one after the other."""


@dataclass(frozen=True)
class Filter:
    """One comparison as it was typed; `error` says why it cannot be used, and then it narrows nothing."""

    path: str
    op: str
    typed: tuple[str, ...]
    field: Field
    value: Any = None
    error: Message | None = None

    @property
    def key(self) -> str:
        """Its name in the address."""
        return f"{self.path}.{self.op}"

    @property
    def test(self) -> Where:
        """The condition it stands for."""
        return Test(self.path, self.op, self.value)


def field_of(actor: Actor, record: RecordType, path: str) -> Field:
    """The field of a path as the actor may know it: one's own, a linked record's, a number told from related ones.

    Filters follow several links: «party.industry.code». Raises UnknownField.
    """
    step, _, rest = path.partition(".")
    if "." not in rest or step in record.relations:
        return reach(actor, record, path)
    field = _followed(actor, record, path)
    return replace(field, name=path, derived=True)


def _followed(actor: Actor, record: RecordType, path: str) -> Field:
    *steps, last = path.split(".")
    for step in steps:
        link = record.field(step)
        if link.link is None or isinstance(link.kind, Links) or len(steps) > FURTHEST:
            raise UnknownField(record.name, step, tuple(record.fields))
        record = record_type(link.link).seen_by(actor)
        if not record.visible(actor):
            raise UnknownField(record.name, step, ())
    return record.field(last)


def read_filter(actor: Actor, record: RecordType, path: str, op: str, values: Iterable[str]) -> Filter:
    """One comparison as it was typed. Raises UnknownField for a field the actor has not, BadValue for an operator it has not."""
    field = field_of(actor, record, path)
    typed = tuple(one.replace("\0", "")[:LONGEST] for one in values if one.strip())
    if typed and op != "is_in":
        # one value is compared with; of several the last one stands
        op, bare = split_sign(field.kind, op, typed[-1])
        typed = (bare,)
    if op not in field.kind.ops:
        raise BadValue("This column cannot be compared in this way; open the list again.")
    known = Filter(path, op, () if op in VALUELESS else typed, field)
    try:
        return replace(known, value=read_value(field.kind, op, typed))
    except BadValue as wrong:
        return replace(known, error=wrong.message)


def parameters_of(where: Where, record: RecordType) -> list[tuple[str, str]]:
    """The parameters that stand for a condition made of single comparisons. Raises ValueError for any other condition."""
    parts = where.parts if isinstance(where, All) else (where,)
    found: list[tuple[str, str]] = []
    for part in parts:
        if not isinstance(part, Test):
            raise ValueError(f"an address cannot say {part!r}")
        values = part.value if part.op == "is_in" and not isinstance(part.value, Asked) else (part.value,)
        kind = _kind_at(record, part.path)
        found += [
            (f"{part.path}.{part.op}", "1" if part.op in VALUELESS else written(kind, part.op, one)) for one in values
        ]
    return found


def _kind_at(record: RecordType, path: str) -> Any:
    *steps, last = path.split(".")
    for step in steps:
        record = record_type(record.field(step).link or "")
    return record.field(last).kind


__all__ = ["LONGEST", "Filter", "field_of", "parameters_of", "read_filter"]
