"""What a `Where` means, in Python: the reference to which the SQL compiler is held."""

from collections.abc import Callable, Iterable
from typing import Any, Protocol

from rapporto.kernel.kinds import Code, Integer, Kind, Links, Text
from rapporto.kernel.record import RecordType
from rapporto.kernel.text import fold
from rapporto.kernel.where import All, AnyOf, Key, Not, Related, Test, Through, Where


class Row(Protocol):
    """A record as the evaluator reads it. `link` and `related` give only records that may be seen."""

    @property
    def record_type(self) -> RecordType:
        """What is declared of it."""

    def value(self, name: str) -> Any:
        """The value of a field, None or '' when blank."""

    def link(self, name: str) -> "Row | None":
        """The record a link points to."""

    def related(self, name: str) -> "Iterable[Row]":
        """The records of a relation."""


AGGREGATES: dict[str, Callable[[list[Any]], Any]] = {"sum": sum, "min": min, "max": max}
"""What may be told from a field of related records."""
_COUNTS: dict[str, Callable[[int, int], bool]] = {
    "ge": lambda count, number: count >= number,
    "le": lambda count, number: count <= number,
    "eq": lambda count, number: count == number,
}
_ORDERS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda key, wanted: key == wanted,
    "lt": lambda key, wanted: key < wanted,
    "le": lambda key, wanted: key <= wanted,
    "gt": lambda key, wanted: key > wanted,
    "ge": lambda key, wanted: key >= wanted,
    "contains": lambda key, wanted: wanted in key,
    "starts_with": lambda key, wanted: key.startswith(wanted),
}


def holds(where: Where, row: Row) -> bool:
    """Whether the condition (already bound to a question) holds for the record."""
    match where:
        case All(parts):
            return all(holds(part, row) for part in parts)
        case AnyOf(parts):
            return any(holds(part, row) for part in parts)
        case Not(inner):
            return not holds(inner, row)
        case Through(link):
            return row.link(link) is not None
        case Related(relation, inner, op, number):
            return _COUNTS[op](sum(holds(inner, one) for one in row.related(relation)), number)
        case Test(path, op, value):
            return _compare(path, op, value, row)
    raise TypeError(f"{where!r} is no condition")


def _compare(path: str, op: str, value: Any, row: Row | None) -> bool:
    while row is not None and "." in path:
        step, path = path.split(".", 1)
        if step in row.record_type.relations:
            return compares(*told_from(list(row.related(step)), path), op, value)
        row = row.link(step)
    if row is None:
        return op == "is_blank" or (op in ("eq", "ne") and (value in (None, "")) == (op == "eq"))
    kind = row.record_type.field(path).kind
    return compares(kind, row.value(path), op, value)


def told_from(rows: "list[Row]", path: str) -> tuple[Kind, Any]:
    """What `count` or `field.sum`, `field.min`, `field.max` says of related records: its kind and its value."""
    if path == "count":
        return Integer(), len(rows)
    name, how = path.rsplit(".", 1)
    values = [value for row in rows if (value := row.value(name)) not in (None, "")]
    kind = rows[0].record_type.field(name).kind if rows else Integer()
    return kind, AGGREGATES[how](values) if values else None


def wanted_key(kind: Kind, op: str, value: Any) -> Any:
    """The key a comparison looks for, None for a blank: fragments are folded, or written as the code is."""
    if isinstance(value, Key):
        return value.value
    if op in ("contains", "starts_with"):
        fragment = fold(str(value)) if isinstance(kind, Text) else _part(kind, str(value))
        return fragment or None
    return kind.key(value)


def _part(kind: Kind, typed: str) -> str:
    return kind.part(typed) if isinstance(kind, Code) or hasattr(kind, "part") else typed


def compares(kind: Kind, value: Any, op: str, wanted: Any) -> bool:
    """Whether a value of a kind satisfies one comparison."""
    if isinstance(kind, Links):
        chosen = set(value or ())
        return {"is_blank": not chosen, "is_filled": bool(chosen)}.get(op, bool(chosen & set(wanted or ())))
    key = kind.key(value)
    if op in ("is_blank", "is_filled"):
        return (key is None) == (op == "is_blank")
    if op == "is_in":
        return key is not None and key in {wanted_key(kind, op, one) for one in wanted}
    if op == "ne":
        return not compares(kind, value, "eq", wanted)
    sought = wanted_key(kind, op, wanted)
    if sought is None:
        return key is None if op == "eq" else op in ("contains", "starts_with")
    return key is not None and _ORDERS[op](key, sought)
