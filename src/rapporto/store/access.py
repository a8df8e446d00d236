"""Writes the register of accesses, and reads it: one insert for what is worth knowing later, none for what was noted just now."""

import time
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from rapporto.kernel.actor import ADMINISTRATOR, Actor
from rapporto.kernel.registry import Registry
from rapporto.store.access_models import AccessEntry
from rapporto.store.errors import NotFound
from rapporto.store.one_writer import turn

ACTS: Registry[Any] = Registry("kind of access")
"""What is written down, by name, with what a person calls it."""


def _act(name: str, label: Any) -> str:
    ACTS.add(name, label)
    return name


LIST_EXPORT = _act("list_export", _("List exported"))
PROGRAM_READ = _act("program_read", _("Read by a program"))
PERSON_EXPORT = _act("person_export", _("All data of a person exported"))
PERSON_ERASED = _act("person_erased", _("Person erased"))
ALLOWED_AGAIN = _act("allowed_again", _("Erased person admitted again"))
SENSITIVE_SEEN = _act("sensitive_seen", _("Sensitive data looked at"))
SIGN_IN = _act("sign_in", _("Signed in"))
SIGN_IN_REFUSED = _act("sign_in_refused", _("Sign-in refused"))
RIGHTS_CHANGED = _act("rights_changed", _("Rights of a user changed"))
LOG_EXPORT = _act("log_export", _("Register of accesses exported"))

AGAIN = 3600.0
"""Seconds within which the same person looking at the same record is one access."""
MANY = 100
"""Records read at once by a program from which on it is written down."""
_seen: dict[tuple[int | None, str, int | None, str], float] = {}


def note(
    actor: Actor, act: str, record: str = "", row_id: int | None = None, number: int | None = None, /, **details: Any
) -> AccessEntry:
    """Write an access down. `details` are names and numbers, never what a person's data say."""
    ACTS[act]
    with turn(), transaction.atomic():
        return AccessEntry.objects.create(
            at=timezone.now(),
            user_id=actor.user_id,
            user_name=actor.name,
            door=actor.door,
            act=act,
            record=record,
            row_id=row_id,
            number=number,
            details=details,
        )


def note_seen(actor: Actor, record: str, row_id: int | None, fields: list[str]) -> None:
    """Write down that somebody looked at sensitive fields of a person, or (None) of a list; within the hour once."""
    key, now = (actor.user_id, record, row_id, actor.door), time.monotonic()
    if _seen.get(key, 0.0) > now:
        return
    if len(_seen) > 20_000:
        _seen.clear()
    note(actor, SENSITIVE_SEEN, record, row_id, fields=fields)
    _seen[key] = now + AGAIN


def forget_seen() -> None:
    """Note the next look at every record again (tests)."""
    _seen.clear()


def about(record: str, row_id: int) -> QuerySet[AccessEntry]:
    """The accesses to one record, the newest first."""
    return AccessEntry.objects.filter(record=record, row_id=row_id).order_by("-id")


def entries(actor: Actor, asked: Mapping[str, Any]) -> QuerySet[AccessEntry]:
    """The register for an administrator, the newest first; `asked`: user, act, record, row_id, since and until (days, both included).

    Raises NotFound for anybody else: the register is not there for them.
    """
    if ADMINISTRATOR not in actor.roles:
        raise NotFound("access_entry", None)
    found = AccessEntry.objects.order_by("-id")
    told = {name: asked[name] for name in ("user_id", "act", "record", "row_id") if asked.get(name)}
    found = found.filter(**told)
    if asked.get("since"):
        found = found.filter(at__gte=_midnight(asked["since"]))
    if asked.get("until"):
        found = found.filter(at__lt=_midnight(asked["until"] + timedelta(days=1)))
    return found


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(settings.TIME_ZONE))
