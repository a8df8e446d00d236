"""`check`: compares everything that is derived with what it is derived from, mends what differs, and says both in words."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError, connection, transaction

from rapporto.kernel.actor import system_task
from rapporto.store import field_indexes
from rapporto.store.columns import KeyColumn
from rapporto.store.declare import DECLARED, Declaration
from rapporto.store.documents import each_once
from rapporto.store.history import install
from rapporto.store.history.changing import change_set
from rapporto.store.rights.replay import replay_erasures
from rapporto.store.search_tables import searched, table
from rapporto.store.userfields import record_type
from rapporto.store.write import put_made, refresh

CHUNK = 500
"""Rows looked at in one transaction: whoever works meanwhile waits for no more."""
CHECKER = system_task("check")
_BEFORE = "check_before"


@dataclass(frozen=True)
class Finding:
    """Something that was not as it should be, in words; whether it is now."""

    text: str
    mended: bool = True


def run(say: Callable[[str], None] = print) -> int:
    """Check and mend everything; says each finding. 0 when all was as it should be, 1 when something was found."""
    found = 0
    for finding in check():
        found += 1
        say(f"{finding.text} {'Mended.' if finding.mended else 'NOT MENDED: restore a backup.'}")
    say("All is as it should be." if not found else f"{found} findings; run it again to see that all is mended.")
    return 1 if found else 0


def check() -> Iterator[Finding]:
    """Everything that differed, mended one after the other."""
    yield from _database()
    yield from _triggers()
    yield from _field_indexes()
    for declaration in DECLARED.values():
        yield from _keys(declaration)
        yield from _made_keys(declaration)
    yield from _derived()
    yield from _erasures()
    yield from _search_indexes()


def _database() -> Iterator[Finding]:
    """What SQLite knows of itself; PostgreSQL has its own tools for that."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        for (said,) in cursor.execute("PRAGMA integrity_check(20)").fetchall():
            if said != "ok":
                yield Finding(f"The database file is damaged: {said}.", mended=False)
        for row in cursor.execute("PRAGMA foreign_key_check").fetchmany(20):
            yield Finding(f"Row {row[1]} of {row[0]} points to a row of {row[2]} that is not there.", mended=False)


def _triggers() -> Iterator[Finding]:
    """The triggers of the history."""
    differences = install.differences()
    if differences:
        install.install()
    left = set(install.differences())
    for said in differences:
        yield Finding(f"History: {said}.", mended=said not in left)


def _erasures() -> Iterator[Finding]:
    """Persons erased on request whom an older copy has brought back."""
    if back := replay_erasures():
        yield Finding(f"{len(back)} persons who were erased on request were in the database again.")


def _field_indexes() -> Iterator[Finding]:
    """The indexes of the fields that the company made."""
    missing, left = field_indexes.differences()
    if missing or left:
        field_indexes.mend()
        yield Finding(f"Indexes of own fields: {len(missing)} were missing, {len(left)} belonged to nothing.")


def _keys(declaration: Declaration) -> Iterator[Finding]:
    """The folded keys beside the texts of a type."""
    columns = [one for one in declaration.model._meta.concrete_fields if isinstance(one, KeyColumn) and one.source_kind]
    if not columns:
        return
    wrong = 0
    names = [name for one in columns for name in (one.source, one.attname)]
    for rows in _in_chunks(declaration, names):
        with change_set(CHECKER, "check"):
            for row_id, *values in rows:
                right = _right_keys(columns, values)
                if right:
                    wrong += 1
                    declaration.model._default_manager.filter(pk=row_id).update(**right)
    if wrong:
        yield Finding(f"{_name(declaration)}: the folded keys of {wrong} records were wrong.")


def _right_keys(columns: list[KeyColumn], values: list[Any]) -> dict[str, str]:
    """The keys that differ from what they should be."""
    right = {}
    for at, column in enumerate(columns):
        text, key = values[2 * at], values[2 * at + 1]
        wanted = (column.source_kind.key(text) or "") if column.source_kind else ""
        if key != wanted:
            right[column.attname] = wanted
    return right


def _made_keys(declaration: Declaration) -> Iterator[Finding]:
    """The keys of user-made fields, kept beside their values in the JSON of the row."""
    record = record_type(declaration.name)
    made = [one for one in record.made_here if one.kind.keyed]
    if not made:
        return
    wrong = 0
    for rows in _in_chunks(declaration, ["extra"]):
        with change_set(CHECKER, "check"):
            for row_id, extra in rows:
                right = dict(extra)
                for one in made:
                    put_made(right, record, one.name, one.kind.load(extra.get(one.name)))
                if right != extra:
                    wrong += 1
                    declaration.model._default_manager.filter(pk=row_id).update(extra=right)
    if wrong:
        yield Finding(f"{_name(declaration)}: the keys of user-made fields of {wrong} records were wrong.")


def _derived() -> Iterator[Finding]:
    """Side tables and search documents: copied, renewed by the functions the records declare, and compared with the copy."""
    places = dict(_side_tables())
    with connection.cursor() as cursor:
        for at, name in enumerate(places):
            cursor.execute(f'CREATE TEMPORARY TABLE {_BEFORE}_{at} AS SELECT * FROM "{name}"')
        try:
            _renew_all()
            for at, (name, label) in enumerate(places.items()):
                wrong = _difference(cursor, f"{_BEFORE}_{at}", name)
                if wrong:
                    yield Finding(f"{label}: {wrong} rows were missing, left over or out of date.")
        finally:
            for at, _ in enumerate(places):
                cursor.execute(f"DROP TABLE {_BEFORE}_{at}")


def _renew_all() -> None:
    for declaration in DECLARED.values():
        if declaration.refresh:
            for rows in _in_chunks(declaration, []):
                with transaction.atomic(), each_once():
                    refresh(declaration, [row_id for (row_id,) in rows], None)
    with transaction.atomic():
        for declaration in DECLARED.values():
            for rebuild in declaration.rebuild:
                rebuild()
        for name in searched():
            _without_row(table(name), DECLARED[name])


def _without_row(search_table: str, declaration: Declaration) -> None:
    """Forget the documents of records that are gone."""
    with connection.cursor() as cursor:
        cursor.execute(
            f'DELETE FROM "{search_table}" WHERE NOT EXISTS'
            f' (SELECT 1 FROM "{declaration.table}" r WHERE r."{declaration.model._meta.pk.column}" = "{search_table}".id)'
        )


def _side_tables() -> Iterator[tuple[str, str]]:
    """Every table that holds derived values, with what to call it: those of derived fields, and those of the search."""
    for declaration in DECLARED.values():
        for name, one in declaration.record.fields.items():
            step, _, _ = declaration.columns[name].value.partition("__")
            if one.derived and step != declaration.columns[name].value:
                related: Any = declaration.model._meta.get_field(step).related_model
                yield related._meta.db_table, f"{_name(declaration)}: derived values"
    for name in searched():
        yield table(name), f"{_name(DECLARED[name])}: search"


def _difference(cursor: Any, before: str, now: str) -> int:
    """How many rows differ: changed and new ones, and those that are gone."""
    first, *_ = [column.name for column in connection.introspection.get_table_description(cursor, now)]
    cursor.execute(f'SELECT COUNT(*) FROM (SELECT * FROM "{now}" EXCEPT SELECT * FROM {before}) AS changed')
    changed = int(cursor.fetchone()[0])
    cursor.execute(f'SELECT COUNT(*) FROM {before} WHERE "{first}" NOT IN (SELECT "{first}" FROM "{now}")')
    return changed + int(cursor.fetchone()[0])


def _search_indexes() -> Iterator[Finding]:
    """SQLite keeps the trigrams in tables of its own: they must say what the documents say."""
    if connection.vendor != "sqlite":
        return
    for name in searched():
        index = f"{table(name)}_fts"
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"""INSERT INTO "{index}" ("{index}", rank) VALUES ('integrity-check', 1)""")
        except DatabaseError:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"""INSERT INTO "{index}" ("{index}") VALUES ('rebuild')""")
            yield Finding(f"{_name(DECLARED[name])}: the index of the search did not fit its documents.")


def _in_chunks(declaration: Declaration, names: Iterable[str]) -> Iterator[list[tuple[Any, ...]]]:
    """All rows of a type, a few hundred at a time: their id and these columns."""
    columns, last = ("pk", *names), 0
    while True:
        rows = declaration.model._default_manager.filter(pk__gt=last).order_by("pk").values_list(*columns)[:CHUNK]
        some: list[tuple[Any, ...]] = list(rows)
        if not some:
            return
        yield some
        last = some[-1][0]


def _name(declaration: Declaration) -> str:
    return str(declaration.record.plural)
