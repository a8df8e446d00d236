"""Italian numbers are read by a shorter way as the library of telephone numbers reads them."""

import random

import phonenumbers
import pytest

from rapporto.kernel.kinds import Phone

PHONE = Phone()
CHANCE = random.Random(7)


def _typed() -> str:
    figures = CHANCE.choice(("0", "3", "04", "02", "39", "391", "392", "00", "38", "800")) + "".join(
        CHANCE.choice("0123456789") for _ in range(CHANCE.randint(3, 12))
    )
    for _ in range(CHANCE.randint(0, 3)):
        at = CHANCE.randint(1, len(figures))
        figures = figures[:at] + CHANCE.choice((" ", "/", "-", ".", " / ")) + figures[at:]
    return CHANCE.choice(("", "", "+39", "+39 ", "0039 ")) + figures


def test_the_short_way_gives_what_the_library_gives() -> None:
    short = 0
    for _ in range(20_000):
        typed = _typed()
        found = PHONE.numbers_in(typed)
        try:
            number = phonenumbers.parse(typed, "IT")
        except phonenumbers.NumberParseException:
            continue
        if number.country_code == 39 and 6 <= len(phonenumbers.national_significant_number(number)) <= 11:
            short += 1
            assert found == (phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164),), typed
    assert short > 5_000


@pytest.mark.parametrize(
    "typed",
    ["045 ١٢٣٤٥٦٧", "\uff13\uff19\uff12 \uff11\uff12\uff13\uff14\uff15\uff16\uff17", "045 12", "04512345678901"],
)
def test_what_is_not_usual_takes_the_long_way(typed: str) -> None:
    """Figures of other scripts are made plain by the library; what is too short or too long is no number."""
    found = PHONE.numbers_in(typed)
    assert all(one.isascii() and one.startswith("+") for one in found)
