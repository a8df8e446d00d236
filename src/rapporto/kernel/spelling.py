"""Slips of the keyboard: whether a word begins as it was typed, and the pieces of a typed word that one slip leaves whole."""

SHORTEST = 4
"""Words of fewer letters are what they are: with one of them wrong they could be anything."""
_PIECE = 3


def begins_nearly(word: str, typed: str) -> bool:
    """Whether `word` begins as typed, but for one letter that was changed, left out, added or swapped with its neighbour."""
    at = 0
    while at < min(len(word), len(typed)) and word[at] == typed[at]:
        at += 1
    rest, true = typed[at:], word[at:]
    if not rest:
        return True
    swapped = rest[1:2] + rest[:1] + rest[2:]
    return true.startswith((rest[1:], swapped)) or true[1:].startswith((rest[1:], rest))


def whole_pieces(typed: str) -> tuple[str, ...]:
    """Pieces of three letters and more: a word that was typed with one slip holds at least one of them (all but a few of the shortest)."""
    middle = len(typed) // 2
    swapped = typed[: middle - 1] + typed[middle] + typed[middle - 1] + typed[middle + 1 :]
    halves = (typed[: max(middle, _PIECE)], typed[min(middle, len(typed) - _PIECE) :])
    return tuple(dict.fromkeys((*halves, swapped)))
