"""Eight people at once, each in a process of its own, so that the measuring does not slow down what it measures."""

import multiprocessing
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from urllib.parse import urlencode

from rapporto.site.bench.browser import Browser, WrongAnswer
from rapporto.site.bench.facts import Facts, Person
from rapporto.site.bench.form import values_of
from rapporto.site.bench.measure import median, slowest

CLIENTS = ("manager", "half", "half", "half", "few", "few", "manager", "zero")
REQUESTS, SLOWEST = 60.0, 250.0
"""The target: so many answers a second, 95 of 100 within so many milliseconds."""
LEAD = 1.0
FORK = multiprocessing.get_context("fork")


@dataclass(frozen=True)
class Mixed:
    """What eight people got from `processes` processes."""

    processes: int
    rate: float
    middle: float
    slow: float
    errors: int

    @property
    def reached(self) -> bool:
        return self.rate >= REQUESTS and self.slow < SLOWEST and not self.errors


@dataclass(frozen=True)
class _Client:
    number: int
    port: int
    cookies: dict[str, str]
    facts: Facts
    person: Person
    begin: float
    seconds: float


def eight(port: int, facts: Facts, cookies: dict[str, dict[str, str]], processes: int, seconds: float) -> Mixed:
    """Eight people reading and writing for so many seconds; `cookies` of each by name."""
    begin = time.time() + LEAD
    clients = [
        _Client(number, port, cookies[name], facts, facts.person(name), begin, seconds)
        for number, name in enumerate(CLIENTS)
    ]
    with FORK.Pool(len(clients)) as pool:
        found = pool.map(_work, clients, chunksize=1)
    took = [one for values, _ in found for one in values]
    return Mixed(processes, len(took) / seconds, median(took), slowest(took), sum(errors for _, errors in found))


def _work(client: _Client) -> tuple[list[float], int]:
    """One person's requests one after the other; milliseconds of each, and how many were answered wrongly."""
    browser = Browser(client.port, dict(client.cookies))
    mix = _mix(client.facts, client.person)
    numbers = count(client.number * 100_000)
    took: list[float] = []
    errors = 0
    time.sleep(max(0.0, client.begin - time.time()))
    end = time.perf_counter() + client.seconds
    at = client.number * 3
    while time.perf_counter() < end:
        path, target = mix[at % len(mix)]
        at += 1
        began = time.perf_counter()
        try:
            if path:
                browser.get(path, target)
            else:
                _create(browser, next(numbers))
        except (WrongAnswer, OSError):
            errors += 1
        took.append((time.perf_counter() - began) * 1000)
    return took, errors


def _mix(facts: Facts, person: Person) -> Sequence[tuple[str, str]]:
    """Sixteen requests as a day has them: lists, filters, searches, cards, and one new party (an empty path)."""
    grid, more, panel, found = "div#grid", "tr#more", "div#panel", "div#found"
    ground = urlencode({"province.eq": facts.province, "industry.eq": facts.industry, "sort": "-turnover"})
    made = urlencode({f"{facts.made}.eq": facts.made_value, "sort": f"-{facts.made_sort}"})
    opened = [(f"/party/{person.card}/", panel)] * 4 if person.card else [("/party/", grid)]
    return (
        ("/party/", grid), opened[0], (f"/party/?{urlencode({'after': person.cursor})}", more), (f"/party/?q={facts.fragment}", grid),
        *opened[1:2], (f"/party/?{ground}", grid), ("/party/?sort=-last_activity", grid), (f"/search/?q={facts.fragment}", found),
        *opened[2:3], ("/party/", ""), (f"/party/?{made}", grid), ("/activity/", grid),
        *opened[3:4], (f"/party/?q={facts.common}", grid), ("/party/?sort=city", grid), ("", ""),
    )  # fmt: skip


def _create(browser: Browser, number: int) -> None:
    """A new party, from opening the form to saving it."""
    form = values_of(browser.get("/party/new/", "div#panel"), "record-form")
    values = {
        "name": f"Officina Insieme {number}",
        "city": "Verona",
        "province": "VR",
        "email": f"insieme{number}@misure.esempio.it",
    }
    browser.post("/party/new/", {**form, **values}, "div#panel")
