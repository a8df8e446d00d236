"""The list in a real browser: the filter on companies of Veneto with lifting machines made from nothing, grouped and kept."""

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route, expect

from rapporto.domain.people.actors import actor_of
from rapporto.domain.people.models import SavedView, User
from rapporto.kernel.actor import ADMINISTRATOR
from rapporto.store.asking import forget_estimates
from rapporto.store.made_fields import make_field
from rapporto.store.write import save
from tests.web.browsing import NARROW, WIDE, Room, toast
from tests.web.samples import user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def companies(bruno: User) -> None:
    """Companies of three regions, some of which lift."""
    aldo = actor_of(user("Aldo", ADMINISTRATOR))
    lifting = make_field(aldo, "party", "Sollevamento", "text", {}, "Macchine").name
    mechanics = save(aldo, "industry", {"name": "Meccanica"}).pk
    food = save(aldo, "industry", {"name": "Alimentare"}).pk
    told = (
        ("Ditta Casale", "VR", mechanics, "Gru a ponte", "customer", "1.000"),
        ("Torneria Zanon", "VI", mechanics, "Paranchi", "lead", "200"),
        ("Fonderia Scaligera", "VR", mechanics, "Gru a ponte", "lead", "30"),
        ("Officine Brenta", "PD", mechanics, "Nessuno", "customer", "4.000"),
        ("Riseria Melotti", "VR", food, "Gru a ponte", "customer", "500"),
        ("Presse Orobiche", "BG", mechanics, "Paranchi", "customer", "6.000"),
    )
    for name, province, industry, machine, phase, turnover in told:
        values = {"province": province, "industry": industry, lifting: machine, "phase": phase, "turnover": turnover}
        save(actor_of(bruno), "party", {"name": name, "owner": bruno.pk, **values})
    forget_estimates()


def rows(page: Page) -> list[str]:
    """The names of the rows in sight, from the top."""
    return [one.inner_text() for one in page.locator("#rows tr[data-id] .name").all()]


def heads(page: Page) -> list[str]:
    """The heads of groups from the top, each with its number."""
    return [" ".join(one.inner_text().split()) for one in page.locator("#rows [data-opens]").all()]


def press(page: Page, words: str) -> None:
    """A press of the mouse on a button or link in words."""
    page.locator("button:visible, a:visible, summary:visible", has_text=words).first.click()


def choose_by_mouse(page: Page, field: str, *values: str) -> None:
    """A filter, by the mouse alone."""
    page.locator("#filter-details > summary").click()
    page.locator("#filter-fields").get_by_role("button", name=field, exact=True).first.click()
    for value in values:
        page.locator("#filter-values").get_by_text(value, exact=True).click()
    press(page, "Aggiungi il filtro")
    expect(page.locator(".chip", has_text=field)).to_be_visible()


def group_by_mouse(page: Page, field: str) -> None:
    """A level of groups, by the mouse alone."""
    page.locator("#levels-details > summary").click()
    page.locator("#levels-others").get_by_role("link", name=field, exact=True).first.click()
    expect(page.locator(".grouping summary")).to_contain_text(field)


def choose_by_keys(page: Page, field: str, *values: str) -> None:
    """A filter, by the keyboard alone: the field is found by its first letters, the values are ticked."""
    page.locator("#filter-details > summary").press("Enter")
    search = page.get_by_placeholder("Cerca un campo")
    expect(search).to_be_focused()
    page.keyboard.type(field.lower())
    page.keyboard.press("Enter")
    expect(page.locator("#filter-values")).to_be_visible()
    for value in values:
        page.locator("#filter-values").get_by_role("checkbox", name=value, exact=True).press("Space")
    page.get_by_role("button", name="Aggiungi il filtro").press("Enter")
    expect(page.locator(".chip", has_text=field)).to_be_visible()


def group_by_keys(page: Page, field: str) -> None:
    """A level of groups, by the keyboard alone."""
    page.locator("#levels-details > summary").press("Enter")
    expect(page.locator("#levels-menu").get_by_placeholder("Cerca un campo")).to_be_focused()
    page.keyboard.type(field.lower())
    page.keyboard.press("Enter")
    expect(page.locator(".grouping summary")).to_contain_text(field)


Chooses = Callable[..., None]


@pytest.mark.parametrize(
    ("choose", "group"), [(choose_by_mouse, group_by_mouse), (choose_by_keys, group_by_keys)], ids=["mouse", "keys"]
)
def test_veneto_mechanics_lifting_machines_from_nothing_grouped_kept_and_come_back_to(
    room: Room, bruno: User, companies: None, choose: Chooses, group: Chooses
) -> None:
    page = room.open(bruno).go("/party/")
    expect(page.locator("#count")).to_contain_text("6")
    choose(page, "Regione", "Veneto")
    choose(page, "Settore", "Meccanica")
    choose(page, "Sollevamento", "Gru a ponte", "Paranchi")
    expect(page.locator("#count")).to_contain_text("Anagrafiche: 3")
    said = "Anagrafiche in Veneto, del settore Meccanica, con sollevamento «Gru a ponte» o «Paranchi»"
    expect(page.locator(".status .said")).to_have_text(said)
    group(page, "Provincia")
    group(page, "Fase")
    expect(page.locator("#rows [data-opens]", has_text="Verona (VR)").locator(".count")).to_have_text("2")
    # the first group opened by itself, down to its rows
    expect(page.locator("#rows tr[data-id]").first).to_be_visible()
    name = page.locator("#views-details > summary")
    name.click() if choose is choose_by_mouse else name.press("Enter")
    page.get_by_label("Salva questo elenco come vista, con il nome").fill("Gru in Veneto")
    page.get_by_label("Salva questo elenco come vista, con il nome").press("Enter")
    expect(toast(page)).to_contain_text("Vista «Gru in Veneto» salvata.")
    view = SavedView.objects.get()
    expect(page).to_have_url(re.compile(rf"/party/\?view={view.pk}$"))
    page.get_by_role("link", name=re.compile("^Tutte")).click()
    expect(page.locator("#rows tr[data-id]")).to_have_count(6)
    page.get_by_role("link", name=re.compile("^Gru in Veneto")).click()
    expect(page.locator("#rows tr[data-id]")).to_have_count(1)
    assert heads(page)[0].startswith("Verona (VR)") or heads(page)[0].startswith("Vicenza (VI)")
    expect(page.locator(f"#tab-{view.pk} b")).to_have_text("3")


def test_groups_open_by_keys_stay_open_over_a_new_order_and_sums_stand_in_their_columns(
    room: Room, bruno: User, companies: None
) -> None:
    page = room.open(bruno).go("/party/?group=province,phase&columns=name,phase,turnover")
    expect(page.locator("#rows tr[data-id]")).to_have_count(1)
    verona = page.locator("#rows [data-opens]", has_text="Verona (VR)")
    verona.focus()
    page.keyboard.press("ArrowRight")
    expect(verona).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator("#rows tr[data-id]", has_text="Fonderia Scaligera")).to_be_visible()
    row = page.locator("#rows tr.g1", has_text="Verona (VR)")
    expect(row.locator("td.num")).to_have_text("1.530,00")
    expect(page.locator("tfoot td.num")).to_have_text("11.730,00")
    page.locator("th[data-f=name] .head > a").click()
    expect(page).to_have_url(re.compile("sort=-name"))
    expect(page.locator("#rows tr[data-id]", has_text="Fonderia Scaligera")).to_be_visible()
    expect(row.locator("td.num")).to_have_text("1.530,00")
    verona.focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#rows tr[data-id]", has_text="Fonderia Scaligera")).to_have_count(0)
    press(page, "Apri tutti")
    expect(page.locator("#rows [aria-expanded=false][data-level], #rows .g1 [aria-expanded=false]")).to_have_count(0)
    press(page, "Chiudi tutti")
    expect(page.locator("#rows tr[data-id]")).to_have_count(0)
    assert [one for one in Axe().run(page).response["violations"] if one["impact"] in ("serious", "critical")] == []


def test_a_column_is_dragged_widened_grouped_by_and_hidden(room: Room, bruno: User, companies: None) -> None:
    page = room.open(bruno).go("/party/?columns=name,phase,province,turnover")
    names = page.locator("thead th[data-f]")

    def order() -> list[str | None]:
        return [one.get_attribute("data-f") for one in names.all()]

    page.locator("th[data-f=province]").drag_to(page.locator("th[data-f=phase]"), target_position={"x": 6, "y": 12})
    expect(names.nth(1)).to_have_attribute("data-f", "province")
    page.locator("th[data-f=turnover] [data-head-menu]").click()
    page.get_by_role("button", name="Sposta a sinistra").click()
    expect(names.nth(2)).to_have_attribute("data-f", "turnover")
    assert order() == ["name", "province", "turnover", "phase"]
    page.locator("th[data-f=phase] [data-head-menu]").press("Enter")
    page.get_by_role("button", name="Nascondi la colonna").press("Enter")
    expect(names).to_have_count(3)
    edge = page.locator("th[data-f=turnover] [data-resize]").bounding_box()
    assert edge is not None
    before = page.locator("th[data-f=turnover]").bounding_box()
    page.mouse.move(edge["x"] + 4, edge["y"] + 10)
    page.mouse.down()
    page.mouse.move(edge["x"] + 84, edge["y"] + 10, steps=4)
    page.mouse.up()
    page.reload()
    after = page.locator("th[data-f=turnover]").bounding_box()
    assert before is not None
    assert after is not None
    assert after["width"] > before["width"]
    page.locator("th[data-f=province]").drag_to(
        page.locator(".bar[data-drop-groups]"), target_position={"x": 700, "y": 20}
    )
    expect(page.locator(".grouping summary")).to_contain_text("Provincia")
    expect(page.locator("#rows .g1")).to_have_count(4)


def test_what_is_typed_stays_while_a_slow_server_answers_and_a_failure_is_told(
    room: Room, bruno: User, companies: None
) -> None:
    watched = room.open(bruno)
    page = watched.go("/party/?columns=name,phase,city")
    held: list[Route] = []

    def slowly(route: Route) -> None:
        # the first answer never comes; what is typed meanwhile is asked for instead
        held.append(route)
        if len(held) > 1:
            route.continue_()

    page.route(re.compile(r"name\.contains=ditta"), slowly)
    page.get_by_label("Filtra: Nome").press_sequentially("ditta")
    page.wait_for_timeout(500)
    page.locator("#filter-details > summary").click()
    page.locator("#filter-fields").get_by_role("button", name="Città", exact=True).click()
    page.locator("#filter-editor").get_by_label("Valore").fill("Vero")
    page.get_by_label("Filtra: Nome").press("End")
    page.get_by_label("Filtra: Nome").press_sequentially(" casale")
    expect(page.locator("#rows tr[data-id]")).to_have_count(1)
    expect(page.get_by_label("Filtra: Nome")).to_have_value("ditta casale")
    expect(page).to_have_url(re.compile(r"name\.contains=ditta\+casale"))
    expect(page.locator("#filter-editor").get_by_label("Valore")).to_have_value("Vero")
    page.unroute_all()
    page.route(re.compile(r"sort="), lambda route: route.abort())
    page.locator("th[data-f=name] .head > a").click()
    expect(page.locator("#notices")).to_contain_text("Rapporto non ha risposto")
    page.unroute_all()
    watched.complaints[:] = [
        one for one in watched.complaints if "ERR_FAILED" not in one and "Failed to fetch" not in one
    ]
    page.locator("th[data-f=name] .head > a").click()
    expect(page).to_have_url(re.compile("sort=-name"))


@pytest.mark.parametrize(("size", "scheme"), [(WIDE, "light"), (NARROW, "dark")], ids=["wide", "narrow"])
def test_no_menu_of_the_list_has_a_serious_barrier(
    room: Room, bruno: User, companies: None, size: tuple[int, int], scheme: str
) -> None:
    page = room.open(bruno, size, color_scheme=scheme).go("/party/?group=province&phase.is_in=customer")
    expect(page.locator("#rows tr[data-id]").first).to_be_visible()
    found = {}
    for menu in ("filter", "levels", "columns", "views"):
        page.locator(f"#{menu}-details > summary").click()
        expect(page.locator(f"#{menu}-details form, #{menu}-details .offers").first).to_be_visible()
        violations = Axe().run(page).response["violations"]
        found[menu] = [
            (one["id"], one["nodes"][0]["html"][:150]) for one in violations if one["impact"] in ("serious", "critical")
        ]
        page.keyboard.press("Escape")
    assert {menu: some for menu, some in found.items() if some} == {}
    if size == NARROW:
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW[0]
