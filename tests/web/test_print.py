"""A list on paper: all its rows with their groups and what they are, nothing that is pressed, heads on every sheet."""

import re
from pathlib import Path

import pytest
from django.test import Client

from rapporto.domain.people.actors import actor_of
from rapporto.domain.people.models import User
from rapporto.store.write import save
from rapporto.web.grid import printed
from tests.web.browsing import Room
from tests.web.desk import browser
from tests.web.tables import heads_of, lines_of, rows_of
from tests.web.test_export import many, screen

pytestmark = pytest.mark.django_db
SHEET = re.compile(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]")


def paper(client: Client, address: str) -> str:
    """The page that is printed."""
    response = client.get(f"{address}{'&' if '?' in address else '?'}print=1")
    assert response.status_code == 200
    return response.content.decode()


def test_all_rows_are_printed_as_they_are_shown(anna: User) -> None:
    many(anna, 70)
    client = browser(anna)
    for address in ("/party/", "/party/?sort=-turnover&province.eq=VR", "/party/?q=ditta+3"):
        page = paper(client, address)
        shown = screen(client, address)
        assert [heads_of(page), *rows_of(page)][: len(shown)] == shown


def test_it_says_what_it_shows_and_has_nothing_to_press_but_print_and_back(anna: User) -> None:
    many(anna, 8)
    page = paper(browser(anna), "/party/?province.eq=VR")
    assert "Verona" in page.split("<table")[0]
    assert "Anna, " in page.split("<table")[0]
    assert 'class="rail"' not in page
    assert page.count("<button") == 1
    assert "<input" not in page
    assert 'href="/party/?province.eq=VR"' in page


def test_each_group_of_the_first_level_begins_with_its_head_and_its_sums(anna: User) -> None:
    many(anna, 8)
    page = paper(browser(anna), "/party/?group=province,phase&columns=name,turnover")
    kinds = [classes for classes, _ in lines_of(page)]
    assert kinds[:3] == ["g1", "g2", ""]
    assert kinds.count("g1") == 4 + 1  # and the line at the foot
    assert page.count("<tbody>") == 5
    verona = next(cells for _, cells in lines_of(page) if cells[0].startswith("Verona"))
    assert verona == ["Verona (VR) (2)", "493,80"]
    assert lines_of(page)[-1][1][0] == "Totale (8)"


def test_more_than_fits_is_cut_and_said(anna: User, monkeypatch: pytest.MonkeyPatch) -> None:
    many(anna, 12)
    monkeypatch.setattr(printed, "MOST", 10)
    page = paper(browser(anna), "/party/")
    assert len(rows_of(page)) == 10
    assert "Queste sono le prime 10 righe di 12" in page
    assert "Totale" not in page
    monkeypatch.setattr(printed, "MOST", 12)
    assert "Queste sono le prime" not in paper(browser(anna), "/party/")


def test_hostile_text_is_text_on_paper_too(anna: User) -> None:
    save(actor_of(anna), "party", {"name": "<script>alert(1)</script>", "owner": anna.pk})
    page = paper(browser(anna), "/party/?group=name")
    assert "<script>alert" not in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 2


@pytest.mark.browser
def test_paper_stands_or_lies_as_its_columns_need_and_is_light(room: Room, anna: User, tmp_path: Path) -> None:
    many(anna, 90)
    watched = room.open(anna, color_scheme="dark")
    watched.page.add_init_script("window.print = () => { window.printed = true }")
    for columns, (width, height) in (
        ("name,phase", (595, 842)),
        ("name,phase,city,province,email,turnover", (842, 595)),
    ):
        page = watched.go(f"/party/?print=1&columns={columns}")
        for _ in range(100):  # waiting for a function would need an eval, which the policy of the pages forbids
            if page.evaluate("window.printed"):
                break
            page.wait_for_timeout(100)
        assert page.evaluate("window.printed")
        page.emulate_media(media="print")
        assert page.evaluate("getComputedStyle(document.querySelector('td')).color") == page.evaluate(
            "getComputedStyle(document.querySelector('h1')).color"
        )
        assert page.locator("button").is_hidden()
        assert page.locator("thead").evaluate("one => getComputedStyle(one).display") == "table-header-group"
        sheets = SHEET.findall(page.pdf(prefer_css_page_size=True))
        assert len(sheets) > 1
        assert {(round(float(one)), round(float(other))) for one, other in sheets} == {(width, height)}
        page.emulate_media(media="screen")


@pytest.mark.browser
def test_the_screen_of_a_list_and_of_a_card_print_without_their_tools(room: Room, anna: User) -> None:
    many(anna, 3)
    page = room.open(anna).go("/party/")
    page.emulate_media(media="print")
    for tool in (".rail", ".seek", "#filter-row", ".grid > .bar"):
        assert page.locator(tool).first.is_hidden(), tool
    assert page.locator("#rows th a").first.is_visible()
    page.locator("#rows th a").first.evaluate("one => location.assign(one.href)")
    page.wait_for_url("**/party/*/")
    assert page.locator(".rail").is_hidden()
    assert page.get_by_text("Ditta 0 000").first.is_visible()
