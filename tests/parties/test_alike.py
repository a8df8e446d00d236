"""Who of the register may be the party at hand: found by slips, by words in another order, by numbers wherever they stand."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rapporto.domain.parties.alike import alike, look_of
from rapporto.domain.parties.models import Party
from rapporto.kernel.actor import Actor
from rapporto.store.write import save
from tests.cast import casale, enters, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna() -> Actor:
    """Anna, an agent."""
    return enters("Anna")


@pytest.fixture
def firm(anna: Actor) -> Party:
    """A customer of Anna's, with a number and an address besides those on the card."""
    told = {"city": "Verona", "phone": "045 7901234", "vat_number": "00743110157"}
    row = casale(anna, **{"name": "Officine Meccaniche Casale S.r.l.", **told})
    save(anna, "contact_point", {"party": row.pk, "kind": "mobile", "value": "333 1234567"})
    save(anna, "contact_point", {"party": row.pk, "kind": "email", "value": "ordini@casale.esempio.it"})
    return row


def found(actor: Actor, **told: Any) -> list[int]:
    """The ids of those who may be the party of which this is told."""
    return [one.id for one in alike(actor, look_of({"kind": "organisation", **told}))]


@pytest.mark.parametrize(
    "told",
    [
        {"name": "Casale Officine Meccaniche"}, {"name": "OFFICINE MECANICHE CASALE SNC", "city": "Verona"},
        {"name": "Casale", "city": "Verona"}, {"name": "officine meccaniche casale"}, {"phone": "+390457901234"},
        {"phone": "+393331234567"}, {"mobile": "+393331234567"}, {"email": "ordini@casale.esempio.it"},
        {"vat_number": "00743110157"}, {"tax_code": "00743110157"},
    ],
    ids=str,
)  # fmt: skip
def test_it_is_found_by_what_is_known(anna: Actor, firm: Party, told: dict[str, Any]) -> None:
    assert found(anna, **told) == [firm.pk]


@pytest.mark.parametrize(
    "told",
    [
        {"name": "Officine Meccaniche Casali"}, {"name": "Casale", "city": "Padova"}, {"phone": "+39045790123"},
        {"name": "Officine Meccaniche"}, {"email": "dini@casale.esempio.it"}, {"name": ""}, {"name": "%"},
    ],
    ids=str,
)  # fmt: skip
def test_it_is_not_found_by_less(anna: Actor, firm: Party, told: dict[str, Any]) -> None:
    assert found(anna, **told) == []


def test_a_person_is_found_by_the_number_of_the_desk_while_they_sit_there(anna: Actor, firm: Party) -> None:
    lucia = person(anna, "Lucia", "Bonetti")
    desk = {"person": lucia.pk, "organisation": firm.pk, "email": "l.bonetti@casale.esempio.it"}
    place = save(anna, "affiliation", desk)
    told = look_of({"kind": "person", "name": "L. Bonetti", "email": "l.bonetti@casale.esempio.it"})
    assert [one.id for one in alike(anna, told)] == [lucia.pk]
    save(anna, "affiliation", {"until": date(2020, 1, 1)}, place.pk)
    assert alike(anna, told) == []


def test_others_find_nothing_and_the_queries_do_not_tell(anna: Actor, firm: Party) -> None:
    carla = enters("Carla")
    told = {"name": "Officine Meccaniche Casale", "city": "Verona", "vat_number": "00743110157"}
    assert found(carla, **told) == []
    with CaptureQueriesContext(connection) as there:
        found(carla, **told)
    with CaptureQueriesContext(connection) as nothing:
        found(carla, **{**told, "name": "Del tutto diverso", "vat_number": "12345670231"})
    assert len(there) == len(nothing)


def test_the_strongest_reason_comes_first_and_those_told_apart_are_left_out(anna: Actor, firm: Party) -> None:
    other = casale(anna, name="Casale Officine Meccaniche", city="Verona")
    told = look_of({"kind": "organisation", "name": "Officine Meccaniche Casale", "vat_number": "00743110157"})
    assert [one.id for one in alike(anna, told)] == [firm.pk, other.pk]
    assert [one.id for one in alike(anna, told, but=[firm.pk])] == [other.pk]
    assert [one.id for one in alike(anna, told, limit=1)] == [firm.pk]
