"""The sealed history: nobody changes, takes out or slips in an entry unseen; what was erased on request stays believed."""

import pytest
from django.db import connection

from rapporto.domain.parties.models import Party
from rapporto.store.history.models import ChangeSet, Entry, Seal
from rapporto.store.history.seals import head, seal_all, unsalt, verify
from rapporto.store.write import save
from tests.cast import casale, enters

pytestmark = pytest.mark.django_db


def told(known_head: str = "") -> list[str]:
    return [one.text for one in verify(known_head)]


def outside(sql: str, *params: str | int | None) -> None:
    """What somebody with the key to the database does behind the product's back."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


@pytest.fixture
def sealed(monkeypatch: pytest.MonkeyPatch) -> Party:
    """A customer changed five times, sealed three entries at a time."""
    Seal.objects.all().delete()
    Entry.objects.all().delete()
    monkeypatch.setattr("rapporto.store.history.seals.SEALED", 3)
    bruno = enters("Bruno")
    firm = casale(bruno)
    for number in range(5):
        save(bruno, "party", {"employees": number + 1}, firm.pk)
    assert seal_all() >= 2
    return firm


@pytest.mark.sqlite
def test_what_nobody_touched_is_as_it_was_sealed(sealed: Party) -> None:
    assert told() == []
    assert told(head()) == []
    known = head()
    save(enters("Bruno"), "party", {"employees": 77}, sealed.pk)
    assert seal_all() == 1
    assert told(known) == []


@pytest.mark.sqlite
def test_sealing_again_without_a_change_seals_nothing(sealed: Party) -> None:
    assert seal_all() == 0


@pytest.mark.sqlite
def test_a_changed_image_a_changed_author_and_a_deleted_entry_are_told(sealed: Party) -> None:
    entry = Entry.objects.filter(act="U").order_by("pk").last()
    assert entry is not None
    outside("UPDATE history_entry SET image = json_set(image, '$.employees', 999) WHERE id = %s", entry.pk)
    assert told() == [f"entry {entry.pk} is not as it was sealed"]
    outside("UPDATE history_entry SET image = json_set(image, '$.employees', 4) WHERE id = %s", entry.pk)
    assert told() == []
    outside("UPDATE history_change_set SET user_name = 'Carla' WHERE id = %s", entry.change_set_id)
    assert told() == [f"entry {entry.pk} is not as it was sealed"]
    outside("DELETE FROM history_entry WHERE id = %s", entry.pk)
    assert told() == [f"entry {entry.pk} is missing"]


@pytest.mark.sqlite
def test_what_is_slipped_in_and_what_is_cut_off_is_told(sealed: Party) -> None:
    known = head()
    gone = Seal.objects.order_by("number").last()
    assert gone is not None
    gone.delete()
    assert told(known) == ["the head that was kept elsewhere is not in the chain"]
    seal_all()
    Seal.objects.filter(number=1).delete()
    assert "this seal is missing" in told()


@pytest.mark.sqlite
def test_a_past_entry_that_was_never_sealed_is_told(sealed: Party) -> None:
    first = Entry.objects.order_by("pk").first()
    assert first is not None
    change = ChangeSet.objects.first()
    Entry.objects.create(
        pk=first.pk - 1, change_set=change, record="party", row_id=sealed.pk, act="U", at=1, image={"id": 1}
    )
    assert told() == ["1 entries are in the history that were never sealed"]


@pytest.mark.sqlite
def test_an_entry_erased_on_request_is_believed_and_its_salt_is_gone(sealed: Party) -> None:
    entry = Entry.objects.filter(act="U").order_by("pk").first()
    assert entry is not None
    known = head()
    unsalt([entry.pk])
    outside("UPDATE history_entry SET image = NULL WHERE id = %s", entry.pk)
    assert told(known) == []
    holding = Seal.objects.get(first_id__lte=entry.pk, last_id__gte=entry.pk)
    assert bytes(16) in bytes(holding.salts)


@pytest.mark.django_db(transaction=True)
def test_the_chain_follows_the_commits_on_both_databases() -> None:
    Seal.objects.all().delete()
    bruno = enters("Bruno")
    firm = casale(bruno)
    save(bruno, "party", {"employees": 5}, firm.pk)
    while seal_all():
        pass
    assert told(head()) == []
    outside("UPDATE history_entry SET row_id = row_id + 1 WHERE act = 'U'")
    assert any("not as it was sealed" in text for text in told())
