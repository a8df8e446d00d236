"""Indexes of the fields made here: built at once where the table is small, beside the work of everybody where it is large."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db import connection, transaction

from rapporto.kernel.facts import Fact, follows
from rapporto.kernel.kinds import LongText
from rapporto.kernel.record import Field
from rapporto.store import outbox
from rapporto.store.declare import DECLARED
from rapporto.store.expressions import json_key_sql
from rapporto.store.one_writer import turn
from rapporto.store.userfields import JSON_KEY, as_field
from rapporto.store.userfields_models import UserField

LARGE = 20_000
"""Rows from which on an index is built by a worker: nobody waits for it with a page."""
ROWS_A_SECOND = 100_000
"""About as many rows are indexed in a second, on either database."""
_PREFIX = "made_"


@dataclass(frozen=True)
class FieldsChanged(Fact):
    """Fields of large tables were made, taken away, converted: their indexes are to follow."""

    fields: tuple[int, ...] = ()


def index_name(record: str, field: Field) -> str:
    """The name of the index of a user-made field; another one when it comes to hold something else."""
    return f"{_PREFIX}{record}_{field.name}_{'key' if field.kind.keyed else field.kind.sql}"


def rows_of(record: str) -> int:
    """About how many rows a type has, by its newest one."""
    if record not in DECLARED:
        return 0
    newest = DECLARED[record].model._default_manager.order_by("-pk").values_list("pk", flat=True).first()
    return int(newest or 0)


def is_large(record: str) -> bool:
    """Whether building an index takes longer than somebody should wait."""
    return rows_of(record) > LARGE


def seconds(record: str) -> int:
    """About how long an index takes to build."""
    return max(1, round(rows_of(record) / ROWS_A_SECOND))


def wanted(rows: Iterable[UserField]) -> dict[str, str]:
    """The indexes that these fields are to have: name → the statement that makes it, without its beginning."""
    found = {}
    for row in rows:
        field = as_field(row)
        if row.record in DECLARED and not row.removed and not isinstance(field.kind, LongText):
            name = field.name + (JSON_KEY if field.kind.keyed else "")
            key = json_key_sql('"extra"', name, field.kind.sql, connection.vendor)
            found[index_name(row.record, field)] = f'ON "{DECLARED[row.record].table}" ({key}, "id")'
    return found


_SQLITE = "SELECT name FROM sqlite_master WHERE type = 'index' AND substr(name, 1, 5) = %s"
_POSTGRESQL = """
SELECT c.relname FROM pg_class c JOIN pg_index i ON i.indexrelid = c.oid JOIN pg_namespace s ON s.oid = c.relnamespace
WHERE s.nspname = 'public' AND left(c.relname, 5) = %s AND i.indisvalid = %s"""


def present(*, whole: bool = True) -> set[str]:
    """The indexes of fields made here that there are; with `whole` false those that were broken off (PostgreSQL)."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(_SQLITE, [_PREFIX])
            return {name for (name,) in cursor.fetchall()} if whole else set()
        cursor.execute(_POSTGRESQL, [_PREFIX, whole])
        return {name for (name,) in cursor.fetchall()}


def follow(ids: Collection[int]) -> None:
    """Give changed fields their indexes: now where the table is small, otherwise by a worker."""
    tables = dict(UserField.objects.filter(pk__in=ids).values_list("pk", "record"))
    tables |= {_parts(name)[1]: _parts(name)[0] for name in present() if _parts(name)[1] in ids}  # of fields undone
    later = {pk for pk in ids if is_large(tables.get(pk, ""))}
    _apply(set(ids) - later, beside=False)
    if later:
        outbox.record(FieldsChanged(tuple(sorted(later))))


@follows(FieldsChanged, name="store.field_indexes", longest=3600)
def keep(fact: FieldsChanged) -> None:
    """Build and drop what is owed, while everybody goes on working."""
    _apply(set(fact.fields), beside=True)


def _apply(ids: Collection[int], *, beside: bool) -> None:
    if not ids:
        return
    right = wanted(UserField.objects.filter(pk__in=ids))
    there, broken = present(), present(whole=False)
    for name in sorted(there | broken):
        if _parts(name)[1] in ids and (name not in right or name in broken):
            _execute("DROP INDEX", "IF EXISTS", f'"{name}"', beside=beside)
    for name, what in right.items():
        if name not in there:
            _execute("CREATE INDEX", "IF NOT EXISTS", f'"{name}" {what}', beside=beside)


def _parts(name: str) -> tuple[str, int]:
    """The record type and the field of an index: «made_party_u12_key» belongs to field 12 of party."""
    record, _, rest = name.removeprefix(_PREFIX).rpartition("_u")
    number = rest.partition("_")[0]
    return record, int(number) if number.isdigit() else 0


def _execute(verb: str, unless: str, what: str, *, beside: bool) -> None:
    """Run a statement; beside the work of others PostgreSQL needs to be outside of a transaction, SQLite its turn to write."""
    if connection.vendor == "sqlite" or (beside and connection.in_atomic_block):
        beside = False
    with connection.cursor() as cursor:
        if beside:
            cursor.execute(f"{verb} CONCURRENTLY {unless} {what}")
            return
        with turn(), transaction.atomic():
            if connection.vendor == "postgresql":
                # what was just written still has its links to be checked, and no index is made while they wait
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            cursor.execute(f"{verb} {unless} {what}")


def differences() -> tuple[set[str], set[str]]:
    """The indexes that are missing, and those that belong to nothing."""
    right, there = wanted(UserField.objects.all()).keys(), present()
    return set(right) - there, (there - set(right)) | present(whole=False)


def mend() -> None:
    """Build what is missing and drop what belongs to nothing."""
    missing, left = differences()
    _apply({_parts(name)[1] for name in missing | left}, beside=True)
