"""Workbooks as people keep them, and as somebody may send them who means harm."""

import zipfile
from contextlib import nullcontext
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from openpyxl import Workbook

from rapporto.store.transfer.opened import Settings, Table, Unreadable, open_table
from tests.transfer.making import ADIGE, CASALE, HEADS, broken, changed, part, said, values, workbook

SHEET = "xl/worksheets/sheet1.xml"


def book(folder: Path, *rows: Any, **options: Any) -> Table:
    """The table in a workbook of these rows."""
    return open_table(workbook(folder / "clienti.xlsx", rows, **options), "clienti.xlsx")


def test_texts_numbers_amounts_and_days_come_as_what_they_are(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    made = xlsxwriter.Workbook(str(path))
    page = made.add_worksheet("Clienti")
    forms = [
        made.add_format({"num_format": one}) for one in ("dd/mm/yyyy", "d/m/yy h:mm", "h:mm", "00000", "#,##0.00 €")
    ]
    page.write_row(0, 0, ("Codice", "Nome", "Numero", "Data", "Momento", "Ora", "CAP", "Saldo", "Sì", "Testo"))
    page.write_string(1, 0, "00017")
    page.write_string(1, 1, "  Casale  ")
    page.write_number(1, 2, 12400)
    page.write_datetime(1, 3, date(2026, 11, 26), forms[0])
    page.write_datetime(1, 4, datetime(2026, 11, 26, 9, 30), forms[1])  # noqa: DTZ001 - a spreadsheet knows no zones
    page.write_number(1, 5, 0.3958333333, forms[2])
    page.write_number(1, 6, 187, forms[3])
    page.write_number(1, 7, 0.1 + 0.2, forms[4])
    page.write_boolean(1, 8, True)
    page.write_string(1, 9, "=1+1")
    made.close()
    moment = datetime(2026, 11, 26, 9, 30)  # noqa: DTZ001
    expected = (
        "00017", "Casale", 12400, date(2026, 11, 26), moment, "09:30", "00187", Decimal("0.3"), True, "=1+1",
    )  # fmt: skip
    sheet = part(path, SHEET)
    assert b"<v>0.3</v>" in sheet
    changed(path, {SHEET: sheet.replace(b"<v>0.3</v>", b"<v>0.30000000000000004</v>")})
    assert values(open_table(path, "a.xlsx")) == [expected]


@pytest.mark.parametrize(("from_1904", "number", "day"), [
    (False, 1, date(1900, 1, 1)), (False, 59, date(1900, 2, 28)), (False, 61, date(1900, 3, 1)), (True, 0, date(1904, 1, 1)),
    (True, 44_000, date(2024, 6, 19)), (False, 45_462, date(2024, 6, 19)), (False, 2_958_465, date(9999, 12, 31)),
])  # fmt: skip
def test_days_are_counted_as_the_workbook_counts_them(tmp_path: Path, from_1904: bool, number: int, day: date) -> None:
    path = tmp_path / "a.xlsx"
    made = xlsxwriter.Workbook(str(path), {"date_1904": from_1904})
    page = made.add_worksheet()
    page.write_row(0, 0, ("Nome", "Data"))
    page.write_row(1, 0, ("Rossi", number), made.add_format({"num_format": "[$-410]d mmmm yyyy;@"}))
    made.close()
    assert values(open_table(path, "a.xlsx")) == [("Rossi", day)]


def test_what_is_no_day_stays_a_number(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    made = xlsxwriter.Workbook(str(path))
    page = made.add_worksheet()
    form = made.add_format({"num_format": "dd/mm/yyyy"})
    page.write_row(0, 0, ("Nome", "Data"))
    for at, number in enumerate((-5, 1e12, 39_012.5), start=1):
        page.write_row(at, 0, ("Rossi", number), form)
    made.close()
    noon = datetime(2006, 10, 22, 12)  # noqa: DTZ001
    assert [row[1] for row in values(open_table(path, "a.xlsx"))] == [-5, 10**12, noon]


def test_a_merged_cell_counts_for_each_of_its_rows_and_a_merged_title_is_left_out(tmp_path: Path) -> None:
    made = Workbook()
    page = made.active
    rows = (
        ("Elenco clienti", None, None),
        ("Azienda", "Referente", "Interno"),
        ("Casale", "Anna", 1),
        (None, "Bruno", 2),
        ("Adige", "Carla", 3),
    )
    for row in rows:
        page.append(row)
    page.merge_cells("A1:C1")
    page.merge_cells("A3:A4")
    made.save(tmp_path / "a.xlsx")
    table = open_table(tmp_path / "a.xlsx", "a.xlsx")
    assert table.settings.header_row == 2
    assert values(table) == [("Casale", "Anna", 1), ("Casale", "Bruno", 2), ("Adige", "Carla", 3)]
    assert "merged cells" in said(table)
    assert values(table, after=3) == [("Casale", "Bruno", 2), ("Adige", "Carla", 3)]


def test_two_rows_of_merged_heads_are_read_together(tmp_path: Path) -> None:
    made = Workbook()
    page = made.active
    for row in (
        ("Codice", "Sede legale", None, "Sede operativa", None), (None, "CAP", "Città", "CAP", "Città"),
        ("1", "37121", "Verona", 20121, "Milano"), ("2", "00187", "Roma", 10121, "Torino"),
    ):  # fmt: skip
        page.append(row)
    for merged in ("A1:A2", "B1:C1", "D1:E1"):
        page.merge_cells(merged)
    made.save(tmp_path / "a.xlsx")
    heads = open_table(tmp_path / "a.xlsx", "a.xlsx").headers
    assert heads == ("Codice", "Sede legale: CAP", "Sede legale: Città", "Sede operativa: CAP", "Sede operativa: Città")


def test_formulas_give_the_results_kept_and_those_without_are_said(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    made = xlsxwriter.Workbook(str(path))
    page = made.add_worksheet()
    page.write_row(0, 0, ("Nome", "Somma", "Testo"))
    for at, results in enumerate(((3, "abc"), ("", ""), ("#N/A", "x")), start=1):
        page.write_string(at, 0, "Rossi")
        page.write_formula(at, 1, "=1+2", None, results[0])
        page.write_formula(at, 2, '="abc"', None, results[1])
    made.close()
    empty = part(path, SHEET).replace(b"<v></v>", b"")
    table = open_table(changed(path, {SHEET: empty}), "a.xlsx")
    assert values(table) == [("Rossi", 3, "abc"), ("Rossi", None, None), ("Rossi", None, "x")]
    words = said(table)
    assert "There are formulas" in words
    assert "Rows 3: formulas without a result" in words
    assert "Rows 4: cells show an error" in words


def test_the_first_sheet_in_sight_that_is_a_table_is_read_unless_another_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    made = xlsxwriter.Workbook(str(path))
    for name, rows in (
        ("Nascosto", [HEADS, ADIGE, ADIGE]), ("Istruzioni", [("Compilare i fogli",)]), ("Clienti", [HEADS, CASALE]),
        ("Fornitori", [HEADS, ADIGE]),
    ):  # fmt: skip
        page = made.add_worksheet(name)
        for at, row in enumerate(rows):
            page.write_row(at, 0, row)
        if name == "Nascosto":
            page.hide()
    made.worksheets()[1].activate()
    made.close()
    table = open_table(path, "a.xlsx")
    assert table.sheets == ("Nascosto", "Istruzioni", "Clienti", "Fornitori")
    assert (table.settings.sheet, values(table)) == ("Clienti", [CASALE])
    assert "has 4 sheets" in said(table)
    assert values(open_table(path, "a.xlsx", Settings("xlsx", sheet="Fornitori"))) == [ADIGE]
    with pytest.raises(Unreadable, match="no sheet «Altro»"):
        open_table(path, "a.xlsx", Settings("xlsx", sheet="Altro"))


def test_rows_are_numbered_as_the_spreadsheet_numbers_them(tmp_path: Path) -> None:
    table = book(tmp_path, HEADS, CASALE, (), (), ADIGE)
    assert [row.number for row in table.rows()] == [2, 5]
    assert [row.number for row in table.rows(2)] == [5]


def test_texts_of_several_looks_escapes_and_line_breaks_are_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    made = xlsxwriter.Workbook(str(path))
    page = made.add_worksheet()
    page.write_row(0, 0, ("Nome", "Note"))
    bold = made.add_format({"bold": True})
    page.write_rich_string(1, 0, "Mecc", bold, "anica ", "Casale")
    page.write_string(1, 1, "prima\nseconda\x07 _x0041_ & <b>")
    made.close()
    assert values(open_table(path, "a.xlsx")) == [("Meccanica Casale", "prima\nseconda\x07 _x0041_ & <b>")]


@pytest.mark.parametrize("constant_memory", [True, False])
def test_texts_within_cells_and_apart_from_them_read_the_same(tmp_path: Path, constant_memory: bool) -> None:
    assert values(book(tmp_path, HEADS, CASALE, ADIGE, constant_memory=constant_memory)) == [CASALE, ADIGE]


def test_more_texts_than_are_held_come_from_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rapporto.store.transfer.shared_strings.MOST_HELD", 2000)
    rows = [(f"Ditta {at}", f"Via Roma {at % 7}") for at in range(3000)]
    table = book(tmp_path, ("Nome", "Via"), *rows)
    assert values(table) == rows
    assert len(table.source.strings._held) < 5  # type: ignore[attr-defined]


def test_sheets_written_with_prefixes_in_wide_letters_or_without_places_are_read(tmp_path: Path) -> None:
    main = "http://purl.oclc.org/ooxml/spreadsheetml/main"
    xml = (
        f'<?xml version="1.0" encoding="UTF-16"?><x:worksheet xmlns:x="{main}"><x:cols/><x:sheetData><x:row>'
        '<x:c t="inlineStr"><x:is><x:t>Nome</x:t></x:is></x:c><x:c t="inlineStr"><x:is><x:t>Età</x:t></x:is></x:c></x:row>'
        '<x:row/><x:row><x:c t="inlineStr"><x:is><x:t>Zoë</x:t></x:is></x:c><x:c><x:v>7</x:v></x:c></x:row></x:sheetData></x:worksheet>'
    )
    path = workbook(tmp_path / "a.xlsx", [HEADS])
    table = open_table(changed(path, {SHEET: xml.encode("utf-16")}), "a.xlsx")
    assert table.headers == ("Nome", "Età")
    assert [(row.number, row.values) for row in table.rows()] == [(3, ("Zoë", 7))]


def test_names_declared_again_within_the_head_do_no_harm(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [HEADS, CASALE])
    again = b'<sheetPr xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:x="urn:x"><x:y xmlns:x="urn:z"/></sheetPr>'
    sheet = part(path, SHEET).replace(b"<dimension", again + b"<dimension")
    sheet = sheet.replace(b"<worksheet ", b'<worksheet xmlns:x="urn:x" ').replace(b"<row ", b'<row x:height="1" ')
    assert values(open_table(changed(path, {SHEET: sheet}), "a.xlsx")) == [CASALE]


def test_a_number_the_spreadsheet_has_rounded_is_said(tmp_path: Path) -> None:
    table = book(tmp_path, ("Nome", "Conto"), ("Rossi", 12345678901234567))
    assert "more than 15 figures" in said(table)
    assert isinstance(values(table)[0][1], int)


def test_a_workbook_called_csv_is_read_and_its_name_said(tmp_path: Path) -> None:
    table = open_table(workbook(tmp_path / "a.csv", [HEADS, CASALE]), "a.csv")
    assert values(table) == [CASALE]
    assert "Excel workbook" in said(table)


ENTITIES = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "xxxxxxxxxx"><!ENTITY y "&x;&x;&x;&x;&x;&x;&x;&x;">]>'
OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize("declared", [ENTITIES, OUTSIDE, OUTSIDE.decode().encode("utf-16")])
@pytest.mark.parametrize(
    "name",
    [SHEET, "xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml", "_rels/.rels", "xl/_rels/workbook.xml.rels"],
)
def test_declarations_in_any_part_are_refused_before_they_do_anything(
    tmp_path: Path, name: str, declared: bytes
) -> None:
    path = workbook(tmp_path / "a.xlsx", [HEADS, CASALE])
    body = part(path, name).partition(b"?>")[2]
    wide = declared.startswith(b"\xff\xfe")
    data = declared + (body.decode().encode("utf-16-le") if wide else body)
    with pytest.raises(Unreadable, match=r"declarations|damaged"):
        list(open_table(changed(path, {name: data}), "a.xlsx").rows())


def test_an_archive_that_unpacks_to_too_much_is_refused_unopened(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [HEADS, CASALE])
    bomb = part(path, SHEET) + b" " * 200_000_000
    with pytest.raises(Unreadable, match="not opened"):
        open_table(changed(path, {SHEET: bomb}), "a.xlsx")


def test_an_archive_that_lies_about_its_size_is_no_bomb_either(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [HEADS, CASALE])
    changed(path, {SHEET: part(path, SHEET) + b" " * 60_000_000})
    data = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        size = archive.getinfo(SHEET).file_size
    path.write_bytes(data.replace(size.to_bytes(4, "little"), (5000).to_bytes(4, "little")))
    with pytest.raises(Unreadable):
        list(open_table(path, "a.xlsx").rows())


def test_a_million_columns_are_refused_and_a_far_cell_takes_no_memory(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [HEADS, CASALE])
    sheet = part(path, SHEET)
    wide = sheet.replace(b"</row></sheetData>", b'<c r="ABCDE2"><v>1</v></c></row></sheetData>')
    with pytest.raises(Unreadable, match="columns"):
        list(open_table(changed(path, {SHEET: wide}), "a.xlsx").rows())
    far = sheet.replace(
        b"</sheetData>", b'<row r="1048576"><c r="XFD1048576" s="0"/><c r="A1048576"><v>1</v></c></row></sheetData>'
    )
    assert [row.number for row in open_table(changed(path, {SHEET: far}), "a.xlsx").rows()] == [2, 1048576]


@pytest.mark.parametrize("name", [SHEET, "xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml"])
@pytest.mark.parametrize("data", [b"", b"<a>", b"\x00" * 100, None])
def test_a_damaged_part_is_said_in_words(tmp_path: Path, name: str, data: bytes | None) -> None:
    path = changed(workbook(tmp_path / "a.xlsx", [HEADS, CASALE]), {name: data})
    needed = data is not None or name != "xl/styles.xml"
    with pytest.raises(Unreadable) if needed else nullcontext():
        assert len(values(open_table(path, "a.xlsx"))) == 1


def test_a_sheet_that_breaks_off_says_so_after_its_rows(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [HEADS, *[CASALE] * 20_000], constant_memory=True)
    sheet = part(path, SHEET)
    table = open_table(changed(path, {SHEET: sheet[: len(sheet) // 2]}), "a.xlsx")
    seen: list[int] = []
    with pytest.raises(Unreadable, match="damaged"):
        seen.extend(row.number for row in table.rows())
    assert len(seen) > 5000


@pytest.mark.parametrize("name", ["word/document.xml", "a.csv"])
def test_other_archives_are_no_workbooks(tmp_path: Path, name: str) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr(name, "x")
        if name.startswith("word"):
            archive.writestr("[Content_Types].xml", "x")
    with pytest.raises(Unreadable, match=r"archive|text document"):
        open_table(tmp_path / "a.xlsx", "a.xlsx")


def test_a_cell_too_long_spoils_its_row_only(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [("Nome", "Note"), ("Rossi", "x"), ("Bianchi", "LUNGA"), ("Verdi", "y")])
    strings = part(path, "xl/sharedStrings.xml").replace(b"LUNGA", b"x" * 200_000)
    table = open_table(changed(path, {"xl/sharedStrings.xml": strings}), "a.xlsx")
    assert [row.number for row in broken(table)] == [3]
    assert [row[0] for row in values(table)] == ["Rossi", "Verdi"]
