"""Cuts a file of business cards (vCard 2.1, 3.0, 4.0) into cards and properties, leniently: a broken card spoils itself only."""

import binascii
import codecs
import quopri
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from rapporto.kernel.text import Message
from rapporto.store.transfer.line_encoding import line_by_line
from rapporto.store.transfer.reading import KEPT_RAW, MAX_CELL

MOST_PROPERTIES = 2_000
_BINARY = frozenset(("PHOTO", "LOGO", "SOUND", "KEY", "X-THUMBNAIL", "X-MS-CARDPICTURE", "X-WAVE-IMAGE"))
_HEAD = re.compile(rb"((?:[\w-]+\.)?)([A-Za-z][\w-]*)((?:;(?:\"[^\"]*\"|[^\":])*)?):")
_PARAMETER = re.compile(rb";((?:\"[^\"]*\"|[^\";])*)")
_LABEL = re.compile(r"_\$!<(.*)>!\$_")
_ESCAPES = {"n": "\n", "N": "\n", ",": ",", ";": ";", "\\": "\\", ":": ":"}
_ESCAPED = re.compile(r"\\([nN,;:\\])")
NO_END = Message("The card has no end (END:VCARD is missing).")
TOO_MUCH = Message("The card has more lines than a card can have.")
NOTHING = Message("Nothing in this card can be read.")


@dataclass
class Property:
    """One property of a card."""

    name: str
    types: frozenset[str]
    """Where it is used, in small letters: work, home, cell, fax, pref …"""
    text: str
    """Its value, what is escaped still escaped."""
    group: str = ""
    label: str = ""
    """What the owner of the card calls it."""

    @property
    def value(self) -> str:
        """The value as one text."""
        return plain(self.text)

    def pieces(self, separator: str = ";") -> list[str]:
        """The pieces of a value that consists of several."""
        return [plain(one) for one in re.split(rf"(?<!\\)(?:\\\\)*{re.escape(separator)}", self.text)]


@dataclass
class Card:
    """One card, and why it cannot be read, if so."""

    number: int
    properties: list[Property] = field(default_factory=list)
    broken: Message | None = None
    raw: str = ""


def plain(text: str) -> str:
    """A text without its escapes and without blanks around it."""
    if "\\" in text:
        text = _ESCAPED.sub(lambda found: _ESCAPES[found[1]], text)
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").strip()


def cards_of(lines: Iterator[bytes]) -> Iterator[Card]:
    """The cards in these lines, one after the other."""
    number, held = 0, _Held()
    for line in lines:
        word = line.strip().removeprefix(codecs.BOM_UTF8).upper()  # files joined to one keep their marks
        if word == b"BEGIN:VCARD":
            if held.inside and held.takes_another():
                continue
            if held.inside:
                yield held.card(number, NO_END)
            number, held = number + 1, _Held(inside=True)
        elif word == b"END:VCARD" and held.inside:
            if held.deep:
                held.deep -= 1
                continue
            yield held.card(number)
            held = _Held()
        elif held.inside and not held.deep:
            held.take(line)
    if held.inside:
        yield held.card(number, NO_END)


class _Held:
    """The lines of the card that is being read, folded ones joined."""

    def __init__(self, *, inside: bool = False) -> None:
        self.inside, self.deep = inside, 0
        self.lines: list[bytes] = []
        self.old = False
        self.soft = self.binary = self.too_much = False

    def takes_another(self) -> bool:
        """Whether a card begins within this one, as an assistant's does; it is passed over."""
        if self.lines and re.match(rb"(?:[\w-]+\.)?AGENT\b[^:]*:\s*$", self.lines[-1], re.IGNORECASE):
            self.deep += 1
        return bool(self.deep)

    def take(self, line: bytes) -> None:
        """One more line of the file."""
        if self.soft:
            self._append(b"\n" + line)
            self.soft = line.endswith(b"=")
        elif line[:1] in (b" ", b"\t") and self.lines:
            self._append(line if self.old and not self.binary else line[1:])
        elif found := _HEAD.match(line):
            self._begin(line, found)
        elif line.strip() and self.lines:
            self._append(b"\\n" + line)

    def _begin(self, line: bytes, found: re.Match[bytes]) -> None:
        self.old = self.old or line.strip().upper() == b"VERSION:2.1"
        self.binary = found[2].decode().upper() in _BINARY
        quoted = b"QUOTED-PRINTABLE" in found[3].upper()
        self.soft = quoted and line.endswith(b"=")
        if len(self.lines) < MOST_PROPERTIES:
            self.lines.append(b"" if self.binary else line)
        else:
            self.too_much = True

    def _append(self, more: bytes) -> None:
        if self.binary or not self.lines:
            return
        if len(self.lines[-1]) + len(more) <= 3 * MAX_CELL:
            self.lines[-1] += more
        else:
            self.too_much = True

    def card(self, number: int, broken: Message | None = None) -> Card:
        """The card in these lines."""
        properties = _labelled([one for line in self.lines if (one := _property(line)) is not None])
        said = {one.name for one in properties} - {"VERSION", "PRODID", "REV", "UID"}
        wrong = broken or (TOO_MUCH if self.too_much else None if said else NOTHING)
        raw = line_by_line(b"\n".join(self.lines)[:KEPT_RAW]) if wrong else ""
        return Card(number, properties, wrong, raw)


def _property(line: bytes) -> Property | None:
    found = _HEAD.match(line)
    if not found or len(line) > MAX_CELL * 3:
        return None
    types: set[str] = set()
    named: dict[str, str] = {}
    for one in _PARAMETER.findall(found[3]):
        name, given, value = one.decode("ascii", "replace").partition("=")
        if given and name.strip().upper() not in ("TYPE", "PREF"):
            named[name.strip().upper()] = value.strip(' "')
        elif name.strip().upper() == "PREF":
            types.add("pref")
        else:
            types |= {word.strip(' "').lower() for word in (value if given else name).split(",")}
    text = _decoded(line[found.end() :], types, named)
    name = found[2].decode().upper()
    label = plain(named.get("X-ABLABEL", named.get("LABEL", ""))) if name != "ADR" else ""
    return Property(name, frozenset(types), text, found[1].decode().lower(), label)


def _decoded(value: bytes, types: set[str], named: dict[str, str]) -> str:
    """The text of a value: as its encoding and character set say, else as what it is."""
    encoding = named.get("ENCODING", "").upper()
    if encoding == "QUOTED-PRINTABLE" or "quoted-printable" in types:
        return _in(quopri.decodestring(value), named.get("CHARSET", "")).replace("\r\n", "\\n").replace("\n", "\\n")
    if encoding in ("B", "BASE64") or "base64" in types:
        try:
            return _in(binascii.a2b_base64(value), named.get("CHARSET", ""))
        except ValueError:
            return ""
    return line_by_line(value)


def _in(data: bytes, charset: str) -> str:
    bare = charset.strip().lower()
    if bare in ("", "utf-8", "utf8", "us-ascii", "ascii"):
        return line_by_line(data)
    try:
        codec = codecs.lookup("cp1252" if bare in ("iso-8859-1", "latin1") else bare)
        text = data.decode(codec.name, "replace") if codec._is_text_encoding else line_by_line(data)
        return text.encode("utf-8", "replace").decode("utf-8")  # without halves of letters
    except (LookupError, ValueError):
        return line_by_line(data)


def _labelled(properties: Sequence[Property]) -> list[Property]:
    """The properties, those of a group with the label that stands in a line of its own."""
    labels = {one.group: one.value for one in properties if one.name == "X-ABLABEL" and one.group}
    for one in properties:
        label = one.label or labels.get(one.group, "")
        found = _LABEL.fullmatch(label)
        one.label = found[1] if found else label
    return [one for one in properties if one.name != "X-ABLABEL"]
