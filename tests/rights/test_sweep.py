"""Looking into the files of the database does not cost the process its locks on them."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from rapporto.domain.parties.models import Party
from rapporto.kernel.actor import MANAGER, Actor
from rapporto.store.rights.looking import found
from rapporto.store.rights.sweep import sweep
from rapporto.store.write import save

READERS, LENGTH = 0x40000002, 510
"""The bytes of a database that each of its connections holds a lock on (https://sqlite.org/fileformat2.html, the lock-byte page)."""
OTHER = f"""
import fcntl, sys
with open(sys.argv[1], "r+b") as file:
    try:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, {LENGTH}, {READERS})
    except OSError:
        print("held")
"""


def held() -> bool:
    """Whether another process is kept from believing that nobody has the database open."""
    told = subprocess.run(
        [sys.executable, "-c", OTHER, connection.settings_dict["NAME"]], capture_output=True, text=True, check=True
    )
    return told.stdout == "held\n"


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_a_sweep_keeps_the_locks_of_its_process() -> None:
    save(Actor(None, "Bruno", frozenset({MANAGER})), "party", {"name": "Tornerò Srl"})
    assert Party.objects.count() == 1
    assert held()
    assert sweep(["party"], ["nowhere-at-all-77"], [])["left"] == 0
    assert sweep(["party"], [], ["Tornerò Srl"])["left"] == 1
    assert held()


def test_what_is_sought_is_found_in_any_of_the_files(tmp_path: Path) -> None:
    (tmp_path / "one").write_bytes(b"\0\xffMario Rossi\0")
    (tmp_path / "empty").write_bytes(b"")
    files = [tmp_path / "not-there", tmp_path / "empty", tmp_path / "one"]
    assert found(files, [b"Rossi", b"\xff", b"Bianchi"]) == [b"Rossi", b"\xff"]
    assert found(files, []) == []
