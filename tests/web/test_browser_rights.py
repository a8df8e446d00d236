"""The rights of a person in a real browser: from the card to the file with everything, and to the receipt of an erasure."""

import zipfile
from pathlib import Path

import pytest
from django.conf import LazySettings
from playwright.sync_api import Page, expect

from rapporto.domain.people.actors import actor_of
from rapporto.domain.people.models import User
from rapporto.domain.processes.commands import log_activity
from rapporto.kernel.actor import ADMINISTRATOR
from rapporto.store.outbox import deliver_one
from tests.cast import casale as company
from tests.cast import person
from tests.web.browsing import SIZES, Room
from tests.web.samples import user
from tests.web.test_accessibility import AXE, SCRIPT

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def aldo(db: None, settings: LazySettings, tmp_path: Path) -> User:
    """The administrator of an installation whose list of erasures is empty."""
    settings.ERASURES_ROOT = tmp_path
    return user("Aldo", ADMINISTRATOR, language="it")


def barriers(page: Page) -> list[str]:
    """What axe finds wrong on a page."""
    page.evaluate(SCRIPT)
    found = page.evaluate("async options => (await axe.run(document, options)).violations", AXE)
    return [f"{one['id']}: {[node['html'] for node in one['nodes']]}" for one in found]


@SIZES
def test_a_person_gets_everything_and_is_then_erased(
    room: Room, aldo: User, size: tuple[int, int], tmp_path: Path
) -> None:
    actor = actor_of(aldo)
    lucia = person(actor, "Lucia", "Bonetti", email="lucia@bonetti.example")
    log_activity(actor, party=company(actor).pk, person=lucia.pk, subject="Sconto", asked="Lucia Bonetti chiede")
    watched = room.open(aldo, size)
    page = watched.go(f"/party/{lucia.pk}/")
    page.get_by_label("Altro", exact=True).last.click()
    page.get_by_role("link", name="Dati personali").click()
    assert barriers(page) == []
    page.get_by_role("button", name="Esporta tutti i dati").click()
    assert deliver_one()
    with page.expect_download() as fetched:
        page.get_by_role("link", name="Scarica").click()
    fetched.value.save_as(tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "all.zip") as packed:
        assert "lucia@bonetti.example" in packed.read("dati personali.html").decode()

    page = watched.go(f"/party/{lucia.pk}/personal-data/")
    page.get_by_role("link", name="Cancella la persona").click()
    assert barriers(page) == []
    expect(page.get_by_text("Testi di altri che ne fanno il nome")).to_be_visible()
    page.get_by_label("Come lo ha chiesto, o perché").fill("Lettera")
    page.get_by_role("button", name="Cancella per sempre").click()
    expect(page.get_by_label("Come lo ha chiesto, o perché")).to_have_value("Lettera")
    page.get_by_label("So che non si può annullare").check()
    page.get_by_role("button", name="Cancella per sempre").click()
    while deliver_one():
        pass
    expect(page.get_by_role("heading", name="Ricevuta di una cancellazione")).to_be_visible()
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page = watched.go("/settings/access/")
    expect(page.locator("tbody").get_by_text("Persona cancellata")).to_be_visible()
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
