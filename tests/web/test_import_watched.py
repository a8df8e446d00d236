"""A file that another program lays into the folder of a source is imported like the last one from there, once."""

from pathlib import Path

import pytest
from django.test import Client

from rapporto.domain.parties.models import Party
from rapporto.domain.people.models import User
from rapporto.kernel.actor import MANAGER
from rapporto.store.imports.models import ImportRun, ImportSource
from rapporto.store.outbox import deliver_one
from rapporto.store.transfer.watched import WatchedFolder
from rapporto.web.imports import watching
from tests.web.test_import import imported, signed_in, tried, upload

pytestmark = pytest.mark.django_db
ERP = b"Codice;Ragione sociale;Chi\r\n%s;%s;boh\r\n"


@pytest.fixture
def bruno(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Client:
    """Bruno, who has imported from the ERP once by hand; its folder is watched."""
    monkeypatch.setattr(watching, "root", lambda: tmp_path)
    monkeypatch.setattr(watching, "_folders", {})
    monkeypatch.setattr(watching, "WatchedFolder", lambda place: _real(place, still=0.0))
    client = signed_in("Bruno", MANAGER)
    imported(client, tried(client, upload(client, ERP % (b"C1", b"Casale"), source="ERP"), c2="", mode="all"))
    ImportSource.objects.update(folder="erp")
    return client


_real = WatchedFolder


def worked() -> None:
    while deliver_one():
        pass


def test_a_file_laid_into_the_folder_is_imported_as_the_last_one_was(bruno: Client, tmp_path: Path) -> None:
    assert watching.look() == 0
    (tmp_path / "erp" / "clienti.csv").write_bytes(ERP % (b"C2", b"Adige"))
    assert watching.look() + watching.look() == 1
    worked()
    assert sorted(Party.objects.values_list("name", flat=True)) == ["Adige", "Casale"]
    assert Party.objects.get(name="Adige").notes == ""  # the column was left out the last time
    assert ImportRun.objects.latest("pk").mode == "all"
    (done,) = (tmp_path / "erp" / "done").glob("*clienti.csv")
    assert not (tmp_path / "erp" / "clienti.csv").exists()
    assert done.with_name(done.name + ".report.txt").exists()
    assert watching.look() == 0


def test_what_is_no_table_is_laid_aside_with_the_reason(bruno: Client, tmp_path: Path) -> None:
    watching.look()
    (tmp_path / "erp" / "clienti.csv").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    assert watching.look() + watching.look() == 0
    (report,) = (tmp_path / "erp" / "refused").glob("*.report.txt")
    assert report.read_text(encoding="utf-8")


def test_nothing_is_done_in_the_name_of_who_has_left(bruno: Client, tmp_path: Path) -> None:
    watching.look()
    User.objects.update(is_active=False)
    (tmp_path / "erp" / "clienti.csv").write_bytes(ERP % (b"C2", b"Adige"))
    watching.look()
    watching.look()
    worked()
    assert Party.objects.count() == 1
