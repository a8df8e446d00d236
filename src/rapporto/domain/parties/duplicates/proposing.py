"""`propose`: pairs that may be one party, by whoever found them. What somebody has decided is never asked again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapporto.domain.parties.duplicates.models import IMPORT, OPEN, LikelyDuplicate
from rapporto.kernel.actor import Actor
from rapporto.store.bulk_create import create_many
from rapporto.store.chunks import chunks
from rapporto.store.history.changing import change_set
from rapporto.store.write import save

PORTION = 200
"""Pairs written in one go: whoever saves beside it waits no longer than for these."""


@dataclass(frozen=True)
class Proposal:
    """Two parties, in any order, how likely they are one in per cent, and the rules that say so («vat_number», «external_code»)."""

    one: int
    other: int
    percent: int
    reasons: tuple[str, ...] = ()

    @property
    def pair(self) -> tuple[int, int]:
        """Their numbers, the smaller first."""
        return (self.one, self.other) if self.one < self.other else (self.other, self.one)


def propose(actor: Actor, proposals: Iterable[Proposal], *, found_by: str = IMPORT) -> int:
    """Put pairs into the queue; gives how many are new there. One change set; inside another one, that one goes on.

    A pair that waits already is only told anew when it has become likelier; one that somebody has decided stays as it is. Raises
    what `create_many` raises when the actor may not see both parties.
    """
    wanted: dict[tuple[int, int], Proposal] = {}
    for one in proposals:
        if one.one != one.other and (one.pair not in wanted or wanted[one.pair].percent < one.percent):
            wanted[one.pair] = one
    with change_set(actor, "propose_duplicates"):
        return sum(_portion(actor, some, found_by) for some in chunks(list(wanted.values()), PORTION))


def _portion(actor: Actor, proposals: Sequence[Proposal], found_by: str) -> int:
    there = known(proposals)
    for one in proposals:
        waiting = there.get(one.pair)
        if waiting is not None and waiting.state == OPEN and (waiting.probability or 0) < one.percent:
            save(actor, "likely_duplicate", _told(one), id=waiting.pk)
    new = [one for one in proposals if one.pair not in there]
    rows = [{"first": one.pair[0], "second": one.pair[1], "found_by": found_by, **_told(one)} for one in new]
    return len(create_many(actor, "likely_duplicate", rows))


def known(proposals: Sequence[Proposal]) -> dict[tuple[int, int], LikelyDuplicate]:
    """The pairs among these that stand in the register already, whatever was decided."""
    firsts = {one.pair[0] for one in proposals}
    rows = LikelyDuplicate.objects.filter(first__in=firsts, second__isnull=False)
    return {(row.first_id, row.second_id or 0): row for row in rows}


def _told(one: Proposal) -> dict[str, object]:
    return {"probability": max(0, min(100, one.percent)), "reasons": " ".join(dict.fromkeys(one.reasons))[:200]}


__all__ = ["Proposal", "known", "propose"]
