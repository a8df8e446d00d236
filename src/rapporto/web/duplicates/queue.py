"""Walking the queue of likely duplicates: the first pair, the one before and after another, how many are left."""

from collections.abc import Sequence

from django.db.models import Q, QuerySet

from rapporto.domain.parties.duplicates.deciding import waiting
from rapporto.domain.parties.duplicates.models import OPEN, LikelyDuplicate
from rapporto.kernel.actor import Actor

COUNTED = 1_000
"""More pairs than these are not counted: «1.000+» says enough."""


def first(actor: Actor) -> LikelyDuplicate | None:
    """The likeliest pair that waits."""
    return waiting(actor).first()


def after(actor: Actor, pair: LikelyDuplicate) -> LikelyDuplicate | None:
    """The next pair of the queue; None behind the last one."""
    return _beyond(waiting(actor), pair, "lt").first()


def before(actor: Actor, pair: LikelyDuplicate) -> LikelyDuplicate | None:
    """The pair before this one; None before the first one."""
    return _beyond(waiting(actor), pair, "gt").reverse().first()


def _beyond(rows: QuerySet[LikelyDuplicate], pair: LikelyDuplicate, than: str) -> QuerySet[LikelyDuplicate]:
    """The rows on one side of a pair in the order of the queue: by state, by probability, by number, all of them downwards."""
    return rows.filter(
        Q(**{f"state__{than}": pair.state})
        | Q(state=pair.state, **{f"probability__{than}": pair.probability})
        | Q(state=pair.state, probability=pair.probability, **{f"pk__{than}": pair.pk})
    )


def left(actor: Actor) -> int:
    """How many pairs are to be looked at, COUNTED + 1 for more than those."""
    return waiting(actor).filter(state=OPEN).order_by().values("pk")[: COUNTED + 1].count()


def sure(actor: Actor, least: int, most: int) -> Sequence[LikelyDuplicate]:
    """The pairs of which there is hardly a doubt, the likeliest first."""
    rows = waiting(actor).filter(state=OPEN, probability__gte=least).select_related("first", "second")
    return list(rows[:most])
