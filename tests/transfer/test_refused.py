"""Rows that were refused go out with the reason and come in again as they were."""

import io
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from rapporto.kernel.text import Message
from rapporto.store.transfer.opened import Row, open_table
from rapporto.store.transfer.refused import refused_file
from tests.transfer.making import values, written

HEADS = ("Codice", "Nome", "Telefono", "Importo")
CELL = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=30).map(str.strip) | st.sampled_from(
    [
        "007",
        "+39 045 790 1234",
        "=1+1",
        "@x",
        "-1",
        "'=1",
        "''",
        '="x"',
        'a;b"c',
        "prima\nseconda",
        "+cmd|' /C calc'!A0",
        "Totale",
        "",
    ]
)


def back(folder: Path, rows: list[tuple[Row, str]], *, workbook: bool) -> list[tuple[object, ...]]:
    """The rows of the file of refused rows, read as any table."""
    file = io.BytesIO()
    assert refused_file(file, HEADS, rows, language="it", folder=str(folder) if workbook else "") == len(rows)
    table = open_table(written(folder, file.getvalue()), "rifiutate")
    assert table.headers == (*HEADS, "Motivo")
    return values(table)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.tuples(CELL, CELL, CELL, CELL), min_size=1, max_size=5), st.booleans())
@example([("007", "=1+1", "+39 045", "'x")], True)
def test_what_was_refused_comes_back_as_it_was(tmp_path: Path, rows: list[tuple[str, ...]], workbook: bool) -> None:
    refused = [(Row(at, row), "Nessun nome") for at, row in enumerate(rows)]
    expected = [(*(cell or (None if workbook else "") for cell in row), "Nessun nome") for row in rows]
    assert back(tmp_path, refused, workbook=workbook) == expected


@pytest.mark.parametrize("workbook", [False, True])
def test_an_unreadable_row_is_told_with_its_reason_and_a_wide_one_keeps_its_cells(
    tmp_path: Path, workbook: bool
) -> None:
    rows = [
        (Row(3, (), Message("x"), '"Rossi;045'), "Virgolette"),
        (Row(4, ("1", "Rossi", "045", "7", "troppo"), Message("x"), "1;Rossi;045;7;troppo"), "Troppe celle"),
    ]
    blank = (None if workbook else "",) * 4
    assert back(tmp_path, rows, workbook=workbook) == [
        (*blank, 'Virgolette «"Rossi;045»'),
        ("1", "Rossi", "045", "7", "Troppe celle «1;Rossi;045;7;troppo»"),
    ]


def test_typed_values_of_a_workbook_stay_what_they_are(tmp_path: Path) -> None:
    row = ("007", date(2026, 11, 26), 12, Decimal("12.5"))
    assert back(tmp_path, [(Row(2, row), "x")], workbook=True) == [(*row, "x")]
    assert back(tmp_path, [(Row(2, row), "x")], workbook=False) == [("007", "26/11/2026", "12", "12,5", "x")]
