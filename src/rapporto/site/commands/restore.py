"""`rapporto restore`: puts a backup in the place of the database, while the product is stopped."""

import argparse
import sys
from pathlib import Path

from django.core.management import call_command
from django.db import connections

from rapporto.site.copies import CopyFailed, postgresql_load, sqlite_load
from rapporto.store.rights.replay import replay_erasures


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The file to read, and the word that says the present data may go."""
    parser.add_argument("file", type=Path, help="a file written by `rapporto backup`")
    parser.add_argument("--replace", action="store_true", help="really replace what is in the database now")


def run(options: argparse.Namespace) -> int:
    """Replaces all data by those of the backup, then brings them up to date with this version."""
    source: Path = options.file.resolve()
    if not source.exists():
        print(f"{source} does not exist.", file=sys.stderr)
        return 1
    if not options.replace:
        print("This replaces everything in the database. Add --replace if that is what you want.", file=sys.stderr)
        return 1
    connection = connections["default"]
    load = sqlite_load if connection.vendor == "sqlite" else postgresql_load
    connections.close_all()
    try:
        load(connection.settings_dict, source)
    except CopyFailed as failure:
        print(f"Nothing was restored: {failure}", file=sys.stderr)
        return 1
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    again = replay_erasures()
    print(f"Restored from {source}" + (f"; {len(again)} persons erased since were erased again" if again else ""))
    return 0
