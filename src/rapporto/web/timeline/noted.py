"""Reads what was written down of a record and of its parts, as the story needs it: narrow rows, newest first."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q, TextField
from django.db.models.functions import Cast

from rapporto.store.asking import Asked
from rapporto.store.history.models import ChangeSet, Entry
from rapporto.web.fixed_queries import FixedQuery

Parts = Mapping[str, Sequence[int]]
"""The ids of the parts of a record, by their type."""
SIZES = (0, 8, 40, 200, 800)
"""How many parts of each type one statement asks for."""
NEWEST = 2**63 - 1
"""After every entry and every moment."""


class Noted(NamedTuple):
    """One entry of the history with what its change set says; `image` is JSON text, `change` None when made outside."""

    pk: int
    record: str
    row_id: int
    act: str
    at: int
    image: str | None
    change_set_id: int | None
    change: int | None
    user_id: int | None
    user_name: str | None
    door: str | None
    undoes: int | None
    undone: bool


class Span(NamedTuple):
    """The stretch of the history that is looked at: from a moment up to another one, both included; None: without an end."""

    since: datetime | None = None
    until: datetime | None = None


ALWAYS = Span()


def noted(
    asked: Asked, record: str, row_id: int, parts: Parts, before: int | None, span: Span, limit: int
) -> list[Noted]:
    """The entries before one of them, within a span of time. One query."""
    most = max((len(ids) for ids in parts.values()), default=0)
    size = next((one for one in SIZES if most <= one), most)
    # no row has the id 0: it fills up what is not there
    ids = [one for some in parts.values() for one in (*some, *[0] * (size - len(some)))]
    query = _history(record, tuple(parts), size, limit)
    first, last = _micro(span.since, 0), _micro(span.until, NEWEST)
    return [Noted(*row) for row in query.rows(asked, before or NEWEST, first, last, row_id, *ids)]


def _micro(moment: datetime | None, otherwise: int) -> int:
    return otherwise if moment is None else int(moment.timestamp() * 1_000_000)


@lru_cache(maxsize=500)
def _history(record: str, parts: tuple[str, ...], size: int, limit: int) -> FixedQuery:
    """The entries of a record and of its parts, newest first. The rights are those to the record, which was read."""

    def build(asked: Asked, before: int, since: int, until: int, row_id: int, *ids: int) -> Any:
        wanted = Q(record=record, row_id=row_id)
        for at, name in enumerate(parts if size else ()):
            wanted |= Q(record=name, row_id__in=ids[at * size : (at + 1) * size])
        undone = Exists(ChangeSet.objects.filter(undoes=OuterRef("change_set_id")))
        text = Cast("image", TextField())
        rows = Entry.objects.filter(wanted, id__lt=before, at__gte=since, at__lte=until).order_by("-id")
        return rows.annotate(undone=undone, text=text).values_list(
            "id", "record", "row_id", "act", "at", "text", "change_set_id", "change_set__id",
            "change_set__user_id", "change_set__user_name", "change_set__door", "change_set__undoes_id", "undone",
        )[:limit]  # fmt: skip

    return FixedQuery(build)
