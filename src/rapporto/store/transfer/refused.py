"""Writes the rows that were refused into a file, as they came and with the reason: to be mended there and brought in again."""

from collections.abc import Iterable, Sequence
from typing import BinaryIO

from django.utils.translation import gettext, override

from rapporto.store.transfer.csv_table import CsvTable
from rapporto.store.transfer.reading import Row
from rapporto.store.transfer.tables import Column
from rapporto.store.transfer.tables import Table as Written
from rapporto.store.transfer.xlsx_table import XlsxTable

SHOWN = 500
"""Characters of an unreadable row that are told with the reason."""


def refused_file(
    file: BinaryIO,
    headers: Sequence[str],
    refused: Iterable[tuple[Row, str]],
    *,
    language: str,
    folder: str = "",
) -> int:
    """Write the rows and why each was refused; gives their number.

    A CSV, or a workbook when there is a `folder` for its temporary files. The heads are the original ones and «Motivo», so that
    the mapping of the source fits the mended file; what could not be cut into cells is told with the reason.
    """
    with override(language):
        columns = [*(Column(head) for head in headers), Column(gettext("Reason"), width=60)]
        table: Written
        if folder:
            lines = [gettext("Mend the rows and bring the file in again; the column with the reason may stay.")]
            table = XlsxTable(file, columns, title=gettext("Refused rows"), lines=lines, folder=folder)
        else:
            table = CsvTable(file, columns, language, yes=gettext("Yes"), no=gettext("No"))
    number = 0
    for row, why in refused:
        number += 1
        values = [*row.values[: len(headers)], *[None] * (len(headers) - len(row.values))]
        table.row([*values, f"{why} «{row.raw[:SHOWN]}»" if row.raw else why])
    table.close()
    return number
