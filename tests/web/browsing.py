"""Browsers on a running product: who looks at it, and what they must never have to complain of."""

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request

from rapporto.domain.people.models import User

PASSWORD = "un cavallo a dondolo"
WIDE, NARROW = (1440, 900), (390, 844)
SIZES = pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
# a form with errors, and two people at one card, are told with these; the browser notes them as failed loads
EXPECTED = re.compile(r"status of (422|409)")


@dataclass
class Watched:
    """The browser of one person, and everything that should not have happened in it."""

    context: BrowserContext
    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)

    def go(self, path: str) -> Page:
        """Open a page of the product."""
        self.page.goto(self.address + path)
        return self.page

    def said(self, message: ConsoleMessage) -> None:
        """What the console says: errors and warnings, breaches of the content policy among them."""
        if message.type in ("error", "warning") and not EXPECTED.search(message.text):
            self.complaints.append(f"{message.type}: {message.text}")

    def asked(self, request: Request) -> None:
        """No request leaves the machine."""
        if urlsplit(request.url).netloc not in (urlsplit(self.address).netloc, ""):
            self.complaints.append(f"asked {request.url}")


class Room:
    """Opens browsers on the product, and looks at the end that none had anything to complain of."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.browser, self.address = browser, address
        self.opened: list[Watched] = []

    def open(self, person: User | None = None, size: tuple[int, int] = WIDE, **options: Any) -> Watched:
        """A browser of a size; signed in when somebody is named."""
        context = self.browser.new_context(
            viewport={"width": size[0], "height": size[1]}, locale="it-IT", has_touch=size == NARROW, **options
        )
        if person is not None:
            client = Client()
            client.force_login(person)
            name = settings.SESSION_COOKIE_NAME
            context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": self.address}])
        watched = Watched(context, context.new_page(), self.address)
        watched.page.set_default_timeout(10_000)
        watched.page.on("console", watched.said)
        watched.page.on("pageerror", lambda error: watched.complaints.append(str(error)))
        context.on("request", watched.asked)
        self.opened.append(watched)
        return watched


def toast(page: Page) -> Any:
    """The sentence that says what was done."""
    return page.locator("#toasts .toast")
