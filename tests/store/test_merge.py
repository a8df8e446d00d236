"""Merging holds for every declared type and every relation: rows before = after, and bringing back is exact."""

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from rapporto.domain.parties.models import Party
from rapporto.kernel.actor import ADMINISTRATOR, MANAGER, SYSTEM, Actor
from rapporto.kernel.kinds import Link
from rapporto.kernel.record import UnknownField
from rapporto.kernel.where import field
from rapporto.store.declare import DECLARED
from rapporto.store.errors import Invalid, NotFound, Refused
from rapporto.store.history.as_of import as_of
from rapporto.store.history.export import canonical
from rapporto.store.history.install import install
from rapporto.store.history.undo import undo
from rapporto.store.merge import Merger, merge, obstacle
from rapporto.store.merge_models import Merged, MergedValue
from rapporto.store.merge_related import links_to, related
from rapporto.store.merge_values import values_in
from rapporto.store.records import find, get
from rapporto.store.unmerge import unmerge
from rapporto.store.userfields import forget, record_type
from rapporto.store.write import delete, save
from tests.cast import casale, enters
from tests.records.filled import NAMES, Filled
from tests.web.samples import TOLD, value_of_kind

TOLD_MEANWHILE = "«{title}» has been merged with another record meanwhile; open the list again."
BOSS = Actor(None, "Sistema", frozenset({SYSTEM, ADMINISTRATOR, MANAGER}))
UNMERGED = ("merged", "merged_value")
"""The register of merges itself."""


class Pair(Filled):
    """Two records of a type, filled in different ways, and further rows that link to the second by every relation there is."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.boss = BOSS
        self.one, self.other = self._another(3, required_only=True), self._another(4)
        self.related = Counter[str]()
        for number, (record, link) in enumerate(links_to(name)):
            for twice in range(2):
                if self._relate(record, link, 10 * number + twice + 5):
                    self.related[record] += 1

    def _another(self, number: int, *, required_only: bool = False) -> int:
        values = self.all_values(number)
        if required_only:
            values = {n: value for n, value in values.items() if self.record.fields[n].required}
        try:
            with transaction.atomic():
                return int(save(self.boss, self.name, values).pk)
        except Invalid:  # there can be only one of these
            return self.id

    def _relate(self, record: str, link: str, number: int) -> bool:
        known = record_type(record)
        fixed = known.fixed_for(self.boss)
        said = {
            n: value_of_kind(f, number, self.there) for n, f in known.fields.items() if n not in fixed and not f.derived
        }
        said |= {**TOLD.get(record, {}), link: self.other}
        loops = {n: None for n, f in known.fields.items() if f.link == record and n != link}
        try:
            with transaction.atomic():
                save(self.boss, record, {n: v for n, v in {**said, **loops}.items() if v is not None})
        except (Invalid, Refused):
            return False
        return True


def linked(name: str, row_id: int) -> Counter[str]:
    """How many rows link to a record, by type and link."""
    return Counter(
        {
            f"{record}.{link}": DECLARED[record].model._default_manager.filter(**{DECLARED[record].columns[link].value: row_id}).count()
            for record, link in links_to(name)
        }
    )  # fmt: skip


NEVER = ("user_field", "field_choice", *UNMERGED, *(name for name in NAMES if DECLARED[name].record.append_only))
"""Types whose rows are known by more than their number, or are a proof each: they are never merged."""


@pytest.fixture(params=[name for name in NAMES if name not in NEVER])
def pair(request: pytest.FixtureRequest) -> Pair:
    """Two records of a type and what hangs on the second."""
    return Pair(request.param)


@pytest.mark.django_db
def test_every_related_row_is_there_after_a_merge_and_where_it_was_after_its_undo(pair: Pair) -> None:
    if pair.one == pair.other or obstacle(pair.name, pair.one, pair.other) is not None:
        with pytest.raises(Refused):
            merge(pair.boss, pair.name, pair.one, pair.other)
        return
    before, there = list(canonical()), (linked(pair.name, pair.one), linked(pair.name, pair.other))
    rows = {record: DECLARED[record].model._default_manager.count() for record in DECLARED}
    values = values_in(pair.record, get(pair.boss, pair.name, pair.other))

    done = merge(pair.boss, pair.name, pair.one, pair.other)

    assert linked(pair.name, pair.other).total() == 0
    for record, number in rows.items():
        if record not in UNMERGED:
            gone = done.folded[record] + (record == pair.name)
            assert DECLARED[record].model._default_manager.count() == number - gone + done.made[record], record
    assert linked(pair.name, pair.one).total() == (
        there[0].total() + there[1].total() - folded_links(pair, done) + made_links(pair, done)
    )
    found = everything_said(pair)
    for name, value in values.items():
        text = value if isinstance(value, str) else ""
        assert not text or text in found, f"{name} = {value!r} is nowhere"

    assert undo(pair.boss, done.change_set_id or 0).kept == ()
    assert list(canonical()) == before
    again = merge(pair.boss, pair.name, pair.one, pair.other)
    assert unmerge(pair.boss, again.merge_id).kept == ()
    assert list(canonical()) == before


@pytest.mark.django_db
@pytest.mark.parametrize("name", NEVER)
def test_what_is_known_by_its_own_name_is_never_merged(name: str) -> None:
    forget()
    one = Filled(name)
    assert one.id != one.there[name]
    with pytest.raises(Refused, match="cannot be merged"):
        merge(BOSS, name, one.id, one.there[name])


def folded_links(pair: Pair, done: Merger) -> int:
    """Links that went with rows that became part of others (a tie of the two bears two links)."""
    return sum(number * (2 if _ties(pair.name, record) else 1) for record, number in done.folded.items())


def _ties(name: str, record: str) -> bool:
    return record == "party_link" and name == "party"


def made_links(pair: Pair, done: Merger) -> int:
    """Links of the rows made for values that lost their field."""
    return done.made.total()


def everything_said(pair: Pair) -> str:
    """All that the register says now, its history left out."""
    return "\n".join(line.replace('\\"', '"') for line in canonical())


@pytest.mark.django_db
def test_values_of_own_fields_and_links_made_by_the_company_change_over() -> None:
    forget()
    bruno = enters("Bruno")
    size = save(bruno, "user_field", {"record": "party", "label": "Taglia", "kind": "text"})
    agent = save(bruno, "user_field", {"record": "party", "label": "Segnalato da", "kind": "link", "target": "party"})
    forget()
    names = {one.label: one.name for one in record_type("party").made_here}
    size_of, told_by = names[size.label], names[agent.label]
    one, other = casale(bruno), casale(bruno, **{size_of: "Grande"})
    third = casale(bruno, **{told_by: other.pk, size_of: "Media"})
    save(bruno, "party", {told_by: one.pk}, other.pk)
    before = list(canonical())

    done = merge(bruno, "party", one.pk, other.pk)

    kept = record_type("party")
    assert values_in(kept, get(bruno, "party", one.pk))[size_of] == "Grande"
    assert values_in(kept, get(bruno, "party", one.pk))[told_by] is None
    assert values_in(kept, get(bruno, "party", third.pk))[told_by] == one.pk
    assert find(bruno, "party", field(told_by).eq(one.pk)).get().pk == third.pk
    again = merge(bruno, "party", one.pk, third.pk)
    assert (size_of, "Media") in MergedValue.objects.values_list("field", "value")
    assert undo(bruno, again.change_set_id or 0).kept == ()
    assert undo(bruno, done.change_set_id or 0).kept == ()
    assert list(canonical()) == before


@pytest.mark.django_db
def test_what_hangs_on_a_record_is_told_in_figures_of_what_the_actor_may_see() -> None:
    anna, bruno = enters("Anna"), enters("Bruno")
    one = casale(anna)
    for private in (False, True):
        save(bruno, "activity", {"party": one.pk, "subject": "x", "private": private})
    assert related(anna, "party", one.pk) == {"activity": 1}
    assert related(bruno, "party", one.pk) == {"activity": 2}


@pytest.mark.django_db
def test_the_past_still_shows_both_apart() -> None:
    bruno = enters("Bruno")
    one, other = casale(bruno), casale(bruno, name="Casale S.r.l.")
    call = save(bruno, "activity", {"party": other.pk, "subject": "x"})
    time.sleep(0.001)
    moment = datetime.now(UTC)
    time.sleep(0.001)
    before = list(canonical())
    merge(bruno, "party", one.pk, other.pk)
    with as_of(moment):
        assert list(canonical()) == before
        assert get(bruno, "activity", call.pk).party_id == other.pk
        assert get(bruno, "party", other.pk).name == "Casale S.r.l."


@pytest.mark.django_db(transaction=True)
def test_of_two_who_merge_the_same_pair_at_once_one_wins_and_the_other_is_told() -> None:
    bruno = enters("Bruno")
    for _ in range(5):
        one, other = casale(bruno).pk, casale(bruno).pk
        for _ in range(3):
            save(bruno, "activity", {"party": other, "subject": "x"})
        with ThreadPoolExecutor(2) as people:
            told = list(people.map(lambda ids: _try(bruno, *ids), ((one, other), (other, one))))
        assert sorted(told) == ["merged", TOLD_MEANWHILE]
        assert Party.objects.filter(pk__in=(one, other)).count() == 1
        left = Party.objects.get(pk__in=(one, other))
        assert left.activities.count() == 3


def _try(actor: Actor, keep: int, other: int) -> str:
    try:
        merge(actor, "party", keep, other)
    except Refused as refused:
        return str(refused.message.text)
    finally:
        connection.close()
    return "merged"


PICK = st.integers(0, 50)
TEXTS = st.sampled_from(["", "Verona", "Perù", "'); --", "l’«altra»"])
VALUES = st.fixed_dictionaries(
    {"name": st.sampled_from(["Casale", "CASALE", "Bianchi"])},
    optional={
        "city": TEXTS,
        "phone": st.sampled_from(["", "045 7901234", "045 8001122"]),
        "notes": TEXTS,
        "turnover": st.sampled_from([None, 0, 12]),
    },
)


class Merging(RuleBasedStateMachine):
    """A register in which parties are made, changed, merged, parted, deleted and all of that undone."""

    def __init__(self) -> None:
        super().__init__()
        self.outer = transaction.atomic()
        self.outer.__enter__()
        forget()
        self.actor = enters("Bruno")
        self.first = list(canonical())
        self.acts: list[int] = []

    @initialize()
    def start(self) -> None:
        for name in ("Casale", "Casale S.r.l.", "Bianchi"):
            self.create({"name": name}, 0, whole=False)

    def party(self, pick: int) -> int | None:
        ids = list(Party.objects.order_by("id").values_list("id", flat=True))
        return ids[pick % len(ids)] if ids else None

    @rule(values=VALUES, pick=PICK, whole=st.booleans())
    def create(self, values: dict[str, Any], pick: int, whole: bool) -> None:
        row = self.act(save, self.actor, "party", {**values, "part_of": self.party(pick) if whole else None})
        if row is not None and values.get("city"):
            self.act(save, self.actor, "address", {"party": row.pk, "city": values["city"]})

    @rule(values=VALUES, pick=PICK)
    def edit(self, values: dict[str, Any], pick: int) -> None:
        self.act(save, self.actor, "party", values, self.party(pick))

    @rule(pick=PICK, text=TEXTS)
    def deal(self, pick: int, text: str) -> None:
        if party := self.party(pick):
            self.act(save, self.actor, "activity", {"party": party, "subject": text or "x"})

    @rule(pick=PICK, other=PICK)
    def work(self, pick: int, other: int) -> None:
        if (one := self.party(pick)) and (two := self.party(other)):
            self.act(save, self.actor, "affiliation", {"person": one, "organisation": two})

    @rule(pick=PICK, other=PICK)
    def merge(self, pick: int, other: int) -> None:
        if (one := self.party(pick)) and (two := self.party(other)):
            before = list(canonical())
            done = self.act(merge, self.actor, "party", one, two)
            if done is not None and pick % 2:
                undone = undo(self.actor, done.change_set_id)
                assert undone.kept == ()
                assert list(canonical()) == before
                self.acts.append(undone.change_set_id or 0)

    @precondition(lambda self: Merged.objects.exists())
    @rule(pick=PICK)
    def unmerge(self, pick: int) -> None:
        ids = list(Merged.objects.order_by("pk").values_list("pk", flat=True))
        self.act(unmerge, self.actor, ids[pick % len(ids)])

    @rule(pick=PICK)
    def delete(self, pick: int) -> None:
        if party := self.party(pick):
            self.act(delete, self.actor, "party", party)

    @precondition(lambda self: self.acts)
    @rule(pick=PICK)
    def undo_something(self, pick: int) -> None:
        """Any act, perhaps long past: it never fails, and what it keeps it names."""
        self.act(undo, self.actor, self.acts[pick % len(self.acts)])

    @precondition(lambda self: self.acts)
    @rule()
    def undo_the_last_and_do_it_again(self) -> None:
        now = list(canonical())
        undone = undo(self.actor, self.acts[-1])
        assert undone.kept == ()
        if undone.change_set_id is not None:
            assert undo(self.actor, undone.change_set_id).kept == ()
        assert list(canonical()) == now

    def act(self, command: Any, *given: Any) -> Any:
        """Do something, as one change set; None when it is refused in words."""
        from_here = _last()
        try:
            with transaction.atomic():
                done = command(*given)
        except (Refused, Invalid, NotFound, UnknownField):
            return None
        if (last := _last()) != from_here:
            self.acts.append(last)
        return done

    def teardown(self) -> None:
        try:
            for act in reversed(self.acts):
                assert undo(self.actor, act).kept == ()
            assert list(canonical()) == self.first
        finally:
            forget()
            transaction.set_rollback(True)
            self.outer.__exit__(None, None, None)


def _last() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(id) FROM history_change_set")
        (found,) = cursor.fetchone()
    return found or 0


@pytest.mark.django_db
def test_any_sequence_with_merges_can_be_undone_to_the_first_state() -> None:
    install()
    bounded = settings(
        max_examples=25, stateful_step_count=20, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    run_state_machine_as_test(Merging, settings=bounded)


def test_links_of_every_declared_type_are_known() -> None:
    """What changes over is derived from the declarations: a link that is missing here would lose rows."""
    for name in DECLARED:
        for record in DECLARED:
            for one in DECLARED[record].record.fields.values():
                if isinstance(one.kind, Link) and one.kind.to == name:
                    assert (record, one.name) in links_to(name)
