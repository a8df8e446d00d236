"""A consent is confirmed by the address it was given for: one message, one press, and nothing before that."""

import re
from html import unescape
from smtplib import SMTPRecipientsRefused
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from rapporto.domain.consent.asking import may_contact
from rapporto.domain.consent.choices import MAIL, MEETING, PAPER, PENDING
from rapporto.domain.consent.commands import object_to, withdraw
from rapporto.domain.consent.double_opt_in import ConfirmationAsked, send_confirmation
from rapporto.domain.consent.models import ConsentEntry
from rapporto.domain.people.models import User
from rapporto.kernel.facts import Permanent, Transient
from rapporto.store.errors import Refused
from rapporto.store.outbox import deliver_one
from rapporto.store.write import save
from rapporto.web.preferences import mail as writing
from tests.cast import enters
from tests.consent.people import house

pytestmark = pytest.mark.django_db
ADDRESS = "info@casale.example"


def browser(name: str = "Anna") -> Client:
    """Somebody of the cast, signed in."""
    client = Client()
    client.force_login(User.objects.get(name=name))
    return client


def delivered() -> list[Any]:
    """All that was owed is done; what was written."""
    while deliver_one():
        pass
    return mail.outbox


def test_from_the_card_to_the_consent() -> None:
    anna, firm, _ = house()
    at = f"/party/{firm.pk}/consents/"
    page = unescape(browser().get(at).content.decode())
    for words in ("Marketing: si può, adesso?", "Nulla prova", "Acconsente", "Si oppone", ADDRESS):
        assert words in page, words
    answer = browser().post(at, {"purpose": "MARKETING", "how": MEETING, "document": "Fiera"})
    assert answer.headers["Location"] == f"/party/{firm.pk}/"
    entry = ConsentEntry.objects.get()
    assert (entry.state, entry.channel, entry.address, entry.document) == (PENDING, "email", ADDRESS, "Fiera")
    (message,) = delivered()
    assert message.to == [ADDRESS]
    assert message.subject == "Confermi per favore: Marketing"
    assert entry.words in message.body
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert not may_contact(anna, firm.pk, "marketing", "email", timezone.now()).allowed
    (link,) = re.findall(r"http://127\.0\.0\.1:8000(/p/\S+/)", message.body)
    Client().get(link)
    assert ConsentEntry.objects.count() == 1
    assert "said=confirmed" in Client().post(link, {"confirm": "1"}).headers["Location"]
    assert may_contact(anna, firm.pk, "marketing", "email", timezone.now()).allowed
    one_click = message.extra_headers["List-Unsubscribe"].strip("<>").removeprefix("http://127.0.0.1:8000")
    assert Client(enforce_csrf_checks=True).post(one_click, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not may_contact(anna, firm.pk, "marketing", "email", timezone.now()).allowed


def test_who_said_no_is_not_asked_by_mail_and_nobody_is_asked_twice_a_day() -> None:
    anna, firm, _ = house()
    send_confirmation(anna, party=firm.pk, purpose="marketing", how=MEETING)
    again = browser().post(f"/party/{firm.pk}/consents/", {"purpose": "MARKETING", "how": MEETING})
    assert again.status_code == 422
    assert "nell’ultimo giorno" in unescape(again.content.decode())
    withdraw(anna, party=firm.pk, purpose="profiling", how=PAPER)
    with pytest.raises(Refused, match="They said no"):
        send_confirmation(anna, party=firm.pk, purpose="profiling", how=MAIL)
    object_to(anna, party=firm.pk, how=PAPER)
    with pytest.raises(Refused, match="They said no"):
        send_confirmation(anna, party=firm.pk, purpose="marketing", how=MAIL)
    assert delivered() == []


def test_without_an_address_nobody_is_written_to() -> None:
    anna, firm, _ = house()
    save(anna, "party", {"email": ""}, firm.pk)
    with pytest.raises(Refused):
        send_confirmation(anna, party=firm.pk, purpose="marketing", how=MEETING)
    assert "Manda la richiesta" not in browser().get(f"/party/{firm.pk}/consents/").content.decode()
    enters("Carla")
    assert browser("Carla").get(f"/party/{firm.pk}/consents/").status_code == 404


def test_a_mail_server_that_is_away_is_tried_again_and_one_that_refuses_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    anna, firm, _ = house()
    entry = send_confirmation(anna, party=firm.pk, purpose="marketing", how=MEETING)
    for wrong, told in ((ConnectionRefusedError("away"), Transient), (SMTPRecipientsRefused({}), Permanent)):

        def fails(self: Any, wrong: Exception = wrong) -> None:
            raise wrong

        monkeypatch.setattr(mail.EmailMessage, "send", fails)
        with pytest.raises(told):
            writing.write(ConfirmationAsked(entry.pk))
