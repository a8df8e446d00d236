"""Tokens of programs: made, shown once, believed while their user may sign in, and revoked."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from rapporto.domain.people.actors import actor_of
from rapporto.domain.people.models import ApiToken
from rapporto.kernel.actor import Actor
from rapporto.kernel.text import Message
from rapporto.kernel.where import field
from rapporto.store.declare import DECLARED
from rapporto.store.errors import Invalid, Refused
from rapporto.store.history.changing import change_set
from rapporto.store.one_writer import turn
from rapporto.store.records import find, get
from rapporto.store.write import delete, save

PREFIX = "rapporto_"
"""Begins every token, so that one that was left in a file is found by whoever looks for such things."""
READ, WRITE = "read", "write"
DOOR = "api"
NEVER = ("api_token", "webhook")
"""Types that no program reads, writes or is told of: a token could give itself more rights."""


@dataclass(frozen=True)
class Scopes:
    """What a token lets through, by record type; writing includes reading. `*` stands for every type."""

    reads: frozenset[str]
    writes: frozenset[str]

    @classmethod
    def of(cls, text: str) -> "Scopes":
        """The scopes of a text such as «party:read activity:write», or «read» for everything."""
        pairs = [word.rpartition(":") for word in text.split()]
        writes = frozenset(record or "*" for record, _, right in pairs if right == WRITE)
        return cls(writes | {record or "*" for record, _, right in pairs if right == READ}, writes)

    def may_read(self, record: str) -> bool:
        """Whether records of a type may be read."""
        return "*" in self.reads or record in self.reads

    def may_write(self, record: str) -> bool:
        """Whether records of a type may be changed."""
        return "*" in self.writes or record in self.writes


@dataclass(frozen=True)
class Made:
    """A token just made: its row, and its text, which is not kept anywhere."""

    row: ApiToken
    text: str


@dataclass(frozen=True)
class Caller:
    """A program that has shown a token: in whose name it acts, and what its token lets through."""

    token_id: int
    actor: Actor
    scopes: Scopes
    language: str


def make_token(
    actor: Actor, *, name: str, scopes: str = READ, expires_on: date | str | None = None, user: int | None = None
) -> Made:
    """Make a token for the actor (a task of the system names the `user`). Raises Invalid, Refused."""
    if actor.user_id is not None and user not in (None, actor.user_id):
        raise Refused("A token is made by whoever it acts for; ask that person to make it.")
    text = PREFIX + secrets.token_urlsafe(32)
    values = {"name": name, "scopes": scopes, "expires_on": expires_on, "user": user or actor.user_id}
    with change_set(actor, "make_token"):
        row: ApiToken = save(actor, "api_token", values)
        ApiToken.objects.filter(pk=row.pk).update(hashed=_hash(text))
    return Made(row, text)


def revoke_token(actor: Actor, token: int) -> None:
    """End a token at once; bringing its row back does not bring back the token. Raises NotFound, Refused."""
    with change_set(actor, "revoke_token"):
        get(actor, "api_token", token)
        delete(actor, "api_token", token)


def tokens_of(actor: Actor, user: int) -> list[ApiToken]:
    """The tokens of a user that the actor may see, the oldest first."""
    return list(find(actor, "api_token", field("user").eq(user)).order_by("pk"))


def caller_of(text: str) -> Caller | None:
    """Who shows this token; None when there is none such, it has ended, or its user may not sign in any more. One query."""
    row = ApiToken.objects.select_related("user").filter(hashed=_hash(text)).first()
    today = timezone.localdate()
    if row is None or not row.user.is_active or (row.expires_on and row.expires_on < today):
        return None
    if row.last_used_on != today:
        with turn():
            ApiToken.objects.filter(pk=row.pk).update(last_used_on=today)
    return Caller(row.pk, actor_of(row.user, DOOR), Scopes.of(row.scopes), row.user.language)


def _hash(text: str) -> str:
    """What is kept of a token. It has 256 random bits: nobody guesses it from its hash, and no salt is needed."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def known_scopes(row: Any, changed: dict[str, Any]) -> None:
    """A scope names a list that there is. Each word once, in a fixed order."""
    if "scopes" not in changed and row.pk is not None:
        return
    words = sorted(set(str(row.scopes).lower().split()))
    for word in words:
        record, _, right = word.rpartition(":")
        if right not in (READ, WRITE) or (record and record not in DECLARED) or (not record and ":" in word):
            said = {"word": word[:60]}
            raise Invalid(
                {"scopes": Message("«{word}» is no right; write read, write, or party:read for one list.", said)}
            )
    row.scopes = " ".join(words)


def stays_with_its_user(row: Any, changed: dict[str, Any]) -> None:
    """A token or a webhook never acts for anybody but the user it was made for."""
    if row.pk is not None and "user" in changed and not type(row).objects.filter(pk=row.pk, user=row.user_id).exists():
        raise Invalid({"user": Message("This stays with its user; make a new one for somebody else.")})
