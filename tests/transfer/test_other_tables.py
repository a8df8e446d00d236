"""Old workbooks, OpenDocument sheets, pages with tables, address books in LDIF."""

import subprocess
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from rapporto.store.transfer import office_rows
from rapporto.store.transfer.opened import Settings, Unreadable, open_table
from tests.transfer.making import ADIGE, CASALE, HEADS, opened, said, values, workbook, written

SHEET = '<table:table table:name="{name}">{rows}</table:table>'
TEXT = '<table:table-cell office:value-type="string"><text:p>{0}</text:p></table:table-cell>'


def open_document(path: Path, sheets: dict[str, list[tuple[str, ...]]], before: str = "") -> Path:
    """An OpenDocument sheet of texts."""
    names = ["office:1.0", "table:1.0", "text:1.0"]
    spaces = " ".join(f'xmlns:{one.split(":")[0]}="urn:oasis:names:tc:opendocument:xmlns:{one}"' for one in names)
    tables = "".join(
        SHEET.format(
            name=name,
            rows="".join(f"<table:table-row>{''.join(map(TEXT.format, row))}</table:table-row>" for row in rows),
        )
        for name, rows in sheets.items()
    )
    content = (
        f'{before}<office:document-content {spaces} office:version="1.3"><office:body><office:spreadsheet>{tables}'
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
        archive.writestr("content.xml", content + "</office:spreadsheet></office:body></office:document-content>")
    return path


def test_an_old_workbook_is_read_with_its_numbers_and_days(libreoffice: Path, tmp_path: Path) -> None:
    rows = [
        ("Codice", "Nome", "Saldo", "Dal"),
        ("007", "Però", Decimal("12.5"), date(2026, 11, 26)),
        (),
        ("008", "Zoë", 3, None),
    ]
    workbook(tmp_path / "a.xlsx", rows, default_date_format="dd/mm/yyyy")
    own = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [
        str(libreoffice),
        own,
        "--headless",
        "--convert-to",
        "xls",
        "--outdir",
        str(tmp_path),
        str(tmp_path / "a.xlsx"),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    table = open_table(tmp_path / "a.xls", "a.xls")
    assert table.settings.kind == "xls"
    assert [(row.number, row.values) for row in table.rows()] == [
        (2, ("007", "Però", Decimal("12.5"), date(2026, 11, 26))),
        (4, ("008", "Zoë", 3, None)),
    ]


def test_an_open_document_is_read_and_its_sheets_are_known(tmp_path: Path) -> None:
    path = open_document(
        tmp_path / "a.ods", {"Note": [("Leggimi",)], "Clienti": [HEADS, CASALE], "Altri": [HEADS, ADIGE]}
    )
    table = open_table(path, "a.ods")
    assert (table.settings.kind, table.settings.sheet, table.sheets) == ("ods", "Clienti", ("Note", "Clienti", "Altri"))
    assert values(table) == [CASALE]
    assert values(open_table(path, "a.ods", Settings("ods", sheet="Altri"))) == [ADIGE]
    with pytest.raises(Unreadable, match="no sheet"):
        open_table(path, "a.ods", Settings("ods", sheet="x"))


def test_a_sheet_that_would_fill_the_memory_is_refused_by_its_own_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office_rows, "MOST_MEMORY", 400)
    path = open_document(tmp_path / "a.ods", {"Clienti": [HEADS, CASALE]})
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    many = b'<table:table-row table:number-rows-repeated="1048576"><table:table-cell table:number-columns-repeated="16384" '
    many += b'office:value-type="string"><text:p>x</text:p></table:table-cell></table:table-row>'
    parts["content.xml"] = parts["content.xml"].replace(b"</table:table>", many + b"</table:table>")
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    with pytest.raises(Unreadable):
        open_table(path, "a.ods")


def test_declarations_in_an_open_document_are_refused(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE a [<!ENTITY x "xx"><!ENTITY y "&x;&x;&x;">]>'
    with pytest.raises(Unreadable, match="declarations"):
        open_table(open_document(tmp_path / "a.ods", {"A": [HEADS, CASALE]}, bomb), "a.ods")


@pytest.mark.parametrize(
    ("rest", "words"),
    [
        (b"", "damaged"),
        (b"\x00" * 5000, "damaged"),
        ("EncryptedPackage".encode("utf-16-le"), "password"),
        ("WordDocument".encode("utf-16-le"), "text document"),
    ],
)
def test_an_office_file_that_is_no_workbook_is_told(tmp_path: Path, rest: bytes, words: str) -> None:
    with pytest.raises(Unreadable, match=words):
        opened(tmp_path, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600 + rest, "a.xls")


OFFICE_XML = """<?xml version="1.0" encoding="{encoding}"?>{before}
<?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:html="http://www.w3.org/TR/REC-html40"><Styles><Style ss:ID="a"/></Styles>
<Worksheet ss:Name="Clienti"><Table ss:ExpandedColumnCount="5"><Column ss:Width="90"/>
<Row><Cell><Data ss:Type="String">Codice</Data></Cell><Cell><Data ss:Type="String">Città</Data></Cell>
<Cell><Data ss:Type="String">Saldo</Data></Cell><Cell><Data ss:Type="String">Dal</Data></Cell></Row>
<Row ss:Index="4"><Cell ss:MergeDown="1"><Data ss:Type="String">007</Data></Cell><Cell><Data ss:Type="String">Forl<html:B>ì</html:B></Data>
</Cell><Cell ss:Index="4"><Data ss:Type="DateTime">2026-11-26T00:00:00.000</Data></Cell></Row>
<Row><Cell><Data ss:Type="String">Lodi</Data></Cell><Cell><Data ss:Type="Number">12.5</Data></Cell></Row>
<Row><Cell/></Row></Table></Worksheet><Worksheet ss:Name="B"><Table/></Worksheet></Workbook>"""


@pytest.mark.parametrize("encoding", ["utf-8", "windows-1252", "utf-16"])
def test_the_xml_of_old_excel_is_a_workbook(tmp_path: Path, encoding: str) -> None:
    table = opened(tmp_path, OFFICE_XML.format(encoding=encoding, before="").encode(encoding), "clienti.xls")
    assert table.settings.kind == "xml"
    assert [(row.number, row.values) for row in table.rows()] == [
        (4, ("007", "Forlì", None, date(2026, 11, 26))),
        (5, ("007", "Lodi", Decimal("12.5"), None)),
    ]
    words = said(table)
    assert "XML workbook" in words
    assert encoding == "utf-16" or "2 sheets" in words


def test_declarations_in_the_xml_of_old_excel_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="declarations"):
        opened(tmp_path, OFFICE_XML.format(encoding="utf-8", before='<!DOCTYPE a [<!ENTITY x "x">]>'), "a.xls")


PAGE = """<html><head><meta charset="{charset}"><style>td {{ mso-number-format:"\\@" }}</style><!--[if gte mso 9]><xml><table><tr><td>no
</td></tr></table></xml><![endif]--><script>if (1 < 2) document.write("<table>")</script></head><body>
<table><tr><td>Menu</td></tr></table>
<TABLE border=1><tr><th colspan="3">Elenco clienti</th></tr><tr><th>Nome<th>Città</th><th>Codice</th></tr>
<tr><td rowspan=2>Meccanica&nbsp;Casale &amp; C.</td><td>Forlì</td><td>007</td></tr><tr><td>Lodi</td><td>="008"</td></tr>
<tr><td></td><td></td><td></td></tr>
<tr><td>Via Roma<br>3</td><td><p>Pisa</p><td>9</tr></TABLE></body></html>"""


@pytest.mark.parametrize("charset", ["utf-8", "windows-1252", "utf-16"])
def test_a_page_called_xls_gives_its_largest_table(tmp_path: Path, charset: str) -> None:
    table = opened(tmp_path, PAGE.format(charset=charset).encode(charset), "estrazione.xls")
    assert table.settings.kind == "html"
    assert "HTML" in said(table)
    assert table.headers == ("Nome", "Città", "Codice")
    assert [(row.number, row.values) for row in table.rows()] == [
        (3, ("Meccanica Casale & C.", "Forlì", "007")),
        (4, ("Meccanica Casale & C.", "Lodi", "008")),
        (6, ("Via Roma\n3", "Pisa", "9")),
    ]


@pytest.mark.parametrize(
    "page", ["<html><p>Accesso negato</p></html>", "<html><table><tr><td>x</td></tr></table>", "<html>" + "<!--" * 9000]
)
def test_a_page_without_a_table_is_no_table(tmp_path: Path, page: str) -> None:
    with pytest.raises(Unreadable, match="no table"):
        opened(tmp_path, page, "a.xls")


def test_an_address_book_of_thunderbird_is_read(tmp_path: Path) -> None:
    data = """dn: cn=Nicolò Forlì,mail=n.forli@casale.example
objectclass: top
objectclass: mozillaAbPersonAlpha
givenName:: Tmljb2zDsg==
sn:: Rm9ybMOs
cn: Nicolo Forli
mail: n.forli@casale.example
mozillaSecondEmail: forli@example.it
o: Meccanica Casale
telephoneNumber: 045 790 1234
mobile: 333 1234567
birthyear: 1970
birthmonth: 3
birthday: 5
description: una nota lun
 ga
jpegPhoto:< file:///etc/passwd
custom1: fiera

# un commento
dn: cn=Clienti
objectclass: groupOfNames

dn: cn=Anna
cn: Anna
"""
    table = opened(tmp_path, data, "abook.ldif")
    assert table.settings.kind == "ldif"
    first, second = table.rows()
    assert dict(zip(table.headers, first.values, strict=True)) == {
        "Nome": "Nicolò", "Cognome": "Forlì", "Nome visualizzato": "Nicolo Forli", "Azienda": "Meccanica Casale",
        "Telefono ufficio": "045 790 1234", "Telefono cellulare": "333 1234567", "E-mail": "n.forli@casale.example",
        "E-mail 2": "forli@example.it", "Data di nascita": "1970-03-05", "Note": "una nota lunga", "Altro": "custom1: fiera",
    }  # fmt: skip
    assert (second.number, second.values[2]) == (3, "Anna")


def test_xml_and_pictures_are_no_tables(tmp_path: Path) -> None:
    for data in (b"\x89PNG\r\n\x1a\n", b"<?xml version='1.0'?><FatturaElettronica/>"):
        with pytest.raises(Unreadable):
            open_table(written(tmp_path, data), "a.xls")
