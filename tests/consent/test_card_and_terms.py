"""What the card of a party says of their consents, and the work that tells which terms end."""

from datetime import UTC, date, datetime
from html import unescape

import pytest
from django.test import Client

from rapporto.domain.consent.choices import CONTRACT, PAPER, WEB_FORM
from rapporto.domain.consent.commands import ask_to_confirm, give, object_to, withdraw
from rapporto.domain.consent.models import ConsentEntry, Purpose
from rapporto.domain.consent.retention import KIND, endings
from rapporto.domain.consent.standing import standing
from rapporto.domain.people.models import User
from rapporto.store.jobs import JOBS, Progress
from rapporto.store.jobs_models import Job
from tests.cast import enters
from tests.consent.people import NOW, customer, house

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


def test_the_work_tells_which_terms_end_and_which_have_ended() -> None:
    anna, firm, _ = house()
    proof = {"how": PAPER, "document": "Fiera"}
    soon = give(anna, party=firm.pk, purpose="marketing", at=datetime(2024, 3, 10, 9, tzinfo=UTC), **proof)
    over = give(anna, party=firm.pk, purpose="profiling", at=datetime(2025, 1, 31, 9, tzinfo=UTC), **proof)
    give(anna, party=firm.pk, purpose="open_tracking", at=NOW, **proof)
    give(anna, party=firm.pk, purpose="third_parties", basis=CONTRACT, at=datetime(2020, 1, 1, tzinfo=UTC), **proof)
    other = customer(anna, name="Altra ditta")
    give(anna, party=other.pk, purpose="marketing", at=datetime(2020, 1, 1, tzinfo=UTC), **proof)
    withdraw(anna, party=other.pk, purpose="marketing", how=PAPER, at=datetime(2021, 1, 1, tzinfo=UTC))
    found = {one.entry: one.day for one in endings(anna, date(2026, 2, 20))}
    assert found == {soon.pk: date(2026, 3, 10), over.pk: date(2026, 1, 31)}
    assert list(endings(enters("Carla"), date(2026, 2, 20))) == []
    job = Job(kind=KIND)
    result = JOBS[KIND].run(anna, {"on": "2026-02-20"}, Progress(job, 60))
    assert (result.details["ending"], result.details["ended"]) == (1, 1)
    assert "1 consents end within 30 days" in str(result.message)
