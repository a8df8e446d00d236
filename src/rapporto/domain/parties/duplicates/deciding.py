"""What a person decides about a pair: no duplicates, later, or open again. Merging decides by itself."""

from collections.abc import Collection

from django.db.models import QuerySet

from rapporto.domain.parties.duplicates.models import DIFFERENT, LATER, MERGED, OPEN, LikelyDuplicate
from rapporto.kernel.actor import Actor
from rapporto.kernel.where import field
from rapporto.store.errors import Refused
from rapporto.store.history.changing import change_set
from rapporto.store.merge import merge
from rapporto.store.records import find, get
from rapporto.store.write import save

COMMANDS = {DIFFERENT: "tell_apart", LATER: "put_off", OPEN: "reopen"}


def decide_pair(actor: Actor, pair: int, state: str) -> int | None:
    """Decide about a pair: `different` is never asked again, `later` goes to the end of the queue, `open` takes it back.

    Gives the change set. Raises NotFound, and Refused for a pair that was merged.
    """
    with change_set(actor, COMMANDS[state]) as change:
        if get(actor, "likely_duplicate", pair, lock=True).state == MERGED:
            raise Refused("These two have been merged already; undo that first.")
        save(actor, "likely_duplicate", {"state": state}, id=pair)
    return change.pk


def waiting(actor: Actor, state: str) -> QuerySet[LikelyDuplicate]:
    """The pairs that are to be looked at (`open`), or were put off (`later`), the likeliest first: one index holds this order."""
    rows = find(actor, "likely_duplicate", field("state").eq(state) & ~field("second").eq(None))
    return rows.order_by("-probability", "-pk")


def told_apart(actor: Actor, party: int) -> set[int]:
    """The parties of which somebody has said that they are not this one."""
    pairs = find(actor, "likely_duplicate", field("state").eq(DIFFERENT)).order_by()
    return {
        *pairs.filter(first=party, second__isnull=False).values_list("second_id", flat=True),
        *pairs.filter(second=party).values_list("first_id", flat=True),
    }


def merge_pairs(actor: Actor, pairs: Collection[tuple[int, int]]) -> tuple[int | None, int]:
    """Merge several pairs (the one that stays, the other) as one change set; gives it, and how many were merged.

    What became part of another one meanwhile is followed to where it went. Raises what `merge` raises; then nothing is changed.
    """
    led: dict[int, int] = {}
    done = 0
    with change_set(actor, "merge_duplicates") as change:
        for keep, other in pairs:
            one, two = _end(led, keep), _end(led, other)
            if one != two:
                merge(actor, "party", one, two)
                led[two] = one
                done += 1
    return change.pk, done


def _end(led: dict[int, int], party: int) -> int:
    while party in led:
        party = led[party]
    return party


__all__ = ["decide_pair", "merge_pairs", "told_apart", "waiting"]
