"""What follows when a party is written: a name alone is enough, the rest follows from what is known."""

from datetime import date

import pytest

from rapporto.domain.parties.models import Affiliation, Party, PartyNumbers
from rapporto.kernel.where import EVERYTHING, field
from rapporto.store.bulk import change_many
from rapporto.store.errors import Invalid
from rapporto.store.history.models import ChangeSet, Entry
from rapporto.store.records import find
from rapporto.store.search import search
from rapporto.store.write import delete, save
from tests.cast import casale, enters, person

pytestmark = pytest.mark.django_db


def test_a_name_alone_saves_and_is_never_taken_apart() -> None:
    bruno = enters("Bruno")
    save(bruno, "party", {"name": "Maria Teresa De Santis", "kind": "person"})
    row = Party.objects.get()
    assert (row.name, row.first_name, row.last_name) == ("Maria Teresa De Santis", "", "")


def test_a_person_without_a_name_is_called_by_its_parts_and_goes_on_following_them() -> None:
    bruno = enters("Bruno")
    mario = person(bruno, "Mario", "Rossi")
    assert mario.name == "Mario Rossi"
    assert save(bruno, "party", {"last_name": "Bianchi"}, mario.pk).name == "Mario Bianchi"
    save(bruno, "party", {"name": "Il Bianchi"}, mario.pk)
    renamed = save(bruno, "party", {"first_name": "Marino"}, mario.pk)
    assert (renamed.name, vars(renamed)["name_key"]) == ("Il Bianchi", "il bianchi")


def test_without_any_name_the_field_that_is_needed_is_told() -> None:
    with pytest.raises(Invalid) as wrong:
        save(enters("Bruno"), "party", {"city": "Verona"})
    assert set(wrong.value.errors) == {"name"}


def test_province_and_region_follow_from_the_postal_code() -> None:
    row = casale(enters("Bruno"), postal_code="37121")
    assert (row.province, row.region) == ("VR", "Veneto")


def test_a_province_that_was_typed_stays_and_the_region_follows_it() -> None:
    bruno = enters("Bruno")
    row = casale(bruno, postal_code="37121", province="MI")
    assert (row.province, row.region) == ("MI", "Lombardia")
    assert save(bruno, "party", {"postal_code": "37122"}, row.pk).province == "VR"


def test_an_address_abroad_has_neither_province_nor_region_of_italy() -> None:
    row = casale(enters("Bruno"), postal_code="37121", country="DE", city="Berlin")
    assert (row.province, row.region) == ("", "")


def test_a_bulk_change_of_the_province_brings_the_region_and_its_key() -> None:
    bruno = enters("Bruno")
    casale(bruno)
    casale(bruno, name="Officine Adige")
    change_many(bruno, "party", EVERYTHING, {"province": "VR"})
    assert set(Party.objects.values_list("region", "region_key")) == {("Veneto", "veneto")}
    assert find(bruno, "party", field("region").eq("VENETO")).count() == 2


def test_a_bulk_change_after_which_every_row_differs_writes_each_as_it_should_be() -> None:
    bruno = enters("Bruno")
    people = [person(bruno, "Mario", f"Rossi {number}") for number in range(25)]
    territory = save(bruno, "territory", {"name": "Ovest"})
    change_many(bruno, "party", EVERYTHING, {"first_name": "Pièr", "birth_date": "1.2.1980", "territory": territory.pk})
    rows = Party.objects.order_by("id").values_list(
        "name", "name_key", "first_name", "first_name_key", "birth_date", "territory_id", "territory_by_hand"
    )
    born = date(1980, 2, 1)
    assert list(rows) == [
        (f"Pièr Rossi {number}", f"pier rossi {number}", "Pièr", "pier", born, territory.pk, True)
        for number in range(len(people))
    ]
    assert search(bruno, "party", "pier rossi 24").ids == (people[24].pk,)
    assert Entry.objects.filter(change_set=ChangeSet.objects.latest("id"), record="party").count() == 25


def test_every_party_has_its_numbers_and_takes_them_along() -> None:
    bruno = enters("Bruno")
    row = casale(bruno)
    assert PartyNumbers.objects.get().party_id == row.pk
    delete(bruno, "party", row.pk)
    assert not PartyNumbers.objects.exists()


def test_a_person_nobody_looks_after_is_taken_over_with_the_company_in_one_change_set() -> None:
    anna, bruno = enters("Anna"), enters("Bruno")
    customer = casale(anna)
    mario = person(bruno, "Mario", "Rossi", owner=None)
    before = ChangeSet.objects.count()
    save(bruno, "affiliation", {"person": mario.pk, "organisation": customer.pk})
    assert Party.objects.get(pk=mario.pk).owner_id == anna.user_id
    assert find(anna, "party", field("name").eq("Mario Rossi")).exists()
    assert ChangeSet.objects.count() == before + 1
    assert set(Entry.objects.filter(change_set=ChangeSet.objects.latest("id")).values_list("record", "act")) == {
        ("affiliation", "I"),
        ("party", "U"),
    }


def test_a_person_somebody_looks_after_stays_theirs() -> None:
    anna, bruno, carla = enters("Anna"), enters("Bruno"), enters("Carla")
    mario = person(carla, "Mario", "Rossi")
    save(bruno, "affiliation", {"person": mario.pk, "organisation": casale(anna).pk})
    assert Party.objects.get(pk=mario.pk).owner_id == carla.user_id
    assert Affiliation.objects.count() == 1


def test_an_agent_cannot_reach_a_person_through_an_affiliation() -> None:
    anna, bruno, carla = enters("Anna"), enters("Bruno"), enters("Carla")
    lonely = person(bruno, "Mario", "Rossi", owner=None)
    with pytest.raises(Invalid) as refused:
        save(carla, "affiliation", {"person": lonely.pk, "organisation": casale(carla).pk})
    assert set(refused.value.errors) == {"person"}
    assert Party.objects.get(pk=lonely.pk).owner_id is None
    assert not find(anna, "party", field("name").eq("Mario Rossi")).exists()
