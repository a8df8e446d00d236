"""What is left of a text pasted from a spreadsheet, a mail or a page once the marks nobody sees are gone."""

import unicodedata

from rapporto.kernel.text import clean


def plain(typed: str) -> str:
    """One line in ordinary letters and figures: full-width forms made plain, marks of direction and width left out.

    Mail programs put such marks around numbers; two addresses that look alike must be the same value.
    """
    if typed.isascii():
        return clean(typed)
    text = unicodedata.normalize("NFKC", typed)
    return clean("".join(letter for letter in text if unicodedata.category(letter) != "Cf"))
