"""One filter language: Python, SQLite and PostgreSQL give the same rows, user-made fields, blanks, accents and case included."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rapporto.domain.parties.models import Industry, Party, PartyType
from rapporto.domain.people.models import User
from rapporto.kernel.actor import Actor
from rapporto.kernel.evaluate import holds
from rapporto.kernel.kinds import Links
from rapporto.kernel.where import NOTHING, Where, bind, field, related
from rapporto.store import userfields
from rapporto.store.asking import forget_estimates, question
from rapporto.store.records import find
from rapporto.store.write import save
from tests.store.reading import StoredRow

MANAGER = Actor(None, "Bruno", frozenset({"manager"}))
NAMES = (
    "Perù & Città S.r.l.",
    "PERU",
    "perù",
    "Ditta Casale",
    "ditta  casale",
    "100% Lana_Fine",
    "Ärzte",
    "Straße",
    "",
)
MADE = ("text", "integer", "money", "date", "tick", "choice")
SETTINGS = {"choice": {"choices": [["a", "Alta"], ["b", "Bassa"]]}}


@pytest.fixture
def register(db: None) -> Iterator[dict[str, str]]:
    """A small register with every kind of blank, and one user-made field of each kind; gives their names by kind."""
    userfields.forget()
    forget_estimates()
    made = {
        kind: userfields.make_field(MANAGER, "party", f"Campo {kind}", kind, SETTINGS.get(kind)).name for kind in MADE
    }
    anna = User.objects.create_user("anna@esempio.it", name="Anna", role="agent")
    industries = [Industry.objects.create(name=name).pk for name in ("Meccanica", "Tessile")]
    types = [PartyType.objects.create(name=name).pk for name in ("Cliente", "Fornitore")]
    parties = [save(MANAGER, "party", values(at, made, anna.pk, industries, types)).pk for at in range(2 * len(NAMES))]
    for at, pk in enumerate(parties[:7]):
        for number in range(at % 4):
            about = {
                "party": pk,
                "kind": ("call", "visit")[number % 2],
                "subject": f"{NAMES[at]} {number}",
                "at": MOMENT,
            }
            save(MANAGER, "activity", about)
    yield made
    userfields.forget()


def values(at: int, made: dict[str, str], owner: int, industries: list[int], types: list[int]) -> dict[str, Any]:
    """The values of one party of the register: some fields filled, others blank, in every mixture."""
    found: dict[str, Any] = {"name": NAMES[at % 9] or "Senza nome", "kind": ("organisation", "person")[at % 2]}
    if at % 3:
        found |= {"province": ("VR", "VI", "MI")[at % 3], "turnover": at * 1_000, "birth_date": date(2020, 1, 1 + at)}
        found |= {
            made["text"]: NAMES[-at % 9],
            made["integer"]: at - 5,
            made["money"]: at * 10,
            made["tick"]: at % 2 == 0,
        }
        found |= {made["date"]: date(2024, 5, 1 + at % 7), made["choice"]: "ab"[at % 2]}
    if at % 4:
        found |= {"industry": industries[at % 2], "owner": owner, "types": [types[at % 2]]}
    if at % 5 == 1:
        found |= {"types": types, "city": NAMES[at % 9], "notes": f"riga uno\n{NAMES[at % 9]}"}
    return found


MOMENT = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)
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
        st.builds(counted, WORDS, st.sampled_from(("at_least", "at_most", "exactly")), st.integers(0, 3)),
    )


BLANKS = st.sampled_from(("is_blank", "is_filled"))


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
