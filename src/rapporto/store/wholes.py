"""Which wholes are touched by written parts: those they belong to now, and those they belonged to before this change."""

from collections.abc import Iterable, Sequence

from django.db.models import Model, QuerySet

from rapporto.store.chunks import chunks
from rapporto.store.columns import record_name
from rapporto.store.history.changing import current_id
from rapporto.store.history.models import Entry


def wholes(part: type[Model], ids: Sequence[int], links: Iterable[str]) -> set[int]:
    """The ids in the link columns `links` («party_id») of these rows, now and in the images that the change under way has left.

    So a part that was moved or deleted still leads to where it was.
    """
    columns = tuple(links)
    found: set[int | None] = set()
    for some in chunks(ids):
        for values in part._default_manager.filter(pk__in=some).values_list(*columns):
            found.update(values)
        for values in images(part, some).values_list(*(f"image__{column}" for column in columns)):
            found.update(values)
    return {one for one in found if one is not None}


def images(part: type[Model], ids: Sequence[int]) -> QuerySet[Entry]:
    """What the change under way has left of these rows as they were."""
    return Entry.objects.filter(
        record=record_name(part), row_id__in=ids, change_set_id=current_id(), image__isnull=False
    )
