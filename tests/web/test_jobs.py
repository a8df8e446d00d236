"""The page of a long work: its bar with figures, its end with what came of it, its sign on every page; to each only their own."""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from rapporto.domain.people.actors import actor_of
from rapporto.domain.people.models import Team, User
from rapporto.kernel.actor import ADMINISTRATOR, AGENT, Actor
from rapporto.kernel.text import Message
from rapporto.store import jobs
from rapporto.store.asking import forget_estimates
from rapporto.store.history.changing import change_set
from rapporto.store.job_files import kept_file, new_file
from rapporto.store.jobs import JOBS, JobKind, Progress, Result
from rapporto.store.jobs_models import Job
from rapporto.store.outbox import deliver_one
from rapporto.web.jobs import words
from rapporto.web.jobs.sign import KEPT
from tests.web.desk import browser
from tests.web.samples import user

pytestmark = pytest.mark.django_db
NAME = "test.work"
SIGN = {"HX-Request": "true", "HX-Target": "div#jobs-sign"}
PART = {"HX-Request": "true", "HX-Target": "div#job"}
Run = Callable[[Actor, Mapping[str, Any], Progress], Result]


@pytest.fixture
def kind() -> Iterator[Callable[..., None]]:
    """Declares a kind of work for the length of a test."""

    def declare(run: Run, **options: Any) -> None:
        JOBS.add(NAME, JobKind(NAME, "Lavoro di prova", run, unit="righe", **options))

    forget_estimates()
    yield declare
    JOBS.remove(NAME)


def asked(client: Client, person: User) -> Job:
    """A work that was asked for in this browser."""
    job = jobs.start(actor_of(person), NAME)
    session = client.session
    session[KEPT] = [*session.get(KEPT, []), job.pk]
    session.save()
    return job


def page_of(client: Client, job: Job, **headers: Any) -> str:
    response = client.get(f"/jobs/{job.pk}/", **headers)
    assert response.status_code == 200
    return response.content.decode()


def done(_actor: Actor, _given: Mapping[str, Any], _progress: Progress) -> Result:
    return Result(Message("{count} rows are in the file.", {"count": 12400}), url="/party/")


def test_the_bar_says_how_much_is_done_and_how_long_it_may_still_take(
    kind: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    kind(done)
    anna = user("Anna", AGENT, language="it")
    client, job = browser(anna), jobs.start(actor_of(anna), NAME)
    assert "In attesa" in page_of(client, job)
    now = timezone.now()
    monkeypatch.setattr(words, "timezone", SimpleNamespace(now=lambda: now))
    Job.objects.update(state=Job.RUNNING, done=12400, total=30000, begun_at=now - timedelta(seconds=14))
    text = page_of(client, job, headers=PART)
    assert "<html" not in text
    assert "12.400 di 30.000 righe · circa 20 s" in text
    assert 'max="30000" value="12400"' in text
    Job.objects.update(done=100)
    assert "circa 70 minuti" in page_of(client, job)


def test_a_work_nobody_begins_says_why(kind: Callable[..., None]) -> None:
    kind(done)
    anna = user("Anna", AGENT, language="it")
    client, job = browser(anna), jobs.start(actor_of(anna), NAME)
    assert "prima vengono altri lavori" not in page_of(client, job)
    Job.objects.update(made_at=timezone.now() - timedelta(minutes=1))
    assert "prima vengono altri lavori" in page_of(client, job)


def test_without_javascript_the_page_comes_again_by_itself_until_the_end(kind: Callable[..., None]) -> None:
    kind(done)
    anna = user("Anna", AGENT, language="it")
    client, job = browser(anna), jobs.start(actor_of(anna), NAME)
    refresh = '<noscript><meta http-equiv="refresh"'
    assert refresh in page_of(client, job)
    deliver_one()
    assert refresh not in page_of(client, job)


def test_the_end_says_what_came_of_it_and_offers_the_file_and_the_way_back(kind: Callable[..., None]) -> None:
    def run(actor: Actor, _given: Mapping[str, Any], _progress: Progress) -> Result:
        token, file = new_file()
        with file:
            file.write(b"a;b\r\n")
        with change_set(actor, "test") as change:
            Team.objects.create(name="Nord")
        told = Message("{count} rows are in the file.", {"count": 12400})
        return Result(told, url="/team/", change_set=change.pk, file=token, file_name="squadre 2026.csv")

    kind(run)
    aldo = user("Aldo", ADMINISTRATOR, language="it")
    client, job = browser(aldo), jobs.start(actor_of(aldo), NAME)
    deliver_one()
    text = page_of(client, job)
    assert "Nel file ci sono 12.400 righe" in text
    file = client.get(f"/jobs/{job.pk}/file/")
    assert b"".join(file.streaming_content) == b"a;b\r\n"  # type: ignore[attr-defined]
    assert file.headers["Content-Disposition"] == 'attachment; filename="squadre 2026.csv"'
    assert file.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    way_back = text.split('action="/undo/')[1].split("/")[0]
    assert client.post(f"/undo/{way_back}/", {"next": "/team/"}).status_code == 302
    assert not Team.objects.exists()
    assert f"/undo/{way_back}/" not in page_of(client, job)


def test_a_file_that_was_thrown_away_is_said_and_not_offered(kind: Callable[..., None]) -> None:
    kind(done)
    anna = user("Anna", AGENT, language="it")
    client, job = browser(anna), jobs.start(actor_of(anna), NAME)
    deliver_one()
    Job.objects.update(file="A" * 43, file_name="a.csv")
    text = page_of(client, job)
    assert "non c’è più" in text
    assert "/file/" not in text
    assert client.get(f"/jobs/{job.pk}/file/").status_code == 404


def test_nobody_sees_stops_or_fetches_the_work_of_another(kind: Callable[..., None]) -> None:
    kind(done)
    anna, aldo = user("Anna", AGENT), user("Aldo", ADMINISTRATOR)
    job = jobs.start(actor_of(anna), NAME)
    token, file = new_file()
    file.close()
    Job.objects.update(file=token, file_name="a.csv")
    client = browser(aldo)
    assert client.get(f"/jobs/{job.pk}/").status_code == 404
    assert client.get(f"/jobs/{job.pk}/file/").status_code == 404
    assert client.post(f"/jobs/{job.pk}/stop/").status_code == 404
    assert f"/jobs/{job.pk}/" not in client.get("/jobs/").content.decode()
    job.refresh_from_db()
    assert not job.stop
    assert browser(anna).get(f"/jobs/{job.pk}/file/").status_code == 200
    assert kept_file(token) is not None


def test_the_button_stops_it(kind: Callable[..., None]) -> None:
    kind(done)
    anna = user("Anna", AGENT, language="it")
    client, job = browser(anna), jobs.start(actor_of(anna), NAME)
    assert client.post(f"/jobs/{job.pk}/stop/").headers["Location"] == f"/jobs/{job.pk}/"
    assert "Fermato" in page_of(client, job)
    Job.objects.update(state=Job.RUNNING, stop=True)
    text = page_of(client, job)
    assert "Si ferma al prossimo passo" in text
    assert "/stop/" not in text


def test_the_sign_is_on_every_page_while_it_goes_on_and_a_toast_says_its_end_once(kind: Callable[..., None]) -> None:
    kind(done)
    anna = user("Anna", AGENT, language="it")
    client = browser(anna)
    assert 'id="jobs-sign"' not in client.get("/settings/").content.decode()
    job = asked(client, anna)
    assert 'id="jobs-sign"' in client.get("/settings/").content.decode()
    Job.objects.update(state=Job.RUNNING, done=41, total=100)
    sign = client.get("/jobs/", headers=SIGN).content.decode()
    assert "Lavoro di prova" in sign
    assert "41 %" in sign
    assert "toast" not in sign
    Job.objects.update(state=Job.WAITING)
    deliver_one()
    sign = client.get("/jobs/", headers=SIGN).content.decode()
    assert "Nel file ci sono 12.400 righe" in sign
    assert f'href="/jobs/{job.pk}/"' in sign
    assert "toast" not in client.get("/jobs/", headers=SIGN).content.decode()
    assert 'id="jobs-sign"' not in client.get("/settings/").content.decode()


def test_who_looks_at_the_page_of_the_end_is_not_told_again(kind: Callable[..., None]) -> None:
    kind(done)
    anna = user("Anna", AGENT, language="it")
    client = browser(anna)
    job = asked(client, anna)
    deliver_one()
    page_of(client, job, headers=PART)
    assert "toast" not in client.get("/jobs/", headers=SIGN).content.decode()


def test_a_kind_whose_result_has_a_page_leads_there(kind: Callable[..., None]) -> None:
    kind(done, leads=True)
    anna = user("Anna", AGENT, language="it")
    client, job = browser(anna), jobs.start(actor_of(anna), NAME)
    deliver_one()
    assert client.get(f"/jobs/{job.pk}/", headers=PART).headers["Location"] == "/party/"


def test_hostile_words_of_a_work_are_text(kind: Callable[..., None]) -> None:
    def run(_actor: Actor, _given: Mapping[str, Any], _progress: Progress) -> Result:
        told = Message(
            "«{label}» is not offered any more; choose another value.", {"label": "<script>alert(1)</script>"}
        )
        return Result(told, file_name="<img src=x>.csv", file="B" * 43)

    kind(run)
    anna = user("Anna", AGENT, language="it")
    client = browser(anna)
    job = asked(client, anna)
    deliver_one()
    for text in (client.get("/jobs/", headers=SIGN), client.get(f"/jobs/{job.pk}/"), client.get("/jobs/")):
        assert "<script>alert" not in text.content.decode()
        assert "<img src=x" not in text.content.decode()


def test_all_works_are_listed_newest_first(kind: Callable[..., None]) -> None:
    kind(done)
    anna = user("Anna", AGENT, language="it")
    client = browser(anna)
    assert "Qui stanno le esportazioni" in client.get("/jobs/").content.decode()
    first, second = jobs.start(actor_of(anna), NAME), jobs.start(actor_of(anna), NAME)
    text = client.get("/jobs/").content.decode()
    assert text.index(f"/jobs/{second.pk}/") < text.index(f"/jobs/{first.pk}/")
