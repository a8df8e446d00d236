"""What changed since a program last looked: read in the order of the commits, so that nothing is ever missed."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from rapporto.api.call import Call
from rapporto.api.door import told
from rapporto.api.values import LARGEST
from rapporto.kernel.text import BadValue
from rapporto.store.answers import Answer
from rapporto.store.asking import Asked
from rapporto.store.declare import DECLARED
from rapporto.store.history.as_of import as_of
from rapporto.store.history.models import Entry
from rapporto.store.history.reading import Change, changes_since, newest
from rapporto.store.records import find

SIZE, MOST = 200, 1000


def changes(call: Call) -> Answer:
    """The records that changed after a number, and the number to go on from; without one, the number of now.

    A record that the caller sees is «changed»; one that is deleted, or went out of their sight, is «gone».
    """
    after, limit = call.number("after", 0, 0, LARGEST), call.number("limit", SIZE, 1, MOST)
    if unknown := call.request.GET.keys() - {"after", "limit"}:
        raise BadValue("There is no parameter «{name}» here.", name=min(unknown)[:60])
    if "after" not in call.request.GET:
        return told({"items": [], "next": newest(), "more": False})
    found = changes_since(after, limit)
    items = list(_told(call, found))
    return told({"items": items, "next": found[-1].number if found else after, "more": len(found) >= limit})


def _told(call: Call, found: Sequence[Change]) -> Iterable[dict[str, object]]:
    last = {(one.record, one.row_id): one for one in found}
    for record in call.records():
        ids = {row_id for name, row_id in last if name == record.name}
        seen = _seen(call, record.name, ids)
        gone = _seen_before(call, record.name, ids - seen, found[0]) if ids - seen else frozenset()
        for row_id in sorted(seen | gone):
            one = last[record.name, row_id]
            act = "changed" if row_id in seen else "gone"
            yield {
                "record": record.name,
                "id": row_id,
                "act": act,
                "number": one.number,
                "change_set": one.change_set_id,
            }


def _seen(call: Call, name: str, ids: Iterable[int]) -> frozenset[int]:
    return frozenset(find(call.actor, name).filter(pk__in=ids).order_by().values_list("pk", flat=True))


def _seen_before(call: Call, name: str, ids: Iterable[int], first: Change) -> frozenset[int]:
    """Those that the caller could see right before the first change: what they never saw is not told to have gone.

    Asked of the conditions themselves: `find` would look at the past with the rights of now, which let nothing of this through.
    Parts are told to have gone while their whole is still seen; else they went with it.
    """
    at = Entry.objects.filter(pk=first.entry_id).values_list("at", flat=True).first() or 1
    with as_of(datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=at - 1)):
        asked = Asked.by(call.actor)
        rows = asked.matching(DECLARED[name], asked.seen(name)).filter(pk__in=ids)
        return frozenset(rows.values_list("pk", flat=True))


__all__ = ["changes"]
