"""How good the search is: precision and recall on registers of which is known who is who, as they were measured and shipped."""

import json
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

from rapporto.insight.duplicates import model
from rapporto.insight.duplicates.features import row
from rapporto.insight.duplicates.judging import SUGGESTED, SURE, judged
from rapporto.insight.duplicates.linking import likely_pairs
from rapporto.insight.duplicates.subject import Subject, of_kind

KEPT = Path(__file__).with_name("measured.json")


@dataclass(frozen=True)
class Rates:
    """What was found at one threshold: pairs that it names, those of them that are one party, and all pairs that are."""

    threshold: float
    named: int
    right: int
    there: int

    @property
    def precision(self) -> float:
        """Of the pairs named the part that is right."""
        return self.right / self.named if self.named else 1.0

    @property
    def recall(self) -> float:
        """Of the pairs that are one party the part that is named."""
        return self.right / self.there if self.there else 1.0


@dataclass(frozen=True)
class Measured:
    """One register: what it is called, which parties of it, how many cards, the rates at both thresholds."""

    register: str
    kind: str
    cards: int
    sure: Rates
    suggested: Rates


def measure(register: str, kind: str, subjects: Iterable[Subject], truth: Collection[tuple[int, int]]) -> Measured:
    """Search a register as the product does, and compare with the truth: pairs of numbers, the smaller first."""
    some = {one.id: one for one in of_kind(subjects, person=kind == model.PERSON)}
    true = {pair for pair in truth if pair[0] in some}
    found = {
        (one, other): judged(some[one], some[other], probability)
        for one, other, probability in likely_pairs((row(one) for one in some.values()), kind, SUGGESTED)
    }
    return Measured(register, kind, len(some), _rates(found, true, SURE), _rates(found, true, SUGGESTED))


def _rates(found: dict[tuple[int, int], float], true: set[tuple[int, int]], threshold: float) -> Rates:
    named = {pair for pair, probability in found.items() if probability >= threshold}
    return Rates(threshold, len(named), len(named & true), len(true))


def keep(found: Iterable[Measured]) -> None:
    """Write the figures down as they are shipped."""
    text = json.dumps([asdict(one) for one in found], indent=1, ensure_ascii=False)
    KEPT.write_text(f"{text}\n", encoding="utf-8")
    kept.cache_clear()


@lru_cache
def kept() -> tuple[Measured, ...]:
    """The figures that are shipped."""
    if not KEPT.exists():
        return ()
    found = json.loads(KEPT.read_text(encoding="utf-8"))
    return tuple(
        Measured(one["register"], one["kind"], one["cards"], Rates(**one["sure"]), Rates(**one["suggested"]))
        for one in found
    )
