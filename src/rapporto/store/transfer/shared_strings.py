"""Holds the texts of a workbook, which stand apart from its cells: those used lately in memory, the others in a file."""

import re
import tempfile
from collections.abc import Iterable
from xml.etree.ElementTree import Element

MOST_HELD = 16 * 1024**2
"""Bytes of texts in memory."""
_TOGETHER = 256
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


class SharedStrings:
    """Texts by their number."""

    def __init__(self, texts: Iterable[str] = ()) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the workbook
        self._places: list[tuple[int, int]] = []
        self._held: dict[int, list[str]] = {}
        self._size = 0
        self._end = 0
        block: list[str] = []
        for text in texts:
            block.append(text)
            if len(block) == _TOGETHER:
                self._write(block)
                block = []
        self._write(block)

    def _write(self, block: list[str]) -> None:
        data = "\x00".join(block).encode("utf-8", "replace")
        self._file.write(data)
        self._places.append((self._end, len(data)))
        self._end += len(data)
        if self._size < MOST_HELD:
            self._hold(len(self._places) - 1, block, len(data))

    def _hold(self, at: int, block: list[str], size: int) -> None:
        self._held[at] = block
        self._size += size
        while self._size > MOST_HELD and len(self._held) > 1:
            oldest = next(iter(self._held))
            del self._held[oldest]
            self._size -= self._places[oldest][1]

    def __getitem__(self, number: int) -> str:
        """The text of a number. Raises IndexError when there is none."""
        if number < 0:
            raise IndexError(number)
        at, within = number // _TOGETHER, number % _TOGETHER
        block = self._held.get(at)
        if block is None:
            start, size = self._places[at]
            self._file.seek(start)
            block = self._file.read(size).decode("utf-8").split("\x00")
            self._hold(at, block, size)
        return block[within]


def text_of(element: Element) -> str:
    """The text of a string element, of its runs of differing looks, too; readings above Japanese signs left out."""
    parts = []
    for child in element:
        name = child.tag.rpartition("}")[2]
        if name == "t":
            parts.append(child.text or "")
        elif name == "r":
            parts += [run.text or "" for run in child if run.tag.endswith("}t") or run.tag == "t"]
    return "".join(parts)


def tidy(text: str) -> str:
    """A text without blanks around it, NULs and halves of letters; workbooks write control characters as «_x000D_»."""
    if "_x" in text:
        text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text).replace("\x00", "")
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.strip()
