"""`change_set`: what one act changes belongs together, whoever does it, through whichever door."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta

from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Exists, OuterRef

from rapporto.kernel.actor import Actor
from rapporto.store.history import stamp
from rapporto.store.history.models import ChangeSet, Entry
from rapporto.store.one_writer import turn


@dataclass(frozen=True)
class _UnderWay:
    connection: BaseDatabaseWrapper
    change: ChangeSet
    markers_only: bool


_under_way: ContextVar[_UnderWay | None] = ContextVar("change_set_under_way", default=None)


def current() -> ChangeSet | None:
    """The change set being written on this thread's connection; None outside of one."""
    under_way = _here()
    return under_way.change if under_way else None


def current_id() -> int | None:
    """The id of the change set being written; None outside of one."""
    change = current()
    return change.pk if change else None


def current_user() -> int | None:
    """The id of the user whose change set is being written; None outside of one, or for the system."""
    change = current()
    return change.user_id if change else None


@contextmanager
def change_set(
    actor: Actor,
    command: str,
    *,
    continues: int | None = None,
    keep_open: bool = False,
    markers_only: bool = False,
    at: int | None = None,
) -> Iterator[ChangeSet]:
    """One transaction whose changes are one change set; inside another one, that one goes on.

    `continues` adds this transaction to an open change set of the same user, `keep_open` lets others be added until `close`.
    `markers_only` keeps no images (forgetting). `at` dates what is told of the past (microseconds since 1970 UTC); a row must never
    be given a change older than its last one. A change set in which nothing changed leaves no row; its `pk` is then None.
    Raises ValueError when `continues` names no open change set of this user, or when the outer one keeps images and this must not.
    """
    outer = _here()
    if outer is not None:
        if (continues is not None and continues != outer.change.pk) or (markers_only and not outer.markers_only):
            raise ValueError(
                "what is begun inside another change set can neither continue a third one nor leave the images out"
            )
        yield outer.change
        return
    with turn(), transaction.atomic():
        at = stamp.now() if at is None else at
        change = _begun(actor, command, at, keep_open) if continues is None else _continued(actor, continues)
        stamp.write(connection, change.pk, at, markers_only)
        token = _under_way.set(_UnderWay(_wrapper(), change, markers_only))
        try:
            yield change
        finally:
            _under_way.reset(token)
        stamp.clear(connection)
        if continues is None and not keep_open:
            _drop_if_empty(change)


def close(change_set_id: int) -> bool:
    """End a change set that was kept open; one in which nothing changed leaves no row. Whether there is one."""
    ended = ChangeSet(pk=change_set_id)
    with turn(), transaction.atomic():
        ChangeSet.objects.filter(pk=change_set_id).update(open=False)
        _drop_if_empty(ended)
    return ended.pk is not None


def reopen(actor: Actor, change_set_id: int) -> bool:
    """Let an own change set that was closed half way be added to again; False when it was undone, or is another's.

    One that is gone had written nothing.
    """
    with turn(), transaction.atomic():
        change = ChangeSet.objects.filter(pk=change_set_id).first()
        if change is None or change.user_id != actor.user_id or change.is_undone():
            return False
        ChangeSet.objects.filter(pk=change_set_id).update(open=True)
        return True


def close_abandoned(idle: timedelta = timedelta(minutes=10)) -> int:
    """End the change sets whose process is gone: open, and without a new entry for so long. Gives how many there were.

    What they wrote stays, and can be undone like any other change.
    """
    before = stamp.now() - int(idle.total_seconds() * 1_000_000)
    alive = Entry.objects.filter(change_set_id=OuterRef("pk"), at__gte=before)
    found = list(ChangeSet.objects.filter(~Exists(alive), open=True, at__lt=before).values_list("pk", flat=True))
    for change_set_id in found:
        close(change_set_id)
    return len(found)


def _here() -> _UnderWay | None:
    """What is under way on this very connection: a copied context (another thread) has another one."""
    under_way = _under_way.get()
    return under_way if under_way is not None and under_way.connection is _wrapper() else None


def _wrapper() -> BaseDatabaseWrapper:
    return connections[DEFAULT_DB_ALIAS]


def _begun(actor: Actor, command: str, at: int, keep_open: bool) -> ChangeSet:
    return ChangeSet.objects.create(
        at=at, user_id=actor.user_id, user_name=actor.name, door=actor.door, command=command, open=keep_open
    )


def _continued(actor: Actor, change_set_id: int) -> ChangeSet:
    # plain SQL: an import asks this before every portion
    rows = ChangeSet.objects.raw("SELECT * FROM history_change_set WHERE id = %s AND open", [change_set_id])
    change = next((one for one in rows if one.user_id == actor.user_id), None)
    if change is None:
        raise ValueError(f"there is no open change set {change_set_id} of {actor.name or 'nobody'}")
    return change


def _drop_if_empty(change: ChangeSet) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM history_change_set WHERE id = %s"
            " AND NOT EXISTS (SELECT 1 FROM history_entry WHERE change_set_id = history_change_set.id)",
            [change.pk],
        )
        if cursor.rowcount:
            change.pk = None
