"""Webhooks: made, given a secret that is shown once, switched on and off, and asked to tell something again."""

import base64
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from rapporto.domain.people.facts import HookDue
from rapporto.domain.people.models import Webhook, WebhookEvent
from rapporto.domain.people.tokens import NEVER
from rapporto.kernel.actor import Actor
from rapporto.kernel.text import Message
from rapporto.store import outbox
from rapporto.store.declare import DECLARED
from rapporto.store.derive import on_fields
from rapporto.store.errors import Invalid, NotFound, Refused
from rapporto.store.history.changing import change_set
from rapporto.store.history.reading import newest, number_before
from rapporto.store.outbound import NotAllowed, place_of
from rapporto.store.records import get, may_change
from rapporto.store.write import save

PREFIX = "whsec_"
BOTH = timedelta(days=1)
"""For how long the secret before is signed with too, so that the other side can be changed in peace."""


@dataclass(frozen=True)
class Made:
    """A webhook whose secret is new: its row, and the secret, which is not kept anywhere."""

    row: Webhook
    secret: str


def make_hook(actor: Actor, *, name: str, address: str, records: str = "", tells: str = Webhook.ALL) -> Made:
    """Make a webhook for the actor, told of what changes from now on. Raises Invalid, Refused."""
    values = {"name": name, "address": address, "records": records, "tells": tells, "user": actor.user_id}
    with change_set(actor, "make_webhook"):
        row: Webhook = save(actor, "webhook", values)
        return new_secret(actor, row.pk)


def new_secret(actor: Actor, hook: int) -> Made:
    """Give a webhook another secret; for a day both are signed with. Raises NotFound, Refused."""
    with change_set(actor, "new_secret"):
        row = _kept_by(actor, hook, lock=True)
        row.salt_before, row.salt, row.renewed_at = row.salt, secrets.token_hex(24), timezone.now()
        row.read_up_to = newest() if row.read_up_to is None else row.read_up_to
        Webhook.objects.filter(pk=hook).update(
            salt=row.salt, salt_before=row.salt_before, renewed_at=row.renewed_at, read_up_to=row.read_up_to
        )
    return Made(row, secret_of(row.salt))


def secret_of(salt: str) -> str:
    """The secret that belongs to a salt: whoever reads the database alone does not know it."""
    digest = salted_hmac("rapporto.webhook", salt, algorithm="sha256").digest()
    return PREFIX + base64.b64encode(digest).decode()


def secrets_of(hook: Webhook) -> list[str]:
    """What a webhook is signed with now."""
    before = hook.salt_before if hook.renewed_at and hook.renewed_at > timezone.now() - BOTH else ""
    return [secret_of(salt) for salt in (hook.salt, before) if salt]


def switch(actor: Actor, hook: int, *, on: bool, from_now: bool = False) -> None:
    """Switch a webhook on or off. It goes on where it stopped, or `from_now`. Raises NotFound, Refused."""
    with change_set(actor, "switch_webhook"):
        if _kept_by(actor, hook, lock=True) and on and from_now:
            unsent = WebhookEvent.objects.filter(hook_id=hook, state__in=WebhookEvent.UNSENT)
            unsent.update(state=WebhookEvent.LEFT, next_try=None, ended_at=timezone.now())
            Webhook.objects.filter(pk=hook).update(read_up_to=newest())
        save(actor, "webhook", {"active": on}, hook)


def _kept_by(actor: Actor, hook: int, *, lock: bool = False) -> Webhook:
    """A webhook that the actor may change. Raises NotFound, Refused."""
    row: Webhook = get(actor, "webhook", hook, lock=lock)
    if not may_change(actor, "webhook", hook):
        raise Refused("You may see this record but not change it; ask who it is assigned to.")
    return row


def owe(event: WebhookEvent) -> None:
    """Ask for an event to be sent, inside a transaction."""
    WebhookEvent.objects.filter(pk=event.pk).update(
        state=WebhookEvent.WAITING, tries=0, next_try=timezone.now(), ended_at=None
    )
    outbox.record(HookDue(event.pk))


def send_again(actor: Actor, event: int) -> WebhookEvent:
    """Tell an event once more, with the same id; one that still waits is tried at once. Raises NotFound, Refused."""
    row = WebhookEvent.objects.filter(pk=event).first()
    if row is None:
        raise NotFound("webhook", event)
    if not _kept_by(actor, row.hook_id).active:
        raise Refused("This webhook is off; switch it on first.")
    with change_set(actor, "send_again"):
        if not (row.state == WebhookEvent.WAITING and outbox.at_once(HookDue(row.pk).subject)):
            owe(row)
    return row


def tell_since(actor: Actor, hook: int, moment: datetime) -> None:
    """Tell a webhook once more everything that changed since a moment, in new events. Raises NotFound, Refused, Invalid."""
    _kept_by(actor, hook)
    if moment >= timezone.now():
        raise Invalid({"since": Message("That moment is still to come; choose one of the past.")})
    with change_set(actor, "tell_since"):
        Webhook.objects.filter(pk=hook).update(read_up_to=number_before(moment))


def events_of(actor: Actor, hook: int, limit: int = 50) -> list[WebhookEvent]:
    """The newest events of a webhook that the actor may see, those that wait first. Raises NotFound."""
    get(actor, "webhook", hook)
    found = WebhookEvent.objects.filter(hook_id=hook)
    waiting = list(found.filter(state=WebhookEvent.WAITING).order_by("id")[:limit])
    return [*waiting, *found.exclude(state=WebhookEvent.WAITING).order_by("-id")[: limit - len(waiting)]]


@on_fields("address")
def can_be_asked(row: Webhook, changed: dict[str, Any]) -> None:
    """The address is one that may be asked at all; where its name leads is looked at whenever it is."""
    if row.pk is not None and "address" not in changed:
        return
    try:
        place = place_of(row.address)
    except NotAllowed as wrong:
        raise Invalid({"address": wrong.message}) from None
    row.address = f"{place.scheme}://{place.said}{place.path}"


@on_fields("records")
def known_records(row: Webhook, changed: dict[str, Any]) -> None:
    """What it is told of are lists that there are. Each word once, in a fixed order."""
    words = sorted(set(str(row.records).lower().replace(",", " ").split()))
    for word in words:
        if word not in DECLARED or word in NEVER:
            raise Invalid({"records": Message("There is no list «{word}».", {"word": word[:60]})})
    row.records = " ".join(words)


@on_fields("active")
def follow_switch(ids: Sequence[int]) -> None:
    """What waits is stopped with its webhook, and owed again when that is switched on."""
    on = Webhook.objects.filter(pk__in=ids, active=True).values("pk")
    waiting = WebhookEvent.objects.filter(hook_id__in=ids, state=WebhookEvent.WAITING).exclude(hook_id__in=on)
    waiting.update(state=WebhookEvent.STOPPED, next_try=None)
    Webhook.objects.filter(pk__in=ids, active=True).exclude(failing_since=None, off_because="").update(
        failing_since=None, off_because=""
    )
    for event in WebhookEvent.objects.filter(hook_id__in=on, state=WebhookEvent.STOPPED).order_by("id"):
        with transaction.atomic():
            owe(event)


__all__ = ["Made", "events_of", "make_hook", "new_secret", "secrets_of", "send_again", "switch", "tell_since"]
