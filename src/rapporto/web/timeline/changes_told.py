"""One change in words: its title, the values before and after, the types that came and went, and the way back."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapporto.kernel.kinds import Tick
from rapporto.store.declare import DECLARED
from rapporto.store.history.models import Entry
from rapporto.store.history.rows import OUTSIDE
from rapporto.store.history.undo import SENIOR
from rapporto.web.doors import DOORS, HERE
from rapporto.web.facts import changed_words
from rapporto.web.links import undo_preview_url
from rapporto.web.reading import Reading
from rapporto.web.timeline.belongings import Belongings, Row, Values, name_of
from rapporto.web.timeline.entries import CHANGE, StreamEntry, Tag
from rapporto.web.timeline.noted import Noted


@dataclass(frozen=True)
class Step:
    """What one change set did at a stretch: its entries, newest first, those of the record itself, the fields, the parts."""

    entries: Sequence[Noted]
    own: Sequence[Noted]
    changed: Mapping[str, tuple[Any, Any]]
    """By field of the record: before and after."""
    parts: Mapping[Row, tuple[Values, Values]]
    """By part that was changed or deleted: its values before and after, as far as they are known."""

    @property
    def newest(self) -> Noted:
        """Its last entry."""
        return self.entries[0]

    @property
    def erased(self) -> bool:
        """Whether what was there has been forgotten on request: there is no way back."""
        return any(one.act != Entry.INSERTED and one.image is None for one in self.entries)

    @property
    def made(self) -> bool:
        """Whether the record itself was made."""
        return any(one.act == Entry.INSERTED for one in self.own)


def told(reading: Reading, belongs: Belongings, step: Step, *, undo: bool) -> StreamEntry:
    """A change as a line of the story."""
    newest = step.newest
    pairs = (*_fields(reading, step), *_several(reading, belongs, step), *_part_fields(reading, step))
    may = undo and newest.change and not (step.made or step.erased) and _may_undo(reading, newest)
    return StreamEntry(
        at=datetime.fromtimestamp(newest.at / 1_000_000, UTC),
        icon="plus" if step.made else "undo" if newest.undoes else "history",
        mark=CHANGE,
        kind=_("Change"),
        title=_title(reading, belongs, step, len(pairs)),
        person=newest.user_name or "",
        tags=tuple(_tags(newest)),
        changes=pairs,
        undo_url=undo_preview_url(newest.change) if may and newest.change else "",
    )


def _may_undo(reading: Reading, entry: Noted) -> bool:
    """Whether this person is offered the undo: of what they did, or as one who may undo what others did; once."""
    own = entry.change is not None and entry.user_id == reading.actor.user_id
    return (own or bool(reading.actor.roles & SENIOR)) and not entry.undone


def _fields(reading: Reading, step: Step) -> Iterator[dict[str, str]]:
    for name, (before, after) in step.changed.items():
        one = reading.record.fields[name]
        words = {"before": before, "after": after}
        yield {"label": str(one.label), **{n: changed_words(one, v, reading.titles) for n, v in words.items()}}


def _several(reading: Reading, belongs: Belongings, step: Step) -> Iterator[dict[str, str]]:
    """What came to a field of several links and what went from it; all of them came when the record was made."""
    moved: dict[str, dict[str, list[str]]] = {}
    for entry in reversed(step.entries):
        name, target = belongs.several.get((entry.record, entry.row_id), ("", 0))
        if name and not step.made:
            word = reading.titles.get(reading.record.fields[name].link or "", {}).get(target, "")
            side = "added" if entry.act == Entry.INSERTED else "removed"
            moved.setdefault(name, {"added": [], "removed": []})[side].append(word)
    for name, sides in moved.items():
        added, removed = (", ".join(word for word in sides[side] if word) for side in ("added", "removed"))
        yield {"label": str(reading.record.fields[name].label), "added": added, "removed": removed}


def _part_fields(reading: Reading, step: Step) -> Iterator[dict[str, str]]:
    """The fields of the one part that was changed; of several only the title speaks."""
    if len(step.parts) != 1 or step.changed:
        return
    ((record, row_id), (was, became)) = next(iter(step.parts.items()))
    acts = {one.act for one in step.entries if (one.record, one.row_id) == (record, row_id)}
    fields = DECLARED[record].record.seen_by(reading.actor).fields
    for name, after in became.items():
        one = fields.get(name)
        if one is None or one.link or name not in was or Entry.DELETED in acts:
            continue
        before = was[name]
        same = bool(before) == bool(after) if isinstance(one.kind, Tick) else (before or None) == (after or None)
        if not same:
            words = {"before": before, "after": after}
            yield {"label": str(one.label), **{n: changed_words(one, v, reading.titles) for n, v in words.items()}}


def _title(reading: Reading, belongs: Belongings, step: Step, count: int) -> str:
    parts = [one for one in step.entries if one not in step.own and (one.record, one.row_id) not in belongs.several]
    if step.made:
        return _("{what} added").format(what=str(reading.record.label))
    if step.erased:
        return _("Details erased on request")
    if step.newest.undoes:
        return _("A change was undone")
    if parts and not step.changed:
        return _of_part(reading, belongs, parts)
    if count:
        return ngettext("{count} field changed", "{count} fields changed", count).format(count=count)
    return _("Details changed")


def _of_part(reading: Reading, belongs: Belongings, parts: Sequence[Noted]) -> str:
    """«Address: removed · Via Roma 1, Verona», told of the first part that the change set touched."""
    row = (parts[-1].record, parts[-1].row_id)
    acts = {one.act for one in parts if (one.record, one.row_id) == row}
    gone, new = Entry.DELETED in acts, Entry.INSERTED in acts
    text = _("{what}: removed") if gone else _("{what}: added") if new else _("{what}: changed")
    said = text.format(what=str(DECLARED[row[0]].record.label))
    name = name_of(reading, row, belongs.values.get(row, {}))
    return f"{said} · {name}" if name else said


def _tags(entry: Noted) -> Iterator[Tag]:
    """Through which door it came in, where that was not this one."""
    door = OUTSIDE if entry.change is None else entry.door
    if door == OUTSIDE:
        yield Tag(_("Changed outside Rapporto"), "today")
    elif door and door != HERE and door in DOORS:
        yield Tag(str(DOORS[door]))
