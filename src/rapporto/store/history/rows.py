"""The history of one row: its version, what it was after any entry, and what each change did to it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Max

from rapporto.kernel.record import Field, RecordType
from rapporto.store.declare import DECLARED
from rapporto.store.history.models import Entry
from rapporto.store.history.values import Image, field_values, live_image

OUTSIDE = "outside"
"""The door of what was changed without the product."""


@dataclass(frozen=True)
class FieldChange:
    """What a change did to one field; None or '' is blank."""

    field: Field
    before: Any
    after: Any


@dataclass(frozen=True)
class Line:
    """One line of the history of a row: all that one change set did to it at a stretch.

    `act` is that of Entry: inserted, updated or deleted. `erased` tells that what was there has been forgotten on request.
    """

    entry_id: int
    at: datetime
    act: str
    change_set_id: int | None
    user_id: int | None
    user_name: str
    door: str
    command: str
    undoes: int | None
    changes: tuple[FieldChange, ...]
    erased: bool = False


def version(record_name: str, row_id: int) -> int:
    """The newest entry of a row, 0 when it was never changed: two equal versions mean an equal row."""
    newest = _entries(record_name, row_id).aggregate(newest=Max("id"))["newest"]
    return newest or 0


def versions(record_name: str, row_ids: Sequence[int]) -> dict[int, int]:
    """The versions of some rows, by id; those that were never changed are missing."""
    entries = Entry.objects.filter(record=record_name, row_id__in=row_ids)
    return dict(entries.values_list("row_id").annotate(newest=Max("id")).values_list("row_id", "newest"))


def state_at(record: RecordType, row_id: int, entry_id: int) -> dict[str, Any] | None:
    """The values of the row right after an entry (0: as it was before the first), by field name; None when there was no such row."""
    following = _entries(record.name, row_id).filter(id__gt=entry_id).order_by("id").values_list("act", "image").first()
    if following is None:
        image = live_image(DECLARED[record.name], row_id)
    elif following[0] == Entry.INSERTED:
        image = None
    else:
        image = following[1]
    return None if image is None else field_values(record, image)


def author_since(record_name: str, row_id: int, entry_id: int) -> str:
    """Who last changed the row after an entry; '' when it was changed outside the product, or not at all."""
    names = (
        _entries(record_name, row_id)
        .filter(id__gt=entry_id)
        .order_by("-id")
        .values_list("change_set__user_name", flat=True)
    )
    return names.first() or ""


def line_of(record: RecordType, row_id: int, limit: int = 50, before: int | None = None) -> list[Line]:
    """What happened to a row, newest first; only fields of `record`, which the caller has narrowed to what the actor may see.

    `before` is the `entry_id` of the last line already shown. Three queries, whatever the length.
    """
    entries = _entries(record.name, row_id).select_related("change_set").order_by("-id")
    page = list((entries if before is None else entries.filter(id__lt=before))[: limit + 1])
    after = live_image(DECLARED[record.name], row_id) if before is None else _image_after(record, row_id, before)
    lines = list(_lines(record, page, after))
    # The oldest stretch of a full page may go on in the next one: it is left to that, unless it is all there is.
    return lines[:-1] if len(page) > limit and len(lines) > 1 else lines


def _entries(record_name: str, row_id: int) -> Any:
    return Entry.objects.filter(record=record_name, row_id=row_id)


def _image_after(record: RecordType, row_id: int, before: int) -> Image | None:
    """What the row was right before the stretch that begins with entry `before`."""
    image: Image | None = _entries(record.name, row_id).filter(id=before).values_list("image", flat=True).first()
    return image


def _lines(record: RecordType, page: Sequence[Entry], after: Image | None) -> Iterator[Line]:
    stretch: list[Entry] = []
    for entry in page:
        if stretch and (entry.change_set_id is None or entry.change_set_id != stretch[0].change_set_id):
            yield _line(record, stretch, after)
            after, stretch = stretch[-1].image, []
        stretch.append(entry)
    if stretch:
        yield _line(record, stretch, after)


def _line(record: RecordType, stretch: Sequence[Entry], after: Image | None) -> Line:
    oldest, newest, change = stretch[-1], stretch[0], stretch[0].change_set
    act = Entry.INSERTED if oldest.act == Entry.INSERTED else newest.act
    erased = oldest.image is None and oldest.act != Entry.INSERTED
    return Line(
        entry_id=oldest.id,
        at=datetime.fromtimestamp(newest.at / 1_000_000, UTC),
        act=act,
        change_set_id=newest.change_set_id,
        user_id=change.user_id if change else None,
        user_name=change.user_name if change else "",
        door=change.door if change else OUTSIDE,
        command=change.command if change else "",
        undoes=change.undoes_id if change else None,
        changes=() if erased else tuple(_changes(record, oldest.image, after if newest.act != Entry.DELETED else None)),
        erased=erased,
    )


def _changes(record: RecordType, before: Image | None, after: Image | None) -> Iterator[FieldChange]:
    was, became = field_values(record, before), field_values(record, after)
    for name in was or became:
        old, new = was.get(name), became.get(name)
        if old != new and not (old in (None, "", False) and new in (None, "", False)):
            yield FieldChange(record.fields[name], old, new)
