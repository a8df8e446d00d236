"""Every page for everybody: no serious barrier, no sideways scrolling, one heading of the page, a focus that is seen and comes back.

Each page of the product is walked to from its address pattern, with one record of every type. To stay affordable a page is looked
at in one language, size and light, its neighbours of the same template in the others; the pages used all day, with what opens on
them, are looked at in both languages and sizes, by an administrator and by an agent.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import cycle, product
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.base import AXE_FILE_PATH
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.db.models import F
from django.utils import timezone
from playwright.sync_api import Error, Page, expect

from rapporto.domain.people.actors import actor_of
from rapporto.domain.people.models import User
from rapporto.kernel.actor import ADMINISTRATOR, AGENT
from rapporto.store.history.models import Entry
from rapporto.web.commands import views as sheet_of_keys
from tests.web.browsing import NARROW, WIDE, Room, Watched
from tests.web.samples import one_of_each, user
from tests.web.test_matrix import addresses

# The pages are the same on every database: they are looked at once.
pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]

PARTS = ("/history/", "/timeline/", "/suggest/", "/file/", "/palette/", "/rows/")
"""Addresses that give parts of pages, or files."""
SCRIPT = AXE_FILE_PATH.read_text("utf-8")
OF_EACH_TYPE = ("", "new", "<row>", "<row>/edit")
AXE = {"resultTypes": ["violations"], "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
SEEN = "{ exclude: [['.main:has(> #panel > .panel) > .grid']] }"
"""What the panel lies over cannot be pressed before it is closed."""
LANGUAGES, SIZES = ("it", "en"), (WIDE, NARROW)
WAYS = (("it", WIDE, "light"), ("en", NARROW, "dark"), ("it", NARROW, "light"), ("en", WIDE, "dark"))
TURNED = (("it", WIDE, "dark"), ("en", NARROW, "light"), ("it", NARROW, "dark"), ("en", WIDE, "light"))
NARROWEST = 320
TOUCH = 44
TOO_SMALL = """least => [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]
    .filter(one => one.checkVisibility() && getComputedStyle(one).display !== "inline" && !one.disabled
        && !one.closest(".hidden, .skip, label, [role=listbox]"))
    .map(one => [one.outerHTML.slice(0, 100), one.getBoundingClientRect()])
    .filter(([, box]) => box.width && box.height && (box.height < least - 0.5 || box.width < least - 0.5))
    .map(([html, box]) => `${Math.round(box.width)} × ${Math.round(box.height)} ${html}`)"""


@dataclass
class Looking:
    """What was found on the way through the pages."""

    found: dict[str, Any] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)

    def at(self, page: Page, name: str) -> None:
        """Look at the page as it is now; a narrow one also at its narrowest."""
        size = page.viewport_size or {"width": 0, "height": 0}
        troubles = [*barriers(page, AXE)]
        if page.locator("h1:visible").count() != 1:
            troubles.append(f"{page.locator('h1:visible').count()} headings of the page")
        if size["width"] == NARROW[0]:
            troubles += page.evaluate(TOO_SMALL, TOUCH)
            page.set_viewport_size({"width": NARROWEST, "height": 640})
        if (wide := page.evaluate("document.documentElement.scrollWidth")) > (page.viewport_size or size)["width"]:
            troubles.append(f"scrolls sideways: {wide}")
        if troubles:
            self.found[name] = troubles

    def was_well(self) -> None:
        """Nothing was found; otherwise every finding on a line of its own."""
        told = [f"{name}: {one}" for name, troubles in self.found.items() for one in troubles]
        assert not told, "\n".join(told)


def barriers(page: Page, options: dict[str, Any]) -> Iterator[str]:
    """The serious and critical findings of axe, which is brought into each page once."""
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(SCRIPT)
    for one in page.evaluate(f"options => axe.run({SEEN}, options)", options)["violations"]:
        if one["impact"] in ("serious", "critical"):
            yield f"{one['id']}: " + " | ".join(node["html"][:150] for node in one["nodes"][:3])


@pytest.fixture
def rows(aldo: User) -> dict[str, int]:
    """One record of every type, all of them Aldo's."""
    return one_of_each(actor_of(aldo), aldo)


def opened(room: Room, person: User | None, size: tuple[int, int] = WIDE, **options: Any) -> Watched:
    """A browser whose person has just proved who they are, so that the pages of the security are open."""
    watched = room.open(person, size, reduced_motion="reduce", **options)
    if person is not None:
        (cookie,) = [one for one in watched.context.cookies() if one.get("name") == settings.SESSION_COOKIE_NAME]
        session = SessionStore(cookie.get("value"))
        session["account_authentication_methods"] = [{"method": "password", "at": time.time(), "email": person.email}]
        session.save()
    return watched


def pages(rows: dict[str, int]) -> list[str]:
    """Every address, once; left out are those that give parts of pages, and leaving.

    Lists, cards and forms differ from type to type and are looked at for each; what comes after them is alike for all types.
    """
    found = []
    for row, address in addresses(rows):
        record, _slash, rest = row.strip("/").partition("/")
        alike = record in rows and record not in ("party", "activity") and rest.strip("/") not in OF_EACH_TYPE
        if row.startswith("/api/v1/") and row != "/api/v1/":
            continue  # what programs read is no page
        if not alike and not row.endswith(PARTS) and not row.startswith("/account/logout") and "/cell/" not in row:
            found.append(address)
    return list(dict.fromkeys(found))


@pytest.mark.parametrize("half", [0, 1])
def test_every_page_of_the_product(room: Room, aldo: User, rows: dict[str, int], half: int) -> None:
    emma = user("Emma", ADMINISTRATOR, language="en")
    who = {"it": opened(room, aldo), "en": opened(room, emma)}
    looking, missing = Looking(), 0
    ways = cycle((*WAYS, *TURNED, *WAYS[1:], WAYS[0], *TURNED[1:], TURNED[0]))
    for address in pages(rows)[half::2]:
        language, size, scheme = next(ways)
        page = who[language].page
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.set_viewport_size({"width": size[0], "height": size[1]})
        try:
            answer = page.goto(who[language].address + address)
        except Error:  # an answer without a page: only sent to, never looked at
            continue
        missing += answer is not None and answer.status == 404
        if (
            answer is None
            or answer.status == 405
            or urlsplit(page.url).path != address
            or (missing > 1 and answer.status == 404)
        ):
            continue
        looking.seen.add(address)
        looking.at(page, f"{address} {language} {size[0]} {scheme}")
    for watched in who.values():
        watched.complaints = [one for one in watched.complaints if "status of 4" not in one]
    looking.was_well()
    assert len(looking.seen) > 40


def test_the_pages_at_the_door(room: Room, aldo: User) -> None:
    looking = Looking()
    doors = ("login/", "password/reset/", "password/reset/done/", "password/reset/key/1-abc/", "2fa/webauthn/login/")
    strangers = cycle(_stranger(room, language, size) for language, size in product(LANGUAGES, SIZES))
    for door, (stranger, name) in zip((*doors, *doors[:3]), strangers, strict=False):
        stranger.go(f"/account/{door}")
        looking.at(stranger.page, f"{door} {name}")
        stranger.complaints = [one for one in stranger.complaints if "status of 4" not in one]
    for stranger, name in (next(strangers), next(strangers)):
        page = stranger.go("/account/login/")
        page.locator("input[name=login]").fill("nobody@esempio.it")
        page.locator("input[name=password]").fill("sbagliata davvero")
        with page.expect_navigation():
            page.locator("button.primary").click()
        looking.at(page, f"login refused {name}")
    looking.was_well()


def _stranger(room: Room, language: str, size: tuple[int, int]) -> tuple[Watched, str]:
    stranger = room.open(None, size, reduced_motion="reduce")
    stranger.context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": stranger.address}])
    return stranger, f"{language} {size[0]}"


def test_what_goes_wrong_is_said_to_everybody(
    room: Room, monkeypatch: pytest.MonkeyPatch, aldo: User, rows: dict[str, int]
) -> None:
    def broken(here: set[str]) -> Iterator[tuple[str, list[sheet_of_keys.Line]]]:
        raise ZeroDivisionError

    monkeypatch.setattr(sheet_of_keys, "groups", broken)
    looking = Looking()
    for size in SIZES:
        watched = opened(room, aldo, size)
        for address in ("/nothing/here/", "/keys/", "/party/?sort=nothing", "/party/?turnover.ge=tanto"):
            watched.go(address)
            looking.at(watched.page, f"{address} {size[0]}")
        page = watched.go("/party/")
        watched.context.clear_cookies(name=settings.CSRF_COOKIE_NAME)
        page.evaluate(
            "document.body.append(Object.assign(document.createElement('form'), { id: 'sent', method: 'post', action: '/language/' }))"
        )
        page.evaluate("setTimeout(() => document.getElementById('sent').submit())")
        expect(page.locator("body.door")).to_be_visible()
        looking.at(page, f"403 {size[0]}")
        watched.complaints = [one for one in watched.complaints if "status of" not in one]
    looking.was_well()


def _menu(page: Page) -> None:
    page.locator("summary.round").click()


def _palette(page: Page) -> None:
    page.keyboard.press("Control+k")
    page.keyboard.type("pro")
    expect(page.locator("#palette [role=option]").first).to_be_visible()


def _keys(page: Page) -> None:
    page.keyboard.press("?")
    expect(page.locator("#keys-list .keys")).to_be_visible()


def _panel(page: Page) -> None:
    page.locator(".sheet tbody [data-panel]").first.click()
    expect(page.locator("[data-panel-title]")).to_be_focused()


def _panel_form(page: Page) -> None:
    page.locator("main a[data-panel][href*='/new/']").first.click()
    expect(page.locator("[data-panel-title]")).to_be_focused()


def _menus_of_list(page: Page) -> None:
    """All of them at once, which a person cannot."""
    page.locator(".bar details.menu > summary").first.click()
    page.evaluate(
        "document.querySelectorAll('.bar details.menu').forEach(one => { one.removeAttribute('name'); one.open = true; })"
    )
    expect(page.locator("#choose-columns")).to_be_visible()


def _chosen(page: Page) -> None:
    page.locator("tbody .pick input").first.check()


def _errors(page: Page) -> None:
    page.locator("#record-form .primary, #record-form ~ * .primary").first.click()
    expect(page.locator(".notice.late")).to_be_visible()


STATES: dict[str, tuple[str, Callable[[Page], None]]] = {
    "list": ("/party/", lambda page: None),
    "menu": ("/party/", _menu),
    "menus of the list": ("/party/", _menus_of_list),
    "chosen rows": ("/party/", _chosen),
    "palette": ("/party/", _palette),
    "keys": ("/party/", _keys),
    "panel": ("/party/", _panel),
    "card": ("/party/{party}/", lambda page: None),
    "changes": ("/party/{party}/?show=changes", lambda page: None),
    "form in the panel": ("/party/{party}/", _panel_form),
    "form with errors": ("/party/new/", _errors),
    "as of": ("/party/{party}/?as_of={yesterday}", lambda page: None),
    "list as of": ("/party/?as_of={yesterday}", lambda page: None),
    "search": ("/search/?q=prova", lambda page: None),
}


@pytest.mark.parametrize(("language", "role"), [("it", ADMINISTRATOR), ("en", AGENT)])
def test_what_is_used_all_day(room: Room, language: str, role: str) -> None:
    person = user("Anna", role, language=language)
    rows = one_of_each(actor_of(user("Bea", ADMINISTRATOR)), person)
    Entry.objects.update(at=F("at") - 3 * 24 * 3600 * 1_000_000)
    yesterday = timezone.localdate() - timedelta(days=1)
    looking = Looking()
    for size, scheme in zip(SIZES, ("light", "dark") if role == AGENT else ("dark", "light"), strict=True):
        watched = opened(room, person, size, color_scheme=scheme)
        for name, (address, act) in STATES.items():
            page = watched.go(address.format(**rows, yesterday=yesterday))
            act(page)
            looking.at(page, f"{name} {size[0]} {scheme}")
    looking.was_well()


def test_nothing_moves_for_who_asks_for_less(room: Room, aldo: User, rows: dict[str, int]) -> None:
    page = opened(room, aldo).go("/party/")
    _panel(page)
    _menu(page)
    _palette(page)
    moving = page.evaluate(
        """[...document.querySelectorAll("*")].filter(one => {
            const { animationName, animationDuration, transitionDuration } = getComputedStyle(one);
            const lasts = times => times.split(", ").some(time => parseFloat(time) > 0.001);
            return (animationName !== "none" && lasts(animationDuration)) || lasts(transitionDuration);
        }).map(one => one.outerHTML.slice(0, 100))"""
    )
    assert moving == []


def test_the_keyboard_goes_to_the_content_first_and_every_stop_is_seen(
    room: Room, aldo: User, rows: dict[str, int]
) -> None:
    page = opened(room, aldo).go(f"/party/{rows['party']}/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Vai al contenuto")).to_be_focused()
    expect(page.get_by_role("link", name="Vai al contenuto")).to_be_in_viewport()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    unseen, stops = [], 0
    for _step in range(60):
        page.keyboard.press("Tab")
        told = page.evaluate(
            """(() => {
                const one = document.activeElement;
                if (one === document.body) return null;
                const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(one);
                const ring = outlineStyle !== "none" && parseFloat(outlineWidth) > 0;
                return [ring || boxShadow !== "none", one.outerHTML.slice(0, 100)];
            })()"""
        )
        if told is None:
            break
        stops += 1
        unseen += [] if told[0] else [told[1]]
    assert stops > 10
    assert unseen == []
