"""Gives the many equal elements of a large XML document (rows, strings) one after the other, in constant memory and at C's speed.

The document is cut behind whole elements, and each piece is parsed by itself: faster than any parser that calls back for
each tag, and nothing remains of what was read.
"""

import codecs
import re
from collections.abc import Iterable, Iterator
from itertools import chain
from xml.etree import ElementTree

from rapporto.store.transfer.packed import check_prolog
from rapporto.store.transfer.reading import DAMAGED, Unreadable

MOST_AT_ONCE = 4 * 1024**2
"""Bytes; a single row is much shorter."""
_DECLARED = re.compile(rb"""<\?xml[^>]*encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_NAMESPACES = re.compile(rb"""\s(xmlns(?::[\w.-]+)?)\s*=\s*(?:"[^"<]*"|'[^'<]*')""")


def items(pieces: Iterable[bytes], container: str, item: str) -> Iterator[ElementTree.Element]:
    """Every element `item` that stands directly in the first element `container`. Raises Unreadable when the document is broken."""
    parts = _in_utf8(iter(pieces))
    head, opening = _head(parts, container)
    if opening.group(0).endswith(b"/>"):
        return
    prefix = opening[1]
    wrapper = b"<all" + b"".join(_declared(head[: opening.end()])) + b">"
    closing, last = b"</" + prefix + container.encode(), b"</" + prefix + item.encode()
    single = re.compile(b"<" + prefix + item.encode() + rb"\b[^<>]*/>")
    buffer = head[opening.end() :]
    ended = False
    for piece in chain((b"",), parts):
        buffer += piece
        end = buffer.find(closing)
        ended = end >= 0
        at = end if ended else _after(buffer, last, single)
        if at > 0:
            found = _parsed(wrapper + buffer[:at] + b"</all>")
            if found is not None:
                yield from found
                buffer = buffer[at:]
            elif ended:
                raise Unreadable(DAMAGED)
        if ended:
            return
        if len(buffer) > MOST_AT_ONCE:
            raise Unreadable(DAMAGED)
    raise Unreadable(DAMAGED)


def _declared(head: bytes) -> Iterator[bytes]:
    """The namespaces declared in a head, each once, as its first element declares them."""
    known: set[bytes] = set()
    for found in _NAMESPACES.finditer(head):
        if found[1] not in known:
            known.add(found[1])
            yield found[0]


def _head(parts: Iterator[bytes], container: str) -> tuple[bytes, re.Match[bytes]]:
    """What stands up to the opening of the container and a little beyond, checked to declare nothing."""
    pattern = re.compile(rb"<((?:[\w.-]+:)?)" + container.encode() + rb"(?:\s[^<>]*)?>")
    head = b""
    for piece in parts:
        head += piece
        if found := pattern.search(head):
            check_prolog([head])
            return head, found
        if len(head) > MOST_AT_ONCE:
            break
    raise Unreadable(DAMAGED)


def _after(buffer: bytes, last: bytes, single: re.Pattern[bytes]) -> int:
    """Where the last whole element ends; 0 when there is none yet."""
    at = buffer.rfind(last)
    if at >= 0:
        return buffer.find(b">", at) + 1
    if len(buffer) < MOST_AT_ONCE // 4:
        return 0
    end = 0
    for found in single.finditer(buffer):
        end = found.end()
    return end


def _parsed(xml: bytes) -> ElementTree.Element | None:
    try:
        return ElementTree.fromstring(xml)
    except (ElementTree.ParseError, ValueError):
        return None


def _in_utf8(parts: Iterator[bytes]) -> Iterator[bytes]:
    """The document in the encoding in which it can be cut."""
    first = next(parts, b"")
    said = _DECLARED.match(first.lstrip(codecs.BOM_UTF8))
    wide = first[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) or first[:4] in (b"<\0?\0", b"\0<\0?")
    name = "utf-16" if wide else said[1].decode("ascii").lower() if said else "utf-8"
    if name in ("utf-8", "utf8", "us-ascii", "ascii"):
        yield from chain((first,), parts)
        return
    try:
        decoder = codecs.getincrementaldecoder(name)("strict")
        text = decoder.decode(first)
        yield re.sub(r"^\ufeff?<\?xml[^>]*\?>", "", text).encode()
        for piece in parts:
            yield decoder.decode(piece).encode()
    except (LookupError, ValueError):
        raise Unreadable(DAMAGED) from None
