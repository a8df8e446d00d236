"""What is measured of groups and of columns beyond the record: the requests of a person, and the same asked of the bare database."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote_plus, unquote_plus

from rapporto.site.bench import sql, sql_groups
from rapporto.site.bench.browser import Browser
from rapporto.site.bench.items import GRID, SHOWN, Asks, Item
from rapporto.site.bench.raw import Raw

HEAD = re.compile(r'class="opens" href="[^"]*[?&](?:amp;)?in=([^"&]+)')
NUMBER = re.compile(r'<span class="count" id="g[0-9a-f]+-n">([\d.]+)<')
BLANK = "-"
SUMS = "tr#sums-bench"
LATER, COUNTING = 500.0, 60.0
"""Milliseconds within which the sums of two levels have arrived, and a page that counts related records."""


def group_items(asks: Asks) -> Iterator[Item]:
    """Those of one person."""
    reads = _Reads(asks)
    if asks.person.sees:
        yield Item("groups, first page", asks.person.name, reads.groups, reads.raw_groups)
        yield Item("sums of two levels", asks.person.name, reads.sums, reads.raw_sums, target=LATER)
        counted = asks.item("column that counts", "/party/?columns=name,activities.count", GRID, reads.raw_counted)
        yield Item(counted.title, counted.person, counted.product, counted.raw, target=COUNTING)
        yield asks.item("sort by a linked record", "/party/?sort=owner", GRID, reads.raw_by_owner)


@dataclass(frozen=True)
class _Reads:
    asks: Asks

    def groups(self, browser: Browser) -> list[str]:
        """The provinces among the heads of the groups."""
        heads = HEAD.findall(browser.get("/party/?group=province", GRID))
        return [unquote_plus(one) for one in heads if one != BLANK][:SHOWN]

    def raw_groups(self, raw: Raw) -> list[str]:
        if self.asks.person.every:
            return [row[0] for row in self.asks.told(raw, sql_groups.GROUPS)][:SHOWN]
        text = sql_groups.GROUPS_OF_AGENT.format(rights=self.asks.rights())
        return [row[0] for row in self.asks.told(raw, text)][:SHOWN]

    def sums(self, browser: Browser) -> list[int]:
        """How many parties are in each region, and in each phase of the first of them: two requests."""
        first = browser.get("/party/?group=region,phase", SUMS)
        second = browser.get(f"/party/?group=region,phase&in={quote_plus(self._region(browser))}", SUMS)
        return [*_numbers(first), *sorted(_numbers(second))]

    def _region(self, browser: Browser) -> str:
        """The first region, asked for once."""
        if not hasattr(browser, "first_region"):
            page = browser.get("/party/?group=region", GRID)
            vars(browser)["first_region"] = unquote_plus(HEAD.findall(page)[0])
        return str(vars(browser)["first_region"])

    def raw_sums(self, raw: Raw) -> list[int]:
        rights = self.asks.rights()
        regions = self.asks.told(raw, sql_groups.FIRST_LEVEL.format(rights=rights))
        phases = self.asks.told(raw, sql_groups.SECOND_LEVEL.format(rights=rights), region=regions[0][0])
        blank = self.asks.told(raw, sql_groups.BLANK.format(rights=rights))
        last = [blank[0][0]] if blank[0][0] else []
        return [*(row[1] for row in regions), *last, *sorted(row[1] for row in phases)]

    def raw_counted(self, raw: Raw) -> list[int]:
        name, row_id = self.asks.person.deep
        text = sql_groups.COUNTED.format(rows=self.asks.list_text())
        return [row[0] for row in self.asks.told(raw, text, name=name, id=row_id)][:SHOWN]

    def raw_by_owner(self, raw: Raw) -> list[int]:
        walks = sql.DIALECTS[raw.vendor].walks
        text = sql_groups.BY_OWNER.format(rights=self.asks.rights(), walks=walks)
        return [row[0] for row in self.asks.told(raw, text)][:SHOWN]


def _numbers(part: str) -> list[int]:
    return [int(one.replace(".", "")) for one in NUMBER.findall(part)]
