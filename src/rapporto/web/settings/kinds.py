"""The kinds of field in plain words, with an example each: what a person chooses from who makes one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from rapporto.store.userfields_models import FIELD_KINDS


@dataclass(frozen=True)
class KindInWords:
    """A kind, what it is for, and what a value of it looks like."""

    code: str
    label: Any
    words: Any
    example: Any
    icon: str


_WORDS: Mapping[str, tuple[Any, Any, str]] = {
    "text": (_("A line in your own words"), "Trumpf TruLaser 3030", "edit"),
    "long_text": (_("Several lines, to be read rather than filtered"), _("How they want to be served"), "note"),
    "code": (_("Letters and figures without spaces, in capitals"), "ISO9001", "tag"),
    "integer": (_("A whole number to compare and to add up"), _("1,250"), "chart"),
    "money": (_("Euro and cents, to compare and to add up"), _("1,234.50 €"), "euro"),
    "date": (_("A day of the calendar"), "22/11/2026", "calendar"),
    "tick": (_("Something that is so or is not"), _("Yes"), "check"),
    "choice": (_("One of the values that you list: the best for filters"), "Rossi · Bianchi · Verdi", "menu"),
    "link": (_("Another record: a party, a user, an industry"), "Studio Legale Adige", "link"),
}


def kinds_in_words() -> list[KindInWords]:
    """Every kind that a field may be made of."""
    return [KindInWords(code, label, *_WORDS[code]) for code, label in FIELD_KINDS]


def kind_word(code: str) -> str:
    """What a kind is called."""
    return str(dict(FIELD_KINDS).get(code, code))
