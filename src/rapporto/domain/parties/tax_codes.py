"""What the Italian tax code of a person tells: birth date, gender, and whether it can be that of a name (DM 23/12/1976)."""

from dataclasses import dataclass
from datetime import date
from itertools import permutations

from stdnum.it import codicefiscale

from rapporto.kernel.text import fold

_VOWELS = "aeiou"
_PERSON = 16


@dataclass(frozen=True)
class Told:
    """What a tax code tells; `gender` as the register writes it."""

    birth_date: date
    gender: str


def told_by(code: str, today: date) -> Told | None:
    """Birth date and gender; None for the code of an organisation. Of the two centuries the one that makes nobody unborn."""
    if len(code) != _PERSON:
        return None
    try:
        born = codicefiscale.get_birth_date(code, minyear=today.year - 99)
    except ValueError:  # the 30th of February: the check letter alone does not see it
        return None
    return Told(born, codicefiscale.get_gender(code).lower())


def fits(code: str, last_name: str, first_name: str) -> bool:
    """Whether the first six letters are those of a name; true where a part of the name is unknown."""
    said = (code[:3], code[3:6])
    return all(not name or letters == told for name, letters, told in (
        (last_name, _of_last_name(last_name), said[0]), (first_name, _of_first_name(first_name), said[1])
    ))  # fmt: skip


def fits_whole(code: str, name: str) -> bool:
    """The same for a name that was not taken apart, in either order: «Mario Rossi», «De Luca Anna»."""
    words = fold(name).split()
    splits = ((words[:at], words[at:]) for at in range(1, len(words)))
    return len(words) < 2 or any(
        fits(code, " ".join(last), " ".join(first)) for split in splits for last, first in permutations(split)
    )


def _apart(name: str) -> tuple[str, str]:
    letters = [letter for letter in fold(name) if letter.isalpha()]
    return "".join(one for one in letters if one not in _VOWELS), "".join(one for one in letters if one in _VOWELS)


def _of_last_name(name: str) -> str:
    consonants, vowels = _apart(name)
    return (consonants + vowels + "xxx")[:3].upper()


def _of_first_name(name: str) -> str:
    consonants, vowels = _apart(name)
    if len(consonants) > 3:
        consonants = consonants[0] + consonants[2:4]
    return (consonants + vowels + "xxx")[:3].upper()


__all__ = ["Told", "fits", "fits_whole", "told_by"]
