"""One request of a program: who asks, for which records, with which parameters and body."""

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NoReturn

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest

from rapporto.api.problems import Problem, missing
from rapporto.api.values import is_day, is_moment
from rapporto.domain.people.tokens import NEVER, Caller
from rapporto.kernel.actor import Actor
from rapporto.kernel.record import RecordType, UnknownField
from rapporto.kernel.text import BadValue, Message
from rapporto.store.answers import Answer, once
from rapporto.store.declare import DECLARED
from rapporto.store.history.as_of import as_of
from rapporto.store.typed import read_past
from rapporto.store.userfields import record_type

JSON = "application/json"
READ_AS_JSON = (JSON, "application/merge-patch+json")
LONGEST_KEY = 255


@dataclass(frozen=True)
class Call:
    """A request with a valid token."""

    request: HttpRequest
    caller: Caller

    @property
    def actor(self) -> Actor:
        """Who acts: the user of the token."""
        return self.caller.actor

    def record(self, name: str, *, write: bool = False) -> RecordType:
        """A record type as the caller may know it. Problem: 404 for no such type, 403 for one that the token leaves out."""
        if name in NEVER or name not in DECLARED or not record_type(name).visible(self.actor):
            raise missing()
        scopes = self.caller.scopes
        if not (scopes.may_write(name) if write else scopes.may_read(name)):
            needed = f"{name}:{'write' if write else 'read'}"
            detail = Message("This token does not let that through; it needs the right «{right}».", {"right": needed})
            raise Problem(403, "forbidden", detail)
        return record_type(name).seen_by(self.actor)

    def records(self) -> Iterator[RecordType]:
        """The record types that the caller may read."""
        for name in DECLARED:
            if name not in NEVER and self.caller.scopes.may_read(name) and record_type(name).visible(self.actor):
                yield record_type(name).seen_by(self.actor)

    def within_scopes(self, record: RecordType, path: str, *, title: bool = False) -> None:
        """Refuse a path through records that the token leaves out; `title` when the name of a linked record matters too."""
        *steps, last = path.split(".")
        for step in (*steps, last) if title else steps:
            relation, own = record.relations.get(step), record.fields.get(step)
            target = relation.record if relation else own.link if own else None
            if target is None:
                return
            if target in NEVER or not self.caller.scopes.may_read(target):
                raise UnknownField(record.name, path, tuple(record.fields))
            record = record_type(target)

    def parameter(self, name: str) -> str:
        """One parameter of the address, the last one said."""
        return self.request.GET.get(name, "").replace("\0", "").strip()

    def number(self, name: str, usual: int, least: int, most: int) -> int:
        """A whole number of the address. BadValue when it is none, or out of range."""
        text = self.parameter(name)
        if not text and name not in self.request.GET:
            return usual
        if not (text.isascii() and text.isdigit() and len(text) < 20 and least <= int(text) <= most):
            raise BadValue("«{name}» is a whole number from {least} to {most}.", name=name, least=least, most=most)
        return int(text)

    @contextmanager
    def at_its_time(self) -> Iterator[bool]:
        """Inside, everything is read as it was at the moment `as_of` names; gives whether there is one."""
        said = self.parameter("as_of")
        if "as_of" in self.request.GET and not (is_day(said) or is_moment(said)):
            raise BadValue("A day like 2026-11-26 is needed, or a moment like 2026-11-26T15:30:00Z.")
        try:
            moment = read_past(said)
        except OverflowError:
            raise BadValue("That day is still to come; choose one of the past.") from None
        if moment is None:
            yield False
            return
        with as_of(moment):
            yield True

    def body(self) -> dict[str, Any]:
        """The JSON object that was sent. Problem when it is none."""
        if self.request.content_type not in READ_AS_JSON:
            raise Problem(415, "not_json", Message("Send JSON, and say so: Content-Type: application/json."))
        try:
            sent = json.loads(self._bytes(), parse_constant=_no_number)
        except (ValueError, RecursionError) as wrong:
            raise Problem(
                400, "not_json", Message("The JSON cannot be read: {wrong}", {"wrong": str(wrong)[:100]})
            ) from None
        if not isinstance(sent, dict):
            raise Problem(400, "not_json", Message("A JSON object is needed: {fields}", {"fields": '{"name": "…"}'}))
        return sent

    def _bytes(self) -> bytes:
        try:
            return self.request.body
        except RequestDataTooBig:
            raise Problem(413, "too_large", Message("Send less at once.")) from None

    def answered_once(self, act: Callable[[], Answer]) -> Answer:
        """The answer of `act`; with an Idempotency-Key it is done the first time only."""
        key = self.request.headers.get("Idempotency-Key")
        if key is None:
            return act()
        if not 0 < len(key) <= LONGEST_KEY or not key.isprintable():
            raise Problem(400, "bad_request", Message("An Idempotency-Key has 1 to 255 printable characters."))
        asked = (self.request.method, self.request.get_full_path(), self.request.headers.get("If-Match", ""))
        digest = hashlib.sha256(json.dumps(asked).encode() + self._bytes()).hexdigest()
        return once(self.caller.token_id, key, digest, act)


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no JSON")


__all__ = ["JSON", "Answer", "Call"]
