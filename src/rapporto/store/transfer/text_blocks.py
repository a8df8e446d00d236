"""Gives a text file of any size in pieces of whole lines, in constant memory: decoded, without NULs, its line ends made sure."""

import codecs
import re
from collections.abc import Iterator
from pathlib import Path
from typing import AnyStr, BinaryIO

from rapporto.kernel.text import Message
from rapporto.store.transfer.line_encoding import OLD, TOLD, bom_of, decoder_of, encoding_of
from rapporto.store.transfer.reading import EMPTY, Notices, Unreadable

SAMPLE = 256 * 1024
BLOCK = 256 * 1024
MAX_LINE = 4 * 1024 * 1024
"""Bytes of one line; nothing longer is ever held."""
CUT_OUT = "\x00"
"""Stands for a line that was too long; it cannot be mistaken, since no other NUL comes through."""
BREAK = "\x1e"
"""Stands for a carriage return within a line, which would be taken for the end of a row."""
_LONE = re.compile(r"\r(?!\n)")

LINE_TOO_LONG = Message("A line has more than {limit} MB; no table has such lines.")
MIXED = Message("Some lines are in another encoding than the rest; each was read in its own.")
LONE_RETURNS = Message("Some cells contain carriage returns; they were read as line breaks.")
NULS = Message("The file contains NUL characters; they were left out.")


class TextBlocks:
    """A text file; `sample` is its beginning, `estimated_lines` how many lines it has, about."""

    def __init__(self, path: Path, notices: Notices, encoding: str = "", *, lines: bool = True) -> None:
        self.path, self.notices = path, notices
        self.size = path.stat().st_size
        with path.open("rb") as file:
            start = file.read(SAMPLE)
        if not start.strip(b"\x00\r\n\t \xef\xbb\xbf\xfe\xff"):
            raise Unreadable(EMPTY)
        self.looked_at, self.lines = len(start), lines
        self.encoding = (encoding if encoding in TOLD else "") or encoding_of(self._whole_lines(start))
        self.bom = bom_of(start)[1]
        self.wide = self.encoding.startswith("utf-16")
        self.old_mac, self.has_breaks = False, False
        self.sample = self._sample(start[self.bom :])
        if not self.sample.strip():
            raise Unreadable(EMPTY)
        if self.encoding == "mixed":
            notices.say(MIXED)
        elif self.encoding in ("cp850", "mac-roman") and not encoding:
            notices.say(OLD, encoding=self.encoding)

    def estimated(self, mark: bytes = b"\n") -> int:
        """How often a mark stands in the file, about: how many lines it has."""
        times = max(1, self.sample.count(mark.decode()))
        return times if self.size <= self.looked_at else int(times * self.size / self.looked_at)

    def _whole_lines(self, start: bytes) -> bytes:
        """A beginning up to its last line end, so that no letter is cut in two."""
        if len(start) >= self.size:
            return start
        at = max(start.rfind(b"\n"), start.rfind(b"\r"))
        if not self.lines:
            return start[: max(at, start.rfind(b">")) + 1] or start
        if at < 0:
            raise Unreadable(LINE_TOO_LONG, limit=f"{len(start) / 1024 / 1024:.2g}")
        return start[: at + 1]

    def _sample(self, start: bytes) -> str:
        if self.wide:
            text = codecs.getincrementaldecoder(self.encoding)("replace").decode(start)
            if self.size > self.looked_at:
                text = text[: max(text.rfind("\n"), text.rfind("\r")) + 1]
        else:
            text = decoder_of(self.encoding)(self._whole_lines(start))
        self.old_mac = len(_LONE.findall(text)) > text.count("\n")
        return self._tidy(text)

    def _tidy(self, text: str) -> str:
        if "\x00" in text:
            self.notices.say(NULS)
            text = text.replace("\x00", "")
        if "\ufeff" in text:  # files joined to one keep their marks
            text = text.replace("\ufeff", "")
        if "\r" not in text:
            return text
        if self.old_mac:
            return text.replace("\r\n", "\n").replace("\r", "\n")
        if _LONE.search(text):
            self.has_breaks = True
            self.notices.say(LONE_RETURNS)
            return _LONE.sub(BREAK, text)
        return text

    def __iter__(self) -> Iterator[str]:
        """The text in pieces of whole lines; a line without an end is a `CUT_OUT`."""
        decode = decoder_of(self.encoding)
        with self.path.open("rb") as file:
            file.seek(self.bom)
            if self.wide:
                for wide in _whole(_decoded(file, self.encoding), "\r" if self.old_mac else "\n"):
                    yield CUT_OUT + "\n" if wide is None else self._tidy(wide)
            else:
                for piece in _whole(_read(file), b"\r" if self.old_mac else b"\n"):
                    yield CUT_OUT + "\n" if piece is None else self._tidy(decode(piece))

    def raw(self) -> Iterator[bytes]:
        """The same as it is in the file, for formats that say line by line how they are encoded; UTF-16 comes as UTF-8, lines
        without an end are left out."""
        with self.path.open("rb") as file:
            file.seek(self.bom)
            blocks = (one.encode() for one in _decoded(file, self.encoding)) if self.wide else _read(file)
            for piece in _whole(blocks, b"\r" if self.old_mac else b"\n"):
                if piece is not None:
                    yield piece.replace(b"\x00", b"")

    def pieces(self) -> Iterator[bytes]:
        """The same in pieces that end anywhere but within a letter of UTF-8, for formats that know no lines."""
        held = b""
        with self.path.open("rb") as file:
            file.seek(self.bom)
            for block in (one.encode() for one in _decoded(file, self.encoding)) if self.wide else _read(file):
                at = max(block.rfind(b">"), block.rfind(b"\n")) + 1
                if at:
                    yield held + block[:at]
                    held = block[at:]
                elif len(held) > MAX_LINE:
                    raise Unreadable(LINE_TOO_LONG, limit=MAX_LINE // 1024 // 1024)
                else:
                    held += block
        yield held


def _read(file: BinaryIO) -> Iterator[bytes]:
    return iter(lambda: file.read(BLOCK), b"")


def _decoded(file: BinaryIO, encoding: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    for data in _read(file):
        yield decoder.decode(data)
    yield decoder.decode(b"", True)


def _whole(blocks: Iterator[AnyStr], end: AnyStr) -> Iterator[AnyStr | None]:
    """Blocks cut anew at line ends; None for what was too long to be held."""
    carry, dropping = end[:0], False
    for block in blocks:
        if dropping:
            at = block.find(end)
            if at < 0:
                continue
            block, dropping = block[at + 1 :], False
        at = block.rfind(end) + 1
        if at:
            yield carry + block[:at]
            carry = block[at:]
        else:
            carry += block
        if len(carry) > MAX_LINE:
            carry, dropping = end[:0], True
            yield None
    if carry:
        yield carry
