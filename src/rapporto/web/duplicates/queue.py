"""Walking the queue of likely duplicates: the first pair, the one before and after another, how many are left."""

from collections.abc import Sequence

from django.db.models import Q, QuerySet

from rapporto.domain.parties.duplicates.deciding import waiting
from rapporto.domain.parties.duplicates.models import LATER, OPEN, LikelyDuplicate
from rapporto.kernel.actor import Actor

COUNTED = 1_000
"""More pairs than these are not counted: «1.000+» says enough."""


def first(actor: Actor) -> LikelyDuplicate | None:
    """The likeliest pair that waits; those that were put off come when no other is left."""
    return waiting(actor, OPEN).first() or waiting(actor, LATER).first()


def after(actor: Actor, pair: LikelyDuplicate) -> LikelyDuplicate | None:
    """The next pair of the queue; None behind the last one."""
    found = _beyond(waiting(actor, pair.state), pair, "lt").first()
    return found or (waiting(actor, LATER).first() if pair.state == OPEN else None)


def before(actor: Actor, pair: LikelyDuplicate) -> LikelyDuplicate | None:
    """The pair before this one; None before the first one."""
    found = _beyond(waiting(actor, pair.state), pair, "gt").reverse().first()
    return found or (waiting(actor, OPEN).reverse().first() if pair.state == LATER else None)


def _beyond(rows: QuerySet[LikelyDuplicate], pair: LikelyDuplicate, than: str) -> QuerySet[LikelyDuplicate]:
    """The rows on one side of a pair in the order of the queue; the first condition bounds the walk through the index."""
    other = Q(**{f"probability__{than}": pair.probability}) | Q(**{f"pk__{than}": pair.pk})
    return rows.filter(Q(**{f"probability__{than}e": pair.probability}) & other)


def left(actor: Actor) -> int:
    """How many pairs are to be looked at, COUNTED + 1 for more than those."""
    return waiting(actor, OPEN).order_by().values("pk")[: COUNTED + 1].count()


def sure(actor: Actor, least: int, most: int) -> Sequence[LikelyDuplicate]:
    """The pairs of which there is hardly a doubt, the likeliest first."""
    return list(waiting(actor, OPEN).filter(probability__gte=least)[:most])
