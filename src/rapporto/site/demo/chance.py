"""Chance that repeats itself: the same seed gives the same company on every machine."""

from bisect import bisect
from collections.abc import Iterable, Sequence
from itertools import accumulate
from math import exp
from random import Random
from typing import Generic, TypeVar

T = TypeVar("T")


class Chance(Random):
    """Draws from a named seed; unlike `hash`, seeding with a text is the same in every process."""

    def one(self, many: Sequence[T]) -> T:
        """Any of them."""
        return many[int(self.random() * len(many))]

    def happens(self, odds: float) -> bool:
        """True with these odds, 0 to 1."""
        return self.random() < odds

    def number(self, first: int, last: int) -> int:
        """A whole number from `first` to `last`."""
        return first + int(self.random() * (last - first + 1))

    def digits(self, count: int) -> str:
        """So many figures."""
        return f"{int(self.random() * 10**count):0{count}}"

    def around(self, median: float, spread: float) -> float:
        """A log-normal amount: half of them below the median, a few far above."""
        return median * exp(self.gauss(0, spread))


class Weighted(Generic[T]):
    """Things of which some come more often than others."""

    def __init__(self, pairs: Iterable[tuple[T, float]]) -> None:
        self.things, weights = zip(*pairs, strict=True)
        self.sums = list(accumulate(weights))

    def pick(self, chance: Chance) -> T:
        """One of them, by weight."""
        found: T = self.things[bisect(self.sums, chance.random() * self.sums[-1], 0, len(self.sums) - 1)]
        return found
