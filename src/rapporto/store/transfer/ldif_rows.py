"""Reads address books in LDIF, as Thunderbird and directories export them: one row an entry, columns named as those of cards."""

import base64
import binascii
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from rapporto.kernel.text import Message
from rapporto.store.transfer.card_columns import REST, Filled, columns_in
from rapporto.store.transfer.line_encoding import line_by_line
from rapporto.store.transfer.reading import MAX_CELL, Heads, Notices, Record, Settings
from rapporto.store.transfer.text_blocks import BLOCK, TextBlocks
from rapporto.store.transfer.vcard_rows import LOOKED_OVER, MOST_BLOCKS

MOST_LINES = 2_000
TOO_MUCH = Message("The entry has more lines than an entry can have.")
_MANY = {
    "telephonenumber": "Telefono ufficio", "homephone": "Telefono casa", "mobile": "Telefono cellulare", "cellphone": "Telefono cellulare",
    "facsimiletelephonenumber": "Fax", "fax": "Fax", "pager": "Cercapersone", "mail": "E-mail", "mozillasecondemail": "E-mail",
    "mozillaworkurl": "Sito web", "workurl": "Sito web", "mozillahomeurl": "Sito web", "homeurl": "Sito web", "labeleduri": "Sito web",
}  # fmt: skip
_ONE = {
    "cn": "Nome visualizzato", "givenname": "Nome", "sn": "Cognome", "mozillanickname": "Soprannome", "o": "Azienda", "company": "Azienda",
    "ou": "Reparto", "department": "Reparto", "title": "Funzione", "description": "Note", "uid": "Codice esterno",
    "personaltitle": "Titolo",
    "street": "Via (uff.)", "streetaddress": "Via (uff.)", "mozillaworkstreet2": "Via (uff.)", "l": "Città (uff.)",
    "st": "Provincia (uff.)", "postalcode": "CAP (uff.)", "c": "Paese (uff.)", "countryname": "Paese (uff.)",
    "co": "Paese (uff.)", "postofficebox": "Via (uff.)", "mozillahomestreet": "Via (ab.)",
    "mozillahomestreet2": "Via (ab.)", "mozillahomelocalityname": "Città (ab.)",
    "mozillahomestate": "Provincia (ab.)", "mozillahomepostalcode": "CAP (ab.)",
    "mozillahomecountryname": "Paese (ab.)", "nsaimid": "Messaggistica",
}  # fmt: skip
_LEFT_OUT = frozenset((
    "dn", "objectclass", "changetype", "version", "modifytimestamp", "mozillausehtmlmail", "jpegphoto", "usercertificate", "thumbnailphoto",
    "birthyear", "birthmonth", "birthday", "userpassword",
))  # fmt: skip


class LdifRows:
    """The entries of an address book."""

    sheets: tuple[str, ...] = ()

    def __init__(self, path: Path, given: Settings | None = None) -> None:
        self.notices = Notices()
        self.blocks = TextBlocks(path, self.notices, given.encoding if given else "")
        self.settings = Settings("ldif", self.blocks.encoding, header_row=0, header_rows=0)
        used: dict[str, str] = {}
        rest, number = False, 0
        for said, _ in islice(self._entries(MOST_BLOCKS), LOOKED_OVER):
            used |= dict.fromkeys(said.values, "x")
            rest, number = rest or bool(said.rest), number + 1
        whole = number < LOOKED_OVER and self.blocks.size < MOST_BLOCKS * BLOCK
        self.heads: Heads | None = Heads(columns_in((used,), rest=rest or not whole), 0, 0)
        self.estimated = number if whole else self.blocks.estimated(b"dn:")

    def records(self) -> Iterator[Record]:
        """Every entry that is somebody's."""
        names = self.heads.names if self.heads else (REST,)
        for number, (said, broken) in enumerate(self._entries(), start=1):
            if broken or said.values or said.rest:
                yield Record(number, [text[:MAX_CELL] for text in said.row(names)], broken)

    def _entries(self, most: int | None = None) -> Iterator[tuple[Filled, Message | None]]:
        lines: list[bytes] = []
        broken = None
        for line in (one for piece in islice(self.blocks.raw(), most) for one in piece.splitlines()):
            if not line.strip():
                if lines:
                    yield _entry(lines), broken
                lines, broken = [], None
            elif line[:1] == b" " and lines and len(lines[-1]) < 3 * MAX_CELL:
                lines[-1] += line[1:]
            elif len(lines) < MOST_LINES:
                lines.append(line)
            else:
                broken = TOO_MUCH
        if lines:
            yield _entry(lines), broken


def _entry(lines: list[bytes]) -> Filled:
    found, born = Filled(), dict[str, str]()
    for line in lines:
        name, text = _attribute(line)
        if name in ("birthyear", "birthmonth", "birthday"):
            born[name] = text
        elif name in _MANY:
            found.put_next(_MANY[name], text)
        elif name in _ONE:
            found.put(_ONE[name], text)
        elif name and name not in _LEFT_OUT and text:
            found.rest.append(f"{name}: {text}")
    if len(born) == 3:
        found.put("Data di nascita", f"{born['birthyear']}-{born['birthmonth']:0>2}-{born['birthday']:0>2}")
    return found


def _attribute(line: bytes) -> tuple[str, str]:
    """Name and text of a line; «::» begins what is encoded, «:<» names a file and is never followed."""
    name, colon, value = line.partition(b":")
    if not colon or line.startswith(b"#") or value.startswith(b"<"):
        return "", ""
    if value.startswith(b":"):
        try:
            value = base64.b64decode(value[1:].strip(), validate=False)
        except (binascii.Error, ValueError):
            return "", ""
    text = line_by_line(value).replace("\x00", "").strip()
    return line_by_line(name).partition(";")[0].strip().lower(), text
