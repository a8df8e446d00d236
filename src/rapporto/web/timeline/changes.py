"""The changes of a record and of its parts, as lines of the story: who, when, which fields, and the way back."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapporto.kernel.kinds import Tick
from rapporto.kernel.record import RecordType
from rapporto.store.asking import Asked
from rapporto.store.declare import DECLARED
from rapporto.store.history.models import Entry
from rapporto.store.history.rows import OUTSIDE, state_at
from rapporto.store.history.undo import SENIOR
from rapporto.store.history.values import field_values, parsed
from rapporto.web.facts import changed_words
from rapporto.web.links import undo_url
from rapporto.web.reading import Reading, learn_titles, wanted_titles
from rapporto.web.timeline.entries import CHANGE, StreamEntry, Tag
from rapporto.web.timeline.noted import Noted, Parts, noted


@dataclass(frozen=True)
class Changes:
    """Lines of changes, newest first; `next` is where the following ones begin, None at the end."""

    entries: tuple[StreamEntry, ...]
    ends: tuple[int, ...]
    """For each line the id of its oldest entry: the place from which to go on after it."""
    more: bool


_Group = tuple[Noted, ...]
"""What one change set did at a stretch, newest first."""


def changes_of(
    reading: Reading,
    parts: Parts,
    *,
    limit: int,
    before: int | None = None,
    until: datetime | None = None,
    undo: bool = True,
    asked: Asked | None = None,
) -> Changes:
    """What happened to a record and its parts. `before` is the end of the last line shown, `until` a moment of the past."""
    asked = asked or Asked.by(reading.actor)
    found = noted(asked, reading.record.name, reading.id, parts, before, until, 3 * limit + 1)
    groups = list(_stretches(found))
    more = len(found) > 3 * limit
    if more and len(groups) > 1:
        groups.pop()
    more = more or len(groups) > limit
    groups = groups[:limit]
    after = _after(reading, groups, before)
    steps = list(_steps(reading, groups, after))
    _learn(reading, [changed for _group, changed in steps], asked)
    lines = tuple(_line(reading, group, changed, undo=undo) for group, changed in steps)
    return Changes(lines, tuple(group[-1].pk for group in groups), more)


def _learn(reading: Reading, steps: Sequence[Mapping[str, tuple[Any, Any]]], asked: Asked) -> None:
    """What the records named in these changes are called."""
    wanted: dict[str, set[int]] = {}
    for changed in steps:
        for name, pair in changed.items():
            for value in pair:
                for target, ids in wanted_titles(reading.record, {name: value}).items():
                    wanted.setdefault(target, set()).update(ids)
    learn_titles(reading.actor, reading.titles, wanted, asked)


def _stretches(entries: Sequence[Noted]) -> Iterator[_Group]:
    """The entries of one change set together; each of those made outside by itself."""
    for _key, some in groupby(entries, lambda one: one.change_set_id or -one.pk):
        yield tuple(some)


def _after(reading: Reading, groups: Sequence[_Group], before: int | None) -> Mapping[str, Any]:
    """The values of the record right after the newest of these changes."""
    if before is None:
        return reading.values
    own = [one for group in groups for one in group if _is_own(reading, one)]
    return (state_at(reading.record, reading.id, own[0].pk) or {}) if own else reading.values


def _is_own(reading: Reading, entry: Noted) -> bool:
    return entry.record == reading.record.name and entry.row_id == reading.id


def _steps(
    reading: Reading, groups: Sequence[_Group], after: Mapping[str, Any]
) -> Iterator[tuple[_Group, dict[str, tuple[Any, Any]]]]:
    """Each change set with the fields of the record that it changed: (before, after) by name."""
    for group in groups:
        own = [one for one in group if _is_own(reading, one)]
        changed: dict[str, tuple[Any, Any]] = {}
        if own and own[-1].act == Entry.UPDATED and own[-1].image is not None:
            was = field_values(reading.record, parsed(own[-1].image))
            changed = {n: (was[n], after.get(n)) for n in was if _differ(reading.record, n, was[n], after.get(n))}
            after = {**after, **was}
        yield group, changed


def _differ(record: RecordType, name: str, one: Any, other: Any) -> bool:
    if isinstance(record.fields[name].kind, Tick):
        return bool(one) != bool(other)
    return (
        (one or None) != (other or None)
        if isinstance(one, str | None) and isinstance(other, str | None)
        else one != other
    )


def _line(reading: Reading, group: _Group, changed: Mapping[str, tuple[Any, Any]], *, undo: bool) -> StreamEntry:
    newest = group[0]
    pairs = tuple(
        {
            "label": str(reading.record.fields[n].label),
            "before": _words(reading, n, old),
            "after": _words(reading, n, new),
        }
        for n, (old, new) in changed.items()
    )
    made = any(_is_own(reading, one) and one.act == Entry.INSERTED for one in group)
    return StreamEntry(
        at=datetime.fromtimestamp(newest.at / 1_000_000, UTC),
        icon="plus" if made else "undo" if newest.undoes else "history",
        mark=CHANGE,
        kind=_("Change"),
        title=_title(reading, group, made=made, count=len(pairs)),
        person=newest.user_name or "",
        tags=tuple(_tags(newest)),
        changes=pairs,
        undo_url=undo_url(newest.change) if undo and newest.change and not made and _may_undo(reading, newest) else "",
    )


def _may_undo(reading: Reading, entry: Noted) -> bool:
    """Whether this person is offered the undo: of what they did, or as one who may undo what others did; once."""
    own = entry.change is not None and entry.user_id == reading.actor.user_id
    return (own or bool(reading.actor.roles & SENIOR)) and not entry.undone


def _words(reading: Reading, name: str, value: Any) -> str:
    return changed_words(reading.record.fields[name], value, reading.titles)


def _title(reading: Reading, group: _Group, *, made: bool, count: int) -> str:
    parts = [one for one in group if not _is_own(reading, one)]
    if made:
        return _("{what} added").format(what=str(reading.record.label))
    if group[0].undoes:
        return _("A change was undone")
    if count:
        return ngettext("{count} field changed", "{count} fields changed", count).format(count=count)
    if parts:
        label = str(DECLARED[parts[-1].record].record.label)
        text = _("{what}: added") if parts[-1].act == Entry.INSERTED else _("{what}: changed")
        return text.format(what=label)
    return _("Details changed")


def _tags(entry: Noted) -> Iterator[Tag]:
    """Through which door it came in, where that was not this one."""
    doors = {"import": _("Import"), "api": _("Another program"), "system": _("Rapporto"), "demo": _("Demo")}
    door = OUTSIDE if entry.change is None else entry.door
    if door == OUTSIDE:
        yield Tag(_("Changed outside Rapporto"), "today")
    elif door in doors:
        yield Tag(doors[door])
