"""What is measured by reading: the request a person makes, and the same question to the bare database."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlencode

from rapporto.site.bench import sql
from rapporto.site.bench.browser import Browser
from rapporto.site.bench.facts import Facts, Person
from rapporto.site.bench.raw import Raw, Row

GRID, MORE, PANEL, FOUND = "div#grid", "tr#more", "div#panel", "div#found"
ROW = re.compile(r'data-id="(\d+)"')
DEALING = re.compile(r'href="/activity/(\d+)/"')
SHOWN = 50
BEST = 10
PAST = 60.0
"""Milliseconds within which a page of the past is there, a thousand changes later."""
Ids = list[int]


@dataclass(frozen=True)
class Item:
    """One line of the table: what, asked by whom. Both functions give the ids of the rows shown, in order, or what else is compared.

    `exact` is false where more than one answer is right, and the rows are not compared.
    """

    title: str
    person: str
    product: Callable[[Browser], Sequence[Any]]
    raw: Callable[[Raw], Sequence[Any]]
    exact: bool = True
    target: float = 0.0
    """Milliseconds; 0 for the usual target."""


def items(facts: Facts) -> Iterator[Item]:
    """Everything that is measured by reading, as everybody for whom it means something."""
    for person in facts.people:
        asks = Asks(facts, person)
        yield asks.item("list", "/party/", GRID, asks.list)
        if person.every:
            yield asks.item("list, whole page", "/party/", "", asks.list)
        yield asks.item(
            "deep page, at 90 %", f"/party/?{urlencode({'after': person.cursor})}", MORE, partial(asks.list, deep=True)
        )
        ground = {"province.eq": facts.province, "industry.eq": facts.industry, "sort": "-turnover"}
        yield asks.item("filter + sort", f"/party/?{urlencode(ground)}", GRID, asks.ground)
        made = {f"{facts.made}.eq": facts.made_value, "sort": f"-{facts.made_sort}"}
        yield asks.item("filter + sort, own fields", f"/party/?{urlencode(made)}", GRID, asks.made)
        yield asks.item(
            "search, rare fragment", f"/party/?q={facts.fragment}", GRID, partial(asks.search, words=facts.fragment)
        )
        common = asks.item(
            "search, common fragment", f"/party/?q={facts.common}", GRID, partial(asks.search, words=facts.common)
        )
        yield Item(common.title, common.person, common.product, common.raw, exact=False)
        if person.every:
            yield asks.item("search everywhere", f"/search/?q={facts.fragment}", FOUND, asks.everywhere)
        if person.card:
            yield Item("card, panel", person.name, asks.panel, asks.card, exact=False)
            yield Item("card, page, 20 activities", person.name, asks.card_page, asks.card)
        if person.sees:
            past = asks.item("as of yesterday", f"/party/?as_of={facts.as_of}", GRID, asks.as_of)
            yield Item(past.title, past.person, past.product, past.raw, target=PAST)


@dataclass(frozen=True)
class Asks:
    """One person's questions."""

    facts: Facts
    person: Person

    def item(self, title: str, path: str, target: str, raw: Callable[[Raw], Ids]) -> Item:
        def product(browser: Browser) -> Ids:
            return [int(one) for one in ROW.findall(browser.get(path, target))]

        return Item(title, self.person.name, product, raw)

    def told(self, raw: Raw, text: str, **more: object) -> list[Row]:
        """The rows of a statement, given those of the parameters that it names."""
        parameters = {"me": self.person.id, **more}
        return raw.rows(text, {name: value for name, value in parameters.items() if f":{name}" in text})

    def _rows(self, raw: Raw, text: str, **more: object) -> Ids:
        return [row[0] for row in self.told(raw, text, **more)][:SHOWN]

    def rights(self, alias: str = "p") -> str:
        """The condition of what this person may see."""
        if self.person.every:
            return ""
        ground = f" OR {alias}.territory_id IN ({self._territories()})" if self.person.territories else ""
        return f"AND ({alias}.owner_id = :me{ground})"

    def _territories(self) -> str:
        return ", ".join(map(str, self.person.territories))

    def list(self, raw: Raw, *, deep: bool = False) -> Ids:
        name, row_id = self.person.deep
        return self._rows(raw, self.list_text(sql.AFTER if deep else sql.FIRST), name=name, id=row_id)

    def list_text(self, after: str = sql.FIRST) -> str:
        """The statement of the list by name."""
        if self.person.every:
            return sql.LIST.format(after=after)
        return sql.LIST_OF_AGENT.format(branches=self._branches(after))

    def _branches(self, condition: str) -> str:
        """The first fifty of each reason for which this person may see a party, each by its own index."""
        columns = [("owner_id", ":me"), *(("territory_id", str(one)) for one in self.person.territories)]
        return " UNION ".join(
            sql.BRANCH.format(column=column, value=value, after=condition, number=number)
            for number, (column, value) in enumerate(columns)
        )

    def ground(self, raw: Raw) -> Ids:
        text = sql.GROUND.format(rights=self.rights())
        return self._rows(raw, text, province=self.facts.province, industry=self.facts.industry)

    def made(self, raw: Raw) -> Ids:
        dialect = sql.DIALECTS[raw.vendor]
        text = sql.MADE.format(made=dialect.made, made_sort=dialect.made_sort, rights=self.rights())
        return self._rows(raw, text, made=self.facts.made_key)

    def search(self, raw: Raw, *, words: str) -> Ids:
        text = sql.SEARCH.format(best=self._best(raw, "party", words, SHOWN))
        return self._rows(raw, text, words=words, quoted=f'"{words}"', like=f"%{words}%")

    def _best(self, raw: Raw, record: str, words: str, limit: int) -> str:
        dialect = sql.DIALECTS[raw.vendor]
        if record == "party" and not self.person.every and not self.person.territories:
            return sql.BEST_OF_FEW.format(**dialect.places(), limit=limit)
        join, rights = "", ""
        if record == "activity":
            rights = sql.OPEN
        elif not self.person.every:
            join, rights = "JOIN parties_party p ON p.id = s.id", self.rights()
        return sql.BEST.format(
            search_from=dialect.search_from.format(record=record), matches=dialect.matches.format(record=record), join=join,
            rights=rights, **dialect.places(), limit=limit,
        )  # fmt: skip

    def everywhere(self, raw: Raw) -> Ids:
        words = self.facts.fragment
        asked = {"words": words, "quoted": f'"{words}"', "like": f"%{words}%"}
        parties = self._rows(raw, sql.SEARCH.format(best=self._best(raw, "party", words, BEST)), **asked)
        return parties + self._rows(
            raw, sql.SEARCH_DEALINGS.format(best=self._best(raw, "activity", words, BEST)), **asked
        )

    def panel(self, browser: Browser) -> Ids:
        """The card beside the list: only the newest of its story."""
        return _dealings(browser.get(f"/party/{self.person.card}/", PANEL))

    def card_page(self, browser: Browser) -> Ids:
        """The whole card, with the story of its dealings."""
        return _dealings(browser.get(f"/party/{self.person.card}/?show=activities"))

    def card(self, raw: Raw) -> Ids:
        found = [self._rows(raw, text.format(rights=self.rights()), card=self.person.card) for text in sql.CARD]
        return sorted({*found[1], *found[2]})

    def as_of(self, raw: Raw) -> Ids:
        branches = f"{self._branches(sql.UNCHANGED)} ORDER BY name_key, id LIMIT 51"
        live = sql.LIVE if self.person.every else branches
        dialect = sql.DIALECTS[raw.vendor]
        text = sql.AS_OF.format(then=dialect.then, by=dialect.by, live=live, rights=self.rights())
        return self._rows(raw, text, at=self.facts.at)


def _dealings(page: str) -> Ids:
    """The dealings on a card, sorted: those planned stand elsewhere than those done."""
    return sorted({int(one) for one in DEALING.findall(page)})
