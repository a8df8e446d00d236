"""Long work goes on behind the pages, says how far it is, can be stopped, and never vanishes when its worker is killed."""

import os
import signal
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone, translation

from rapporto.domain.people.models import Team, User
from rapporto.kernel.actor import Actor
from rapporto.kernel.text import BadValue, Message
from rapporto.store import jobs, jobs_worker, outbox
from rapporto.store.errors import Refused
from rapporto.store.history.changing import change_set
from rapporto.store.history.models import ChangeSet
from rapporto.store.history.undo import undo
from rapporto.store.job_files import forget_old_files, kept_file, new_file
from rapporto.store.jobs import JOBS, JobKind, Progress, Result, loaded
from rapporto.store.jobs_models import Job
from rapporto.store.outbox_models import Delivery
from tests.cast import enters
from tests.outbox.children import begin, end

pytestmark = pytest.mark.django_db
Given = Mapping[str, Any]
Declare = Callable[..., None]
NAME = "test.work"


@pytest.fixture
def kind() -> Iterator[Declare]:
    """Declares a kind of work for the length of a test."""

    def declare(run: Callable[[Actor, Given, Progress], Result], **options: Any) -> None:
        JOBS.add(NAME, JobKind(NAME, "Work", run, **options))

    yield declare
    JOBS.remove(NAME)
    jobs.ending.clear()


@pytest.fixture(autouse=True)
def every_step_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without waiting between two times that progress is written down."""
    monkeypatch.setattr(jobs, "SAID_EVERY", 0.0)


def done(_actor: Actor, _given: Given, _progress: Progress) -> Result:
    return Result(Message("Done."))


def due_again() -> None:
    """Lets the claim of a dead worker pass."""
    Delivery.objects.update(due=timezone.now() - timedelta(seconds=1))


def test_a_work_waits_until_a_worker_does_it_with_the_rights_and_the_language_of_who_asked(kind: Declare) -> None:
    seen: list[tuple[Any, ...]] = []

    def run(actor: Actor, given: Given, _progress: Progress) -> Result:
        seen.append((actor.name, actor.roles, dict(given), translation.get_language()))
        return Result(Message("{count} rows", {"count": 3}), url="/party/", file="token", file_name="a.csv")

    kind(run)
    anna = enters("Anna")
    with translation.override("en"):
        job = jobs.start(anna, NAME, ids=[1, 2])
    assert (job.state, seen) == (Job.WAITING, [])
    assert outbox.deliver_one()
    assert seen == [("Anna", anna.roles, {"ids": [1, 2]}, "en")]
    job.refresh_from_db()
    assert (job.state, job.url, job.file, job.file_name) == (Job.DONE, "/party/", "token", "a.csv")
    assert loaded(job.sentence) == Message("{count} rows", {"count": 3})
    assert not Delivery.objects.exists()


def test_nobody_starts_a_work_and_a_misspelt_kind_is_told_at_once() -> None:
    with pytest.raises(ValueError, match="nobody"):
        jobs.start(Actor(None, "x"), NAME)
    with pytest.raises(KeyError, match="no job kind"):
        jobs.start(enters("Anna"), "no.such")


def test_everybody_sees_their_own_works_alone(kind: Declare) -> None:
    kind(done)
    anna, bruno = enters("Anna"), enters("Bruno")
    first, second = jobs.start(anna, NAME), jobs.start(anna, NAME)
    jobs.start(bruno, NAME)
    assert [job.pk for job in jobs.jobs_of(anna)] == [second.pk, first.pk]


def test_short_work_does_not_wait_behind_long_work(kind: Declare) -> None:
    kind(done)
    jobs.start(enters("Anna"), NAME)
    assert not outbox.deliver_one(long=False)
    assert outbox.deliver_one(long=True)


def test_progress_is_written_between_the_transactions_of_the_work_and_never_inside(kind: Declare) -> None:
    said: list[tuple[int, int]] = []

    def figures() -> None:
        said.append(Job.objects.values_list("done", "total").get())

    def run(actor: Actor, _given: Given, progress: Progress) -> Result:
        progress(1, 3)
        figures()
        with change_set(actor, "test"):
            Team.objects.create(name="Nord")
            progress(2)
            figures()
        progress(3)
        figures()
        return Result(Message("Done."))

    kind(run)
    jobs.start(enters("Anna"), NAME)
    outbox.deliver_one()
    assert said == [(1, 3), (1, 3), (3, 3)]


def test_progress_is_written_a_few_times_a_second_only(kind: Declare, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "SAID_EVERY", 3600.0)
    seen: list[int] = []

    def run(_actor: Actor, _given: Given, progress: Progress) -> Result:
        for step in range(100):
            progress(step, 100)
        seen.append(Job.objects.get().done)
        return Result(Message("Done."))

    kind(run)
    jobs.start(enters("Anna"), NAME)
    outbox.deliver_one()
    assert seen == [0]


def test_progress_keeps_the_claim(kind: Declare) -> None:
    held: list[bool] = []

    def run(_actor: Actor, _given: Given, progress: Progress) -> Result:
        Delivery.objects.update(due=timezone.now())
        progress(1, 2)
        held.append(Delivery.objects.get().due > timezone.now() + timedelta(seconds=50))
        return Result(Message("Done."))

    kind(run)
    jobs.start(enters("Anna"), NAME)
    outbox.deliver_one()
    assert held == [True]


def test_a_worker_that_counted_as_dead_leaves_the_work_to_the_one_that_has_it_now(kind: Declare) -> None:
    def run(_actor: Actor, _given: Given, progress: Progress) -> Result:
        Delivery.objects.update(tries=7)  # as another worker's claim does
        progress(1, 2)
        return Result(Message("Done twice."))

    kind(run, resumes=True)
    job = jobs.start(enters("Anna"), NAME)
    outbox.deliver_one()
    job.refresh_from_db()
    assert job.state == Job.RUNNING
    assert Delivery.objects.get().tries == 7


def test_a_work_is_stopped_at_its_next_step_and_what_it_did_can_be_undone(kind: Declare) -> None:
    aldo = enters("Aldo")

    def run(actor: Actor, _given: Given, progress: Progress) -> Result:
        with change_set(actor, "test", keep_open=True) as change:
            Team.objects.create(name="Nord")
            progress.change(change.pk)
        jobs.stop(Job.objects.get())
        progress(1, 2)
        raise AssertionError("it went on")

    kind(run)
    job = jobs.start(aldo, NAME)
    outbox.deliver_one()
    job.refresh_from_db()
    assert (job.state, job.stop, loaded(job.sentence)) == (Job.STOPPED, True, jobs.STOPPED)
    assert not ChangeSet.objects.filter(open=True).exists()
    undo(aldo, job.change_set_id or 0)
    assert not Team.objects.exists()


def test_a_work_stopped_while_it_waits_never_begins(kind: Declare) -> None:
    def run(_actor: Actor, _given: Given, _progress: Progress) -> Result:
        raise AssertionError("it began")

    kind(run)
    job = jobs.start(enters("Anna"), NAME)
    jobs.stop(job)
    assert outbox.deliver_one()
    job.refresh_from_db()
    assert job.state == Job.STOPPED
    assert not Delivery.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (Refused("Ask {whom}.", whom="Aldo"), Message("Ask {whom}.", {"whom": "Aldo"})),
        (BadValue("Not a day."), Message("Not a day.")),
        (ZeroDivisionError("oops"), jobs_worker.MISTAKE),
    ],
)
def test_what_goes_wrong_is_told_once_and_not_tried_again(kind: Declare, wrong: Exception, told: Message) -> None:
    def run(_actor: Actor, _given: Given, _progress: Progress) -> Result:
        raise wrong

    kind(run)
    job = jobs.start(enters("Anna"), NAME)
    outbox.deliver_one()
    job.refresh_from_db()
    assert (job.state, loaded(job.sentence)) == (Job.FAILED, told)
    assert not Delivery.objects.exists()


def test_who_has_left_meanwhile_gets_nothing_done(kind: Declare) -> None:
    kind(done)
    job = jobs.start(enters("Anna"), NAME)
    User.objects.update(is_active=False)
    outbox.deliver_one()
    job.refresh_from_db()
    assert (job.state, loaded(job.sentence)) == (Job.FAILED, jobs_worker.GONE)


def test_a_kind_that_is_no_more_is_told_and_not_lost(kind: Declare) -> None:
    kind(done)
    job = jobs.start(enters("Anna"), NAME)
    Job.objects.update(kind="gone.away")
    outbox.deliver_one()
    job.refresh_from_db()
    assert job.state == Job.FAILED


def killed(at: str) -> Callable[[Actor, Given, Progress], Result]:
    """A work that makes teams in three transactions; in a child process it is killed at one of its instants."""
    parent = os.getpid()

    def perhaps(instant: str) -> None:
        if instant == at and os.getpid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)

    def run(actor: Actor, _given: Given, progress: Progress) -> Result:
        perhaps("before")
        change = None
        for step in range(3):
            with change_set(actor, "test", continues=change, keep_open=True) as begun:
                change = begun.pk
                if not Team.objects.filter(name=f"Squadra {step}").exists():
                    Team.objects.create(name=f"Squadra {step}")
                progress.change(change)
                perhaps("inside" if step == 1 else "")
            progress(step + 1, 3)
            perhaps("between" if step == 1 else "")
        perhaps("at the end")
        return Result(Message("Done."), change_set=change)

    return run


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("at", "left"), [("before", 0), ("inside", 1), ("between", 2), ("at the end", 3)], ids=str)
def test_the_work_of_a_killed_worker_is_told_and_can_be_undone(kind: Declare, at: str, left: int) -> None:
    kind(killed(at))
    aldo = enters("Aldo")
    job = jobs.start(aldo, NAME)
    assert end(begin(outbox.deliver_one)) == -signal.SIGKILL
    assert not outbox.deliver_one()  # the claim still holds
    due_again()
    assert outbox.deliver_one()
    job.refresh_from_db()
    assert (job.state, loaded(job.sentence)) == (Job.FAILED, jobs_worker.BROKEN_OFF)
    assert Team.objects.count() == left
    assert not ChangeSet.objects.filter(open=True).exists()
    if left:
        assert undo(aldo, job.change_set_id or 0).kept == ()
    assert not Team.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("at", ["before", "inside", "between", "at the end"])
def test_the_work_of_a_killed_worker_goes_on_when_its_kind_can(kind: Declare, at: str) -> None:
    kind(killed(at), resumes=True)
    job = jobs.start(enters("Aldo"), NAME)
    assert end(begin(outbox.deliver_one)) == -signal.SIGKILL
    due_again()
    assert outbox.deliver_one()
    job.refresh_from_db()
    assert job.state == Job.DONE
    assert Team.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_a_worker_asked_to_end_leaves_the_work_to_the_next_one(kind: Declare) -> None:
    ended: list[int] = []

    def run(_actor: Actor, _given: Given, progress: Progress) -> Result:
        if not ended:
            ended.append(1)
            jobs.ending.set()
        progress(1, 2)
        return Result(Message("Done."))

    kind(run, resumes=True)
    job = jobs.start(enters("Anna"), NAME)
    outbox.deliver_one()
    job.refresh_from_db()
    assert job.state == Job.RUNNING
    jobs.ending.clear()
    due_again()
    outbox.deliver_one()
    job.refresh_from_db()
    assert job.state == Job.DONE


def test_tidying_throws_away_files_of_yesterday_and_works_of_last_month(kind: Declare) -> None:
    kind(done)
    old, young = jobs.start(enters("Anna"), NAME), jobs.start(enters("Anna"), NAME)
    outbox.deliver_one()
    outbox.deliver_one()
    Job.objects.filter(pk=old.pk).update(ended_at=timezone.now() - timedelta(days=31))
    tokens = []
    for hours in (25, 1):
        token, file = new_file()
        file.close()
        place = kept_file(token)
        assert place is not None
        moment = timezone.now().timestamp() - hours * 3600
        os.utime(place, (moment, moment))
        tokens.append(token)
    jobs_worker.tidy()
    assert list(Job.objects.values_list("pk", flat=True)) == [young.pk]
    assert [kept_file(token) is not None for token in tokens] == [False, True]
    forget_old_files()


@pytest.mark.parametrize("token", ["", "../../etc/passwd", "a" * 43 + "/", "." * 43, "a" * 42])
def test_a_token_is_never_a_path(token: str) -> None:
    assert kept_file(token) is None
