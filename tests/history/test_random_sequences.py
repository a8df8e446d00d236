"""Whatever is done in whatever order: undoing it all, the last first, gives back the first state, and the past is what it was."""

import time
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from rapporto.domain.parties.models import Address, Party, PartyNumbers
from rapporto.domain.people.models import User
from rapporto.kernel.actor import ADMINISTRATOR, MANAGER, Actor
from rapporto.store.history.as_of import as_of
from rapporto.store.history.changing import change_set
from rapporto.store.history.export import canonical
from rapporto.store.history.install import install
from rapporto.store.history.undo import undo

pytestmark = pytest.mark.django_db

BRUNO = Actor(2, "Bruno", frozenset({MANAGER, ADMINISTRATOR}))
EXPORTED = ("user", "party", "address")
TEXTS = st.sampled_from(["", "a", "A", "Perù", "l’«altra» 100%", "'); --", "\U0001f600", "~1", "null"])
MADE = st.dictionaries(
    st.sampled_from(["colour", "colour~", "size"]), st.sampled_from(["", "x", 0, 7, True, False]), max_size=3
)
VALUES = st.fixed_dictionaries(
    {},
    optional={
        "name": TEXTS,
        "city": TEXTS,
        "turnover": st.sampled_from([None, 0, 1, -(2**53)]),
        "birth_date": st.sampled_from([None, date(1900, 1, 1), date(2026, 2, 28)]),
        "extra": MADE,
    },
)
PICK = st.integers(0, 50)


class Register(RuleBasedStateMachine):
    """A register in which things happen. Every act remembers the state it found."""

    def __init__(self) -> None:
        super().__init__()
        self.outer = transaction.atomic()
        self.outer.__enter__()
        self.first = self.copy()
        self.acts: list[int] = []
        self.past: list[tuple[datetime, list[str]]] = []

    def copy(self) -> list[str]:
        return list(canonical(EXPORTED))

    @initialize()
    def users(self) -> None:
        with self.act():
            for name in ("anna", "carla"):
                User.objects.create(email=f"{name}@example.com", name=name, role="agent")

    def act(self) -> "Act":
        return Act(self)

    def party(self, pick: int) -> Party | None:
        rows = list(Party.objects.order_by("id"))
        return rows[pick % len(rows)] if rows else None

    @rule(values=VALUES, pick=PICK, whole=st.booleans())
    def create(self, values: dict[str, Any], pick: int, whole: bool) -> None:
        with self.act():
            party = Party.objects.create(part_of=self.party(pick) if whole else None, **values)
            if whole:
                Address.objects.create(party=party, street=values.get("city", ""))

    @rule(values=VALUES, pick=PICK)
    def edit(self, values: dict[str, Any], pick: int) -> None:
        row = self.party(pick)
        if row is not None:
            with self.act():
                for name, value in values.items():
                    setattr(row, name, value)
                row.save()

    @rule(value=TEXTS, below=PICK)
    def change_many(self, value: str, below: int) -> None:
        with self.act():
            Party.objects.filter(id__lt=self.lowest() + below).update(city=value, city_key=value.lower())

    def lowest(self) -> int:
        return Party.objects.order_by("id").values_list("id", flat=True).first() or 0

    @rule(pick=PICK)
    def delete(self, pick: int) -> None:
        row = self.party(pick)
        if row is not None:
            with self.act():
                self.remove(row)

    def remove(self, row: Party) -> None:
        for unit in Party.objects.filter(part_of=row):
            self.remove(unit)
        Address.objects.filter(party=row).delete()
        PartyNumbers.objects.filter(party=row).delete()
        row.delete()

    @rule()
    def swap(self) -> None:
        one, other = User.objects.order_by("id")[:2]
        with self.act():
            User.objects.filter(pk=one.pk).update(email="~")
            User.objects.filter(pk=other.pk).update(email=one.email)
            User.objects.filter(pk=one.pk).update(email=other.email)

    @precondition(lambda self: len(self.acts) > 1)
    @rule(pick=PICK)
    def undo_something(self, pick: int) -> None:
        """Undo any act but the first, perhaps long past: whatever it keeps, it never fails, and can be undone itself."""
        undone = undo(BRUNO, self.acts[1 + pick % (len(self.acts) - 1)])
        self.remember(undone.change_set_id)

    @precondition(lambda self: self.acts)
    @rule()
    def undo_the_last_and_do_it_again(self) -> None:
        now = self.copy()
        undone = undo(BRUNO, self.acts[-1])
        if undone.change_set_id is not None:
            assert undo(BRUNO, undone.change_set_id).kept == ()
        assert self.copy() == now
        assert undone.kept == ()

    @invariant()
    def look_back(self) -> None:
        """The past is what it was, however much has happened since."""
        if self.past:
            moment, copy = self.past[len(self.past) * 7 % 11 % len(self.past)]
            with as_of(moment):
                assert self.copy() == copy

    def remember(self, change_set_id: int | None) -> None:
        if change_set_id is not None:
            self.acts.append(change_set_id)
        time.sleep(0.000_01)
        self.past.append((datetime.now(UTC), self.copy()))
        time.sleep(0.000_01)

    def teardown(self) -> None:
        try:
            for act in reversed(self.acts):
                assert undo(BRUNO, act).kept == ()
            assert self.copy() == self.first
        finally:
            transaction.set_rollback(True)
            self.outer.__exit__(None, None, None)


class Act:
    """One change set of the register."""

    def __init__(self, register: Register) -> None:
        self.register = register
        self.inner = change_set(BRUNO, "act")

    def __enter__(self) -> None:
        self.change = self.inner.__enter__()

    def __exit__(self, *error: Any) -> None:
        self.inner.__exit__(*error)
        if error[0] is None:
            self.register.remember(self.change.pk)


@pytest.fixture(autouse=True)
def installed() -> None:
    install()


def test_any_sequence_can_be_undone_and_any_moment_seen_again() -> None:
    bounded = settings(
        max_examples=15, stateful_step_count=15, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    run_state_machine_as_test(Register, settings=bounded)
