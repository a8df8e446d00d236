"""What is measured by writing: creating, creating while an import runs, changing ten thousand and undoing it."""

import re
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from rapporto.site.bench import sql
from rapporto.site.bench.browser import Browser, WrongAnswer
from rapporto.site.bench.facts import Facts, Person
from rapporto.site.bench.form import values_of
from rapporto.site.bench.measure import Line, Watch, line, median, slowest, timed
from rapporto.site.bench.raw import Raw, Row
from rapporto.site.bench.server import RAPPORTO

CREATE, CREATE_DURING_IMPORT = 20.0, 40.0
CHANGE = {"sqlite": 500.0, "postgresql": 1000.0}
"""Milliseconds; undoing may take twice that."""
UNDO = re.compile(r'action="/undo/(\d+)/"')
PHASE = "at_risk"
IMPORTED = 20_000
GRID, PANEL = "div#grid", "div#panel"
FORM = "record-form"
PLACE = {"postal_code": "37138", "city": "Verona", "province": "VR"}


@dataclass
class Changes:
    """The writing of one person, by the product and by hand, in the database under measurement."""

    facts: Facts
    person: Person
    browser: Browser
    raw: Raw
    watch: Watch
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    # ── one party ───────────────────────────────────────────────────────────────────────────────
    def create(self, times: int, title: str = "create", target: float = CREATE) -> Line:
        """Fill in the form of a new party and send it; the form itself was fetched before."""
        assert self.form
        return line(title, self.person.name, self._create, self._create_by_hand, self.watch, times=times, target=target)

    def _create(self) -> Row:
        name, values = self._next()
        self.browser.post("/party/new/", {**self.form, **values}, PANEL)
        return self._created(name)

    @cached_property
    def form(self) -> dict[str, object]:
        """The empty form, as the browser got it."""
        return values_of(self.browser.get("/party/new/", PANEL), FORM)

    def _created(self, name: str) -> Row:
        rows = self.raw.rows(sql.CREATED, {"name_key": name.lower()})
        if len(rows) != 1:
            raise WrongAnswer(f"{len(rows)} parties are called {name}")
        return (*rows[0][:5], *rows[0][7:])

    def _next(self) -> tuple[str, dict[str, str]]:
        number = next(self.numbers)
        name = f"Officina Misura {self.person.name} {number}"
        phone, email = f"+39045{8000000 + number}", f"misura{number}.{self.person.name}@misure.esempio.it"
        return name, {"name": name, "phone": phone, "email": email, **PLACE}

    def _create_by_hand(self) -> Row:
        name, values = self._next()
        keys = {"name_key": name.lower(), "city_key": "verona", "region": "Veneto", "region_key": "veneto"}
        text = f"{name.lower()} {values['email']} verona {values['phone']}"
        with self.one_change():
            ((row,),) = self.raw.rows(sql.CREATE, {**values, **keys, "me": self.person.id})
            self.raw.run(sql.CREATE_NUMBERS, {"id": row})
            self.raw.run(sql.CREATE_SEARCH, {"id": row, "name_key": name.lower(), "text": text})
        return self._created(name)

    @contextmanager
    def one_change(self) -> Iterator[int]:
        """A transaction with its change set; gives the number of that."""
        self.raw.begin()
        at = time.time_ns() // 1000
        ((change,),) = self.raw.rows(sql.CHANGE_SET, {"at": at, "me": self.person.id})
        stamped: dict[str, Any] = {"change": change, "at": at}
        if self.raw.vendor == "postgresql":
            stamped = {name: str(value) for name, value in stamped.items()}
        self.raw.run(sql.STAMP[self.raw.vendor], stamped)
        yield change
        self.raw.run(sql.UNSTAMP[self.raw.vendor])
        self.raw.commit()

    # ── ten thousand ────────────────────────────────────────────────────────────────────────────
    def change_many(self, times: int) -> tuple[Line, Line]:
        """Give one value to all that match a filter, and take it back by the button of the toast."""
        took: dict[str, list[float]] = {name: [] for name in ("change", "undo", "change by hand", "undo by hand")}
        busy = {"change": 0.0, "undo": 0.0}
        for _ in range(times):
            for name, act in (("change", self._change_many), ("undo", self._undo)):
                began = self.watch.seconds()
                took[name].append(timed(act))
                busy[name] += 1000 * (self.watch.seconds() - began) / times
                self._seen(name)
            took["change by hand"].append(timed(self._change_by_hand))
            self._seen("change by hand")
            took["undo by hand"].append(timed(self._undo_by_hand))
            self._seen("undo by hand")
        target = CHANGE[self.raw.vendor]
        changed = self._line(f"change {self.rows:,}", took["change"], busy["change"], took["change by hand"], target)
        return changed, self._line(f"undo {self.rows:,}", took["undo"], busy["undo"], took["undo by hand"], 2 * target)

    def _line(self, title: str, took: list[float], busy: float, by_hand: list[float], target: float) -> Line:
        kind = title.split()[0]
        same = self.states[kind] == self.states[f"{kind} by hand"]
        note = "" if same else f"rows differ: {self.states}"
        return Line(
            title,
            self.person.name,
            median(took),
            slowest(took),
            busy,
            median(by_hand),
            slowest(by_hand),
            target,
            same,
            note,
        )

    def __post_init__(self) -> None:
        self.states: dict[str, list[Row]] = {}
        self.rows = 0
        self.undone = 0

    def _seen(self, act: str) -> None:
        """What the parties concerned are like after an act."""
        self.states[act] = self.raw.rows(sql.PHASES.format(provinces=self._provinces()))

    def _provinces(self) -> str:
        return ", ".join(f"'{one}'" for one in self.facts.provinces)

    def _change_many(self) -> None:
        listed = urlencode({"province.is_in": self.facts.provinces}, doseq=True)
        values = {
            "list": f"/party/?{listed}",
            "set": "phase",
            "form.fields": "phase",
            "phase": PHASE,
            "all": "1",
        }
        found = UNDO.search(self.browser.post("/party/change/", values, GRID))
        if found is None:
            raise WrongAnswer("the answer to a change of many has no undo")
        self.undone = int(found[1])

    def _undo(self) -> None:
        self.browser.post(f"/undo/{self.undone}/", {"next": "/party/"}, expected=(302,))

    def _change_by_hand(self) -> None:
        mine = ", ".join(map(str, self.person.territories))
        rights = "" if self.person.every else f"AND (owner_id = {self.person.id} OR territory_id IN ({mine}))"
        with self.one_change() as self.undone:
            text = sql.CHANGE.format(provinces=self._provinces(), rights=rights)
            self.rows = self.raw.run(text, {"phase": PHASE})

    def _undo_by_hand(self) -> None:
        undone = self.undone
        with self.one_change():
            self.raw.run(sql.UNDO.format(then=sql.THEN[self.raw.vendor]), {"change": undone, "phase": PHASE})


@contextmanager
def importing(
    environment: Mapping[str, str], email: str, folder: Path, raw: Raw, rows: int = IMPORTED
) -> Iterator["subprocess.Popen[bytes]"]:
    """A real import of contacts in a process of its own, from the moment it writes; broken off afterwards."""
    file = folder / "contacts.csv"
    file.write_text("\n".join(_contacts(rows)) + "\n", encoding="utf-8")
    process = subprocess.Popen(
        [*RAPPORTO, "import", str(file), "--as", email], env=dict(environment), stdout=subprocess.DEVNULL
    )
    try:
        while process.poll() is None and not _writes(raw):
            time.sleep(0.05)
        yield process
    finally:
        process.terminate()
        process.wait()


def _writes(raw: Raw) -> bool:
    return bool(raw.rows("SELECT 1 FROM history_change_set WHERE command = 'import' AND open"))


def _contacts(rows: int) -> Iterator[str]:
    """A file as Outlook exports it: three persons for every company."""
    yield "First Name,Last Name,Company,Job Title,Business Street,Business City,Business Postal Code,Business Phone,E-mail Address"
    for number in range(rows):
        company = number // 3
        yield (
            f"Nome{number},Cognome{number},Importata {company} S.r.l.,Acquisti,Via Prova {company},Verona,37138,"
            f"045 {7000000 + number},persona{number}@importata{company}.esempio.it"
        )
