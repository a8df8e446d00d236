"""Kinds of address at which somebody can be reached: e-mail, telephone, web page."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import urlsplit

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat

from rapporto.kernel.kinds.base import BLANKS, EQUAL, WORDS
from rapporto.kernel.kinds.pasted import plain
from rapporto.kernel.kinds.texts import Code
from rapporto.kernel.text import BadValue

_IN_BRACKETS = re.compile(r"[^<>]*<([^<>]+)>\s*")
_LOCAL = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_TOP = re.compile(r"[a-z]{2,63}|xn--[a-z0-9-]{2,59}")
_EXTENSION = re.compile(
    r"[\s,;]*(?:;ext=|\b(?:interno|int|ext|est|derivato)\b[.:]?\s*|#)\s*(\d{1,7})\s*$", re.IGNORECASE
)
_HAS_LETTER = re.compile(r"[^\W\d_]")
_CALLED = re.compile(r"^\s*(?:tel|telefono|cell|cellulare|mobile|phone|fax|uff|ufficio|casa)\b[.:]*\s*", re.IGNORECASE)
_ITALIAN = re.compile(r"(?:\+39 ?)?((?:0[1-9]|3[0-8])(?:[ ./-]?[0-9])*|39[0-3](?:[ ./-]?[0-9]){7})")
"""Italian numbers as they are mostly typed, of which there is only one reading: the library takes its time."""
_BETWEEN = re.compile(r"[ ./-]")
_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*):(?!\d)")


def is_domain(domain: str) -> bool:
    """Whether a name such as «casale.it» can be that of a domain (RFC 1035, and IDNA for letters with accents)."""
    try:
        labels = (domain if domain.isascii() else domain.encode("idna").decode("ascii")).lower().split(".")
    except UnicodeError:
        return False
    return (
        len(labels) >= 2
        and sum(map(len, labels)) < 250
        and all(map(_LABEL.fullmatch, labels))
        and bool(_TOP.fullmatch(labels[-1]))
    )


@dataclass(frozen=True)
class Email(Code):
    """An e-mail address, certified ones (PEC) too, kept in small letters: it is its own key.

    RFC 5321 and 5322 without quoted names; capital letters do not distinguish addresses at any provider.
    Reads «Anna Verdi <anna@casale.it>» as well.
    """

    name: ClassVar[str] = "email"
    widget: ClassVar[str] = "email"
    json: ClassVar[Mapping[str, Any]] = {"type": "string", "format": "email"}

    max_length: int = 254

    def read(self, typed: str) -> str | None:
        text = plain(typed).lower()
        bracketed = _IN_BRACKETS.fullmatch(text)
        text = (bracketed[1] if bracketed else text).strip(" ;,").removeprefix("mailto:").strip()
        if not text:
            return None
        if len(text) > self.max_length:
            raise BadValue(
                "This is {length} characters long; keep it within {limit}.", length=len(text), limit=self.max_length
            )
        if text.count("@") > 1 or " " in text:
            raise BadValue("Write one address only, without blanks; add the others as further addresses.")
        local, at, domain = text.partition("@")
        if not at or not local or not domain:
            raise BadValue("«{typed}» is not an e-mail address; write it like name@company.it.", typed=text[:60])
        if not _LOCAL.fullmatch(local) or len(local) > 64:
            raise BadValue("Before the @ there is something mail does not allow: «{typed}».", typed=local[:60])
        if not is_domain(domain):
            raise BadValue(
                "After the @ there must be a domain such as company.it; here there is «{typed}».", typed=domain[:60]
            )
        return text

    def part(self, typed: str) -> str:
        return plain(typed).lower()

    def address(self, value: str) -> str:
        """What opens a mail to it."""
        return f"mailto:{value}"


@dataclass(frozen=True)
class Phone(Code):
    """A telephone number, stored as ITU-T E.164 with the extension of RFC 3966: «+390451234567;ext=12». It is its own key.

    Numbers without a country are of `country`. Of Italian numbers also those are kept that the library calls invalid but
    that have 6 to 11 figures: services such as 0843, and ranges given out after its tables were made.
    """

    name: ClassVar[str] = "phone"
    ops: ClassVar[tuple[str, ...]] = ("eq", "ne", "is_in", "contains", *BLANKS)
    widget: ClassVar[str] = "phone"

    max_length: int = 40
    country: str = "IT"

    def read(self, typed: str) -> str | None:
        text = typed if typed[:3] == "+39" else plain(typed)
        if not text:
            return None
        found = self.numbers_in(text)
        if len(found) > 1:
            raise BadValue(
                "There are {count} numbers here; write one, and add the others as further numbers.", count=len(found)
            )
        if not found:
            raise BadValue(
                "«{typed}» is not a telephone number; write it like 045 123 4567, or +43 512 1234 abroad.",
                typed=text[:60],
            )
        return found[0]

    def numbers_in(self, typed: str) -> tuple[str, ...]:
        """The numbers, in canonical form, of a text that may bear notes: «333 1234567 (Sig. Rossi) / 045 7901234»."""
        text = plain(typed)
        if self.country == "IT" and (usual := _ITALIAN.fullmatch(text)):
            figures = _BETWEEN.sub("", usual[1])
            if 6 <= len(figures) <= 11:
                return (f"+39{figures}",)
        text = _CALLED.sub("", text)[:500]
        extension = _EXTENSION.search(text)
        bare = text[: extension.start()] if extension else text
        if not _HAS_LETTER.search(bare) and (alone := self._canonical(bare, extension[1] if extension else None)):
            return (alone,)
        matches = phonenumbers.PhoneNumberMatcher(text, self.country, leniency=phonenumbers.Leniency.POSSIBLE)
        found = (_written(match.number) for match in matches if self._plausible(match.number))
        return tuple(dict.fromkeys(found))

    def _canonical(self, text: str, extension: str | None) -> str | None:
        try:
            number = phonenumbers.parse(text, self.country)
        except NumberParseException:
            return None
        number.extension = extension or number.extension
        return _written(number) if self._plausible(number) else None

    def _plausible(self, number: PhoneNumber) -> bool:
        if number.country_code == 39:
            return 6 <= len(phonenumbers.national_significant_number(number)) <= 11
        return phonenumbers.is_possible_number(number)

    def show(self, value: Any, language: str = "it") -> str:
        if not value:
            return ""
        try:
            number = phonenumbers.parse(value, self.country)
        except NumberParseException:
            return str(value)
        extension, number.extension = number.extension, None
        here = number.country_code == phonenumbers.country_code_for_region(self.country)
        text = phonenumbers.format_number(
            number, PhoneNumberFormat.NATIONAL if here else PhoneNumberFormat.INTERNATIONAL
        )
        return f"{text} {'int.' if language.startswith('it') else 'ext.'} {extension}" if extension else text

    def edit(self, value: Any, language: str = "it") -> str:
        shown = self.show(value, language)
        # a number such as «00…» would be read again as one abroad
        return shown if not value or self.numbers_in(shown) == (value,) else str(value)

    def part(self, typed: str) -> str:
        text = plain(typed)
        figures = re.sub(r"[^0-9]", "", text)
        if not figures or _HAS_LETTER.search(text):
            return text
        if figures.startswith("00"):
            return f"+{figures[2:]}"
        return f"+{figures}" if text.startswith("+") else figures

    def address(self, value: str) -> str:
        """What dials it (RFC 3966)."""
        return f"tel:{value}"


def _written(number: PhoneNumber) -> str:
    extension, number.extension = number.extension, None
    text = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    return f"{text};ext={extension}" if extension else text


@dataclass(frozen=True)
class Web(Code):
    """The address of a web page (RFC 3986), http or https only; a bare domain becomes https. It is its own key."""

    name: ClassVar[str] = "web"
    ops: ClassVar[tuple[str, ...]] = (*EQUAL, *WORDS, *BLANKS)
    widget: ClassVar[str] = "text"
    json: ClassVar[Mapping[str, Any]] = {"type": "string", "format": "uri"}

    max_length: int = 500

    def read(self, typed: str) -> str | None:
        text = plain(typed)
        if not text:
            return None
        if len(text) > self.max_length:
            raise BadValue(
                "This is {length} characters long; keep it within {limit}.", length=len(text), limit=self.max_length
            )
        scheme = _SCHEME.match(text)
        if scheme and scheme[1].lower() not in ("http", "https"):
            raise BadValue("Only addresses that start with http or https can be kept here.")
        address = _normal(text if scheme else f"https://{text.lstrip('/')}")
        if address is None:
            raise BadValue("«{typed}» is not a web address; write it like www.company.it.", typed=text[:60])
        return address

    def show(self, value: Any, language: str = "it") -> str:
        return value.removeprefix("https://") if value else ""

    def edit(self, value: Any, language: str = "it") -> str:
        return value or ""

    def part(self, typed: str) -> str:
        return plain(typed)

    def address(self, value: str) -> str:
        """What opens it."""
        return value


def _normal(address: str) -> str | None:
    """The address with scheme and domain in small letters; None when it is none, or bears a user name."""
    try:
        pieces = urlsplit(address)
        host, port = pieces.hostname or "", pieces.port
    except ValueError:
        return None
    if "@" in pieces.netloc or not is_domain(host) or re.search(r"[\s<>\"\\]", address):
        return None
    path = "" if pieces.path == "/" and not pieces.query and not pieces.fragment else pieces.path
    where = f"{host}:{port}" if port else host
    query = f"?{pieces.query}" if pieces.query else ""
    return f"{pieces.scheme.lower()}://{where}{path}{query}" + (f"#{pieces.fragment}" if pieces.fragment else "")
