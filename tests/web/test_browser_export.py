"""Exporting in a real browser: a short list comes at once, a long one with a bar that advances, a file and a word on every page."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from rapporto.domain.people.models import User
from rapporto.store.jobs_models import Job
from rapporto.store.outbox import deliver_one
from rapporto.web.grid import export
from tests.web.browsing import SIZES, Room, toast
from tests.web.tables import csv_rows, xlsx_rows
from tests.web.test_export import many

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]


def test_a_list_is_fetched_from_its_menu(room: Room, anna: User, tmp_path: Path) -> None:
    many(anna, 60)
    page = room.open(anna).go("/party/?province.eq=VR")
    page.get_by_text("Esporta", exact=True).click()
    with page.expect_download() as fetched:
        page.get_by_role("link", name="Foglio di calcolo").click()
    fetched.value.save_as(tmp_path / "list.xlsx")
    assert fetched.value.suggested_filename.endswith(".xlsx")
    assert len(xlsx_rows((tmp_path / "list.xlsx").read_bytes())) == 1 + 15 + 1
    expect(page.locator("#rows tr[data-id]")).to_have_count(15)  # the list is as it was


@SIZES
def test_a_long_list_shows_how_far_it_is_and_says_when_it_is_done(
    room: Room, anna: User, size: tuple[int, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "AT_ONCE", 10)
    many(anna, 30)
    watched = room.open(anna, size)
    page = watched.go("/party/?export=csv")
    bar = page.locator("#job")
    expect(bar).to_contain_text("In attesa")
    Job.objects.update(state=Job.RUNNING, done=10, total=30)
    expect(bar).to_contain_text("10 di 30 righe")
    expect(bar.locator("progress")).to_have_attribute("value", "10")
    page.get_by_role("button", name="Ferma").focus()
    Job.objects.update(done=20)
    expect(bar).to_contain_text("20 di 30 righe")
    expect(page.get_by_role("button", name="Ferma")).to_be_focused()  # what is written anew takes no focus away
    watched.go("/activity/")
    expect(page.locator("#jobs-sign")).to_contain_text("66 %")
    Job.objects.update(state=Job.WAITING)
    assert deliver_one()
    expect(toast(page)).to_contain_text("Nel file ci sono 30 righe")
    expect(page.locator("#jobs-sign")).to_be_hidden()
    watched.go(f"/jobs/{Job.objects.get().pk}/")
    with page.expect_download() as fetched:
        page.get_by_role("link", name="Scarica").click()
    fetched.value.save_as(tmp_path / "list.csv")
    assert len(csv_rows((tmp_path / "list.csv").read_bytes())) == 31


def test_a_work_is_stopped_by_its_button(room: Room, anna: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "AT_ONCE", 10)
    many(anna, 30)
    page = room.open(anna).go("/party/?export=csv")
    page.get_by_role("button", name="Ferma").click()
    expect(page.locator("#job")).to_contain_text("Fermato")
    assert deliver_one()
    expect(page.locator("#job")).to_contain_text("Fermato")
