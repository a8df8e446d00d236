"""What a person wrote into a form: kept as it was typed, and read into values with an error for every wrong one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils import timezone

from rapporto.kernel.actor import Actor
from rapporto.kernel.kinds import Day, Kind, Link, Links, Moment, Tick
from rapporto.kernel.kinds.numbers import from_english
from rapporto.kernel.kinds.spoken import read_at
from rapporto.kernel.record import RecordType
from rapporto.kernel.text import BadValue, Message
from rapporto.store.errors import Invalid
from rapporto.store.write import check_values
from rapporto.web.asked import language
from rapporto.web.forms.linked import ID, resolve

FIELDS = "form.fields"
"""The names of the fields a form had: a tick that is not sent was taken off, a field that was not there is left alone."""
LONGEST = 100_000


@dataclass(frozen=True)
class Typed:
    """Texts by field name (lists for several links), and the ids chosen for typed links."""

    texts: Mapping[str, Any] = field(default_factory=dict)
    chosen: Mapping[str, str] = field(default_factory=dict)

    def without(self, names: Iterable[str]) -> "Typed":
        """The same without some fields."""
        left = set(names)
        return Typed({n: text for n, text in self.texts.items() if n not in left}, self.chosen)


def typed_in(record: RecordType, post: QueryDict) -> Typed:
    """What was sent of the fields the form had."""
    names = [name for name in post.get(FIELDS, "").split(",") if name in record.fields]
    texts = {name: _text(record, post, name) for name in names}
    return Typed(texts, {name: post.get(name + ID, "") for name in names if name + ID in post})


def _text(record: RecordType, post: QueryDict, name: str) -> Any:
    if isinstance(record.fields[name].kind, Links):
        return post.getlist(name)
    return post.get(name, "")[:LONGEST]


def read(actor: Actor, record: RecordType, typed: Typed) -> tuple[dict[str, Any], dict[str, Message]]:
    """The values in canonical form, and what is wrong with the others. Days and moments may be said in words."""
    raw: dict[str, Any] = {}
    errors: dict[str, Message] = {}
    for name, text in typed.texts.items():
        try:
            raw[name] = _linked(actor, record, name, text, typed)
        except BadValue as wrong:
            errors[name] = wrong.message
    while True:
        try:
            return check_values(actor, record, raw), errors
        except Invalid as wrong:
            errors |= wrong.errors
            raw = {name: value for name, value in raw.items() if name not in wrong.errors}


def _linked(actor: Actor, record: RecordType, name: str, text: Any, typed: Typed) -> Any:
    one = record.fields[name]
    if name in typed.chosen and isinstance(one.kind, Link):
        return resolve(actor, one.link or "", text, typed.chosen[name])
    if isinstance(one.kind, Day | Moment):
        return read_at(one.kind, text, timezone.localtime())
    return as_meant(one.kind, text)


def as_meant(kind: Kind, text: Any) -> Any:
    """A typed text so that its kind reads it as whoever typed it means it: amounts are written the English way by English readers."""
    return from_english(text) if kind.numeric and language() == "en" and isinstance(text, str) else text


def changed(record: RecordType, values: Mapping[str, Any], was: Mapping[str, Any]) -> dict[str, Any]:
    """The values that differ from those a person was shown: only these are theirs."""
    return {name: value for name, value in values.items() if not same(record, name, value, was.get(name))}


def same(record: RecordType, name: str, one: Any, other: Any) -> bool:
    """Whether two values of a field are the same; all ways of being blank are."""
    if isinstance(record.fields[name].kind, Tick):
        return bool(one) == bool(other)
    return _bare(one) == _bare(other)


def _bare(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return tuple(sorted(value)) or None
    return None if value == "" else value
