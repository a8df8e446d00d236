"""Finds the encoding of a text file and decodes it piece by piece: each line is read as what it is, whatever its neighbours are."""

import codecs
import re
from collections.abc import Callable

from rapporto.kernel.text import Message
from rapporto.store.transfer.reading import Unreadable

TOLD = ("utf-8", "windows-1252", "mixed", "utf-16-le", "utf-16-be", "mac-roman", "cp850", "iso-8859-15")
"""The encodings a person may choose; all but the last are found without being told where accents show them."""
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_UTF8_LETTERS = re.compile(rb"(?:\xc2[\xa0-\xbf]|\xc3[\x80-\xbf]|\xe2[\x80-\x84][\x80-\xbf]|\xef\xbb\xbf)+")
"""The letters and signs of western Europe in UTF-8: in a line of two encodings, these are read so and the rest as Windows wrote it."""
_CONTROLS = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f]")
_OLD = {
    "cp850": re.compile(rb"[A-Za-z][\x82\x85\x8a\x8d\x95\x97](?![\x80-\xff])"),
    "mac-roman": re.compile(rb"[A-Za-z][\x88\x8e\x8f\x93\x98\x9d](?![\x80-\xff])"),
}
"""By code page: a letter and then what is è, é, à, ì, ò or ù there, and hardly ever follows a letter in Windows."""
_WINDOWS = re.compile(rb"[\xc0-\xff]")
_SIGNS = frozenset((b"\x85", b"\x93", b"\x97"))
"""What Windows may write behind a letter, after all: «…», «“» and «—»."""
_FEWEST = 3
OLD = Message(
    "The file seems to be written as old programs did ({encoding}); if accents are wrong, choose another encoding."
)
NOT_TEXT = Message("This is no text file, nor another table that can be read; export the data as CSV or as a workbook.")


def bom_of(start: bytes) -> tuple[str, int]:
    """The encoding a file says of itself by its first bytes, and how many they are; ("", 0) without."""
    for mark, encoding in _BOMS:
        if start.startswith(mark):
            return encoding, len(mark)
    return "", 0


def encoding_of(sample: bytes) -> str:
    """The encoding of a beginning that ends with a whole line. Raises Unreadable when it is no text."""
    said, length = bom_of(sample)
    if said.startswith("utf-16"):
        return said
    found = said or _wide(sample) or _narrow(sample[length:])
    text = decoder_of(found)(sample[length:])
    if len(_CONTROLS.findall(text)) > max(8, len(text) // 200):
        raise Unreadable(NOT_TEXT)
    return found if found.startswith("utf-16") else _narrow(sample[length:])


def _wide(sample: bytes) -> str:
    """UTF-16 without its mark, told by where the zero bytes stand."""
    start = sample[:4000]
    if start[1::2].count(0) > len(start) * 0.3 > start[0::2].count(0) * 4:
        return "utf-16-le"
    if start[0::2].count(0) > len(start) * 0.3 > start[1::2].count(0) * 4:
        return "utf-16-be"
    return ""


def _narrow(sample: bytes) -> str:
    try:
        sample.decode("utf-8")
    except UnicodeDecodeError:
        for name, accents in _OLD.items():
            found = [one[-1:] for one in accents.findall(sample)]
            many = len(found) >= max(_FEWEST, 10 * len(_WINDOWS.findall(sample)))
            if many and len(set(found)) > 1 and not _SIGNS.issuperset(found):
                return name
        lines = [line for line in sample.splitlines() if not line.isascii()]
        return "mixed" if any(_is_utf8(line) for line in lines) else "windows-1252"
    return "utf-8"


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def decoder_of(encoding: str) -> Callable[[bytes], str]:
    """What makes text of whole lines in an encoding."""
    if encoding in ("utf-8", "windows-1252", "mixed", ""):
        return line_by_line
    codec = codecs.lookup({"mac-roman": "mac_roman"}.get(encoding, encoding)).name
    return lambda block: block.decode(codec, "replace")


def line_by_line(block: bytes) -> str:
    """Whole lines in UTF-8, Windows-1252 or both: a line that is no UTF-8 is read by itself."""
    try:
        return block.decode("utf-8")
    except UnicodeDecodeError:
        return "".join([_line(line) for line in block.splitlines(keepends=True)])


def _line(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        if not _UTF8_LETTERS.search(line):
            return line.decode("cp1252", "ignore")
    parts, at = [], 0
    for known in _UTF8_LETTERS.finditer(line):
        parts += [line[at : known.start()].decode("cp1252", "ignore"), known[0].decode("utf-8")]
        at = known.end()
    return "".join([*parts, line[at:].decode("cp1252", "ignore")])
