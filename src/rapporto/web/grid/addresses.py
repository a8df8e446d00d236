"""The address of a list, both ways: `province.eq=VR&turnover.ge=1.000&sort=-name` and the condition, columns and order it stands for."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from rapporto.kernel.actor import Actor
from rapporto.kernel.kinds import Links
from rapporto.kernel.kinds.dates import read_day
from rapporto.kernel.record import Field, RecordType, UnknownField
from rapporto.kernel.text import BadValue, Message
from rapporto.kernel.where import EVERYTHING, All, Asked, DaysFromToday, Test, Where
from rapporto.store.userfields import record_type
from rapporto.web.grid.typed import VALUELESS, read_value, split_sign, written

LONGEST = 500
"""Characters of one typed value that are looked at."""
MOST = 40
"""Filters in one address."""

Parameters = Mapping[str, Sequence[str]]
"""What came in an address: every value of every name."""


@dataclass(frozen=True)
class Filter:
    """One comparison as it was typed; `error` says why it cannot be used, and then it narrows nothing."""

    path: str
    op: str
    typed: tuple[str, ...]
    field: Field
    labels: tuple[Any, ...]
    value: Any = None
    error: Message | None = None

    @property
    def key(self) -> str:
        """Its name in the address."""
        return f"{self.path}.{self.op}"


@dataclass(frozen=True)
class ListAddress:
    """What a list shows. `record` is the type as the one who asks may know it; blank `sort` means the usual order."""

    record: RecordType
    filters: tuple[Filter, ...] = ()
    columns: tuple[str, ...] = ()
    sort: str = ""
    after: str = ""
    words: str = ""
    day: date | None = None

    @property
    def where(self) -> Where:
        """The condition of all filters that could be read."""
        parts = tuple(Test(one.path, one.op, one.value) for one in self.filters if one.error is None)
        return parts[0] if len(parts) == 1 else All(parts) if parts else EVERYTHING

    @property
    def errors(self) -> tuple[Filter, ...]:
        """The filters that could not be read."""
        return tuple(one for one in self.filters if one.error is not None)

    def parameters(self) -> Iterator[tuple[str, str]]:
        """Name and value of everything that is not as usual, in a fixed order."""
        for one in self.filters:
            yield from ((one.key, typed) for typed in (one.typed or ("1",)))
        named = {"q": self.words, "sort": self.sort, "columns": ",".join(self.columns), "after": self.after}
        yield from ((name, value) for name, value in named.items() if value)
        if self.day:
            yield "as_of", self.day.isoformat()

    def text(self, **changes: Any) -> str:
        """The address with some changes, below the place of its record type: a change of what is listed starts at the beginning."""
        if changes and "after" not in changes:
            changes["after"] = ""
        query = urlencode(list(replace(self, **changes).parameters()))
        return f"/{self.record.name}/" + (f"?{query}" if query else "")

    def without(self, unwanted: Filter) -> str:
        """The address without one of its filters."""
        return self.text(filters=tuple(one for one in self.filters if one is not unwanted))


def read_address(actor: Actor, name: str, parameters: Parameters) -> ListAddress:
    """The list that an address asks for.

    Raises UnknownField for a column, sort or filter the actor has no such field for, and BadValue for an operator its kind does
    not offer; a value that cannot be read is kept in its filter with the reason.
    """
    record = record_type(name).seen_by(actor)
    columns = tuple(dict.fromkeys(one for part in parameters.get("columns", ()) for one in part.split(",") if one))
    sort = _last(parameters, "sort")
    for one in (*columns, *((sort.lstrip("-"),) if sort else ())):
        record.field(one)
    if sort and isinstance(record.field(sort.lstrip("-")).kind, Links):
        raise BadValue("This column holds several values and cannot be sorted.")
    day = read_day(_last(parameters, "as_of"))
    return ListAddress(
        record=record,
        filters=tuple(_filters(actor, record, parameters)),
        columns=columns,
        sort=sort,
        after=_last(parameters, "after"),
        words=_last(parameters, "q").strip()[:200],
        day=day,
    )


def _last(parameters: Parameters, name: str) -> str:
    values = parameters.get(name) or ("",)
    return values[-1].replace("\0", "")[:LONGEST]


def _filters(actor: Actor, record: RecordType, parameters: Parameters) -> Iterator[Filter]:
    asked = [(key, values) for key, values in parameters.items() if "." in key and any(one.strip() for one in values)]
    if len(asked) > MOST:
        raise BadValue("This address has too many filters; open the list again.")
    for key, values in asked:
        path, _, op = key.rpartition(".")
        typed = [one for one in values if one.strip()]
        if len(typed) == 1:
            op, typed[0] = split_sign(fields_of_path(actor, record, path)[-1].kind, op, typed[0])
        yield read_filter(actor, record, path, op, typed)


def read_filter(actor: Actor, record: RecordType, path: str, op: str, values: Iterable[str]) -> Filter:
    """One comparison as it was typed. Raises UnknownField and BadValue as `read_address` does."""
    fields = fields_of_path(actor, record, path)
    field = fields[-1]
    typed = tuple(one.replace("\0", "")[:LONGEST] for one in values if one.strip())
    if op not in field.kind.ops:
        raise BadValue("This column cannot be compared in this way; open the list again.")
    known = Filter(path, op, () if op in VALUELESS else typed, field, tuple(one.label for one in fields))
    try:
        return replace(known, value=read_value(field.kind, op, typed))
    except BadValue as wrong:
        return replace(known, error=wrong.message)


def fields_of_path(actor: Actor, record: RecordType, path: str) -> tuple[Field, ...]:
    """The fields of «party.name», step by step, as far as the actor may know of them. Raises UnknownField."""
    *steps, last = path.split(".")
    found: list[Field] = []
    for step in steps:
        link = record.field(step)
        if link.link is None or isinstance(link.kind, Links) or len(found) >= 3:
            raise UnknownField(record.name, step, tuple(record.fields))
        found.append(link)
        record = record_type(link.link).seen_by(actor)
    return (*found, record.field(last))


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


__all__ = ["DaysFromToday", "Filter", "ListAddress", "fields_of_path", "parameters_of", "read_address", "read_filter"]
