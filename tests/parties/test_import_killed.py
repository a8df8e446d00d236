"""An import killed at any instant: run again, every row is there once, and what was broken off can be taken back."""

import random
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from rapporto.domain.parties.contacts.importing import COMMAND, import_contacts
from rapporto.domain.parties.models import Party
from rapporto.domain.people.models import User
from rapporto.kernel.actor import MANAGER, Actor
from rapporto.store.history.changing import close_abandoned
from rapporto.store.history.install import install
from rapporto.store.history.models import ChangeSet, Entry
from rapporto.store.history.undo import undo
from tests.history.test_killed import environment
from tests.parties.contact_files import OUTLOOK_IT, table

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = 400
KILLS = 3
LONGEST_SECONDS = 1.5
CHILD = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "rapporto.site.settings"
import django
django.setup()
from pathlib import Path
from rapporto.domain.parties.contacts.importing import import_contacts
from rapporto.kernel.actor import Actor
print("begins", flush=True)
import_contacts(Actor(int(sys.argv[1]), "Bruno", frozenset({"manager"})), Path(sys.argv[2]).read_bytes())
"""


def contacts() -> bytes:
    """A file of four hundred people in a hundred companies."""
    rows = (
        {
            "Nome": f"Mario{at}",
            "Cognome": "Rossi",
            "Società": f"Ditta {at % 100} S.r.l.",
            "Indirizzo posta elettronica": f"m{at}@ditta{at % 100}.esempio.it",
        }
        for at in range(PEOPLE)
    )
    return table(OUTLOOK_IT, *rows)


def killed_import(user: int, file: Path, seconds: float, folder: Path) -> None:
    """An import in a process of its own, killed so long after its first word."""
    command = [sys.executable, "-c", CHILD, str(user), str(file)]
    with subprocess.Popen(
        command, env=environment(folder), cwd=Path(settings.PACKAGE).parent.parent, stdout=subprocess.PIPE
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"begins\n"
        time.sleep(seconds)
        child.send_signal(signal.SIGKILL)


def test_a_killed_import_goes_on_by_doing_it_again_and_every_part_can_be_undone(tmp_path: Path) -> None:
    install()
    Entry.objects.all().delete()  # what emptying the tables after another test has left
    bruno = User.objects.create_user("bruno@esempio.it", name="Bruno", role=MANAGER)
    actor = Actor(bruno.pk, "Bruno", frozenset({MANAGER}))
    file = tmp_path / "contatti.csv"
    file.write_bytes(contacts())
    chance = random.Random(20261122)
    for _ in range(KILLS):
        connection.close()
        killed_import(bruno.pk, file, chance.uniform(0.05, LONGEST_SECONDS), tmp_path)
    import_contacts(actor, file.read_bytes())
    assert Party.objects.filter(kind="person").count() == PEOPLE
    assert Party.objects.filter(kind="person").values("email", "name").distinct().count() == PEOPLE
    assert Party.objects.filter(kind="organisation").count() == 100
    assert ChangeSet.objects.filter(open=True).count() == close_abandoned(timedelta(0))
    for change in ChangeSet.objects.filter(command=COMMAND).order_by("-pk"):
        assert undo(actor, change.pk).kept == ()
    assert not Party.objects.exists()
