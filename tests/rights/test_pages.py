"""The rights of a person on the screen: export with a click; erasure after one has seen what goes, with a receipt."""

import re
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client

from rapporto.domain.people.actors import actor_of
from rapporto.domain.people.models import User
from rapporto.domain.processes.commands import log_activity
from rapporto.kernel.actor import ADMINISTRATOR, AGENT
from rapporto.store import erasures
from rapporto.store.asking import forget_estimates
from rapporto.store.errors import Invalid
from rapporto.store.jobs_models import Job
from rapporto.store.outbox import deliver_one
from rapporto.store.rights_models import Erasure
from tests.cast import casale, person
from tests.web.samples import user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_places(settings: LazySettings, tmp_path: Path) -> None:
    """Files and list of this test alone."""
    settings.ERASURES_ROOT = tmp_path
    settings.MEDIA_ROOT = tmp_path / "files"
    forget_estimates()


@pytest.fixture
def aldo() -> User:
    """The administrator."""
    return user("Aldo", ADMINISTRATOR, language="it")


@pytest.fixture
def page(aldo: User) -> Client:
    """His browser."""
    client = Client()
    client.force_login(aldo)
    return client


def worked() -> None:
    """Do what was asked for."""
    while deliver_one():
        pass


def text_of(page: Client, address: str) -> str:
    """A page as one reads it."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.get(address).content.decode()))


def test_the_card_of_a_person_leads_to_their_data_and_that_of_a_company_does_not(page: Client, aldo: User) -> None:
    lucia, firm = person(actor_of(aldo), "Lucia", "Bonetti"), casale(actor_of(aldo))
    assert f"/party/{lucia.pk}/personal-data/" in page.get(f"/party/{lucia.pk}/").content.decode()
    assert "personal-data" not in page.get(f"/party/{firm.pk}/").content.decode()
    assert page.get(f"/party/{firm.pk}/personal-data/").status_code == 404


def test_all_data_come_as_a_file_for_the_one_who_asked(page: Client, aldo: User) -> None:
    lucia = person(actor_of(aldo), "Lucia", "Bonetti", email="lucia@bonetti.example")
    answer = page.post(f"/party/{lucia.pk}/personal-data/export/")
    worked()
    job = Job.objects.get()
    assert (job.state, answer.headers["Location"]) == (Job.DONE, f"/jobs/{job.pk}/")
    got = page.get(f"/jobs/{job.pk}/file/")
    assert got.headers["Content-Type"] == "application/zip"
    with zipfile.ZipFile(BytesIO(b"".join(got.streaming_content))) as packed:  # type: ignore[attr-defined]
        assert packed.namelist() == ["dati.json", "dati personali.html"]
        assert "lucia@bonetti.example" in packed.read("dati personali.html").decode()
    anna = Client()
    anna.force_login(user("Anna", AGENT))
    assert anna.get(f"/jobs/{job.pk}/file/").status_code == 404


def test_one_sees_what_goes_and_what_stays_says_why_and_gets_a_receipt(page: Client, aldo: User) -> None:
    actor = actor_of(aldo)
    lucia = person(actor, "Lucia", "Bonetti", email="lucia@bonetti.example")
    log_activity(actor, party=lucia.pk, subject="Visita")
    log_activity(actor, party=casale(actor).pk, person=lucia.pk, subject="Sconto", asked="La Bonetti chiede")
    address = f"/party/{lucia.pk}/personal-data/erase/"
    shown = text_of(page, address)
    assert "Va via" in shown
    assert "Cancella anche il testo di 1 attività di un’azienda con lei" in shown

    refused = page.post(address, {"requested_on": "domani", "reason": "Lettera"})
    assert refused.status_code == 422
    assert "Lettera" in refused.content.decode()
    assert not Erasure.objects.exists()

    page.post(address, {"requested_on": "20/11/2026", "reason": "Lettera di Lucia Bonetti", "sure": "1"})
    worked()
    done = Erasure.objects.get()
    assert done.reason == "Lettera di [cancellato]" or "Bonetti" not in done.reason
    job = Job.objects.get(kind="person_erasure")
    assert (job.state, job.url) == (Job.DONE, f"/settings/erasures/{done.pk}/")
    assert "Bonetti" not in str(job.parameters)
    assert "Cancellata il" in text_of(page, job.url)
    card = page.get(f"/party/{lucia.pk}/").content.decode()
    assert "Lucia" not in card
    assert "la scheda resta senza i suoi dati" in card
    assert "/undo/" not in card
    assert "Lucia" not in text_of(page, "/settings/erasures/")


def test_whoever_consents_anew_is_found_by_what_they_had_and_admitted_again(page: Client, aldo: User) -> None:
    lucia = person(actor_of(aldo), "Lucia", "Bonetti", email="lucia@bonetti.example")
    page.post(f"/party/{lucia.pk}/personal-data/erase/", {"requested_on": "20/11/2026", "sure": "1"})
    worked()
    with pytest.raises(Invalid):
        person(actor_of(aldo), "Lucia", "Bonetti", email="lucia@bonetti.example")
    assert "Nessuna persona cancellata aveva questo dato" in text_of(page, "/settings/erasures/?q=altra@esempio.it")
    assert "Cancellata il" in text_of(page, "/settings/erasures/?q=Lucia@Bonetti.example")
    page.post("/settings/erasures/", {"q": "lucia@bonetti.example", "consent": "1"})
    assert person(actor_of(aldo), "Lucia", "Bonetti", email="lucia@bonetti.example").pk
    assert "riammessa" in text_of(page, "/settings/erasures/")
    assert erasures.erased()[0].allowed is not None


def test_who_is_no_administrator_exports_what_they_see_and_erases_nobody(aldo: User) -> None:
    anna = user("Anna", AGENT)
    lucia = person(actor_of(anna), "Lucia", "Bonetti")
    page = Client()
    page.force_login(anna)
    shown = page.get(f"/party/{lucia.pk}/personal-data/").content.decode()
    assert "/erase/" not in shown
    for method in (page.get, page.post):
        assert (
            method(f"/party/{lucia.pk}/personal-data/erase/", {"requested_on": "20/11/2026", "sure": "1"}).status_code
            == 404
        )
    for address in ("/settings/erasures/", "/settings/access/", "/settings/erasures/1/"):
        assert page.get(address).status_code == 404
