"""Tries a backup: restores it in a place apart, with another data folder and another database, and checks everything there."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db import connections

from rapporto.site.copies import CopyFailed, run_program

COMMAND = (sys.executable, "-c", "import sys; from rapporto.site.command import main; sys.exit(main())")
DATABASE = "rapporto_trial"


def try_backup(archive: Path) -> int:
    """0 when the backup could be restored and nothing in it is amiss; says what was found."""
    with TemporaryDirectory(prefix=".trial-", dir=settings.DATA) as folder:
        try:
            with _database_apart() as address:
                variables = os.environ | {"RAPPORTO_DATA": folder, "DATABASE_URL": address}
                for words in (("restore", str(archive), "--replace"), ("check", "--audit")):
                    ended = subprocess.run(
                        [*COMMAND, *words], env=variables, capture_output=True, text=True, check=False
                    )
                    print(ended.stdout, end="")
                    if ended.returncode:
                        print(f"The backup did not pass: {ended.stderr or ended.stdout}", file=sys.stderr)
                        return 1
        except CopyFailed as failure:
            print(f"The backup could not be tried: {failure}", file=sys.stderr)
            return 1
    print("The backup was restored in a place apart; everything is there.")
    return 0


@contextmanager
def _database_apart() -> Iterator[str]:
    """The address of an empty database of the same kind: '' for SQLite, which lies in the folder."""
    connection = connections["default"]
    if connection.vendor == "sqlite":
        yield ""
        return
    place = connection.settings_dict
    run_program("dropdb", place, "--if-exists", "--force", DATABASE)
    run_program("createdb", place, DATABASE)
    try:
        yield _address(place)
    finally:
        run_program("dropdb", place, "--force", DATABASE)


def _address(place: dict[str, object]) -> str:
    """What DATABASE_URL says of that database."""
    user, password = quote(str(place["USER"]), safe=""), quote(str(place["PASSWORD"] or ""), safe="")
    port = f":{place['PORT']}" if place["PORT"] else ""
    asked = urlencode({"host": str(place["HOST"])}) if str(place["HOST"]).startswith("/") else ""
    host = "" if asked else str(place["HOST"])
    return (
        f"postgresql://{user}{':' + password if password else ''}@{host}{port}/{DATABASE}{'?' + asked if asked else ''}"
    )
