"""Chooses the database of a test run before Django reads its settings, and starts PostgreSQL when it is wanted."""

import atexit
import os
import sys

from rapporto.site.postgresql import PostgreSQL

CHOICES = ("sqlite", "postgresql")
OPTION = "--database"
CHOSEN = "RAPPORTO_TEST_DATABASE"
SERVER = "RAPPORTO_TEST_SERVER"


def chosen_database() -> str:
    """`sqlite` or `postgresql`: as the command line says, else the environment. xdist's workers inherit the latter."""
    for position, word in enumerate(sys.argv):
        if word.startswith(f"{OPTION}="):
            return word.partition("=")[2]
        if word == OPTION and position + 1 < len(sys.argv):
            return sys.argv[position + 1]
    return os.environ.get(CHOSEN, "sqlite")


def choose_database() -> None:
    """Sets DATABASE_URL for this process and its children; one server per run, a database per worker."""
    os.environ[CHOSEN] = chosen_database()
    os.environ.pop("DATABASE_URL", None)
    if os.environ[CHOSEN] != "postgresql":
        return
    if SERVER not in os.environ:
        server = PostgreSQL.start()
        atexit.register(server.stop)
        os.environ[SERVER] = server.address
    os.environ["DATABASE_URL"] = os.environ[SERVER]
