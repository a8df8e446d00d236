"""The parts of a record that are gone: deleted addresses, links, types are found by the whole they belonged to."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from django.db import connection

from rapporto.store.declare import DECLARED, Declaration
from rapporto.store.history.models import Entry
from rapporto.store.history.values import Image, parsed

MOST = 200
"""How many deleted parts of a record are looked at, the last ones."""


@dataclass(frozen=True)
class Gone:
    """A part as it was when it was deleted."""

    record: str
    row_id: int
    image: Image


def part_links(name: str) -> Iterator[tuple[Declaration, str]]:
    """The types that are parts of records of this one, each with the column of its link; once for every such link."""
    for part in DECLARED.values():
        for link in part.record.wholes if part.record.part_of else ():
            if part.record.fields[link].link == name:
                yield part, part.columns[link].value


def gone(name: str, row_id: int) -> list[Gone]:
    """The deleted parts of a record, the last one first. One query; a forgotten one has no image and is not told of."""
    sql = _gone_sql(name, connection.vendor)
    if not sql:
        return []
    with connection.cursor() as cursor:
        cursor.execute(sql, [row_id] * sql.count("%s"))
        found = {(record, part): image for _entry, record, part, image in cursor.fetchall()}
    return [Gone(record, part, parsed(image) or {}) for (record, part), image in found.items()]


@lru_cache(maxsize=100)
def _gone_sql(name: str, vendor: str) -> str:
    parts = [
        f"SELECT id, record, row_id, image FROM history_entry WHERE {_condition(part.name)} AND {_whole(column, vendor)} = %s"
        for part, column in part_links(name)
    ]
    return f"{' UNION ALL '.join(parts)} ORDER BY 1 DESC LIMIT {MOST}" if parts else ""


def _condition(record: str) -> str:
    return f"record = '{record}' AND act = '{Entry.DELETED}'"


def _whole(column: str, vendor: str) -> str:
    return f"((image ->> '{column}')::bigint)" if vendor == "postgresql" else f"json_extract(image, '$.{column}')"


def install() -> None:
    """Make the indexes by which deleted parts are found; they hold deletions alone, so that other changes hardly feel them."""
    with connection.cursor() as cursor:
        for name in DECLARED:
            for part, column in part_links(name):
                index = f"history_gone_{part.name}_{column}"
                cursor.execute(
                    f'CREATE INDEX IF NOT EXISTS "{index}" ON history_entry ({_whole(column, connection.vendor)})'
                    f" WHERE {_condition(part.name)}"
                )
