"""The pages of an import: a file, what its columns mean, the trial, the import, and one click that takes it all back."""

import os
import re
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
from rapporto.store.imports.models import ImportRun, ImportSource
from rapporto.store.jobs import stop
from rapporto.store.jobs_models import Job
from rapporto.store.outbox import deliver_one
from rapporto.web.imports import views as page
from rapporto.web.imports.files import KEPT_SECONDS, keep_file, place_of
from tests.imports.test_parties import HOSTILE
from tests.parties.contact_files import MARIO, OUTLOOK_IT, many, table
from tests.web.samples import user

pytestmark = pytest.mark.django_db
START = "/import/"
ERP = (
    "Codice;Ragione sociale;Partita IVA;Telefono;Città\r\nC1;Casale S.r.l.;00743110157;045 1234567;Verona\r\n"
    "C2;Adige S.p.A.;123;boh;Trento\r\n"
)


@pytest.fixture
def anna() -> Client:
    """Anna's browser."""
    return signed_in("Anna", AGENT)


def signed_in(name: str, role: str) -> Client:
    forget_estimates()
    client = Client()
    client.force_login(user(name, role, language="it"))
    return client


def upload(client: Client, data: bytes, name: str = "contatti.csv", **more: str) -> str:
    """Where a chosen file leads to."""
    response = client.post(START, {"file": SimpleUploadedFile(name, data, "text/csv"), **more})
    assert response.status_code == 302, response.content.decode()
    return response.headers["Location"]


def worked(client: Client, place: str) -> str:
    """Where the page of a work leads to once a worker has done it."""
    assert place.startswith("/jobs/")
    assert client.get(place).status_code == 200
    assert deliver_one()
    done: str = client.get(place).headers["Location"]
    return done


def tried(client: Client, columns: str, **sent: str) -> str:
    """The page of the trial."""
    return worked(client, client.post(columns, {"try": "1", **sent}).headers["Location"])


def imported(client: Client, trial: str) -> str:
    """The page of the import of what was tried."""
    return worked(client, client.post(trial.replace("tried", "go")).headers["Location"])


def test_a_file_is_understood_tried_imported_told_of_and_taken_back(anna: Client) -> None:
    columns = upload(anna, ERP.encode("cp1252"), "clienti.csv", source="ERP")
    before = list(canonical())
    text = anna.get(columns).content.decode()
    for word in ("Ragione sociale", "punto e virgola", "00743110157", "Casale S.r.l.", "quello che c’è resta"):
        assert word in text
    trial = tried(anna, columns, mode="all")
    text = anna.get(trial).content.decode()
    assert "2 aziende nuove" in text
    assert "1 P.IVA da verificare" in text
    assert not Party.objects.exists()
    done = imported(anna, trial)
    text = anna.get(done).content.decode()
    assert Party.objects.count() == 2
    run = ImportRun.objects.get(dry=False)
    leads = re.findall(r'href="([^"]*eq=[^"]*)"', text)
    for address in leads:
        assert anna.get(address.replace("&amp;", "&")).status_code == 200
    assert f"/party/?kind.eq=organisation&amp;origin.eq={run.imported_id}" in leads
    assert f"/to_verify/?field.eq=vat_number&amp;party.origin.eq={run.imported_id}" in leads
    again = tried(anna, upload(anna, ERP.encode("cp1252"), "clienti.csv", source="erp"))
    assert "non c’è nulla da aggiungere" in anna.get(again).content.decode().lower()
    undo = text.split('<form method="post" action="/undo/')[1].split('"')[0]
    response = anna.post(f"/undo/{undo}", {"next": "/party/"})
    assert (response.status_code, response.headers["Location"]) == (302, "/party/")
    assert list(canonical()) == before


def test_what_the_columns_mean_is_remembered_by_source(anna: Client) -> None:
    columns = upload(anna, b"Chi;Dove\r\nCasale;Verona\r\n", source="Lista della fiera")
    assert "Nelle note" in anna.get(columns).content.decode()
    trial = tried(anna, columns, c0="company", c1="place.work.city")
    imported(anna, trial)
    assert Party.objects.get().city == "Verona"
    assert ImportSource.objects.get().remembered["party"]["columns"] == {"chi": "company", "dove": "place.work.city"}
    again = ImportRun.objects.get(
        pk=int(upload(anna, b"Dove;Chi\r\nTrento;Adige\r\n", source="lista della fiera").split("/")[2])
    )
    assert again.columns == ["place.work.city", "company"]


def test_rows_are_pasted_and_the_guess_follows_the_columns(anna: Client) -> None:
    place = anna.post(START, {"pasted": "Nome\tCognome\tCellulare\nMario\tRossi\t347 1234567\n"}).headers["Location"]
    assert "Mario Rossi" in anna.get(place).content.decode()
    headers = {"HX-Request": "true", "HX-Target": "div#import-look"}
    part = anna.post(place, {"c1": ""}, headers=headers).content.decode()
    assert "Mario Rossi" not in part
    assert part.lstrip().startswith("<section")


def test_how_the_file_is_written_can_be_changed(anna: Client) -> None:
    columns = upload(anna, "Società;Città\r\nCaffè;Forlì\r\n".encode())
    assert "Caffè" in anna.get(columns).content.decode()
    place = anna.post(columns, {"encoding": "cp850", "try": "1"}).headers["Location"]
    assert place == columns  # looked at again before it is tried
    assert "Caff├¿" in anna.get(columns).content.decode()
    anna.post(columns, {"separator": ","})
    assert ImportRun.objects.get().columns == ["more"]
    anna.post(columns, {"encoding": "utf-16-le"})
    assert "Caffè" in anna.get(columns).content.decode()  # what cannot be read is read as it was found


def test_rows_that_were_left_out_come_as_a_file_that_can_be_mended_and_loaded_again(anna: Client) -> None:
    data = b"Codice;Ragione sociale;Note\r\nC1;Casale;buoni\r\nC2;;chi sono\r\n"
    done = imported(anna, tried(anna, upload(anna, data, source="ERP")))
    assert "1 riga esclusa" in anna.get(done).content.decode()
    file = anna.get(done.replace("done", "refused"))
    text = file.content.decode("utf-8-sig")
    assert text.splitlines()[0] == "Codice;Ragione sociale;Note;Motivo"
    mended = text.replace("C2;;", "C2;Adige;").encode()
    imported(anna, tried(anna, upload(anna, mended, source="ERP")))
    assert sorted(Party.objects.values_list("name", flat=True)) == ["Adige", "Casale"]


def test_an_import_that_was_stopped_goes_on_from_its_page(anna: Client) -> None:
    trial = tried(anna, upload(anna, table(OUTLOOK_IT, MARIO)))
    place = anna.post(trial.replace("tried", "go")).headers["Location"]
    stop(Job.objects.get(pk=int(place.split("/")[2])))
    deliver_one()
    run = ImportRun.objects.get(dry=False)
    text = anna.get(f"/import/{run.pk}/done/").content.decode()
    assert "Riprendi" in text
    worked(anna, anna.post(f"/import/{run.pk}/go/").headers["Location"])
    assert Party.objects.count() == 2


def test_a_button_pressed_twice_imports_once(anna: Client) -> None:
    trial = tried(anna, upload(anna, table(OUTLOOK_IT, MARIO)))
    for _ in range(2):
        anna.post(trial.replace("tried", "go"))
    while deliver_one():
        pass
    assert Party.objects.count() == 2


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_answered_in_words(anna: Client, name: str) -> None:
    response = anna.post(START, {"file": SimpleUploadedFile(f"{name}.csv", HOSTILE[name], "text/csv")})
    assert response.status_code == 422
    assert 'class="error"' in response.content.decode()


def test_no_file_and_a_file_that_is_too_large_are_told(anna: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Prima scegli il file" in anna.post(START).content.decode()
    monkeypatch.setattr(page, "MAX_BYTES", 100)
    response = anna.post(START, {"file": SimpleUploadedFile("a.csv", many(3), "text/csv")})
    assert (response.status_code, "MB" in response.content.decode()) == (422, True)


def test_markup_in_a_file_and_in_its_name_is_shown_as_text(anna: Client) -> None:
    row = {**MARIO, "Nome": "<script>alert(1)</script>", "Cellulare": "<img src=x onerror=alert(1)>"}
    columns = upload(anna, table(OUTLOOK_IT, row), "<svg onload=alert(1)>.csv")
    trial = tried(anna, columns)
    for place in (columns, trial, imported(anna, trial)):
        text = anna.get(place).content.decode()
        for bad in ("<script>alert", "<img src=x", "<svg onload"):
            assert bad not in text


def test_the_import_of_one_person_is_not_there_for_another(anna: Client) -> None:
    trial = tried(anna, upload(anna, table(OUTLOOK_IT, MARIO)))
    done = imported(anna, trial)
    carla = signed_in("Carla", AGENT)
    for place in (trial, done, done.replace("done", "refused"), trial.replace("tried/", "")):
        assert carla.get(place).status_code == 404
    assert carla.post(trial.replace("tried", "go")).status_code == 404


def test_other_types_are_imported_by_the_same_pages() -> None:
    bruno = signed_in("Bruno", MANAGER)
    done = imported(bruno, tried(bruno, upload(bruno, b"Nome;Codice ATECO\r\nMeccanica;25\r\n", record="industry")))
    assert "1 settore" in bruno.get(done).content.decode().lower()
    assert bruno.get("/import/?record=merged").status_code == 403


def test_a_kept_file_is_for_the_product_alone_and_does_not_outlive_its_weeks() -> None:
    token = keep_file([b"contatti"])
    kept = Path(settings.MEDIA_ROOT) / "imports" / token
    assert kept.stat().st_mode & 0o077 == 0
    os.utime(kept, (time.time() - KEPT_SECONDS - 1,) * 2)
    other = keep_file([b"altri"])
    assert place_of(token) is None
    assert place_of(other) is not None
    assert place_of("../secret_key") is None
