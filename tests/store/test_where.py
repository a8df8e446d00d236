"""One filter language: Python, SQLite and PostgreSQL give the same rows, user-made fields, blanks, accents and case included."""

from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rapporto.domain.parties.models import Party
from rapporto.kernel.actor import Actor
from rapporto.kernel.evaluate import holds
from rapporto.kernel.kinds import Links
from rapporto.kernel.where import NOTHING, Where, bind, field, related
from rapporto.store import userfields
from rapporto.store.asking import question
from rapporto.store.records import find
from tests.store.reading import StoredRow
from tests.store.register import MANAGER, MOMENT, NAMES

WORDS = st.sampled_from(("per", "PERÙ", "città", "a", "%", "_", "ß", "ss", "casale", "s.r.l", "", "zz"))
ORDERS = ("eq", "ne", "lt", "le", "gt", "ge")


def compared(names: Any, operators: Any, wanted: st.SearchStrategy[Any]) -> st.SearchStrategy[Where]:
    """Random comparisons of these fields by these operators with these values."""
    return st.builds(
        lambda name, op, value: getattr(field(name), op)(value),
        st.sampled_from(names),
        st.sampled_from(operators),
        wanted,
    )


def comparisons(made: dict[str, str]) -> st.SearchStrategy[Where]:
    """Random single comparisons on every kind of field, own and linked."""
    record = userfields.record_type("party")
    texts = ("name", "city", made["text"], "industry.name", "owner.name")
    codes = ("province", "kind", "phase", "industry.code", made["choice"])
    anything = [
        name for name, one in record.fields.items() if not isinstance(one.kind, Links) and one.kind.name != "tick"
    ]
    return st.one_of(
        compared((*texts, "notes"), ("contains", "starts_with"), WORDS),
        compared(texts, ORDERS, st.sampled_from(NAMES)),
        compared(
            ("turnover", "employees", made["integer"], made["money"]),
            ORDERS,
            st.integers(-6, 20) | st.integers(0, 20_000),
        ),
        compared(("birth_date", made["date"]), ORDERS, st.dates(date(2019, 12, 30), date(2024, 5, 9))),
        compared(codes, ORDERS, st.sampled_from(("VR", "MI", "a", "b", "person", "", "zz"))),
        compared(codes, ("is_in",), st.lists(st.sampled_from(("VR", "VI", "b", "person")), max_size=3)),
        compared((made["tick"],), ("eq",), st.booleans()),
        compared(("types",), ("is_in",), st.lists(st.integers(0, 40), max_size=3)),
        st.builds(lambda name, op: getattr(field(name), op)(), st.sampled_from([*anything, "types"]), BLANKS),
        compared(COUNTS, ORDERS, st.integers(-1, 4)),
        compared(COUNTS, ("is_in",), st.lists(st.integers(0, 3), max_size=3)),
        compared(SUMS, ORDERS, st.integers(0, 30_000)),
        compared((f"units.{made['integer']}.sum", f"units.{made['integer']}.max"), ORDERS, st.integers(-6, 30)),
        compared(
            ("units.birth_date.max", f"units.{made['date']}.min"),
            ORDERS,
            st.dates(date(2019, 12, 30), date(2024, 5, 9)),
        ),
        compared(("activities.at.max",), ORDERS[2:], st.sampled_from((MOMENT, MOMENT + timedelta(hours=1)))),
        compared(("part_of.activities.count", "industry.parties.count"), ORDERS, st.integers(0, 12)),
        st.builds(lambda name, op: getattr(field(name), op)(), st.sampled_from((*COUNTS, *SUMS)), BLANKS),
        st.builds(counted, WORDS, st.sampled_from(("at_least", "at_most", "exactly")), st.integers(0, 3)),
    )


BLANKS = st.sampled_from(("is_blank", "is_filled"))
COUNTS = ("activities.count", "units.count", "people.count")
SUMS = ("units.turnover.sum", "units.turnover.min", "units.employees.max")


def counted(word: str, how: str, number: int) -> Where:
    """So many activities whose subject has a word."""
    found: Where = getattr(related("activities").where(field("subject").contains(word)), how)(number)
    return found


def conditions(made: dict[str, str]) -> st.SearchStrategy[Where]:
    """Random conditions: comparisons joined and denied."""
    return st.recursive(
        comparisons(made),
        lambda inner: (
            st.builds(lambda a, b: a & b, inner, inner)
            | st.builds(lambda a, b: a | b, inner, inner)
            | st.builds(lambda a: ~a, inner)
        ),
        max_leaves=6,
    )


def test_python_and_the_database_agree_on_every_condition(register: dict[str, str]) -> None:
    rows = {row.pk: StoredRow.of(MANAGER, "party", row) for row in Party.objects.all()}

    @settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
    @given(conditions(register))
    def agree(where: Where) -> None:
        bound = bind(where, question(MANAGER))
        expected = {pk for pk, row in rows.items() if holds(bound, row)}
        assert set(find(MANAGER, "party", where).values_list("pk", flat=True)) == expected

    agree()


def test_a_denied_permission_opens_nothing(register: dict[str, str]) -> None:
    assert not find(MANAGER, "party", NOTHING).exists()
    assert find(MANAGER, "party", ~NOTHING).count() == Party.objects.count()
    assert not find(Actor(None, "nobody"), "party").exists()


def test_a_fragment_ignores_case_and_accents(register: dict[str, str]) -> None:
    found = find(MANAGER, "party", field("name").contains("PERU"))
    assert {row.name for row in found} == {"Perù & Città S.r.l.", "PERU", "perù"}


def test_percent_and_underscore_are_letters_like_others(register: dict[str, str]) -> None:
    assert {row.name for row in find(MANAGER, "party", field("name").contains("0% lana_f"))} == {"100% Lana_Fine"}
