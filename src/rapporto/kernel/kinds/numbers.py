"""Kinds of number: whole numbers and amounts of money, read and shown the Italian and the English way."""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, ClassVar

from rapporto.kernel.kinds.base import ORDERED_KINDS, Kind
from rapporto.kernel.text import BadValue

_LIMIT = 2**53
_TWO_WAYS = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")
"""A thousand and a half to an Englishman, one and a half to an Italian."""
_ITALIAN = re.compile(r"[+-]?\d{1,3}(\.\d{3})+(,\d+)?")


_ENGLISH = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?")
_ENGLISH_PART = re.compile(r"[+-]?\d{1,3}\.\d{3}")


def group(number: int, separator: str) -> str:
    """A whole number with its thousands apart."""
    return f"{number:,}".replace(",", separator)


def read_decimal(typed: str, message: str) -> Decimal | None:
    """The number in a text such as «1.234,50», «1234.50» or «€ 12»; None when blank. A comma starts the decimals.

    Raises BadValue with `message`, or for «1,500», which is meant in two ways.
    """
    text = "".join(typed.replace("€", "").replace("'", "").split())
    if not text:
        return None
    if _TWO_WAYS.fullmatch(text):
        raise BadValue("«{typed}» can be meant in two ways; write it without the comma.", typed=typed.strip()[:60])
    if "," in text and (text.count(",") == 1 and text.rfind(".") < text.find(",")):
        text = text.replace(".", "").replace(",", ".")
    elif _ITALIAN.fullmatch(text):
        text = text.replace(".", "")
    else:
        text = text.replace(",", "")
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise BadValue(message, typed=typed.strip()[:60]) from None
    if not number.is_finite() or abs(number) > _LIMIT:
        raise BadValue(message, typed=typed.strip()[:60])
    return number


def from_english(typed: str) -> str:
    """A number as an English reader types it, written so that it is meant in one way: «1,500» is 1500 and «1.500» is 1.5000."""
    text = "".join(typed.replace("€", "").split())
    if _ENGLISH.fullmatch(text):
        return text.replace(",", "")
    return f"{text}0" if _ENGLISH_PART.fullmatch(text) else typed


@dataclass(frozen=True)
class Integer(Kind):
    """A whole number."""

    name: ClassVar[str] = "integer"
    ops: ClassVar[tuple[str, ...]] = ("ge", "le", "eq", *[op for op in ORDERED_KINDS if op not in ("ge", "le", "eq")])
    widget: ClassVar[str] = "number"
    json: ClassVar[dict[str, Any]] = {"type": "integer"}
    column: ClassVar[str] = "bigint"
    numeric: ClassVar[bool] = True
    sql: ClassVar[str] = "integer"

    def read(self, typed: str) -> int | None:
        number = read_decimal(typed, "«{typed}» is not a whole number; write it in figures, such as 1250.")
        if number is None:
            return None
        if number != int(number):
            raise BadValue("«{typed}» has decimals; a whole number is needed here.", typed=typed.strip()[:60])
        return int(number)

    def load(self, dumped: Any) -> Any:
        return dumped if isinstance(dumped, int) and not isinstance(dumped, bool) else None

    def show(self, value: Any, language: str = "it") -> str:
        return "" if value is None else group(value, "." if language.startswith("it") else ",")

    def edit(self, value: Any, language: str = "it") -> str:
        # without points: a comma always starts the decimals when read
        return "" if value is None else str(value)


@dataclass(frozen=True)
class Money(Kind):
    """An amount of money in whole cents. Reads «1.234,50» as Italians write it, and «1234.50» as computers do."""

    name: ClassVar[str] = "money"
    ops: ClassVar[tuple[str, ...]] = Integer.ops
    widget: ClassVar[str] = "money"
    json: ClassVar[dict[str, Any]] = {"type": "integer", "description": "cents"}
    column: ClassVar[str] = "decimal(18,2)"
    numeric: ClassVar[bool] = True
    sql: ClassVar[str] = "integer"

    def read(self, typed: str) -> int | None:
        number = read_decimal(typed, "«{typed}» is not an amount; write it like 1,234.50.")
        return None if number is None else int((number * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))

    def load(self, dumped: Any) -> Any:
        return dumped if isinstance(dumped, int) and not isinstance(dumped, bool) else None

    def show(self, value: Any, language: str = "it") -> str:
        return "" if value is None else f"{self.edit(value, language)} €"

    def edit(self, value: Any, language: str = "it") -> str:
        if value is None:
            return ""
        whole, cents = divmod(abs(value), 100)
        sign = "-" if value < 0 else ""
        if language.startswith("it"):
            return f"{sign}{group(whole, '.')},{cents:02}"
        return f"{sign}{group(whole, ',')}.{cents:02}"
