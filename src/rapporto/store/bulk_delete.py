"""`delete_many`: all matching records that nothing keeps are deleted, as one change set; the others are named with their reason."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from django.db import transaction

from rapporto.kernel.actor import Actor
from rapporto.kernel.text import Message
from rapporto.kernel.where import Where
from rapporto.store.bulk import CHUNK
from rapporto.store.chunks import chunks
from rapporto.store.errors import Refused
from rapporto.store.history.models import ChangeSet
from rapporto.store.jobs import Progress
from rapporto.store.portions import in_portions
from rapporto.store.records import changeable_rows, find
from rapporto.store.write import delete_rows

NOT_YOURS = Message("You may see this record but not change it; ask who it is assigned to.")


@dataclass(frozen=True)
class Deleted:
    """What was deleted: the change set (None when nothing was), how many records, and by id why the others were not."""

    change_set_id: int | None
    deleted: int
    refused: Mapping[int, Message] = field(default_factory=dict)


def delete_many(
    actor: Actor,
    name: str,
    where: Where,
    *,
    only: Collection[int] | None = None,
    progress: Progress | None = None,
) -> Deleted:
    """Delete every record that matches (of those with the ids `only`) with its parts; one transaction up to 10,000, more in portions.

    `progress` is told of each portion.
    """
    rows = find(actor, name, where) if only is None else find(actor, name, where).filter(pk__in=only)
    ids = list(rows.order_by("pk").values_list("pk", flat=True))
    refused: dict[int, Message] = {}

    def write(_change: ChangeSet, portion: list[int]) -> None:
        mine = changeable_rows(actor, name)
        allowed = {pk for some in chunks(portion) for pk in mine.filter(pk__in=some).values_list("pk", flat=True)}
        refused.update(dict.fromkeys((one for one in portion if one not in allowed), NOT_YOURS))
        for some in chunks(one for one in portion if one in allowed):
            refused.update(_deleted(actor, name, some))

    change = in_portions(actor, "delete_many", ids, CHUNK, write, progress)
    return Deleted(change if len(ids) > len(refused) else None, len(ids) - len(refused), refused)


def _deleted(actor: Actor, name: str, ids: list[int]) -> dict[int, Message]:
    """Delete these; when something keeps one of them, the halves are tried, so that few statements find it among many."""
    try:
        with transaction.atomic():
            delete_rows(actor, name, ids)
    except Refused as refused:
        if len(ids) == 1:
            return {ids[0]: refused.message}
        half = len(ids) // 2
        return {**_deleted(actor, name, ids[:half]), **_deleted(actor, name, ids[half:])}
    return {}
