"""A disk that is full in the middle of an import: it is said, nothing is harmed, and with room again every row is there once."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from rapporto.domain.parties.models import Party
from rapporto.store.history.install import differences
from rapporto.store.history.models import ChangeSet
from rapporto.store.imports.engine import COMMAND, Engine
from rapporto.store.imports.models import ImportRun
from rapporto.store.imports.plain import shape_of
from rapporto.store.transfer.opened import open_table
from tests.history.test_killed import environment
from tests.imports.test_killed import CHILD, FIRMS, ROWS, begun

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]
LIMITS = (100_000, 1_000_000, 2_500_000)
"""Bytes that a file may grow to; the log of the database begins anew with every child."""
FULL = f"""
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
limit = int(sys.argv[4])
try:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    exec({CHILD!r})
except Exception as failure:
    sys.exit(f"{{type(failure).__name__}}: {{failure}}")
"""


def fill(user: int, file: Path, run: int, folder: Path, limit: int) -> str:
    """An import in a process of its own whose disk is full after so many bytes; what it says at its end."""
    command = [sys.executable, "-c", FULL, str(user), str(file), str(run), str(limit)]
    place = Path(settings.PACKAGE).parent.parent
    ended = subprocess.run(
        command, env=environment(folder), cwd=place, capture_output=True, text=True, check=False, timeout=120
    )
    assert ended.stdout == "begins\n", ended.stderr
    return ended.stderr


def test_an_import_on_a_full_disk_says_so_and_goes_on_when_there_is_room(tmp_path: Path) -> None:
    actor, file, run, _asking = begun(tmp_path)
    shape = shape_of("party")
    reached = [0]
    for limit in LIMITS:
        with connection.cursor() as cursor:  # a page of an earlier test may not have let go of the database yet
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        said = fill(actor.user_id or 0, file, run.pk, tmp_path, limit)
        assert said.startswith("OperationalError: "), said
        assert "disk" in said
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check")
            assert cursor.fetchone() == ("ok",)
        connection.check_constraints()
        assert differences() == []
        reached.append(ImportRun.objects.get(pk=run.pk).counts.get("rows", 0))
    assert reached == sorted(reached)
    assert 0 < reached[-1] < ROWS
    done = Engine(actor, ImportRun.objects.get(pk=run.pk), shape, open_table(file, file.name)).go()
    assert (done.counts["rows"], done.counts["refused"]) == (ROWS, 18)
    assert Party.objects.filter(kind="organisation").count() == FIRMS - 6
    assert Party.objects.filter(kind="person").values("name").distinct().count() == ROWS - 18
    assert Party.objects.filter(kind="person").count() == ROWS - 18
    assert ChangeSet.objects.filter(command=COMMAND).count() == 1
