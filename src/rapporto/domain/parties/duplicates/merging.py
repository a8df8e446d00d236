"""What a merge does to the pairs: that of the two is closed; what was decided about the one that goes holds for the one that stays."""

from collections import Counter

from django.db.models import Q
from django.utils import timezone

from rapporto.domain.parties.duplicates.models import DIFFERENT, LATER, MERGED, OPEN, LikelyDuplicate
from rapporto.store.history.changing import current_user

_STRONGER = {OPEN: 0, LATER: 1, DIFFERENT: 2, MERGED: 3}


def close_pairs(keep: int, other: int) -> Counter[str]:
    """Inside the merge, before its links change over; gives how many pairs became part of another one."""
    folded = 0
    for row in LikelyDuplicate.objects.filter(Q(first=other) | Q(second=other)).order_by("pk"):
        third = row.second_id if row.first_id == other else row.first_id
        if third is None or third == keep:
            _close(row, keep, same=third == keep)
        else:
            folded += _lead_on(row, keep, third)
    return Counter({"likely_duplicate": folded} if folded else {})


def _close(row: LikelyDuplicate, keep: int, *, same: bool) -> None:
    """The pair of the two is merged: who and when. One that was merged before only leads to the one that stays."""
    row.first_id, row.second_id = keep, None
    if same:
        row.state, row.decided_by_id, row.decided_at = MERGED, current_user(), timezone.now()
    row.save()


def _lead_on(row: LikelyDuplicate, keep: int, third: int) -> int:
    """The pair with a third party is one of the kept party now; of two such pairs the one that was decided stays."""
    first, second = min(keep, third), max(keep, third)
    there = LikelyDuplicate.objects.filter(first=first, second=second).first()
    if there is None:
        row.first_id, row.second_id = first, second
        row.save()
        return 0
    if _STRONGER[row.state] > _STRONGER[there.state]:
        there.state, there.decided_by_id, there.decided_at = row.state, row.decided_by_id, row.decided_at
        there.save()
    row.delete()
    return 1
