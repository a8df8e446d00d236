"""What the card of a party says of their consents, and the work that tells which terms end."""

from html import unescape

import pytest
from django.test import Client

from rapporto.domain.consent.choices import PAPER, WEB_FORM
from rapporto.domain.consent.commands import ask_to_confirm, give, object_to, withdraw
from rapporto.domain.consent.models import ConsentEntry, Purpose
from rapporto.domain.consent.standing import standing
from rapporto.domain.people.models import User
from tests.consent.people import house

pytestmark = pytest.mark.django_db


def browser(name: str) -> Client:
    """Somebody of the cast, signed in."""
    client = Client()
    client.force_login(User.objects.get(name=name))
    return client


def test_the_card_tells_how_things_stand_with_the_proof() -> None:
    anna, firm, notice = house()
    give(
        anna, party=firm.pk, purpose="marketing", channel="email", how=PAPER, document="<b>Fiera</b>", notice=notice.pk
    )
    give(anna, party=firm.pk, purpose="profiling", how=PAPER, document="Fiera")
    withdraw(anna, party=firm.pk, purpose="profiling", how=PAPER)
    html = unescape(browser("Anna").get(f"/party/{firm.pk}/").content.decode())
    marketing = Purpose.objects.get(code="MARKETING").pk
    for words in ("Consensi", "Marketing · E-mail", "Dato", "informativa «2026-01»", "raccolto da Anna", "Revocato"):
        assert words in html, words
    assert "<b>Fiera" not in browser("Anna").get(f"/party/{firm.pk}/").content.decode()
    assert f"/consent_entry/new/?party={firm.pk}&purpose={marketing}&channel=email&state=withdrawn" in html
    assert html.count("state=withdrawn") == 1


def test_an_entry_is_added_from_the_card_and_the_form_says_what_is_missing() -> None:
    anna, firm, _ = house()
    client = browser("Anna")
    at = f"/consent_entry/new/?party={firm.pk}"
    assert "Base giuridica" in unescape(client.get(at).content.decode())
    sent = {"purpose": str(Purpose.objects.get(code="MARKETING").pk), "state": "given", "how": PAPER}
    sent |= {"form.fields": "purpose,state,how,document,words"}
    refused = client.post(at, {**sent, "document": "", "words": ""})
    assert refused.status_code == 422
    assert "senza prova" in unescape(refused.content.decode())
    assert client.post(at, {**sent, "document": "", "words": "Al telefono"}).status_code in (200, 302)
    assert ConsentEntry.objects.get().taken_by_id == anna.user_id


def test_what_a_later_word_covers_is_not_told_any_more() -> None:
    anna, firm, _ = house()
    give(anna, party=firm.pk, purpose="marketing", channel="email", how=PAPER, document="x")
    give(anna, party=firm.pk, purpose="marketing", channel="sms", how=PAPER, document="x")
    asked = ask_to_confirm(anna, party=firm.pk, purpose="marketing", channel="email", how=WEB_FORM)
    assert [one.pk for one in standing(anna, firm.pk).waiting()] == [asked.pk]
    assert len(standing(anna, firm.pk).lines()) == 3
    gone = object_to(anna, party=firm.pk, how=PAPER)
    assert [one.pk for one in standing(anna, firm.pk).lines()] == [gone.pk]
