"""The card in a real browser: the org chart by mouse and by keys, the story narrowed, the past, the panel, the phone."""

from datetime import timedelta
from itertools import pairwise
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from rapporto.domain.parties.models import Affiliation, Party
from rapporto.domain.parties.org_chart import add_post
from rapporto.domain.people.actors import actor_of
from rapporto.domain.people.models import User
from rapporto.domain.processes.commands import NextStep, log_activity, plan
from rapporto.domain.processes.models import Activity
from rapporto.store.history.models import ChangeSet
from rapporto.store.write import save
from tests.web.browsing import NARROW, Room, toast

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]
SERIOUS = ("serious", "critical")


@pytest.fixture
def paolo(anna: User, casale: Party) -> Affiliation:
    """Paolo Casale, who leads the company."""
    person = save(actor_of(anna), "party", {"name": "Paolo Casale", "kind": "person", "owner": anna.pk})
    row: Affiliation = save(
        actor_of(anna),
        "affiliation",
        {"person": person.pk, "organisation": casale.pk, "job_title": "Titolare"},
    )
    return row


def box(page: Page, name: str) -> Locator:
    """The box of somebody in the chart."""
    return page.locator("#org-chart .post", has=page.get_by_role("link", name=name, exact=True))


def boss_of(name: str) -> str | None:
    found = Affiliation.objects.get(person__name=name).reports_to
    return found.person.name if found else None


def test_with_the_mouse_alone_a_person_is_put_below_another_one_and_back(
    room: Room, anna: User, casale: Party, paolo: Affiliation
) -> None:
    page = room.open(anna).go(f"/party/{casale.pk}/")
    page.get_by_role("link", name="Organigramma", exact=True).first.click()
    box(page, "Lucia Bonetti").drag_to(box(page, "Paolo Casale"))
    expect(toast(page)).to_contain_text("Lucia Bonetti risponde a Paolo Casale.")
    expect(page.locator("#org-chart .org li li .post")).to_contain_text("Lucia Bonetti")
    assert boss_of("Lucia Bonetti") == "Paolo Casale"
    toast(page).get_by_role("button", name="Annulla").click()
    expect(toast(page)).to_contain_text("Annullato")
    assert boss_of("Lucia Bonetti") is None
    assert not [one for one in Axe().run(page).response["violations"] if one["impact"] in SERIOUS]


def test_with_the_keyboard_alone_a_post_is_added_filled_and_moved(
    room: Room, anna: User, casale: Party, paolo: Affiliation
) -> None:
    page = room.open(anna).go(f"/party/{casale.pk}/org-chart/")
    page.get_by_label("Come si chiama il posto").focus()
    page.keyboard.type("Ufficio tecnico")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Posto da coprire: Ufficio tecnico")).to_be_visible()
    page.get_by_role("link", name="Posto da coprire: Ufficio tecnico").press("Enter")
    panel = page.locator(".panel")
    panel.get_by_label("Chi lo prende").focus()
    page.keyboard.type("Nina Verdi")
    panel.get_by_label("È una persona nuova: aggiungila").press("Space")
    panel.get_by_role("button", name="Metti nel posto").press("Enter")
    expect(toast(page)).to_contain_text("Nina Verdi prende il posto «Ufficio tecnico».")
    box(page, "Nina Verdi").get_by_role("link").press("Enter")
    panel.get_by_label("Risponde a", exact=True).select_option(label="Paolo Casale, Titolare")
    panel.get_by_role("button", name="Sposta").press("Enter")
    expect(toast(page)).to_contain_text("Nina Verdi risponde a Paolo Casale.")
    assert boss_of("Nina Verdi") == "Paolo Casale"


def test_a_loop_is_refused_with_its_reason_and_nothing_moves(
    room: Room, anna: User, casale: Party, paolo: Affiliation
) -> None:
    lucia = Affiliation.objects.get(person__name="Lucia Bonetti")
    save(actor_of(anna), "affiliation", {"reports_to": paolo.pk}, lucia.pk)
    page = room.open(anna).go(f"/party/{casale.pk}/org-chart/")
    save(actor_of(anna), "affiliation", {"reports_to": None}, lucia.pk)
    save(actor_of(anna), "affiliation", {"reports_to": lucia.pk}, paolo.pk)
    page.get_by_role("link", name="Lucia Bonetti").click()
    page.locator(".panel").get_by_label("Risponde a", exact=True).wait_for()
    page.evaluate(
        "boss => { const list = document.getElementById('post-boss');"
        " list.add(new Option('Paolo', boss)); list.value = boss; }",
        str(paolo.pk),
    )
    page.locator(".panel").get_by_role("button", name="Sposta").click()
    expect(page.locator(".panel .error")).to_contain_text("risponde già a questa persona")
    assert boss_of("Lucia Bonetti") is None


def test_the_story_is_narrowed_by_words_and_by_the_exact_person(room: Room, anna: User, casale: Party) -> None:
    log_activity(actor_of(anna), party=casale.pk, subject="Offerta mandrini", kind="mail")
    page = room.open(anna).go(f"/party/{casale.pk}/")
    stream = page.locator("#story .stream")
    page.locator("#story summary").click()
    page.locator("#story").get_by_label("Con chi").select_option(label="Lucia Bonetti")
    page.locator("#story").get_by_role("button", name="Mostra", exact=True).click()
    expect(stream.locator("> li")).to_have_count(1)
    expect(stream).to_contain_text("Sconto sul secondo lotto")
    page.get_by_role("link", name="Togli «con Lucia Bonetti»").click()
    expect(stream).to_contain_text("Offerta mandrini")
    assert urlsplit(page.url).path == f"/party/{casale.pk}/"


def test_what_restoring_does_is_seen_before_and_one_field_is_enough(room: Room, anna: User, casale: Party) -> None:
    save(actor_of(anna), "party", {"city": "Sona", "employees": 12}, casale.pk)
    page = room.open(anna).go(f"/party/{casale.pk}/?show=changes")
    page.locator("#story").get_by_role("link", name="Ripristina com’era").first.click()
    panel = page.locator(".panel")
    expect(panel).to_contain_text("Villafranca di Verona")
    panel.get_by_label("Dipendenti").uncheck()
    panel.get_by_role("button", name="Solo i campi spuntati").click()
    expect(toast(page)).to_contain_text("Ripristinato com’era.")
    casale.refresh_from_db()
    assert (casale.city, casale.employees) == ("Villafranca di Verona", 12)


def test_the_past_is_chosen_by_a_worded_button_and_left_again(room: Room, anna: User, casale: Party) -> None:
    for change in ChangeSet.objects.all():
        change.entries.update(at=change.at - 40 * 24 * 3600 * 1_000_000)
    save(actor_of(anna), "party", {"city": "Sona"}, casale.pk)
    page = room.open(anna).go(f"/party/{casale.pk}/")
    page.locator("summary", has_text="Com’era il…").click()
    page.get_by_role("link", name="ieri").click()
    expect(page.locator(".as-of")).to_contain_text("qui non si modifica nulla")
    expect(page.get_by_role("link", name="Modifica", exact=True)).to_have_count(0)
    page.get_by_role("link", name="Torna a oggi").click()
    expect(page.locator(".as-of")).to_have_count(0)
    expect(page.get_by_role("heading", level=1, name="Ditta Casale")).to_be_visible()


def test_the_panel_walks_the_people_of_a_card_and_esc_gives_the_card_back(
    room: Room, anna: User, casale: Party, paolo: Affiliation
) -> None:
    page = room.open(anna).go(f"/party/{casale.pk}/")
    lucia = page.locator(".lines").get_by_role("link", name="Lucia Bonetti", exact=True)
    lucia.click()
    panel = page.locator(".panel")
    expect(panel.get_by_role("heading", level=2, name="Lucia Bonetti")).to_be_focused()
    panel.get_by_role("button", name="Successiva").click()
    expect(panel.get_by_role("heading", level=2, name="Paolo Casale")).to_be_visible()
    page.keyboard.press("k")
    expect(panel.get_by_role("heading", level=2, name="Lucia Bonetti")).to_be_visible()
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    expect(lucia).to_be_focused()
    assert urlsplit(page.url).path == f"/party/{casale.pk}/"


def test_a_group_of_the_profile_is_changed_in_its_place(room: Room, anna: User, casale: Party) -> None:
    page = room.open(anna).go(f"/party/{casale.pk}/profile/")
    page.get_by_role("link", name="Modifica Profilo").click()
    page.get_by_label("Note").fill("Preferisce la mail.")
    page.get_by_role("button", name="Salva").click()
    expect(toast(page)).to_contain_text("Ditta Casale")
    expect(page.locator("#profile")).to_contain_text("Preferisce la mail.")
    casale.refresh_from_db()
    assert casale.notes == "Preferisce la mail."


def test_on_the_phone_what_matters_is_in_sight_without_scrolling_and_a_call_takes_two_taps(
    room: Room, anna: User, casale: Party
) -> None:
    tomorrow = timezone.now() + timedelta(days=1)
    plan(actor_of(anna), party=casale.pk, next=NextStep(subject="Richiamare con il prezzo", at=tomorrow))
    page = room.open(anna, NARROW).go(f"/party/{casale.pk}/")
    hand = page.locator(".at-hand")
    bottom = page.locator(".rail").bounding_box()
    assert bottom is not None
    for shown in (
        hand.locator("dd", has_text="oggi"),
        hand.locator("dd", has_text="domani"),
        hand.locator("dd", has_text="Anna"),
        hand.get_by_role("link", name="045 790 1234"),
        hand.get_by_role("link", name="Via dell’Industria 14"),
    ):
        place = shown.bounding_box()
        assert place is not None
        assert place["y"] >= 0
        assert place["y"] + place["height"] <= bottom["y"]
        assert place["x"] + place["width"] <= NARROW[0]
    for link in hand.get_by_role("link").all():
        assert (link.bounding_box() or {"height": 0})["height"] >= 44
    page.get_by_role("link", name="Telefonata", exact=True).first.tap()
    page.get_by_label("Cosa chiedeva").fill("Il secondo lotto.")
    page.get_by_role("button", name="Registra e pianifica").tap()
    expect(toast(page)).to_contain_text("Ditta Casale")
    assert Activity.objects.filter(asked="Il secondo lotto.").count() == 1


def test_on_the_phone_the_org_chart_is_a_list_one_below_the_other(
    room: Room, anna: User, casale: Party, paolo: Affiliation
) -> None:
    for number in range(5):
        add_post(actor_of(anna), casale.pk, job_title=f"Ufficio {number}", boss=paolo.pk)
    page = room.open(anna, NARROW).go(f"/party/{casale.pk}/org-chart/")
    places = [one.bounding_box() for one in page.locator(".org-paper .post").all()]
    assert len(places) == 6
    for above, below in pairwise(places):
        assert above is not None
        assert below is not None
        assert below["y"] >= above["y"] + above["height"]
        assert below["x"] + below["width"] <= NARROW[0]
