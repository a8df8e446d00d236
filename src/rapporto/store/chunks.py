"""Long lists of ids in pieces that every database takes as parameters of one statement."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

SIZE = 1000
One = TypeVar("One")


def chunks(ids: Iterable[One], size: int = SIZE) -> Iterator[list[One]]:
    """The ids in their order, `size` at a time."""
    left = iter(ids)
    while some := list(islice(left, size)):
        yield some
