"""What is known already: codes, and whatever an import has made so far; a trial keeps in a scratch file what it would have made."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection

from rapporto.kernel.actor import Actor
from rapporto.store.chunks import chunks
from rapporto.store.declare import DECLARED
from rapporto.store.history.models import ChangeSet
from rapporto.store.imports.drafts import NEW
from rapporto.store.imports.models import ExternalCode
from rapporto.store.imports.said import Said, read_said
from rapporto.store.merge_models import Merged
from rapporto.store.records import find
from rapporto.store.userfields import record_type

Kept = tuple[str, str, int, str, int]
"""A code to remember: record, code, row, what its rows said, how much of it was taken in."""
KEEP = (
    f"INSERT INTO {ExternalCode._meta.db_table} (source_id, record, code, row, said, level, change_set_id)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT (source_id, record, code) DO UPDATE SET"
    " row = excluded.row, said = excluded.said, level = excluded.level, change_set_id = excluded.change_set_id"
)
CODE_COLUMNS = ("row", "said", "level", "change_set_id")


@dataclass(frozen=True)
class Code:
    """Where a code leads, and what its row said last. `row` is None when it leads to what this actor may not see."""

    row: int | None
    said: Said
    level: int


class Register:
    """What is known, as the one who imports may see it; nothing is remembered from one portion to the next but in the database."""

    imported: int | None = None
    """The record of this import, once there is one."""

    def __init__(self, actor: Actor, source: int, mode: str = NEW) -> None:
        self.actor, self.source, self.mode = actor, source, mode

    def codes(self, record: str, codes: Collection[str]) -> dict[str, Code]:
        """The codes that lead to a record that is there, those of merged records to what they became. Three queries at most."""
        found: dict[str, tuple[int, str, int, int | None]] = {}
        for some in chunks(sorted(codes)):
            rows = ExternalCode.objects.filter(source=self.source, record=record, code__in=some)
            found |= {code: tuple(told) for code, *told in rows.values_list("code", *CODE_COLUMNS)}
        led = self._led(record, {row for row, *_ in found.values()})
        seen = self.seen(record, set(led.values()))
        undone = _undone({change for *_, change in found.values() if change is not None})
        return {
            code: Code(led[row] if led[row] in seen else None, {} if change in undone else read_said(said), level)
            for code, (row, said, level, change) in found.items()
            if row in led
        }

    def _led(self, record: str, ids: set[int]) -> dict[int, int]:
        """Where each number leads: to itself, to what it was merged into; those that lead nowhere are missing."""
        rows = DECLARED[record].model._default_manager
        there = {pk for some in chunks(ids) for pk in rows.filter(pk__in=some).values_list("pk", flat=True)}
        led = {pk: pk for pk in there}
        for some in chunks(ids - there):
            lines = Merged.objects.filter(record=record, gone__in=some).values_list("gone", "kept")
            led |= {int(gone): int(kept) for gone, kept in lines if gone is not None and kept is not None}
        return led

    def seen(self, record: str, ids: set[int]) -> set[int]:
        """Which of the records the one who imports may see."""
        return {
            pk
            for some in chunks(ids)
            for pk in find(self.actor, record).filter(pk__in=some).order_by().values_list("pk", flat=True)
        }

    def values(self, record: str, ids: Collection[int], names: Collection[str]) -> dict[int, dict[str, Any]]:
        """The values of these fields by record, blanks as they are kept."""
        declaration, known = DECLARED[record], record_type(record)
        plain = [n for n in names if not known.field(n).made_here and n not in declaration.through]
        columns = [declaration.columns[name].value for name in plain]
        made = [name for name in names if known.field(name).made_here]
        found: dict[int, dict[str, Any]] = {}
        for some in chunks(sorted(ids)):
            rows = declaration.model._default_manager.filter(pk__in=some)
            for pk, extra, *values in rows.values_list("pk", "extra", *columns):
                found[pk] = dict(zip(plain, values, strict=True))
                found[pk] |= {name: known.field(name).kind.load(extra.get(name)) for name in made}
        for name in (one for one in names if one in declaration.through):
            self._links(record, name, found)
        return found

    def _links(self, record: str, name: str, found: dict[int, dict[str, Any]]) -> None:
        declaration = DECLARED[record]
        column: Any = declaration.model._meta.get_field(name)
        source, target = column.m2m_column_name(), column.m2m_reverse_name()
        links: defaultdict[int, list[int]] = defaultdict(list)
        for some in chunks(sorted(found)):
            rows = declaration.through[name]._default_manager.filter(**{f"{source}__in": some})
            for pk, one in rows.values_list(source, target):
                links[pk].append(one)
        for pk, values in found.items():
            values[name] = tuple(sorted(links[pk])) or None

    def keep_codes(self, kept: Iterable[Kept], change: int | None) -> None:
        """Remember codes with the change set that writes; one that led elsewhere leads here from now on."""
        rows = [(self.source, *told, change) for told in kept]
        if rows:
            with connection.cursor() as cursor:
                cursor.executemany(KEEP, rows)

    def remember(self, kind: str, key: str, row: int, traits: Mapping[str, Any]) -> None:
        """By what else a record that the import makes is told; what is written needs no remembering."""

    def remembered(self, kind: str, keys: Collection[str]) -> Iterator[tuple[str, int, dict[str, Any]]]:
        """Key, number and traits of what was only thought of."""
        return iter(())

    def close(self) -> None:
        """Nothing more is asked."""


class Trial(Register):
    """The same for a trial: what it would have made stands in a scratch file that goes with it, so that memory stays the same."""

    def __init__(self, actor: Actor, source: int, mode: str = NEW) -> None:
        super().__init__(actor, source, mode)
        self.scratch = sqlite3.connect("", isolation_level=None)
        self.scratch.executescript(
            "PRAGMA journal_mode=OFF; PRAGMA cache_size=-8000;"
            "CREATE TABLE codes (record, code, row, said, level, PRIMARY KEY (record, code)) WITHOUT ROWID;"
            "CREATE TABLE rows (record, row, told, PRIMARY KEY (record, row)) WITHOUT ROWID;"
            "CREATE TABLE traits (kind, key, row, told, PRIMARY KEY (kind, key, row)) WITHOUT ROWID;"
        )
        self.last = 0

    def next_id(self) -> int:
        """A number that no record has."""
        self.last -= 1
        return self.last

    def codes(self, record: str, codes: Collection[str]) -> dict[str, Code]:
        found = super().codes(record, codes)
        for some in chunks(sorted(codes)):
            marks = ",".join("?" * len(some))
            rows = self.scratch.execute(
                f"SELECT code, row, said, level FROM codes WHERE record = ? AND code IN ({marks})", [record, *some]
            )
            found |= {code: Code(row, read_said(said), level) for code, row, said, level in rows}
        return found

    def keep_codes(self, kept: Iterable[Kept], change: int | None) -> None:
        self.scratch.executemany("INSERT OR REPLACE INTO codes VALUES (?, ?, ?, ?, ?)", kept)

    def values(self, record: str, ids: Collection[int], names: Collection[str]) -> dict[int, dict[str, Any]]:
        found = super().values(record, [one for one in ids if one > 0], names)
        known = record_type(record)
        for some in chunks(sorted(ids)):
            marks = ",".join("?" * len(some))
            rows = self.scratch.execute(
                f"SELECT row, told FROM rows WHERE record = ? AND row IN ({marks})", [record, *some]
            )
            for row, told in rows:
                said = json.loads(told)
                values = {
                    name: known.field(name).kind.load(said.get(name)) for name in names if name in said or row < 0
                }
                found[row] = {
                    **found.get(row, {}),
                    **{n: tuple(v) if isinstance(v, list) else v for n, v in values.items()},
                }
        return found

    def write(self, record: str, row: int, values: Mapping[str, Any]) -> None:
        """Note what a record would hold."""
        known = record_type(record)
        told = self.scratch.execute("SELECT told FROM rows WHERE record = ? AND row = ?", [record, row]).fetchone()
        said = (json.loads(told[0]) if told else {}) | {n: known.field(n).kind.dump(v) for n, v in values.items()}
        self.scratch.execute("INSERT OR REPLACE INTO rows VALUES (?, ?, ?)", [record, row, json.dumps(said)])

    def remember(self, kind: str, key: str, row: int, traits: Mapping[str, Any]) -> None:
        self.scratch.execute("INSERT OR REPLACE INTO traits VALUES (?, ?, ?, ?)", [kind, key, row, json.dumps(traits)])

    def remembered(self, kind: str, keys: Collection[str]) -> Iterator[tuple[str, int, dict[str, Any]]]:
        for some in chunks(sorted(keys)):
            marks = ",".join("?" * len(some))
            rows = self.scratch.execute(
                f"SELECT key, row, told FROM traits WHERE kind = ? AND key IN ({marks}) ORDER BY row DESC",
                [kind, *some],
            )
            yield from ((key, row, json.loads(told)) for key, row, told in rows)

    def close(self) -> None:
        self.scratch.close()


def _undone(changes: set[int]) -> set[int]:
    """Which of these change sets were undone."""
    rows = ChangeSet.objects.filter(pk__in=changes, undone_by__isnull=False).distinct() if changes else ()
    return {one.pk for one in rows if one.is_undone()}


def vendor_portion() -> int:
    """Rows in one transaction: SQLite has one writer, and whoever saves meanwhile waits that long."""
    return 40 if connection.vendor == "sqlite" else 200
