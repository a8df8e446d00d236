"""What a tax code, a mail domain and a town tell, as far as they do."""

from datetime import date

import pytest

from rapporto.domain.parties.geography import places_beginning, places_named
from rapporto.domain.parties.mail_domains import is_certified, is_provider, meant
from rapporto.domain.parties.tax_codes import fits, fits_whole, told_by
from rapporto.domain.parties.towns import codes_of, towns_of
from rapporto.kernel.actor import Actor
from rapporto.store.write import save
from tests.cast import casale, enters

TODAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("code", "born", "gender"),
    [
        ("RSSMRA80A01H501U", date(1980, 1, 1), "m"), ("MRTMTT91D08F205J", date(1991, 4, 8), "m"),
        ("BNCNNA55M61L781S", date(1955, 8, 21), "f"),
    ],
)  # fmt: skip
def test_a_tax_code_tells_birth_date_and_gender(code: str, born: date, gender: str) -> None:
    told = told_by(code, TODAY)
    assert told is not None
    assert (told.birth_date, told.gender) == (born, gender)


def test_the_code_of_a_company_tells_nothing() -> None:
    assert told_by("00743110157", TODAY) is None


@pytest.mark.parametrize(
    ("letters", "last", "first"),
    [
        ("RSSMRA", "Rossi", "Mario"), ("RSSMRA", "Rossi", ""), ("RSSMRA", "", "Mario"), ("FOXMAX", "Fo", "Ma"),
        ("DNGGLI", "D’Angelo", "Giulio"), ("BNCGFR", "Bianchi", "Gianfranco"), ("DLCNNA", "De Luca", "Anna"),
    ],
)  # fmt: skip
def test_the_letters_of_a_name_are_known(letters: str, last: str, first: str) -> None:
    assert fits(letters, last, first)
    assert not fits(letters, last and "Verdi", first and "Paola")
    if last and first:
        assert fits_whole(letters, f"{first} {last}")
        assert fits_whole(letters, f"{last} {first}")
        assert not fits_whole(letters, "Paola Verdi")


@pytest.mark.parametrize(
    ("domain", "right"),
    [
        ("gmial.com", "gmail.com"), ("gmai.com", "gmail.com"), ("gmail.it", "gmail.com"), ("libro.it", "libero.it"),
        ("hotmial.it", "hotmail.it"), ("legalmai.it", "legalmail.it"), ("gmail.com", ""), ("casale.it", ""), ("live.it", ""),
        ("email.it", ""), ("", ""),
    ],
)  # fmt: skip
def test_a_slip_in_the_name_of_a_provider_is_known(domain: str, right: str) -> None:
    assert meant(domain) == right


def test_certified_mail_and_providers_are_told_from_the_domain_of_a_company() -> None:
    assert is_certified("pec.casale.it")
    assert is_certified("casale-pec.it")
    assert is_provider("gmail.com")
    assert not is_provider("casale.it")
    assert not is_certified("specchi.it")


def test_towns_are_found_by_their_beginning_and_with_an_apostrophe_for_the_accent() -> None:
    assert [one.name for one in places_named("FORLI'")] == ["Forlì"]
    assert "Villafranca di Verona" in [one.name for one in places_beginning("villafr")]
    assert places_beginning("zzz") == ()
    assert len(places_beginning("san", 5)) == 5


@pytest.fixture
def anna() -> Actor:
    """Anna, an agent."""
    return enters("Anna")


@pytest.mark.django_db
def test_codes_and_towns_are_learned_from_parties_and_addresses_that_may_be_seen(anna: Actor) -> None:
    row = casale(anna, postal_code="37060", city="mozzecane")
    save(anna, "address", {"party": row.pk, "street": "Via Roma 1", "postal_code": "37060", "city": "Nogarole Rocca"})
    save(anna, "address", {"party": row.pk, "street": "Via Roma 2", "postal_code": "37060", "city": "Nogarole Rocca"})
    assert [one.name for one in towns_of(anna, "37060")] == ["Nogarole Rocca", "Mozzecane"]
    assert towns_of(enters("Carla"), "37060") == []
    (place,) = places_named("Mozzecane")
    assert codes_of(anna, place) == ["37060"]
    assert codes_of(enters("Carla"), place) == []


@pytest.mark.django_db
def test_a_town_far_from_its_code_or_named_once_among_many_is_a_mistake(anna: Actor) -> None:
    for number in range(25):
        casale(anna, name=f"Ditta {number}", postal_code="37060", city="Mozzecane")
    for city in ("Padova", "Sona", "Da Mario"):
        casale(anna, name=city, postal_code="37060", city=city)
    assert [one.name for one in towns_of(anna, "37060")] == ["Mozzecane"]
