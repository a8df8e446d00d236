"""What is measured by writing in bulk: the rows of an import, a change of every party and its undo, beside the same by hand."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from rapporto.site.bench import sql
from rapporto.site.bench.ground import Ground
from rapporto.site.bench.measure import Line, timed
from rapporto.site.bench.raw import Raw, Row

IMPORTED, FEW = 4_000, 200
RATE = 2_000
"""Rows of an import in a second: party, address, telephone and e-mail each."""
CHANGED = 100_000
CHANGE_ALL, UNDO_ALL = 15_000.0, 15_000.0
"""Milliseconds for a hundred thousand rows."""
PORTION = 50
SHIFT = 10_000_000
"""The rows that are inserted by hand have other numbers."""
TABLES = (
    ("parties_party", "id"), ("parties_address", "party_id"), ("parties_contactpoint", "party_id"),
    ("parties_partynumbers", "party_id"), ("search_party", "id"),
)  # fmt: skip


@dataclass
class BulkItems:
    """One run: first the product in a process of its own, then the same by hand; `one_change` is a transaction with its change set."""

    place: Ground
    raw: Raw
    one_change: Callable[[], AbstractContextManager[int]]
    rows: int = IMPORTED

    def lines(self) -> Iterator[Line]:
        """The lines of the table."""
        phases = sql.PHASES_OF_ALL
        file = self.place.folder / "heavy.json"
        file.write_text(json.dumps({"rows": self.rows, "phases": phases}), encoding="utf-8")
        subprocess.run(
            (sys.executable, "-m", "rapporto.site.bench", "heavy", str(file)), env=self.place.environment, check=True
        )
        told = json.loads(file.read_text(encoding="utf-8"))
        yield self._import(told["import"])
        states: list[Any] = []
        by_hand = [timed(lambda act=act: states.append(act(phases))) for act in (self._change, self._undo)]  # type: ignore[misc]
        number = sum(count for _, count, _ in states[0])
        for name, took, state, target in zip(("change", "undo"), by_hand, states, (CHANGE_ALL, UNDO_ALL), strict=True):
            aim = target * max(number, CHANGED) / CHANGED
            yield _line(f"{name} everything, {number:,}", told[name], took, aim, state == told[name]["state"])

    def _import(self, told: dict[str, Any]) -> Line:
        """Product and hand-written SQL insert the same rows, in transactions of the same size."""
        portions = list(self._portions(told["change"]))
        began = time.perf_counter()
        for tables in portions:
            with self.one_change():
                for (table, _), rows in zip(TABLES, tables, strict=True):
                    self.raw.insert(table, rows, at_once=table.startswith("search_"))
        took = 1000 * (time.perf_counter() - began)
        there = self.raw.rows(f"SELECT count(*) FROM search_party WHERE id >= {SHIFT}")[0][0]
        note = (
            f"{1000 * self.rows / told['took']:,.0f} rows/s, {1000 * self.rows / told['busy']:,.0f} by the processor;"
            f" longest transaction {told['longest']:.0f} ms; {told['megabytes']:.0f} MB"
        )
        return _line(f"import {self.rows:,} rows", told, took, 1000 * self.rows / RATE, there == self.rows, note)

    def _portions(self, change: int) -> Iterator[list[list[dict[str, Any]]]]:
        """The rows that the product made, table by table, with other numbers."""
        ids = [one for (one,) in self.raw.rows(sql.ENTERED, {"change": change})]
        for at in range(0, len(ids), PORTION):
            listed = ", ".join(map(str, ids[at : at + PORTION]))
            yield [[*self._rows(table, link, listed)] for table, link in TABLES]

    def _rows(self, table: str, link: str, listed: str) -> Iterator[dict[str, Any]]:
        for row in self.raw.named(f"SELECT * FROM {table} WHERE {link} IN ({listed})"):
            moved = {**row, link: row[link] + SHIFT}
            yield moved if link == "id" else {name: value for name, value in moved.items() if name != "id"}

    def _change(self, phases: str) -> list[Row]:
        with self.one_change() as self.changed:
            self.raw.run(sql.CHANGE_ALL)
        return self._state(phases)

    def _undo(self, phases: str) -> list[Row]:
        with self.one_change():
            text = sql.UNDO.format(then=sql.THEN[self.raw.vendor])
            self.raw.run(text, {"change": self.changed, "phase": "at_risk"})
        return self._state(phases)

    def _state(self, phases: str) -> list[Any]:
        return [[phase, number, int(total)] for phase, number, total in self.raw.rows(phases)]


def _line(title: str, told: dict[str, Any], by_hand: float, target: float, same: bool, note: str = "") -> Line:
    said = note if same else f"rows differ; {note}"
    return Line(title, "system", told["took"], told["took"], told["busy"], by_hand, by_hand, target, same, said)


__all__ = ["FEW", "IMPORTED", "BulkItems"]
