"""Files that want to do harm or were harmed, and a program that reads them and says what that cost.

Called as a program with a folder: reads every file in it and prints one line of JSON each: name, seconds of processor, what came of it.
"""

import json
import random
import re
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from rapporto.store.transfer.opened import Unreadable, open_table

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_BOOK = f'<workbook xmlns="{MAIN}" xmlns:r="{_RELATED}"><sheets><sheet name="A" sheetId="1" r:id="rId1"/></sheets></workbook>'
_LINKS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="rId1" Type="{_RELATED}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_RELATED}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
)
HEAD = '<row><c t="inlineStr"><is><t>Nome</t></is></c><c t="inlineStr"><is><t>Altro</t></is></c></row>'


def sheet(rows: str, after: str = "") -> str:
    """A sheet of a workbook."""
    return f'<worksheet xmlns="{MAIN}"><sheetData>{HEAD}{rows}</sheetData>{after}</worksheet>'


def book(path: Path, page: str, strings: str = "<si><t>x</t></si>") -> None:
    """A workbook written by hand."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", _BOOK)
        archive.writestr("xl/_rels/workbook.xml.rels", _LINKS)
        archive.writestr("xl/sharedStrings.xml", f'<sst xmlns="{MAIN}">{strings}</sst>')
        archive.writestr("xl/worksheets/sheet1.xml", page)


def _sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.write(b"Nome;CAP\nRossi;37121\n")
        file.truncate(512 * 1024**2)


def _long_line(path: Path) -> None:
    with path.open("wb") as file:
        file.write(b"Nome;CAP\n" + b"Rossi;37121\n" * 30_000)
        for _ in range(100):
            file.write(b"x" * 1024**2)
        file.write(b"\nBianchi;20121\n")


MEGABYTE = 1024**2
_BYTES: dict[str, Callable[[], bytes]] = {
    "quotes.csv": lambda: b"a;b\n" + b'"' * (8 * MEGABYTE),
    "quoted_lines.csv": lambda: b"a;b\n" + b'"\n' * (MEGABYTE // 2),
    "runaways.csv": lambda: b"a,b\n" + b'x"y,"z\n' * 200_000,
    "unclosed.csv": lambda: b"a;b;c\n" + b'"x;y;z\n1;2;3\n' * 30_000,
    "separators.csv": lambda: b"a;b\n" + b";" * MEGABYTE + b"\n1;2\n",
    "returns.csv": lambda: b"a;b\n" + b"\r" * MEGABYTE + b"\n1;2\n",
    "blanks.csv": lambda: b"a;b\n1;2\n" + b"\n" * MEGABYTE,
    "columns.csv": lambda: b";".join(b"c%d" % at for at in range(1_000_000)) + b"\n",
    "random.csv": lambda: b"a;b\n" + random.Random(1).randbytes(MEGABYTE),
    "text.csv": lambda: b"a;b\n1;2\n" + bytes(random.Random(2).choices(b'ab";,\n\r\x00\xe0\xc3\xa8', k=MEGABYTE // 2)),
    "wide.csv": lambda: "a;b\n".encode("utf-16") + b"\x00\xd8" * MEGABYTE,
    "many_cards.vcf": lambda: b"BEGIN:VCARD\n" * 100_000,
    "one_note.vcf": lambda: (
        b"BEGIN:VCARD\nFN:A\nNOTE:" + b"x" * 76 + b"\n xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" * 200_000 + b"\nEND:VCARD"
    ),
    "soft_breaks.vcf": lambda: (
        b"BEGIN:VCARD\nNOTE;ENCODING=QUOTED-PRINTABLE:=\n" + b"=E8=\n" * 200_000 + b"\nEND:VCARD"
    ),
    "parameters.vcf": lambda: b"BEGIN:VCARD\nTEL" + b';A="' * 200_000 + b":1\nFN:A\nEND:VCARD",
    "escapes.vcf": lambda: b"BEGIN:VCARD\nN:" + b"\\" * 250_000 + b"\nEND:VCARD",
    "agents.vcf": lambda: b"BEGIN:VCARD\nAGENT:\n" * 100_000,
    "photo.vcf": lambda: (
        b"BEGIN:VCARD\nFN:A\nPHOTO;ENCODING=b:" + b"A" * 75 + b"\n AAAAAAAAAAAAAAAAAAAAAAAA" * 300_000 + b"\nEND:VCARD"
    ),
    "entries.ldif": lambda: b"dn: x\n" + b"mail: a@b.it\n" * 300_000,
    "encoded.ldif": lambda: b"dn: x\ncn:: " + b"A" * (3 * MEGABYTE) + b"\n\ncn: B\n",
    "tables.html": lambda: b"<html>" + b"<table>" * 200_000 + b"<tr><td>a<td>b",
    "comments.html": lambda: b"<html><table><tr><td>a<td>b</tr>" + b"<!--" * MEGABYTE,
    "comments_closed.html": lambda: b"<html><table><tr><td>a<td>b</tr><tr><td>c<td>d</tr>" + b"<!---->" * 300_000,
    "open_tags.html": lambda: b"<html><table>" + b"<td " * MEGABYTE,
    "spans.html": lambda: b"<html><table>" + b'<tr><td rowspan="9999" colspan="9999">a<td>b</tr>' * 3000,
}
_BOOKS: dict[str, Callable[[], tuple[str, ...]]] = {
    "deep.xlsx": lambda: (sheet("<row>" + "<c>" * 300_000),),
    "deep_closed.xlsx": lambda: (sheet("<row>" + "<c>" * 100_000 + "</c>" * 100_000 + "</row>"),),
    "attributes.xlsx": lambda: (sheet("<row " + " ".join(f'a{at}="1"' for at in range(100_000)) + "/>"),),
    "columns.xlsx": lambda: (sheet('<row r="2">' + "<c><v>1</v></c>" * 1_000_000 + "</row>"),),
    "rows.xlsx": lambda: (sheet("<row/>" * 300_000),),
    "merges.xlsx": lambda: (sheet("<row/>", "<mergeCells>" + '<mergeCell ref="A1:A1048576"/>' * 200_000 + "</mergeCells>"),),
    "numbers.xlsx": lambda: (sheet("".join(f'<row><c><v>{one}</v></c><c t="s"><v>{one}</v></c></row>' for one in (
        "1e999", "-1e999", "nan", "1" * 5000, "²", "", "-1", "0x1", "1_0", "٣"))),),
    "styles.xlsx": lambda: (sheet('<row><c s="-5"><v>1</v></c><c s="99999999999"><v>1</v></c><c s="x"><v>1</v></c></row>'),),
    "strings.xlsx": lambda: (sheet('<row><c t="s"><v>0</v></c></row>'), "<si/>" * 400_000),
    "long_string.xlsx": lambda: (sheet('<row><c t="s"><v>0</v></c></row>'), f"<si><t>{'x' * 12_000_000}</t></si>"),
    "places.xlsx": lambda: (sheet('<row r="99999999999"><c r="ZZZZZZ1"><v>1</v></c></row><row r="²"><c r="²"><v>1</v></c></row>'),),
    "surrogates.xlsx": lambda: (sheet('<row><c t="inlineStr"><is><t>_xD800_ _xDFFF__x0000_</t></is></c></row>'),),
    "entities.xlsx": lambda: (f'<!DOCTYPE a [<!ENTITY x "x">]>{sheet("")}',),
}  # fmt: skip


def make(folder: Path) -> None:
    """Every one of them, in a folder."""
    _sparse(folder / "zeros.csv")
    _long_line(folder / "long_line.csv")
    for name, data in _BYTES.items():
        (folder / name).write_bytes(data())
    for name, parts in _BOOKS.items():
        book(folder / name, *parts())


def read(path: Path) -> Iterator[dict[str, object]]:
    """What comes of a file."""
    start = time.process_time()
    rows = broken = 0
    try:
        table = open_table(path, path.name)
        table.sample()
        for row in table.rows():
            rows += 1
            broken += row.broken is not None
        came = "read"
    except Unreadable as error:
        came = str(error)
    yield {
        "name": path.name,
        "seconds": round(time.process_time() - start, 2),
        "rows": rows,
        "broken": broken,
        "came": came,
    }


def peak() -> int:
    """Megabytes this process has taken at most; the usual figure counts those of the process that started it, too."""
    found = re.search(r"VmHWM:\s*(\d+)", Path("/proc/self/status").read_text())
    return int(found[1]) // 1024 if found else 0


def main() -> None:
    """Read all files of a folder."""
    for path in sorted(Path(sys.argv[1]).iterdir()):
        for line in read(path):
            line["megabytes"] = peak()
            print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
