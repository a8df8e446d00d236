"""SQLite has one writer: those who want to write wait in line, and each is woken the moment its turn comes.

Left to SQLite a waiting writer sleeps up to a tenth of a second between two tries and misses the gaps that an import leaves for it.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection


@contextmanager
def turn() -> Iterator[None]:
    """Hold the turn to write from before the transaction begins until after it ended. PostgreSQL needs none.

    The line is a lock on a file beside the database: it reaches across threads and processes, and a killed process leaves it.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:  # inside a transaction the database is held already
        yield
        return
    line = Path(str(connection.settings_dict["NAME"]) + "-line")
    with line.open("ab") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
