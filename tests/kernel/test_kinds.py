"""Every kind: what is edited is read again, and no text whatever makes it fail but by saying what is wrong."""

import re
from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from rapporto.kernel import kinds
from rapporto.kernel.kinds import Choice, Day, Integer, Kind, Link, Links, LongText, Moment, Money, Phone, Text, Tick
from rapporto.kernel.text import BadValue

CHOICES = (("open", "Aperto"), ("closed", "Chiuso"))
KINDS: list[Kind] = [
    Choice(CHOICES) if one is Choice else one()
    for name in kinds.__all__
    if isinstance(one := getattr(kinds, name), type) and one is not Kind and issubclass(one, Kind)
]
BY_NAME = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)

LATIN = st.text(st.characters(codec="latin-1"), max_size=40)
LIKELY = st.text("0123456789+-./ ()@,;:ABCDITVR abceiortvèé", max_size=24)
TYPED = st.one_of(LATIN, LIKELY, st.text(max_size=40))
VALUES: dict[type[Kind], st.SearchStrategy[object]] = {
    Day: st.dates(date(1, 1, 1)),
    Integer: st.integers(-(2**53), 2**53),
    Link: st.integers(1, 2**60),
    Links: st.lists(st.integers(1, 2**60), min_size=1).map(lambda several: tuple(sorted(set(several)))),
    Moment: st.integers(50_000_000, 4_000_000_000).map(lambda at: datetime.fromtimestamp(at - at % 60, UTC)),
    Money: st.integers(-(10**15), 10**15),
    Tick: st.booleans(),
    Choice: st.sampled_from([code for code, _ in CHOICES]),
    Phone: st.from_regex(re.compile(r"\A(0[1-9][0-9]{5,9}|3[0-9]{8,9}|\+4[1349][1-9][0-9]{6,8})\Z", re.ASCII)),
}
QUICK = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
UGLY = ("\0", "a\0b", "💶💶", "\u202eabc\u202c", "٠١٢٣٤٥٦٧٨٩٠", "\ud800", "²³", "ﬁ", "\ufeff", "\u2028", "0" * 10_000, "a" * 10_000,
        "@" * 10_000, "<" * 10_000, " " * 10_000, "1 " * 5_000, "a.b@" * 2_500, "+" * 10_000, "http://" * 1_500, "(" * 10_000)  # fmt: skip


def read_or_told(kind: Kind, typed: str) -> object:
    """The value, or None when the kind said what is wrong."""
    try:
        return kind.read(typed)
    except BadValue as told:
        # a message whose places are not filled fails here
        return None if told.message.format() else "nothing was said"


@BY_NAME
@QUICK
@given(data=st.data())
def test_whatever_is_read_survives_editing(kind: Kind, data: st.DataObject) -> None:
    made = VALUES.get(type(kind), TYPED)
    value = read_or_told(kind, str(kind.edit(one) if not isinstance(one := data.draw(made), str) else one))
    if value is None:
        return
    for language in ("it", "en"):
        assert kind.read(kind.edit(value, language)) == value
        assert isinstance(kind.show(value, language), str)
    assert kind.check(value) == value
    assert kind.load(kind.dump(value)) == value
    assert kind.keyed or kind.key(value) is not None


@BY_NAME
@QUICK
@given(typed=TYPED)
@example(typed="-0")
@example(typed="1E5")
@example(typed="31/02/2026")
def test_no_text_makes_it_fail(kind: Kind, typed: str) -> None:
    value = read_or_told(kind, typed)
    if value is not None:
        assert kind.read(kind.edit(value)) == value


@BY_NAME
@pytest.mark.parametrize("typed", UGLY, ids=lambda text: ascii(text[:8]))
def test_ugly_and_endless_texts_make_it_fail_neither(kind: Kind, typed: str) -> None:
    value = read_or_told(kind, typed)
    if isinstance(value, str):
        assert "\0" not in value
        value.encode()


@BY_NAME
@pytest.mark.parametrize("typed", ["", " ", "\u00a0", "\t\n"])
def test_blank_is_nothing(kind: Kind, typed: str) -> None:
    assert kind.read(typed) is (False if isinstance(kind, Tick) else None)
    assert kind.show(None) in ("", "No")


@BY_NAME
def test_it_says_all_a_surface_needs(kind: Kind) -> None:
    assert kind.name
    assert kind.ops
    assert set(kind.ops) <= set(kinds.OPERATORS)
    assert kind.sql in ("text", "integer", "boolean")


def test_every_kind_has_a_name_of_its_own() -> None:
    assert len({kind.name for kind in KINDS}) == len(KINDS)


def test_a_keyed_kind_alone_has_a_key_other_than_its_value() -> None:
    assert {type(kind) for kind in KINDS if kind.keyed} == {Text, LongText}
