"""Territories: the narrowest piece of ground wins, what was chosen by hand stays, and a change reaches every party."""

from datetime import timedelta

import pytest
from django.utils import timezone

from rapporto.domain.parties import territories
from rapporto.domain.parties.models import Party
from rapporto.domain.people.ground import Grounds, Place
from rapporto.domain.people.models import Territory, TerritoryArea
from rapporto.kernel.actor import Actor
from rapporto.kernel.where import EVERYTHING
from rapporto.store import outbox
from rapporto.store.bulk import change_many
from rapporto.store.errors import Invalid
from rapporto.store.history.models import ChangeSet, Entry
from rapporto.store.outbox_models import Delivery
from rapporto.store.write import delete, save
from tests.cast import casale, enters, person

pytestmark = pytest.mark.django_db


def ground(actor: Actor, name: str, *pieces: tuple[str, ...]) -> int:
    """A territory with its pieces: (kind, first) or (kind, first, last)."""
    territory: Territory = save(actor, "territory", {"name": name})
    for kind, first, *last in pieces:
        values = {"territory": territory.pk, "kind": kind, "first": first, "last": last[0] if last else ""}
        save(actor, "territory_area", values)
    return territory.pk


def deliver() -> int:
    """Lets the delay pass and does all that is owed, step by step; gives the number of steps."""
    steps = 0
    while True:
        Delivery.objects.update(due=timezone.now() - timedelta(seconds=1))
        if not outbox.deliver_one():
            return steps
        steps += 1


def territory_of(party: Party) -> int | None:
    return Party.objects.get(pk=party.pk).territory_id


@pytest.mark.parametrize(
    ("place", "whose"),
    [
        (Place("37121", "VR", "Veneto"), 4),
        (Place("37130", "VR", "Veneto"), 3),
        (Place("37010", "VR", "Veneto"), 2),
        (Place("", "VR", ""), 2),
        (Place("", "VI", "Veneto"), 1),
        (Place("", "", "Friuli-Venezia Giulia"), 5),
        (Place("37121", "VR", "Veneto", "DE"), None),
        (Place(), None),
        (Place("20121", "MI", "Lombardia"), None),
    ],
)
def test_the_narrowest_piece_of_ground_wins(place: Place, whose: int | None) -> None:
    grounds = Grounds.of(
        [
            ("region", "VENETO", "", 1),
            ("province", "VR", "", 2),
            ("postal_codes", "37121", "37142", 3),
            ("postal_codes", "37121", "", 4),
            ("region", "FRIULI-VENEZIAGIULIA", "", 5),
            ("province", "VR", "", 6),
        ]
    )
    assert grounds.territory(place) == whose


def test_a_new_party_is_given_to_the_territory_of_its_place() -> None:
    bruno = enters("Bruno")
    west = ground(bruno, "Ovest", ("province", "VR"))
    city = ground(bruno, "Città", ("postal_codes", "37121", "37142"))
    assert casale(bruno, province="VR").territory_id == west
    row = casale(bruno, name="Officine Adige", province="VR", postal_code="37130")
    assert row.territory_id == city
    assert save(bruno, "party", {"postal_code": "37010", "province": "VR"}, row.pk).territory_id == west
    assert save(bruno, "party", {"province": "MI", "postal_code": ""}, row.pk).territory_id is None


def test_a_territory_chosen_by_hand_stays_until_it_is_emptied() -> None:
    bruno = enters("Bruno")
    west, key = ground(bruno, "Ovest", ("province", "VR")), ground(bruno, "Direzionali")
    row = casale(bruno, province="VR", territory=key)
    assert (row.territory_id, row.territory_by_hand) == (key, True)
    assert save(bruno, "party", {"city": "Verona", "province": "VR"}, row.pk).territory_id == key
    back = save(bruno, "party", {"territory": None}, row.pk)
    assert (back.territory_id, back.territory_by_hand) == (west, False)


def test_a_change_of_the_ground_reaches_every_party_that_follows_its_place() -> None:
    anna, bruno = enters("Anna"), enters("Bruno")
    key = ground(bruno, "Direzionali")
    here, there, elsewhere = casale(anna, province="VR"), casale(anna, province="VI"), casale(anna, province="MI")
    chosen = casale(bruno, province="VR", territory=key)
    west = ground(bruno, "Ovest", ("province", "VR"), ("province", "VI"))
    assert deliver() > 0
    assert [territory_of(one) for one in (here, there, elsewhere, chosen)] == [west, west, None, key]
    delete(bruno, "territory_area", TerritoryArea.objects.get(first="VR").pk)
    deliver()
    assert [territory_of(one) for one in (here, there, elsewhere, chosen)] == [None, west, None, key]
    change = ChangeSet.objects.latest("id")
    assert (change.user_name, change.command) == ("territories", "territories")
    assert Entry.objects.filter(change_set=change, record="party").count() == 1


def test_who_has_no_place_follows_the_company() -> None:
    bruno = enters("Bruno")
    customer, mario = casale(bruno, province="VR"), person(bruno, "Mario", "Rossi")
    unit = casale(bruno, name="Officina", kind="unit", part_of=customer.pk)
    at_home = person(bruno, "Lina", "Verdi", province="MI")
    for one in (mario, at_home):
        save(bruno, "affiliation", {"person": one.pk, "organisation": customer.pk})
    west = ground(bruno, "Ovest", ("province", "VR"))
    deliver()
    assert [territory_of(one) for one in (customer, mario, unit, at_home)] == [west, west, west, None]


def test_many_parties_are_given_away_in_small_steps_and_none_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    bruno = enters("Bruno")
    monkeypatch.setattr(territories, "READ", 7)
    monkeypatch.setattr(territories, "WRITTEN", 3)
    Party.objects.bulk_create(Party(name=f"Ditta {n}", province=("VR", "MI")[n % 4 == 3]) for n in range(40))
    west = ground(bruno, "Ovest", ("province", "VR"))
    assert deliver() > 10
    assert Party.objects.filter(territory=west).count() == Party.objects.filter(province="VR").count() == 30
    assert max(Entry.objects.filter(change_set=one, act="U").count() for one in ChangeSet.objects.all()) <= 3


def test_a_round_ends_when_the_ground_changes_again() -> None:
    bruno = enters("Bruno")
    row = casale(bruno, province="VR")
    ground(bruno, "Ovest", ("province", "VR"), ("province", "VI"), ("province", "PD"))
    assert Delivery.objects.count() == 3
    deliver()
    assert Entry.objects.filter(record="party", row_id=row.pk, act="U").count() == 1


def test_a_territory_given_to_many_at_once_is_chosen_by_hand() -> None:
    bruno = enters("Bruno")
    casale(bruno, province="VR")
    key = ground(bruno, "Direzionali")
    change_many(bruno, "party", EVERYTHING, {"territory": key})
    assert Party.objects.get().territory_by_hand


@pytest.mark.parametrize(
    ("piece", "field_name"),
    [
        (("province", "XX"), "first"),
        (("region", "37"), "first"),
        (("postal_codes", "3712"), "first"),
        (("postal_codes", "37121", "37010"), "last"),
    ],
)
def test_a_piece_of_ground_that_is_nowhere_is_refused_by_field(piece: tuple[str, ...], field_name: str) -> None:
    with pytest.raises(Invalid) as wrong:
        ground(enters("Bruno"), "Ovest", piece)
    assert set(wrong.value.errors) == {field_name}


def test_a_province_may_be_written_by_its_name() -> None:
    bruno = enters("Bruno")
    west = ground(bruno, "Ovest", ("province", "Verona"))
    assert casale(bruno, province="VR").territory_id == west
