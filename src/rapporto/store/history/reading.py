"""In which order readers take the changes: numbers that follow the commits, so that a reader never misses one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

_LOCK = 4_715_031_950_021
"""Of the advisory lock under which PostgreSQL's transactions are numbered."""


@dataclass(frozen=True)
class Change:
    """One entry as readers see it. `number` is that of its transaction (PostgreSQL) or its own (SQLite)."""

    number: int
    entry_id: int
    record: str
    row_id: int
    act: str
    change_set_id: int | None


def newest() -> int:
    """The number after which nothing is there yet; 0 when nothing was ever changed."""
    if connection.vendor == "postgresql":
        number_transactions()
        return _one("SELECT coalesce(max(number), 0) FROM history_reading")
    return _one("SELECT coalesce(max(id), 0) FROM history_entry")


def number_before(moment: datetime) -> int:
    """The number after which everything lies that was changed in the product since a moment."""
    if connection.vendor == "postgresql":
        number_transactions()
    since = int(moment.timestamp() * 1_000_000)
    with connection.cursor() as cursor:
        cursor.execute(_SINCE[connection.vendor], [since])
        (first,) = cursor.fetchone()
    return newest() if first is None else int(first) - 1


_SINCE = {
    "sqlite": "SELECT min(e.id) FROM history_change_set s JOIN history_entry e ON e.change_set_id = s.id WHERE s.at >= %s",
    "postgresql": (
        "SELECT min(r.number) FROM history_change_set s JOIN history_entry e ON e.change_set_id = s.id"
        " JOIN history_reading r ON r.xid = e.xid WHERE s.at >= %s"
    ),
}


def changes_since(number: int, limit: int) -> list[Change]:
    """The changes after `number`, oldest first: about `limit`, yet never a part of a transaction.

    Read on with the number of the last one. A transaction larger than `limit` comes whole.
    """
    if connection.vendor == "postgresql":
        number_transactions()
        return _whole_transactions(number, limit)
    return _changes(f"{_SQLITE} WHERE id > %s ORDER BY id LIMIT %s", [number, limit])


_SQLITE = "SELECT id, id, record, row_id, act, change_set_id FROM history_entry"
_POSTGRESQL = (
    "SELECT r.number, e.id, e.record, e.row_id, e.act, e.change_set_id"
    " FROM history_reading r JOIN history_entry e ON e.xid = r.xid"
)


def _whole_transactions(number: int, limit: int) -> list[Change]:
    found = _changes(f"{_POSTGRESQL} WHERE r.number > %s ORDER BY r.number, e.id LIMIT %s", [number, limit + 1])
    if len(found) <= limit:
        return found
    whole = [change for change in found if change.number != found[-1].number]
    return whole or _changes(f"{_POSTGRESQL} WHERE r.number = %s ORDER BY e.id", [found[0].number])


def number_transactions() -> None:
    """PostgreSQL: number the transactions that were committed since the last time, the reader's own one excepted.

    A sequence would give its numbers before the commit, and a reader would pass by a transaction still under way for good.
    Each batch keeps the oldest transaction then under way: whatever is older has a number already.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.execute(_NUMBER.format(new=_NEW))


_NUMBER = """
INSERT INTO history_reading (xid, horizon)
SELECT xid, pg_snapshot_xmin(pg_current_snapshot())::text::bigint FROM history_entry e
WHERE xid {new} AND NOT EXISTS (SELECT 1 FROM history_reading r WHERE r.xid = e.xid)
GROUP BY xid ORDER BY min(e.id)"""
_NEW = (
    ">= coalesce((SELECT horizon FROM history_reading ORDER BY number DESC LIMIT 1), 0)"
    " AND xid IS DISTINCT FROM pg_current_xact_id_if_assigned()::text::bigint"
)


def settle() -> None:
    """After a restore into a new server, whose transactions count from the start: keep the old ones apart from the new."""
    if connection.vendor != "postgresql":
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.execute(
            "SELECT coalesce(max(xid), 0) >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint FROM history_entry"
        )
        (restored,) = cursor.fetchone()
        if restored:
            cursor.execute(_NUMBER.format(new="> 0"))
            for sql in _APART:
                cursor.execute(sql)


_APART = (
    "UPDATE history_entry SET xid = -xid - (SELECT coalesce(-min(xid), 0) FROM history_reading WHERE xid < 0) WHERE xid > 0",
    "UPDATE history_reading SET xid = -xid - (SELECT coalesce(-min(xid), 0) FROM history_reading WHERE xid < 0), horizon = 0 WHERE xid > 0",
)


def _changes(sql: str, params: Sequence[int]) -> list[Change]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [Change(*row) for row in cursor.fetchall()]


def _one(sql: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return int(cursor.fetchone()[0])
