"""The files of the programs that Italian offices use are read without a question."""

from pathlib import Path

import pytest

from rapporto.store.transfer.opened import open_table
from tests.transfer.making import broken, said
from tests.transfer.offices import OFFICES, Office, brought


@pytest.mark.parametrize("office", OFFICES, ids=lambda office: office.file)
def test_a_file_of_an_office_is_read_without_a_question(tmp_path: Path, office: Office) -> None:
    table = open_table(brought(tmp_path, office), office.file)
    rows = list(table.rows())
    assert (table.settings.kind, table.settings.header_row, len(rows)) == (office.kind, office.header_row, office.rows)
    assert broken(table) == []
    assert not office.encoding or (table.settings.encoding, table.settings.separator) == (
        office.encoding,
        office.separator,
    )
    assert [head for head in office.means if head not in table.headers] == []
    first = dict(zip(table.headers, rows[0].values, strict=True))
    assert {name: first[name] for name in office.first} == office.first
    words = said(table)
    assert all(one in words for one in office.said), words
    assert bool(words) == bool(office.said), words


def test_the_excel_of_anna_gives_every_row_its_company(tmp_path: Path) -> None:
    (office,) = (one for one in OFFICES if one.file == "excel di anna.xlsx")
    table = open_table(brought(tmp_path, office), office.file)
    assert table.headers == (
        "Codice", "Ragione sociale", "CAP", "Città", "Referente 1: Nome e cognome", "Referente 1: Telefono",
        "Referente 2: Nome e cognome", "Referente 2: Telefono",
    )  # fmt: skip
    last = list(table.rows())[-1]
    assert (last.number, last.values[:2], last.values[4]) == (6, ("A-2", "Officine Adige"), "Carla (magazzino)")
