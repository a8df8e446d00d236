"""A likely pair as it is shown: the better card first, where the two differ, and why they may be one, in words."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.text import capfirst

from rapporto.domain.parties.alike import looks
from rapporto.domain.parties.duplicates.models import LikelyDuplicate
from rapporto.domain.parties.duplicates.rules import WHOLE
from rapporto.domain.parties.duplicates.rules import in_words as rules_in_words
from rapporto.domain.parties.likeness import RULES, Reason, in_common, reasons
from rapporto.kernel.actor import Actor
from rapporto.store.declare import DECLARED
from rapporto.store.merge import obstacle
from rapporto.store.merge_values import BLANK
from rapporto.web.asked import language
from rapporto.web.forms.hints.duplicates import in_words as reason_in_words
from rapporto.web.merge.compared import Line, Side, lines, sides
from rapporto.web.mistakes import in_words
from rapporto.web.reading import Reading, read


@dataclass(frozen=True)
class Shown:
    """One pair: the heads of both cards, the lines that differ and the ones that do not, the reasons, what forbids a merge."""

    id: int
    percent: int
    state: str
    sides: Sequence[Side]
    differ: Sequence[Line]
    same: Sequence[Line]
    why: Sequence[str]
    obstacle: str = ""


def shown(actor: Actor, pair: LikelyDuplicate, *, stays: str = "") -> Shown:
    """A pair of the queue as this person may see it; `stays` is the number of the card that is to stay, else the better one does.

    NotFound when one of the two is gone.
    """
    one, other = (read(actor, "party", party or 0) for party in (pair.first_id, pair.second_id))
    both = (
        (other, one) if stays == str(other.id) else (one, other) if stays == str(one.id) else better_first(one, other)
    )
    differ, same = lines(actor, both)
    against = obstacle("party", both[0].id, both[1].id)
    return Shown(
        pair.pk, pair.probability or 0, pair.state, _sides(actor, pair, both), differ, same, why(actor, pair),
        in_words(against) if against else "",
    )  # fmt: skip


def _sides(actor: Actor, pair: LikelyDuplicate, both: Sequence[Reading]) -> list[Side]:
    """The heads of the columns; letting the other card stay leads back to this queue, which itself hangs on nothing."""
    here, queue = reverse("duplicates"), str(DECLARED["likely_duplicate"].record.plural)
    return [
        replace(
            one,
            first_url=f"{here}?pair={pair.pk}&stays={one.id}",
            hangs=tuple(line for line in one.hangs if not line.startswith(f"{queue}:")),
        )
        for one in sides(actor, both)
    ]


def better_first(one: Reading, other: Reading) -> tuple[Reading, Reading]:
    """The card that is offered to stay: one that the ERP knows, then the one that says more, then the older one."""
    return (one, other) if _worth(one) >= _worth(other) else (other, one)


def _worth(reading: Reading) -> tuple[bool, int, int]:
    filled = sum(
        1 for name, value in reading.values.items() if value not in BLANK and not reading.record.fields[name].derived
    )
    return bool(reading.values.get("external_code")), filled, -reading.id


def why(actor: Actor, pair: LikelyDuplicate) -> list[str]:
    """The reasons in words, of the values this person may see; what no rule says any more is told by the rule that once said it."""
    there = looks(actor, [pair.first_id, pair.second_id or 0])
    told = [there[one] for one in (pair.first_id, pair.second_id or 0) if one in there]
    found: tuple[Reason, ...] = ()
    if len(told) == 2:
        found = reasons(told[0], told[1], tuple(RULES)) or in_common(told[0], told[1])
    if found:
        return [capfirst(reason_in_words(one, language())) for one in found]
    return rules_in_words(pair.reasons or WHOLE)
