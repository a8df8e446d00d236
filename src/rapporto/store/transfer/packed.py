"""Opens workbooks without trusting them: what a ZIP archive unpacks to is counted before it is unpacked, XML may declare nothing."""

import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree
from xml.parsers import expat

from rapporto.kernel.text import Message
from rapporto.store.transfer.reading import DAMAGED, Unreadable

MOST_UNPACKED = 4 * 1024**3
"""Bytes; a full sheet of a million rows and thirty columns has about one and a half."""
MOST_FOLD = 250
"""How many times larger a part may be than it is packed; blank formatted cells come to about a hundred."""
_SMALL = 16 * 1024**2
"""Parts that unpack to less are harmless, however well they are packed."""
_MOST_PARTS = 10_000
MOST_WHOLE = 64 * 1024**2
"""Bytes of XML that are ever read as a whole."""
BLOCK = 256 * 1024
BOMB = Message("The file unpacks to much more than a table can have; it was not opened.")
DECLARES = Message("The file contains XML declarations that no table needs and that can do harm; it was not opened.")
PROTECTED = Message("The file is protected by a password; open it, save it without, and bring that.")
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, KeyError, NotImplementedError, RuntimeError)


class Packed:
    """A ZIP archive, its parts given in bounded pieces. Raises Unreadable at once when it would unpack to too much."""

    def __init__(self, path: Path) -> None:
        try:
            self.archive = zipfile.ZipFile(path)
        except _BROKEN:
            raise Unreadable(DAMAGED) from None
        parts = self.archive.infolist()
        if any(one.flag_bits & 1 for one in parts):
            raise Unreadable(PROTECTED)
        if len(parts) > _MOST_PARTS or sum(one.file_size for one in parts) > MOST_UNPACKED or any(map(_is_bomb, parts)):
            raise Unreadable(BOMB)
        self.names = {one.filename.lower().lstrip("/"): one.filename for one in parts}

    def has(self, name: str) -> bool:
        """Whether there is a part of that name; case does not matter."""
        return name.lower() in self.names

    def size(self, name: str) -> int:
        """How many bytes a part says it unpacks to."""
        return self.archive.getinfo(self.names[name.lower()]).file_size

    def pieces(self, name: str) -> Iterator[bytes]:
        """A part in pieces, no more than it said there would be."""
        try:
            left = self.size(name) + BLOCK
            with self.archive.open(self.names[name.lower()]) as part:
                while piece := part.read(BLOCK):
                    left -= len(piece)
                    if left < 0:
                        raise Unreadable(BOMB)
                    yield piece
        except _BROKEN:
            raise Unreadable(DAMAGED) from None

    def tree(self, name: str) -> ElementTree.Element:
        """A small part as a whole."""
        if self.size(name) > MOST_WHOLE:
            raise Unreadable(BOMB)
        pieces = list(self.pieces(name))
        check_prolog(pieces)
        try:
            return ElementTree.fromstring(b"".join(pieces))
        except (ElementTree.ParseError, ValueError, LookupError):
            raise Unreadable(DAMAGED) from None


def _is_bomb(part: zipfile.ZipInfo) -> bool:
    return part.file_size > _SMALL and part.file_size > MOST_FOLD * max(1, part.compress_size)


class _Begun(Exception):
    """The first element has come: nothing can be declared from here on."""


def check_prolog(pieces: Iterator[bytes] | list[bytes]) -> None:
    """Nothing may be declared before the first element; after it XML allows none. Raises Unreadable."""

    def declared(*_: object) -> None:
        raise Unreadable(DECLARES)

    def begun(*_: object) -> None:
        raise _Begun

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = declared
    parser.EntityDeclHandler = declared
    parser.StartElementHandler = begun
    try:
        for piece in pieces:
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except _Begun:
        return
    except (expat.ExpatError, ValueError, LookupError):
        raise Unreadable(DAMAGED) from None
