"""Kinds of identifier: VAT number, tax code, e-invoice address code and bank account, each checked by its own rule."""

import re
from dataclasses import dataclass
from typing import Any, ClassVar

from stdnum import iban
from stdnum.eu import vat
from stdnum.exceptions import ValidationError
from stdnum.it import codicefiscale, iva

from rapporto.kernel.kinds.pasted import plain
from rapporto.kernel.kinds.texts import Code
from rapporto.kernel.text import BadValue

_NOT_CODE = re.compile(r"[^A-Z0-9]")
_VAT_WORDS = re.compile(r"(?:PARTITAIVA|PIVA|VATNUMBER|VAT)(?=[A-Z]{0,2}\d)")
_PERSON = re.compile(r"[A-Z]{6}[0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{3}[A-Z]")
_FOREIGN = re.compile(r"(?=.*[0-9])[A-Z]{2}[A-Z0-9]{2,26}")
_SEVEN_OR_SIX = re.compile(r"[A-Z0-9]{6,7}")
_GREECE = {"GR": "EL"}


def compact(typed: str) -> str:
    """The capital letters and figures of a code, without the blanks, stops and dashes people write between them."""
    return _NOT_CODE.sub("", plain(typed).upper())


@dataclass(frozen=True)
class Identifier(Code):
    """A code with a rule of its own, stored compact: it is its own key."""

    name: ClassVar[str] = ""

    def read(self, typed: str) -> str | None:
        code = compact(typed)
        if not code:
            if plain(typed):
                raise BadValue("«{typed}» has neither letters nor figures.", typed=plain(typed)[:60])
            return None
        return self.accept(code)

    def accept(self, code: str) -> str:
        """The canonical form of a compact code. Raises BadValue."""
        raise NotImplementedError

    def part(self, typed: str) -> str:
        return compact(typed) or plain(typed).upper()


@dataclass(frozen=True)
class VatNumber(Identifier):
    """A VAT number: eleven figures for Italy, with the letters of the country for the others («DE136695976»).

    Italy: Luhn's check and the office in the figures 8 to 10 (DPR 633/1972, art. 35). European Union: the rule of each
    country, Greece being EL. Elsewhere any text of 4 to 28 letters and figures that starts with the two letters of its
    country, as the e-invoice asks (`IdPaese`, `IdCodice` of FatturaPA). «IT» before an Italian number is dropped.
    """

    name: ClassVar[str] = "vat_number"

    max_length: int = 28

    def accept(self, code: str) -> str:
        code = _VAT_WORDS.sub("", code, count=1) if _VAT_WORDS.match(code) else code
        if _PERSON.fullmatch(code):
            raise BadValue("This is the tax code of a person; write it in the field for tax codes.")
        code = code[2:] if code[:2] == "IT" else code
        return _eleven_figures(code) if not code[:2].isalpha() else self._foreign(code)

    def _foreign(self, code: str) -> str:
        code = _GREECE.get(code[:2], code[:2]) + code[2:]
        country = code[:2]
        if country.lower() in vat.MEMBER_STATES | {"el"}:
            try:
                return vat.validate(code)
            except (ValidationError, ValueError, IndexError, KeyError):
                raise BadValue(
                    "This is not a VAT number of {country}; compare it with the document.", country=country
                ) from None
        if not _FOREIGN.fullmatch(code):
            raise BadValue(
                "Write the letters of the country and then the number, such as DE136695976; for Italy 11 digits."
            )
        return code


def _eleven_figures(code: str) -> str:
    if not code.isdigit():
        raise BadValue("Write 11 digits; a foreign number starts with the two letters of its country.")
    if len(code) != 11:
        if 7 <= len(code) < 11 and iva.is_valid(code.zfill(11)):
            raise BadValue(
                "11 digits are needed; here there are {count}. Perhaps the zeros at the start are missing: {guess}.",
                count=len(code),
                guess=code.zfill(11),
            )
        raise BadValue("11 digits are needed; here there are {count}.", count=len(code))
    if not iva.is_valid(code):
        raise BadValue("One of the digits is wrong, or two are swapped; compare the number with the document.")
    return code


@dataclass(frozen=True)
class TaxCode(Identifier):
    """The Italian tax code: 16 letters and figures for a person, 11 figures for an organisation.

    DM 23/12/1976: date of birth, place and a check letter; letters may stand for figures where two people would have the
    same code (omocodia). The eleven figures follow the rule of the VAT number.
    """

    name: ClassVar[str] = "tax_code"

    max_length: int = 16

    def accept(self, code: str) -> str:
        code = code[2:] if code[:2] == "IT" and code[2:].isdigit() else code
        if code.isdigit():
            return _eleven_figures(code)
        if len(code) != 16:
            raise BadValue(
                "16 letters and figures are needed (11 digits for a company); here there are {count}.", count=len(code)
            )
        if not _PERSON.fullmatch(code):
            raise BadValue(
                "Letters and figures do not stand where a tax code has them; compare it with the health card."
            )
        if not codicefiscale.is_valid(code):
            raise BadValue("One of the letters or figures is wrong; compare the code with the health card.")
        return code


@dataclass(frozen=True)
class SdiCode(Identifier):
    """The address code of the Italian e-invoice: seven letters and figures, six for a public office.

    FatturaPA 1.2, `CodiceDestinatario`: «0000000» when the invoice goes to the PEC address or to a consumer, «XXXXXXX» for
    customers abroad.
    """

    name: ClassVar[str] = "sdi_code"

    max_length: int = 7

    def accept(self, code: str) -> str:
        if not code.strip("0") and len(code) != 7:
            raise BadValue("Without a code of its own write seven zeros: 0000000.")
        if not code.strip("X") and len(code) != 7:
            raise BadValue("For a customer abroad write seven times X: XXXXXXX.")
        if not _SEVEN_OR_SIX.fullmatch(code):
            raise BadValue(
                "7 letters and figures are needed (6 for a public office); here there are {count}.", count=len(code)
            )
        return code


@dataclass(frozen=True)
class Iban(Identifier):
    """A bank account as ISO 13616 writes it: country, two check figures (ISO 7064, mod 97), account.

    Shown in groups of four, stored without blanks.
    """

    name: ClassVar[str] = "iban"

    max_length: int = 34

    def accept(self, code: str) -> str:
        code = code.removeprefix("IBAN")
        if code[:2] == "IT" and len(code) != 27:
            raise BadValue("An Italian IBAN has 27 letters and figures; here there are {count}.", count=len(code))
        if not re.fullmatch(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{8,30}", code):
            raise BadValue(
                "An IBAN starts with two letters and two figures, such as IT60 X054 2811 1010 0000 0123 456."
            )
        try:
            return iban.validate(code)
        except (ValidationError, ValueError, IndexError, KeyError):
            raise BadValue(
                "One of the letters or figures is wrong, or two are swapped; compare the IBAN with the document."
            ) from None

    def show(self, value: Any, language: str = "it") -> str:
        return " ".join(value[at : at + 4] for at in range(0, len(value), 4)) if value else ""
