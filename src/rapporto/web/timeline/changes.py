"""The changes of a record and of its parts, as lines of the story: who, when, which fields, and the way back."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from rapporto.kernel.kinds import Tick
from rapporto.kernel.record import RecordType
from rapporto.store.asking import Asked
from rapporto.store.history.models import Entry
from rapporto.store.history.rows import state_at
from rapporto.store.history.values import field_values, parsed
from rapporto.web.reading import Reading, learn_titles, wanted_titles
from rapporto.web.timeline.belongings import Belongings, Row, Values
from rapporto.web.timeline.changes_told import Step, told
from rapporto.web.timeline.entries import StreamEntry
from rapporto.web.timeline.noted import ALWAYS, Noted, Span, noted

ROUNDS = 12
"""How often further entries are read when those of others are left out; what then is not found comes with «Show more»."""
_Group = tuple[Noted, ...]
"""What one change set did at a stretch, newest first."""


@dataclass(frozen=True)
class Changes:
    """Lines of changes, newest first; `ends` has for each the id of its oldest entry: the place from which to go on after it."""

    entries: tuple[StreamEntry, ...]
    ends: tuple[int, ...]
    more: bool
    reached: int | None = None
    """The oldest entry that was looked at, when all that was found is told: from there to go on."""


@dataclass(frozen=True)
class Wanted:
    """Which changes are asked for: before an entry, within a time, by somebody of us, with or without the way back."""

    limit: int
    before: int | None = None
    span: Span = ALWAYS
    by: int | None = None
    undo: bool = True
    past: bool = False
    """The values that were read are those at the end of the span, not of today."""


def changes_of(reading: Reading, belongs: Belongings, wanted: Wanted, asked: Asked | None = None) -> Changes:
    """What happened to a record and its parts."""
    asked = asked or Asked.by(reading.actor)
    found: list[Step] = []
    before, more = wanted.before, True
    for _round in range(ROUNDS):
        steps, more, before = _page(reading, belongs, wanted, before, asked)
        found += [one for one in steps if wanted.by is None or one.newest.user_id == wanted.by]
        if not more or wanted.by is None or len(found) >= wanted.limit:
            break
    cut = len(found) > wanted.limit
    found = found[: wanted.limit]
    _learn(reading, belongs, found, asked)
    lines = tuple(told(reading, belongs, step, undo=wanted.undo) for step in found)
    return Changes(lines, tuple(step.entries[-1].pk for step in found), more or cut, None if cut else before)


def _page(
    reading: Reading, belongs: Belongings, wanted: Wanted, before: int | None, asked: Asked
) -> tuple[list[Step], bool, int | None]:
    """Some steps before an entry, whether there are more, and where these begin."""
    most = 3 * wanted.limit
    found = noted(asked, reading.record.name, reading.id, belongs.ids(), before, wanted.span, most + 1)
    groups = [tuple(some) for _key, some in groupby(found, lambda one: one.change_set_id or -one.pk)]
    more = len(found) > most
    if more and len(groups) > 1:
        groups.pop()
    newest = before is None and (wanted.span.until is None or wanted.past)
    after = reading.values if newest else _after(reading, groups)
    steps = list(_steps(reading, belongs, groups, after, newest=newest))
    return steps, more, groups[-1][-1].pk if groups else before


def _after(reading: Reading, groups: Sequence[_Group]) -> Values:
    """The values of the record right after the newest of these changes."""
    own = [one for group in groups for one in group if _is_own(reading, one)]
    return (state_at(reading.record, reading.id, own[0].pk) or {}) if own else reading.values


def _is_own(reading: Reading, entry: Noted) -> bool:
    return entry.record == reading.record.name and entry.row_id == reading.id


def _steps(
    reading: Reading, belongs: Belongings, groups: Sequence[_Group], after: Values, *, newest: bool
) -> Iterator[Step]:
    """Each change set with what it changed: the fields of the record, and those of its parts as far as they are known."""
    known: dict[Row, Values] = dict(belongs.values) if newest else {}
    for group in groups:
        own = tuple(one for one in group if _is_own(reading, one))
        changed: dict[str, tuple[Any, Any]] = {}
        if own and own[-1].act == Entry.UPDATED and own[-1].image is not None:
            was = field_values(reading.record, parsed(own[-1].image))
            changed = {n: (was[n], after.get(n)) for n in was if differ(reading.record, n, was[n], after.get(n))}
            after = {**after, **was}
        parts = dict(_parts(belongs, (one for one in group if one not in own), known))
        yield Step(group, own, changed, parts)


def _parts(belongs: Belongings, entries: Iterator[Noted], known: dict[Row, Values]) -> dict[Row, tuple[Values, Values]]:
    """What happened to the parts in one change set; `known` goes back in time with it."""
    found: dict[Row, tuple[Values, Values]] = {}
    for one in entries:
        row = (one.record, one.row_id)
        if one.image is not None and row in belongs.values:
            was = belongs.read(row, one.image)
            found[row] = (was, found[row][1] if row in found else known.get(row, {}))
            known[row] = was
    return found


def differ(record: RecordType, name: str, one: Any, other: Any) -> bool:
    """Whether two values of a field are told as a change: blanks are all the same."""
    if isinstance(record.fields[name].kind, Tick):
        return bool(one) != bool(other)
    return bool((one if one != "" else None) != (other if other != "" else None))


def _learn(reading: Reading, belongs: Belongings, steps: Sequence[Step], asked: Asked) -> None:
    """What the records named in these changes are called."""
    wanted: dict[str, set[int]] = {}
    for step in steps:
        values: Mapping[str, Any]
        for values in ({n: pair[0] for n, pair in step.changed.items()}, {n: p[1] for n, p in step.changed.items()}):
            for target, ids in wanted_titles(reading.record, values).items():
                wanted.setdefault(target, set()).update(ids)
        for entry in step.entries:
            name, link = belongs.several.get((entry.record, entry.row_id), ("", 0))
            if name:
                wanted.setdefault(reading.record.fields[name].link or "", set()).add(link)
    learn_titles(reading.actor, reading.titles, wanted, asked)
