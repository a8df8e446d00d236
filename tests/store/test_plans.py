"""The plans of the database: every comparison an index can serve is served by it, on user-made fields as on stored ones."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rapporto.domain.parties.models import Party
from rapporto.kernel.actor import Actor
from rapporto.kernel.where import EVERYTHING, Where, field
from rapporto.store import asking, field_indexes, made_fields, userfields
from rapporto.store.declare import DECLARED
from rapporto.store.groups import Grouping, group_page, subtotals
from rapporto.store.pages import page
from rapporto.store.records import find
from rapporto.store.write import save

BRUNO = Actor(None, "Bruno", frozenset({"manager"}))
VALUES: dict[str, Any] = {
    "text": "Tornio",
    "code": "AB12",
    "integer": 12,
    "money": 1250,
    "date": date(2026, 3, 4),
    "choice": "a",
    "tick": True,
}
COMPARED = ("eq", "lt", "le", "gt", "ge", "starts_with", "is_in", "is_filled")


@pytest.fixture
def made(db: None) -> dict[str, str]:
    """One user-made field of each kind, by kind, and a few parties that fill them."""
    choices = {"choices": [["a", "Alta"], ["b", "Bassa"]]}
    names = {kind: made_fields.make_field(BRUNO, "party", f"Campo {kind}", kind, choices).name for kind in VALUES}
    for at in range(20):
        save(BRUNO, "party", {"name": f"Ditta {at}", **{names[kind]: value for kind, value in VALUES.items()}})
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_bitmapscan = off")
    return names


def asked(name: str, op: str, value: Any) -> Where:
    """The comparison of a field by the name of the operator."""
    at = field(name)
    return at.is_filled() if op == "is_filled" else at.is_in([value]) if op == "is_in" else getattr(at, op)(value)


def plan(where: Where) -> str:
    """How the database would find the rows."""
    return find(BRUNO, "party", where).order_by().values("pk").explain()


@pytest.mark.parametrize("kind", list(VALUES))
def test_every_comparison_of_a_user_made_field_uses_its_index(made: dict[str, str], kind: str) -> None:
    known = userfields.record_type("party").field(made[kind])
    for op in set(known.kind.ops) & set(COMPARED):
        explained = plan(asked(known.name, op, VALUES[kind]))
        assert field_indexes.index_name("party", known) in explained, (op, explained)


@pytest.mark.parametrize("kind", [kind for kind in VALUES if kind != "tick"])
@pytest.mark.parametrize("sign", ["", "-"])
def test_sorting_by_a_user_made_field_walks_its_index(made: dict[str, str], kind: str, sign: str) -> None:
    index = field_indexes.index_name("party", userfields.record_type("party").field(made[kind]))
    assert index in page_plan(sign + made[kind])


@pytest.mark.parametrize(
    "name", [name for name, one in DECLARED["party"].columns.items() if one.indexed and name != "types"]
)
def test_every_indexed_column_serves_comparison_and_sort(made: dict[str, str], name: str) -> None:
    kind = userfields.record_type("party").field(name).kind
    value = {"text": "Verona", "integer": 7}.get(kind.sql, "x")
    value = date(2026, 3, 4) if kind.name == "date" else value
    for op in {"eq", "is_in"} & set(kind.ops):
        assert "INDEX" in plan(asked(name, op, value)).upper(), (name, op)
    for sign in ("", "-"):
        assert "USE TEMP B-TREE" not in page_plan(sign + name).upper()


def page_plan(sort: str, where: Where = EVERYTHING) -> str:
    """How the first page of a sort is read."""
    found: list[str] = []

    def explain(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if "ORDER BY" in sql and sql.startswith("SELECT") and not found and Party._meta.db_table in sql:
            with connection.cursor() as cursor:
                cursor.execute(("EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN ") + sql, params)
                found.append("\n".join(str(row) for row in cursor.fetchall()))
        return execute(sql, params, many, context)

    page(BRUNO, "party", where, sort=sort)  # the estimates are learned here
    with connection.execute_wrapper(explain):
        page(BRUNO, "party", where, sort=sort)
    return found[0]


def test_an_index_on_the_filters_and_the_sort_is_walked_as_it_is(made: dict[str, str]) -> None:
    where = field("province").eq("VR") & field("industry").eq(1)
    for sign in ("", "-"):
        explained = page_plan(sign + "turnover", where)
        assert "B-TREE FOR ORDER BY" not in explained.upper()
        if connection.vendor == "sqlite":  # of so few rows PostgreSQL reads them by any index
            assert "party_by_ground" in explained


def explained(act: Callable[[], Any], part: str) -> str:
    """How the database carries out the statement of an act that has this part."""
    act()  # the estimates are learned here
    with CaptureQueriesContext(connection) as queries:
        act()
    sql = next(one["sql"] for one in queries.captured_queries if part in one["sql"])
    with connection.cursor() as cursor:
        cursor.execute(("EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN ") + sql)
        return "\n".join(str(row) for row in cursor.fetchall())


@pytest.mark.parametrize(
    ("text", "index"),
    [
        ("province", "party_by"),
        ("name:initial", "party_by_name"),
        ("turnover:band", "party_by_turnover"),
        ("made", "made_"),
    ],
)
def test_groups_are_sought_in_the_index_of_their_key(made: dict[str, str], text: str, index: str) -> None:
    grouping = Grouping.read(made["text"] if text == "made" else text)
    plan = explained(lambda: group_page(BRUNO, "party", EVERYTHING, grouping), "walk")
    assert index in plan
    assert "Seq Scan" not in plan
    assert "SCAN parties_party'" not in plan


@pytest.mark.postgresql
@pytest.mark.django_db
def test_a_set_as_large_as_the_register_is_never_asked_beside_an_or(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "few", lambda declaration: -1)
    asking.forget_estimates()
    anna = Actor(1, "Anna", frozenset({"agent"}))
    rows = asking.Asked(anna, asking.question(anna), reads_all=True).records("affiliation")
    explained = rows.order_by().values("pk").explain()
    assert "OR" in explained
    assert " IN (SELECT" not in str(rows.query)


@pytest.mark.sqlite
def test_sums_of_two_levels_follow_the_order_of_one_index(
    made: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "few", lambda declaration: 0)
    asking.forget_estimates()
    both = [Grouping("region"), Grouping("phase")]
    groups = group_page(BRUNO, "party", EVERYTHING, both[0]).groups
    plan = explained(lambda: subtotals(BRUNO, "party", EVERYTHING, both, groups, ["turnover"]), "grouped")
    assert "COVERING INDEX party_by_cube" in plan


def test_a_sort_by_a_linked_record_starts_from_its_rows(made: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "few", lambda declaration: 0)
    asking.forget_estimates()
    save(BRUNO, "party", {"industry": save(BRUNO, "industry", {"name": "Meccanica"}).pk}, Party.objects.all()[0].pk)
    asking.forget_estimates()
    plan = explained(lambda: page(BRUNO, "party", sort="industry.name"), "t.value")
    # of so few rows PostgreSQL reads them by any index
    assert ("party_by_industry" if connection.vendor == "sqlite" else "unnest") in plan
