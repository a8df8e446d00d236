"""Copies a whole database to a file and back: SQLite's online backup, PostgreSQL's pg_dump and pg_restore."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

PAGES_AT_ONCE = 2000
POSTGRESQL_PROGRAMS = Path("/usr/lib/postgresql")


class CopyFailed(Exception):
    """The copy was not made; the text says why, and nothing was changed."""


def sqlite_copy(settings: dict[str, Any], target: Path) -> None:
    """Copies the database as it is at this moment, and checks the copy.

    The copy reads within one transaction: writers go on beside it, and it never has to begin again because of them.
    """
    source = sqlite3.connect(f"{Path(settings['NAME']).as_uri()}?mode=rw", uri=True, isolation_level=None)
    with closing(source), closing(open_private(target)) as copy:
        try:
            source.execute("BEGIN")
            source.execute("SELECT count(*) FROM sqlite_master").fetchone()
            source.backup(copy, pages=PAGES_AT_ONCE)
            copy.execute("PRAGMA journal_mode=DELETE")
        except sqlite3.Error as error:
            raise CopyFailed(str(error)) from error
        verify(copy)


def sqlite_load(settings: dict[str, Any], source: Path) -> None:
    """Writes the backup into the database file, after having checked it."""
    with closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as copy:
        verify(copy)
        with closing(open_private(Path(settings["NAME"]))) as target:
            copy.backup(target)
            target.execute("PRAGMA journal_mode=WAL")


def open_private(file: Path) -> sqlite3.Connection:
    """Opens a database file that, when new, only its owner may read."""
    file.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(file, os.O_WRONLY | os.O_CREAT, 0o600))
    return sqlite3.connect(file)


def verify(copy: sqlite3.Connection) -> None:
    """Raises CopyFailed unless the file is a sound database of this product."""
    try:
        (answer,) = copy.execute("PRAGMA quick_check").fetchone()
        known = copy.execute("SELECT 1 FROM sqlite_master WHERE name = 'django_migrations'").fetchone()
    except sqlite3.DatabaseError as error:
        raise CopyFailed(f"this is not a database ({error})") from error
    if answer != "ok" or known is None:
        raise CopyFailed("the file is damaged or no backup of Rapporto")


def postgresql_dump(settings: dict[str, Any], target: Path) -> None:
    """Writes pg_dump's own format, which sees one moment of the database."""
    run_program("pg_dump", settings, "--format=custom", "--no-owner", "--no-privileges", f"--file={target}")
    os.chmod(target, 0o600)


def postgresql_load(settings: dict[str, Any], source: Path) -> None:
    """Replaces the tables in one transaction: all of the backup or nothing."""
    run_program(
        "pg_restore", settings, "--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction",
        f"--dbname={settings['NAME']}", str(source),
    )  # fmt: skip


def run_program(name: str, settings: dict[str, Any], *words: str) -> None:
    """Runs a program of PostgreSQL; the password travels in the environment, where other users can't see it."""
    connection = {
        "PGHOST": settings["HOST"], "PGPORT": settings["PORT"], "PGUSER": settings["USER"],
        "PGPASSWORD": settings["PASSWORD"], "PGDATABASE": settings["NAME"],
    }  # fmt: skip
    environment = os.environ | {key: str(value) for key, value in connection.items() if value}
    result = subprocess.run([program(name), *words], env=environment, capture_output=True, text=True, check=False)
    if result.returncode:
        raise CopyFailed(result.stderr.strip() or f"{name} ended with status {result.returncode}")


def program(name: str) -> str:
    """The newest installed program of that name. Raises CopyFailed when there is none."""
    installed = sorted(POSTGRESQL_PROGRAMS.glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]), reverse=True)
    found = str(installed[0]) if installed else shutil.which(name)
    if not found:
        raise CopyFailed(f"{name} is not installed; it comes with the client programs of PostgreSQL")
    return found
