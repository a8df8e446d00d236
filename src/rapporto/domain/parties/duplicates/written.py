"""What follows when a pair is written: the smaller number stands first, and who decided is noted."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from rapporto.domain.parties.duplicates.models import OPEN, LikelyDuplicate
from rapporto.kernel.text import Message
from rapporto.store.derive import on_fields
from rapporto.store.errors import Invalid
from rapporto.store.history.changing import current_user

ITSELF = Message("A party is no duplicate of itself; choose two different ones.")


@on_fields("first", "second")
def in_order(row: LikelyDuplicate, changed: Mapping[str, Any]) -> None:
    """Put the smaller number first. Invalid for a party with itself."""
    if row.second_id is None:
        return
    if row.first_id == row.second_id:
        raise Invalid({"second": ITSELF})
    if row.second_id < row.first_id:
        row.first_id, row.second_id = row.second_id, row.first_id


@on_fields("state")
def note_decision(row: LikelyDuplicate, changed: Mapping[str, Any]) -> None:
    """Who decided and when, by the change itself; a pair that is open again was not decided."""
    if "state" not in changed:
        return
    decided = row.state != OPEN
    row.decided_by_id = current_user() if decided else None
    moment: Any = timezone.now() if decided else None
    row.decided_at = moment
