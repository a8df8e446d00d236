"""Measures product and hand-written SQL in turns, so that both meet the same state of the machine."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from math import ceil
from statistics import median
from typing import Any

from rapporto.site.bench.server import processor, tree

FIXED, TIMES = 15.0, 2.0
"""The target: so many milliseconds, and so many times the hand-written SQL."""
WARM = 2


@dataclass(frozen=True)
class Line:
    """One line of the table, in milliseconds. `target` is 0 when there is none; `same` None when rows cannot be compared."""

    title: str
    person: str
    middle: float
    slow: float
    processor: float
    raw: float
    raw_slow: float
    target: float
    same: bool | None = None
    note: str = ""

    @property
    def reached(self) -> bool:
        return self.middle <= self.target


@dataclass
class Watch:
    """Whose time of the processor counts: the server's processes and the database's, without our own connection's."""

    server: int
    database: int = 0
    ours: set[int] = field(default_factory=set)

    def seconds(self) -> float:
        pids = [*tree(self.server), *(tree(self.database) if self.database else ())]
        return processor([pid for pid in pids if pid not in self.ours])


def in_turns(
    product: Callable[[], Any], raw: Callable[[], Any], times: int, watch: Watch
) -> tuple[list[float], list[float], float, tuple[Any, Any]]:
    """Milliseconds of both, milliseconds of the processor per call of the product, and what both gave at first."""
    first = (product(), raw())
    for _ in range(WARM):
        product()
        raw()
    took: list[float] = []
    took_raw: list[float] = []
    began = watch.seconds()
    for _ in range(times):
        took.append(timed(product))
        took_raw.append(timed(raw))
    return took, took_raw, 1000 * (watch.seconds() - began) / times, first


def timed(act: Callable[[], Any]) -> float:
    """How many milliseconds an act takes."""
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


def slowest(values: list[float]) -> float:
    """The 95th percentile."""
    return sorted(values)[ceil(len(values) * 0.95) - 1]


def line(
    title: str, person: str, product: Callable[[], Any], raw: Callable[[], Any], watch: Watch, *,
    times: int, target: float = 0.0, exact: bool = True,
) -> Line:  # fmt: skip
    """Measure one item; without a `target` of its own the usual one is taken."""
    took, took_raw, busy, (mine, experts) = in_turns(product, raw, times, watch)
    same = mine == experts if exact else None
    note = "" if same is not False else f"rows differ: {_difference(mine, experts)}"
    aim = target or FIXED + TIMES * median(took_raw)
    return Line(title, person, median(took), slowest(took), busy, median(took_raw), slowest(took_raw), aim, same, note)


def _difference(mine: Any, experts: Any) -> str:
    if not isinstance(mine, list) or not isinstance(experts, list):
        return f"{mine!r} and {experts!r}"
    at = next(
        (n for n, pair in enumerate(zip(mine, experts, strict=False)) if pair[0] != pair[1]),
        min(len(mine), len(experts)),
    )
    return (
        f"{len(mine)} and {len(experts)} rows, from the {at + 1}th on: {mine[at : at + 3]} and {experts[at : at + 3]}"
    )


__all__ = ["FIXED", "Line", "Watch", "line", "median", "slowest", "timed"]
