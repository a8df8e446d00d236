"""Links told in words, «Meccanica» for an industry, «anna@…» for a user: all of a portion are looked up at once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rapporto.kernel.kinds import Email, Links
from rapporto.kernel.record import RecordType
from rapporto.kernel.text import Message
from rapporto.store.chunks import chunks
from rapporto.store.declare import DECLARED
from rapporto.store.imports.drafts import Aside, Asked, Draft
from rapporto.store.imports.register import Register
from rapporto.store.merge_reading import led_by
from rapporto.store.records import find
from rapporto.store.userfields import record_type

NONE = Message("There is no «{text}» in the register, or you may not see it.")
SEVERAL = Message("There are several called «{text}»; write the code of the right one.")
SEPARATORS = (";", "|", ",")


def resolve(register: Register, portion: Sequence[Asked]) -> None:
    """Give the drafts the ids of what they name; what is not found is set aside, and refuses a row that cannot be without it."""
    texts: defaultdict[str, set[str]] = defaultdict(set)
    for asked in portion:
        for draft in asked.drafts:
            for name, (_, text) in draft.named.items():
                field = record_type(draft.record).field(name)
                texts[field.link or ""].update(_parts(text, several=isinstance(field.kind, Links)))
    found = {target: Found(register, target, words) for target, words in texts.items()}
    for asked in portion:
        for draft in list(asked.drafts):
            for name in list(draft.named):
                _link(asked, draft, name, found)


def _parts(text: str, *, several: bool) -> list[str]:
    if not several:
        return [text]
    separator = next((one for one in SEPARATORS if one in text), ";")
    return [part.strip() for part in text.split(separator) if part.strip()]


def _link(asked: Asked, draft: Draft, name: str, found: dict[str, "Found"]) -> None:
    field = record_type(draft.record).field(name)
    several = isinstance(field.kind, Links)
    head, text = draft.named.pop(name)
    ids: list[int] = []
    for part in _parts(text, several=several):
        one = found[field.link or ""].by_text(part)
        if isinstance(one, int):
            ids.append(one)
        elif field.required:
            asked.refuse(Message("{column}: {why}", {"column": head, "why": one}))
            return
        else:
            asked.asides.append(Aside(head, part, one, name, draft))
    if ids:
        draft.values[name] = tuple(sorted(set(ids))) if several else ids[0]


class Found:
    """The records of one type that texts tell: by the code of the source, by a key of their own, by what they are called."""

    def __init__(self, register: Register, target: str, texts: Iterable[str]) -> None:
        self.coded = {text: code.row for text, code in register.codes(target, set(texts)).items() if code.row}
        self.ids: dict[str, defaultdict[Any, set[int]]] = {}
        self.kinds = {}
        record = record_type(target).seen_by(register.actor)
        for name in _tellers(record):
            self.kinds[name] = record.field(name).kind
            keys = {key: text for text in texts if (key := self._key(name, text)) not in (None, "")}
            self.ids[name] = _holders(register, target, name, keys)
            if name != record.title:
                self._lead_on(register, target, name, keys)

    def _key(self, name: str, text: str) -> Any:
        """The key by which a text is looked for in a field; None when it is nothing for that field."""
        try:
            kind = self.kinds[name]
            return kind.key(kind.read(text))
        except ValueError:
            return None

    def _lead_on(self, register: Register, target: str, name: str, keys: Mapping[Any, str]) -> None:
        """What nobody holds any more may be the code or the address of a record that was merged: it leads to what that became."""
        kind = self.kinds[name]
        gone = {str(kind.read(text)): key for key, text in keys.items() if key not in self.ids[name]}
        led = led_by(target, name, gone)
        seen = register.seen(target, set(led.values()))
        for value, kept in led.items():
            if kept in seen:
                self.ids[name][gone[value]] = {kept}

    def by_text(self, text: str) -> int | Message:
        """The record that a text tells, or why there is none."""
        if (coded := self.coded.get(text)) is not None:
            return coded
        for name, holders in self.ids.items():
            ids = holders.get(self._key(name, text), set())
            if len(ids) == 1:
                return next(iter(ids))
            if ids:
                return Message(SEVERAL.text, {"text": text[:60]})
        return Message(NONE.text, {"text": text[:60]})


def _tellers(record: RecordType) -> list[str]:
    """The fields by which a record is told: its key, e-mail addresses, its title."""
    mails = [name for name, one in record.fields.items() if isinstance(one.kind, Email) and not one.derived][:1]
    named = dict.fromkeys((record.import_key, *mails, record.title))
    return [name for name in named if name in record.fields and not record.fields[name].link]


def _holders(register: Register, target: str, name: str, keys: Iterable[Any]) -> defaultdict[Any, set[int]]:
    column = DECLARED[target].columns[name].key
    holders: defaultdict[Any, set[int]] = defaultdict(set)
    for some in chunks(sorted(keys)):
        rows = find(register.actor, target).filter(**{f"{column}__in": some}).order_by()
        for pk, key in rows.values_list("pk", column):
            holders[key].add(pk)
    return holders
