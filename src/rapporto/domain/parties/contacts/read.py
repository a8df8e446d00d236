"""From the cells of a row to contacts: what each cell says, not yet checked and not yet anybody's."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from rapporto.domain.parties.contacts.columns import IGNORED, MORE, Column, labels_in, use_of_label
from rapporto.kernel.text import clean

_NOTHING_SAID = frozenset(
    ("0/0/00", "0/0/0000", "00/00/00", "normal", "normale", "false", "falso", "unspecified", "non specificato", "no")
)
_SEVERAL = " ::: "
REACHES = frozenset(("phone", "fax", "email", "pec", "web"))


@dataclass(frozen=True)
class Reach:
    """A number or address as it stands in a cell."""

    column: str
    kind: str
    use: str
    text: str
    label: str = ""


@dataclass
class Place:
    """The pieces of an address as they stand in their cells."""

    use: str
    pieces: dict[str, str] = field(default_factory=dict)
    heads: dict[str, str] = field(default_factory=dict)
    """The head of the column of each piece."""


@dataclass
class Contact:
    """A person, a company or both, as a row tells of them: single values by name, ways to reach somebody, places, and the rest."""

    single: dict[str, str] = field(default_factory=dict)
    heads: dict[str, str] = field(default_factory=dict)
    """The head of the column from which a single value comes."""
    reaches: list[Reach] = field(default_factory=list)
    places: dict[str, Place] = field(default_factory=dict)
    more: list[tuple[str, str]] = field(default_factory=list)
    """What only goes into the notes."""
    own: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Further fields of the party: by name the head and the text."""

    @property
    def said(self) -> bool:
        """Whether there is anything by which somebody could be told."""
        names = ("first_name", "last_name", "name", "file_as", "company")
        return bool(self.reaches) or any(self.single.get(name) for name in names)


def contacts_in(columns: Sequence[Column], cells: Sequence[str]) -> list[Contact]:
    """Whom a row tells of: first whom it is about, then the contact persons of their company."""
    filled = [(column, cell) for column, cell in zip(columns, cells, strict=False) if cell and column.holds != IGNORED]
    labels = labels_in(columns, cells) if any(column.holds == "label" for column, _cell in filled) else {}
    found: dict[int, Contact] = {0: Contact()}
    for column, cell in filled:
        if column.holds != "label" and (text := clean(cell, lines=True)):
            if column.person not in found:
                found[column.person] = Contact()
            _take(found[column.person], column, text, labels.get(column.group, ""))
    if len(found) == 1:
        return [found[0]]
    main, *others = (found[number] for number in sorted(found))
    named = [one for one in others if one.said]
    for one in others:
        if not one.said:
            main.more += [(one.heads[name], text) for name, text in one.single.items()] + one.more
    return [main, *named]


def _take(contact: Contact, column: Column, text: str, label: str) -> None:
    holds, head = column.holds, column.head
    if holds in REACHES:
        _reach(contact, column, text, label)
    elif holds == "place":
        place = contact.places.setdefault(column.group, Place(column.use or use_of_label(label) or "other"))
        place.heads.setdefault(column.piece, head)
        before = place.pieces.get(column.piece)
        place.pieces[column.piece] = f"{before}, {text}" if before else text
    elif holds == "own":
        contact.own.setdefault(column.use, (head, text))
    elif text.casefold() in _NOTHING_SAID:
        return
    elif holds == MORE:
        contact.more.append((head, text))
    elif holds == "notes" and holds in contact.single:
        contact.single[holds] += f"\n{text}"
    elif holds not in contact.single:
        contact.single[holds], contact.heads[holds] = text, head


_FAX = {"work_fax": "work", "home_fax": "home"}


def _reach(contact: Contact, column: Column, text: str, label: str) -> None:
    """Google puts several numbers of one label into one cell, and tells by the label what they are."""
    kind, said = column.holds, column.use or use_of_label(label)
    own = "" if use_of_label(label) or not label else label.lstrip("* ")
    if said in _FAX and kind == "phone":
        kind, said = "fax", _FAX[said]
    if said == "pec" and kind == "email":
        kind = "pec"
    for one in text.split(_SEVERAL) if _SEVERAL in text else (text,):
        bare = re.sub(r"\s+", " ", one).strip()
        if bare:
            contact.reaches.append(Reach(column.head, kind, said, bare, own))


__all__ = ["Contact", "Place", "Reach", "contacts_in"]
