"""What is measured of other programs: their lists, beside the same hand-written SQL as the lists of the pages."""

import html
import json
import re
from collections.abc import Callable, Iterator
from functools import partial
from urllib.parse import urlencode

from rapporto.site.bench.browser import Browser, WrongAnswer
from rapporto.site.bench.items import SHOWN, Asks, Ids, Item
from rapporto.site.bench.raw import Raw

PAGE = "/settings/programs/"
TOKEN = re.compile(r"rapporto_[\w-]+")
COLUMNS = "name,kind,phase,province,industry.name,owner.name,last_activity,next_activity,turnover,phone"
"""What the list of the pages shows."""


def program_items(asks: Asks) -> Iterator[Item]:
    """Those of one person, whose program shows a token made on the page."""
    facts, person = asks.facts, asks.person
    ground = {"province.eq": facts.province, "industry.eq": facts.industry, "sort": "-turnover"}
    yield _item(asks, "API: list", {}, asks.list)
    yield _item(asks, "API: list, every field", {"columns": ""}, asks.list)
    yield _item(asks, "API: deep page, at 90 %", {"after": person.cursor}, partial(asks.list, deep=True))
    yield _item(asks, "API: filter + sort", ground, asks.ground)


def _item(asks: Asks, title: str, asked: dict[str, object], raw: Callable[[Raw], Ids]) -> Item:
    path = f"/api/v1/party?{urlencode({'columns': COLUMNS, 'limit': SHOWN, **asked})}"

    def product(browser: Browser) -> Ids:
        answer = browser.ask("GET", path, None, {"Authorization": f"Bearer {_token(browser)}"}, (200,))
        return [one["id"] for one in json.loads(answer)["items"]]

    return Item(title, asks.person.name, product, raw)


def _token(browser: Browser) -> str:
    """The token of this person's program, made once. Raises WrongAnswer when the page shows none."""
    if not hasattr(browser, "token"):
        browser.get(f"{PAGE}token/new/")
        browser.post(f"{PAGE}token/new/", {"name": "Bench", "may": "read"}, expected=(302,))
        found = TOKEN.search(html.unescape(browser.get(PAGE)))
        if found is None:
            raise WrongAnswer("no token was shown")
        vars(browser)["token"] = found[0]
    return str(vars(browser)["token"])


__all__ = ["program_items"]
