"""Readers take the changes in the order of their commits and never miss one."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from rapporto.domain.parties.models import Party
from rapporto.kernel.actor import MANAGER, Actor
from rapporto.store.history.changing import change_set
from rapporto.store.history.install import install
from rapporto.store.history.reading import changes_since, newest, number_transactions, settle

pytestmark = pytest.mark.django_db(transaction=True)

BRUNO = Actor(2, "Bruno", frozenset({MANAGER}))


@pytest.fixture(autouse=True)
def installed() -> None:
    install()


@contextmanager
def another_connection() -> Iterator[BaseDatabaseWrapper]:
    other = connection.copy()
    other.set_autocommit(False)
    try:
        yield other
    finally:
        other.rollback()
        other.close()


def insert(other: BaseDatabaseWrapper, name: str) -> None:
    columns = {f.attname: f for f in Party._meta.concrete_fields if not f.primary_key and not f.null}
    values = [f.get_default() if f.has_default() else "" for f in columns.values()]
    values = ["{}" if value == {} else value for value in values]
    with other.cursor() as cursor:
        names, marks = ", ".join(columns), ", ".join(["%s"] * len(columns))
        cursor.execute(f"INSERT INTO parties_party ({names}) VALUES ({marks})", values)
        cursor.execute(
            "UPDATE parties_party SET name = %s WHERE name = '' AND id = (SELECT max(id) FROM parties_party)", [name]
        )


def read_on(number: int, limit: int = 100) -> tuple[int, list[int]]:
    found = changes_since(number, limit)
    return (found[-1].number if found else number), [one.row_id for one in found if one.act == "I"]


def test_a_reader_takes_every_change_once_and_in_order() -> None:
    start = newest()
    with change_set(BRUNO, "create") as change:
        first = Party.objects.create(name="First")
    second = Party.objects.create(name="Second")
    found = changes_since(start, 100)
    assert [(one.record, one.row_id, one.act, one.change_set_id) for one in found] == [
        ("party", first.pk, "I", change.pk),
        ("party", second.pk, "I", None),
    ]
    assert found[-1].number == newest()
    assert changes_since(newest(), 100) == []


def test_reading_in_pieces_gives_the_same_as_at_once() -> None:
    start = newest()
    for name in ("a", "b", "c", "d"):
        with change_set(BRUNO, "create"):
            Party.objects.create(name=name)
            Party.objects.create(name=name)
    at_once, number, pieces = changes_since(start, 100), start, []
    while piece := changes_since(number, 3):
        pieces += piece
        number = piece[-1].number
    assert pieces == at_once
    assert len(pieces) == 8


@pytest.mark.postgresql
def test_a_transaction_larger_than_the_limit_comes_whole() -> None:
    start = newest()
    with change_set(BRUNO, "create"):
        for number in range(10):
            Party.objects.create(name=str(number))
    Party.objects.create(name="After")
    assert len(changes_since(start, 3)) == 10
    assert len(changes_since(start, 10)) == 10
    assert len(changes_since(start, 11)) == 11


@pytest.mark.postgresql
def test_a_transaction_that_commits_late_is_not_passed_by() -> None:
    number = newest()
    with another_connection() as slow, another_connection() as slower:
        insert(slow, "began first")
        insert(slower, "began second")
        quick = Party.objects.create(name="began last, committed first")
        number, seen = read_on(number)
        assert seen == [quick.pk]
        slower.commit()
        number, seen = read_on(number)
        assert [Party.objects.get(pk=pk).name for pk in seen] == ["began second"]
        insert(slower, "a further one")
        slow.commit()
        number, seen = read_on(number)
        assert [Party.objects.get(pk=pk).name for pk in seen] == ["began first"]
        slower.commit()
        number, seen = read_on(number)
        assert [Party.objects.get(pk=pk).name for pk in seen] == ["a further one"]
        assert read_on(number) == (number, [])


@pytest.mark.postgresql
def test_a_reader_does_not_number_its_own_unfinished_transaction() -> None:
    start = newest()
    with transaction.atomic():
        Party.objects.create(name="First")
        assert newest() == start
        Party.objects.create(name="Second")
    assert len(changes_since(start, 100)) == 2


@pytest.mark.postgresql
def test_what_is_rolled_back_is_never_read() -> None:
    start = newest()
    with another_connection() as other:
        insert(other, "never")
        other.rollback()
    kept = Party.objects.create(name="kept")
    assert read_on(start)[1] == [kept.pk]


@pytest.mark.postgresql
def test_after_a_restore_into_a_new_server_old_and_new_transactions_are_told_apart() -> None:
    """There the transactions count from the start again, and meet the numbers of old ones."""
    old = Party.objects.create(name="Old")
    start = newest()
    with connection.cursor() as cursor:
        # as if the old server had been far ahead of this one
        cursor.execute("UPDATE history_entry SET xid = xid + 1000000")
        cursor.execute("UPDATE history_reading SET xid = xid + 1000000, horizon = horizon + 1000000")
    Party.objects.create(name="Lost, if nobody noticed")
    settle()
    new = Party.objects.create(name="New")
    number_transactions()
    found = [one.row_id for one in changes_since(start, 100)]
    assert new.pk in found
    assert len(found) == len(set(found)) == 2
    assert old.pk in [one.row_id for one in changes_since(0, 10_000)]
