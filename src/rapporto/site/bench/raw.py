"""A bare connection for hand-written SQL: named parameters written `:name` on both databases, nothing between us and the driver."""

import json
import re
import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import psycopg

Row = tuple[Any, ...]
_NAMED = re.compile(r"(?<!:):([a-z_]+)")
PRAGMAS = ("journal_mode=WAL", "synchronous=NORMAL", "cache_size=-16000", "mmap_size=134217728", "temp_store=MEMORY")
"""As the product opens SQLite."""


class Raw(Protocol):
    """What a measurement needs of a connection."""

    vendor: str

    def rows(self, sql: str, parameters: Mapping[str, Any] | None = None) -> list[Row]:
        """All rows of a query."""

    def run(self, sql: str, parameters: Mapping[str, Any] | None = None) -> int:
        """Runs a statement; gives how many rows it concerned."""

    def named(self, sql: str, parameters: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """The same by the names of the columns."""

    def insert(self, table: str, rows: Sequence[Mapping[str, Any]], *, at_once: bool = False) -> None:
        """Inserts rows of the same columns in the way that is quickest here; `at_once`: by one statement."""

    def begin(self) -> None:
        """Begins to write."""

    def commit(self) -> None:
        """Ends the transaction under way."""

    def close(self) -> None:
        """Lets go of the database."""

    @property
    def backend(self) -> int:
        """The process that works for this connection; 0 when it is our own."""


class SQLiteRaw:
    """Python's own sqlite3."""

    vendor = "sqlite"
    backend = 0

    def __init__(self, file: Path) -> None:
        self.connection = sqlite3.connect(file, timeout=20, isolation_level=None)
        for pragma in PRAGMAS:
            self.connection.execute(f"PRAGMA {pragma}")

    def rows(self, sql: str, parameters: Mapping[str, Any] | None = None) -> list[Row]:
        return self.connection.execute(sql, parameters or {}).fetchall()

    def run(self, sql: str, parameters: Mapping[str, Any] | None = None) -> int:
        return self.connection.execute(sql, parameters or {}).rowcount

    def named(self, sql: str, parameters: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        cursor = self.connection.execute(sql, parameters or {})
        names = [one[0] for one in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor]

    def insert(self, table: str, rows: Sequence[Mapping[str, Any]], *, at_once: bool = False) -> None:
        names = [*rows[0]]
        into = f"INSERT INTO {table} ({', '.join(names)})"
        if at_once:
            values = ", ".join(f"json_extract(value, '$.{name}')" for name in names)
            self.connection.execute(f"{into} SELECT {values} FROM json_each(?)", [json.dumps(rows)])
        else:
            marks = ", ".join(["?"] * len(names))
            self.connection.executemany(f"{into} VALUES ({marks})", [tuple(row.values()) for row in rows])

    def begin(self) -> None:
        self.connection.execute("BEGIN IMMEDIATE")

    def commit(self) -> None:
        if self.connection.in_transaction:
            self.connection.execute("COMMIT")

    def close(self) -> None:
        self.connection.close()


class PostgreSQLRaw:
    """psycopg, with prepared statements as it makes them by itself."""

    vendor = "postgresql"

    def __init__(self, address: str) -> None:
        self.connection = psycopg.connect(address, autocommit=True)

    def rows(self, sql: str, parameters: Mapping[str, Any] | None = None) -> list[Row]:
        return self._execute(sql, parameters).fetchall()

    def run(self, sql: str, parameters: Mapping[str, Any] | None = None) -> int:
        return self._execute(sql, parameters).rowcount

    def _execute(self, sql: str, parameters: Mapping[str, Any] | None) -> "psycopg.Cursor[Row]":
        if parameters is None:
            return self.connection.execute(sql)
        return self.connection.execute(_NAMED.sub(r"%(\1)s", sql.replace("%", "%%")), parameters)

    def named(self, sql: str, parameters: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        cursor = self._execute(sql, parameters)
        names = [one.name for one in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor]

    def insert(self, table: str, rows: Sequence[Mapping[str, Any]], *, at_once: bool = False) -> None:
        names = ", ".join(rows[0])
        values = json.dumps(rows, default=str)
        self.connection.execute(
            f"INSERT INTO {table} ({names}) SELECT {names} FROM json_populate_recordset(NULL::{table}, %s)", [values]
        )

    def begin(self) -> None:
        self.connection.execute("BEGIN")

    def commit(self) -> None:
        if self.connection.info.transaction_status != psycopg.pq.TransactionStatus.IDLE:
            self.connection.execute("COMMIT")

    def close(self) -> None:
        self.connection.close()

    @property
    def backend(self) -> int:
        return self.connection.info.backend_pid
