"""Importing in a real browser: a dirty table is understood, corrected, tried out, imported, looked at by its figures, undone."""

import pytest
from playwright.sync_api import expect

from rapporto.domain.parties.models import Party, ToVerify
from rapporto.domain.people.models import User
from rapporto.store.outbox import deliver_one
from tests.web.browsing import SIZES, Room, toast

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]
ROWS = (
    "Codice\tRagione sociale\tPartita IVA\tReferente\tSettore\n"
    "C1\tCasale S.r.l.\t123\tMario Rossi\tboh\nC2\tAdige S.p.A.\t\t\t\nC3\t\t\t\t"
)


@SIZES
def test_pasted_rows_become_parties_and_go_again(room: Room, bruno: User, size: tuple[int, int]) -> None:
    page = room.open(bruno, size).go("/import/")
    page.get_by_label("oppure incolla qui le righe, con le intestazioni").fill(ROWS)
    page.get_by_label("Da dove vengono").fill("Gestionale")
    page.get_by_role("button", name="Guarda dentro").click()
    guess = page.locator("#import-look")
    expect(guess).to_contain_text("Mario Rossi")
    page.get_by_label("Referente", exact=True).select_option("")
    expect(guess).not_to_contain_text("Mario Rossi")
    page.get_by_label("Referente", exact=True).select_option("1:name")
    expect(guess).to_contain_text("Mario Rossi")
    page.get_by_role("button", name="Prova").click()
    page.wait_for_url("**/jobs/**")
    assert deliver_one()
    page.wait_for_url("**/tried/")
    expect(page.locator(".import-figures")).to_contain_text("2 aziende nuove")
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    page.get_by_role("button", name="Importa", exact=True).click()
    page.wait_for_url("**/jobs/**")
    assert deliver_one()
    page.wait_for_url("**/done/")
    assert Party.objects.count() == 3
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    page.get_by_role("link", name="1 P.IVA da verificare").click()
    page.wait_for_url("**/to_verify/**")
    expect(page.locator("#rows tr[data-id]")).to_have_count(1)
    assert ToVerify.objects.filter(field="vat_number").count() == 1
    page.go_back()
    page.get_by_role("button", name="Annulla l’importazione").click()
    expect(toast(page)).to_be_visible()
    assert not Party.objects.exists()
