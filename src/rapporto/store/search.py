"""Finding records by fragments of what is known of them, within what the actor may see."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.db.models.expressions import RawSQL

from rapporto.kernel.actor import Actor
from rapporto.kernel.spelling import SHORTEST, begins_nearly, whole_pieces
from rapporto.kernel.text import clean, fold
from rapporto.kernel.where import EVERYTHING, Where
from rapporto.store.asking import Asked
from rapporto.store.compile import LAST
from rapporto.store.declare import DECLARED
from rapporto.store.search_tables import table

CANDIDATES = 1_000
"""How many matches are ranked; a fragment that more records share is answered with the best of those, names first."""
NEAR = 2_000
"""How many records that hold a piece of a mistyped word are looked at."""
_WORDS = 8
_TRIGRAM = 3
_NUMBER = re.compile(r"(\+|00)?[\d /.()-]{3,}")
_BETWEEN = re.compile(r"[ /.()-]")
_LEADS = re.compile(r"[^\W_]{3}")
"""Three letters or figures together: what the index of trigrams leads to quickly on both databases."""
_ABROAD = re.compile(r"^00(?=[1-9]\d{5})")


@dataclass(frozen=True)
class Found:
    """The ids of matching records, best first; `all` tells whether they are all there are.

    `near` says that nothing is written exactly so: these differ by one letter.
    """

    ids: tuple[int, ...]
    all: bool
    near: bool = False


def search(
    actor: Actor, name: str, text: str, where: Where = EVERYTHING, limit: int = 50, *, typos: bool = False
) -> Found:
    """The records whose text holds every word of `text` as a fragment: names that begin so first, then whole words of names,
    beginnings of their words, other pieces of them, and what is written elsewhere; each by name.

    Words without three letters together narrow the others; alone they are sought at the beginning of the name. A number is one word
    however it is written: «045 123», «045/123». With `typos` one letter of a name may be wrong when nothing else is found.
    """
    wanted = sought(text)
    words = list(dict.fromkeys(wanted.split()))[:_WORDS]
    if not words or not DECLARED[name].record.search:
        return Found((), True)
    seeking = _Seeking(Asked.by(actor), name, where, words)
    try:
        found, complete = _candidates(seeking, wanted, limit)
        if (also := DECLARED[name].also_sought(wanted)) and also != wanted:
            more, whole = _candidates(replace(seeking, words=also.split()[:_WORDS]), also, limit)
            found, complete = {**more, **found}, complete and whole
        near = typos and not found
        if near:
            found, complete = seeking.nearly(CANDIDATES), False
    except EmptyResultSet:  # nothing may be seen at all
        return Found((), True)
    ranked = sorted(found, key=lambda one: _rank(found[one], wanted, words, one))
    return Found(tuple(ranked[:limit]), complete and len(ranked) <= limit, near)


def holding_any(actor: Actor, name: str, ways: Sequence[Sequence[str]], limit: int) -> list[tuple[int, str]]:
    """The records whose text holds all fragments of one of the ways, in no order: ids and folded names. One query.

    Fragments are folded and have three letters or more; ways that have shorter ones are left out.
    """
    told = [way for way in ways if way and all(len(part) >= _TRIGRAM for part in way)]
    if not told:
        return []
    try:
        return _Seeking(Asked.by(actor), name, EVERYTHING, []).any_way(told, limit)
    except EmptyResultSet:  # nothing may be seen at all
        return []


def sought(text: str) -> str:
    """A typed text as it is looked for: folded; a number without what people write between its figures."""
    wanted = fold(clean(text))[:200]
    if _NUMBER.fullmatch(wanted):
        # without its + too: eleven figures that begin with 00 may be a VAT number as well
        return _ABROAD.sub("", _BETWEEN.sub("", wanted))
    return wanted


def _candidates(seeking: "_Seeking", wanted: str, limit: int) -> tuple[dict[int, str], bool]:
    found = dict(seeking.beginning(wanted, limit + 1))
    if len(found) > limit or not any(_LEADS.search(word) for word in seeking.words):
        return found, True
    more = seeking.containing(CANDIDATES)
    return {**found, **dict(more)}, len(more) < CANDIDATES


def _rank(heading: str, wanted: str, words: Sequence[str], row_id: int) -> tuple[int, str, int]:
    if heading == wanted:
        return 0, heading, row_id
    if heading.startswith(wanted):
        return 1, heading, row_id
    spaced = f" {heading} "
    for place, piece in enumerate((" {} ", " {}", "{}"), 2):
        if all(piece.format(word) in spaced for word in words):
            return place, heading, row_id
    return 5, heading, row_id


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
        names, names_params = self._names_only(likes)
        if connection.vendor == "postgresql" or (self.asked.sees_few(self.name) and not self.asked.sees_all(self.name)):
            return self._run("", " AND ".join([self._held] * len(likes)) + names, [*likes, *names_params], "", limit)
        short = [like for word, like in zip(self.words, likes, strict=True) if len(word) < _TRIGRAM]
        matched = " AND ".join(map(_quoted, long))
        return self._matching(
            matched, "".join([" AND " + self._held] * len(short)) + names, [*short, *names_params], limit
        )

    def _names_only(self, likes: Sequence[str]) -> tuple[str, Sequence[str]]:
        """For who must not know some of what is searched: what is found must stand in the name, or finding would tell it."""
        record = DECLARED[self.name].record
        if len(record.seen_by(self.asked.actor).search) == len(record.search):
            return "", ()
        return "".join([" AND " + self._named] * len(likes)), likes

    @property
    def _held(self) -> str:
        return f"s.text LIKE %s{self._escape}"

    @property
    def _named(self) -> str:
        return f"s.heading LIKE %s{self._escape}"

    @property
    def _escape(self) -> str:
        return "" if connection.vendor == "postgresql" else " ESCAPE '\\'"

    def _matching(self, matched: str, more: str, params: Sequence[Any], limit: int) -> list[tuple[int, str]]:
        """Records that the trigram index of SQLite leads to."""
        fts = f'"{table(self.name)}_fts"'
        # CROSS JOIN keeps SQLite from starting anywhere but at the matches.
        link = f"s.id = {fts}.rowid AND "
        return self._run(f"{fts} CROSS JOIN ", f"{fts} MATCH %s{more}", [matched, *params], "", limit, link=link)

    def any_way(self, ways: Sequence[Sequence[str]], limit: int) -> list[tuple[int, str]]:
        """Records that hold every fragment of one of these ways."""
        if connection.vendor == "postgresql":
            condition = " OR ".join("(" + " AND ".join([self._held] * len(way)) + ")" for way in ways)
            return self._run("", f"({condition})", [f"%{_escaped(part)}%" for way in ways for part in way], "", limit)
        return self._matching(" OR ".join("(" + " AND ".join(map(_quoted, way)) + ")" for way in ways), "", (), limit)

    def nearly(self, limit: int) -> dict[int, str]:
        """Records whose name holds every word, one of them with a slip of the keyboard: pieces of it lead to them."""
        slips = [word for word in self.words if len(word) >= SHORTEST and word.isalpha()]
        if not slips:
            return {}
        ways = [([*whole_pieces(slip)], [word for word in self.words if word != slip]) for slip in slips]
        condition = " OR ".join(
            "((" + " OR ".join([self._named] * len(pieces)) + ")" + f" AND {self._named}" * len(others) + ")"
            for pieces, others in ways
        )
        params = [f"%{_escaped(one)}%" for pieces, others in ways for one in (*pieces, *others)]
        if self.asked.sees_few(self.name) and not self.asked.sees_all(self.name):
            rows = self._run("", f"({condition})", params, "", limit)
        else:
            rows = self._near_among(*self._pieces(ways), f"({condition})", params, limit)
        return {row_id: heading for row_id, heading in rows if _is_near(heading, self.words)}

    def _pieces(self, ways: Sequence[tuple[list[str], list[str]]]) -> tuple[str, list[str]]:
        """The condition by which the trigram index finds those that hold the pieces, and its parameters."""
        if connection.vendor == "postgresql":
            pieces = [f"%{_escaped(one)}%" for pieces, _others in ways for one in pieces]
            return " OR ".join(["text LIKE %s"] * len(pieces)), pieces
        return f'"{table(self.name)}_fts" MATCH %s', [" OR ".join(_matched(*way) for way in ways)]

    def _near_among(
        self, found: str, found_params: list[str], condition: str, params: list[str], limit: int
    ) -> list[tuple[int, str]]:
        """Of the first records that the index finds, those whose name fulfils the condition: pieces of a word can be in very many."""
        name = table(self.name)
        key, source = ("id", name) if connection.vendor == "postgresql" else ("rowid", f"{name}_fts")
        first = f'(SELECT {key} AS id FROM "{source}" WHERE {found} LIMIT {NEAR}) f CROSS JOIN '
        with _by_index():
            return self._run(first, condition, [*found_params, *params], "", limit, link="s.id = f.id AND ")

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


@contextmanager
def _by_index() -> Iterator[None]:
    """PostgreSQL would rather read the long texts one after the other until it has enough."""
    if connection.vendor != "postgresql":
        yield
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        yield
        cursor.execute("SET LOCAL enable_seqscan = on")


def _is_near(heading: str, words: Sequence[str]) -> bool:
    """Whether a name holds every word, all but one of them exactly."""
    slips = [word for word in words if word not in heading]
    return len(slips) <= 1 and all(
        any(begins_nearly(one, slip) for one in heading.split()) for slip in slips if len(slip) >= SHORTEST
    )


def _matched(pieces: Sequence[str], others: Sequence[str]) -> str:
    """One way to a name with a slip, in the words of FTS5."""
    parts = [" OR ".join(map(_quoted, pieces)), *(_quoted(one) for one in others if len(one) >= _TRIGRAM)]
    return "(" + " AND ".join(f"({one})" for one in parts) + ")"


def _quoted(word: str) -> str:
    return '"' + word.replace('"', '""') + '"'


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
