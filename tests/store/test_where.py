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
    industries = [Industry.objects.create(name=name) for name in ("Meccanica", "Tessile")]
    types = [PartyType.objects.create(name=name) for name in ("Cliente", "Fornitore")]
    parties = []
    for at, name in enumerate(NAMES * 2):
        values: dict[str, Any] = {"name": name or "Senza nome", "kind": ("organisation", "person")[at % 2]}
        if at % 3:
            values |= {
                "province": ("VR", "VI", "MI")[at % 3],
                "turnover": at * 1_000,
                "birth_date": date(2020, 1, 1 + at),
            }
            values |= {
                made["text"]: NAMES[-at % 9],
                made["integer"]: at - 5,
                made["money"]: at * 10,
                made["tick"]: at % 2 == 0,
            }
            values |= {made["date"]: date(2024, 5, 1 + at % 7), made["choice"]: "ab"[at % 2]}
        if at % 4:
            values |= {"industry": industries[at % 2].pk, "owner": anna.pk, "types": [types[at % 2].pk]}
        if at % 5 == 1:
            values |= {"types": [one.pk for one in types], "city": NAMES[at % 9], "notes": f"riga uno\n{NAMES[at % 9]}"}
        parties.append(save(MANAGER, "party", values).pk)
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


MOMENT = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)
WORDS = st.sampled_from(("per", "PERÙ", "città", "a", "%", "_", "ß", "ss", "casale", "s.r.l", "", "zz"))


def comparisons(made: dict[str, str]) -> st.SearchStrategy[Where]:
    """Random single comparisons on every kind of field, own and linked."""
    record = userfields.record_type("party")
    texts = st.sampled_from(("name", "city", "notes", made["text"], "industry.name", "owner.name"))
    numbers = st.sampled_from(("turnover", "employees", made["integer"], made["money"]))
    days = st.sampled_from(("birth_date", made["date"]))
    codes = st.sampled_from(("province", "kind", "phase", "industry.code", made["choice"]))
    anything = st.sampled_from(
        [n for n, f in record.fields.items() if not isinstance(f.kind, Links) and f.kind.name != "tick"]
    )
    order = st.sampled_from(("eq", "ne", "lt", "le", "gt", "ge"))
    day = st.dates(date(2019, 12, 30), date(2024, 5, 9))
    return st.one_of(
        st.builds(
            lambda f, op, v: getattr(field(f), op)(v), texts, st.sampled_from(("contains", "starts_with")), WORDS
        ),
        st.builds(
            lambda f, op, v: getattr(field(f), op)(v),
            texts.filter(lambda one: one != "notes"),
            order,
            st.sampled_from(NAMES),
        ),
        st.builds(
            lambda f, op, v: getattr(field(f), op)(v), numbers, order, st.integers(-6, 20) | st.integers(0, 20_000)
        ),
        st.builds(lambda f, op, v: getattr(field(f), op)(v), days, order, day),
        st.builds(
            lambda f, op, v: getattr(field(f), op)(v),
            codes,
            order,
            st.sampled_from(("VR", "MI", "a", "b", "person", "", "zz")),
        ),
        st.builds(
            lambda f, v: field(f).is_in(v), codes, st.lists(st.sampled_from(("VR", "VI", "b", "person")), max_size=3)
        ),
        st.builds(lambda v: field(made["tick"]).eq(v), st.booleans()),
        st.builds(lambda v: field("types").is_in(v), st.lists(st.integers(0, 40), max_size=3)),
        st.builds(lambda f, op: getattr(field(f), op)(), anything, st.sampled_from(("is_blank", "is_filled"))),
        st.builds(lambda op: getattr(field("types"), op)(), st.sampled_from(("is_blank", "is_filled"))),
        st.builds(
            lambda word, how, number: getattr(related("activities").where(field("subject").contains(word)), how)(
                number
            ),
            WORDS,
            st.sampled_from(("at_least", "at_most", "exactly")),
            st.integers(0, 3),
        ),
    )


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
