"""`rapporto backup`: writes the whole database to one file while people go on working."""

import argparse
import os
import sys
from pathlib import Path

from django.db import connections

from rapporto.site.copies import CopyFailed, postgresql_dump, sqlite_copy


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The file to write."""
    parser.add_argument("file", type=Path, help="where to write the backup; must not exist yet")


def run(options: argparse.Namespace) -> int:
    """Writes beside the target and renames at the end, so that a backup half written is never taken for one."""
    target: Path = options.file.resolve()
    if target.exists():
        print(f"{target} exists already; choose another name.", file=sys.stderr)
        return 1
    unfinished = target.with_name(target.name + ".unfinished")
    unfinished.unlink(missing_ok=True)
    connection = connections["default"]
    write = sqlite_copy if connection.vendor == "sqlite" else postgresql_dump
    try:
        write(connection.settings_dict, unfinished)
    except CopyFailed as failure:
        unfinished.unlink(missing_ok=True)
        print(f"The backup was not written: {failure}", file=sys.stderr)
        return 1
    os.replace(unfinished, target)
    print(f"Backup written: {target} ({target.stat().st_size:,} bytes)")
    return 0
