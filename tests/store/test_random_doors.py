"""Whatever goes in through the doors, in whatever order: undone, the last first, it leaves what was; what is derived follows."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from rapporto.domain.parties.models import Address, ContactPoint, Party
from rapporto.domain.processes.models import Activity
from rapporto.kernel.actor import ADMINISTRATOR, MANAGER, Actor
from rapporto.kernel.where import field
from rapporto.store import field_indexes
from rapporto.store.asking import forget_estimates
from rapporto.store.bulk import change_many
from rapporto.store.check import check
from rapporto.store.errors import Invalid, Refused
from rapporto.store.history.as_of import as_of
from rapporto.store.history.export import canonical
from rapporto.store.history.install import install
from rapporto.store.history.models import ChangeSet, Entry
from rapporto.store.history.undo import undo
from rapporto.store.imports.drafts import MODES
from rapporto.store.imports.engine import COMMAND
from rapporto.store.imports.plain import PlainShape
from rapporto.store.imports.tally import DOUBLES, REFUSED
from rapporto.store.merge import merge
from rapporto.store.merge_models import Merged
from rapporto.store.unmerge import unmerge
from rapporto.store.write import delete, save
from tests.imports.tables import Sheet, take

pytestmark = pytest.mark.django_db

BRUNO = Actor(None, "Bruno", frozenset({MANAGER, ADMINISTRATOR}))
EXPORTED = (
    "party", "party_type_of", "address", "contact_point", "affiliation", "party_link", "activity", "merged", "merged_value",
    "import_source", "imported", "to_verify", "likely_duplicate",
)  # fmt: skip
WORDS = st.sampled_from(["", "Ditta Casale", "Perù & Figli S.r.l.", "l’«altra» 100%", "\U0001f600", "045 123"])
NAMES = st.sampled_from(["Ditta Casale", "Perù & Figli S.r.l.", "l’«altra» 100%", "null"])
VALUES = st.fixed_dictionaries(
    {},
    optional={
        "city": WORDS,
        "notes": WORDS,
        "turnover": st.sampled_from([None, 0, 12_345_00]),
        "employees": st.sampled_from([None, 1, 250]),
        "phase": st.sampled_from(["suspect", "customer", "lost"]),
        "phone": st.sampled_from(["", "045 7901234", "+39 347 1234567"]),
    },
)
PICK = st.integers(0, 50)
CODES = st.sampled_from(["", "C1", "C2", "C3"])
CITIES = st.sampled_from(["", "Verona", "Vicenza"])
PHONES = st.sampled_from(["", "045 7901234", "045 1234567 / 347 1112223", "chiedere a Ugo"])
PLAIN = st.fixed_dictionaries(
    {"Code": CODES, "Name": WORDS, "City": CITIES, "Phone": PHONES, "VAT number": st.sampled_from(["", "123"])}
)
RICH = st.fixed_dictionaries(
    {
        "Codice": CODES,
        "Ragione sociale": WORDS,
        "Città": CITIES,
        "Telefono": PHONES,
        "Partita IVA": st.sampled_from(["", "00743110157", "123"]),
        "Referente": st.sampled_from(["", "Mario Rossi", "Lucia Bonetti"]),
        "E-mail referente": st.sampled_from(["", "m.rossi@casale.example", "m.rossi(at)casale"]),
        "Referente 2": st.sampled_from(["", "Ugo Neri"]),
    }
)
TABLES = st.one_of(
    st.tuples(st.just(PlainShape("party")), st.lists(PLAIN, min_size=1, max_size=4)),
    st.tuples(st.just("party"), st.lists(RICH, min_size=1, max_size=4)),
)


class Doors(RuleBasedStateMachine):
    """A register that is only changed through its doors. Every act remembers the state it left."""

    def __init__(self) -> None:
        super().__init__()
        forget_estimates()
        self.outer = transaction.atomic()
        self.outer.__enter__()
        self.acts: list[int] = []
        self.past: list[tuple[datetime, list[str]]] = []
        self.first = self.copy()

    def copy(self) -> list[str]:
        return list(canonical(EXPORTED))

    def one_of(self, model: Any, pick: int) -> Any:
        rows = list(model.objects.order_by("pk").values_list("pk", flat=True))
        return rows[pick % len(rows)] if rows else None

    def did(self, act: Callable[[], Any]) -> None:
        """Do something; what is refused in words changes nothing at all."""
        before, newest = self.copy(), self.newest()
        try:
            with transaction.atomic():
                act()
        except (Invalid, Refused) as refusal:
            note(str(refusal))
            assert self.copy() == before
            return
        self.acts += ChangeSet.objects.filter(pk__gt=newest).order_by("pk").values_list("pk", flat=True)
        time.sleep(0.000_01)
        self.past.append((datetime.now(UTC), self.copy()))
        time.sleep(0.000_01)

    def newest(self) -> int:
        return ChangeSet.objects.order_by("-pk").values_list("pk", flat=True).first() or 0

    @initialize()
    def two_companies(self) -> None:
        for name in ("Ditta Casale", "Casale S.r.l."):
            self.did(partial(save, BRUNO, "party", {"name": name}))

    @rule(name=NAMES, values=VALUES, person=st.booleans(), pick=PICK)
    def create(self, name: str, values: dict[str, Any], person: bool, pick: int) -> None:
        if person:
            named = {"kind": "person", "first_name": "Lucia", "last_name": name}
            self.did(lambda: self.hired(save(BRUNO, "party", {**named, **values}).pk, pick))
        else:
            self.did(lambda: save(BRUNO, "party", {"name": name, **values}))

    def hired(self, person: int, pick: int) -> None:
        at = Party.objects.filter(kind="company").order_by("pk").values_list("pk", flat=True)
        if at:
            save(BRUNO, "affiliation", {"person": person, "organisation": at[pick % len(at)], "job_title": "Acquisti"})

    @rule(pick=PICK, city=WORDS)
    def add_parts(self, pick: int, city: str) -> None:
        party = self.one_of(Party, pick)
        if party is not None:
            self.did(lambda: save(BRUNO, "address", {"party": party, "city": city or "Verona"}))
            self.did(lambda: save(BRUNO, "activity", {"party": party, "subject": "Visita"}))

    @rule(pick=PICK, values=VALUES)
    def edit(self, pick: int, values: dict[str, Any]) -> None:
        party = self.one_of(Party, pick)
        if party is not None:
            self.did(lambda: save(BRUNO, "party", values, party))

    @rule(values=VALUES, below=st.sampled_from([0, 1, 100]))
    def change_all(self, values: dict[str, Any], below: int) -> None:
        where = field("employees").is_blank() if below == 0 else field("employees").le(below)
        if values:
            self.did(lambda: change_many(BRUNO, "party", where, values))

    @rule(pick=PICK, model=st.sampled_from([Party, Address, ContactPoint, Activity]))
    def remove(self, pick: int, model: Any) -> None:
        row = self.one_of(model, pick)
        name = {Party: "party", Address: "address", ContactPoint: "contact_point", Activity: "activity"}[model]
        if row is not None:
            self.did(lambda: delete(BRUNO, name, row))

    @rule(one=PICK, other=PICK)
    def merge_two(self, one: int, other: int) -> None:
        pair = self.one_of(Party, one), self.one_of(Party, other)
        if None not in pair:
            self.did(lambda: merge(BRUNO, "party", *pair))

    @precondition(lambda self: Merged.objects.exists())
    @rule(pick=PICK)
    def part_again(self, pick: int) -> None:
        line = self.one_of(Merged, pick)
        self.did(lambda: unmerge(BRUNO, line))

    @rule(table=TABLES, mode=st.sampled_from(MODES))
    def bring_in(self, table: tuple[Any, list[dict[str, str]]], mode: str) -> None:
        """Bring in a table: the trial has told what comes of it, and a second time nothing does."""
        shape, rows = table
        self.did(lambda: self.brought_in(shape, Sheet(*rows), mode))

    def brought_in(self, shape: Any, sheet: Sheet, mode: str) -> None:
        trial = take(BRUNO, shape, sheet, mode=mode, dry=True)
        before = self.copy()
        done = take(BRUNO, shape, sheet, mode=mode)
        # what may be a double of a party is told by values that the table itself may replace: the trial sees the old ones
        assert {**done.counts, DOUBLES: 0} == {**trial.counts, DOUBLES: 0}
        assert done.change_set_id is not None or self.copy() == before
        if done.counts.get(REFUSED):
            # a row that could make nothing by itself is taken in when a row below it has made its record
            take(BRUNO, shape, sheet, mode=mode)
        now = self.copy()
        for dry in (True, False):
            again = take(BRUNO, shape, sheet, mode=mode, dry=dry)
            assert again.change_set_id is None
            assert (again.counts.get("rows.made", 0), again.counts.get("rows.changed", 0)) == (0, 0)
        assert self.copy() == now

    @precondition(lambda self: ChangeSet.objects.filter(pk__in=self.acts, command=COMMAND).exists())
    @rule(pick=PICK)
    def undo_an_import(self, pick: int) -> None:
        """Undo an import, perhaps long past: what came since is named, the rest goes."""
        found = ChangeSet.objects.filter(pk__in=self.acts, command=COMMAND).order_by("pk")
        change = found[pick % len(found)].pk
        self.did(lambda: self.told(undo(BRUNO, change)))

    @precondition(lambda self: self.acts)
    @rule(pick=PICK)
    def undo_something(self, pick: int) -> None:
        """Undo any act, perhaps long past: what cannot go back is named, and the undo can be undone itself."""
        self.did(lambda: self.told(undo(BRUNO, self.acts[pick % len(self.acts)])))

    @precondition(lambda self: self.acts)
    @rule(pick=PICK)
    def undo_a_part(self, pick: int) -> None:
        change = self.acts[pick % len(self.acts)]
        row = Entry.objects.filter(change_set_id=change).order_by("pk").values_list("record", "row_id").first()
        if row is not None:
            self.did(lambda: self.told(undo(BRUNO, change, only={row[0]: {row[1]}})))

    def told(self, undone: Any) -> None:
        assert all(str(one.reason) for one in undone.kept)

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
        """Some moment of the past is what it was, however much has happened since."""
        if self.past:
            moment, copy = self.past[len(self.acts) * 7 % len(self.past)]
            with as_of(moment):
                assert self.copy() == copy

    def teardown(self) -> None:
        try:
            assert [one.text for one in check()] == []
            for act in reversed(self.acts):
                assert undo(BRUNO, act).kept == ()
            assert self.copy() == self.first
            assert [one.text for one in check()] == []
        finally:
            transaction.set_rollback(True)
            self.outer.__exit__(None, None, None)


@pytest.fixture(autouse=True)
def installed() -> None:
    install()
    field_indexes.mend()  # what fields of other tests have left


def test_any_sequence_through_the_doors_can_be_undone_and_any_moment_seen_again() -> None:
    bounded = settings(
        max_examples=11, stateful_step_count=12, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    run_state_machine_as_test(Doors, settings=bounded)
