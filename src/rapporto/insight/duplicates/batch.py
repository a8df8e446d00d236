"""The search of the whole register: reads, scores, judges, and puts the likely pairs into the queue. It can be run again at any time."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from rapporto.domain.parties.duplicates.models import OPEN, SEARCH, LikelyDuplicate
from rapporto.domain.parties.duplicates.proposing import PORTION, Proposal, propose
from rapporto.domain.parties.duplicates.rules import WHOLE
from rapporto.domain.parties.likeness import RULES, in_common, reasons
from rapporto.domain.parties.models import UNIT, Party
from rapporto.insight.duplicates import model
from rapporto.insight.duplicates.features import row
from rapporto.insight.duplicates.judging import SUGGESTED, judged
from rapporto.insight.duplicates.linking import Pair, likely_pairs
from rapporto.insight.duplicates.reading import everybody, subjects
from rapporto.insight.duplicates.subject import Subject
from rapporto.kernel.actor import Actor, system_task
from rapporto.store.chunks import chunks
from rapporto.store.history.changing import change_set, close
from rapporto.store.write import delete_rows

TASK = system_task("find_duplicates")
JUDGED = 1_000
SUREST = 99
"""The most that is ever said, in per cent: two cards that are alike in everything may still be two parties."""
Told = Callable[[int, int], None]
"""Told how many parties of how many are done."""
Began = Callable[[int], None]
"""Told the change set, inside its first transaction."""


@dataclass
class Searched:
    """What a search found: parties read, pairs that are likely, those of them that are new in the queue, and those gone from it."""

    parties: int = 0
    likely: int = 0
    new: int = 0
    gone: int = 0
    change_set_id: int | None = None
    pairs: set[tuple[int, int]] = field(default_factory=set)


def search(actor: Actor = TASK, told: Told = lambda done, total: None, began: Began = lambda change: None) -> Searched:
    """Search the whole register, whoever may see what: the queue shows to each person only pairs of parties they may see."""
    done = Searched()
    total = Party.objects.exclude(kind=UNIT).count()
    try:
        for kind, person in ((model.COMPANY, False), (model.PERSON, True)):
            for some in chunks(_proposals(_scored(kind, done, total, told, person=person)), PORTION):
                _put(actor, done, some, began)
                told(done.parties, total)
        _strike_out(actor, done, began)
    finally:
        if done.change_set_id is not None:
            close(done.change_set_id)
    return done


def _scored(kind: str, done: Searched, total: int, told: Told, *, person: bool) -> Iterator[Pair]:
    """The pairs of a kind of party, while its parties are counted."""
    before = done.parties

    def read(count: int) -> None:
        done.parties = before + count
        told(done.parties, total)

    rows = (row(one) for one in everybody(TASK, person=person))
    return likely_pairs(rows, kind, SUGGESTED, told=read)


def _proposals(pairs: Iterable[Pair]) -> Iterator[Proposal]:
    """What is left after the rules, with the reasons a person is told."""
    for some in chunks(pairs, JUDGED):
        there = subjects(TASK, sorted({one for pair in some for one in pair[:2]}))
        for one, other, probability in some:
            if one in there and other in there:
                likely = judged(there[one], there[other], probability)
                if likely >= SUGGESTED:
                    yield Proposal(one, other, min(int(likely * 100), SUREST), rules_of(there[one], there[other]))


def rules_of(one: Subject, other: Subject) -> tuple[str, ...]:
    """The rules that speak for a pair, by name; of what no rule says the whole likeness is the reason."""
    found = reasons(one.look, other.look, tuple(RULES)) or in_common(one.look, other.look)
    return tuple(dict.fromkeys(why.rule for why in found)) or (WHOLE,)


def _put(actor: Actor, done: Searched, proposals: list[Proposal], began: Began) -> None:
    """Write a portion of the pairs; all portions are one change set."""
    done.likely += len(proposals)
    done.pairs.update(one.pair for one in proposals)
    with change_set(actor, "find_duplicates", continues=done.change_set_id, keep_open=True) as change:
        done.new += propose(TASK, proposals, found_by=SEARCH)
        if done.change_set_id is None:
            began(change.pk)
    done.change_set_id = change.pk


def _strike_out(actor: Actor, done: Searched, began: Began) -> None:
    """Take pairs of an earlier search out of the queue that are likely no more, and of which nobody has decided anything."""
    rows = LikelyDuplicate.objects.filter(state=OPEN, found_by=SEARCH).values_list("pk", "first_id", "second_id")
    gone = [pk for pk, first, second in rows.iterator() if (first, second) not in done.pairs]
    for some in chunks(gone, PORTION):
        with change_set(actor, "find_duplicates", continues=done.change_set_id, keep_open=True) as change:
            delete_rows(TASK, "likely_duplicate", some)
            if done.change_set_id is None:
                began(change.pk)
        done.change_set_id, done.gone = change.pk, done.gone + len(some)


__all__ = ["Searched", "rules_of", "search"]
