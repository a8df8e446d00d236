"""Kinds of link: one record of another type, or several of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from rapporto.kernel.kinds.base import BLANKS, Kind
from rapporto.kernel.text import BadValue


def _number(typed: Any) -> int:
    try:
        return int(typed)
    except (TypeError, ValueError):
        raise BadValue(
            "«{typed}» is not in the register; choose one of those offered.", typed=str(typed)[:60]
        ) from None


@dataclass(frozen=True)
class Link(Kind):
    """A record of the type `to`, by its id."""

    name: ClassVar[str] = "link"
    ops: ClassVar[tuple[str, ...]] = ("eq", "ne", "is_in", *BLANKS)
    widget: ClassVar[str] = "link"
    json: ClassVar[dict[str, Any]] = {"type": "integer"}
    column: ClassVar[str] = "bigint"
    sql: ClassVar[str] = "integer"

    to: str = ""

    def read(self, typed: str) -> int | None:
        return _number(typed) if typed.strip() else None


@dataclass(frozen=True)
class Links(Kind):
    """Several records of the type `to`, kept as rows between the two; compared one by one: «is in» means any of them."""

    name: ClassVar[str] = "links"
    ops: ClassVar[tuple[str, ...]] = ("is_in", *BLANKS)
    widget: ClassVar[str] = "links"
    json: ClassVar[dict[str, Any]] = {"type": "array", "items": {"type": "integer"}}
    column: ClassVar[str] = "bigint[]"
    sql: ClassVar[str] = "integer"

    to: str = ""

    def read(self, typed: str) -> tuple[int, ...] | None:
        return self.check([part for part in typed.split(",") if part.strip()])

    def check(self, value: Any) -> tuple[int, ...] | None:
        if isinstance(value, str):
            return self.read(value)
        if isinstance(value, int):
            value = (value,)
        chosen: Iterable[Any] = value or ()
        return tuple(sorted({_number(part) for part in chosen})) or None

    def edit(self, value: Any, language: str = "it") -> str:
        return ",".join(str(number) for number in value or ())
