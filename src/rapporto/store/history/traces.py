"""What a change set did to one row that others changed too: walked entry by entry, told field by field."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from rapporto.store.columns import KEY, KeyColumn
from rapporto.store.declare import Declaration
from rapporto.store.history.models import Entry
from rapporto.store.history.values import Image

Atom = tuple[str, str]
"""The smallest thing that changes: a column, or a key of the user-made values («extra», key)."""
EXTRA = "extra"
_MADE_KEY = "~"
"""Ends the name of the folded key of a user-made text, which goes with the text."""


class Absent(Enum):
    """Stands for a key that the user-made values do not have."""

    ABSENT = "absent"


ABSENT = Absent.ABSENT


@dataclass(frozen=True)
class Happened:
    """One entry of a row, with the row before and after it; None where there was no row."""

    act: str
    mine: bool
    before: Image | None
    after: Image | None


class Forgotten(Exception):
    """An image on the way has been erased: what the row was can't be told."""


def happened(entries: Sequence[tuple[str, bool, Image | None]], live: Image | None) -> list[Happened]:
    """The entries (act, whether of the change set, image) of a row in order, with their states. Raises Forgotten."""
    if any(image is None and act != Entry.INSERTED for act, _, image in entries):
        raise Forgotten
    after = [*(image for _, _, image in entries[1:]), live]
    return [Happened(act, mine, image, then) for (act, mine, image), then in zip(entries, after, strict=True)]


@dataclass
class Trace:
    """What the change set did to the row, and where that stands now."""

    own: dict[Atom, tuple[Any, Any]] = field(default_factory=dict)
    """Atom → (as it was, as the change set wrote it)."""
    existed: bool = False
    after: Image | None = None
    """The row as the change set left it; None when it deleted it."""
    gone: Image | None = None
    """The row as it was when the change set deleted it."""

    def walk(self, steps: Sequence[Happened]) -> "Trace":
        """Follow what the change set did to the row; what others did in between shows in the states."""
        mine = [step for step in steps if step.mine]
        self.existed = mine[0].act != Entry.INSERTED
        self.after = mine[-1].after
        for step in mine:
            if step.act == Entry.UPDATED:
                self._changed(step.before or {}, step.after or {})
            elif step.act == Entry.DELETED:
                self.gone = step.before
            elif self.gone is not None:
                self._changed(self.gone, step.after or {})
        return self

    def _changed(self, before: Image, after: Image) -> None:
        for atom, was, became in changed_atoms(before, after):
            first, wrote = self.own.get(atom, (was, was))
            # when others have changed it in between, it goes back to what they made of it
            self.own[atom] = (first if same(wrote, was) else was), became

    def before(self) -> Image:
        """The row as it was before the change set deleted it, with what the change set had changed until then taken back."""
        gone = dict(self.gone or {})
        now = dict(atoms(gone))
        return put(gone, {atom: was for atom, (was, wrote) in self.own.items() if same(now.get(atom, ABSENT), wrote)})


def same(one: Any, other: Any) -> bool:
    """Whether two JSON values are the same; 1, 1.0 and true are not, though Python calls them equal."""
    if one != other:
        return False
    if isinstance(one, dict | list):
        return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
    return type(one) is type(other)


def atoms(image: Mapping[str, Any]) -> Iterator[tuple[Atom, Any]]:
    """The parts of an image that change by themselves."""
    for column, value in image.items():
        if column == EXTRA and isinstance(value, dict):
            yield from (((EXTRA, key), one) for key, one in value.items())
        else:
            yield (column, ""), value


def changed_atoms(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[tuple[Atom, Any, Any]]:
    """What differs between two images: (atom, before, after). Columns that one of them lacks came or went by a migration."""
    for column in before.keys() & after.keys():
        was, became = before[column], after[column]
        if same(was, became):
            continue
        if column != EXTRA:
            yield (column, ""), was, became
            continue
        was, became = was or {}, became or {}
        for key in was.keys() | became.keys():
            if not same(was.get(key, ABSENT), became.get(key, ABSENT)):
                yield (EXTRA, key), was.get(key, ABSENT), became.get(key, ABSENT)


def put(image: Image, values: Mapping[Atom, Any]) -> Image:
    """The image with other values; its own user-made values are copied, not changed."""
    for (column, key), value in values.items():
        if not key:
            image[column] = value
            continue
        made = {**(image.get(EXTRA) or {})}
        made.pop(key, None)
        image[EXTRA] = made if value is ABSENT else {**made, key: value}
    return image


def unit(declaration: Declaration, atom: Atom) -> str:
    """The field to which an atom belongs: a text and its folded key are one."""
    column, key = atom
    if key:
        return key.removesuffix(_MADE_KEY)
    found = next((one for one in declaration.model._meta.concrete_fields if one.column == column), None)
    return (
        found.source if isinstance(found, KeyColumn) else found.name if found is not None else column.removesuffix(KEY)
    )
