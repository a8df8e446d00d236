"""A day in a real browser: sign in, find a company, read its card, note a call, mend an error, undo, two at one card."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from rapporto.domain.parties.models import Party
from rapporto.domain.people.actors import actor_of
from rapporto.domain.people.models import User
from rapporto.domain.processes.models import PLANNED, Activity
from rapporto.store.write import save
from tests.web.browsing import NARROW, PASSWORD, SIZES, Room, toast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@SIZES
def test_from_the_sign_in_to_a_noted_call_with_its_next_step(
    room: Room, anna: User, casale: Party, size: tuple[int, int]
) -> None:
    watched = room.open(size=size)
    page = watched.go("/party/")
    page.locator("input[name=login]").fill("anna@esempio.it")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("button.primary").click()
    page.get_by_role("link", name="Ditta Casale").first.click()
    panel = page.locator(".panel")
    expect(panel.get_by_role("heading", name="Ditta Casale")).to_be_visible()
    expect(panel).to_contain_text("Non è previsto nessun passo.")
    assert urlsplit(page.url).path == f"/party/{casale.pk}/"
    panel.get_by_role("link", name="Apri la scheda intera").click()
    expect(page.get_by_role("heading", level=1, name="Ditta Casale")).to_be_visible()
    page.get_by_label("Chi ha chiamato").fill("Lucia Bonetti")
    page.get_by_label("Cosa chiedeva").fill("Il secondo lotto entro Natale.")
    page.get_by_label("Prossimo passo").fill("Richiamare con la data")
    page.get_by_label("Entro").fill("domani 15:30")
    page.get_by_role("button", name="Registra e pianifica").click()
    expect(toast(page)).to_contain_text("Ditta Casale")
    expect(page.locator(".stream li").first).to_contain_text("Richiamare con la data")
    expect(page.locator(".stream")).to_contain_text("Il secondo lotto entro Natale.")
    step = Activity.objects.get(state=PLANNED)
    assert (step.assignee_id, step.person.name) == (anna.pk, "Lucia Bonetti")


@SIZES
def test_an_error_is_mended_and_the_change_undone_by_the_toast(
    room: Room, anna: User, casale: Party, size: tuple[int, int]
) -> None:
    page = room.open(anna, size).go(f"/party/{casale.pk}/")
    page.get_by_role("link", name="Modifica", exact=True).click()
    page.get_by_label("Nome", exact=False).first.fill("Casale Meccanica S.r.l.")
    page.locator("summary", has_text="Dati aziendali").click()
    page.get_by_label("Partita IVA").fill("0074311015")
    page.get_by_role("button", name="Salva").click()
    expect(page.get_by_label("Partita IVA")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Partita IVA")).to_be_focused()
    expect(page.locator("#id-vat_number-error")).to_contain_text("Servono 11 cifre")
    expect(page.get_by_label("Nome", exact=False).first).to_have_value("Casale Meccanica S.r.l.")
    page.get_by_label("Partita IVA").fill("00743110157")
    page.get_by_role("button", name="Salva").click()
    expect(page.get_by_role("heading", level=1, name="Casale Meccanica S.r.l.")).to_be_visible()
    toast(page).get_by_role("button", name="Annulla").click()
    expect(page.get_by_role("heading", level=1, name="Ditta Casale")).to_be_visible()
    expect(toast(page)).to_contain_text("Annullato")
    toast(page).get_by_role("button", name="Ripeti").click()
    expect(page.get_by_role("heading", level=1, name="Casale Meccanica S.r.l.")).to_be_visible()


@SIZES
def test_two_people_at_one_card_lose_nothing(
    room: Room, anna: User, bruno: User, casale: Party, size: tuple[int, int]
) -> None:
    hers, his = room.open(anna, size).go(f"/party/{casale.pk}/edit/"), room.open(bruno).go(f"/party/{casale.pk}/edit/")
    his.get_by_label("Nome", exact=False).first.fill("Casale di Bruno")
    his.get_by_role("button", name="Salva").click()
    expect(his.get_by_role("heading", level=1, name="Casale di Bruno")).to_be_visible()
    hers.get_by_label("Nome", exact=False).first.fill("Casale di Anna")
    hers.get_by_label("Cellulare").fill("348 5550142")
    hers.get_by_role("button", name="Salva").click()
    expect(hers.locator(".clash")).to_contain_text("Come l’ha scritto Bruno")
    expect(hers.get_by_role("radio", name="Casale di Bruno")).to_be_checked()
    hers.get_by_text("Casale di Anna").click()
    hers.get_by_role("button", name="Salva").click()
    expect(hers.get_by_role("heading", level=1, name="Casale di Anna")).to_be_visible()
    casale.refresh_from_db()
    assert (casale.name, casale.mobile) == ("Casale di Anna", "+393485550142")


def test_a_person_is_added_from_the_card_with_the_keyboard_alone(room: Room, anna: User, casale: Party) -> None:
    save(actor_of(anna), "party", {"name": "Marco Zanella", "kind": "person", "owner": anna.pk})
    page = room.open(anna).go(f"/party/{casale.pk}/")
    page.get_by_role("link", name="Aggiungi una persona").press("Enter")
    name = page.get_by_role("combobox", name="Persona")
    name.press_sequentially("zane")
    expect(page.get_by_role("option", name="Marco Zanella")).to_be_visible()
    name.press("ArrowDown")
    name.press("Enter")
    expect(name).to_have_value("Marco Zanella")
    page.locator(".panel").get_by_role("button", name="Salva", exact=True).press("Enter")
    expect(page.locator(".lines", has_text="Marco Zanella")).to_be_visible()


def test_a_panel_with_something_typed_does_not_close_over_it(room: Room, anna: User, casale: Party) -> None:
    page = room.open(anna).go(f"/party/{casale.pk}/")
    page.get_by_role("link", name="Aggiungi un indirizzo").click()
    page.get_by_label("Città").fill("Caldiero")
    page.get_by_role("button", name="Chiudi il pannello").click()
    expect(page.get_by_label("Città")).to_have_value("Caldiero")
    page.locator(".panel").get_by_role("button", name="Chiudi senza salvare").first.click()
    expect(page.locator(".panel")).to_have_count(0)


def test_a_phone_shows_what_is_needed_without_scrolling(room: Room, anna: User, casale: Party) -> None:
    page = room.open(anna, NARROW).go(f"/party/{casale.pk}/")
    for words in ("Ultima attività", "Prossimo passo", "assegnata a Anna", "045 790 1234", "Via dell’Industria 14"):
        expect(page.get_by_text(words).first).to_be_in_viewport()
    for link in page.locator(".at-hand a").all():
        box = link.bounding_box()
        assert box is not None
        assert box["height"] >= 44
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW[0]
