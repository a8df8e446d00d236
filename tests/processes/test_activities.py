"""Activities: the phone note, the next step, and what others must never see."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from rapporto.domain.parties.models import Party, PartyNumbers
from rapporto.domain.processes.commands import NextStep, complete, log_activity
from rapporto.domain.processes.models import DONE, PLANNED, Activity
from rapporto.domain.processes.written import rebuild_numbers
from rapporto.kernel.where import field, related
from rapporto.store.bulk import change_many
from rapporto.store.errors import Invalid, NotFound, Refused
from rapporto.store.history.models import ChangeSet
from rapporto.store.records import find, get
from rapporto.store.search import search
from rapporto.store.write import delete, save
from tests.cast import casale, enters, person

pytestmark = pytest.mark.django_db
NEXT_WEEK = timezone.now() + timedelta(days=7)
YESTERDAY = timezone.now() - timedelta(days=1)


def numbers(party: Party) -> tuple[date | None, date | None, int]:
    row = PartyNumbers.objects.get(party=party)
    return row.last_activity_on, row.next_activity_on, row.activities


def day(moment: datetime) -> date:
    return timezone.localtime(moment).date()


def test_a_phone_note_and_its_next_step_are_one_change_set() -> None:
    anna = enters("Anna")
    customer, mario = casale(anna), person(anna, "Mario", "Rossi")
    before = ChangeSet.objects.count()
    note = log_activity(
        anna, party=customer.pk, person=mario.pk, direction="in", subject="Chiede un preventivo",
        asked="Quanto costa la pressa da 40 t?", next=NextStep(subject="Richiamare", at=NEXT_WEEK),
    )  # fmt: skip
    assert ChangeSet.objects.count() == before + 1
    assert ChangeSet.objects.latest("id").command == "log_activity"
    assert (note.kind, note.state, note.taken_by_id, note.person_id) == ("call", DONE, anna.user_id, mario.pk)
    planned = Activity.objects.get(state=PLANNED)
    assert (planned.subject, planned.person_id, planned.assignee_id) == ("Richiamare", mario.pk, anna.user_id)
    assert numbers(customer) == numbers(mario) == (day(timezone.now()), day(NEXT_WEEK), 2)


def test_a_wrong_next_step_keeps_nothing_and_says_where_it_is_wrong() -> None:
    anna = enters("Anna")
    customer = casale(anna)
    with pytest.raises(Invalid) as wrong:
        log_activity(anna, party=customer.pk, subject="Chiede", next=NextStep(subject="Richiamare", at=YESTERDAY))
    assert set(wrong.value.errors) == {"next.at"}
    assert not Activity.objects.exists()


def test_an_activity_happens_on_the_day_of_the_companys_clock() -> None:
    anna = enters("Anna")
    late = datetime(2026, 6, 30, 22, 30, tzinfo=UTC)
    note = log_activity(anna, party=casale(anna).pk, subject="Tardi", at=late)
    assert note.day == date(2026, 7, 1)


def test_what_a_form_leaves_blank_follows_from_who_writes_and_when() -> None:
    anna = enters("Anna")
    customer = casale(anna)
    done = save(anna, "activity", {"party": customer.pk, "subject": "Fatto adesso"})
    assert (done.state, done.taken_by_id, done.day) == (DONE, anna.user_id, day(timezone.now()))
    to_do = save(anna, "activity", {"party": customer.pk, "subject": "Da fare", "at": NEXT_WEEK})
    assert (to_do.state, to_do.assignee_id, to_do.taken_by_id) == (PLANNED, anna.user_id, None)


def test_a_planned_activity_is_completed_by_planning_the_next_and_only_once() -> None:
    anna = enters("Anna")
    customer = casale(anna)
    log_activity(anna, party=customer.pk, subject="Visita", next=NextStep(subject="Offerta", at=NEXT_WEEK))
    planned = Activity.objects.get(state=PLANNED)
    done = complete(anna, planned.pk, outcome="Interessato", next=NextStep(subject="Sollecito", at=NEXT_WEEK))
    assert (done.state, done.outcome, done.day) == (DONE, "Interessato", day(timezone.now()))
    assert Activity.objects.get(state=PLANNED).subject == "Sollecito"
    with pytest.raises(Refused):
        complete(anna, planned.pk, outcome="Ancora")
    assert numbers(customer)[2] == 3


def test_another_agent_neither_reads_nor_writes_on_a_customer_that_is_not_hers() -> None:
    anna, carla = enters("Anna"), enters("Carla")
    customer = casale(anna)
    note = log_activity(anna, party=customer.pk, subject="Chiede un preventivo")
    with pytest.raises((Invalid, NotFound, Refused)):
        log_activity(carla, party=customer.pk, subject="Intrusa")
    with pytest.raises(NotFound):
        get(carla, "activity", note.pk)
    with pytest.raises(NotFound):
        save(carla, "activity", {"subject": "Mio"}, note.pk)
    assert search(carla, "activity", "preventivo").ids == ()
    assert list(Activity.objects.values_list("subject", flat=True)) == ["Chiede un preventivo"]


def test_a_private_activity_shows_nowhere_to_others() -> None:
    anna, bruno = enters("Anna"), enters("Bruno")
    customer = casale(anna)
    log_activity(anna, party=customer.pk, subject="Riservatissimo", private=True, at=NEXT_WEEK)
    secret = Activity.objects.get()
    assert get(anna, "activity", secret.pk).subject == "Riservatissimo"
    assert search(anna, "activity", "riservatissimo").ids == (secret.pk,)
    assert not find(bruno, "activity").exists()
    assert search(bruno, "activity", "riservatissimo").ids == ()
    assert search(bruno, "party", "riservatissimo").ids == ()
    assert not find(bruno, "party", related("activities").some()).exists()
    assert find(anna, "party", related("activities").some()).exists()
    assert numbers(customer) == (None, None, 0)
    save(anna, "activity", {"private": False}, secret.pk)
    assert find(bruno, "activity").exists()
    assert numbers(customer)[2] == 1
    save(anna, "activity", {"private": True}, secret.pk)
    assert numbers(customer) == (None, None, 0)


def test_numbers_leave_with_the_activity_that_is_moved_or_deleted() -> None:
    bruno = enters("Bruno")
    customer, other = casale(bruno), casale(bruno, name="Officine Adige")
    note = log_activity(bruno, party=customer.pk, subject="Visita", at=YESTERDAY)
    assert numbers(customer) == (day(YESTERDAY), None, 1)
    save(bruno, "activity", {"party": other.pk}, note.pk)
    assert (numbers(customer), numbers(other)) == ((None, None, 0), (day(YESTERDAY), None, 1))
    delete(bruno, "activity", note.pk)
    assert numbers(other) == (None, None, 0)
    assert search(bruno, "activity", "visita").ids == ()


def test_numbers_follow_a_bulk_change_and_a_rebuild_gives_the_same() -> None:
    bruno = enters("Bruno")
    customer, mario = casale(bruno), person(bruno, "Mario", "Rossi")
    for number in range(3):
        log_activity(bruno, party=customer.pk, person=mario.pk, subject=f"Chiamata {number}", at=YESTERDAY)
    change_many(bruno, "activity", field("subject").contains("chiamata"), {"state": PLANNED})
    assert numbers(customer) == numbers(mario) == (None, day(YESTERDAY), 3)
    PartyNumbers.objects.all().update(activities=99, last_activity_on=None)
    rebuild_numbers()
    assert numbers(customer) == numbers(mario) == (None, day(YESTERDAY), 3)
