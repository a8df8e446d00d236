"""Long lists of ids in pieces that every database takes as parameters of one statement."""

from collections.abc import Iterable, Iterator
from itertools import islice

SIZE = 1000


def chunks(ids: Iterable[int], size: int = SIZE) -> Iterator[list[int]]:
    """The ids in their order, `size` at a time."""
    left = iter(ids)
    while some := list(islice(left, size)):
        yield some
