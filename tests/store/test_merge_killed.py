"""A merge killed at any instant has happened or has not: what hangs on the two is with the one or the other, never on both or lost."""

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from rapporto.domain.parties.models import Address, Party
from rapporto.domain.processes.models import Activity
from rapporto.kernel.actor import MANAGER, Actor
from rapporto.store.history.export import canonical
from rapporto.store.history.install import differences, install
from rapporto.store.history.models import ChangeSet, Entry, Stamp
from rapporto.store.history.undo import undo
from rapporto.store.merge_models import Merged
from rapporto.store.write import save
from tests.history.test_killed import environment

pytestmark = pytest.mark.django_db(transaction=True)
PAIRS, HANGING = 40, 6
KILLS = 4
LONGEST_SECONDS = 0.8
BRUNO = Actor(None, "Bruno", frozenset({MANAGER}))
CHILD = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "rapporto.site.settings"
import django
django.setup()
from rapporto.domain.parties.models import Party
from rapporto.kernel.actor import MANAGER, Actor
from rapporto.store.merge import merge
actor = Actor(None, "Bruno", frozenset({MANAGER}))
there = set(Party.objects.values_list("pk", flat=True))
print("begins", flush=True)
for pair in sys.argv[1:]:
    keep, other = map(int, pair.split("-"))
    if other in there:
        print("merged", merge(actor, "party", keep, other).change_set_id, keep, other, flush=True)
"""


def killed(pairs: list[tuple[int, int]], seconds: float, folder: Path) -> list[list[str]]:
    """Merges in a process of its own, killed so long after its first word; those that it has acknowledged."""
    command = [sys.executable, "-c", CHILD, *(f"{keep}-{other}" for keep, other in pairs)]
    place = Path(settings.PACKAGE).parent.parent
    with subprocess.Popen(command, env=environment(folder), cwd=place, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "begins\n"
        time.sleep(seconds)
        child.send_signal(signal.SIGKILL)
        said = child.stdout.read()
    return [line.split() for line in said.splitlines(keepends=True) if line.endswith("\n")]


def test_a_killed_merge_has_happened_or_has_not(tmp_path: Path) -> None:
    install()
    Entry.objects.all().delete()  # what emptying the tables after another test has left
    pairs = []
    for at in range(PAIRS):
        keep, other = (save(BRUNO, "party", {"name": f"Ditta {at} {which}", "notes": which}).pk for which in "ab")
        pairs.append((keep, other))
        for number in range(HANGING):
            save(BRUNO, "activity", {"party": other, "subject": f"Visita {number}"})
        save(BRUNO, "address", {"party": other, "city": "Verona"})
    before = list(canonical())
    chance = random.Random(20261126)
    acknowledged: list[list[str]] = []
    for _ in range(KILLS):
        connection.close()
        acknowledged += killed(pairs, chance.uniform(0, LONGEST_SECONDS), tmp_path)
        check(pairs, acknowledged)
    assert len(acknowledged) > 0
    for change in ChangeSet.objects.filter(command="merge").order_by("-pk"):
        assert undo(BRUNO, change.pk).kept == ()
    assert list(canonical()) == before


def check(pairs: list[tuple[int, int]], acknowledged: list[list[str]]) -> None:
    """Every pair is one or two, with all that hung on the second; every acknowledged merge is there."""
    assert not Stamp.objects.exists()
    assert differences() == []
    connection.check_constraints()
    merged = set(Merged.objects.filter(record="party").values_list("kept", "gone"))
    assert {(int(keep), int(other)) for _, _, keep, other in acknowledged} <= merged
    there = set(Party.objects.values_list("pk", flat=True))
    for keep, other in pairs:
        owner = keep if (keep, other) in merged else other
        assert (other in there) == ((keep, other) not in merged)
        assert Activity.objects.filter(party=owner).count() == HANGING
        assert Address.objects.filter(party=owner).count() == 1
