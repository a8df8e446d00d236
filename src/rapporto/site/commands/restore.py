"""`rapporto restore`: puts a backup in the place of what is there, while the product is stopped."""

import argparse
import os
import sys
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connections

from rapporto.site.backups import DATABASE, Manifest, opened, put_files
from rapporto.site.copies import CopyFailed, postgresql_load, sqlite_load
from rapporto.site.secret import FILE_NAME as SECRET
from rapporto.store import field_indexes, outbox
from rapporto.store.history import install
from rapporto.store.history.reading import settle
from rapporto.store.rights.replay import replay_erasures


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The file to read, and the word that says the present data may go."""
    parser.add_argument("file", type=Path, help="a file written by `rapporto backup`")
    parser.add_argument("--replace", action="store_true", help="really replace what is there now")


def run(options: argparse.Namespace) -> int:
    """Replaces database and files by those of the backup, then brings them up to date with this version."""
    source: Path = options.file.resolve()
    if not source.exists():
        print(f"{source} does not exist.", file=sys.stderr)
        return 1
    if not options.replace:
        print("This replaces all data and files. Add --replace if that is what you want.", file=sys.stderr)
        return 1
    try:
        with opened(source, Path(settings.DATA)) as (manifest, folder):
            _load(manifest, folder)
    except CopyFailed as failure:
        print(f"Nothing was restored: {failure}", file=sys.stderr)
        return 1
    _bring_up_to_date()
    held = outbox.hold_outside("It was owed when the backup was made, and may have been delivered since.")
    print(f"Restored from {source}, written on {manifest.at} by version {manifest.version}.")
    if again := replay_erasures():
        print(f"{len(again)} persons who were erased on request since then were erased again.")
    if held:
        print(f"{held} deliveries to the outside wait for a decision: they may have been made already.")
    return 0


def _load(manifest: Manifest, folder: Path) -> None:
    """The database first: as long as it is not there as a whole, nothing else is touched."""
    connection = connections["default"]
    if manifest.vendor != connection.vendor:
        raise CopyFailed(
            f"it is a backup of {manifest.vendor}, and this installation keeps its data in {connection.vendor}"
        )
    load = sqlite_load if connection.vendor == "sqlite" else postgresql_load
    connections.close_all()
    load(connection.settings_dict, folder / DATABASE)
    put_files(folder, Path(settings.MEDIA_ROOT))
    if (folder / SECRET).exists():
        os.replace(folder / SECRET, Path(settings.DATA) / SECRET)


def _bring_up_to_date() -> None:
    """What this version expects of a database, whichever version and server the backup came from."""
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    if install.differences():
        install.install()
    settle()
    field_indexes.mend()
