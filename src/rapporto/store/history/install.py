"""Puts the triggers of the history into the database, takes them out for migrations, and tells what differs."""

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from django.apps import AppConfig
from django.db import connection, transaction
from django.db.models.signals import post_migrate, pre_migrate

from rapporto.store import access_guard, search_tables
from rapporto.store.declare import DECLARED, Declaration
from rapporto.store.history import parts
from rapporto.store.history.images import SCHEMA
from rapporto.store.history.reading import settle
from rapporto.store.history.triggers import (
    PREFIX,
    Function,
    Trigger,
    postgresql_function,
    postgresql_triggers,
    sqlite_triggers,
)


def install() -> None:
    """Make every trigger as its declaration says; those that are right stay, tables not there yet are left out."""
    with transaction.atomic():
        present, tables = _present(), set(connection.introspection.table_names())
        wanted = {
            trigger.name: trigger for one in DECLARED.values() if one.table in tables for trigger in _triggers(one)
        }
        for name, (table, text) in present.items():
            if name not in wanted or text != _text(wanted[name]):
                _drop(name, table)
                present = {other: said for other, said in present.items() if other != name}
        if connection.vendor == "postgresql":
            _make_functions([one for one in DECLARED.values() if one.table in tables])
        for trigger in wanted.values():
            if trigger.name not in present:
                _make(trigger)
    settle()


def drop() -> None:
    """Take every generated trigger out of the database."""
    with transaction.atomic():
        for name, (table, _) in _present().items():
            _drop(name, table)


def differences() -> list[str]:
    """What would let changes escape the history, in plain words; empty when all is as it must be."""
    present, tables = _present(), set(connection.introspection.table_names())
    return list(_differences(present, tables))


def _differences(present: dict[str, tuple[str, str]], tables: set[str]) -> Iterator[str]:
    known: set[str] = set()
    bodies = _bodies() if connection.vendor == "postgresql" else {}
    for declaration in DECLARED.values():
        if declaration.table not in tables:
            yield f"the table {declaration.table} is missing"
            continue
        if connection.vendor == "postgresql":
            function = postgresql_function(declaration)
            if bodies.get(function.name) != function.body:
                yield f"the function {function.name} is missing or is not the one that belongs here"
        for trigger in _triggers(declaration):
            known.add(trigger.name)
            if trigger.name not in present:
                yield f"the {trigger.records} of {trigger.table} are not recorded: the trigger {trigger.name} is missing"
            elif present[trigger.name] != (trigger.table, _text(trigger)):
                yield (
                    f"the {trigger.records} of {trigger.table} are recorded wrongly:"
                    f" the trigger {trigger.name} is not the one that belongs here"
                )
    for name in sorted(set(present) - known):
        yield f"the trigger {name} on {present[name][0]} belongs to no record type"


def _triggers(declaration: Declaration) -> tuple[Trigger, ...]:
    return (postgresql_triggers if connection.vendor == "postgresql" else sqlite_triggers)(declaration)


def _text(trigger: Trigger) -> str:
    """What the database keeps to recognise a trigger: SQLite its text; PostgreSQL rewrites that, so a comment has its digest."""
    return sha256(trigger.sql.encode()).hexdigest() if connection.vendor == "postgresql" else trigger.sql


_SQLITE_PRESENT = "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger' AND substr(name, 1, 8) = %s"
_POSTGRESQL_PRESENT = f"""
SELECT t.tgname, c.relname, CASE WHEN t.tgenabled = 'O' AND f.proname = '{PREFIX}of_' || c.relname
  THEN coalesce(obj_description(t.oid, 'pg_trigger'), '') ELSE 'disabled' END
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace s ON s.oid = c.relnamespace
JOIN pg_proc f ON f.oid = t.tgfoid
WHERE NOT t.tgisinternal AND s.nspname = '{SCHEMA}' AND left(t.tgname, 8) = %s"""


def _present() -> dict[str, tuple[str, str]]:
    """The triggers there are: name → (table, what they are recognised by)."""
    with connection.cursor() as cursor:
        cursor.execute(_POSTGRESQL_PRESENT if connection.vendor == "postgresql" else _SQLITE_PRESENT, [PREFIX])
        return {name: (table, text) for name, table, text in cursor.fetchall()}


def _bodies() -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.proname, p.prosrc FROM pg_proc p JOIN pg_namespace s ON s.oid = p.pronamespace"
            " WHERE s.nspname = %s AND left(p.proname, 8) = %s",
            [SCHEMA, PREFIX],
        )
        return dict(cursor.fetchall())


def _make_functions(declarations: list[Declaration]) -> None:
    bodies = _bodies()
    functions: list[Function] = [postgresql_function(one) for one in declarations]
    with connection.cursor() as cursor:
        for function in functions:
            if bodies.get(function.name) != function.body:
                cursor.execute(function.sql)


def _make(trigger: Trigger) -> None:
    with connection.cursor() as cursor:
        cursor.execute(trigger.sql)
        if connection.vendor == "postgresql":
            cursor.execute(f'COMMENT ON TRIGGER "{trigger.name}" ON {SCHEMA}."{trigger.table}" IS \'{_text(trigger)}\'')


def _drop(name: str, table: str) -> None:
    with connection.cursor() as cursor:
        where = f' ON {SCHEMA}."{table}"' if connection.vendor == "postgresql" else ""
        cursor.execute(f'DROP TRIGGER IF EXISTS "{name}"{where}')


def connect(store: AppConfig) -> None:
    """Ask Django to take the triggers out before migrations that have something to do, and to put them back after."""
    pre_migrate.connect(_before, sender=store, dispatch_uid="history.before_migrations")
    post_migrate.connect(_after, sender=store, dispatch_uid="history.after_migrations")


def _before(using: str, plan: Any = None, **_: Any) -> None:
    # Django remakes tables on SQLite, which silently drops their triggers; run again with nothing to do, nothing is touched.
    if using == connection.alias and (plan or plan is None):
        drop()
        access_guard.drop()


def _after(using: str, plan: Any = None, **_: Any) -> None:
    if using == connection.alias and "history_entry" in connection.introspection.table_names():
        install()
        parts.install()
        search_tables.install()
        if plan is not None:  # emptying all tables between two tests ends here too, and must be possible
            access_guard.install()
