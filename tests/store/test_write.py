"""Saving, changing many and deleting: checked, permitted before and after, remembered, and nothing else lost."""

import pytest

from rapporto.domain.parties.models import Address, Party, PartyType
from rapporto.domain.people.models import User
from rapporto.kernel.actor import Actor
from rapporto.kernel.where import EVERYTHING, field
from rapporto.store import made_fields
from rapporto.store.bulk import change_many
from rapporto.store.errors import Conflict, Invalid, NotFound, Refused
from rapporto.store.history.models import ChangeSet, Entry
from rapporto.store.history.rows import version
from rapporto.store.records import find
from rapporto.store.write import delete, save

BRUNO = Actor(None, "Bruno", frozenset({"manager"}))


def agent(name: str) -> Actor:
    """An agent who signs in."""
    user = User.objects.create_user(f"{name.lower()}@esempio.it", name=name, role="agent")
    return Actor(user.pk, name, frozenset({"agent"}))


@pytest.mark.django_db
def test_a_name_alone_saves() -> None:
    row = save(BRUNO, "party", {"name": "Ditta Casale"})
    assert (row.kind, row.phase, row.country) == ("organisation", "suspect", "IT")


@pytest.mark.django_db
def test_every_wrong_value_is_told_at_once_and_nothing_is_changed() -> None:
    with pytest.raises(Invalid) as wrong:
        save(
            BRUNO,
            "party",
            {"name": "Ditta Casale", "vat_number": "123", "turnover": "molto", "owner": "999", "nonsense": "1"},
        )
    assert set(wrong.value.errors) == {"vat_number", "turnover", "owner", "nonsense"}
    assert not Party.objects.exists()


@pytest.mark.django_db
def test_a_needed_value_is_asked_for() -> None:
    with pytest.raises(Invalid) as wrong:
        save(BRUNO, "party", {"name": "  "})
    assert set(wrong.value.errors) == {"name"}


@pytest.mark.django_db
def test_derived_and_fixed_fields_are_never_assigned() -> None:
    row = save(BRUNO, "party", {"name": "Ditta Casale"})
    for name in ("last_activity", "region", "id", "extra", "name_key", "password"):
        with pytest.raises(Invalid):
            save(BRUNO, "party", {name: "1"}, row.pk)


@pytest.mark.django_db
def test_an_agent_sees_and_changes_only_their_own() -> None:
    anna, carla = agent("Anna"), agent("Carla")
    mine = save(BRUNO, "party", {"name": "Ditta Casale", "owner": anna.user_id})
    assert save(anna, "party", {"city": "Verona"}, mine.pk).city == "Verona"
    with pytest.raises(NotFound):
        save(carla, "party", {"city": "Padova"}, mine.pk)
    with pytest.raises(NotFound):
        delete(carla, "party", mine.pk)
    with pytest.raises(Refused):  # nobody makes what they could not have
        save(anna, "party", {"owner": carla.user_id}, mine.pk)
    with pytest.raises(Refused):
        save(anna, "party", {"name": "Nuova", "owner": carla.user_id})
    assert Party.objects.get().owner_id == anna.user_id


@pytest.mark.django_db
def test_two_people_on_one_card_lose_nothing() -> None:
    row = save(BRUNO, "party", {"name": "Ditta Casale", "city": "Verona", "street": "Via Roma 1"})
    read = version("party", row.pk)
    save(BRUNO, "party", {"city": "Padova"}, row.pk)
    form = {"name": "Ditta Casale", "city": "Verona", "street": "Via Mazzini 2"}
    assert save(BRUNO, "party", form, row.pk, version=read).city == "Padova"  # not mine to set back
    with pytest.raises(Conflict) as clash:
        save(BRUNO, "party", {**form, "city": "Vicenza"}, row.pk, version=read)
    (difference,) = clash.value.differences
    assert (difference.name, difference.was, difference.theirs, difference.mine) == (
        "city",
        "Verona",
        "Padova",
        "Vicenza",
    )
    assert Party.objects.get().street == "Via Mazzini 2"


@pytest.mark.django_db
def test_several_types_at_once() -> None:
    types = [PartyType.objects.create(name=name).pk for name in ("Cliente", "Fornitore", "Consulente")]
    row = save(BRUNO, "party", {"name": "Ditta Casale", "types": types[:2]})
    save(BRUNO, "party", {"types": types[1:]}, row.pk)
    assert set(row.types.values_list("pk", flat=True)) == set(types[1:])
    assert Entry.objects.filter(record="party_type_of", act="D").count() == 1


@pytest.mark.django_db
def test_many_are_changed_at_once_as_one_change_set() -> None:
    for at in range(30):
        save(BRUNO, "party", {"name": f"Ditta {at}", "province": ("VR", "MI")[at % 2]})
    done = change_many(BRUNO, "party", field("province").eq("VR"), {"phase": "lead", "city": "Verona"})
    assert done.changed == 15
    assert find(BRUNO, "party", field("phase").eq("lead") & field("city").eq("VERONA")).count() == 15
    assert Entry.objects.filter(change_set_id=done.change_set_id).count() == 15


@pytest.mark.django_db
def test_user_made_fields_are_changed_in_bulk_too() -> None:
    made = made_fields.make_field(BRUNO, "party", "Macchine", "text").name
    for at in range(5):
        save(BRUNO, "party", {"name": f"Ditta {at}"})
    change_many(BRUNO, "party", EVERYTHING, {made: "Tornio È"})
    assert find(BRUNO, "party", field(made).eq("tornio e")).count() == 5


@pytest.mark.django_db
def test_many_that_are_so_already_are_no_change_set_however_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rapporto.store.bulk.CHUNK", 2)
    for name in ("Uno", "Due", "Tre"):
        save(BRUNO, "party", {"name": name, "city": "Verona"})
    newest = ChangeSet.objects.latest("pk").pk
    assert change_many(BRUNO, "party", EVERYTHING, {"city": "Verona"}).change_set_id is None
    assert ChangeSet.objects.latest("pk").pk == newest
    assert change_many(BRUNO, "party", EVERYTHING, {"city": "Padova"}).change_set_id is not None


@pytest.mark.django_db
def test_a_bulk_change_leaves_alone_what_may_not_be_changed() -> None:
    anna, carla = agent("Anna"), agent("Carla")
    save(BRUNO, "party", {"name": "Di Anna", "owner": anna.user_id})
    save(BRUNO, "party", {"name": "Di Carla", "owner": carla.user_id})
    assert change_many(anna, "party", EVERYTHING, {"phase": "lead"}).changed == 1
    with pytest.raises(Refused):
        change_many(anna, "party", EVERYTHING, {"owner": carla.user_id})
    assert Party.objects.get(name="Di Carla").phase == "suspect"


@pytest.mark.django_db
def test_what_is_deleted_takes_its_parts_along_and_nothing_else() -> None:
    row = save(BRUNO, "party", {"name": "Ditta Casale"})
    save(BRUNO, "address", {"party": row.pk, "street": "Via Roma 1"})
    save(BRUNO, "activity", {"party": row.pk, "subject": "Telefonata"})
    with pytest.raises(Refused):
        delete(BRUNO, "party", row.pk)
    delete(BRUNO, "activity", row.activities.get().pk)
    delete(BRUNO, "party", row.pk)
    assert not Party.objects.exists()
    assert not Address.objects.exists()


@pytest.mark.django_db
def test_what_no_two_records_share_is_told_at_the_field() -> None:
    row = save(BRUNO, "party", {"name": "Ditta Casale"})
    kind = PartyType.objects.create(name="Cliente")
    save(BRUNO, "party_type_of", {"party": row.pk, "party_type": kind.pk})
    with pytest.raises(Invalid) as wrong:
        save(BRUNO, "party_type_of", {"party": row.pk, "party_type": kind.pk})
    assert set(wrong.value.errors) == {"party"}
