"""A writer killed at any instant loses nothing it has acknowledged, and leaves nothing half done."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from rapporto.domain.parties.models import Party
from rapporto.store.history.install import differences, install
from rapporto.store.history.models import ChangeSet, Entry, Stamp

pytestmark = pytest.mark.django_db(transaction=True)

KILLS = 4
LONGEST_SECONDS = 1.2
ROOT = Path(settings.PACKAGE).parent.parent


def environment(folder: Path) -> dict[str, str]:
    """Another process on the very database of this test."""
    values = connection.settings_dict
    own = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "RAPPORTO_DATA": str(folder)}
    if connection.vendor == "postgresql":
        own["DATABASE_URL"] = f"postgresql://{values['USER']}@{values['HOST']}:{values['PORT']}/{values['NAME']}"
    else:
        own.pop("DATABASE_URL", None)
        (folder / "rapporto.sqlite3").unlink(missing_ok=True)
        (folder / "rapporto.sqlite3").symlink_to(values["NAME"])
    return own


def killed_after(seconds: float, folder: Path) -> list[list[str]]:
    """What the writer has said until it was killed, `seconds` after its first word."""
    command = [sys.executable, str(Path(__file__).with_name("writer.py"))]
    with subprocess.Popen(command, env=environment(folder), cwd=ROOT, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        said = writer.stdout.readline()
        time.sleep(seconds)
        writer.send_signal(signal.SIGKILL)
        said += writer.stdout.read()
    # the last line may have been cut by the kill: it says nothing then
    return [line.split() for line in said.splitlines(keepends=True) if line.endswith("\n")]


def test_nothing_acknowledged_is_lost_and_nothing_is_half(tmp_path: Path) -> None:
    install()
    Entry.objects.all().delete()  # what emptying the tables after another test has left
    chance = random.Random(20261122)
    acknowledged: list[list[str]] = []
    for _ in range(KILLS):
        connection.close()
        said = killed_after(chance.uniform(0, LONGEST_SECONDS), tmp_path)
        assert said, "the writer did not come to its first word"
        acknowledged += said
        check(acknowledged)
    assert {word for word, *_ in acknowledged} == {"made", "changed", "undone"}


def check(acknowledged: list[list[str]]) -> None:
    """Every acknowledged change set is there with its entries, every other one is whole or not there at all."""
    there = set(ChangeSet.objects.values_list("pk", flat=True))
    assert {int(pk) for _, pk, _ in acknowledged} <= there
    assert not Stamp.objects.exists()
    assert not Entry.objects.filter(change_set=None).exists()
    made = Party.objects.filter(name__startswith="Party").count()
    assert made == Party.objects.filter(name__startswith="Twin").count()
    assert made >= sum(word == "made" for word, *_ in acknowledged)
    assert (
        Party.objects.filter(name__startswith="Party").values("turnover").distinct().count() <= 2
    )  # one number, and the newest pair
    for change in ChangeSet.objects.exclude(command="make"):
        rows = list(Entry.objects.filter(change_set=change).values_list("row_id", flat=True))
        assert len(rows) == len(set(rows)) >= 1
    assert differences() == []
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA integrity_check")
            assert cursor.fetchone() == ("ok",)
