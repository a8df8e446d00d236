"""Texts that a spreadsheet would take for formulas, made harmless in a CSV file and read back as they were.

A workbook needs none of this: there a text is written as a text.
"""

import re

_BEGINS_LIKE_A_FORMULA = re.compile("[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
"""The wide signs of Japanese keyboards, too: some spreadsheets take them for the others."""
_NUMBER_OR_PHONE = re.compile(r"[+\-]?[0-9(][0-9 .,/()\-]*")
"""Figures and what stands between them: «+39 045 790 1234», «-12,50». A spreadsheet finds nothing to carry out in it."""
MARK = "'"


def defused(text: str) -> str:
    """The text as a cell of a CSV file: with an apostrophe before what could be a formula. Numbers and telephones stay."""
    return MARK + text if _dangerous(text) else text


def as_it_was(cell: str) -> str:
    """The text of a cell that `defused` wrote."""
    return cell[1:] if cell[:1] == MARK and _dangerous(cell) else cell


def _dangerous(text: str) -> bool:
    """Whether it could be a formula; apostrophes before it are looked through, so that what is read back is what was written."""
    bare = text.lstrip(MARK)
    return bool(_BEGINS_LIKE_A_FORMULA.match(bare)) and not _NUMBER_OR_PHONE.fullmatch(bare)
