"""The afternoon of somebody who moves a company in: a dirty workbook, its trial, the import, doubles, a second trial, all of it back."""

import re
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread

import pytest
from django.db import connection
from playwright.sync_api import Page, expect

from rapporto.domain.parties.duplicates.models import DIFFERENT, MERGED, LikelyDuplicate
from rapporto.domain.parties.models import Party
from rapporto.domain.people.actors import actor_of
from rapporto.domain.people.models import User
from rapporto.store.declare import DECLARED
from rapporto.store.history.export import canonical
from rapporto.store.merge_models import Merged
from rapporto.store.outbox import deliver_one
from rapporto.store.unmerge import unmerge
from rapporto.web.figures import figure
from tests.web.afternoon import Told, workbook
from tests.web.browsing import Room, Watched, toast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MEANT = {
    "Codice cliente": "Codice nella fonte",
    "Ragione sociale": "Nome dell’azienda",
    "Partita IVA": "Partita IVA",
    "Referente": "Referente 1: Nome e cognome",
    "E-mail referente": "Referente 1: E-mail",
    "Referente 2": "Referente 2: Nome e cognome",
}
"""What the heads say by their names."""
TOLD = [name for name in DECLARED if name != "import_source"]
"""All but the source, whose name and columns are remembered for the next time."""
LONG = 900_000
"""Milliseconds that a work may take on a busy machine before the test gives up."""


class Worker:
    """The worker beside the pages. It begins when it is told to, so that a page can be looked at while its work waits."""

    def __init__(self) -> None:
        self.stop, self.may = Event(), Event()
        self.thread = Thread(target=self._work)
        self.thread.start()

    def _work(self) -> None:
        try:
            while not self.stop.wait(0.05):
                while self.may.is_set() and deliver_one():
                    pass
        finally:
            connection.close()

    def end(self) -> None:
        """No more work."""
        self.stop.set()
        self.thread.join()


@pytest.fixture
def worker() -> Iterator[Worker]:
    """A worker that waits for its word."""
    one = Worker()
    yield one
    one.end()


def see(page: Page, words: str) -> None:
    """A figure of the import stands there."""
    expect(page.locator(".import-figures")).to_contain_text(words)


def look_into(watched: Watched, file: Path) -> Page:
    """Choose the workbook and see what was found in it."""
    page = watched.go("/import/")
    page.locator("#import-file").set_input_files(file)
    page.get_by_label("Da dove vengono").fill("Gestionale")
    page.get_by_role("button", name="Guarda dentro").click()
    page.wait_for_url(re.compile(r"/import/\d+/$"), timeout=LONG)
    return page


def mapped(page: Page, head: str) -> str:
    """What a column means, in the words of the page."""
    return page.get_by_label(head, exact=True).locator("option:checked").inner_text()


def at_work(page: Page, worker: Worker, button: str, ends: str) -> None:
    """Press a button: the page of the work shows its bar until the worker is through, and leads to its end."""
    worker.may.clear()
    page.get_by_role("button", name=button, exact=True).click()
    page.wait_for_url("**/jobs/**")
    expect(page.locator("#job progress")).to_be_visible()
    worker.may.set()
    page.wait_for_url(f"**/{ends}/", timeout=LONG)


@pytest.mark.parametrize("number", [2_000, pytest.param(30_000, marks=[pytest.mark.sqlite, pytest.mark.long])])
def test_a_company_moves_in_looks_at_its_doubles_and_could_move_out_again(
    room: Room, bruno: User, worker: Worker, tmp_path: Path, number: int
) -> None:
    file = tmp_path / "anagrafica.xlsx"
    told = workbook(file, number)
    before = list(canonical(TOLD))
    watched = room.open(bruno)
    page = look_into(watched, file)
    expect(page.locator(".import-columns")).to_contain_text("Sono state trovate circa")
    assert {head: mapped(page, head) for head in MEANT} == MEANT
    at_work(page, worker, "Prova", "tried")
    assert not Party.objects.exists()
    figures(page, told)

    at_work(page, worker, "Importa", "done")
    figures(page, told)
    summary = page.url
    assert Party.objects.filter(kind="organisation").count() == told.counts["organisation"]
    page.get_by_role("link", name=f"{figure(told.counts['vat_number'])} P.IVA da verificare").click()
    page.wait_for_url("**/to_verify/**")
    expect(page.locator("#rows tr[data-id]").first).to_be_visible()

    review(watched)

    page = look_into(watched, file)
    page.locator("[name=mode][value=all]").check()
    at_work(page, worker, "Prova", "tried")
    expect(page.locator(".page").first).to_contain_text("Non c’è nulla da aggiungere o da cambiare")
    see(page, f"{figure(number - told.counts['refused'])} righe già presenti")

    unmerge(actor_of(bruno), Merged.objects.get(record="party").pk)
    page.goto(summary)
    page.get_by_role("button", name="Annulla l’importazione").click()
    expect(toast(page).or_(page.locator("#job"))).to_contain_text("com’era", timeout=LONG)
    assert list(canonical(TOLD)) == before
    assert not LikelyDuplicate.objects.exists()


def figures(page: Page, told: Told) -> None:
    """Every figure of the trial and of the import."""
    counts = told.counts
    see(page, f"{figure(counts['organisation'])} aziende nuove")
    see(page, f"{figure(counts['person'])} persone nuove")
    see(page, f"{figure(counts['vat_number'])} P.IVA da verificare")
    see(page, f"{figure(counts['postal_code'])} CAP da verificare")
    see(page, f"{figure(counts['phone'])} telefoni da verificare")
    refused = counts["refused"]
    see(page, f"{figure(refused)} righe escluse" if refused > 1 else "1 riga esclusa")


def review(watched: Watched) -> None:
    """Search the register for doubles; with the keyboard one pair is merged and one told apart."""
    page = watched.go("/duplicates/")
    page.get_by_role("button", name="Cerca in tutto l’archivio").click()
    page.wait_for_url("**/jobs/**")
    page.get_by_role("link", name="Guarda il risultato").click(timeout=LONG)
    page.wait_for_url("**/duplicates/")
    expect(page.locator(".likely")).to_contain_text("%")
    page.keyboard.press("u")
    expect(toast(page)).to_contain_text("ora fa parte di")
    page.keyboard.press("n")
    expect(toast(page)).to_contain_text("sono due")
    states = LikelyDuplicate.objects.values_list("state", flat=True)
    assert (list(states).count(MERGED), list(states).count(DIFFERENT)) == (1, 1)
    assert Merged.objects.filter(record="party").count() == 1
