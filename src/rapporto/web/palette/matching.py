"""How well what was typed suits a label, and which of its letters are marked."""

from collections.abc import Iterator, Sequence

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from rapporto.kernel.spelling import SHORTEST, begins_nearly
from rapporto.kernel.text import fold

LABEL, SYNONYM, NEARLY = 0, 1, 2
OF_ITALY = "+39"


def suits(typed: Sequence[str], label: str, words: str = "") -> int | None:
    """How every typed word begins one of the label's, of the synonyms', or nearly does; the least of them. None when one does none."""
    of_label, of_words = fold(label).split(), fold(words).split()
    ranks = [_rank(one, of_label, of_words) for one in typed]
    return None if None in ranks else max((rank for rank in ranks if rank is not None), default=LABEL)


def _rank(typed: str, label: Sequence[str], words: Sequence[str]) -> int | None:
    if any(one.startswith(typed) for one in label):
        return LABEL
    if any(one.startswith(typed) for one in words):
        return SYNONYM
    nearly = len(typed) >= SHORTEST and any(begins_nearly(one, typed) for one in (*label, *words))
    return NEARLY if nearly else None


def marked(text: str, words: Sequence[str]) -> SafeString:
    """A text with the letters that were typed in <mark>: found without case and accents, numbers without what stands between figures."""
    places = sorted(set(_places(text, words)))
    if not places:
        return escape(text)
    told, inside = [], False
    for at, letter in enumerate(text):
        if (at in places) is not inside:
            inside = not inside
            told.append("<mark>" if inside else "</mark>")
        told.append(escape(letter))
    return mark_safe("".join(told) + ("</mark>" if inside else ""))


def _places(text: str, words: Sequence[str]) -> Iterator[int]:
    """The positions of the letters of all words in a text."""
    letters = [(one, at) for at, letter in enumerate(text) for one in (fold(letter) or " ")]
    for word in words:
        number = word.lstrip("+").isdigit()
        looked_at = [one for one in letters if one[0].isdigit()] if number else letters
        sought = word.removeprefix(OF_ITALY).lstrip("+") if number else word
        yield from _occurrences(looked_at, sought)


def _occurrences(letters: Sequence[tuple[str, int]], word: str) -> Iterator[int]:
    line = "".join(letter for letter, _at in letters)
    start = line.find(word) if word else -1
    while start >= 0:
        yield from (at for _letter, at in letters[start : start + len(word)])
        start = line.find(word, start + len(word))
