"""`rapporto backup`: writes everything to one archive while people go on working."""

import argparse
import sys
from pathlib import Path

from django.conf import settings
from django.db import connections

from rapporto.site.backups import Source, write_backup
from rapporto.site.copies import CopyFailed
from rapporto.site.trial import try_backup
from rapporto.store.history.seals import head, seal_all


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The file to write, and whether it is tried."""
    parser.add_argument("file", type=Path, help="where to write the backup; must not exist yet")
    parser.add_argument("--check", action="store_true", help="then restore it in a place apart and check everything")


def run(options: argparse.Namespace) -> int:
    """Writes beside the target and renames at the end, so that a backup half written is never taken for one."""
    target: Path = options.file.resolve()
    if target.exists():
        print(f"{target} exists already; choose another name.", file=sys.stderr)
        return 1
    seal_all()
    try:
        manifest = write_backup(this_installation(), target)
    except CopyFailed as failure:
        print(f"The backup was not written: {failure}", file=sys.stderr)
        return 1
    print(f"Backup written: {target} ({target.stat().st_size:,} bytes, {len(manifest.members):,} members)")
    return try_backup(target) if options.check else 0


def this_installation() -> Source:
    """What there is to be kept."""
    connection = connections["default"]
    files, data = Path(settings.MEDIA_ROOT), Path(settings.DATA)
    return Source(connection.vendor, connection.settings_dict, files, data, head())
