"""What a change set did to one row that others changed too: walked entry by entry, told field by field."""

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
    """What is left of the change set's doing: fields still as it wrote them (`own`), fields others changed since (`lost`)."""

    own: dict[Atom, tuple[Any, Any]] = field(default_factory=dict)
    """Atom → (as it was, as the change set wrote it)."""
    lost: dict[Atom, Any] = field(default_factory=dict)
    """Atom → as it was."""
    born: bool = False
    gone: Image | None = None
    """The row as it was when the change set deleted it."""
    deleted_since: bool = False
    remade_since: bool = False

    def walk(self, steps: Sequence[Happened]) -> "Trace":
        """Follow the row from the first entry of the change set to now."""
        for step in steps:
            if step.act == Entry.UPDATED:
                self._update(step)
            elif step.act == Entry.DELETED:
                self._delete(step)
            else:
                self._insert(step)
        return self

    def _update(self, step: Happened) -> None:
        for atom, was, became in changed_atoms(step.before or {}, step.after or {}):
            if step.mine:
                target = self.own[atom][0] if atom in self.own else was
                self.lost.pop(atom, None)
                self.own[atom] = target, became
            elif atom in self.own:
                self.lost[atom] = self.own.pop(atom)[0]

    def _delete(self, step: Happened) -> None:
        if not step.mine:
            self.deleted_since = True
        elif self.born:
            self.born = False
        else:
            self.gone = step.before

    def _insert(self, step: Happened) -> None:
        if not step.mine:
            self.remade_since = self.gone is not None or self.remade_since
            self.deleted_since = False
        elif self.gone is None:
            self.born = True
        else:
            gone, self.gone = self.gone, None
            self._update(Happened(Entry.UPDATED, True, gone, step.after))

    def before(self) -> Image:
        """The row to make again: as it was deleted, with what the change set had changed before taken back."""
        return put(dict(self.gone or {}), {atom: was for atom, (was, _) in self.own.items()})


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
        if was == became:
            continue
        if column != EXTRA:
            yield (column, ""), was, became
            continue
        was, became = was or {}, became or {}
        for key in was.keys() | became.keys():
            if was.get(key, ABSENT) != became.get(key, ABSENT):
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
    return found.source if isinstance(found, KeyColumn) else found.name if found is not None else column.removesuffix(KEY)
