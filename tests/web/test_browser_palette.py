"""The palette and the keys in a real browser: everything by keyboard, and the focus back where it was."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

from rapporto.domain.parties.models import Party
from rapporto.domain.people.actors import actor_of
from rapporto.domain.people.models import User
from rapporto.store.write import save
from tests.web.browsing import NARROW, SIZES, Room

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]


def typed(page: Page, text: str) -> None:
    """Open the palette and write into it."""
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox", name="Cerca o comanda")).to_be_focused()
    page.keyboard.type(text)


def pointed(page: Page) -> str:
    """What the line that Enter would take says, as a screen reader is told of it."""
    return str(
        page.evaluate(
            "document.getElementById(document.activeElement.getAttribute('aria-activedescendant'))?.textContent ?? ''"
        )
    )


def test_a_caller_is_found_by_number_a_command_run_and_the_way_back_is_free(
    room: Room, anna: User, casale: Party
) -> None:
    page = room.open(anna).go("/party/")
    typed(page, "045/790")
    expect(page.get_by_role("option", name="Ditta Casale")).to_have_attribute("aria-selected", "true")
    assert "045 790 1234" in pointed(page)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Ditta Casale")).to_be_visible()
    typed(page, "telefon")
    expect(page.get_by_role("group", name="Per Ditta Casale").get_by_role("option").first).to_be_visible()
    assert "Registra una telefonata" in pointed(page)
    page.keyboard.press("Enter")
    page.wait_for_url("**/party/*/?kind=call#note")
    expect(page.get_by_label("Chi ha chiamato")).to_be_visible()
    page.go_back()
    page.go_back()
    expect(page.get_by_role("heading", level=1, name="Anagrafiche")).to_be_visible()
    page.keyboard.press("Control+k")
    opened = page.get_by_role("group", name="Aperti di recente")
    expect(opened.get_by_role("option", name="Ditta Casale")).to_be_visible()


def test_escape_gives_the_focus_back_and_closes_nothing_else(room: Room, anna: User, casale: Party) -> None:
    page = room.open(anna).go("/party/")
    page.get_by_role("link", name="Ditta Casale").first.click()
    expect(page.locator(".panel")).to_be_visible()
    expect(page.locator("[data-panel-title]")).to_be_focused()
    page.get_by_role("button", name="Chiudi il pannello").focus()
    typed(page, "cas")
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).not_to_be_visible()
    expect(page.get_by_role("button", name="Chiudi il pannello")).to_be_focused()
    expect(page.locator(".panel")).to_be_visible()


def test_tab_shows_what_can_be_done_with_a_record_and_escape_the_results_again(
    room: Room, anna: User, casale: Party
) -> None:
    page = room.open(anna).go("/activity/")
    typed(page, "dita casale")
    expect(page.get_by_role("option", name="Ditta Casale")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Tab")
    expect(page.get_by_role("option", name="Apri la scheda")).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("option", name="045 790 1234")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("combobox", name="Cerca o comanda")).to_have_value("dita casale")
    expect(page.get_by_role("option", name="Ditta Casale")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("option", name="Scrivi una nota")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("option", name="Scrivi una nota")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/party/{casale.pk}/?kind=note#note")


def test_a_slow_server_leaves_what_was_found_and_a_late_answer_changes_nothing(
    room: Room, anna: User, casale: Party
) -> None:
    save(actor_of(anna), "party", {"name": "Officine Brenta", "owner": anna.pk})
    page = room.open(anna).go("/party/")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    typed(page, "casale")
    expect(page.get_by_role("option", name="Ditta Casale")).to_be_visible()
    page.route("**/palette/**", hold)
    page.keyboard.type("x")
    expect(page.locator("#palette")).to_have_attribute("aria-busy", "true")
    expect(page.get_by_role("option", name="Ditta Casale")).to_be_visible()
    page.unroute("**/palette/**")
    page.get_by_role("combobox", name="Cerca o comanda").fill("brenta")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Officine Brenta")).to_be_visible()
    assert held


def test_a_server_that_does_not_answer_is_said_and_asked_again(room: Room, anna: User, casale: Party) -> None:
    watched = room.open(anna)
    page = watched.go("/party/")
    page.route("**/palette/**", lambda route: route.abort())
    typed(page, "casale")
    expect(page.locator("#palette-offline")).to_contain_text("non risponde")
    page.unroute("**/palette/**")
    page.keyboard.type(" ")
    expect(page.get_by_role("option", name="Ditta Casale")).to_be_visible()
    expect(page.locator("#palette-offline")).not_to_be_visible()
    watched.complaints = [one for one in watched.complaints if "ERR_FAILED" not in one]


@SIZES
def test_the_palette_by_hand(room: Room, anna: User, casale: Party, size: tuple[int, int]) -> None:
    page = room.open(anna, size).go("/party/")
    page.get_by_role("link", name="Cerca o comanda").click()
    page.get_by_role("combobox", name="Cerca o comanda").fill("importa")
    page.get_by_role("option", name="Importa dati").click()
    page.wait_for_url("**/import/**")
    page.get_by_role("link", name="Cerca o comanda").click()
    page.locator("#palette").get_by_role("button", name="Chiudi").click()
    expect(page.locator("#palette")).not_to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_alt_shows_the_letters_and_a_letter_presses_its_button(room: Room, anna: User, casale: Party) -> None:
    page = room.open(anna).go("/party/")
    page.keyboard.down("Alt")
    expect(page.locator("body")).to_have_class("shell alt")
    letter = "getComputedStyle(document.querySelector('[data-command=new_party]'), '::after').content"
    assert page.evaluate(letter) == '"N"'
    page.keyboard.up("Alt")
    expect(page.locator("body")).to_have_class("shell")
    assert page.evaluate(letter) == "none"
    page.keyboard.press("Alt+n")
    page.wait_for_url("**/party/new/**")


def test_alt_gr_and_short_presses_show_nothing(room: Room, anna: User) -> None:
    page = room.open(anna).go("/party/")
    page.evaluate("window.seen = 0")
    page.evaluate(
        "new MutationObserver(() => (seen += document.body.matches('.alt'))).observe(document.body, { attributes: true })"
    )
    page.keyboard.press("Alt")
    for key, held in (("AltGraph", "ctrlKey: true, "), ("n", "ctrlKey: true, "), ("n", "modifierAltGraph: true, ")):
        event = f"new KeyboardEvent('keydown', {{ key: '{key}', altKey: true, {held}bubbles: true, cancelable: true }})"
        page.evaluate(f"document.body.dispatchEvent({event})")
    page.wait_for_timeout(400)
    assert page.evaluate("seen") == 0
    assert urlsplit(page.url).path == "/party/"


def test_no_plain_key_acts_while_somebody_types(room: Room, anna: User, casale: Party) -> None:
    page = room.open(anna).go("/party/")
    field = page.get_by_role("searchbox", name="Cerca in questo elenco")
    field.press_sequentially("j?k")
    expect(field).to_have_value("j?k")
    expect(page.locator("#keys-sheet")).not_to_be_visible()
    field.fill("")
    expect(page.get_by_role("link", name="Ditta Casale").first).to_be_visible()
    page.locator("h1").first.click()
    page.evaluate(
        "document.body.dispatchEvent(new KeyboardEvent('keydown', {key: '?', isComposing: true, bubbles: true, cancelable: true}))"
    )
    expect(page.locator("#keys-sheet")).not_to_be_visible()
    page.keyboard.press("j")
    expect(page.get_by_role("link", name="Ditta Casale").first).to_be_focused()


def test_the_sheet_of_the_keys_lists_those_of_the_page_and_switches_single_keys_off(
    room: Room, anna: User, casale: Party
) -> None:
    page = room.open(anna).go("/party/")
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="I tasti di questa pagina")
    expect(sheet.get_by_text("Nuova anagrafica")).to_be_visible()
    expect(sheet.get_by_text("Apri la scheda intera")).to_have_count(0)
    sheet.get_by_role("searchbox").fill("cerca")
    expect(sheet.get_by_text("Nuova anagrafica")).not_to_be_visible()
    expect(sheet.get_by_text("Cerca o comanda")).to_be_visible()
    sheet.get_by_role("button", name="Tasti singoli").click()
    page.keyboard.press("Escape")
    expect(sheet).not_to_be_visible()
    page.keyboard.press("?")
    expect(sheet).not_to_be_visible()
    page.reload()
    page.keyboard.press("?")
    expect(sheet).not_to_be_visible()
    page.get_by_role("link", name="Aiuto: tasti").first.click()
    expect(sheet).to_be_visible()


def test_j_and_k_in_the_panel_are_its_buttons(room: Room, anna: User, casale: Party) -> None:
    page = room.open(anna).go("/party/?sort=name")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    panel = page.locator(".panel")
    expect(panel.get_by_role("heading", name="Ditta Casale")).to_be_visible()
    page.keyboard.press("j")
    expect(panel.get_by_role("heading", name="Lucia Bonetti")).to_be_visible()
    page.keyboard.press("k")
    expect(panel.get_by_role("heading", name="Ditta Casale")).to_be_visible()
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)


def test_signing_out_forgets_what_was_opened(room: Room, anna: User, casale: Party) -> None:
    page = room.open(anna, NARROW).go(f"/party/{casale.pk}/")
    kept = "JSON.stringify(Object.entries(localStorage))"
    assert page.evaluate(kept) == f'[["recent.{anna.pk}","[\\"party/{casale.pk}\\"]"]]'
    page.locator("summary.round").click()
    page.get_by_role("button", name="Esci").click()
    page.wait_for_url("**/account/login/**")
    assert page.evaluate(kept) == "[]"
