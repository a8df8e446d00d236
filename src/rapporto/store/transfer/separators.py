"""Finds the separator of a text table: the one that cuts most rows into equally many cells."""

import csv
import io
import math
import re
from collections import Counter
from dataclasses import dataclass

SEPARATORS = (";", ",", "\t", "|")
_SAYS = re.compile(r"\s*sep=(.)(?:\r\n|[\r\n]|$)", re.IGNORECASE)
_LOOKED_AT = 300
_MOST_LINES = 100
"""A row of more lines is one where a quote was never closed; it says nothing."""
_EARLY = 6
"""Among the first rows there are the heads: a separator that cuts them as it cuts the data is the likelier one."""


@dataclass(frozen=True)
class Cut:
    """How a sample falls into cells: by which separator, into how many, and how likely that is."""

    separator: str
    width: int
    likely: float


def said_separator(text: str) -> tuple[str, int]:
    """The separator the first line names («sep=;»), and how many characters that line has; ("", 0) without."""
    said = _SAYS.match(text)
    return (said[1], said.end()) if said and can_separate(said[1]) else ("", 0)


def can_separate(sign: str) -> bool:
    """Whether a table can have this separator."""
    return len(sign) == 1 and sign not in '"\r\n\x00 ' and not sign.isalnum()


def cut_of(sample: str) -> Cut:
    """The likeliest separator of a sample; «;» when there is one column only."""
    return max((_cut(sample, one) for one in SEPARATORS), key=lambda one: one.likely)


def cut_by(sample: str, separator: str) -> Cut:
    """How a sample falls into cells by a separator that is known."""
    return _cut(sample, separator)


def _cut(sample: str, separator: str) -> Cut:
    widths: list[int] = []
    try:
        rows, line = csv.reader(io.StringIO(sample, newline=""), delimiter=separator), 0
        for row in rows:
            if len(widths) >= _LOOKED_AT:
                break
            if row and any(row) and rows.line_num - line <= _MOST_LINES:
                widths.append(len(row))
            line = rows.line_num
    except csv.Error:
        pass
    counted = Counter(one for one in widths if one > 1)
    if not counted:
        return Cut(separator, 1, 0.0)
    width, times = max(counted.items(), key=lambda one: (one[1] * math.log(one[0]), one[0]))
    headed = 1.5 if width in widths[:_EARLY] else 1.0
    return Cut(separator, width, headed * (times / len(widths)) ** 2 * math.log(width + 1))


def wrapped_cut(sample: str) -> Cut | None:
    """How a sample falls into cells whose lines stand in quotes as one cell each; None when they do not."""
    lines = [line.strip() for line in sample.split("\n", _LOOKED_AT)[:_LOOKED_AT] if line.strip()]
    if not all(len(line) > 1 and line[0] == line[-1] == '"' for line in lines[:-1] or lines):
        return None
    inner = cut_of("\n".join(line[1:-1].replace('""', '"') for line in lines))
    return inner if inner.width > 1 else None
