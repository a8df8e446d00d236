"""Cleans the files of the database after an erasure, and looks into them: what was deleted must stand nowhere any more."""

import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.db import OperationalError, connection
from django.db.backends.utils import CursorWrapper

from rapporto.store.one_writer import turn
from rapporto.store.rights.looking import found
from rapporto.store.search_tables import table

PATIENCE = 5.0
"""Seconds for which the readers are waited for that still look at what is going."""
SMALL = 256 * 2**20
"""Bytes up to which a database is written anew within a second or two."""
STEP, PAUSE = 500, 0.005
"""Pages of an index merged at once; seconds between two steps."""


def sweep(records: Iterable[str], codes: Iterable[str], names: Iterable[str]) -> dict[str, Any]:
    """Clean up. `records`: the types whose search is cleaned; `codes` and `names`: what must be found no more.

    A name may still stand in a text about somebody else who is called so: for a name alone no large file is written anew.

    Gives for SQLite `searched`, `rewritten` (the file had to be written anew), `waiting` (a reader still holds the journal) and `left`,
    how many of the texts are found still; for PostgreSQL `vacuumed`. Inside a transaction of somebody else nothing can be cleaned.
    """
    if connection.in_atomic_block:
        return {"put_off": True}
    if connection.vendor == "postgresql":
        return _postgresql()
    return _sqlite(records, [one.encode() for one in codes], [one.encode() for one in names])


def _postgresql() -> dict[str, Any]:
    """Dead rows are given back; what the server wrote into its journal, and older copies, are beyond our reach."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")
    return {"vacuumed": True}


def _sqlite(records: Iterable[str], codes: list[bytes], names: list[bytes]) -> dict[str, Any]:
    for record in records:
        _merge(f"{table(record)}_fts")
    told: dict[str, Any] = {"searched": True, "waiting": not _emptied()}
    if _found(codes) or (_small() and _found(names)):
        with turn(), connection.cursor() as cursor:
            cursor.execute("VACUUM")
        told |= {"rewritten": True, "waiting": not _emptied()}
    return {**told, "left": len(_found([*codes, *names]))}


def _small() -> bool:
    """Whether the file is written anew within a second or two."""
    return Path(str(connection.settings_dict["NAME"])).stat().st_size < SMALL


def _merge(index: str) -> None:
    """Merge the parts of a search index into one, which leaves the deleted words behind; step by step, so that others can write."""
    pages, more = -STEP, True  # below zero: begin a merge of everything
    while more:
        with turn(), connection.cursor() as cursor:
            before = _changes(cursor)
            cursor.execute(f"""INSERT INTO "{index}" ("{index}", rank) VALUES ('merge', %s)""", [pages])
            more = _changes(cursor) - before > 1
        pages = STEP
        time.sleep(PAUSE)


def _changes(cursor: CursorWrapper) -> int:
    cursor.execute("SELECT total_changes()")
    return int(cursor.fetchone()[0])


def _emptied() -> bool:
    """Empty the journal; False while somebody still reads an old state from it."""
    until = time.monotonic() + PATIENCE
    while True:
        with turn(), connection.cursor() as cursor:
            try:
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                busy = bool(cursor.fetchone()[0])
            except OperationalError:
                busy = True
        if not busy or time.monotonic() > until:
            return not busy
        time.sleep(0.1)


def _found(sought: list[bytes]) -> list[bytes]:
    """Which of the texts stand in the files of the database."""
    place = str(connection.settings_dict["NAME"])
    return found([Path(place), Path(place + "-wal")], sought)


__all__ = ["sweep"]
