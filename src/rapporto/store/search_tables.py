"""The search tables: folded text beside every searched record type, with a trigram index the database keeps in step by itself."""

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

from django.db import connection
from django.db.backends.utils import CursorWrapper

from rapporto.kernel.text import fold
from rapporto.store.declare import DECLARED

T = TypeVar("T")
Document = tuple[int, str, str]
"""(id of the record, what it is called, everything it is found by)."""

_ROOM, _USUAL_ROOM = 64 * 2**20, 2**20
"""Bytes of words that FTS5 gathers before it writes a part of its index: when it is built at once, and otherwise (its default)."""

_AT_ONCE, _USUAL_CRISIS, _SINKING = 2, 16, 4
"""How many parts of one size FTS5 merges without delay: the least it allows, and its default; how often small parts are made."""

_COMMON = 'CREATE TABLE IF NOT EXISTS "{t}" (id {id} PRIMARY KEY, heading TEXT {c} NOT NULL, text TEXT {c} NOT NULL)'
_SQLITE = (
    _COMMON.format(t="{t}", id="INTEGER", c=""),
    'CREATE INDEX IF NOT EXISTS "{t}_heading" ON "{t}" (heading)',
    """CREATE VIRTUAL TABLE IF NOT EXISTS "{t}_fts" USING fts5(text, content='{t}', content_rowid='id', tokenize='trigram')""",
)
_TRIGGERS = {
    "{t}_in": """CREATE TRIGGER IF NOT EXISTS "{t}_in" AFTER INSERT ON "{t}" BEGIN
        INSERT INTO "{t}_fts" (rowid, text) VALUES (NEW.id, NEW.text); END""",
    "{t}_out": """CREATE TRIGGER IF NOT EXISTS "{t}_out" AFTER DELETE ON "{t}" BEGIN
        INSERT INTO "{t}_fts" ("{t}_fts", rowid, text) VALUES ('delete', OLD.id, OLD.text); END""",
    "{t}_on": """CREATE TRIGGER IF NOT EXISTS "{t}_on" AFTER UPDATE ON "{t}" BEGIN
        INSERT INTO "{t}_fts" ("{t}_fts", rowid, text) VALUES ('delete', OLD.id, OLD.text);
        INSERT INTO "{t}_fts" (rowid, text) VALUES (NEW.id, NEW.text); END""",
}
_POSTGRESQL = (
    _COMMON.format(t="{t}", id="bigint", c='COLLATE "C"'),
    'CREATE INDEX IF NOT EXISTS "{t}_heading" ON "{t}" (heading)',
    'CREATE INDEX IF NOT EXISTS "{t}_trigrams" ON "{t}" USING gin (text gin_trgm_ops)',
)


def table(record: str) -> str:
    """The search table of a record type."""
    return f"search_{record}"


def searched() -> list[str]:
    """The record types that can be searched."""
    return [name for name, one in DECLARED.items() if one.record.search]


def install() -> None:
    """Make the search tables that are missing; run after every migration."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        for record in searched():
            for sql in _POSTGRESQL if connection.vendor == "postgresql" else (*_SQLITE, *_TRIGGERS.values()):
                cursor.execute(sql.format(t=table(record)))


# One statement for all: FTS5 writes a part of its index before every further statement of a transaction.
_DOCUMENTS = {
    "sqlite": "SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]') FROM json_each(%s) WHERE true",
    "postgresql": "SELECT * FROM unnest(%s::bigint[], %s::text[], %s::text[])",
}
_WRITE = """INSERT INTO "{t}" (id, heading, text) {documents} ON CONFLICT (id) DO UPDATE SET heading = excluded.heading,
text = excluded.text WHERE "{t}".heading <> excluded.heading OR "{t}".text <> excluded.text"""


def index_documents(record: str, documents: Iterable[Document], *, folded: bool = False) -> None:
    """Write or renew the documents of some records; unchanged ones cost no index work. Folds them unless they are `folded`."""
    sql = _WRITE.format(t=table(record), documents=_DOCUMENTS[connection.vendor])
    with connection.cursor() as cursor:
        for chunk in _chunks(documents):
            one_each = {one[0]: one for one in (chunk if folded else map(_folded, chunk))}.values()
            columns = [list(column) for column in zip(*one_each, strict=True)]
            cursor.execute(
                sql, columns if connection.vendor == "postgresql" else [json.dumps([*one_each], ensure_ascii=False)]
            )


def _folded(document: Document) -> Document:
    row_id, heading, body = document
    return row_id, fold(heading)[:400], fold(f"{heading} {body}")


def remove_documents(record: str, ids: Sequence[int]) -> None:
    """Forget the documents of deleted records."""
    with connection.cursor() as cursor:
        for chunk in _chunks(ids):
            cursor.execute(f'DELETE FROM "{table(record)}" WHERE id IN ({", ".join(["%s"] * len(chunk))})', chunk)


def load_documents(record: str, documents: Iterable[Document] = (), *, select: str = "") -> None:
    """Write the documents of a record type whose search is empty, the index being built once at the end (bulk loads).

    `select` is a query for documents that are folded already: their id, heading and text.
    """
    name = table(record)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f'DROP INDEX IF EXISTS "{name}_trigrams"')
        else:
            for trigger in _TRIGGERS:
                cursor.execute(f'DROP TRIGGER IF EXISTS "{trigger.format(t=name)}"')
    index_documents(record, documents)
    with connection.cursor() as cursor:
        if select:
            into = f'INSERT INTO "{name}" (id, heading, text) SELECT id, heading, text FROM ({select}) AS d WHERE true'
            cursor.execute(f"{into} ON CONFLICT (id) DO NOTHING")
        if connection.vendor == "sqlite":
            _rebuild(f"{name}_fts", cursor)
    install()


def _rebuild(index: str, cursor: CursorWrapper) -> None:
    """Build an index of SQLite anew. With room for many words at once there are few parts to merge: half the time."""
    room = f"""INSERT INTO "{index}" ("{index}", rank) VALUES ('hashsize', %s)"""
    cursor.execute(room, [_ROOM])
    cursor.execute(f"""INSERT INTO "{index}" ("{index}") VALUES ('rebuild')""")
    cursor.execute(room, [_USUAL_ROOM])
    _settle(index, cursor)


def _settle(index: str, cursor: CursorWrapper) -> None:
    """Let the large parts of an index just built sink below the small ones that will come.

    Beside them they would be merged all at once, for seconds, while somebody waits to save. A word that comes and goes
    makes small parts; with a low limit they are merged with the large ones now.
    """
    crisis = f"""INSERT INTO "{index}" ("{index}", rank) VALUES ('crisismerge', %s)"""
    cursor.execute(crisis, [_AT_ONCE])
    for _ in range(_SINKING):
        for said in (f"""INSERT INTO "{index}" (rowid, text) VALUES (0, 'abc')""",
                     f"""INSERT INTO "{index}" ("{index}", rowid, text) VALUES ('delete', 0, 'abc')"""):  # fmt: skip
            cursor.execute(said)
            cursor.execute("SAVEPOINT search_settles")
            cursor.execute("RELEASE SAVEPOINT search_settles")
    cursor.execute(crisis, [_USUAL_CRISIS])


def _chunks(many: Iterable[T], size: int = 5_000) -> Iterator[list[T]]:
    rest = iter(many)
    while chunk := list(islice(rest, size)):
        yield chunk
