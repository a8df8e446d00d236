"""From the rows of a contact file to contacts: what each cell says, not yet checked and not yet anybody's."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain

from rapporto.domain.parties.contacts.columns import IGNORED, Columns, labels_in, use_of_label
from rapporto.kernel.text import Message, clean
from rapporto.store.transfer.delimited import Line, Unreadable, lines_of

LOOKED_AT = 5
"""Rows among which the heads are looked for: some programs write a title above them."""
NO_HEADS = Message(
    "The heads of the columns are not those of Outlook or Google contacts; export the contacts again and change nothing."
)
ONLY_HEADS = Message("There are heads of columns, but no contacts below them.")
NOBODY = Message("There is neither a name nor a company, an e-mail or a number.")
TOO_WIDE = Message("The row has {count} cells, but there are {limit} columns; perhaps a quote is missing.")
_NOTHING_SAID = frozenset(
    ("0/0/00", "0/0/0000", "00/00/00", "normal", "normale", "false", "falso", "unspecified", "non specificato", "no")
)
_SEVERAL = " ::: "


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
    """One row: single values by name, ways to reach somebody, places, and what only goes into the notes. `wrong`: it is refused."""

    row: int
    single: dict[str, str] = field(default_factory=dict)
    heads: dict[str, str] = field(default_factory=dict)
    """The head of the column from which a single value comes."""
    reaches: list[Reach] = field(default_factory=list)
    places: dict[str, Place] = field(default_factory=dict)
    more: list[tuple[str, str]] = field(default_factory=list)
    wrong: Message | None = None

    @property
    def said(self) -> bool:
        """Whether there is anything by which somebody could be told."""
        names = ("first_name", "last_name", "name", "file_as", "company")
        return bool(self.reaches) or any(self.single.get(name) for name in names)


@dataclass(frozen=True)
class ContactFile:
    """A file of contacts whose columns are understood; its rows are read one after the other."""

    columns: Columns
    lines: Iterator[Line]
    heads: tuple[str, ...]

    def contacts(self) -> Iterator[Contact]:
        """Every row that is not blank. Raises Unreadable when the file has too many."""
        for line in self.lines:
            if line.cells[:1] != self.heads[:1] or tuple(cell.strip() for cell in line.cells) != self.heads:
                yield _contact(self.columns, line)


def read_contacts(data: bytes) -> ContactFile:
    """The contacts of a CSV of Outlook or Google. Raises Unreadable with what to do when it is none."""
    lines = lines_of(data)
    for _ in range(LOOKED_AT):
        line = next(lines, None)
        if line is None:
            break
        columns = Columns.of(line.cells)
        if columns.serve:
            first = next(lines, None)
            if first is None:
                raise Unreadable(ONLY_HEADS.text)
            return ContactFile(columns, chain((first,), lines), tuple(cell.strip() for cell in line.cells))
    raise Unreadable(NO_HEADS.text)


def _contact(columns: Columns, line: Line) -> Contact:
    contact = Contact(line.number, wrong=line.wrong)
    if line.wrong is not None:
        return contact
    if len(line.cells) > len(columns.all) and any(cell.strip() for cell in line.cells[len(columns.all) :]):
        contact.wrong = Message(TOO_WIDE.text, {"count": len(line.cells), "limit": len(columns.all)})
        return contact
    labels = labels_in(columns.all, line.cells)
    for column, cell in zip(columns.all, line.cells, strict=False):
        if not cell or column.holds in (IGNORED, "label"):
            continue
        if text := clean(cell, lines=True):
            _take(
                contact,
                column.holds,
                column.use,
                column.piece,
                column.group,
                column.head,
                text,
                labels.get(column.group, ""),
            )
    if not contact.said:
        contact.wrong = NOBODY
    return contact


def _take(contact: Contact, holds: str, use: str, piece: str, group: str, head: str, text: str, label: str) -> None:
    if holds in ("phone", "fax", "email", "pec", "web"):
        _reach(contact, holds, use, head, text, label)
    elif holds == "place":
        place = contact.places.setdefault(group, Place(use or use_of_label(label) or "other"))
        place.heads.setdefault(piece, head)
        place.pieces[piece] = f"{place.pieces[piece]}, {text}" if piece in place.pieces else text
    elif not holds:
        if text.casefold() not in _NOTHING_SAID:
            contact.more.append((head, text))
    elif holds == "notes" and holds in contact.single:
        contact.single[holds] += f"\n{text}"
    elif text.casefold() not in _NOTHING_SAID and holds not in contact.single:
        contact.single[holds], contact.heads[holds] = text, head


_FAX = {"work_fax": "work", "home_fax": "home"}


def _reach(contact: Contact, kind: str, use: str, head: str, text: str, label: str) -> None:
    """Google puts several numbers of one label into one cell, and tells by the label what they are."""
    said = use or use_of_label(label)
    own = "" if use_of_label(label) or not label else label.lstrip("* ")
    if said in _FAX and kind == "phone":
        kind, said = "fax", _FAX[said]
    if said == "pec" and kind == "email":
        kind = "pec"
    for one in text.split(_SEVERAL):
        bare = re.sub(r"\s+", " ", one).strip()
        if bare:
            contact.reaches.append(Reach(head, kind, said, bare, own))


__all__ = ["Contact", "ContactFile", "Place", "Reach", "read_contacts"]
