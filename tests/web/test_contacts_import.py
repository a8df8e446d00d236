"""The page that takes in contacts: a file, its preview, the import, and one click that takes it all back."""

import os
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from rapporto.domain.parties.models import Party
from rapporto.kernel.actor import AGENT, MANAGER
from rapporto.store.asking import forget_estimates
from rapporto.store.history.export import canonical
from rapporto.store.outbox import deliver_one
from rapporto.web.imports import views as page
from rapporto.web.imports.files import KEPT_SECONDS, keep_file, take_file
from tests.parties.contact_files import MARIO, OUTLOOK_IT, many, table
from tests.parties.test_contacts_import import HOSTILE
from tests.web.samples import user

pytestmark = pytest.mark.django_db
START, GO = "/import/contacts/", "/import/contacts/go/"


@pytest.fixture
def anna() -> Client:
    """Anna's browser."""
    return signed_in("Anna", AGENT)


def signed_in(name: str, role: str) -> Client:
    forget_estimates()
    client = Client()
    client.force_login(user(name, role, language="it"))
    return client


def upload(client: Client, data: bytes, name: str = "contatti.csv") -> tuple[int, str]:
    """The answer to a chosen file: status and page."""
    response = client.post(START, {"file": SimpleUploadedFile(name, data, "text/csv")})
    return response.status_code, response.content.decode()


def imports(client: Client) -> str:
    """The page of the result of an import that a worker has done."""
    place = client.post(GO).headers["Location"]
    assert place.startswith("/jobs/")
    assert "Importazione dei contatti" in client.get(place).content.decode()
    assert deliver_one()
    done: str = client.get(place).headers["Location"]
    return done


def test_a_file_is_previewed_imported_told_of_and_taken_back(anna: Client) -> None:
    before = list(canonical())
    status, preview = upload(anna, table(OUTLOOK_IT, MARIO, {**MARIO, "Nome": "Lucia", "Cellulare": "boh"}))
    assert status == 200
    for word in (
        "Righe",
        "Persone nuove",
        "Aziende nuove",
        "Da verificare",
        "Mario Rossi",
        "Meccanica Casale S.r.l.",
        "«boh»",
    ):
        assert word in preview
    assert not Party.objects.exists()
    place = imports(anna)
    assert Party.objects.count() == 3
    done = anna.get(place).content.decode()
    assert "Annulla l’importazione" in done
    undo = done.split('<form method="post" action="/undo/')[1].split('"')[0]
    response = anna.post(f"/undo/{undo}", {"next": "/party/"})
    assert (response.status_code, response.headers["Location"]) == (302, "/party/")
    assert list(canonical()) == before


def test_a_large_file_is_looked_at_behind_a_bar_and_then_imported(
    anna: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "AT_ONCE", 100)
    sent = {"file": SimpleUploadedFile("contatti.csv", many(40), "text/csv")}
    place = anna.post(START, sent).headers["Location"]
    assert "Anteprima dei contatti" in anna.get(place).content.decode()
    assert deliver_one()
    preview = anna.get(anna.get(place).headers["Location"])
    assert preview.status_code == 200
    assert "Persone nuove" in preview.content.decode()
    assert not Party.objects.exists()
    assert anna.get(imports(anna)).status_code == 200
    assert Party.objects.filter(kind="person").count() == 40
    assert anna.get(anna.get(place).headers["Location"]).headers["Location"] == START  # that file is no longer here


def test_an_unreadable_large_file_is_told_at_once(anna: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "AT_ONCE", 1)
    assert upload(anna, HOSTILE["workbook"])[0] == 422


def test_the_way_in_stands_over_the_list_of_parties(anna: Client) -> None:
    assert "Importa contatti" in anna.get("/party/").content.decode()
    assert "Importa contatti" not in anna.get("/activity/").content.decode()


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_answered_in_words(anna: Client, name: str) -> None:
    status, text = upload(anna, HOSTILE[name], f"{name}.csv")
    assert status == 422
    assert 'class="error"' in text


def test_no_file_and_a_file_that_is_too_large_are_told(anna: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Prima scegli il file" in anna.post(START).content.decode()
    monkeypatch.setattr(page, "MAX_BYTES", 100)
    status, text = upload(anna, many(3))
    assert status == 422
    assert "MB" in text


def test_markup_in_a_file_and_in_its_name_is_shown_as_text(anna: Client) -> None:
    row = {**MARIO, "Nome": "<script>alert(1)</script>", "Cellulare": "<img src=x onerror=alert(1)>"}
    _, text = upload(anna, table(OUTLOOK_IT, row), "<svg onload=alert(1)>.csv")
    assert "<script>alert" not in text
    assert "<img src=x" not in text
    assert "<svg onload" not in text
    assert "<img src=x" not in anna.get(imports(anna)).content.decode()


def test_the_file_of_one_person_is_never_imported_by_another(anna: Client) -> None:
    upload(anna, table(OUTLOOK_IT, MARIO))
    carla = signed_in("Carla", AGENT)
    assert carla.post(GO).headers["Location"] == START
    done = imports(anna)
    assert anna.get(done).status_code == 200
    assert carla.get(done).status_code == 404


def test_a_button_pressed_twice_imports_once(anna: Client) -> None:
    upload(anna, table(OUTLOOK_IT, MARIO))
    kept = anna.session[page.KEPT]
    anna.post(GO)
    session = anna.session
    session[page.KEPT] = kept
    session.save()
    assert anna.post(GO).headers["Location"] == START
    assert deliver_one()
    assert not deliver_one()
    assert Party.objects.count() == 2


def test_a_manager_imports_for_the_house() -> None:
    bruno = signed_in("Bruno", MANAGER)
    upload(bruno, many(20))
    imports(bruno)
    assert Party.objects.filter(kind="person").count() == 20


def test_a_kept_file_is_for_the_product_alone_and_does_not_outlive_the_day() -> None:
    token = keep_file(b"contatti")
    kept = Path(settings.MEDIA_ROOT) / "imports" / token
    assert kept.stat().st_mode & 0o077 == 0
    os.utime(kept, (time.time() - KEPT_SECONDS - 1,) * 2)
    other = keep_file(b"altri")
    assert take_file(token) is None
    assert take_file(other) == b"altri"
    assert take_file(other) is None
    assert take_file("../secret_key") is None
