"""A change set says who changed what, through which door; whatever has none counts as changed outside."""

from typing import Any

import pytest
from django.db import connection, transaction

from rapporto.domain.parties.models import Party
from rapporto.kernel.actor import MANAGER, Actor
from rapporto.store.history.changing import change_set, close, current_id, current_user
from rapporto.store.history.models import ChangeSet, Entry

pytestmark = pytest.mark.django_db

BRUNO = Actor(2, "Bruno", frozenset({MANAGER}))
CARLA = Actor(3, "Carla", frozenset({MANAGER}))


def acts() -> list[tuple[str, str, int | None]]:
    return list(Entry.objects.order_by("id").values_list("record", "act", "change_set_id"))


def image(entry: Entry) -> dict[str, Any]:
    """The image of an entry that has one."""
    assert entry.image is not None
    return dict(entry.image)


def test_what_is_changed_together_is_one_change_set() -> None:
    with change_set(BRUNO, "create") as change:
        casale = Party.objects.create(name="Ditta Casale")
        casale.name = "Ditta Casale & Figli"
        casale.save()
    assert (change.user_id, change.user_name, change.door, change.command) == (2, "Bruno", "web", "create")
    assert acts() == [("party", "I", change.pk), ("party", "U", change.pk)]
    inserted, updated = Entry.objects.order_by("id")
    assert inserted.image is None
    assert image(updated)["name"] == "Ditta Casale"
    assert updated.at == change.at


def test_inside_another_change_set_that_one_goes_on() -> None:
    with change_set(BRUNO, "outer") as outer:
        with change_set(CARLA, "inner") as inner:
            assert inner is outer
            assert (current_id(), current_user()) == (outer.pk, 2)
            Party.objects.create(name="Ditta Casale")
        Party.objects.create(name="Another")
    assert [one[2] for one in acts()] == [outer.pk, outer.pk]
    assert current_id() is None
    assert ChangeSet.objects.count() == 1


def test_a_change_set_in_which_nothing_changed_leaves_no_row() -> None:
    Party.objects.create(name="Ditta Casale")
    with change_set(BRUNO, "nothing") as change:
        Party.objects.update(name="Ditta Casale")
    assert change.pk is None
    assert not ChangeSet.objects.exists()


def test_what_fails_leaves_neither_change_nor_stamp() -> None:
    def fails() -> None:
        with change_set(BRUNO, "fails"):
            Party.objects.create(name="Ditta Casale")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails()
    assert not ChangeSet.objects.exists()
    Party.objects.create(name="Afterwards")
    assert acts() == [("party", "I", None)]


def test_a_change_after_the_change_set_in_the_same_transaction_is_outside() -> None:
    with transaction.atomic():
        with change_set(BRUNO, "create") as change:
            Party.objects.create(name="Ditta Casale")
        Party.objects.create(name="Afterwards")
    assert [one[2] for one in acts()] == [change.pk, None]


def test_a_long_command_adds_transactions_to_one_open_change_set() -> None:
    with change_set(BRUNO, "import", keep_open=True) as change:
        pass
    for name in ("Ditta Casale", "Another"):
        with change_set(BRUNO, "import", continues=change.pk, keep_open=True) as again:
            assert again.pk == change.pk
            Party.objects.create(name=name)
    close(change.pk)
    assert [one[2] for one in acts()] == [change.pk, change.pk]
    assert not ChangeSet.objects.get().open
    with pytest.raises(ValueError, match="no open change set"), change_set(BRUNO, "import", continues=change.pk):
        pass


def test_nobody_continues_what_another_began() -> None:
    with change_set(BRUNO, "import", keep_open=True) as change:
        Party.objects.create(name="Ditta Casale")
    with pytest.raises(ValueError, match="no open change set"), change_set(CARLA, "import", continues=change.pk):
        pass


def test_forgetting_leaves_markers_without_images() -> None:
    casale = Party.objects.create(name="Ditta Casale")
    with change_set(BRUNO, "forget", markers_only=True) as change:
        Party.objects.filter(pk=casale.pk).update(name="")
        Party.objects.filter(pk=casale.pk).delete()
    left = Entry.objects.filter(change_set=change).order_by("id")
    assert [(one.act, one.image) for one in left] == [("U", None), ("D", None)]
    with (
        pytest.raises(ValueError, match="inside another"),
        change_set(BRUNO, "a"),
        change_set(BRUNO, "b", markers_only=True),
    ):
        pass


def test_raw_sql_outside_the_product_is_recorded_as_outside() -> None:
    with change_set(BRUNO, "create"):
        casale = Party.objects.create(name="Ditta Casale")
    before = Entry.objects.latest("id")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE parties_party SET city = 'Verona' WHERE id = %s", [casale.pk])
    entry = Entry.objects.latest("id")
    assert (entry.act, entry.change_set_id, entry.row_id) == ("U", None, casale.pk)
    assert image(entry)["city"] == ""
    assert abs(entry.at - before.at) < 60_000_000


def test_an_update_that_changes_no_declared_column_leaves_nothing() -> None:
    Party.objects.create(name="Ditta Casale")
    Entry.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE parties_party SET city = city, name = name")
        cursor.execute("UPDATE people_user SET password = 'x'")
    assert acts() == []


def test_a_changed_id_is_a_row_gone_and_a_row_come() -> None:
    casale = Party.objects.create(name="Ditta Casale")
    Entry.objects.all().delete()
    Party.objects.filter(pk=casale.pk).update(id=casale.pk + 1000)
    left = sorted(Entry.objects.values_list("act", "row_id"))
    assert left == [("D", casale.pk), ("I", casale.pk + 1000)]


@pytest.mark.postgresql
def test_truncating_a_table_is_recorded_row_by_row() -> None:
    Party.objects.create(name="Ditta Casale")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("TRUNCATE parties_party CASCADE")
    assert [(e.act, image(e)["name"]) for e in Entry.objects.filter(act="D")] == [("D", "Ditta Casale")]
