"""Makes the files that the tests bring in, honest ones and others."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from rapporto.store.transfer.opened import Row, Settings, Table, open_table

HEADS = ("Codice", "Ragione sociale", "CAP", "Telefono", "E-mail")
CASALE = ("00017", "Meccanica Casale S.r.l.", "37121", "+39 045 790 1234", "info@casale.example")
ADIGE = ("00018", "Officine Adige S.p.A.", "00187", "045 8001122", "amministrazione@adige.example")


def written(folder: Path, data: bytes | str, name: str = "clienti.csv") -> Path:
    """A file with that content."""
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def opened(folder: Path, data: bytes | str, name: str = "clienti.csv", given: Settings | None = None) -> Table:
    """The table in a file with that content."""
    return open_table(written(folder, data, name), name, given)


def lines(*rows: Sequence[str], separator: str = ";", end: str = "\r\n") -> str:
    """A CSV without quotes."""
    return "".join(separator.join(row) + end for row in rows)


def workbook(path: Path, rows: Sequence[Sequence[Any]], *, sheet: str = "Clienti", **options: Any) -> Path:
    """A workbook of one sheet."""
    book = xlsxwriter.Workbook(str(path), options)
    page = book.add_worksheet(sheet)
    for at, row in enumerate(rows):
        page.write_row(at, 0, row)
    book.close()
    return path


def changed(path: Path, parts: Mapping[str, bytes | None]) -> Path:
    """An archive with some of its parts exchanged, added or (None) taken out."""
    with zipfile.ZipFile(path) as archive:
        kept = {name: archive.read(name) for name in archive.namelist()}
    kept |= {name: data for name, data in parts.items() if data is not None}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in kept.items():
            if parts.get(name, b"") is not None:
                archive.writestr(name, data)
    return path


def part(path: Path, name: str) -> bytes:
    """One part of an archive."""
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
        return archive.read(name)


def values(table: Table, after: int = 0) -> list[tuple[Any, ...]]:
    """The values of all rows that can be read."""
    return [row.values for row in table.rows(after) if row.broken is None]


def broken(table: Table) -> list[Row]:
    """The rows that cannot be read."""
    return [row for row in table.rows() if row.broken is not None]


def said(table: Table) -> str:
    """What was noticed."""
    return "\n".join(map(str, table.said))
