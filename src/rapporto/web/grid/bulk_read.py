"""What somebody asks of many records: which ones, which fields, which values; each field with its own control, several at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from rapporto.kernel.actor import Actor
from rapporto.kernel.kinds import Links, Tick
from rapporto.kernel.text import BadValue
from rapporto.store.errors import NotFound
from rapporto.store.groups import group_of
from rapporto.store.records import find
from rapporto.store.search import search
from rapporto.web.fields import FormField
from rapporto.web.forms.fields import Filling
from rapporto.web.forms.reading import FIELDS, Typed, typed_in
from rapporto.web.forms.reading import read as read_values
from rapporto.web.grid.addresses import ListAddress
from rapporto.web.grid.again import numbers
from rapporto.web.grid.saved import read_list
from rapporto.web.grid.views import bulk_names, may_pick
from rapporto.web.mistakes import fields_in_words

SET, EMPTY, HOW, LIST = "set", "empty", "how.", "list"
ADD, TAKE, REPLACE = "add", "take", "replace"
GROUPS = 200
"""Groups chosen in one request."""
MOST = 20_000
"""Chosen records in one request: as many as a list shows after very long scrolling."""


@dataclass(frozen=True)
class BulkField:
    """One field of the box: its control, whether it may be emptied and is to be, how several links are treated."""

    control: FormField
    may_empty: bool
    empty: bool = False
    how: str = ""


@dataclass
class Wish:
    """What is to be done to the records `only`, or (None) to all of the list."""

    actor: Actor
    address: ListAddress
    only: list[int] | None
    names: tuple[str, ...]
    empty: frozenset[str] = frozenset()
    how: Mapping[str, str] = field(default_factory=dict)
    typed: Typed = field(default_factory=Typed)
    errors: dict[str, str] = field(default_factory=dict)

    def values(self) -> dict[str, Any]:
        """The values that are right; what is wrong with the others stands in `errors`."""
        values, wrong = read_values(self.actor, self.address.record, self.typed)
        self.errors = fields_in_words(wrong)
        for name, value in values.items():
            if value in (None, "", ()) and name not in self.empty and not self._is_tick(name):
                self.errors[name] = _("Write a value, or tick «Empty» to take it away.")
        return {name: value for name, value in values.items() if name not in self.errors}

    def _is_tick(self, name: str) -> bool:
        return isinstance(self.address.record.fields[name].kind, Tick)

    def fields(self) -> list[BulkField]:
        """The fields of the box, as they were filled in."""
        filling = Filling(self.actor, self.address.record, {}, typed=self.typed, errors=self.errors, ids="bulk")
        found = []
        for name in self.names:
            one = self.address.record.fields[name]
            several = isinstance(one.kind, Links)
            how = self.how.get(name, ADD) if several else ""
            may_empty = not one.required and not isinstance(one.kind, Tick)
            found.append(BulkField(filling.control(name), may_empty, name in self.empty, how))
        return found


def read_wish(request: HttpRequest, actor: Actor, record: str) -> Wish:
    """What is asked for. NotFound where records of this list are not for this person to change."""
    sent = request.GET if request.method == "GET" else request.POST
    if "all" in sent and LIST not in sent:
        raise BadValue("This address is incomplete; open the list again.")
    address = read_list(actor, record, parse_qs(urlsplit(sent.get(LIST, "")).query), leniently=False)
    if not may_pick(actor, address):
        raise NotFound(record, None)
    only = _found(actor, address) if "all" in sent else _chosen(actor, address, sent)
    offered = bulk_names(actor, address.record)
    names = tuple(dict.fromkeys(one for one in sent.getlist(SET) if one in offered))
    empty = frozenset(sent.getlist(EMPTY)) & frozenset(names)
    how = {name: sent.get(HOW + name, ADD) for name in names}
    return Wish(actor, address, only, names, empty, how, _typed(address, sent, names, empty))


def _chosen(actor: Actor, address: ListAddress, sent: QueryDict) -> list[int]:
    """The records that were ticked, and all those of the ticked groups. BadValue for a group that is none."""
    found = dict.fromkeys(numbers(",".join(sent.getlist("id")), MOST))
    for group in sent.getlist("group")[:GROUPS]:
        path = parse_qs(urlsplit(group).query).get("in", [])
        if not path or len(path) > len(address.groups):
            raise BadValue("This address is incomplete; open the list again.")
        where = address.where
        for level, key in zip(address.groups, path, strict=False):
            where = where & group_of(actor, address.record.name, level.grouping, key).where
        rows = find(actor, address.record.name, where).order_by("pk").values_list("pk", flat=True)
        found |= dict.fromkeys(rows[: MOST + 1])
    if len(found) > MOST:
        raise BadValue("These groups have more than 20,000 records; filter the list, then choose all that match.")
    return list(found)


def _found(actor: Actor, address: ListAddress) -> list[int] | None:
    """All of a list: None for those of its condition, the ids where it is searched by words."""
    if not address.words:
        return None
    found = search(actor, address.record.name, address.words, address.where, MOST)
    if not found.all:
        raise BadValue("Too many are found by these words; write more of them, or filter a column.")
    return list(found.ids)


def _typed(address: ListAddress, sent: QueryDict, names: Sequence[str], empty: frozenset[str]) -> Typed:
    copy = sent.copy()
    copy[FIELDS] = ",".join(name for name in names if name in sent.get(FIELDS, "").split(","))
    typed = typed_in(address.record, copy)
    blank = {name: [] if isinstance(address.record.fields[name].kind, Links) else "" for name in empty}
    return Typed({**typed.texts, **blank}, {name: one for name, one in typed.chosen.items() if name not in empty})
