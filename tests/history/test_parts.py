"""The deleted parts of a record are found by the whole they belonged to, through an index, on both databases."""

import pytest
from django.db import connection

from rapporto.domain.parties.models import LinkType, PartyType
from rapporto.store.history.models import ChangeSet
from rapporto.store.history.parts import gone, part_links
from rapporto.store.history.undo import undo
from rapporto.store.write import delete, save
from tests.cast import casale, enters, person

pytestmark = pytest.mark.django_db


def test_every_link_of_a_part_to_a_party_is_known() -> None:
    assert {(part.name, column) for part, column in part_links("party")} >= {
        ("party_type_of", "party_id"),
        ("address", "party_id"),
        ("contact_point", "party_id"),
        ("affiliation", "person_id"),
        ("affiliation", "organisation_id"),
        ("party_link", "first_id"),
        ("party_link", "second_id"),
    }
    assert not [part for part, _column in part_links("party") if part.name == "activity"]


def test_what_was_deleted_is_found_from_both_ends_and_nothing_of_others() -> None:
    anna = enters("Anna")
    company, other, lucia = casale(anna), casale(anna, name="Officine Adige"), person(anna, "Lucia", "Bonetti")
    work = save(anna, "affiliation", {"person": lucia.pk, "organisation": company.pk})
    kind = LinkType.objects.create(name="controlla", reverse="è controllata da")
    link = save(anna, "party_link", {"first": other.pk, "link_type": kind.pk, "second": company.pk})
    place = save(anna, "address", {"party": other.pk, "city": "Sona"})
    for name, row in (("affiliation", work), ("party_link", link), ("address", place)):
        delete(anna, name, row.pk)
    found = {one.pk: [(part.record, part.row_id) for part in gone("party", one.pk)] for one in (company, other, lucia)}
    assert found == {
        company.pk: [("party_link", link.pk), ("affiliation", work.pk)],
        other.pk: [("address", place.pk), ("party_link", link.pk)],
        lucia.pk: [("affiliation", work.pk)],
    }
    assert gone("party", other.pk)[0].image["city"] == "Sona"
    assert gone("industry", 1) == []


def test_a_type_that_was_taken_off_is_found_and_one_that_came_back_too() -> None:
    anna = enters("Anna")
    company, kind = casale(anna), PartyType.objects.create(name="Fornitore")
    save(anna, "party", {"types": (kind.pk,)}, company.pk)
    save(anna, "party", {"types": ()}, company.pk)
    undo(anna, ChangeSet.objects.latest("id").pk)
    (part,) = gone("party", company.pk)
    assert (part.record, part.image["party_type_id"]) == ("party_type_of", kind.pk)


def test_deleted_parts_are_looked_up_by_their_indexes() -> None:
    anna = enters("Anna")
    company = casale(anna)
    for number in range(30):
        row = save(anna, "address", {"party": company.pk, "city": f"Città {number}"})
        delete(anna, "address", row.pk)
    whole = (
        "((image ->> 'party_id')::bigint)" if connection.vendor == "postgresql" else "json_extract(image, '$.party_id')"
    )
    explain = "EXPLAIN" if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"{explain} SELECT id FROM history_entry WHERE record = 'address' AND act = 'D' AND {whole} = 1")
        plan = str(cursor.fetchall())
    assert "history_gone_address_party_id" in plan
