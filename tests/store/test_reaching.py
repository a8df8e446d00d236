"""Paths: fields of linked records and numbers told from related ones, shown, sorted and filtered; what may not be seen stays unseen."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from rapporto.domain.parties.models import Party
from rapporto.kernel.actor import Actor
from rapporto.kernel.evaluate import told_from
from rapporto.kernel.record import Field, UnknownField
from rapporto.kernel.where import EVERYTHING, Where, field, related
from rapporto.store import asking, page_linked
from rapporto.store.declare import DECLARED
from rapporto.store.groups import Grouping, group_page, subtotals, total
from rapporto.store.pages import page
from rapporto.store.reaching import Reached, reach, reachable
from rapporto.store.userfields import record_type
from rapporto.store.write import save
from tests.cast import casale, enters
from tests.store.reading import StoredRow
from tests.store.register import MANAGER, MOMENT

PLANS = ((0, 2_000), (0, -1), (10_000, 2_000))
"""Walking a few linked records or the index of many, and gathering few rows."""


def columns(actor: Actor, name: str) -> list[Field]:
    """Every column of a type: its own and those that can be reached."""
    record = record_type(name)
    return [*record.seen_by(actor).fields.values(), *reachable(actor, record)]


def expected(row: StoredRow, path: str) -> Any:
    """What a path says of a row, by the kernel's own meaning."""
    step, _, rest = path.partition(".")
    if step in row.record_type.relations:
        return told_from(list(row.related(step)), rest)[1]
    if not rest:
        return row.value(path)
    linked = row.link(step)
    return linked.value(rest) if linked else None


@pytest.mark.parametrize("name", ["party", "activity"])
def test_every_column_shows_what_the_kernel_says(register: dict[str, str], name: str) -> None:
    shown = columns(MANAGER, name)
    found = page(MANAGER, name, size=100, columns=[one.name for one in shown])
    assert found.rows
    for pk, values in found.rows:
        row = StoredRow.of(MANAGER, name, DECLARED[name].model._default_manager.get(pk=pk))
        for one, value in zip(shown, values, strict=True):
            wanted = expected(row, one.name)
            assert value == wanted or (value in (None, "") and wanted in (None, "")), one.name


def test_columns_beyond_the_record_cost_one_query_for_each_link_and_relation(register: dict[str, str]) -> None:
    shown = ("name", "industry.name", "industry.code", "activities.count", "activities.at.max", "units.turnover.sum")
    costs = []
    for where in (field("kind").eq("person"), field("kind").is_filled()):
        page(MANAGER, "party", where, columns=shown)  # the estimates are learned here
        with CaptureQueriesContext(connection) as queries:
            page(MANAGER, "party", where, columns=shown)
        costs.append(len(queries))
    assert abs(costs[0] - costs[1]) <= 1  # one more, where the index of the sort is gone along
    assert max(costs) <= 8


@pytest.fixture(params=PLANS, ids=["few linked", "many linked", "few rows"])
def planned(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """One of the plans."""
    limit, small = request.param
    monkeypatch.setattr(asking, "few", lambda declaration: limit)
    monkeypatch.setattr(page_linked, "_SMALL", small)
    asking.forget_estimates()


@pytest.mark.parametrize("sign", ["", "-"])
def test_every_path_sorts_each_row_once_and_in_order(register: dict[str, str], planned: None, sign: str) -> None:
    for one in columns(MANAGER, "party"):
        if one.kind.name == "links" or (not isinstance(one, Reached) and not one.link):
            continue  # own columns have tests of their own
        rows = list(walked(MANAGER, "party", sign + one.name, (one.name,)))
        assert sorted(pk for pk, _ in rows) == sorted(Party.objects.values_list("pk", flat=True)), one.name
        keys = [keyed(one, pk, values[0]) for pk, values in rows]
        filled = [key for key in keys if key is not None]
        assert keys[len(filled) :] == [None] * (len(keys) - len(filled)), one.name
        assert filled == sorted(filled, reverse=bool(sign)), one.name


def keyed(one: Field, pk: int, value: Any) -> Any:
    """What a value is sorted by: a link by what the record is called that it leads to."""
    if one.link and not isinstance(one, Reached):
        target = DECLARED[one.link]
        row = target.model._default_manager.filter(pk=value).first()
        return (
            None
            if row is None
            else target.record.field(target.record.title).kind.key(getattr(row, target.record.title))
        )
    return None if value is None else one.kind.key(value)


def walked(
    actor: Actor, name: str, sort: str, shown: tuple[str, ...], where: Where = EVERYTHING
) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """The rows of all pages one after the other."""
    after: str | None = ""
    while after is not None:
        found = page(actor, name, where, sort=sort, after=after or None, size=3, columns=shown)
        yield from found.rows
        after = found.after


def test_a_path_is_told_from_both_ends(register: dict[str, str]) -> None:
    record = record_type("party")
    with override("it"):
        labels = [str(reach(MANAGER, record, one).label) for one in ("industry.code", "activities.count")]
        labels += [str(reach(MANAGER, record, one).label) for one in ("units.turnover.sum", "activities.at.max")]
    assert labels == [
        "Settore → Codice ATECO", "Attività: numero", "Reparti: Fatturato annuo (somma)", "Attività: Quando (ultima data)",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "path",
    ["industry.colour", "nothing.count", "activities.total", "activities.subject.sum", "types.name", "name.name", "."],
)
def test_a_path_that_leads_nowhere_lists_those_that_do(register: dict[str, str], path: str) -> None:
    with pytest.raises(UnknownField):
        reach(MANAGER, record_type("party"), path)
    with pytest.raises(UnknownField):
        page(MANAGER, "party", columns=(path,))


def test_relations_and_fields_never_share_a_name() -> None:
    for declaration in DECLARED.values():
        assert not declaration.record.fields.keys() & declaration.record.relations.keys()


# ── what may not be seen ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def people(db: None) -> tuple[Actor, Actor, Actor]:
    """Anna and Carla, agents, and Bruno, the manager."""
    return enters("Anna"), enters("Carla"), enters("Bruno")


def test_private_activities_never_count_for_others(people: tuple[Actor, Actor, Actor]) -> None:
    anna, _carla, bruno = people
    party = casale(anna)
    other = save(bruno, "party", {"name": "Altra", "owner": anna.user_id})
    for private in (True, False):
        save(anna, "activity", {"party": party.pk, "subject": "x", "at": MOMENT, "kind": "call", "private": private})
    seen = {anna: 2, bruno: 1}
    for actor, number in seen.items():
        found = page(actor, "party", columns=("activities.count", "activities.at.max"), sort="-activities.count")
        assert [values[0] for _, values in found.rows] == [number, 0]
        assert [pk for pk, _ in page(actor, "party", field("activities.count").ge(2)).rows] == [party.pk] * (
            number // 2
        )
        assert total(actor, "activity", EVERYTHING, ()).number == number
        assert other.pk in [pk for pk, _ in page(actor, "party", field("activities.count").eq(0)).rows]


def test_a_linked_record_that_may_not_be_seen_is_blank_everywhere(people: tuple[Actor, Actor, Actor]) -> None:
    anna, carla, bruno = people
    for name, owner, turnover in (("Prima", carla, 5), ("Zeta", anna, 3)):
        whole = save(bruno, "party", {"name": name, "owner": owner.user_id, "turnover": turnover, "province": "VR"})
        save(bruno, "party", {"name": f"Reparto {name}", "owner": anna.user_id, "part_of": whole.pk, "kind": "unit"})
    units = field("kind").eq("unit")
    shown = ("name", "part_of.name", "part_of.turnover")
    for sort in ("part_of.name", "-part_of.turnover", "part_of", "-part_of"):
        rows = list(walked(anna, "party", sort, shown, units))
        assert [values for _, values in rows] == [("Reparto Zeta", "Zeta", 3), ("Reparto Prima", None, None)], sort
    assert [one.key for one in group_page(anna, "party", units, Grouping("part_of.name")).groups] == ["zeta", "-"]
    links = group_page(anna, "party", units, Grouping("part_of"))
    assert [links.titles.get(one.label_value) for one in links.groups] == ["Zeta", None]
    told = subtotals(anna, "party", units, [Grouping("part_of")], links.groups, ())
    assert [told[(one.key,)].number for one in links.groups] == [1, 1]
    for blank in (field("part_of.name").is_blank(), links.groups[1].where):
        assert [values[0] for _, values in page(anna, "party", units & blank, columns=("name",)).rows] == [
            "Reparto Prima"
        ]


@pytest.fixture
def hidden(people: tuple[Actor, Actor, Actor], monkeypatch: pytest.MonkeyPatch) -> Actor:
    """Anna, from whom the turnover of parties and the moment of activities are hidden; and two parties of hers."""
    for name, field_name in (("party", "turnover"), ("activity", "at")):
        one = DECLARED[name]
        record = replace(one.record, hidden={"agent": (field_name,)}, grid=("kind",), order="kind")
        monkeypatch.setitem(DECLARED._all, name, replace(one, record=record))
    anna = people[0]
    whole = casale(anna)
    save(anna, "party", {"name": "Unità", "part_of": whole.pk, "owner": anna.user_id})
    return anna


SECRETS = (
    field("turnover").gt(1), ~field("turnover").is_blank(), field("part_of.turnover").gt(1), field("units.turnover.sum").gt(1),
    field("part_of.part_of.turnover").gt(1), field("name").eq("x") | field("turnover").eq(1),
    related("units").where(field("turnover").gt(1)).some(), related("activities").where(field("at").is_filled()).some(),
)  # fmt: skip


@pytest.mark.parametrize("where", SECRETS, ids=str)
def test_no_filter_asks_for_what_is_hidden(hidden: Actor, where: Where) -> None:
    asks: tuple[Any, ...] = (
        lambda: page(hidden, "party", where),
        lambda: group_page(hidden, "party", where, Grouping("phase")),
        lambda: subtotals(hidden, "party", where, (), (), ()),
        lambda: total(hidden, "party", where, ()),
    )
    for ask in asks:
        with pytest.raises(UnknownField):
            ask()


@pytest.mark.parametrize("path", ["turnover", "part_of.turnover", "units.turnover.sum", "activities.at.max"])
def test_no_column_sort_group_or_sum_tells_what_is_hidden(hidden: Actor, path: str) -> None:
    asks: tuple[Any, ...] = (
        lambda: reach(hidden, record_type("party"), path),
        lambda: page(hidden, "party", columns=("name", path)),
        lambda: page(hidden, "party", sort=path),
        lambda: page(hidden, "party", sort=f"-{path}"),
        lambda: group_page(hidden, "party", EVERYTHING, Grouping(path)),
        lambda: total(hidden, "party", EVERYTHING, (path,)),
    )
    for ask in asks:
        with pytest.raises(UnknownField) as refused:
            ask()
        assert path not in refused.value.known
    assert path not in [one.name for one in reachable(hidden, record_type("party"))]


def test_what_is_hidden_changes_no_order_no_group_and_no_count(
    hidden: Actor, people: tuple[Actor, Actor, Actor]
) -> None:
    def seen() -> list[Any]:
        found: list[Any] = []
        for one in columns(hidden, "party"):
            if one.kind.name != "links":
                found += [[row[0] for row in walked(hidden, "party", sign + one.name, ("name",))] for sign in ("", "-")]
        found += [
            group_page(hidden, "party", EVERYTHING, Grouping(name)).groups for name in ("phase", "part_of", "name")
        ]
        return [*found, total(hidden, "party", EVERYTHING, ("units.count",))]

    before = seen()
    for pk in Party.objects.values_list("pk", flat=True):
        Party.objects.filter(pk=pk).update(turnover=-pk)
    assert seen() == before
