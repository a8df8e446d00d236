"""The canonical export: all declared rows as lines of text, equal when the data are, on every database."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from rapporto.store.declare import DECLARED, Declaration
from rapporto.store.history.images import columns
from rapporto.store.history.values import canonical as plain

CHUNK = 2_000


def canonical(record_names: Iterable[str] | None = None, *, ids: bool = True) -> Iterator[str]:
    """One line of canonical JSON per row, record types in the order given (default: all), rows in the order of their ids.

    Without `ids` the id of the row is left out and the lines of a record type are sorted by themselves; links stay ids.
    """
    for name in DECLARED if record_names is None else record_names:
        lines = _lines(DECLARED[name], ids)
        yield from lines if ids else sorted(lines)


def _lines(declaration: Declaration, ids: bool) -> Iterator[str]:
    names = [column.attname for column in columns(declaration) if ids or not column.primary_key]
    rows = declaration.model._default_manager.order_by("pk").values_list(*names)
    for values in rows.iterator(CHUNK):
        row: dict[str, Any] = {"record": declaration.name, **{n: plain(v) for n, v in zip(names, values, strict=True)}}
        yield json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
