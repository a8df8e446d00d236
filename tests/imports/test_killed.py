"""An import killed at any instant goes on where it was: every row is there once, counted once, in one change set that is undone as one."""

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
from rapporto.domain.people.models import User
from rapporto.kernel.actor import MANAGER, Actor
from rapporto.store.history.install import install
from rapporto.store.history.models import ChangeSet, Entry
from rapporto.store.history.undo import undo
from rapporto.store.imports.drafts import ALL
from rapporto.store.imports.engine import COMMAND, Engine
from rapporto.store.imports.models import ImportRun
from rapporto.store.imports.plain import shape_of
from rapporto.store.imports.runs import Asking, begin, proposed, source_named
from rapporto.store.transfer.opened import open_table
from tests.history.test_killed import environment

pytestmark = pytest.mark.django_db(transaction=True)

ROWS, FIRMS = 900, 300
KILLS = 4
LONGEST_SECONDS = 1.2
CHILD = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "rapporto.site.settings"
import django
django.setup()
from pathlib import Path
from rapporto.kernel.actor import Actor
from rapporto.store.imports.engine import Engine
from rapporto.store.imports.models import ImportRun
from rapporto.store.imports.plain import shape_of
from rapporto.store.transfer.opened import open_table
actor = Actor(int(sys.argv[1]), "Bruno", frozenset({"manager"}))
print("begins", flush=True)
Engine(actor, ImportRun.objects.get(pk=int(sys.argv[3])), shape_of("party"), open_table(Path(sys.argv[2]), "clienti.csv")).go()
"""


def table() -> str:
    """A dirty table: people of companies that come again and again, rows that say nothing, wrong VAT numbers."""
    rows = ["Codice;Ragione sociale;Partita IVA;Referente;E-mail referente"]
    for at in range(ROWS):
        firm = at % FIRMS
        if at % 50 == 49:
            rows.append(f"X{at};;;;")
        else:
            rows.append(f"C{firm};Ditta {firm} S.r.l.;{firm};Mario Rossi{at};m{at}@ditta{firm}.esempio.it")
    return "\r\n".join(rows)


def killed(user: int, file: Path, run: int, seconds: float, folder: Path) -> None:
    """An import in a process of its own, killed so long after its first word."""
    command = [sys.executable, "-c", CHILD, str(user), str(file), str(run)]
    place = Path(settings.PACKAGE).parent.parent
    with subprocess.Popen(command, env=environment(folder), cwd=place, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"begins\n"
        time.sleep(seconds)
        child.send_signal(signal.SIGKILL)


def begun(folder: Path) -> tuple[Actor, Path, ImportRun, Asking]:
    """An import by Bruno that is about to begin: who, its file, its record, and what was asked for."""
    install()
    Entry.objects.all().delete()  # what emptying the tables after another test has left
    bruno = User.objects.create_user("bruno@esempio.it", name="Bruno", role=MANAGER)
    actor = Actor(bruno.pk, "Bruno", frozenset({MANAGER}))
    file = folder / "clienti.csv"
    file.write_text(table(), encoding="utf-8")
    heads, shape, source = open_table(file, file.name).headers, shape_of("party"), source_named(actor, "ERP")
    asking = Asking(file.name, columns=proposed(actor, source, shape, heads), mode=ALL)
    run = begin(actor, source, shape, asking)
    return actor, file, run, asking


def test_a_killed_import_goes_on_and_every_row_is_there_once(tmp_path: Path) -> None:
    actor, file, run, asking = begun(tmp_path)
    shape, source = shape_of("party"), source_named(actor, "ERP")
    chance = random.Random(20261126)
    for _ in range(KILLS):
        connection.close()
        killed(actor.user_id or 0, file, run.pk, chance.uniform(0.05, LONGEST_SECONDS), tmp_path)
    half = ImportRun.objects.get(pk=run.pk)
    assert half.counts.get("rows", 0) >= half.at_row - 1
    done = Engine(actor, half, shape, open_table(file, file.name)).go()
    counts = done.counts
    assert (
        sum(counts.get(f"rows.{one}", 0) for one in ("made", "changed", "known")) + counts["refused"]
        == counts["rows"]
        == ROWS
    )
    assert (counts["refused"], done.refused.count()) == (18, 18)
    assert Party.objects.filter(kind="organisation").count() == FIRMS - 6
    assert Party.objects.filter(kind="person").count() == ROWS - 18
    assert Party.objects.filter(kind="person").values("name").distinct().count() == ROWS - 18
    assert ChangeSet.objects.filter(command=COMMAND).count() == 1
    again = begin(actor, source, shape, asking)
    assert Engine(actor, again, shape, open_table(file, file.name)).go().counts["rows.known"] == ROWS - 18
    assert undo(actor, done.change_set_id or 0).kept == ()
    assert not Party.objects.exists()
