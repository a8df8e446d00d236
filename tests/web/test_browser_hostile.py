"""Tables whose every column wants to run a script, as CSV, as a workbook and as business cards: the pages only show their words."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Dialog, Page, expect

from rapporto.domain.parties.duplicates.models import LikelyDuplicate
from rapporto.domain.parties.duplicates.proposing import Proposal, propose
from rapporto.domain.parties.models import Party
from rapporto.domain.people.models import User
from rapporto.kernel.actor import system_task
from rapporto.store.outbox import deliver_one
from tests.transfer.making import lines, workbook
from tests.web.browsing import Room, Watched
from tests.web.test_security import HOSTILE

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]
TEXTS = tuple(text.replace("\0", "").encode("utf-8", "ignore").decode() for text in HOSTILE.values())
EVIL = TEXTS[0]
HEADS = (
    "Codice", "Ragione sociale", "Partita IVA", "Codice fiscale", "Indirizzo", "CAP", "Città", "Prov.", "Telefono", "E-mail",
    "PEC", "Sito web", "Referente", "Ruolo referente", "E-mail referente", "Cellulare referente", "Referente 2", "Note",
    "Fatturato annuo", "Settore", "Agente", EVIL,
)  # fmt: skip
RUNS = "[onerror], [onload], [onmouseover], img[src=x], main script, #toasts script"
"""What a text would have become had it been taken for something else."""


def rows() -> list[tuple[str, ...]]:
    """Every column of a row holds the same text; the codes differ, lest one row be another."""
    return [(f"{at} {text}", *(text,) * (len(HEADS) - 1)) for at, text in enumerate(TEXTS)]


def as_csv(folder: Path) -> Path:
    quoted = [[f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row] for row in (HEADS, *rows())]
    path = folder / "<img src=x onerror=alert(1)>.csv"
    path.write_text(lines(*quoted), "utf-8")
    return path


def as_workbook(folder: Path) -> Path:
    return workbook(folder / "' onmouseover='alert(1).xlsx", [HEADS, *rows()], strings_to_formulas=False, sheet="Fogli")


def as_cards(folder: Path) -> Path:
    fields = ("UID", "FN", "N", "ORG", "TITLE", "TEL;TYPE=work", "EMAIL", "URL", "ADR", "BDAY", "NOTE", "X-EVIL")
    said = [text.replace("\\", "\\\\").replace("\n", "\\n").replace(";", "\\;").replace(",", "\\,") for text in TEXTS]
    cards = [
        "\r\n".join(("BEGIN:VCARD", "VERSION:3.0", *(f"{one}:{text}" for one in fields), "END:VCARD")) for text in said
    ]
    path = folder / "biglietti.vcf"
    path.write_text("\r\n".join(cards), "utf-8")
    return path


def harmless(page: Page, said: list[str]) -> None:
    """Nothing ran, and nothing stands there that could."""
    assert said == [], page.url
    assert page.locator(RUNS).count() == 0, page.url


@pytest.mark.parametrize("write", [as_csv, as_workbook, as_cards])
def test_hostile_words_in_every_column_are_shown_as_words(
    room: Room, bruno: User, tmp_path: Path, write: Callable[[Path], Path]
) -> None:
    watched = room.open(bruno)
    said: list[str] = []

    def opened(dialog: Dialog) -> None:
        said.append(dialog.message)
        dialog.dismiss()

    watched.page.on("dialog", opened)
    page = watched.go("/import/")
    page.locator("#import-file").set_input_files(write(tmp_path))
    page.get_by_label("Da dove vengono").fill(EVIL)
    page.get_by_role("button", name="Guarda dentro").click()
    expect(page.locator("#import-look")).to_contain_text(EVIL)
    harmless(page, said)
    for button, ends in (("Prova", "tried"), ("Importa", "done")):
        page.get_by_role("button", name=button, exact=True).click()
        page.wait_for_url("**/jobs/**")
        assert deliver_one()
        page.wait_for_url(f"**/{ends}/")
        harmless(page, said)
    assert Party.objects.count() >= len(TEXTS)
    everywhere(watched, said)


def everywhere(watched: Watched, said: list[str]) -> None:
    """The lists, every card, the imports and the queue of doubles."""
    ids = list(Party.objects.order_by("pk").values_list("pk", flat=True))
    if not LikelyDuplicate.objects.exists():
        propose(system_task("find_duplicates"), [Proposal(ids[0], ids[1], 90, ("name",))])
    page = watched.go("/party/")
    expect(page.locator("#rows")).to_contain_text(EVIL)
    places = (
        "/party/",
        "/to_verify/",
        "/import_source/",
        "/imported/",
        "/import/",
        "/jobs/",
        "/duplicates/",
        "/likely_duplicate/",
    )
    for place in (*places, *(f"/party/{one}/" for one in ids[: len(TEXTS)])):
        page = watched.go(place)
        harmless(page, said)
