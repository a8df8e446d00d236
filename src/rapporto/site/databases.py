"""Says how the two databases are opened: SQLite embedded in the data folder, or PostgreSQL by its address."""

from pathlib import Path
from typing import Any

from rapporto.site.environment import EnvironmentMistake, server

LOCK_WAIT_SECONDS = 20
POSTGRESQL_SCHEMES = frozenset({"postgres", "postgresql"})
REPEATABLE_READ = 3  # as psycopg.IsolationLevel numbers it; those on SQLite need not load psycopg for this

# WAL lets readers go on while one writes; NORMAL loses nothing committed when the process dies, and at worst the
# last moments when the machine does. The page cache is per connection, so it stays small: the system caches files.
PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=NORMAL",
    "PRAGMA cache_size=-16000",
    "PRAGMA mmap_size=67108864",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA journal_size_limit=67108864",
    "PRAGMA foreign_keys=ON",
    # What is deleted is overwritten at once: an erased person leaves no trace in the free parts of the file.
    "PRAGMA secure_delete=ON",
)


def databases(address: str, data: Path) -> dict[str, dict[str, Any]]:
    """The connections `default` (reads and writes) and `snapshot` (long reads that see one moment).

    `address` is the DATABASE_URL, empty for SQLite. Raises EnvironmentMistake for an unknown kind of database.
    """
    if not address:
        return sqlite(data / "rapporto.sqlite3")
    if server(address).scheme not in POSTGRESQL_SCHEMES:
        raise EnvironmentMistake("DATABASE_URL must begin with postgresql://, or be empty for SQLite.")
    return postgresql(address)


def sqlite(file: Path) -> dict[str, dict[str, Any]]:
    """SQLite: a writer takes the lock when it begins (IMMEDIATE), so that it can never lose it half way."""

    def connection(mode: str) -> dict[str, Any]:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(file),
            # opening anew for every request would read the schema and lose the page cache every time
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "transaction_mode": mode,
                "timeout": LOCK_WAIT_SECONDS,
                "init_command": "; ".join(PRAGMAS),
            },
        }

    return {
        "default": connection("IMMEDIATE"),
        "snapshot": connection("DEFERRED") | {"TEST": {"MIRROR": "default"}},
    }


def postgresql(address: str) -> dict[str, dict[str, Any]]:
    """PostgreSQL: pooled for the pages, one repeatable-read connection at a time for a long read."""
    place = server(address)
    connection: dict[str, Any] = {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": place.name,
        "USER": place.user,
        "PASSWORD": place.password,
        "HOST": place.options.get("host", place.host),
        "PORT": str(place.port or ""),
    }
    options = {key: value for key, value in place.options.items() if key != "host"}
    # Compiling a plan pays for reports that run for seconds; a page would only wait for it.
    options["options"] = f"-c jit=off {options.get('options', '')}".strip()
    pool = {"min_size": 1, "max_size": 12, "timeout": LOCK_WAIT_SECONDS}
    return {
        "default": connection | {"OPTIONS": options | {"pool": pool}},
        "snapshot": connection
        | {"OPTIONS": options | {"isolation_level": REPEATABLE_READ}, "TEST": {"MIRROR": "default"}},
    }
