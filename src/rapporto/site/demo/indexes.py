"""Takes the secondary indexes of some tables away and puts them back: a large load is quicker without them."""

from collections.abc import Iterable

from django.db import connection

_SQLITE = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = %s AND sql IS NOT NULL ORDER BY name"
_POSTGRESQL = """
SELECT i.indexname, i.indexdef FROM pg_indexes i WHERE i.schemaname = 'public' AND i.tablename = %s
AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = format('public.%%I', i.indexname)::regclass) ORDER BY i.indexname"""


def secondary(tables: Iterable[str]) -> dict[str, str]:
    """The indexes that no constraint needs: name → the statement that makes it."""
    found: dict[str, str] = {}
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(_POSTGRESQL if connection.vendor == "postgresql" else _SQLITE, [table])
            found.update(cursor.fetchall())
    return found


def drop(indexes: dict[str, str]) -> None:
    """Take them away."""
    with connection.cursor() as cursor:
        for name in indexes:
            cursor.execute(f'DROP INDEX IF EXISTS "{name}"')


def make(indexes: dict[str, str]) -> None:
    """Put back those that are missing."""
    with connection.cursor() as cursor:
        for sql in indexes.values():
            # the definitions contain % signs of their own only as text: no parameters are given, so none are read
            cursor.execute(_if_missing(sql))


def _if_missing(sql: str) -> str:
    head, index, rest = sql.partition("INDEX ")
    return sql if rest.startswith("IF NOT EXISTS") else f"{head}{index}IF NOT EXISTS {rest}"
