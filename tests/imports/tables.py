"""Tables for the tests of imports, and an import of one from beginning to end."""

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rapporto.kernel.actor import Actor
from rapporto.kernel.text import Message
from rapporto.store.imports.drafts import NEW
from rapporto.store.imports.engine import Engine
from rapporto.store.imports.models import ImportRun
from rapporto.store.imports.plain import shape_of
from rapporto.store.imports.runs import Asking, begin, proposed, source_named
from rapporto.store.imports.shapes import Shape, Written
from rapporto.store.transfer.opened import open_table


@dataclass(frozen=True)
class Line:
    """One row."""

    number: int
    values: tuple[Any, ...]
    broken: Message | None = None
    raw: str = ""


class Sheet:
    """A table in memory; its first row is number 2, below the heads."""

    def __init__(self, *rows: Mapping[str, Any], heads: tuple[str, ...] = ()) -> None:
        self.headers = heads or tuple(dict.fromkeys(head for row in rows for head in row))
        self.lines = [Line(at, tuple(row.get(head, "") for head in self.headers)) for at, row in enumerate(rows, 2)]

    def rows(self, after: int = 0) -> Iterator[Line]:
        """The rows below `after`."""
        return (line for line in self.lines if line.number > after)


def take(
    actor: Actor,
    shape: Shape | str,
    sheet: Sheet,
    *,
    mode: str = NEW,
    dry: bool = False,
    source: str = "Gestionale",
    written: Written | None = None,
) -> ImportRun:
    """An import of a table, its columns told by their heads; or its trial."""
    known = shape_of(shape) if isinstance(shape, str) else shape
    origin = source_named(actor, source)
    columns = proposed(actor, origin, known, sheet.headers)
    run = begin(actor, origin, known, Asking("prova.csv", columns=columns, mode=mode, dry=dry, total=len(sheet.lines)))
    return Engine(actor, run, known, sheet, written=written).go()


def take_file(
    actor: Actor, data: bytes, *, dry: bool = False, mode: str = NEW, source: str = "Rubrica", shape: str = "party"
) -> ImportRun:
    """An import of a file as it came, everything being found by itself."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        table = open_table(Path(file.name), "contatti.csv")
        known, origin = shape_of(shape), source_named(actor, source)
        columns = proposed(actor, origin, known, table.headers)
        run = begin(actor, origin, known, Asking("contatti.csv", columns=columns, mode=mode, dry=dry))
        written = Written(table.settings.decimal, table.settings.day_first)
        return Engine(actor, run, known, table, written=written).go()
