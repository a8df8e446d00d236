"""The tables of Italian geography hold together, and tell what was when."""

from datetime import date

import pytest

from rapporto.domain.parties import geography
from rapporto.domain.parties.geography import (
    places_in,
    places_named,
    places_of,
    province_of_postal_code,
    provinces,
    region_of,
)
from rapporto.kernel.kinds.provinces import PROVINCES

IN_2010, IN_2025, TODAY = date(2010, 6, 1), date(2025, 12, 31), date(2026, 11, 22)
SARDINIA_WITHOUT_LETTERS = {
    "113": "Gallura Nord-Est Sardegna",
    "116": "Ogliastra",
    "117": "Medio Campidano",
    "119": "Sulcis Iglesiente",
}


@pytest.mark.parametrize(("on", "count"), [(IN_2010, 110), (IN_2025, 107), (date(2026, 1, 1), 110), (TODAY, 110)])
def test_every_day_has_its_provinces(on: date, count: int) -> None:
    assert len(provinces(on)) == count


def test_sardinia_changed_on_the_first_day_of_2026() -> None:
    assert {"OG", "VS", "CI", "OT"} <= set(provinces(IN_2010))
    assert "SU" in provinces(IN_2025)
    assert "SU" not in provinces(TODAY)
    assert {code: one.name for code, one in provinces(TODAY).items() if one.sigla is None} == SARDINIA_WITHOUT_LETTERS
    assert set(provinces(IN_2025)["SU"].replaced_by) == {"114", "116", "117", "118", "119"}


def test_no_letters_are_held_by_two_provinces_on_one_day() -> None:
    for on in (IN_2010, IN_2025, TODAY):
        held = [one.sigla for one in provinces(on).values() if one.sigla]
        assert len(held) == len(set(held))


def test_the_letters_that_can_be_typed_are_those_of_the_table() -> None:
    named = {
        one.sigla: one.name
        for on in (IN_2010, IN_2025, TODAY)
        for one in provinces(on).values()
        if one.sigla is not None
    }
    assert named == {letters: name for letters, name in PROVINCES.items() if letters != "EE"}


def test_every_province_has_its_region_and_every_region_its_provinces() -> None:
    assert len(geography.regions()) == 20
    assert {region_of(key).code for key in provinces(TODAY)} == set(geography.regions())
    assert (region_of("VR").name, region_of("OT").name, region_of("119").name) == ("Veneto", "Sardegna", "Sardegna")
    assert geography.region_of_province("EE") is None


def test_abroad_has_no_region() -> None:
    with pytest.raises(KeyError):
        region_of("EE")


@pytest.mark.parametrize(
    ("cap", "letters"),
    [
        ("37121", "VR"), ("37069", "VR"), ("36100", "VI"), ("20900", "MB"), ("20121", "MI"), ("47521", "FC"), ("47921", "RN"),
        ("33170", "PN"), ("33100", "UD"), ("34170", "GO"), ("34121", "TS"), ("34011", "TS"), ("86170", "IS"), ("86100", "CB"),
        ("09170", "OR"), ("09131", "CA"), ("09045", "CA"), ("09016", "SU"), ("07026", "SS"), ("08100", "NU"), ("76121", "BT"),
        ("12071", None), ("18025", None), ("00120", None), ("47890", None), ("1010", None), ("A-1010", None), ("", None),
        ("٣٧١٢١", None),
    ],
)  # fmt: skip
def test_a_postal_code_tells_its_province(cap: str, letters: str | None) -> None:
    assert province_of_postal_code(cap) == letters


def test_a_chief_town_is_told_by_its_postal_code_and_nothing_is_guessed_elsewhere() -> None:
    assert [place.name for place in places_of("37121")] == ["Verona"]
    assert [place.name for place in places_of("00184")] == ["Roma"]
    assert places_of("37069") == ()


def test_every_comune_has_a_province_of_today() -> None:
    today = {one.code_istat for one in provinces(TODAY).values()}
    all_places = [place for key in provinces(TODAY) for place in places_in(provinces(TODAY)[key].code_istat)]
    assert {place.province for place in all_places} == today
    assert len(all_places) == len({place.belfiore for place in all_places}) == 7894


@pytest.mark.parametrize(
    ("code", "count"), [("112", 66), ("113", 26), ("116", 23), ("117", 28), ("118", 70), ("119", 24)]
)
def test_the_comuni_of_sardinia_are_where_they_are_since_2026(code: str, count: int) -> None:
    assert len(places_in(code)) == count


def test_seui_and_seulo_went_different_ways() -> None:
    assert [place.province for place in places_named("Seui") + places_named("seulo")] == ["116", "114"]


def test_a_comune_that_changed_its_name_is_found_by_the_old_one() -> None:
    (old,) = places_named("brenzone")
    (new,) = places_named("Brenzone sul Garda")
    assert (old.belfiore, old.ended, new.ended) == (new.belfiore, date(2014, 3, 7), None)
