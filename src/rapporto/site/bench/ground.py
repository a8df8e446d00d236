"""Where is measured: the demo company of that size, made once and kept; each run works on a fresh copy of it."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from rapporto.site.bench.facts import Facts
from rapporto.site.bench.raw import PostgreSQLRaw, Raw, SQLiteRaw
from rapporto.site.bench.server import RAPPORTO
from rapporto.site.bench.sql import INDEXES
from rapporto.site.postgresql import PostgreSQL

KEPT, EXPERT, RUN = "kept", "expert", "rapporto"
"""The database as it was made, its copy with the expert's own indexes, and the copy that this run may change."""
EMPTY = "template0"
SERVER = {"shared_buffers": "256MB", "max_connections": "60"}
"""All other settings of PostgreSQL are Debian's."""


@dataclass(frozen=True)
class Ground:
    """A database of its own for one run. `postgresql` is the server when we started it ourselves."""

    folder: Path
    database: str
    facts: Facts
    environment: dict[str, str]
    postgresql: PostgreSQL | None = None
    address: str = ""

    def expert(self) -> Raw:
        """A bare connection to the copy that has the expert's indexes, for reading."""
        return self._raw(EXPERT)

    def run(self) -> Raw:
        """A bare connection to the database under measurement, for the hand-written changes."""
        return self._raw(RUN)

    def _raw(self, name: str) -> Raw:
        if self.database == "sqlite":
            return SQLiteRaw(self.folder / ("data/rapporto.sqlite3" if name == RUN else f"{name}.sqlite3"))
        return PostgreSQLRaw(_named(self.address, name))

    def megabytes(self) -> float:
        """How large the database under measurement is on disk."""
        if self.database == "sqlite":
            return (self.folder / "data/rapporto.sqlite3").stat().st_size / 1e6
        return float(self.run().rows("SELECT pg_database_size(current_database())")[0][0]) / 1e6


@contextmanager
def ground(size: int, database: str, build: Path) -> Iterator[Ground]:
    """A fresh copy of the company of `size` parties on `sqlite` or `postgresql`, made first if it is not there."""
    folder = build / f"bench-{size}-{database}"
    (folder / "data").mkdir(parents=True, exist_ok=True)
    # whoever runs PostgreSQL must be able to walk down to its folder
    folder.chmod(0o755)
    # nothing of an installation that may be at home here
    ours = {key: value for key, value in os.environ.items() if not key.startswith(("DATABASE_URL", "RAPPORTO_"))}
    environment = ours | {"RAPPORTO_DATA": str(folder / "data"), "DJANGO_SETTINGS_MODULE": "rapporto.site.settings"}
    facts = folder / "facts.json"
    if database == "sqlite":
        if not facts.exists():
            _make(size, environment, facts)
            _keep_sqlite(folder)
        _fresh_sqlite(folder)
        _up_to_date(environment)
        yield Ground(folder, database, Facts.read(facts), environment)
        return
    with _server(folder) as (server, address):
        environment["DATABASE_URL"] = _named(address, RUN)
        if not facts.exists():
            _copy(address, EMPTY, RUN)
            _make(size, environment, facts)
            _keep_postgresql(address)
        _copy(address, KEPT, RUN)
        _up_to_date(environment)
        yield Ground(folder, database, Facts.read(facts), environment, server, address)


def _make(size: int, environment: dict[str, str], facts: Path) -> None:
    """Tables, demo company, those who will be measured: each by the product itself."""
    cast = (sys.executable, "-m", "rapporto.site.bench", "cast", str(facts))
    for words in ((*RAPPORTO, "init", "--quiet"), (*RAPPORTO, "demo", "--size", str(size)), cast):
        subprocess.run(words, env=environment, check=True)


def _up_to_date(environment: dict[str, str]) -> None:
    """A database kept from an earlier day may lack the latest migrations."""
    subprocess.run([*RAPPORTO, "init", "--quiet"], env=environment, check=True)


def _keep_sqlite(folder: Path) -> None:
    made = folder / "data/rapporto.sqlite3"
    with sqlite3.connect(made) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    shutil.copyfile(made, folder / f"{KEPT}.sqlite3")
    shutil.copyfile(made, folder / f"{EXPERT}.sqlite3")
    _improve(SQLiteRaw(folder / f"{EXPERT}.sqlite3"))


def _fresh_sqlite(folder: Path) -> None:
    for rest in ("-wal", "-shm"):
        (folder / f"data/rapporto.sqlite3{rest}").unlink(missing_ok=True)
    shutil.copyfile(folder / f"{KEPT}.sqlite3", folder / "data/rapporto.sqlite3")


@contextmanager
def _server(folder: Path) -> Iterator[tuple[PostgreSQL | None, str]]:
    """The server of DATABASE_URL when it names one, else one of our own in the folder, ended afterwards."""
    if given := os.environ.get("DATABASE_URL", ""):
        yield None, given
        return
    cluster = folder / "cluster"
    cluster.mkdir(exist_ok=True)
    server = PostgreSQL.at(cluster)
    if not (cluster / "data").exists():
        server.make()
    (cluster / "data" / "postmaster.pid").unlink(missing_ok=True)
    server.begin(SERVER)
    try:
        yield server, server.address
    finally:
        server.end()


def _named(address: str, name: str) -> str:
    """The address of a database beside the one that an address names; ours all bear «bench»."""
    head, _, rest = address.rpartition("/")
    options = rest.partition("?")[2]
    return f"{head}/bench_{name}" + (f"?{options}" if options else "")


def _copy(address: str, source: str, target: str) -> None:
    """Makes a database anew as a copy of another one."""
    source = source if source == EMPTY else f"bench_{source}"
    with psycopg.connect(_any(address), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "bench_{target}"')
        connection.execute(f'CREATE DATABASE "bench_{target}" TEMPLATE "{source}"')


def _any(address: str) -> str:
    """A database that every server has."""
    head, _, rest = address.rpartition("/")
    return f"{head}/postgres" + (f"?{rest.partition('?')[2]}" if "?" in rest else "")


def _keep_postgresql(address: str) -> None:
    with psycopg.connect(_named(address, RUN), autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
    for copy in (KEPT, EXPERT):
        _copy(address, RUN, copy)
    _improve(PostgreSQLRaw(_named(address, EXPERT)))


def _improve(expert: Raw) -> None:
    """Adds the indexes with which the hand-written SQL is at its best."""
    for sql in INDEXES[expert.vendor]:
        expert.run(sql)
    expert.run("ANALYZE")
    expert.commit()
    expert.close()
