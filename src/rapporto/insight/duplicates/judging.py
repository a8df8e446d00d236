"""The rules that have the last word over the probability of a pair: who is certainly not one party, and of whom nobody may be sure."""

from collections.abc import Collection

from rapidfuzz.distance import OSA
from stdnum.it import codicefiscale, iva

from rapporto.domain.parties.geography import town_key
from rapporto.domain.parties.likeness import (
    LEFT_OUT,
    compared,
    is_shared_mailbox,
    names_alike,
    set_apart,
    telling_words,
)
from rapporto.domain.parties.models import UNIT
from rapporto.insight.duplicates.features import street_key
from rapporto.insight.duplicates.subject import Subject

SURE = 0.99
"""From which probability pairs are offered to be merged several at once."""
SUGGESTED = 0.5
"""From which probability a pair is put before a person."""
DOUBTFUL = 0.95
"""The most that is said of a pair against which something speaks."""

UNLIKE = 0.6
"""The most for two people whose names contradict each other: one mailbox, or one birthday, may be shared all the same."""
FOREIGN = 14
"""The longest VAT number of another country of the Union; what is longer is the tax code of a person, or was mistyped."""


def judged(one: Subject, other: Subject, probability: float) -> float:
    """The probability after the rules: 0 for two who are certainly two parties, at most DOUBTFUL where something is unclear."""
    if _tied(one, other) or _other_codes(one, other):
        return 0.0
    if one.is_person:
        return min(probability, _most_of_people(one, other))
    if UNIT in (one.look.kind, other.look.kind):
        return 0.0
    mine, theirs = compared(one.look), compared(other.look)
    if set_apart(*_left(mine, theirs)):
        return min(probability, DOUBTFUL) if _same_code(one, other) else 0.0
    if _elsewhere(one, other) and not _same_code(one, other):
        return min(probability, DOUBTFUL) if _reached_alike(one, other) else 0.0
    alike = names_alike(mine, theirs) or _abbreviated(mine, theirs)
    if _same_code(one, other) or (alike and _more_than_a_name(one, other)):
        return probability
    return min(probability, DOUBTFUL)


def _left(one: str, other: str) -> tuple[str, str]:
    """The words of two names that the other has not, not even mistyped."""
    mine, theirs = telling_words(one), telling_words(other)
    return (
        " ".join(word for word in mine if not any(_one_slip(word, there) for there in theirs)),
        " ".join(word for word in theirs if not any(_one_slip(word, there) for there in mine)),
    )


def _one_slip(one: str, other: str) -> bool:
    return OSA.distance(one, other) <= (0 if min(len(one), len(other)) < 5 or one[:1].isdigit() else 1)


def _tied(one: Subject, other: Subject) -> bool:
    """A company and its unit, two that are linked, or companies of one house that are called otherwise."""
    if other.id in one.house or one.id in other.house:
        return True
    return bool(one.house & other.house) and not names_alike(compared(one.look), compared(other.look))


def _other_codes(one: Subject, other: Subject) -> bool:
    """Whether their official numbers are right and differ. A number that fails its own check was mistyped, and proves nothing.

    Companies of one VAT group have one VAT number and a tax code each.
    """
    mine, theirs = one.look, other.look
    if _right(mine.tax_code) and _right(theirs.tax_code) and mine.tax_code != theirs.tax_code:
        return True
    if _right(mine.vat_number) and _right(theirs.vat_number) and mine.vat_number != theirs.vat_number:
        return not (mine.tax_code and mine.tax_code == theirs.tax_code)
    return False


def _right(code: str) -> bool:
    if code.isdigit():
        return bool(iva.is_valid(code))
    return bool(codicefiscale.is_valid(code)) if len(code) > FOREIGN else code[:2].isalpha()


def _same_code(one: Subject, other: Subject) -> bool:
    mine = {one.look.vat_number, one.look.tax_code} - {""}
    return bool(mine & {other.look.vat_number, other.look.tax_code})


def _elsewhere(one: Subject, other: Subject) -> bool:
    """Whether both are known to be in different towns: companies of different places are often called alike."""
    mine, theirs = one.look, other.look
    if mine.city and theirs.city and OSA.distance(town_key(mine.city), town_key(theirs.city)) > 2:
        return one.postal_code != other.postal_code or not one.postal_code
    return bool(mine.province and theirs.province and mine.province != theirs.province)


def _reached_alike(one: Subject, other: Subject) -> bool:
    mine, theirs = one.look, other.look
    return bool(mine.phones & theirs.phones or (mine.emails | mine.pecs) & (theirs.emails | theirs.pecs))


def _more_than_a_name(one: Subject, other: Subject) -> bool:
    """Whether they share a number, an address, a house or a company: many are called alike, also in one town."""
    street = street_key(one.street)
    same_house = all(street) and street == street_key(other.street)
    return (
        same_house
        or _reached_alike(one, other)
        or bool(one.website and one.website == other.website)
        or _alike_employers(one.employers, other.employers)
    )


def _abbreviated(one: str, other: str) -> bool:
    """Whether every telling word of the shorter name is one of the longer, or the beginning of one, or one slip away."""
    few, many = sorted((telling_words(one) - LEFT_OUT, telling_words(other) - LEFT_OUT), key=len)
    return bool(few) and all(any(_one_word(word, there) for there in many) for word in few)


def _one_word(one: str, other: str) -> bool:
    few, many = sorted((one, other), key=len)
    return many.startswith(few) if len(few) > 2 and len(many) - len(few) > 1 else _one_slip(one, other)


def _two_people(one: Subject, other: Subject) -> bool:
    """Relatives and colleagues share numbers and places, namesakes a name; neither are one person."""
    if _own_in_common(one, other):
        return False
    if _other_names(one, other):
        return True
    works_elsewhere = bool(one.employers and other.employers) and not _alike_employers(one.employers, other.employers)
    return works_elsewhere and not one.look.phones & other.look.phones


def _most_of_people(one: Subject, other: Subject) -> float:
    """The most that may be said of two people, whatever they have in common."""
    if _two_people(one, other):
        return 0.0
    if _other_names(one, other) and not _same_code(one, other):
        return UNLIKE
    return DOUBTFUL if _unclear(one, other) else 1.0


def _unclear(one: Subject, other: Subject) -> bool:
    """Whether their birthdays contradict, or nothing but an initial, places and the numbers of a house speak for it."""
    born = one.look.birth_date, other.look.birth_date
    if all(born) and OSA.distance(str(born[0]), str(born[1])) > 2:
        return True
    if _own_in_common(one, other):
        return False
    if not _more_than_a_name(one, other):
        return True
    return any(len(word) == 1 for side in (one, other) for word in _words(side)) and _words(one) != _words(other)


def _words(one: Subject) -> list[str]:
    """The words of the name of a person, without titles and stops."""
    return compared(one.look).replace(".", " ").split()


def _own_in_common(one: Subject, other: Subject) -> bool:
    """A tax code, a mailbox or a birthday: what belongs to one person alone."""
    born = one.look.birth_date
    return (
        _same_code(one, other)
        or bool(_own_mail(one) & _own_mail(other))
        or (born is not None and born == other.look.birth_date)
    )


def _own_mail(one: Subject) -> set[str]:
    """Mailboxes that bear a part of the name; others may be those of the firm («ferramentarossi@gmail.com»), or of the house."""
    parts = [word.replace("'", "") for word in _words(one) if len(word) > 2]
    return {
        each
        for each in one.look.emails
        if any(part in each.partition("@")[0] for part in parts) and not is_shared_mailbox(each)
    }


def _alike_employers(mine: Collection[str], theirs: Collection[str]) -> bool:
    return any(names_alike(one, other) or _abbreviated(one, other) for one in mine for other in theirs)


def _other_names(one: Subject, other: Subject) -> bool:
    """Whether a part of the names contradicts: neither the same, nor an initial, nor a slip of the keyboard."""
    mine, theirs = _words(one), _words(other)
    left = [word for word in mine if word not in theirs]
    right = [word for word in theirs if word not in mine]
    for word in list(left):
        found = next((there for there in right if _one_name(word, there)), None)
        if found is not None:
            left.remove(word)
            right.remove(found)
    return bool(left and right)


def _one_name(one: str, other: str) -> bool:
    """Mario, Marco and Maria are three people; «Alesandro» and «A.» are Alessandro."""
    few, many = sorted((one, other), key=len)
    if len(few) == 1:
        return many[0] == few
    if OSA.distance(one, other) > (1 if len(many) < 9 else 2):
        return False
    if sorted(one) == sorted(other) or (len(few) != len(many) and one[-1] == other[-1]):
        return True
    return len(few) > 5 and one[:-1] != other[:-1]
