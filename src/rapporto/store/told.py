"""What of the history is told to somebody outside: which records they see changed, and which are gone for them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from rapporto.kernel.actor import Actor
from rapporto.store.asking import Asked
from rapporto.store.chunks import chunks
from rapporto.store.declare import DECLARED
from rapporto.store.history.as_of import as_of
from rapporto.store.history.models import Entry
from rapporto.store.history.reading import Change
from rapporto.store.records import find

CHANGED, GONE = "changed", "gone"


@dataclass(frozen=True)
class Told:
    """A record that the actor sees is «changed»; one that is deleted, or went out of their sight, is «gone»."""

    record: str
    id: int
    act: str
    number: int
    change_set: int | None


def told(actor: Actor, records: Iterable[str], found: Sequence[Change]) -> Iterator[Told]:
    """What some changes, in the order of reading, mean to an actor with the rights of now; each record once, by its last change."""
    last = {(one.record, one.row_id): one for one in found}
    for record in records:
        ids = {row_id for name, row_id in last if name == record}
        if not ids:
            continue
        seen = _seen(actor, record, ids)
        gone = _seen_before(actor, record, ids - seen, found[0]) if ids - seen else frozenset()
        for row_id in sorted(seen | gone):
            one = last[record, row_id]
            yield Told(record, row_id, CHANGED if row_id in seen else GONE, one.number, one.change_set_id)


def _seen(actor: Actor, name: str, ids: Iterable[int]) -> frozenset[int]:
    found: set[int] = set()
    for some in chunks(ids):
        found.update(find(actor, name).filter(pk__in=some).order_by().values_list("pk", flat=True))
    return frozenset(found)


def _seen_before(actor: Actor, name: str, ids: Iterable[int], first: Change) -> frozenset[int]:
    """Those that the actor could see right before the first change: what they never saw is not told to have gone.

    Asked of the conditions themselves: `find` would look at the past with the rights of now, which let nothing of this through.
    Parts are told to have gone while their whole is still seen; else they went with it.
    """
    at = Entry.objects.filter(pk=first.entry_id).values_list("at", flat=True).first() or 1
    with as_of(datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=at - 1)):
        asked = Asked.by(actor)
        rows = asked.matching(DECLARED[name], asked.seen(name))
        found: set[int] = set()
        for some in chunks(ids):
            found.update(rows.filter(pk__in=some).values_list("pk", flat=True))
        return frozenset(found)


__all__ = ["CHANGED", "GONE", "Told", "told"]
