"""Takes an erased person out of the answers of the opt-out register: that a number was checked stays, which one it was does not."""

from rapporto.domain.consent.models import CheckedNumber
from rapporto.store.erasures import mark
from rapporto.store.rights.copies import COPIES
from rapporto.store.rights.scope import Scope
from rapporto.store.rights.words import Words

FIGURES = 40


def _checked_numbers(scope: Scope, words: Words) -> int:
    """Put keyed hashes in the place of the numbers that only this person had."""
    return sum(
        CheckedNumber.objects.filter(number=code).update(number=mark("checked", code)[:FIGURES])
        for code in words.sought
        if code.startswith("+")
    )


COPIES.add("checked_numbers", _checked_numbers)
