"""The results: a table for people, and the same as JSON."""

import json
import os
import platform
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from rapporto.site.bench.eight import REQUESTS, SLOWEST, Mixed
from rapporto.site.bench.measure import FIXED, TIMES, Line

START, SHARE = 3.0, 180.0
"""The target: seconds until the first answer, MB of one process."""
MARKS = {True: "✓", False: "✗"}
BUSY = "~"
"""Missed by the clock, while product and database together had used less time of the processor: the machine did other things."""


@dataclass
class Result:
    """Everything measured in one run."""

    database: str
    size: int
    megabytes: float = 0.0
    lines: list[Line] = field(default_factory=list)
    mixed: list[Mixed] = field(default_factory=list)
    starts: dict[int, float] = field(default_factory=dict)
    memory: dict[int, list[tuple[float, float]]] = field(default_factory=dict)

    @property
    def right(self) -> bool:
        """Whether product and hand-written SQL gave the same rows everywhere."""
        return all(one.same is not False for one in self.lines)

    def write(self, folder: Path) -> Path:
        """Keep it as JSON; gives the file."""
        file = folder / f"{datetime.now(UTC):%Y%m%d-%H%M%S}.json"
        text = json.dumps({**asdict(self), "machine": machine()}, indent=1, ensure_ascii=False)
        file.write_text(text, encoding="utf-8")
        return file

    def show(self) -> None:
        """Print the table."""
        print(f"\n{self.database}, {self.size:,} parties, {self.megabytes:,.0f} MB; {machine()}")
        print(
            f"Whole HTTP requests; milliseconds. The target of reading is {FIXED:.0f} + {TIMES:.0f} × hand-written SQL.\n"
        )
        for row in _table(self.lines):
            print(row)
        print()
        for row in self._ends():
            print(row)

    def _ends(self) -> Iterator[str]:
        for one in self.mixed:
            wrong = f", {one.errors} WRONG ANSWERS" if one.errors else ""
            yield (
                f"{MARKS[one.reached]} eight people, {one.processes} process(es): {one.rate:.0f} requests/s, median {one.middle:.0f}, "
                f"p95 {one.slow:.0f} (target ≥ {REQUESTS:.0f}/s, p95 < {SLOWEST:.0f}){wrong}"
            )
        for processes, seconds in self.starts.items():
            yield f"{MARKS[seconds < START]} start-up with {processes} process(es): {seconds:.1f} s (target < {START:.0f})"
        for processes, found in self.memory.items():
            each = ", ".join(f"{share:.0f}" for share, _ in found)
            most = max((share for share, _ in found), default=0.0)
            total, files = sum(share for share, _ in found), sum(part for _, part in found)
            told = (
                f"memory with {processes} process(es), PSS in MB: {each}; together {total:.0f}, {files:.0f} of it files"
            )
            yield f"{MARKS[most < SHARE]} {told} (target < {SHARE:.0f} each)"


def _table(lines: Sequence[Line]) -> Iterator[str]:
    yield f"{'':2}{'':30}{'as':9}{'median':>8}{'p95':>8}{'cpu':>7} {'SQL':>8}{'p95':>8}{'ratio':>7}{'target':>9}"
    for one in lines:
        ratio = f"{one.middle / one.raw:.0f}×" if one.raw else ""
        yield (
            f"{_mark(one)} {one.title:30}{one.person:9}{one.middle:8.1f}{one.slow:8.1f}{one.processor:7.1f} "
            f"{one.raw:8.2f}{one.raw_slow:8.2f}{ratio:>7}{one.target:9.1f}" + (f"  {one.note}" if one.note else "")
        )


def _mark(one: Line) -> str:
    return BUSY if not one.reached and one.processor <= one.target else MARKS[one.reached]


def machine() -> str:
    """What this was measured on, and how busy that was with other things."""
    load = os.getloadavg()[0]
    return f"{os.cpu_count()} processors, Python {platform.python_version()}, load {load:.1f} at the end"
