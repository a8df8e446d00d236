"""What changed since a program last looked: read in the order of the commits, so that nothing is ever missed."""

from dataclasses import asdict

from rapporto.api.call import Call
from rapporto.api.door import told as answered
from rapporto.api.values import LARGEST
from rapporto.kernel.text import BadValue
from rapporto.store.answers import Answer
from rapporto.store.history.reading import changes_since, newest
from rapporto.store.told import told

SIZE, MOST = 200, 1000


def changes(call: Call) -> Answer:
    """The records that changed after a number, and the number to go on from; without one, the number of now.

    A record that the caller sees is «changed»; one that is deleted, or went out of their sight, is «gone».
    """
    after, limit = call.number("after", 0, 0, LARGEST), call.number("limit", SIZE, 1, MOST)
    if unknown := call.request.GET.keys() - {"after", "limit"}:
        raise BadValue("There is no parameter «{name}» here.", name=min(unknown)[:60])
    if "after" not in call.request.GET:
        return answered({"items": [], "next": newest(), "more": False})
    found = changes_since(after, limit)
    items = [asdict(one) for one in told(call.actor, [one.name for one in call.records()], found)]
    return answered({"items": items, "next": found[-1].number if found else after, "more": len(found) >= limit})


__all__ = ["changes"]
