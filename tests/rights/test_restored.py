"""A copy of the database made before an erasure brings nobody back: the list beside it is gone through again."""

from argparse import Namespace
from datetime import date
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import connection, connections

from rapporto.domain.parties.models import Party
from rapporto.site.commands import erasures as command
from rapporto.site.copies import postgresql_dump, postgresql_load, sqlite_copy, sqlite_load
from rapporto.store import access_guard
from rapporto.store.history.models import Entry
from rapporto.store.rights.forget import Request, forget
from rapporto.store.rights_models import Erasure
from rapporto.store.search import search
from tests.cast import enters, person

pytestmark = pytest.mark.django_db(transaction=True)


def test_restoring_an_older_copy_is_followed_by_the_same_erasure(
    settings: LazySettings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.ERASURES_ROOT = settings.MEDIA_ROOT = tmp_path
    aldo = enters("Aldo")
    lucia = person(aldo, "Lucia", "Bonetti", email="lucia@bonetti.example")
    piero = person(aldo, "Piero", "Neri", email="piero@neri.example")
    sqlite = connection.vendor == "sqlite"
    (sqlite_copy if sqlite else postgresql_dump)(connection.settings_dict, tmp_path / "copy")
    first = forget(aldo, "party", lucia.pk, Request(date(2026, 11, 20), "Lettera"))
    later = person(aldo, "Dopo", "La Copia")

    connections.close_all()
    (sqlite_load if sqlite else postgresql_load)(connection.settings_dict, tmp_path / "copy")
    access_guard.drop()

    assert Party.objects.get(pk=lucia.pk).last_name == "Bonetti"
    assert command.run(Namespace(replay=False)) == 1
    assert command.run(Namespace(replay=True)) == 0
    capsys.readouterr()
    assert command.run(Namespace(replay=False)) == 0
    assert "Bonetti" not in capsys.readouterr().out
    assert Party.objects.get(pk=lucia.pk).last_name == ""
    assert search(aldo, "party", "Bonetti").ids == ()
    assert not Entry.objects.filter(row_id=lucia.pk, record="party").exclude(image=None).exists()
    assert Party.objects.get(pk=piero.pk).last_name == "Neri"
    again = Erasure.objects.get()
    assert (again.token, again.requested_on) == (first.token, first.requested_on)

    # whoever gets the number of somebody who is not in the copy is somebody else
    newcomer = person(aldo, "Nuova", "Arrivata")
    assert newcomer.pk == later.pk or connection.vendor == "postgresql"
    assert command.run(Namespace(replay=True)) == 0
    assert Party.objects.get(pk=newcomer.pk).last_name == "Arrivata"
