"""A new company from a card in the hand: the code brings the town, the name is tidied, who is here already is shown and opened."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, Route, expect

from rapporto.domain.parties.models import Party
from rapporto.domain.people.actors import actor_of
from rapporto.domain.people.models import User
from rapporto.store.write import save
from tests.web.browsing import NARROW, SIZES, Room, toast

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]


def help_of(page: Page, name: str) -> Locator:
    """What is said beside a field."""
    return page.locator(f"[data-help-place={name}]")


def value(page: Page, name: str) -> str:
    """What stands in a field."""
    return page.locator(f"#id-{name}").input_value()


def barriers(page: Page) -> list[str]:
    """What would keep somebody from using the page."""
    return [one["id"] for one in Axe().run(page).response["violations"] if one["impact"] in ("serious", "critical")]


@pytest.fixture
def mozzecane(anna: User) -> None:
    """Two towns of one postal code."""
    for name, city in (("Torneria Alba", "Mozzecane"), ("Torneria Brenta", "Nogarole Rocca")):
        save(actor_of(anna), "party", {"name": name, "owner": anna.pk, "postal_code": "37060", "city": city})


@SIZES
@pytest.mark.usefixtures("mozzecane")
def test_a_company_is_written_with_the_keyboard_alone(
    room: Room, anna: User, casale: Party, size: tuple[int, int]
) -> None:
    page = room.open(anna, size).go("/party/new/?kind=organisation")
    expect(page.locator("#id-name")).to_be_focused()
    page.keyboard.type("DITTA CASALE S.R.L.")
    expect(help_of(page, "name")).to_contain_text("Ditta Casale S.r.l.")
    twin = page.locator(".twins")
    expect(twin).to_contain_text("Ditta Casale")
    expect(twin).to_contain_text("nome simile")
    # Tab goes from the field to what is offered for it; Enter takes it, and the way back is there.
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert value(page, "name") == "Ditta Casale S.r.l."
    expect(help_of(page, "name")).to_contain_text("Rimetti «DITTA CASALE S.R.L.»")
    page.locator("#id-postal_code").focus()
    page.keyboard.type("37060")
    expect(help_of(page, "postal_code")).to_contain_text("Quale comune?")
    assert barriers(page) == []
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    chosen = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Enter")
    assert (value(page, "city"), value(page, "province")) == (chosen, "VR")
    expect(page.locator("#id-postal_code")).to_be_focused()
    page.locator("#id-phone").focus()
    page.keyboard.type("045/7905555")
    page.keyboard.press("Tab")
    expect(page.locator("#id-phone")).to_have_value("045 790 5555")
    # In another town it is another company.
    expect(twin).to_have_count(0)
    page.locator("#id-city").fill("Padova")
    page.keyboard.press("Tab")
    expect(help_of(page, "postal_code")).to_contain_text("37060 è un CAP di Verona, e Padova non è lì.")
    page.locator("#id-city").fill(chosen)
    page.locator("#id-name").focus()
    page.keyboard.press("Enter")
    expect(toast(page)).to_contain_text("Aggiunto: Ditta Casale S.r.l.")
    made = Party.objects.get(name="Ditta Casale S.r.l.")
    assert (made.city, made.province, made.phone) == (chosen, "VR", "+390457905555")


def test_who_is_here_already_is_opened_over_the_form_and_nothing_typed_is_lost(
    room: Room, anna: User, casale: Party
) -> None:
    page = room.open(anna).go("/party/new/?kind=organisation")
    page.locator("#id-name").fill("Tutt’altra ditta")
    page.locator("#id-phone").fill("+39 045 7901234")
    page.keyboard.press("Tab")
    twin = page.locator(".twins li")
    expect(twin).to_contain_text("stesso numero, 045 790 1234")
    place = page.locator("#id-email").bounding_box()
    page.get_by_role("link", name="Apri Ditta Casale").press("Enter")
    expect(page.locator("[data-panel-title]")).to_contain_text("Ditta Casale")
    page.keyboard.press("Escape")
    expect(page.locator(".panel")).to_have_count(0)
    assert value(page, "name") == "Tutt’altra ditta"
    page.get_by_role("button", name="Non è lo stesso: Ditta Casale").press("Enter")
    expect(page.locator(".twins")).to_have_count(0)
    assert page.locator("#id-email").bounding_box() == place


def test_a_postal_code_fills_what_is_blank_and_never_what_was_typed(room: Room, anna: User) -> None:
    page = room.open(anna, NARROW).go("/party/new/?kind=organisation")
    code, city = page.locator("#id-postal_code"), page.locator("#id-city")
    code.press_sequentially("37121")
    expect(city).to_have_value("Verona")
    # what was filled in follows the code, until somebody writes
    code.fill("35121")
    expect(city).to_have_value("Padova")
    expect(page.locator("#id-province")).to_have_value("PD")
    city.fill("")
    code.fill("36100")
    expect(page.locator("#id-province")).to_have_value("VI")
    assert city.input_value() == ""


def test_a_server_that_is_slow_or_gone_takes_nothing_away(room: Room, anna: User) -> None:
    page = room.open(anna).go("/party/new/?kind=organisation")

    def gone(route: Route) -> None:
        route.fulfill(status=200, headers={"content-type": "text/html"}, body="<html><form>Accedi</form></html>")

    page.route("**/hints/**", gone)
    with page.expect_response("**/hints/**"):
        page.locator("#id-name").press_sequentially("ROSSI SRL")
    page.unroute("**/hints/**")
    assert value(page, "name") == "ROSSI SRL"
    page.locator("#id-postal_code").press_sequentially("37121")
    expect(page.locator("#id-city")).to_have_value("Verona")
