"""Finding records by fragments of what is known of them, within what the actor may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models.expressions import RawSQL

from rapporto.kernel.actor import Actor
from rapporto.kernel.text import clean, fold
from rapporto.kernel.where import EVERYTHING, Where
from rapporto.store.asking import Asked
from rapporto.store.compile import LAST
from rapporto.store.declare import DECLARED
from rapporto.store.search_tables import table

CANDIDATES = 1_000
"""How many matches are ranked; a fragment that more records share is answered with the best of those, names first."""
_WORDS = 8
_TRIGRAM = 3


@dataclass(frozen=True)
class Found:
    """The ids of matching records, best first; `all` tells whether they are all there are."""

    ids: tuple[int, ...]
    all: bool


def search(actor: Actor, name: str, text: str, where: Where = EVERYTHING, limit: int = 50) -> Found:
    """The records whose text holds every word of `text` as a fragment: names that begin so first, then by name.

    Words of one or two letters narrow the others; alone they are looked for at the beginning of the name.
    """
    wanted = fold(clean(text))[:200]
    words = list(dict.fromkeys(wanted.split()))[:_WORDS]
    if not words or not DECLARED[name].record.search:
        return Found((), True)
    seeking = _Seeking(Asked.by(actor), name, where, words)
    try:
        found, complete = _candidates(seeking, wanted, limit)
    except EmptyResultSet:  # nothing may be seen at all
        return Found((), True)
    ranked = sorted(found, key=lambda one: _rank(found[one], wanted, words, one))
    return Found(tuple(ranked[:limit]), complete and len(ranked) <= limit)


def _candidates(seeking: "_Seeking", wanted: str, limit: int) -> tuple[dict[int, str], bool]:
    found = dict(seeking.beginning(wanted, limit + 1))
    if len(found) > limit or not any(len(word) >= _TRIGRAM for word in seeking.words):
        return found, True
    more = seeking.containing(CANDIDATES)
    return {**found, **dict(more)}, len(more) < CANDIDATES


def _rank(heading: str, wanted: str, words: Sequence[str], row_id: int) -> tuple[int, str, int]:
    if heading == wanted:
        return 0, heading, row_id
    if heading.startswith(wanted):
        return 1, heading, row_id
    return (2 if all(word in heading for word in words) else 3), heading, row_id


@dataclass
class _Seeking:
    """One search by one who asks; joined to what they may see before anything is limited."""

    asked: Asked
    name: str
    where: Where
    words: list[str]

    def beginning(self, wanted: str, limit: int) -> list[tuple[int, str]]:
        """Records whose name begins with the text, in the order of the names."""
        return self._run(
            "", "s.heading >= %s AND s.heading < %s", [wanted, wanted + LAST], " ORDER BY s.heading, s.id", limit
        )

    def containing(self, limit: int) -> list[tuple[int, str]]:
        """Records that hold every word, in no order."""
        likes = [f"%{_escaped(word)}%" for word in self.words]
        long = [word for word in self.words if len(word) >= _TRIGRAM]
        if connection.vendor == "postgresql" or (self.asked.sees_few(self.name) and not self.asked.sees_all(self.name)):
            escape = "" if connection.vendor == "postgresql" else " ESCAPE '\\'"
            return self._run("", " AND ".join([f"s.text LIKE %s{escape}"] * len(likes)), likes, "", limit)
        fts = f'"{table(self.name)}_fts"'
        short = [like for word, like in zip(self.words, likes, strict=True) if len(word) < _TRIGRAM]
        matched = " AND ".join('"' + word.replace('"', '""') + '"' for word in long)
        condition = " AND ".join([f"{fts} MATCH %s", *["s.text LIKE %s ESCAPE '\\'"] * len(short)])
        # CROSS JOIN keeps SQLite from starting anywhere but at the matches.
        return self._run(f"{fts} CROSS JOIN ", condition, [matched, *short], "", limit, link=f"s.id = {fts}.rowid AND ")

    def _run(
        self, source: str, condition: str, params: Sequence[Any], order: str, limit: int, link: str = ""
    ) -> list[tuple[int, str]]:
        seen, seen_params = self._seen()
        sql = f'SELECT s.id, s.heading FROM {source}"{table(self.name)}" s WHERE {link}{condition}{seen}{order} LIMIT {int(limit)}'
        with connection.cursor() as cursor:
            cursor.execute(sql, [*params, *seen_params])
            return list(cursor.fetchall())

    def _seen(self) -> tuple[str, Sequence[Any]]:
        """The condition that the record may be seen, and is among those asked for."""
        all_seen = self.asked.sees_all(self.name)
        if all_seen and self.where == EVERYTHING:
            return "", ()
        rows = self.asked.records(self.name)
        if self.where != EVERYTHING:
            rows = rows.filter(self.asked.condition(DECLARED[self.name], self.where))
        if not all_seen and self.asked.sees_few(self.name):
            sql, params = rows.order_by().values("pk").query.sql_with_params()
            return f" AND s.id IN ({sql})", params
        sql, params = rows.filter(pk=RawSQL("s.id", [])).order_by().values("pk").query.sql_with_params()
        return f" AND EXISTS ({sql})", params


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
