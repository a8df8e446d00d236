"""The stamp: what tells the triggers which change set is being written. Without it a change counts as made outside."""

import time

from django.db.backends.base.base import BaseDatabaseWrapper

_SQLITE = (
    "INSERT INTO history_stamp (id, change_set_id, at, markers_only) VALUES (1, %s, %s, %s) ON CONFLICT (id) DO UPDATE"
    " SET change_set_id = excluded.change_set_id, at = excluded.at, markers_only = excluded.markers_only"
)
# They last until the end of the transaction, and become '' after their first use: the triggers read them with nullif.
_POSTGRESQL = (
    "SELECT set_config('rapporto.change_set', %s, true), set_config('rapporto.at', %s, true),"
    " set_config('rapporto.markers_only', %s, true)"
)


def now() -> int:
    """The time in microseconds since 1970 UTC."""
    return time.time_ns() // 1000


def write(connection: BaseDatabaseWrapper, change_set_id: int, at: int, markers_only: bool) -> None:
    """Stamp what the transaction under way writes from here on."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_POSTGRESQL, [str(change_set_id), str(at), "on" if markers_only else ""])
        else:
            cursor.execute(_SQLITE, [change_set_id, at, markers_only])


def clear(connection: BaseDatabaseWrapper) -> None:
    """Take the stamp away; what follows in the transaction counts as outside."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_POSTGRESQL, ["", "", ""])
        else:
            cursor.execute("DELETE FROM history_stamp")
