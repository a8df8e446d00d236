"""The preference page: a link instead of a password, looking changes nothing, one press in a mail is enough."""

import re
from html import unescape

import pytest
from django.core.cache import cache
from django.core.signing import dumps
from django.test import Client
from django.utils import timezone

from rapporto.domain.consent.asking import may_contact
from rapporto.domain.consent.choices import MAIL, PAPER, WEB_FORM
from rapporto.domain.consent.commands import ask_to_confirm, give, link_number, revoke_links, set_preferences
from rapporto.domain.consent.links import SALT, Link, signed
from rapporto.domain.consent.models import ConsentEntry, ContactPreference, Purpose
from rapporto.domain.parties.models import Party
from rapporto.kernel.actor import Actor, system_task
from rapporto.store.history.models import ChangeSet
from rapporto.store.write import save
from tests.cast import enters
from tests.consent.people import house

pytestmark = pytest.mark.django_db
ADDRESS = "info@casale.example"


@pytest.fixture(autouse=True)
def _nobody_knocked_yet() -> None:
    cache.clear()


def page(party: Party, purpose: str = "", channel: str = "") -> str:
    """Where the link of a party leads."""
    return f"/p/{signed(Link(party.pk, ADDRESS, purpose, channel))}/"


def agreed() -> tuple[Actor, Party]:
    """A customer who agreed to e-mails at a fair."""
    anna, firm, notice = house()
    give(
        anna, party=firm.pk, purpose="marketing", channel="email", how=PAPER, document="Fiera Verona", notice=notice.pk
    )
    return anna, firm


def ticks(html: str) -> dict[str, list[str]]:
    """What is ticked on the page, by name."""
    found: dict[str, list[str]] = {}
    for name, value, checked in re.findall(
        r'<input type="checkbox"[^>]*name="([^"]+)" value="([^"]+)"( checked)?', html
    ):
        if checked:
            found.setdefault(name, []).append(value)
    return found


def test_the_page_says_what_is_where_the_address_came_from_and_what_is_known() -> None:
    _, firm = agreed()
    answer = Client().get(page(firm))
    html = unescape(answer.content.decode())
    marketing = Purpose.objects.get(code="MARKETING").pk
    assert answer.status_code == 200
    assert ticks(html) == {f"purpose-{marketing}": ["email"]}
    assert "Fiera Verona" in html
    assert "in…@casale.example" in html
    assert ADDRESS not in html
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_page_speaks_italian_and_english() -> None:
    _, firm = agreed()
    italian = Client().get(page(firm)).content.decode()
    english = Client().get(page(firm), headers={"Accept-Language": "en"}).content.decode()
    assert "Le Sue preferenze" in italian
    assert "Your preferences" in english


def test_looking_changes_nothing_whoever_looks_and_how_often() -> None:
    anna, firm = agreed()
    before = ChangeSet.objects.count()
    for address in (page(firm), f"{page(firm, 'MARKETING', 'email')}unsubscribe/"):
        for _ in range(3):
            assert Client().get(address, follow=True).status_code == 200
            assert Client().head(address).status_code in (200, 302)
    assert ChangeSet.objects.count() == before
    assert may_contact(anna, firm.pk, "marketing", "email", timezone.now()).allowed


def test_one_press_in_a_mail_is_enough_and_twice_is_as_once() -> None:
    anna, firm = agreed()
    give(anna, party=firm.pk, purpose="marketing", channel="sms", how=PAPER, document="Fiera Verona")
    address = f"{page(firm, 'MARKETING', 'email')}unsubscribe/"
    strict = Client(enforce_csrf_checks=True)
    for _ in range(2):
        answer = strict.post(address, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded")
        assert answer.status_code == 200
    assert not may_contact(anna, firm.pk, "marketing", "email", timezone.now()).allowed
    assert may_contact(anna, firm.pk, "marketing", "sms", timezone.now()).allowed
    entry = ConsentEntry.objects.exclude(state="given").get()
    assert (entry.state, entry.how, entry.channel, entry.address, entry.ip) == (
        "objected", "one_click", "email", ADDRESS, "127.0.0.1",
    )  # fmt: skip


def test_the_page_itself_is_not_changed_from_elsewhere() -> None:
    _, firm = agreed()
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(page(firm), {"stop": "all"}).status_code == 403
    assert ConsentEntry.objects.count() == 1


def test_ticking_and_unticking_writes_what_differs_with_its_proof() -> None:
    anna, firm = agreed()
    marketing, profiling = (Purpose.objects.get(code=code).pk for code in ("MARKETING", "PROFILING"))
    topic = save(enters("Bruno"), "contact_topic", {"name": "Presse"})
    wanted = {
        f"purpose-{marketing}": ["sms"], f"purpose-{profiling}": ["all"], "frequency": "monthly", "first_hour": "14",
        "last_hour": "17", "topics": [str(topic.pk), "999"],
    }  # fmt: skip
    client = Client()
    assert client.post(page(firm), wanted, follow=True).status_code == 200
    said = [(one.purpose_id, one.channel, one.state) for one in ConsentEntry.objects.order_by("id")[1:]]
    assert sorted(said) == sorted([
        (marketing, "email", "withdrawn"), (marketing, "sms", "given"), (profiling, "", "given"),
    ])  # fmt: skip
    proof = ConsentEntry.objects.get(purpose_id=profiling)
    assert proof.words.startswith("Acconsento")
    assert proof.notice is not None
    kept = ContactPreference.objects.get()
    assert (kept.frequency, kept.first_hour, kept.last_hour) == ("monthly", 14, 17)
    assert list(kept.topics.values_list("pk", flat=True)) == [topic.pk]
    before = ChangeSet.objects.count()
    assert "said=same" in client.post(page(firm), wanted).headers["Location"]
    assert ChangeSet.objects.count() == before
    assert not may_contact(anna, firm.pk, "marketing", "email", timezone.now()).allowed


def test_the_message_somebody_comes_from_is_stopped_on_the_page_and_the_rest_goes_on() -> None:
    anna, firm = agreed()
    give(anna, party=firm.pk, purpose="marketing", channel="sms", how=PAPER, document="Fiera Verona")
    link = page(firm, "MARKETING", "email")
    assert 'value="this"' in Client().get(link).content.decode()
    Client().post(link, {"stop": "this"})
    assert 'value="this"' not in Client().get(link).content.decode()
    assert not may_contact(anna, firm.pk, "marketing", "email", timezone.now()).allowed
    assert may_contact(anna, firm.pk, "marketing", "sms", timezone.now()).allowed


def test_stopping_everything_is_one_press() -> None:
    anna, firm = agreed()
    assert Client().post(page(firm), {"stop": "all"}).status_code == 302
    Client().post(page(firm), {"stop": "all"})
    entry = ConsentEntry.objects.exclude(state="given").get()
    assert (entry.purpose_id, entry.channel, entry.state) == (None, "", "objected")
    assert not may_contact(anna, firm.pk, "marketing", "email", timezone.now()).allowed


def test_a_consent_that_waits_is_confirmed_on_the_page() -> None:
    anna, firm, notice = house()
    ask_to_confirm(
        anna, party=firm.pk, purpose="marketing", channel="email", how=WEB_FORM, notice=notice.pk, address=ADDRESS
    )
    assert not may_contact(anna, firm.pk, "marketing", "email", timezone.now()).allowed
    assert 'name="confirm"' in Client().get(page(firm)).content.decode()
    elsewhere = f"/p/{signed(Link(firm.pk, 'altri@casale.example'))}/"
    assert 'name="confirm"' not in Client().get(elsewhere).content.decode()
    assert "said=same" in Client().post(elsewhere, {"confirm": "1"}).headers["Location"]
    assert "said=confirmed" in Client().post(page(firm), {"confirm": "1"}).headers["Location"]
    assert may_contact(anna, firm.pk, "marketing", "email", timezone.now()).allowed
    assert 'name="confirm"' not in Client().get(page(firm)).content.decode()


def test_a_link_that_fits_nothing_tells_nothing() -> None:
    _, firm = agreed()
    old = page(firm)
    revoke_links(system_task("Rapporto"), firm.pk)
    assert link_number(firm.pk) == 1
    new = page(firm)
    gone = f"/p/{dumps([987654, 0, '', '', ''], salt=SALT)}/"
    odd = [
        f"/p/{dumps(one, salt=SALT)}/"
        for one in ({"a": 1}, ["x", 0, "", "", ""], [None] * 5, [firm.pk, 1, "", "", "fax"])
    ]
    answers = [
        (Client().get(address).status_code, tokenless(Client().get(address).content))
        for address in (old, gone, "/p/made-up/", f"/p/{'x' * 3000}/", f"{new[:-2]}/", *odd)
    ]
    assert {status for status, _ in answers} == {404}
    assert len({body for _, body in answers}) == 1
    assert Client().get(new).status_code == 200
    assert Client().post(old, {"stop": "all"}).status_code == 404


def tokenless(body: bytes) -> bytes:
    """A page without what differs at every answer: tokens, and its own address."""
    return re.sub(rb'value="[^"]*"|content="[^"]*"', b"", body)


def test_whoever_tries_links_is_told_to_wait_and_others_are_not() -> None:
    _, firm = agreed()
    statuses = {Client().get("/p/made-up/").status_code for _ in range(32)}
    assert statuses == {404, 429}
    answer = Client().get("/p/made-up/")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "60")
    assert Client().get(page(firm)).status_code == 200
    assert Client().post(f"{page(firm)}unsubscribe/").status_code == 200


def test_hostile_words_stay_words() -> None:
    anna, firm, _ = house()
    save(anna, "party", {"name": "<script>alert(1)</script>"}, firm.pk)
    give(anna, party=firm.pk, purpose="marketing", how=MAIL, document="<img src=x onerror=alert(1)>")
    html = Client().get(page(firm)).content.decode()
    assert "<script>alert(1)" not in html
    assert "<img src=x" not in html


def test_wrong_hours_are_told_and_nothing_is_half_kept() -> None:
    anna, firm = agreed()
    set_preferences(anna, party=firm.pk, first_hour=10)
    answer = Client().post(page(firm), {"first_hour": "17", "last_hour": "9", "frequency": "often"})
    assert answer.status_code == 422
    assert ContactPreference.objects.get().frequency == ""
    assert ConsentEntry.objects.count() == 1
