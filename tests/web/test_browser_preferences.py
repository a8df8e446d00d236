"""Consents in the browser: a customer decides on a phone without a password, an agent sees why they may be called or not."""

from typing import Any

import pytest
from playwright.sync_api import expect

from rapporto.domain.consent.asking import may_contact
from rapporto.domain.consent.choices import PAPER
from rapporto.domain.consent.commands import give
from rapporto.domain.consent.links import Link, signed
from rapporto.domain.consent.models import ConsentEntry, ContactPreference
from rapporto.domain.consent.usual_purposes import begin_with_purposes
from rapporto.domain.parties.models import Party
from rapporto.domain.people.actors import actor_of
from rapporto.domain.people.models import User
from rapporto.store.write import save
from tests.web.browsing import NARROW, Room

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def agreed(casale: Party, anna: User) -> Party:
    """Casale agreed to e-mails at a fair."""
    begin_with_purposes()
    actor: Any = actor_of(anna)
    save(actor, "party", {"email": "info@casale.example"}, casale.pk)
    give(actor, party=casale.pk, purpose="marketing", channel="email", how=PAPER, document="Fiera Verona")
    return casale


def test_a_customer_decides_on_the_phone(room: Room, agreed: Party) -> None:
    watched = room.open(None, NARROW)
    page = watched.page
    link = signed(Link(agreed.pk, "info@casale.example", "MARKETING", "email"))
    page.goto(f"{watched.address}/p/{link}/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Le Sue preferenze")
    expect(page.get_by_label("E-mail", exact=True)).to_be_checked()
    page.get_by_label("E-mail", exact=True).uncheck()
    page.get_by_label("SMS").check()
    page.get_by_label("Quante volte").select_option("monthly")
    page.get_by_role("button", name="Salva").click()
    expect(page.get_by_text("Salvato: vale da adesso.")).to_be_visible()
    expect(page.get_by_label("SMS")).to_be_checked()
    assert ContactPreference.objects.get().frequency == "monthly"
    page.get_by_role("link", name="Ferma tutto").click()
    page.get_by_role("button", name="Ferma tutto").click()
    expect(page.get_by_text("Fatto: non riceverà più")).to_be_visible()
    expect(page.get_by_label("SMS")).not_to_be_checked()
    assert ConsentEntry.objects.latest("id").state == "objected"


def test_an_agent_sees_why_and_writes_down_an_objection(room: Room, agreed: Party, anna: User) -> None:
    watched = room.open(anna)
    page = watched.page
    page.goto(f"{watched.address}/party/{agreed.pk}/")
    page.get_by_role("link", name="Posso contattarli?").click()
    panel = page.locator("#panel")
    expect(panel.get_by_text("Consenso del")).to_be_visible()
    panel.get_by_role("link", name="Si oppone").click()
    expect(panel.locator(".facts")).to_contain_text("Opposizione")
    panel.locator("select[name=how]").select_option("call")
    panel.get_by_role("button", name="Salva", exact=True).click()
    expect(page.locator(".section.consents")).to_contain_text("Ogni finalità")
    expect(page.locator(".toast").get_by_text("Annulla")).to_have_count(0)
    assert ConsentEntry.objects.latest("id").state == "objected"
    now = ConsentEntry.objects.latest("id").at
    assert not may_contact(actor_of(anna), agreed.pk, "marketing", "email", now).allowed
