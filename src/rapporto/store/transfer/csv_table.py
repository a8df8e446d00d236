"""Writes a table as CSV so that the spreadsheet of the reader's country opens it rightly by a double click."""

import csv
import io
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import BinaryIO

from rapporto.store.transfer.defused import defused
from rapporto.store.transfer.tables import Column, Value

BOM = "\ufeff"


class CsvTable:
    """Italian: semicolons and decimal commas; English: commas and decimal points. UTF-8 with its mark, lines ended by CR LF."""

    def __init__(self, file: BinaryIO, columns: Sequence[Column], language: str, *, yes: str, no: str) -> None:
        self.text = io.TextIOWrapper(file, "utf-8", newline="", write_through=False)
        self.comma = language.startswith("it")
        self.words = {True: yes, False: no}
        self.text.write(BOM)
        self.writer = csv.writer(self.text, delimiter=";" if self.comma else ",", lineterminator="\r\n")
        self.writer.writerow([defused(one.label) for one in columns])

    def row(self, values: Sequence[Value], level: int = 0) -> None:
        """One row."""
        self.writer.writerow([self._written(one) if one is not None else "" for one in values])

    def group(self, values: Sequence[Value], level: int) -> None:
        """The head of a group is a row like the others."""
        self.row(values)

    def close(self) -> None:
        """Everything is in the file, which stays open."""
        self.text.flush()
        self.text.detach()

    def _written(self, value: Value) -> str:
        if isinstance(value, str):
            return defused(value)
        if isinstance(value, bool):
            return self.words[value]
        if isinstance(value, Decimal):
            return f"{value:f}".replace(".", ",") if self.comma else f"{value:f}"
        if isinstance(value, datetime):
            return f"{value:%d/%m/}{value.year:04}{value: %H:%M}"
        if isinstance(value, date):
            return f"{value:%d/%m/}{value.year:04}"
        return str(value)
