"""Tokens and webhooks in a real browser: made with words alone, shown once, followed until they are taken."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import expect

from rapporto.domain.parties.models import Party
from rapporto.domain.people.actors import actor_of
from rapporto.domain.people.hooks_reader import look
from rapporto.domain.people.models import User
from rapporto.store import outbox
from rapporto.store.write import save
from tests.receiver import Receiver, receiving
from tests.web.browsing import SIZES, Room, toast

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    """The other program."""
    with receiving() as listening:
        settings.OUTBOUND_ALLOW = listening.allowed
        yield listening


@SIZES
def test_a_program_is_let_in_and_told_of_changes(
    room: Room, anna: User, casale: Party, receiver: Receiver, size: tuple[int, int]
) -> None:
    page = room.open(anna, size).go("/settings/")
    page.locator("main").get_by_role("link", name="Programmi").last.click()
    page.get_by_role("link", name="Nuovo token").click()
    page.get_by_label("A che cosa serve").fill("Gestionale")
    expect(page.get_by_label("Anagrafiche", exact=True)).to_be_hidden()
    page.get_by_label("solo ciò che è scelto qui sotto").check()
    page.get_by_label("Anagrafiche", exact=True).select_option(label="legge")
    page.get_by_role("button", name="Crea il token").click()
    expect(toast(page)).to_contain_text("Il token per Gestionale è pronto.")
    shown = {"Authorization": f"Bearer {page.locator('.once').inner_text()}"}
    assert Client().get(f"/api/v1/party/{casale.pk}", headers=shown).status_code == 200

    page.get_by_role("link", name="Nuovo webhook").click()
    page.get_by_label("A che cosa serve").fill("Negozio")
    page.get_by_label("Indirizzo", exact=False).first.fill(receiver.address)
    page.get_by_label("Anagrafiche", exact=True).check()
    page.get_by_role("button", name="Crea il webhook").click()
    expect(page.locator(".once")).to_have_text(re.compile("^whsec_"))
    receiver.statuses = [503]
    save(actor_of(anna), "party", {"notes": "Prova"}, casale.pk)
    look()
    assert outbox.deliver_one(outside=True)
    page.reload()
    expect(page.locator("main")).to_contain_text("provato una volta")
    page.get_by_role("button", name="Prova msg_").click()
    expect(toast(page)).to_contain_text("È di nuovo in viaggio.")
    assert outbox.deliver_one(outside=True)
    page.reload()
    expect(page.locator("tbody .tag")).to_have_text("accettato")
    assert len(receiver.came) == 2
