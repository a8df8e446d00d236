"""A person changes company and keeps the past; parties are linked; numbers are read as people write them."""

from datetime import date

import pytest

from rapporto.domain.parties.commands import add_contact_point, link_parties, move_person
from rapporto.domain.parties.models import Affiliation, ContactPoint, LinkType, Party, PartyLink
from rapporto.domain.processes.commands import log_activity
from rapporto.domain.processes.models import Activity
from rapporto.kernel.actor import Actor
from rapporto.kernel.where import field
from rapporto.store.errors import Invalid, NotFound, Refused
from rapporto.store.history.models import ChangeSet
from rapporto.store.records import find
from rapporto.store.search import search
from rapporto.store.write import delete, save
from tests.cast import casale, enters, person

pytestmark = pytest.mark.django_db
MARCH = date(2026, 3, 1)


def works(actor: Actor, who: Party, where: Party, **desk: object) -> Affiliation:
    row: Affiliation = save(actor, "affiliation", {"person": who.pk, "organisation": where.pk, **desk})
    return row


def test_a_moving_person_keeps_history_and_own_numbers_while_the_companys_stay() -> None:
    anna = enters("Anna")
    old, new = casale(anna), casale(anna, name="Officine Adige")
    mario = person(anna, "Mario", "Rossi", mobile="347 1234567")
    works(anna, mario, old, job_title="Ufficio acquisti", phone="045 1234567", email="m.rossi@casale.it", main=True)
    home = add_contact_point(anna, mario.pk, kind="email", value="Mario@Casa.it", private=True)
    line = add_contact_point(anna, mario.pk, kind="phone", value="045 7654321")
    log_activity(anna, party=old.pk, person=mario.pk, subject="Visita")
    before = ChangeSet.objects.count()
    place = move_person(anna, mario.pk, to=new.pk, since=MARCH, desk={"job_title": "Direttore"})
    assert ChangeSet.objects.count() == before + 1
    left = Affiliation.objects.get(organisation=old)
    assert (left.until, left.main, left.phone, left.email) == (
        date(2026, 2, 28),
        False,
        "+390451234567",
        "m.rossi@casale.it",
    )
    assert place is not None
    assert (place.organisation_id, place.since, place.main) == (new.pk, MARCH, True)
    assert place.until is None
    assert (place.job_title, place.phone, place.email) == ("Direttore", "", "")
    assert Party.objects.get(pk=mario.pk).mobile == "+393471234567"
    assert ContactPoint.objects.get(pk=home.pk).party_id == mario.pk
    stayed = ContactPoint.objects.get(pk=line.pk)
    assert (stayed.party_id, stayed.label) == (old.pk, "Mario Rossi")
    assert Activity.objects.get(person=mario).party_id == old.pk
    assert search(anna, "party", "045 7654321").ids == (old.pk,)
    assert set(search(anna, "party", "officine adige").ids) == {new.pk, mario.pk}


def test_a_number_of_the_desk_that_is_the_persons_own_is_taken_along() -> None:
    anna = enters("Anna")
    old = casale(anna)
    mario = person(anna, "Mario", "Rossi", mobile="347 1234567")
    works(anna, mario, old, mobile="333 7654321", email="mario@casa.it")
    assert move_person(anna, mario.pk, to=None, since=MARCH, keep=("mobile", "email")) is None
    left = Affiliation.objects.get()
    assert (left.mobile, left.email, left.until) == ("", "", date(2026, 2, 28))
    assert Party.objects.get(pk=mario.pk).email == "mario@casa.it"
    own = ContactPoint.objects.get()
    assert (own.party_id, own.kind, own.value, own.private) == (mario.pk, "mobile", "+393337654321", True)


def test_who_works_for_several_companies_says_which_one_is_left() -> None:
    anna = enters("Anna")
    first, second, new = (casale(anna, name=name) for name in ("Ditta Casale", "Officine Adige", "Nuova"))
    mario = person(anna, "Mario", "Rossi")
    works(anna, mario, first)
    works(anna, mario, second)
    with pytest.raises(Invalid) as which:
        move_person(anna, mario.pk, to=new.pk, since=MARCH)
    assert set(which.value.errors) == {"leaves"}
    move_person(anna, mario.pk, to=new.pk, since=MARCH, leaves=first.pk)
    running = Affiliation.objects.filter(until=None).values_list("organisation__name", flat=True)
    assert sorted(running) == ["Nuova", "Officine Adige"]


def test_nobody_leaves_before_having_come_and_nothing_is_half_done() -> None:
    anna = enters("Anna")
    mario, old, new = person(anna, "Mario", "Rossi"), casale(anna), casale(anna, name="Nuova")
    works(anna, mario, old, since=date(2026, 5, 1))
    with pytest.raises(Invalid) as early:
        move_person(anna, mario.pk, to=new.pk, since=MARCH)
    assert set(early.value.errors) == {"since"}
    with pytest.raises(Invalid) as company:
        move_person(anna, old.pk, to=new.pk, since=MARCH)
    assert set(company.value.errors) == {"person"}
    assert Affiliation.objects.get().until is None


def test_another_agent_moves_nobody_who_is_not_hers() -> None:
    anna, carla = enters("Anna"), enters("Carla")
    mario, theirs = person(anna, "Mario", "Rossi"), casale(carla)
    works(anna, mario, casale(anna))
    with pytest.raises((NotFound, Refused, Invalid)):
        move_person(carla, mario.pk, to=theirs.pk, since=MARCH)
    assert Affiliation.objects.get().until is None


def test_a_number_is_kept_as_its_kind_writes_it_and_only_once() -> None:
    anna = enters("Anna")
    customer = casale(anna)
    first = add_contact_point(anna, customer.pk, kind="phone", value="(045) 123.4567")
    assert first.value == "+390451234567"
    assert add_contact_point(anna, customer.pk, kind="phone", value="+39 045 1234567").pk == first.pk
    assert add_contact_point(anna, customer.pk, kind="email", value="Info@Casale.IT").value == "info@casale.it"
    assert ContactPoint.objects.count() == 2
    with pytest.raises(Invalid) as wrong:
        add_contact_point(anna, customer.pk, kind="email", value="info.casale.it")
    assert set(wrong.value.errors) == {"value"}


def test_a_party_is_found_by_its_numbers_however_they_are_typed() -> None:
    anna, carla = enters("Anna"), enters("Carla")
    customer = casale(anna, phone="045 1234567", vat_number="00488410010", notes="Pressa idraulica")
    add_contact_point(anna, customer.pk, kind="phone", value="+43 512 123456")
    for typed in ("0451234567", "045 123 4567", "+390451234567", "0512123456", "00488410010", "idraulica", "casale"):
        assert search(anna, "party", typed).ids == (customer.pk,), typed
        assert search(carla, "party", typed).ids == (), typed


def test_a_person_is_found_by_the_company_also_after_it_was_renamed() -> None:
    anna = enters("Anna")
    customer, mario = casale(anna), person(anna, "Mario", "Rossi")
    place = works(anna, mario, customer, job_title="Collaudatore")
    assert set(search(anna, "party", "casale").ids) == {customer.pk, mario.pk}
    save(anna, "party", {"name": "Officine Adige"}, customer.pk)
    assert set(search(anna, "party", "adige").ids) == {customer.pk, mario.pk}
    assert search(anna, "party", "casale").ids == ()
    assert search(anna, "party", "collaudatore").ids == (mario.pk,)
    delete(anna, "affiliation", place.pk)
    assert search(anna, "party", "adige").ids == (customer.pk,)


def test_what_is_deleted_is_found_no_more() -> None:
    anna = enters("Anna")
    customer = casale(anna)
    point = add_contact_point(anna, customer.pk, kind="email", value="info@casale.it")
    assert search(anna, "party", "info@casale.it").ids == (customer.pk,)
    delete(anna, "contact_point", point.pk)
    assert search(anna, "party", "info@casale.it").ids == ()
    delete(anna, "party", customer.pk)
    assert search(anna, "party", "casale").ids == ()


def test_two_parties_are_linked_once_and_never_with_themselves() -> None:
    anna, carla = enters("Anna"), enters("Carla")
    holding, customer = casale(anna, name="Casale Holding"), casale(anna)
    controls = LinkType.objects.create(name="controlla", reverse="è controllata da")
    link = link_parties(anna, holding.pk, controls.pk, customer.pk)
    assert (link.first_id, link.second_id) == (holding.pk, customer.pk)
    for one, other in ((holding, customer), (customer, holding), (customer, customer)):
        with pytest.raises(Invalid) as wrong:
            link_parties(anna, one.pk, controls.pk, other.pk)
        assert set(wrong.value.errors) == {"second"}
    with pytest.raises((Invalid, NotFound, Refused)):
        link_parties(carla, casale(carla).pk, controls.pk, customer.pk)
    assert PartyLink.objects.count() == 1
    assert not find(carla, "party_link", field("first").eq(holding.pk)).exists()
