"""Groups: each row in its group by any column, in order, page by page; the sums of the groups are the total."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rapporto.domain.parties.models import Party
from rapporto.kernel.actor import Actor
from rapporto.kernel.kinds import Links
from rapporto.kernel.record import Field
from rapporto.kernel.text import BadValue
from rapporto.kernel.where import EVERYTHING, Where, field
from rapporto.store import asking, group_reading, userfields
from rapporto.store.groups import Group, Grouping, group_of, group_page, groupings, subtotals, total
from rapporto.store.history.as_of import as_of
from rapporto.store.pages import page
from rapporto.store.reaching import reachable
from rapporto.store.records import find
from rapporto.store.userfields import record_type
from rapporto.store.write import save
from tests.cast import casale, enters
from tests.store.register import MANAGER, MOMENT

NAMED = field("name").is_filled()


@pytest.fixture(params=[0, 10_000], ids=["walking", "gathering"])
def planned(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """One of the two plans."""
    monkeypatch.setattr(asking, "few", lambda declaration: request.param)
    asking.forget_estimates()


def ways(name: str) -> list[tuple[Field, str]]:
    """Every column of a type with every step by which it is grouped."""
    record = record_type(name)
    return [(one, step) for one in (*record.fields.values(), *reachable(MANAGER, record)) for step in groupings(one)]


def all_groups(
    actor: Actor, name: str, grouping: Grouping, where: Where = EVERYTHING, size: int = 2, *, down: bool = False
) -> list[Group]:
    """The groups of all pages."""
    found: list[Group] = []
    after: str | None = ""
    while after is not None:
        one = group_page(actor, name, where, grouping, down=down, after=after or None, size=size)
        assert len(one.groups) <= size + 1
        found, after = [*found, *one.groups], one.after
    return found


def ids(where: Where, name: str = "party") -> list[int]:
    """The ids of what satisfies a condition."""
    return [pk for pk, _ in page(MANAGER, name, where, size=100).rows]


@pytest.mark.parametrize("where", [EVERYTHING, NAMED], ids=["all", "filtered"])
def test_each_row_stands_in_one_group_of_every_column(register: dict[str, str], planned: None, where: Where) -> None:
    for one, step in ways("party"):
        grouping = Grouping(one.name, step)
        groups = all_groups(MANAGER, "party", grouping, where)
        assert len({group.key for group in groups}) == len(groups)
        there = [pk for group in groups for pk in ids(where & group.where)]
        assert set(there) == set(ids(where)), grouping
        assert len(there) == len(set(there)) or isinstance(one.kind, Links), grouping
        assert "-" not in [group.key for group in groups[:-1]], grouping
        backwards = all_groups(MANAGER, "party", grouping, where, size=3, down=True)
        assert [group.key for group in backwards if group.key != "-"] == [
            group.key for group in reversed(groups) if group.key != "-"
        ], grouping
        for group in groups:
            again = group_of(MANAGER, "party", Grouping.read(grouping.text()), group.key)
            assert (again.key, again.where) == (group.key, group.where)


SECOND = ("phase", "types", "owner.team", "birth_date:year", "industry.code", "name:initial")


@pytest.mark.parametrize("second", SECOND)
def test_what_the_groups_come_to_is_what_their_rows_come_to(
    register: dict[str, str], planned: None, second: str
) -> None:
    sums = ("turnover", "activities_count", register["integer"], register["money"])
    inner, everything = Grouping.read(second), total(MANAGER, "party", NAMED, sums)
    first = [way for way in ways("party") if way[0].name != inner.path]
    for one, step in first[SECOND.index(second) :: len(SECOND)]:
        groups = all_groups(MANAGER, "party", Grouping(one.name, step), NAMED, size=50)
        told = subtotals(MANAGER, "party", NAMED, [Grouping(one.name, step), inner], groups, sums)
        for group in groups:
            rows = find(MANAGER, "party", NAMED & group.where)
            turnovers = [row.turnover for row in rows if row.turnover is not None]
            assert told[(group.key,)].number == len(rows), (one.name, group)
            assert told[(group.key,)].sums["turnover"] == (sum(turnovers) if turnovers else None)
            within = {key[1] for key in told if len(key) == 2 and key[0] == group.key}
            assert within == {g.key for g in all_groups(MANAGER, "party", inner, NAMED & group.where, size=50)}
        if not isinstance(one.kind, Links):
            assert sum(told[(group.key,)].number for group in groups) == everything.number


def test_subtotals_cost_the_same_for_few_groups_and_many(register: dict[str, str]) -> None:
    costs = []
    both = [Grouping("city"), Grouping("industry")]
    for size in (1, 50):
        groups = group_page(MANAGER, "party", EVERYTHING, both[0], size=size).groups
        subtotals(MANAGER, "party", EVERYTHING, both, groups, ["turnover"])  # the estimates are learned here
        with CaptureQueriesContext(connection) as queries:
            subtotals(MANAGER, "party", EVERYTHING, both, groups, ["turnover"])
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 3


def test_activities_are_grouped_by_the_local_day(register: dict[str, str], planned: None) -> None:
    party = Party.objects.values_list("pk", flat=True)[0]
    for at in (datetime(2026, 3, 31, 21, 59, 59, 999_999, UTC), datetime(2026, 3, 31, 22, tzinfo=UTC)):
        save(MANAGER, "activity", {"party": party, "subject": "a cavallo", "at": at, "kind": "call"})
    subject = field("subject").eq("a cavallo")
    for step, keys in (("day", ["2026-03-31", "2026-04-01"]), ("month", ["2026-03", "2026-04"]), ("year", ["2026"])):
        groups = all_groups(MANAGER, "activity", Grouping("at", step), subject)
        assert [group.key for group in groups] == keys
        told = subtotals(MANAGER, "activity", subject, [Grouping("at", step)], groups, ())
        assert [told[(key,)].number for key in keys] == [2 // len(keys)] * len(keys)
    assert groups[0].label_value == (date(2026, 1, 1), date(2026, 12, 31))


def test_amounts_stand_in_bands_of_whole_euros(register: dict[str, str], planned: None) -> None:
    Party.objects.all().update(turnover=None)
    amounts = (-150, 0, 99, 100, 25_000, 25_099, 49_999, 50_000)
    for pk, amount in zip(Party.objects.values_list("pk", flat=True), amounts, strict=False):
        save(MANAGER, "party", {"turnover": amount}, pk)
    groups = all_groups(MANAGER, "party", Grouping("turnover", "band"))
    labels = [(-199, -100), (0, 99), (100, 199), (20_000, 49_999), (50_000, 99_999), None]
    assert [group.label_value for group in groups] == labels


def test_absurd_amounts_are_summed_without_failing(register: dict[str, str], planned: None) -> None:
    Party.objects.all().update(turnover=2**53 * 100)
    groups = all_groups(MANAGER, "party", Grouping("kind"))
    told = subtotals(MANAGER, "party", EVERYTHING, [Grouping("kind"), Grouping("phase")], groups, ["turnover"])
    assert all((one.sums["turnover"] or 0) >= 2**62 for one in told.values())
    assert (total(MANAGER, "party", EVERYTHING, ["turnover"]).sums["turnover"] or 0) >= 2**62
    assert page(MANAGER, "party", sort="-units.turnover.sum", columns=("units.turnover.sum",)).rows


def test_choices_stand_in_the_order_of_their_list(register: dict[str, str], planned: None) -> None:
    pks = list(Party.objects.values_list("pk", flat=True))
    for pk, phase in zip(pks, ("lost", "suspect", "customer", "cold_lead"), strict=False):
        save(MANAGER, "party", {"phase": phase}, pk)
    for pk in pks[4:]:
        Party.objects.filter(pk=pk).update(phase="of_another_time")
    keys = [group.key for group in all_groups(MANAGER, "party", Grouping("phase"))]
    assert keys == ["suspect", "customer", "cold_lead", "lost", "of_another_time"]
    downwards = all_groups(MANAGER, "party", Grouping("phase"), down=True)
    assert [group.key for group in downwards] == keys[::-1]


def test_links_stand_in_the_order_of_their_names(register: dict[str, str], planned: None) -> None:
    found = group_page(MANAGER, "party", EVERYTHING, Grouping("industry"))
    assert [found.titles.get(group.label_value) for group in found.groups] == ["Meccanica", "Tessile", None]


HOSTILE = (
    "-",
    "--",
    "---",
    "%",
    "_",
    "' OR 1=1 --",
    "<b>x</b>",
    "a\u202eb",
    "{0}",
    "%s",
    "..",
    "a,b:c",
    "ß",
    "👩‍👩‍👧",
    "\\",
)


def test_hostile_texts_are_groups_like_others(db: None, planned: None) -> None:
    userfields.forget()
    for text in HOSTILE:
        save(MANAGER, "party", {"name": "x", "city": text})
    save(MANAGER, "party", {"name": "x"})
    for size in (1, 4):
        groups = all_groups(MANAGER, "party", Grouping("city"), size=size)
        assert len(groups) == len(HOSTILE) + 1
        told = subtotals(MANAGER, "party", EVERYTHING, [Grouping("city")], groups, ())
        assert {told[(group.key,)].number for group in groups} == {1}
        assert {group.label_value for group in groups} == {*HOSTILE, None}
        for group in groups:
            again = group_of(MANAGER, "party", Grouping("city"), group.key)
            assert again == group
            assert len(ids(again.where)) == 1


def test_a_thousand_groups_are_paged_once_each(db: None) -> None:
    userfields.forget()
    asking.forget_estimates()
    Party.objects.bulk_create(Party(name=f"Ditta {at:04}", city=f"Luogo {at % 1000:03}") for at in range(1_200))
    for where in (EVERYTHING, NAMED):
        for down in (False, True):
            groups = all_groups(MANAGER, "party", Grouping("city"), where, size=50, down=down)
            assert len(groups) == len({group.key for group in groups}) == 1_000
    assert sum(len(ids(group.where)) for group in groups[:20]) == 20 + sum(int(g.key[-3:]) < 200 for g in groups[:20])


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("birth_date:month", "2026-13"), ("birth_date:month", "ieri"), ("turnover:band", "molto"), ("industry", "x"),
        ("industry", "9" * 30), ("city", ""), ("city", "a\0b"), ("birth_date:year", ""), ("types", "-1x"),
    ],
)  # fmt: skip
def test_a_token_that_is_none_is_told(register: dict[str, str], text: str, key: str) -> None:
    with pytest.raises(BadValue):
        group_of(MANAGER, "party", Grouping.read(text), key)


@pytest.mark.parametrize("text", ["notes", "activities.count", "name:month", "turnover:initial"])
def test_what_cannot_be_grouped_is_told(register: dict[str, str], text: str) -> None:
    with pytest.raises(BadValue):
        group_page(MANAGER, "party", EVERYTHING, Grouping.read(text))


def test_an_agent_has_groups_of_what_the_agent_sees(db: None, planned: None) -> None:
    userfields.forget()
    anna, carla = enters("Anna"), enters("Carla")
    casale(anna, province="VR", turnover=5)
    save(MANAGER, "party", {"name": "Altra", "province": "MI", "turnover": 7, "owner": carla.user_id})
    found = group_page(anna, "party", EVERYTHING, Grouping("province"))
    assert [group.key for group in found.groups] == ["VR"]
    everyone = group_page(MANAGER, "party", EVERYTHING, Grouping("province")).groups
    told = subtotals(anna, "party", EVERYTHING, [Grouping("province"), Grouping("phase")], everyone, ["turnover"])
    assert {keys: (one.number, one.sums["turnover"]) for keys, one in told.items()} == {
        ("VR",): (1, 5), ("VR", "customer"): (1, 5),
    }  # fmt: skip
    assert group_page(Actor(None, "nobody"), "party", EVERYTHING, Grouping("province")).groups == ()
    assert total(Actor(None, "nobody"), "party", EVERYTHING, ["turnover"]).number == 0


@pytest.mark.parametrize("within", [1, 3, 10_000])
def test_groups_of_which_an_agent_sees_nothing_are_left_out(
    register: dict[str, str], monkeypatch: pytest.MonkeyPatch, within: int
) -> None:
    """Whether they are walked through row by row, or all rows are looked at once."""
    monkeypatch.setattr(asking, "few", lambda declaration: 0)
    monkeypatch.setattr(group_reading, "WITHIN", within)
    asking.forget_estimates()
    anna = enters("Anna")
    mine = list(Party.objects.filter(owner_id=anna.user_id).values_list("pk", flat=True))
    for at, pk in enumerate(Party.objects.values_list("pk", flat=True)):
        region = {"province": ("VR", "MI", "NA")[at % 3]} if pk in mine else {"province": ("AO", "TS", "VR")[at % 3]}
        save(MANAGER, "party", region, pk)
    for name in ("province", "region", "phase", "industry", "owner", "turnover", "city", "kind"):
        for down in (False, True):
            seen = all_groups(anna, "party", Grouping(name), size=2, down=down)
            everyone = all_groups(MANAGER, "party", Grouping(name), EVERYTHING)
            wanted = {one.key for one in everyone if find(anna, "party", one.where).exists()}
            assert {one.key for one in seen} == wanted, name
            assert len(seen) == len(wanted)
            for one in seen:
                assert group_of(anna, "party", Grouping(name), one.key) == one


def test_groups_and_numbers_of_the_past(db: None) -> None:
    userfields.forget()
    asking.forget_estimates()
    bruno = enters("Bruno")
    party = casale(bruno, province="VR", turnover=100)
    other = save(bruno, "party", {"name": "Altra", "province": "AO", "phase": "lost"})
    call = save(bruno, "activity", {"party": party.pk, "subject": "x", "at": MOMENT, "kind": "call"})
    then = datetime.now(UTC)
    while datetime.now(UTC) - then < timedelta(milliseconds=2):
        pass
    save(bruno, "party", {"province": "MI", "turnover": 900}, party.pk)
    save(bruno, "activity", {"party": other.pk}, call.pk)

    def seen() -> tuple[Any, ...]:
        customers = field("phase").eq("customer")
        groups = group_page(bruno, "party", customers, Grouping("province")).groups
        named = group_page(bruno, "party", customers, Grouping("name")).groups
        assert [group.label_value for group in named] == ["Ditta Casale"]
        assert [group.key for group in group_page(bruno, "party", customers, Grouping("phase")).groups] == ["customer"]
        assert len(group_page(bruno, "activity", EVERYTHING, Grouping("at", "month")).groups) == 1
        told = subtotals(bruno, "party", customers, [Grouping("province"), Grouping("owner")], groups, ["turnover"])
        shown = page(
            bruno, "party", customers, sort="-activities.count", columns=("activities.count", "owner.name")
        ).rows
        numbers = [one.sums["turnover"] for keys, one in told.items() if len(keys) == 2]
        return (
            [group.key for group in groups],
            numbers,
            shown[0][1],
            total(bruno, "party", customers, ["turnover"]).sums["turnover"],
        )

    assert seen() == (["MI"], [900], (0, "Bruno"), 900)
    with as_of(then + timedelta(milliseconds=1)):
        assert seen() == (["VR"], [100], (1, "Bruno"), 100)
