"""A backup is whole, is made while people work, and comes back; a damaged one changes nothing."""

import os
import sqlite3
import stat
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest

from rapporto.site.copies import CopyFailed, postgresql_dump, postgresql_load, sqlite_copy, sqlite_load
from rapporto.site.databases import postgresql
from tests.database import SERVER

ROWS = 2000


def rows_of(file: Path) -> list[int]:
    """The numbers kept in that file."""
    with closing(sqlite3.connect(file)) as connection:
        return [number for (number,) in connection.execute("SELECT number FROM kept ORDER BY number")]


@pytest.fixture
def live(tmp_path: Path) -> Path:
    """A database in use, in WAL mode like the product's."""
    file = tmp_path / "live.sqlite3"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE django_migrations (id INTEGER)")
        connection.execute("CREATE TABLE kept (number INTEGER, filling TEXT)")
        connection.executemany("INSERT INTO kept VALUES (?, ?)", ((n, "x" * 500) for n in range(ROWS)))
        connection.commit()
    return file


def test_a_backup_taken_while_somebody_writes_holds_all_that_was_acknowledged_before(
    live: Path, tmp_path: Path
) -> None:
    written, stop = threading.Event(), threading.Event()

    def write() -> None:
        with closing(sqlite3.connect(live, timeout=20)) as connection:
            for number in range(ROWS, ROWS * 100):
                connection.execute("INSERT INTO kept VALUES (?, '')", (number,))
                connection.commit()
                written.set()
                if stop.wait(0.002):
                    return

    writer = threading.Thread(target=write)
    writer.start()
    written.wait()
    before = rows_of(live)
    sqlite_copy({"NAME": str(live)}, tmp_path / "copy")
    stop.set()
    writer.join()
    copied = rows_of(tmp_path / "copy")
    assert set(before) <= set(copied)
    assert copied == list(range(len(copied)))


def test_a_backup_may_be_read_by_its_owner_only(live: Path, tmp_path: Path) -> None:
    sqlite_copy({"NAME": str(live)}, tmp_path / "copy")
    assert stat.S_IMODE(os.stat(tmp_path / "copy").st_mode) == 0o600


def test_a_backup_comes_back_as_it_was(live: Path, tmp_path: Path) -> None:
    sqlite_copy({"NAME": str(live)}, tmp_path / "copy")
    with closing(sqlite3.connect(live)) as connection:
        connection.execute("DELETE FROM kept")
        connection.commit()
    sqlite_load({"NAME": str(live)}, tmp_path / "copy")
    assert rows_of(live) == list(range(ROWS))


@pytest.mark.parametrize("spoil", ["cut", "overwritten", "other"])
def test_a_damaged_or_foreign_file_is_refused_and_nothing_changes(live: Path, tmp_path: Path, spoil: str) -> None:
    copy = tmp_path / "copy"
    sqlite_copy({"NAME": str(live)}, copy)
    content = copy.read_bytes()
    spoilt = {
        "cut": content[: len(content) // 2],
        "overwritten": content[:8192] + b"\xff" * 8192 + content[16384:],
        "other": b"no database at all, a long text instead of one" * 100,
    }
    copy.write_bytes(spoilt[spoil])
    with pytest.raises(CopyFailed):
        sqlite_load({"NAME": str(live)}, copy)
    assert rows_of(live) == list(range(ROWS))


@pytest.fixture
def company() -> Iterator[dict[str, Any]]:
    """A PostgreSQL database of its own with one table."""
    address = os.environ[SERVER]
    name = f"copies_{os.getpid()}"
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    settings = postgresql(address)["default"] | {"NAME": name}
    with psycopg.connect(address, dbname=name) as connection:
        connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 100) AS number")
    yield settings
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def count_of(settings: dict[str, Any]) -> int:
    """How many rows the PostgreSQL table holds."""
    with psycopg.connect(os.environ[SERVER], dbname=settings["NAME"]) as connection:
        row = connection.execute("SELECT count(*) FROM kept").fetchone()
    assert row is not None
    return int(row[0])


@pytest.mark.postgresql
def test_a_backup_of_postgresql_comes_back_as_it_was(company: dict[str, Any], tmp_path: Path) -> None:
    postgresql_dump(company, tmp_path / "copy")
    with psycopg.connect(os.environ[SERVER], dbname=company["NAME"]) as connection:
        connection.execute("DELETE FROM kept")
    postgresql_load(company, tmp_path / "copy")
    assert count_of(company) == 100


@pytest.mark.postgresql
def test_a_damaged_backup_of_postgresql_is_refused_and_nothing_changes(company: dict[str, Any], tmp_path: Path) -> None:
    postgresql_dump(company, tmp_path / "copy")
    content = (tmp_path / "copy").read_bytes()
    (tmp_path / "copy").write_bytes(content[: len(content) - 60])
    with pytest.raises(CopyFailed):
        postgresql_load(company, tmp_path / "copy")
    assert count_of(company) == 100
