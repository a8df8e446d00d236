"""Two parties that are the same become one: nothing is lost, and both can be brought back."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rapporto.domain.parties.models import Address, Affiliation, ContactPoint, Party, PartyNumbers, PartyType
from rapporto.domain.processes.models import Activity
from rapporto.kernel.actor import Actor
from rapporto.store.errors import Invalid, NotFound, Refused
from rapporto.store.history.export import canonical
from rapporto.store.history.undo import undo
from rapporto.store.merge import merge
from rapporto.store.merge_models import Merged, MergedValue
from rapporto.store.merge_reading import led_by, led_to, merged_into
from rapporto.store.records import get, value_of
from rapporto.store.search import search
from rapporto.store.unmerge import unmerge
from rapporto.store.write import save
from tests.cast import casale, enters, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def bruno() -> Actor:
    return enters("Bruno")


def calls(actor: Actor, party: Party, **values: Any) -> Activity:
    row: Activity = save(actor, "activity", {"party": party.pk, "subject": "Richiamare", **values})
    return row


def test_what_is_blank_is_filled_and_what_loses_its_field_goes_into_further_rows(bruno: Actor) -> None:
    one = casale(bruno, phone="045 7901234", street="Via Roma 1", city="Verona", notes="Paga tardi.")
    other = casale(
        bruno,
        name="Casale S.r.l.",
        phone="045 8001122",
        email="info@casale.example",
        vat_number="00743110157",
        street="Via Milano 2",
        postal_code="20121",
        city="Milano",
        notes="Chiude in agosto.",
    )

    done = merge(bruno, "party", one.pk, other.pk)

    kept = get(bruno, "party", one.pk)
    assert (kept.name, kept.email, kept.vat_number) == ("Ditta Casale", "info@casale.example", "00743110157")
    assert (kept.street, kept.postal_code, kept.city) == ("Via Roma 1", "", "Verona")
    assert kept.notes == "Paga tardi.\n\nChiude in agosto."
    assert list(ContactPoint.objects.values_list("party", "kind", "value")) == [(one.pk, "phone", "+390458001122")]
    assert list(Address.objects.values_list("party", "street", "postal_code", "city")) == [
        (one.pk, "Via Milano 2", "20121", "Milano")
    ]
    assert list(MergedValue.objects.values_list("field", "value")) == [("name", "Casale S.r.l.")]
    assert done.made == {"contact_point": 1, "address": 1}
    assert done.left == 1
    assert one.pk in search(bruno, "party", "8001122").ids
    assert one.pk in search(bruno, "party", "Casale S.r.l.").ids


def test_the_chosen_values_stand_and_the_others_are_not_lost(bruno: Actor) -> None:
    one = casale(bruno, email="a@casale.example", vat_number="00743110157")
    other = casale(bruno, name="Casale S.p.A.", email="b@casale.example")
    merge(bruno, "party", one.pk, other.pk, {"name": "other", "email": "other", "city": "Verona"})
    kept = get(bruno, "party", one.pk)
    assert (kept.name, kept.email, kept.city) == ("Casale S.p.A.", "b@casale.example", "Verona")
    assert list(ContactPoint.objects.values_list("kind", "value")) == [("email", "a@casale.example")]
    assert list(MergedValue.objects.values_list("field", "value")) == [("name", "Ditta Casale")]


def test_a_wrong_choice_changes_nothing(bruno: Actor) -> None:
    one, other = casale(bruno), casale(bruno)
    before = list(canonical())
    with pytest.raises(Invalid) as wrong:
        merge(bruno, "party", one.pk, other.pk, {"email": "no", "colour": "keep", "region": "other"})
    assert set(wrong.value.errors) == {"email", "colour", "region"}
    assert list(canonical()) == before


def test_every_related_row_changes_over_and_twins_become_one(bruno: Actor) -> None:
    one, other = casale(bruno), casale(bruno)
    types = [PartyType.objects.create(name=name) for name in ("Cliente", "Fornitore")]
    save(bruno, "party", {"types": [types[0].pk]}, one.pk)
    save(bruno, "party", {"types": [types[0].pk, types[1].pk]}, other.pk)
    mario = person(bruno, "Mario", "Rossi")
    post = save(bruno, "affiliation", {"person": mario.pk, "organisation": one.pk})
    titled = save(bruno, "affiliation", {"person": mario.pk, "organisation": other.pk, "job_title": "Acquisti"})
    below = save(bruno, "affiliation", {"organisation": other.pk, "reports_to": titled.pk, "job_title": "Operaio"})
    unit = casale(bruno, kind="unit", part_of=other.pk)
    call = calls(bruno, other)

    done = merge(bruno, "party", one.pk, other.pk)

    assert value_of("party", one, "types") == tuple(sorted(one.pk for one in types))
    assert done.folded == {"party_type_of": 1, "affiliation": 1}
    assert Affiliation.objects.get(person=mario).pk == post.pk
    assert Affiliation.objects.get(pk=post.pk).job_title == "Acquisti"
    assert Affiliation.objects.get(pk=below.pk).reports_to_id == post.pk
    assert Party.objects.get(pk=unit.pk).part_of_id == Activity.objects.get(pk=call.pk).party_id == one.pk
    assert PartyNumbers.objects.get(pk=one.pk).activities == 1
    assert not PartyNumbers.objects.filter(pk=other.pk).exists()


def test_two_posts_of_one_person_that_say_different_things_both_stay(bruno: Actor) -> None:
    one, other = casale(bruno), casale(bruno)
    mario = person(bruno, "Mario", "Rossi")
    for company, title in ((one, "Acquisti"), (other, "Vendite")):
        save(bruno, "affiliation", {"person": mario.pk, "organisation": company.pk, "job_title": title})
    done = merge(bruno, "party", one.pk, other.pk)
    assert sorted(Affiliation.objects.filter(organisation=one.pk).values_list("job_title", flat=True)) == [
        "Acquisti",
        "Vendite",
    ]
    assert not done.folded


def test_a_link_between_the_two_ends_and_what_it_said_is_kept(bruno: Actor) -> None:
    one, other = casale(bruno), casale(bruno)
    kind = save(bruno, "link_type", {"name": "è lo stesso di", "reverse": "è lo stesso di"})
    save(bruno, "party_link", {"first": other.pk, "link_type": kind.pk, "second": one.pk, "notes": "Forse doppio"})
    before = list(canonical())
    done = merge(bruno, "party", one.pk, other.pk)
    assert done.folded == {"party_link": 1}
    assert ("party_link.notes", "Forse doppio") in MergedValue.objects.values_list("field", "value")
    assert undo(bruno, done.change_set_id or 0).kept == ()
    assert list(canonical()) == before


def test_old_numbers_and_codes_lead_to_the_kept_one_through_a_chain(bruno: Actor) -> None:
    rows = [casale(bruno, name=f"Casale {n}", external_code=f"C{n}", vat_number="") for n in range(3)]
    merge(bruno, "party", rows[1].pk, rows[0].pk)
    last = merge(bruno, "party", rows[2].pk, rows[1].pk)
    for gone in rows[:2]:
        line = led_to(bruno, "party", gone.pk)
        assert line is not None
        assert line.kept == rows[2].pk
        with pytest.raises(NotFound):
            get(bruno, "party", gone.pk)
    assert led_by("party", "external_code", ["C0", "C1", "C9"]) == {"C0": rows[2].pk, "C1": rows[2].pk}
    assert [one.title for one in merged_into("party", rows[2].pk)] == ["Casale 1", "Casale 0"]
    assert led_to(enters("Carla"), "party", rows[0].pk) is None

    first = Merged.objects.get(gone=rows[0].pk)
    with pytest.raises(Refused, match="bring that one back first"):
        unmerge(bruno, first.pk)
    unmerge(bruno, last.merge_id)
    unmerge(bruno, first.pk)
    assert Party.objects.filter(pk__in=[row.pk for row in rows]).count() == 3
    assert not Merged.objects.exists()


def test_bringing_back_is_undoing_and_can_be_undone(bruno: Actor) -> None:
    one, other = casale(bruno, phone="045 7901234"), casale(bruno, phone="045 8001122", notes="Sì")
    for _ in range(3):
        calls(bruno, other)
    before = list(canonical())
    done = merge(bruno, "party", one.pk, other.pk)
    merged = list(canonical())
    back = unmerge(bruno, done.merge_id)
    assert list(canonical()) == before
    assert back.kept == ()
    assert PartyNumbers.objects.get(pk=other.pk).activities == 3
    assert undo(bruno, back.change_set_id or 0).kept == ()
    assert list(canonical()) == merged
    assert unmerge(bruno, Merged.objects.get().pk).kept == ()
    assert list(canonical()) == before
    assert other.pk in search(bruno, "party", "8001122").ids


def test_what_came_since_goes_to_whom_it_concerns(bruno: Actor) -> None:
    one, other = casale(bruno, email="one@casale.example"), casale(bruno, email="other@casale.example")
    mario = person(bruno, "Mario", "Rossi")
    save(bruno, "affiliation", {"person": mario.pk, "organisation": other.pk})
    done = merge(bruno, "party", one.pk, other.pk)
    save(bruno, "party", {"city": "Verona"}, one.pk)
    by_person, by_mail = calls(bruno, one, person=mario.pk), calls(bruno, one, asked="Da other@casale.example")
    plain, chosen = calls(bruno, one), calls(bruno, one)

    back = unmerge(bruno, done.merge_id)

    assert back.placed == {("activity", "party"): [by_person.pk, by_mail.pk]}
    assert back.stayed == {("activity", "party"): [plain.pk, chosen.pk]}
    assert set(Activity.objects.filter(party=other.pk)) == {by_person, by_mail}
    assert get(bruno, "party", one.pk).city == "Verona"

    again = merge(bruno, "party", one.pk, other.pk)
    chosen = calls(bruno, one)
    unmerge(bruno, again.merge_id, {("activity", "party"): [chosen.pk]})
    assert set(Activity.objects.filter(party=other.pk)) == {by_person, by_mail, chosen}


def test_what_others_changed_since_is_kept_and_told(bruno: Actor) -> None:
    one, other = casale(bruno), casale(bruno, city="Verona")
    call = calls(bruno, other)
    done = merge(bruno, "party", one.pk, other.pk)
    third = casale(bruno)
    save(bruno, "activity", {"party": third.pk}, call.pk)
    save(bruno, "party", {"city": "Padova"}, one.pk)
    back = unmerge(bruno, done.merge_id)
    assert {(kept.record, kept.field) for kept in back.kept} == {("activity", "party"), ("party", "city")}
    assert Activity.objects.get(pk=call.pk).party_id == third.pk
    assert get(bruno, "party", one.pk).city == "Padova"
    assert get(bruno, "party", other.pk).city == "Verona"


def test_what_cannot_be_merged_is_refused_in_words(bruno: Actor) -> None:
    one, mario = casale(bruno), person(bruno, "Mario", "Rossi")
    unit = casale(bruno, name="Officina", kind="unit", part_of=one.pk)
    below = casale(bruno, name="Tornio", kind="unit", part_of=unit.pk)
    before = list(canonical())
    for keep, other, words in (
        (one.pk, one.pk, "with itself"),
        (one.pk, mario.pk, "A person and a company"),
        (one.pk, unit.pk, "«Officina» belongs to «Ditta Casale»"),
        (below.pk, one.pk, "«Tornio» belongs to «Ditta Casale»"),
    ):
        with pytest.raises(Refused, match=words):
            merge(bruno, "party", keep, other)
    for keep, other in ((one.pk, 10**9), (10**9, one.pk)):
        with pytest.raises(NotFound):
            merge(bruno, "party", keep, other)
    assert list(canonical()) == before


def test_who_comes_second_is_told(bruno: Actor) -> None:
    one, other = casale(bruno), casale(bruno)
    merge(bruno, "party", one.pk, other.pk)
    for pair in ((one.pk, other.pk), (other.pk, one.pk)):
        with pytest.raises(Refused, match="has been merged with another record meanwhile"):
            merge(bruno, "party", *pair)


def test_nobody_merges_what_is_not_theirs() -> None:
    anna, carla = enters("Anna"), enters("Carla")
    mine, hers = casale(anna), casale(carla)
    for pair in ((mine.pk, hers.pk), (hers.pk, mine.pk)):
        with pytest.raises(NotFound):
            merge(anna, "party", *pair)


def test_private_dealings_of_others_change_over_unseen_and_come_back() -> None:
    anna, bruno = enters("Anna"), enters("Bruno")
    one, other = casale(anna), casale(anna)
    secret = calls(bruno, other, private=True, subject="Segreto")
    before = list(canonical())
    done = merge(anna, "party", one.pk, other.pk)
    assert Activity.objects.get(pk=secret.pk).party_id == one.pk
    undone = undo(anna, done.change_set_id or 0)
    assert undone.kept == ()
    assert list(canonical()) == before


def test_ten_thousand_related_rows_change_over_by_few_statements(bruno: Actor) -> None:
    one, other = casale(bruno), casale(bruno)
    first = calls(bruno, other)
    few = _statements(bruno, one, other)
    values = {"party_id": other.pk, "subject": "x", "at": first.at, "day": first.day, "state": "done", "kind": "call"}
    Activity.objects.bulk_create(Activity(**values) for _ in range(3_000))
    third = casale(bruno)
    Activity.objects.filter(party=other.pk).update(party=third.pk)
    assert _statements(bruno, one, third) <= few + 30
    assert Activity.objects.filter(party=one.pk).count() == 3_001
    assert PartyNumbers.objects.get(pk=one.pk).activities == 3_001


def _statements(actor: Actor, one: Party, other: Party) -> int:
    with CaptureQueriesContext(connection) as queries:
        done = merge(actor, "party", one.pk, other.pk)
    if not Activity.objects.filter(party=one.pk).count() > 1:
        undo(actor, done.change_set_id or 0)
    return len(queries)


def test_a_chain_that_would_end_in_a_part_of_itself_is_refused_and_nothing_is_lost(bruno: Actor) -> None:
    one, other = casale(bruno), casale(bruno, name="Casale S.r.l.")
    unit = casale(bruno, name="Officina", kind="unit", part_of=one.pk)
    merge(bruno, "party", other.pk, one.pk)
    before = list(canonical())
    for keep, gone in ((unit.pk, other.pk), (other.pk, unit.pk)):
        with pytest.raises(Refused, match=re.escape("«Officina» belongs to «Casale S.r.l.»")):
            merge(bruno, "party", keep, gone)
    with pytest.raises(Refused, match="has been merged with another record meanwhile"):
        merge(bruno, "party", one.pk, other.pk)
    assert list(canonical()) == before
