"""Numbers and codes by their rules: VAT numbers, tax codes, recipient codes, telephone numbers. None is meant for anybody real."""

from datetime import date
from functools import lru_cache

from stdnum import luhn
from stdnum.it import codicefiscale

from rapporto.kernel.text import fold
from rapporto.site.demo.chance import Chance
from rapporto.site.demo.tables import rows

_COMPANIES = 4_800_001
_STEP = 1_048_583
_MONTHS = "ABCDEHLMPRST"
_VOWELS = "AEIOU"
_INTERMEDIARIES = ("M5UXCR1", "KRRH6B9", "W7YVJK9", "SUBM70N", "T04ZHR3", "USAL8PV", "X2PH38J", "T9K4ZHO", "0000000")
_MOBILES = (
    "320",
    "328",
    "329",
    "333",
    "334",
    "335",
    "338",
    "339",
    "340",
    "342",
    "345",
    "346",
    "347",
    "348",
    "349",
    "351",
    "366",
    "388",
)

PROVINCES = {row["province"]: (row["office"], row["area"]) for row in rows("offices.csv")}
"""By the letters of a province: the office of its VAT numbers, the area of its telephones."""


def vat_number(number: int, province: str) -> str:
    """The VAT number of the firm with this number: seven figures that never come twice, the office of the province, Luhn's figure."""
    company = 100_000 + number * _STEP % _COMPANIES
    digits = f"{company:07}{PROVINCES[province][0]}"
    return digits + luhn.calc_check_digit(digits)


def landline(chance: Chance, province: str) -> str:
    """A telephone number of that area in international form: nine or ten figures with those of the area."""
    area = PROVINCES[province][1]
    return f"+39{area}{chance.number(2, 9)}{chance.digits((9 if len(area) == 2 else 10) - len(area) - 1)}"


def desk(chance: Chance, phone: str) -> str:
    """The number of a desk behind the firm's number."""
    return phone[:-2] + chance.digits(2)


def mobile(chance: Chance) -> str:
    """A mobile number."""
    return f"+39{chance.one(_MOBILES)}{chance.digits(7)}"


def recipient_code(chance: Chance) -> str:
    """Where the e-invoices go: mostly to one of a few intermediaries."""
    return chance.one(_INTERMEDIARIES)


def tax_code(first: str, last: str, gender: str, birth: date, place: str) -> str:
    """The tax code of a person born in the place with this register code (DM 23/12/1976)."""
    day = birth.day + (40 if gender == "f" else 0)
    code = f"{_of_surname(last)}{_of_name(first)}{birth.year % 100:02}{_MONTHS[birth.month - 1]}{day:02}{place}"
    return code + codicefiscale.calc_check_digit(code)


@lru_cache(maxsize=4096)
def _of_surname(name: str) -> str:
    consonants, vowels = _letters(name)
    return (consonants + vowels + "XXX")[:3]


@lru_cache(maxsize=4096)
def _of_name(name: str) -> str:
    consonants, vowels = _letters(name)
    if len(consonants) > 3:
        consonants = consonants[0] + consonants[2] + consonants[3]
    return (consonants + vowels + "XXX")[:3]


def _letters(name: str) -> tuple[str, str]:
    letters = [letter for letter in fold(name).upper() if letter.isalpha()]
    return "".join(one for one in letters if one not in _VOWELS), "".join(one for one in letters if one in _VOWELS)


@lru_cache(maxsize=65536)
def host(name: str) -> str:
    """What a name becomes in the address of a web site or a mail: letters and figures alone."""
    return "".join(letter for letter in fold(name) if letter.isascii() and letter.isalnum())
