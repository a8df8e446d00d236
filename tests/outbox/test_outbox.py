"""What facts ask for is done once, in order where asked, later when it did not work, and never lost."""

import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction
from django.utils import timezone

from rapporto.domain.people.models import Team
from rapporto.kernel.actor import MANAGER, Actor
from rapporto.kernel.facts import FOLLOWERS, Fact, Permanent, RecordsChanged, Transient, follows
from rapporto.kernel.where import EVERYTHING
from rapporto.store import outbox
from rapporto.store.bulk import change_many
from rapporto.store.history.changing import change_set
from rapporto.store.outbox_models import Delivery
from rapporto.store.outbox_models import Fact as FactRow
from tests.outbox.children import begin, end

pytestmark = pytest.mark.django_db
BRUNO = Actor(2, "Bruno", frozenset({MANAGER}))


@dataclass(frozen=True)
class BellRang(Fact):
    """A fact of these tests alone."""

    number: int
    door: str = ""

    @property
    def subject(self) -> str:
        return f"door:{self.door}" if self.door else ""


Declare = Callable[..., None]


@pytest.fixture
def follower() -> Iterator[Declare]:
    """Declares a follower of BellRang for the length of a test."""
    names: list[str] = []

    def declare(act: Callable[[BellRang], None], name: str = "test.follower", **options: object) -> None:
        names.append(name)
        follows(BellRang, name=name, **options)(act)  # type: ignore[arg-type]

    yield declare
    for name in names:
        if name in FOLLOWERS:
            FOLLOWERS.remove(name)


def ring(*numbers: int, door: str = "") -> None:
    with transaction.atomic():
        for number in numbers:
            outbox.record(BellRang(number, door))


def all_due() -> None:
    """Lets the waits pass."""
    Delivery.objects.update(due=timezone.now() - timedelta(seconds=1))


def deliver_all() -> int:
    count = 0
    while outbox.deliver_one():
        count += 1
    return count


def test_every_follower_acts_once_and_nothing_is_left(follower: Declare) -> None:
    heard: list[tuple[str, int]] = []
    follower(lambda fact: heard.append(("a", fact.number)), "test.a")
    follower(lambda fact: heard.append(("b", fact.number)), "test.b")
    ring(1, 2)
    assert heard == []
    assert deliver_all() == 4
    assert sorted(heard) == [("a", 1), ("a", 2), ("b", 1), ("b", 2)]
    assert not FactRow.objects.exists()
    assert not Delivery.objects.exists()


def test_what_nobody_follows_leaves_no_trace() -> None:
    ring(1)
    assert not FactRow.objects.exists()


def test_a_change_that_is_rolled_back_asks_for_nothing(follower: Declare) -> None:
    follower(lambda fact: None)
    with transaction.atomic():
        outbox.record(BellRang(1))
        transaction.set_rollback(True)
    assert not outbox.deliver_one()


@pytest.mark.django_db(transaction=True)
def test_a_fact_outside_a_transaction_is_refused(follower: Declare) -> None:
    follower(lambda fact: None)
    with pytest.raises(RuntimeError, match="outside a transaction"):
        outbox.record(BellRang(1))


def test_a_fact_bears_the_change_set_in_which_it_became_true(follower: Declare) -> None:
    follower(lambda fact: None)
    with change_set(BRUNO, "ring") as change:
        Team.objects.create(name="Nord")
        outbox.record(BellRang(1))
    assert FactRow.objects.get().change_set_id == change.pk


def test_a_busy_line_is_tried_again_after_waits_that_double(follower: Declare) -> None:
    tries: list[int] = []

    def busy(fact: BellRang) -> None:
        tries.append(fact.number)
        if len(tries) < 3:
            raise Transient("busy")

    follower(busy)
    ring(1)
    waits = []
    for _ in range(2):
        began = timezone.now()
        assert outbox.deliver_one()
        waits.append(round((Delivery.objects.get().due - began).total_seconds()))
        assert not outbox.deliver_one()
        all_due()
    assert waits == [30, 60]
    assert outbox.deliver_one()
    assert len(tries) == 3
    assert not Delivery.objects.exists()


def test_a_refusal_is_parked_with_its_reason_until_a_person_decides(follower: Declare) -> None:
    refusing = [True]

    def refuse(fact: BellRang) -> None:
        if refusing:
            raise Permanent("no such mailbox")

    follower(refuse)
    ring(1, 2)
    deliver_all()
    assert [one.reason for one in outbox.parked()] == ["no such mailbox"] * 2
    all_due()
    assert not outbox.deliver_one()
    refusing.clear()
    first, second = (one.pk for one in outbox.parked())
    assert outbox.try_again(first)
    assert outbox.give_up(second)
    assert not outbox.give_up(first)
    assert deliver_all() == 1
    assert not Delivery.objects.exists()


def test_a_mistake_of_ours_is_tried_five_times_and_then_parked(follower: Declare) -> None:
    tries: list[int] = []

    def broken(fact: BellRang) -> None:
        tries.append(fact.number)
        raise KeyError("oops")

    follower(broken)
    ring(1)
    while deliver_all():
        all_due()
    assert len(tries) == 5
    assert "KeyError" in outbox.parked().get().reason


def test_a_follower_that_is_no_more_is_parked_not_lost(follower: Declare) -> None:
    follower(lambda fact: None, "test.gone")
    ring(1)
    FOLLOWERS.remove("test.gone")
    assert outbox.deliver_one()
    assert "test.gone" in outbox.parked().get().reason


def test_a_fact_written_by_an_older_version_is_still_read(follower: Declare) -> None:
    heard: list[BellRang] = []
    follower(heard.append)
    ring(1)
    FactRow.objects.update(payload={"number": 7, "loudness": 11})
    deliver_all()
    assert heard == [BellRang(7)]


def test_order_is_kept_by_subject_where_asked_and_one_subject_holds_up_no_other(follower: Declare) -> None:
    heard: list[tuple[int, str]] = []

    def listen(fact: BellRang) -> None:
        if fact.number == 1:
            raise Permanent("not this one")
        heard.append((fact.number, fact.door))

    follower(listen, ordered=True)
    ring(1, 2, door="north")
    ring(3, 4, door="south")
    deliver_all()
    assert heard == [(3, "south"), (4, "south")]
    assert outbox.give_up(outbox.parked().get().pk)
    deliver_all()
    assert heard[-1] == (2, "north")


def test_a_bulk_change_asks_with_one_fact(follower: Declare) -> None:
    heard: list[RecordsChanged] = []
    follows(RecordsChanged, name="test.many")(heard.append)
    try:
        Team.objects.bulk_create(Team(name=f"Squadra {number}") for number in range(5))
        admin = Actor(1, "Aldo", frozenset({"administrator"}))
        change = change_many(admin, "team", EVERYTHING, {"name": "Nord"})
        deliver_all()
    finally:
        FOLLOWERS.remove("test.many")
    assert heard == [RecordsChanged("team", change.change_set_id or 0)]


def worker() -> None:
    """Works until nothing is due."""
    outbox.run_worker(stop=lambda: not Delivery.objects.filter(due__lte=timezone.now(), parked=False).exists())


@pytest.mark.django_db(transaction=True)
def test_four_workers_pay_every_debt_exactly_once(follower: Declare, tmp_path: Path) -> None:
    heard = tmp_path / "heard"

    def note(fact: BellRang) -> None:
        with heard.open("a") as file:
            file.write(f"{fact.number}\n")

    def keep(fact: BellRang) -> None:
        Team.objects.create(name=str(fact.number))

    follower(note, "test.note")
    follower(keep, "test.keep", here=True)
    many = range(100)
    ring(*many)
    children = [begin(worker) for _ in range(4)]
    assert [end(child) for child in children] == [0, 0, 0, 0]
    assert sorted(int(line) for line in heard.read_text().split()) == list(many)
    assert sorted(int(team.name) for team in Team.objects.all()) == list(many)
    assert not Delivery.objects.exists()
    FactRow.objects.update(at=timezone.now() - timedelta(minutes=2))
    outbox.tidy()
    assert not FactRow.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_between_claim_and_act_leaves_a_debt_that_falls_due_again(follower: Declare) -> None:
    heard: list[int] = []
    parent = os.getpid()

    def die_at_first(fact: BellRang) -> None:
        if os.getpid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)
        heard.append(fact.number)

    follower(die_at_first)
    ring(1)
    assert end(begin(outbox.deliver_one)) == -signal.SIGKILL
    owed = Delivery.objects.get()
    assert (owed.tries, owed.parked) == (1, False)
    assert owed.due > timezone.now()
    assert not outbox.deliver_one()
    all_due()
    assert outbox.deliver_one()
    assert heard == [1]


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_after_its_act_in_the_database_has_done_nothing(follower: Declare) -> None:
    parent = os.getpid()

    def act_and_die(fact: BellRang) -> None:
        Team.objects.create(name="Nord")
        if os.getpid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)

    follower(act_and_die, here=True)
    ring(1)
    assert end(begin(outbox.deliver_one)) == -signal.SIGKILL
    assert not Team.objects.exists()
    all_due()
    assert deliver_all() == 1
    assert Team.objects.count() == 1


def test_only_later_facts_about_the_same_count_as_newer(follower: Declare) -> None:
    heard: list[tuple[int, bool]] = []
    follower(lambda fact: heard.append((fact.number, outbox.newer_waits())))
    ring(1, 2, door="north")
    ring(3, door="south")
    deliver_all()
    assert heard == [(1, True), (2, False), (3, False)]
