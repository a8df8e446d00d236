"""Writes a list into a CSV or XLSX file."""

from typing import Any, BinaryIO

from django.utils import timezone
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _

from rapporto.kernel.actor import Actor
from rapporto.store import access
from rapporto.store.job_files import folder
from rapporto.store.transfer.csv_table import CsvTable
from rapporto.store.transfer.tables import Table
from rapporto.store.transfer.xlsx_table import MOST_ROWS, XlsxTable
from rapporto.web.asked import language
from rapporto.web.grid.addresses import ListAddress
from rapporto.web.grid.export_lines import Lines
from rapporto.web.grid.past import past
from rapporto.web.grid.sentence import sentence
from rapporto.web.grid.words import names_in_filters

CSV, XLSX = "csv", "xlsx"
FORMS = (CSV, XLSX)
TOLD_EVERY = 500
"""Lines between two words of how far it is."""


def write_list(file: BinaryIO, lines: Lines, form: str, progress: Any = None, total: int = 0) -> int:
    """Write all lines into the file, which stays open; gives how many rows there were. `progress` is told of them."""
    table, rows = _table(file, lines, form), 0
    for line in lines:
        if line.head:
            table.group(line.values, line.level)
            continue
        table.row(line.values, line.level)
        rows += 1
        if progress is not None and rows % TOLD_EVERY == 0:
            progress(min(rows, total), total)
    # a CSV is read by programs: what its columns add up to would be one record more
    if form == XLSX and (foot := lines.total()) is not None:
        table.group(foot, 0)
    table.close()
    return rows


def note_export(lines: Lines, form: str, number: int) -> None:
    """Write down who took which columns of how many rows out, narrowed by which fields; not by which values."""
    address = lines.address
    paths = [*dict.fromkeys(one.path for one in address.filters), *(["words"] if address.words else [])]
    details = {"columns": list(lines.columns), "filters": paths, "form": form}
    access.note(lines.actor, access.LIST_EXPORT, address.record.name, None, number, **details)


def _table(file: BinaryIO, lines: Lines, form: str) -> Table:
    if form == CSV:
        return CsvTable(file, lines.heads, language(), yes=_("Yes"), no=_("No"))
    return XlsxTable(
        file,
        lines.heads,
        title=str(lines.address.record.plural),
        lines=told(lines.actor, lines.address),
        folder=str(folder()),
        grouped=lines.address.grouped,
        most_rows=MOST_ROWS,
    )


def told(actor: Actor, address: ListAddress) -> list[str]:
    """What a file or a sheet of paper says above its heads: which rows these are, of when, and who took them out."""
    now = timezone.localtime()
    return [
        sentence(address, names_in_filters(actor, address.filters)),
        _("{name}, {day} at {time}").format(name=actor.name, day=f"{now:%d/%m/%Y}", time=f"{now:%H:%M}"),
    ]


def file_name(address: ListAddress, form: str) -> str:
    """What the file is called: the list and the day, that of the past where it shows one."""
    day = address.day if past(address) and address.day else timezone.localdate()
    return get_valid_filename(f"{address.record.plural} {day.isoformat()}.{form}")
