"""Guesses by its values what a column holds, how amounts and dates are written: help for whoever maps columns, never a decision."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from stdnum.it import codicefiscale, iva

from rapporto.kernel.text import Message
from rapporto.store.transfer.reading import Notices, Value

LOOKED_AT = 200
"""Values of a column that are looked at."""
_MOST = 0.8
"""So many of its values must look alike for a column to look like something."""

_DATE = re.compile(r"(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})(?:[ T]\d{1,2}[:.]\d{2}(?:[:.]\d{2})?.*)?")
_MONEY = re.compile(
    r"[+\-(]?\s*(?:€|EUR|\$)?\s*[+\-]?(?:\d{1,3}(?:[.,' ]\d{3})+|\d+)(?:[.,]\d{1,4})?\s*(?:€|EUR|\$)?\)?-?"
)
_PHONE = re.compile(
    r"(?:tel|cell|fax)?[.: ]*(?:\+|00)?[\d(][\d\s./()\-]{4,24}(?:\s*(?:int|ext|x)[. ]*\d+)?", re.IGNORECASE
)
_PATTERNS = (
    ("email", re.compile(r"[^@\s;,]+@[^@\s;,]+\.[^@\s;,]{2,}(?:\s*[;,]\s*[^@\s;,]+@[^@\s;,]+\.[^@\s;,]{2,})*")),
    ("web", re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)),
    ("date", _DATE),
    ("postal_code", re.compile(r"(?:I-?)?\d{5}")),
    ("province", re.compile(r"\(?[A-Z]{2}\)?")),
    ("number", re.compile(r"[+\-]?\d{1,15}")),
    ("money", _MONEY),
    ("phone", _PHONE),
)
_VAT = re.compile(r"(?:IT)?\s*(\d{11})")
_TAX_CODE = re.compile(r"[A-Z]{6}\d{2}[A-Z]\d{2}[A-Z]\d{3}[A-Z]", re.IGNORECASE)
TWO_ORDERS = Message(
    "Some dates begin with the day, others with the month; those that can be both were read with the day first."
)


@dataclass(frozen=True)
class Look:
    """What a column looks like."""

    kind: str
    """email, phone, vat_number, tax_code, web, date, postal_code, province, number, money, text; "" when it is blank."""
    filled: int
    """How many of the values that were looked at are not blank."""
    different: int
    """How many of them are different."""
    examples: tuple[str, ...]
    """Some of them."""


def looks_of(headers: Sequence[str], rows: Sequence[Sequence[Value]]) -> tuple[Look, ...]:
    """What each column looks like, by its first values."""
    return tuple(_look([row[at] for row in rows[:LOOKED_AT] if at < len(row)]) for at in range(len(headers)))


def _look(values: Iterable[Value]) -> Look:
    filled = [one for one in values if one not in ("", None)]
    texts = list(dict.fromkeys(str(one) for one in filled))
    return Look(_kind(filled), len(filled), len(texts), tuple(one[:60] for one in texts[:3]))


def _kind(values: Sequence[Value]) -> str:
    if not values:
        return ""
    counted: dict[str, int] = {}
    for value in values:
        for kind in _kinds(value):
            counted[kind] = counted.get(kind, 0) + 1
    likely = [kind for kind in _ORDER if counted.get(kind, 0) >= len(values) * _MOST]
    return likely[0] if likely else "text"


_ORDER = ("email", "web", "vat_number", "tax_code", "date", "postal_code", "province", "number", "phone", "money")


def _kinds(value: Value) -> Iterable[str]:
    """Everything a value could be."""
    if isinstance(value, date):
        return ("date",)
    if isinstance(value, Decimal):
        return ("money",)
    text = str(value).strip()
    kinds = [kind for kind, pattern in _PATTERNS if pattern.fullmatch(text)]
    if (vat := _VAT.fullmatch(text)) and iva.is_valid(vat[1]):
        kinds += ["vat_number", "tax_code"] if not text.upper().startswith("IT") else ["vat_number"]
    elif _TAX_CODE.fullmatch(text) and codicefiscale.is_valid(text):
        kinds.append("tax_code")
    if "number" in kinds and (text[0] in "0+3" and len(text) > 7):
        kinds.remove("number")  # rather a telephone or a code than something to count
    if "phone" in kinds and ("date" in kinds or len(re.sub(r"\D", "", text)) < 6):
        kinds.remove("phone")
    return kinds


_COMMA = re.compile(r"[+\-]?[€ ]*(?:\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+,\d{1,2}|\d{4,},\d+)[€ ]*")
_POINT = re.compile(r"[+\-]?[€$ ]*(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.\d{1,2}|\d{4,}\.\d+)[€$ ]*")


def decimal_sign(rows: Iterable[Sequence[Value]]) -> str:
    """The sign before decimals in texts: «,», unless points are seen oftener."""
    commas = points = 0
    for row in rows:
        for one in row:
            if isinstance(one, str) and 3 < len(one) < 20 and one[-1:].isdigit() | (one[-1:] in "€ "):
                commas += bool(_COMMA.fullmatch(one))
                points += bool(_POINT.fullmatch(one))
    return "." if points > commas else ","


def day_comes_first(rows: Iterable[Sequence[Value]], notices: Notices, *, usual: bool = True) -> bool:
    """Whether the day stands before the month in texts; what is `usual`, unless something shows the contrary."""
    day = month = 0
    for row in rows:
        for one in row:
            if isinstance(one, str) and 5 < len(one) < 25 and (found := _DATE.fullmatch(one)) and len(found[1]) <= 2:
                day += int(found[1]) > 12 >= int(found[3])
                month += int(found[3]) > 12 >= int(found[1])
    if day and month:
        notices.say(TWO_ORDERS)
    return bool(day) or (usual and not month)
