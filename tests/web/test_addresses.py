"""Addresses of lists, both ways: what an address asks for can be written as an address again."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rapporto.kernel.actor import ADMINISTRATOR, Actor
from rapporto.kernel.kinds import Choice, Day, Integer, Kind, Link, Moment, Money, Text, Tick
from rapporto.kernel.where import EVERYTHING, ME, All, DaysFromToday, Where, field, related
from rapporto.store.declare import DECLARED
from rapporto.store.typed import split_sign
from rapporto.web.grid.addresses import parameters_of, read_address

ALDO = Actor(1, "Aldo", frozenset({ADMINISTRATOR}))
PARTY = DECLARED["party"].record


def again(where: Where) -> Where:
    """The condition of the address that was written for a condition."""
    parameters: dict[str, list[str]] = {}
    for name, value in parameters_of(where, PARTY):
        parameters.setdefault(name, []).append(value)
    return read_address(ALDO, "party", parameters).where


@pytest.mark.parametrize(
    "where",
    [
        EVERYTHING,
        field("province").eq("VR"),
        field("turnover").ge(100_050),
        field("phase").is_in(["lead", "customer"]),
        field("types").is_in([3, 12]),
        field("owner").eq(ME),
        field("next_activity").le(DaysFromToday(-3)),
        field("next_activity").eq(DaysFromToday(0)),
        field("birth_date").lt(date(1970, 2, 28)),
        field("notes").is_blank(),
        field("territory_by_hand").eq(True),
        field("industry.name").contains("mecc"),
        field("province").eq("VR") & field("turnover").ge(1) & field("phone").is_filled(),
    ],
    ids=str,
)
def test_a_condition_comes_back_from_its_address(where: Where) -> None:
    assert again(where) == where


VALUES: dict[type[Kind], Any] = {
    Text: st.text(
        st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Zs", "Zl", "Zp")), min_size=1, max_size=30
    ),
    Integer: st.integers(-(10**9), 10**9),
    Money: st.integers(-(10**11), 10**11),
    Day: st.dates(date(1900, 1, 1), date(2100, 1, 1)),
    Tick: st.booleans(),
    Link: st.integers(1, 10**6),
}


@st.composite
def comparisons_of_a_party(draw: st.DrawFn) -> Where:
    """One comparison that the grid offers."""
    named = [one for one in PARTY.fields.values() if type(one.kind) in VALUES or isinstance(one.kind, Choice)]
    one = draw(st.sampled_from(named))
    values = (
        st.sampled_from([code for code, _ in one.kind.choices])
        if isinstance(one.kind, Choice)
        else VALUES[type(one.kind)]
    )
    op = draw(st.sampled_from([op for op in one.kind.ops if op not in ("contains", "starts_with", "is_in")]))
    path: Any = field(one.name)
    return getattr(path, op)() if op in ("is_blank", "is_filled") else getattr(path, op)(draw(values))


@given(st.lists(comparisons_of_a_party(), min_size=1, max_size=4, unique_by=lambda one: (one.path, one.op)))  # type: ignore[attr-defined]
@settings(max_examples=200, deadline=None)
def test_any_conditions_come_back(parts: list[Where]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("rapporto.web.grid.addresses.record_type", lambda name: DECLARED[name].record)
        assert again(All(tuple(parts))) == (parts[0] if len(parts) == 1 else All(tuple(parts)))


def test_what_an_address_cannot_say_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot say"):
        parameters_of(related("activities").none(), PARTY)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("<1.000", ("lt", "1.000")),
        ("<= 5", ("le", "5")),
        ("≥7", ("ge", "7")),
        ("=3", ("eq", "3")),
        ("12", ("ge", "12")),
        ("<", ("ge", "<")),
    ],
)
def test_a_sign_before_a_number_is_its_operator(typed: str, meant: tuple[str, str]) -> None:
    assert split_sign(Money(), "ge", typed) == meant


def test_a_sign_before_a_text_is_part_of_the_text() -> None:
    assert split_sign(Text(), "contains", "=HYPERLINK") == ("contains", "=HYPERLINK")


@pytest.mark.parametrize(("typed", "days"), [("oggi", 0), ("today-90", -90), ("Oggi + 7", 7)])
def test_days_are_told_from_today(typed: str, days: int) -> None:
    where = read_address(ALDO, "party", {"next_activity.le": [typed]}).where
    assert where == field("next_activity").le(DaysFromToday(days))


def test_until_a_day_means_until_its_end() -> None:
    where: Any = read_address(ALDO, "activity", {"at.le": ["16/11/2026"]}).where
    assert Moment().show(where.value) == "16/11/2026 23:59"
