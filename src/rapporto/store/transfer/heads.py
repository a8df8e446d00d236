"""Finds the heads of a table among its first rows: below title lines, in one row or two; gives every column a name of its own."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from rapporto.kernel.text import Message
from rapporto.store.transfer.reading import REASON_HEADS, Heads, Record, Value

LOOKED_AT = 30
"""Rows among which the heads are looked for."""
_LONGEST = 300
"""Characters of a head: forms on the web make whole questions of them."""
_LONGEST_NAME = 200
_FIGURES = re.compile(r"[\d\s.,:;/()+€$%'\-]*\d[\d\s.,:;/()+€$%'\-]*")
_CODE = re.compile(r"[A-Z0-9_.]+|[a-z0-9]+(?:[_.][a-z0-9]+)+")
_SPACES = re.compile(r"\s+")

TITLES = Message("The table begins at row {row}; what stands above was left out.")
TWO_ROWS = Message("The heads of the columns take two rows; they were read together.")
NO_HEADS = Message("The columns have no heads; they are called by their letters.")


def heads_of(records: Sequence[Record]) -> Heads:
    """The heads found among the first rows of a table."""
    rows = [one for one in records[:LOOKED_AT] if one.broken is None]
    at = _place(rows)
    if at is None:
        return Heads(_named([""] * max(map(_filled_width, records), default=0)), 0, 0)
    second = at + 1 if _is_second(rows, at) else None
    groups = rows[at - 1] if second is None and at and _are_groups(rows[at - 1], rows[at]) else None
    if second is not None:
        return _heads(records, rows[at], rows[second])
    return _heads(records, groups, rows[at])


def given_heads(records: Sequence[Record], row: int, rows: int) -> Heads:
    """The heads where a person says they are."""
    by_number = {one.number: one for one in records}
    last = by_number.get(row)
    if last is None:
        return Heads(_named([""] * max(map(_filled_width, records), default=0)), max(row, 0), 0)
    return _heads(records, by_number.get(row - 1) if rows > 1 else None, last)


def _heads(records: Sequence[Record], first: Record | None, last: Record) -> Heads:
    below = [one for one in records if one.number > last.number]
    width = max(_filled_width(last), _filled_width(first) if first else 0, _width(below))
    lower = _texts(last, width)
    joined = _joined(_texts(first, width), lower) if first else lower
    return Heads(_named(joined), last.number, 2 if first else 1, tuple(lower))


def _place(rows: Sequence[Record]) -> int | None:
    """The first row that is as full as a row of heads and consists of words; None when data come first."""
    full = [len(_filled(one)) for one in rows]
    most = max(full, default=0)
    for at, one in enumerate(rows):
        if full[at] > 1 and one.cells[_filled_width(one) - 1] in REASON_HEADS:
            return at
        if full[at] >= max(1, min(2, most), most * 0.5):
            return at if _is_words(one) else _above(rows, at)
    return None


def _above(rows: Sequence[Record], at: int) -> int | None:
    """The row just above the first data, when it names some of the columns at least."""
    if at and rows[at - 1].number == rows[at].number - 1 and _is_words(rows[at - 1]):
        return at - 1 if len(_filled(rows[at - 1])) >= max(2, len(_filled(rows[at])) * 0.3) else None
    return None


def _is_words(record: Record) -> bool:
    filled = _filled(record)
    return bool(filled) and sum(1 for one in filled if is_word(one)) >= len(filled) * 0.8


def is_word(value: Value) -> bool:
    """Whether a cell could be a head: words, and no figure, date or address."""
    if not isinstance(value, str):
        return False
    return len(value) <= _LONGEST and "@" not in value and not _FIGURES.fullmatch(value) and "://" not in value


def _is_second(rows: Sequence[Record], at: int) -> bool:
    """Whether the row below the heads belongs to them: it names what they leave open, or stands as words above figures."""
    if at + 2 >= len(rows) or rows[at + 1].number != rows[at].number + 1 or not _is_words(rows[at + 1]):
        return False
    width = max(_filled_width(rows[at]), _filled_width(rows[at + 1]))
    upper, lower = _texts(rows[at], width), _texts(rows[at + 1], width)
    figures = sum(1 for column in _columns_of_figures(rows[at + 2 :]) if column < width and is_word(lower[column]))
    pairs = list(zip(upper, lower, strict=True))
    if all(one and other for one, other in pairs) and not any(one == other for one, other in pairs):
        return figures >= 2 and _are_codes(upper) and not _are_codes(lower)
    spans = not all(upper) and (not all(lower) or any(one == other for one, other in pairs))
    return figures >= 1 and spans and all(one or other for one, other in pairs)


def _columns_of_figures(rows: Sequence[Record]) -> Iterator[int]:
    """The columns in which nearly nothing is a word."""
    for column in range(_width(rows)):
        cells = [one.cells[column] for one in rows if column < len(one.cells) and one.cells[column] not in ("", None)]
        if cells and sum(1 for one in cells if is_word(one)) <= len(cells) * 0.1:
            yield column


def _are_groups(upper: Record, lower: Record) -> bool:
    """Whether a row above the heads tells apart heads that are called alike."""
    width = _filled_width(lower)
    alike = [one for one, times in Counter(filter(None, _texts(lower, width))).items() if times > 1]
    if not alike or upper.number != lower.number - 1 or len(_filled(upper)) < 2 or not _is_words(upper):
        return False
    spread = _spread(_texts(upper, width))
    return all(len({spread[at] for at, one in enumerate(_texts(lower, width)) if one == name}) > 1 for name in alike)


def _joined(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    """Two rows of heads as one."""
    if all(upper) and all(lower):
        return list(lower if _are_codes(upper) and not _are_codes(lower) else upper)
    times = Counter(lower)
    spread = _spread(upper)
    return [
        below if below and (times[below] == 1 or above in ("", below)) else f"{above}: {below}" if below else above
        for above, below in zip(spread, lower, strict=True)
    ]


def _are_codes(heads: Sequence[str]) -> bool:
    """Whether these are names for programs: «RAG_SOC», «name1»; words in capitals alone are not."""
    coded = sum(1 for one in heads if re.search(r"[_\d.]", one))
    return all(map(_CODE.fullmatch, heads)) and coded * 2 >= len(heads)


def _spread(cells: Sequence[str]) -> list[str]:
    """Each head carried on over the blank cells to its right."""
    spread: list[str] = []
    for one in cells:
        spread.append(one or (spread[-1] if spread else ""))
    return spread


def _named(heads: Sequence[str]) -> tuple[str, ...]:
    """Every column by a name of its own: blank ones by their letter, «(C)», equal ones counted, «Telefono 2»."""
    taken = set(heads)
    names: list[str] = []
    used: set[str] = set()
    for at, head in enumerate(heads):
        name = head or f"({letters_of(at)})"
        count = 1
        while name in used or (count > 1 and name in taken):
            count += 1
            name = f"{head} {count}"
        used.add(name)
        names.append(name)
    return tuple(names)


def letters_of(column: int) -> str:
    """The letters of a column in a spreadsheet: 0 is A, 27 is AB."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _filled(record: Record) -> list[Value]:
    return [one for one in record.cells if one not in ("", None)]


def _filled_width(record: Record) -> int:
    return max((at + 1 for at, one in enumerate(record.cells) if one not in ("", None)), default=0)


def _width(records: Sequence[Record]) -> int:
    """How many columns the rows use: the widest, unless only a few are so wide."""
    widths = sorted((_filled_width(one) for one in records if one.broken is None), reverse=True)
    few = max(1, len(widths) // 10)
    return widths[few] if len(widths) > few else 0


def _texts(record: Record, width: int) -> list[str]:
    cells = [
        _SPACES.sub(" ", str(one)).strip()[:_LONGEST_NAME] if one is not None else "" for one in record.cells[:width]
    ]
    return cells + [""] * (width - len(cells))
