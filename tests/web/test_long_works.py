"""What takes more than a moment goes on behind the pages: changes of very many records, their undo, imports; all can be undone."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from rapporto.domain.parties.models import Party, PartyType
from rapporto.domain.people.actors import actor_of
from rapporto.domain.people.models import User
from rapporto.domain.processes.commands import log_activity
from rapporto.kernel.actor import AGENT
from rapporto.kernel.facts import FOLLOWERS, RecordsChanged, follows
from rapporto.kernel.where import EVERYTHING
from rapporto.store import bulk, bulk_delete, bulk_links, jobs
from rapporto.store.declare import DECLARED
from rapporto.store.history.export import canonical
from rapporto.store.history.models import ChangeSet
from rapporto.store.imports import engine
from rapporto.store.jobs import Stopped
from rapporto.store.jobs_models import Job
from rapporto.store.outbox import deliver_one
from rapporto.store.write import save
from rapporto.web import undo_work
from rapporto.web.grid import bulk_work
from tests.parties.contact_files import many as contacts
from tests.web.desk import browser
from tests.web.samples import user
from tests.web.test_export import many

pytestmark = pytest.mark.django_db
CHANGE = {"set": "city", "city": "Verona", "form.fields": "city", "all": "1", "list": "/party/"}


@pytest.fixture(autouse=True)
def few_are_many(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Five records are more than are changed while one waits; every step is told."""
    for place in (bulk, bulk_delete, bulk_links, bulk_work, undo_work):
        monkeypatch.setattr(place, "CHUNK", 5)
    monkeypatch.setattr(jobs, "SAID_EVERY", 0.0)


def begun(client: Client, address: str, sent: dict[str, Any]) -> str:
    """The page of the work that a form has started."""
    place = client.post(address, sent).headers["Location"]
    assert place.startswith("/jobs/"), place
    return place


def ended(client: Client, place: str) -> str:
    """The page of a work that a worker has ended."""
    assert deliver_one(long=True)
    return client.get(place).content.decode()


def undone(client: Client, page: str) -> str:
    """The page of the work that undoes what a page offers to undo."""
    address = page.split('action="/undo/')[1].split('"')[0]
    return ended(client, begun(client, f"/undo/{address}", {"next": "/party/"}))


def test_a_change_of_very_many_goes_on_behind_the_pages_and_one_click_undoes_it(bruno: User) -> None:
    many(bruno, 12)
    client, before = browser(bruno), list(canonical())
    place = begun(client, "/party/change/", CHANGE)
    assert not Party.objects.filter(city="Verona").exists()
    page = ended(client, place)
    assert "Righe cambiate: 12." in page
    assert Party.objects.filter(city="Verona").count() == 12
    assert ChangeSet.objects.filter(command="change_many", open=False).count() == 1
    assert "tutto è tornato com’era" in undone(client, page)
    assert list(canonical()) == before


def test_every_chunk_tells_the_followers_what_changed(bruno: User) -> None:
    heard: list[RecordsChanged] = []
    follows(RecordsChanged, name="test.many")(heard.append)
    many(bruno, 12)
    client = browser(bruno)
    try:
        ended(client, begun(client, "/party/change/", CHANGE))
        while deliver_one():
            pass
    finally:
        FOLLOWERS.remove("test.many")
    assert heard == [RecordsChanged("party", ChangeSet.objects.get(command="change_many").pk)] * 3


def test_few_records_are_changed_at_once(bruno: User) -> None:
    many(bruno, 5)
    assert browser(bruno).post("/party/change/", CHANGE).headers["Location"] == "/party/"
    assert Party.objects.filter(city="Verona").count() == 5
    assert not Job.objects.exists()


def test_a_deletion_of_very_many_goes_on_behind_the_pages_and_names_what_is_kept(bruno: User) -> None:
    many(bruno, 12)
    rows = list(Party.objects.order_by("pk"))
    log_activity(actor_of(bruno), party=rows[6].pk, subject="Sconto")
    client, before = browser(bruno), list(canonical())
    place = begun(client, "/party/change/delete/", {"all": "1", "list": "/party/"})
    assert Party.objects.count() == 12
    page = ended(client, place)
    assert f"Righe eliminate: 11. Non eliminate: 1, come {rows[6].name}. Un record di «Attività» vi fa" in page
    assert f'href="/party/chosen/?ids={rows[6].pk}"' in page
    assert list(Party.objects.values_list("pk", flat=True)) == [rows[6].pk]
    assert ChangeSet.objects.filter(command="delete_many", open=False).count() == 1
    assert "tutto è tornato com’era" in undone(client, page)
    assert list(canonical()) == before


def test_so_does_adding_and_taking_away_links_of_very_many(bruno: User) -> None:
    actor = actor_of(bruno)
    many(bruno, 12)
    rows = list(Party.objects.order_by("pk"))
    suppliers, customers = (PartyType.objects.get_or_create(name=name)[0].pk for name in ("Fornitori", "Clienti fissi"))
    for row in rows[:7]:
        save(actor, "party", {"types": (customers,)}, row.pk)
    client, before = browser(bruno), list(canonical())
    sent = {"set": "types", "types": [suppliers], "form.fields": "types", "how.types": "add", "list": "/party/"}
    page = ended(client, begun(client, "/party/change/", {**sent, "id": ",".join(str(row.pk) for row in rows[:11])}))
    assert "Righe cambiate: 11." in page
    held = [set(row.types.values_list("pk", flat=True)) for row in Party.objects.order_by("pk")]
    assert held == [{suppliers, customers}] * 7 + [{suppliers}] * 4 + [set()]
    assert "tutto è tornato com’era" in undone(client, page)
    assert list(canonical()) == before


@pytest.fixture
def agents_see_all() -> Iterator[None]:
    """Agents see the parties of everybody, and change their own."""
    before = DECLARED["party"]
    seen = {**before.record.see, AGENT: (EVERYTHING,)}
    DECLARED.put("party", replace(before, record=replace(before.record, see=seen)))
    yield
    DECLARED.put("party", before)


@pytest.mark.usefixtures("agents_see_all")
def test_what_is_not_theirs_stays_and_is_named(bruno: User) -> None:
    anna = user("Anna", AGENT, language="it")
    many(anna, 7)
    theirs = save(actor_of(bruno), "party", {"name": "Ditta di Bruno", "owner": bruno.pk})
    client = browser(anna)
    page = ended(client, begun(client, "/party/change/", CHANGE))
    assert "Righe cambiate: 7. Non spetta a te cambiarne 1, come Ditta di Bruno." in page
    theirs.refresh_from_db()
    assert theirs.city == ""


def test_a_stopped_change_leaves_whole_chunks_that_can_be_undone(bruno: User, monkeypatch: pytest.MonkeyPatch) -> None:
    many(bruno, 12)
    client, before = browser(bruno), list(canonical())
    place = begun(client, "/party/change/", CHANGE)

    def after_the_first(progress: jobs.Progress, done: int, total: int | None = None) -> None:
        raise Stopped

    monkeypatch.setattr(jobs.Progress, "__call__", after_the_first)
    page = ended(client, place)
    monkeypatch.undo()
    assert "Fermato" in page
    assert Party.objects.filter(city="Verona").count() == 5
    address = page.split('action="/undo/')[1].split('"')[0]
    client.post(f"/undo/{address}", {"next": "/party/"})
    while deliver_one():
        pass
    assert list(canonical()) == before


def test_an_import_tells_how_far_it_is_and_can_be_stopped_and_undone(
    bruno: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, said = browser(bruno), []
    telling = jobs.Progress.__call__

    def listen(progress: jobs.Progress, done: int, total: int | None = None) -> None:
        said.append((done, total))
        if len(said) == 2:
            jobs.stop(progress.job)
        telling(progress, done, total)

    monkeypatch.setattr(engine, "vendor_portion", lambda: 40)
    sent = {"file": SimpleUploadedFile("contatti.csv", contacts(200), "text/csv")}
    columns = client.post("/import/", sent).headers["Location"]
    ended(client, begun(client, columns, {"try": "1"}))
    before = list(canonical())
    monkeypatch.setattr(jobs.Progress, "__call__", listen)
    page = ended(client, begun(client, f"{columns}go/", {}))
    assert "Fermato" in page
    assert len(said) == 2
    assert 0 < said[0][0] < said[1][0] < 200
    assert min(total or 0 for _, total in said) >= 200
    assert 0 < Party.objects.filter(kind="person").count() < 200
    undone(client, page)
    assert list(canonical()) == before
