"""Kinds of place: postal code, Italian province, country."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar

from babel import Locale

from rapporto.kernel.kinds.base import CHOSEN_KINDS
from rapporto.kernel.kinds.pasted import plain
from rapporto.kernel.kinds.provinces import FORMER_NAMES, PROVINCES
from rapporto.kernel.kinds.texts import Code
from rapporto.kernel.text import BadValue, fold

_ITALIAN_PREFIX = re.compile(r"(?:I|IT)\s*-\s*(?=\d{5}$)")
_POSTAL = re.compile(r"(?=.*\d)[A-Z0-9](?:[ -]?[A-Z0-9])*")
_DASHES = re.compile(r"[\u2010-\u2014]")


@dataclass(frozen=True)
class PostalCode(Code):
    """A postal code. Another field knows the country: here is checked what holds everywhere, and Italy's rule on figures alone.

    Figures alone are five (Italy, Germany, France …) or more (six in Romania, seven in Japan). Fewer are refused, being
    mostly an Italian code whose zero a spreadsheet has eaten: a foreign one of four figures is written with its country,
    «A-1010», «CH-8001» (the habit of CEPT). Codes with letters or a dash have 3 to 12 characters. With `country` «IT» five
    figures and nothing else.
    """

    name: ClassVar[str] = "postal_code"

    max_length: int = 12
    country: str = ""

    def read(self, typed: str) -> str | None:
        text = _ITALIAN_PREFIX.sub("", _DASHES.sub("-", plain(typed).upper()))
        code = text.replace(" ", "") if text.replace(" ", "").isdigit() else text
        if not code:
            return None
        if not 3 <= len(code) <= self.max_length and not code.isdigit():
            raise BadValue(
                "A postal code has 3 to {limit} characters; here there are {count}.",
                limit=self.max_length,
                count=len(code),
            )
        if not _POSTAL.fullmatch(code):
            raise BadValue("«{typed}» is not a postal code; write it like 37121, or A-1010 abroad.", typed=code[:60])
        if self.country == "IT" and not re.fullmatch(r"[0-9]{5}", code):
            raise BadValue("An Italian postal code has 5 digits; here there are {count}.", count=len(code))
        if code.isdigit() and not 5 <= len(code) <= 10:
            raise BadValue(
                "5 digits are needed; here there are {count}. Put the country before a foreign code, such as A-1010.",
                count=len(code),
            )
        return code

    def part(self, typed: str) -> str:
        text = _DASHES.sub("-", plain(typed).upper())
        return text.replace(" ", "") if text.replace(" ", "").isdigit() else text


@dataclass(frozen=True)
class Province(Code):
    """An Italian province by its two letters: today's, and those that only old addresses bear (SU, OG, VS, CI, OT).

    Reads «VR», «(vr)» and «Verona». The four provinces Sardinia has had again since 2025 were given no letters so far: their
    names are read as the letters they had until 2016. «EE» is an address abroad, as Italian tax forms write it.
    """

    name: ClassVar[str] = "province"
    ops: ClassVar[tuple[str, ...]] = (*CHOSEN_KINDS, "lt", "le", "gt", "ge")

    max_length: int = 2

    def read(self, typed: str) -> str | None:
        text = plain(typed).strip("()[]. ")
        if not text:
            return None
        found = _provinces_by_name().get(fold(text))
        if found is None:
            raise BadValue("«{typed}» is no Italian province; write its two letters, such as VR.", typed=text[:60])
        return found

    def part(self, typed: str) -> str:
        return plain(typed).strip("()[]. ").upper()

    def title(self, value: str | None) -> str:
        """The name of the province, to show beside its letters; '' when blank."""
        return PROVINCES.get(value or "", value or "")


@lru_cache(maxsize=1)
def _provinces_by_name() -> Mapping[str, str]:
    named = {fold(part): letters for letters, name in PROVINCES.items() for part in (name, *name.split("/"))}
    return {
        **{fold(name): letters for name, letters in FORMER_NAMES.items()},
        **named,
        **{fold(letters): letters for letters in PROVINCES},
    }


# regions, unions and test codes that CLDR lists beside the countries of ISO 3166-1
_NO_COUNTRIES = frozenset(("AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"))
_ALSO_CALLED = {
    "america": "US", "bielorussia": "BY", "corea": "KR", "england": "GB", "gran bretagna": "GB",
    "great britain": "GB", "inghilterra": "GB", "italy": "IT", "olanda": "NL", "holland": "NL",
    "repubblica ceca": "CZ", "czech republic": "CZ", "cina": "CN", "repubblica di san marino": "SM", "scozia": "GB",
    "stati uniti d'america": "US", "uk": "GB", "usa": "US", "u.s.a.": "US", "el": "GR", "xi": "GB",
    "vaticano": "VA", "repubblica slovacca": "SK", "slovakia": "SK", "turkey": "TR", "macedonia": "MK",
    "costa d'avorio": "CI", "birmania": "MM", "swaziland": "SZ", "i": "IT", "ita": "IT", "d": "DE", "f": "FR",
    "a": "AT",
}  # fmt: skip


@lru_cache(maxsize=4)
def country_names(language: str = "it") -> Mapping[str, str]:
    """The countries of ISO 3166-1 (and Kosovo, XK) with their names in a language, in the order of the names."""
    territories = Locale(language[:2]).territories
    named = {str(code): str(name) for code, name in territories.items() if len(code) == 2 and code not in _NO_COUNTRIES}
    return dict(sorted(named.items(), key=lambda pair: fold(pair[1])))


@lru_cache(maxsize=1)
def _countries_by_name() -> Mapping[str, str]:
    found = dict(_ALSO_CALLED)
    for language in ("en", "it"):
        found |= {fold(name): code for code, name in country_names(language).items()}
    return found | {fold(code): code for code in country_names("it")}


@dataclass(frozen=True)
class Country(Code):
    """A country by the two letters of ISO 3166-1; its name is read in Italian and English, shown in the reader's language."""

    name: ClassVar[str] = "country"
    ops: ClassVar[tuple[str, ...]] = CHOSEN_KINDS
    widget: ClassVar[str] = "text"

    max_length: int = 2

    def read(self, typed: str) -> str | None:
        text = plain(typed)
        if not text:
            return None
        found = _countries_by_name().get(fold(text))
        if found is None:
            raise BadValue("«{typed}» is no country; write its name or its two letters, such as IT.", typed=text[:60])
        return found

    def show(self, value: Any, language: str = "it") -> str:
        return country_names(language[:2] if language[:2] in ("it", "en") else "en").get(value or "", value or "")

    def part(self, typed: str) -> str:
        return plain(typed).upper()
