"""What a workbook says about itself before its cells: its sheets, how numbers are shown, from when days are counted."""

import posixpath
from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from rapporto.store.transfer.packed import Packed
from rapporto.store.transfer.reading import DAMAGED, Unreadable
from rapporto.store.transfer.serial_values import form_of

MOST_SHEETS = 500


@dataclass(frozen=True)
class Sheet:
    """One sheet, and the part of the archive in which its cells are."""

    name: str
    part: str
    hidden: bool


@dataclass(frozen=True)
class Book:
    """A workbook."""

    sheets: tuple[Sheet, ...]
    from_1904: bool
    strings: str
    """The part with the texts; "" without."""
    forms: tuple[str, ...]
    """By style: what its numbers mean."""


def book_of(packed: Packed) -> Book:
    """What stands in a workbook. Raises Unreadable when it is none."""
    main = next((to for kind, to in _relations(packed, "").values() if kind == "officeDocument"), "xl/workbook.xml")
    if not packed.has(main):
        raise Unreadable(DAMAGED)
    tree, related = packed.tree(main), _relations(packed, main)
    sheets = []
    for one in _named(tree, "sheet")[:MOST_SHEETS]:
        kind, part = related.get(_id(one), ("", ""))
        if kind == "worksheet" and packed.has(part):
            sheets.append(Sheet(one.get("name", ""), part, one.get("state", "visible") != "visible"))
    if not sheets:
        raise Unreadable(DAMAGED)
    said = _named(tree, "workbookPr")
    parts = {kind: part for kind, part in related.values() if packed.has(part)}
    return Book(
        tuple(sheets),
        bool(said) and said[0].get("date1904", "0").lower() in ("1", "true", "on"),
        parts.get("sharedStrings", ""),
        _forms(packed, parts.get("styles", "")),
    )


def _relations(packed: Packed, part: str) -> dict[str, tuple[str, str]]:
    """What a part refers to: by id, which kind of part and where it is."""
    folder, name = posixpath.split(part)
    described = posixpath.join(folder, "_rels", f"{name}.rels")
    if not packed.has(described):
        return {}
    found = {}
    for one in packed.tree(described):
        if one.get("TargetMode", "") != "External":
            to = posixpath.normpath(posixpath.join("/", folder, one.get("Target", ""))).lstrip("/")
            found[one.get("Id", "")] = (one.get("Type", "").rpartition("/")[2], to)
    return found


def _forms(packed: Packed, part: str) -> tuple[str, ...]:
    if not part:
        return ()
    tree = packed.tree(part)
    codes = {_number(one.get("numFmtId")): one.get("formatCode", "") for one in _named(tree, "numFmt")}
    styles = next(iter(_named(tree, "cellXfs")), None)
    if styles is None:
        return ()
    numbers: Sequence[int] = [_number(one.get("numFmtId")) for one in styles]
    known = {one: form_of(one, codes.get(one, "")) for one in set(numbers)}
    return tuple(known[one] for one in numbers)


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


def _named(tree: Element, name: str) -> list[Element]:
    return [one for one in tree.iter() if one.tag.rpartition("}")[2] == name]


def _id(element: Element) -> str:
    return next((value for key, value in element.items() if key.endswith("}id")), "")
