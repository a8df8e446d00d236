"""One click takes back what one act did; what others did since stays, and is told."""

from datetime import UTC, datetime
from typing import Any

import pytest

from rapporto.domain.parties.models import Address, Affiliation, Industry, Party, PartyType, PartyTypeOf
from rapporto.domain.people.models import User
from rapporto.domain.processes.models import Activity
from rapporto.kernel.actor import ADMINISTRATOR, AGENT, MANAGER, Actor
from rapporto.store.errors import Refused
from rapporto.store.history.changing import change_set
from rapporto.store.history.export import canonical
from rapporto.store.history.models import ChangeSet, Entry
from rapporto.store.history.reasons import (
    CHANGED,
    DELETED,
    ERASED,
    FIELD_GONE,
    LINK_GONE,
    NOT_PERMITTED,
    REFERRED,
    REMADE,
    TAKEN,
)
from rapporto.store.history.undo import Undone, undo, undoable

pytestmark = pytest.mark.django_db

ANNA = Actor(1, "Anna", frozenset({AGENT}))
BRUNO = Actor(2, "Bruno", frozenset({MANAGER}))
CARLA = Actor(3, "Carla", frozenset({AGENT}))
ADA = Actor(4, "Ada", frozenset({ADMINISTRATOR, MANAGER}))


def everything() -> list[str]:
    return list(canonical())


def party(**values: Any) -> Party:
    return Party.objects.create(**{"name": "Ditta Casale", **values})


def change(row: Any, actor: Actor = BRUNO, **values: Any) -> int:
    with change_set(actor, "change") as made:
        for name, value in values.items():
            setattr(row, name, value)
        row.save()
    assert made.pk is not None
    return int(made.pk)


def key(row: Any) -> str:
    """The folded key of the name."""
    return str(row.name_key)


def kept(undone: Undone) -> list[tuple[str, int, str, str]]:
    return sorted((one.record, one.row_id, one.field, str(one.reason)) for one in undone.kept)


@pytest.fixture
def casale() -> Party:
    with change_set(BRUNO, "create"):
        return party(city="Verona", turnover=100, extra={"colour": "Rosso", "colour~": "rosso"})


def test_a_change_is_taken_back_and_the_undo_too(casale: Party) -> None:
    before = everything()
    made = change(casale, name="Renamed", turnover=None, extra={"colour": "Blu", "colour~": "blu", "size": 3})
    after = everything()
    undone = undo(BRUNO, made)
    assert (undone.restored, undone.kept) == (1, ())
    assert everything() == before
    assert ChangeSet.objects.get(pk=undone.change_set_id or 0).undoes_id == made
    assert undone.change_set_id is not None
    again = undo(BRUNO, undone.change_set_id)
    assert everything() == after
    assert again.change_set_id is not None
    undo(BRUNO, again.change_set_id)
    assert everything() == before


def test_what_is_undone_can_only_be_done_again(casale: Party) -> None:
    made = change(casale, name="Renamed")
    assert undoable(BRUNO, made)
    first = undo(BRUNO, made)
    assert not undoable(BRUNO, made)
    assert first.change_set_id is not None
    assert undoable(BRUNO, first.change_set_id)
    again = undo(BRUNO, made)
    assert (again.change_set_id, again.restored) == (None, 0)
    undo(BRUNO, first.change_set_id)
    assert undoable(BRUNO, made)


def test_fields_changed_since_stay_and_the_others_go_back(casale: Party) -> None:
    made = change(casale, name="Renamed", city="Roma", turnover=5)
    change(casale, name="By somebody else")
    undone = undo(BRUNO, made)
    casale.refresh_from_db()
    assert (casale.name, key(casale), casale.city, casale.turnover) == (
        "By somebody else",
        "by somebody else",
        "Verona",
        100,
    )
    assert kept(undone) == [("party", casale.pk, "name", str(CHANGED))]
    assert undone.kept[0].title == "By somebody else"


def test_a_text_and_its_folded_key_are_one_field(casale: Party) -> None:
    made = change(casale, name="Perù", extra={"colour": "Blù", "colour~": "blu"})
    change(casale, name="PERU", extra={"colour": "BLU", "colour~": "blu"})
    undone = undo(BRUNO, made)
    casale.refresh_from_db()
    assert (casale.name, key(casale), casale.extra) == ("PERU", "peru", {"colour": "BLU", "colour~": "blu"})
    assert [one.field for one in sorted(undone.kept, key=lambda one: one.field)] == ["colour", "name"]


def test_user_made_fields_go_back_key_by_key(casale: Party) -> None:
    made = change(casale, extra={"colour": "Blu", "colour~": "blu", "size": 3, "on": True})
    change(casale, extra={"colour": "Blu", "colour~": "blu", "size": 4, "on": True, "new": "later"})
    undone = undo(BRUNO, made)
    casale.refresh_from_db()
    assert casale.extra == {"colour": "Rosso", "colour~": "rosso", "size": 4, "new": "later"}
    assert kept(undone) == [("party", casale.pk, "size", str(CHANGED))]


def test_a_field_set_back_by_hand_is_not_told(casale: Party) -> None:
    made = change(casale, city="Roma")
    change(casale, city="Verona")
    assert undo(BRUNO, made) == Undone(None, 0, ())


def test_a_deleted_record_comes_back_with_its_parts_wholes_first() -> None:
    unit = party(name="Unit", part_of=party(name="Whole"))
    Address.objects.create(party=unit, street="Via Roma")
    Affiliation.objects.create(person=party(kind="person"), organisation=unit)
    before = everything()
    with change_set(BRUNO, "delete") as made:
        Address.objects.all().delete()
        Affiliation.objects.all().delete()
        Party.objects.filter(part_of__isnull=False).delete()
        Party.objects.all().delete()
    undone = undo(BRUNO, made.pk)
    assert (undone.restored, undone.kept) == (5, ())
    assert everything() == before


def test_what_was_made_is_removed_parts_first_unless_others_refer_to_it() -> None:
    with change_set(BRUNO, "import") as made:
        whole, other = party(name="Whole"), party(name="Other")
        unit = party(name="Unit", part_of=whole)
        Address.objects.create(party=unit, street="Via Roma")
        Address.objects.create(party=other, street="Via Po")
    Activity.objects.create(party=unit, subject="Called", at=datetime.now(UTC))
    undone = undo(BRUNO, made.pk)
    assert set(Party.objects.values_list("name", flat=True)) == {"Whole", "Unit"}
    assert not Address.objects.exists()
    assert kept(undone) == [("party", whole.pk, "", str(REFERRED)), ("party", unit.pk, "", str(REFERRED))]
    assert {one.title for one in undone.kept} == {"Whole", "Unit"}


def test_a_new_record_changed_by_others_since_stays() -> None:
    with change_set(BRUNO, "create") as made:
        casale = party()
    change(casale, city="Roma")
    undone = undo(BRUNO, made.pk)
    assert kept(undone) == [("party", casale.pk, "", str(CHANGED))]
    assert Party.objects.get().city == "Roma"


def test_a_row_made_and_relinked_in_one_act_is_unlinked_and_removed() -> None:
    first, second = party(name="First"), party(name="Second")
    before = everything()
    with change_set(BRUNO, "reorganise") as made:
        Party.objects.filter(pk=first.pk).update(part_of=party(name="New whole"))
        Party.objects.filter(pk=second.pk).delete()
    assert undo(BRUNO, made.pk).kept == ()
    assert everything() == before


def test_two_swapped_unique_values_go_back() -> None:
    carlo, dora = (User.objects.create(email=f"{n}@example.com", name=n, role="agent") for n in ("carlo", "dora"))
    before = everything()
    with change_set(ADA, "swap") as made:
        User.objects.filter(pk=carlo.pk).update(email="~")
        User.objects.filter(pk=dora.pk).update(email="carlo@example.com")
        User.objects.filter(pk=carlo.pk).update(email="dora@example.com")
    assert undo(ADA, made.pk).kept == ()
    assert everything() == before


def test_a_unique_value_taken_since_is_kept() -> None:
    carlo = User.objects.create(email="carlo@example.com", name="Carlo", role="agent")
    made = change(carlo, ADA, email="new@example.com", name="Carlo N.")
    User.objects.create(email="carlo@example.com", name="Another", role="agent")
    undone = undo(ADA, made)
    carlo.refresh_from_db()
    assert (carlo.email, carlo.name) == ("new@example.com", "Carlo")
    assert kept(undone) == [("user", carlo.pk, "email", str(TAKEN))]


def test_a_unique_value_passed_on_within_the_act_goes_back() -> None:
    carlo = User.objects.create(email="carlo@example.com", name="Carlo", role="agent")
    before = everything()
    with change_set(ADA, "replace") as made:
        User.objects.filter(pk=carlo.pk).delete()
        User.objects.create(email="carlo@example.com", name="Another", role="agent")
    assert undo(ADA, made.pk).kept == ()
    assert everything() == before
    assert not User.objects.get().check_password("")


def test_several_links_go_back_and_a_pair_made_again_since_is_kept() -> None:
    casale = party()
    kinds = [PartyType.objects.create(name=name) for name in ("Customer", "Supplier")]
    rows = [PartyTypeOf.objects.create(party=casale, party_type=kind) for kind in kinds]
    with change_set(BRUNO, "change") as made:
        PartyTypeOf.objects.all().delete()
    PartyTypeOf.objects.create(party=casale, party_type=kinds[1])
    undone = undo(BRUNO, made.pk)
    assert set(casale.types.values_list("name", flat=True)) == {"Customer", "Supplier"}
    assert kept(undone) == [("party_type_of", rows[1].pk, "party", str(TAKEN))]


def test_a_link_to_something_deleted_since_is_kept() -> None:
    steel, wood = (Industry.objects.create(name=name) for name in ("Steel", "Wood"))
    casale = party(industry=steel, city="Verona")
    made = change(casale, industry=wood, city="Roma")
    steel.delete()
    undone = undo(BRUNO, made)
    casale.refresh_from_db()
    assert (casale.industry, casale.city) == (wood, "Verona")
    assert [(one.field, one.reason) for one in undone.kept] == [("industry", LINK_GONE)]


def test_a_part_whose_whole_was_deleted_since_does_not_come_back() -> None:
    casale = party()
    address = Address.objects.create(party=casale, street="Via Roma")
    with change_set(BRUNO, "delete") as made:
        address_id = address.pk
        address.delete()
    casale.delete()
    undone = undo(BRUNO, made.pk)
    assert kept(undone) == [("address", address_id, "", str(LINK_GONE))]
    assert undone.change_set_id is None


def test_a_row_deleted_or_made_again_by_others_is_kept(casale: Party) -> None:
    renamed = change(casale, name="Renamed")
    with change_set(BRUNO, "delete") as deleted:
        row_id = casale.pk
        casale.delete()
    assert kept(undo(BRUNO, renamed)) == [("party", row_id, "", str(DELETED))]
    Party.objects.create(id=row_id, name="Another with that id")
    assert kept(undo(BRUNO, deleted.pk)) == [("party", row_id, "", str(REMADE))]


def test_a_record_made_and_deleted_in_one_act_leaves_nothing_to_do() -> None:
    with change_set(BRUNO, "nothing") as made:
        party().delete()
    assert undo(BRUNO, made.pk) == Undone(None, 0, ())


def test_nobody_undoes_what_they_may_not_change() -> None:
    anna = User.objects.create(id=1, email="anna@example.com", name="Anna", role="agent")
    mine = party(owner=anna)
    with change_set(ANNA, "change") as made:
        Party.objects.filter(pk=mine.pk).update(city="Roma")
    assert not undoable(CARLA, made.pk)
    with pytest.raises(Refused):
        undo(CARLA, made.pk)
    with pytest.raises(Refused):
        undo(BRUNO, made.pk + 1000)
    carla = User.objects.create(id=3, email="carla@example.com", name="Carla", role="agent")
    Party.objects.update(owner=carla)
    undone = undo(ANNA, made.pk)
    assert kept(undone) == [("party", mine.pk, "", str(NOT_PERMITTED))]
    assert undone.kept[0].title == ""
    assert undo(BRUNO, made.pk).restored == 1


def test_what_was_erased_is_never_brought_back(casale: Party) -> None:
    made = change(casale, name="Renamed")
    with change_set(BRUNO, "forget", markers_only=True) as forgotten:
        Party.objects.update(name="")
    Entry.objects.filter(record="party").update(image=None)
    assert kept(undo(BRUNO, made)) == [("party", casale.pk, "", str(ERASED))]
    assert kept(undo(BRUNO, forgotten.pk)) == [("party", casale.pk, "", str(ERASED))]
    assert not undoable(BRUNO, forgotten.pk)


def test_a_column_that_has_gone_since_is_told(casale: Party, monkeypatch: pytest.MonkeyPatch) -> None:
    made = change(casale, name="Renamed")
    entry = Entry.objects.get(change_set_id=made)
    assert entry.image is not None
    image = {**entry.image, "fax": "045 123", "denomination": entry.image["name"]}
    del image["name"]
    Entry.objects.filter(pk=entry.pk).update(image=image)
    monkeypatch.setattr("rapporto.store.history.renames.RENAMES", {"party": {"denomination": "name"}})
    assert kept(undo(BRUNO, made)) == [("party", casale.pk, "fax", str(FIELD_GONE))]
    assert Party.objects.get().name == "Ditta Casale"


def test_derived_numbers_follow_an_undo() -> None:
    casale = party()
    with change_set(BRUNO, "log") as made:
        Activity.objects.create(party=casale, subject="Called", at=datetime(2026, 1, 2, tzinfo=UTC), state="done")
    undo(BRUNO, made.pk)
    assert Party.objects.filter(pk=casale.pk, activities=None).exists()


def test_a_change_set_over_many_transactions_is_undone_as_one() -> None:
    before = everything()
    with change_set(BRUNO, "import", keep_open=True) as made:
        party(name="First")
    assert not undoable(BRUNO, made.pk)
    with change_set(BRUNO, "import", continues=made.pk):
        party(name="Second")
    ChangeSet.objects.filter(pk=made.pk).update(open=False)
    assert undo(BRUNO, made.pk).restored == 2
    assert everything() == before
