"""Tells webhooks what changed: signed as Standard Webhooks say, again when it did not work, and no longer after days without an answer."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from standardwebhooks import Webhook as Signing

from rapporto.domain.people.actors import actor_by_id
from rapporto.domain.people.facts import HookDue, HookWentOff
from rapporto.domain.people.hooks import secrets_of
from rapporto.domain.people.hooks_reader import MOST, look, wants
from rapporto.domain.people.models import Webhook, WebhookEvent
from rapporto.kernel.actor import Actor, system_task
from rapporto.kernel.facts import Transient, follows
from rapporto.store import outbox
from rapporto.store.declare import DECLARED
from rapporto.store.history.changing import change_set
from rapporto.store.history.reading import changes_since
from rapporto.store.one_writer import turn
from rapporto.store.outbound import Answer, NoAnswer, NotAllowed, send
from rapporto.store.told import told
from rapporto.store.userfields import record_type
from rapporto.store.write import save

DAYS = timedelta(days=3)
"""For how long a webhook may fail before it is switched off."""
TELLER = system_task("webhooks")
DOOR = "webhook"
GONE = 410
"""What a receiver answers that wants nothing more."""


@follows(HookDue, name="webhooks.tell", longest=60, outside=True)
def tell(fact: HookDue) -> None:
    """Send one event; what has changed since follows at once. Raises Transient when it is to be tried again."""
    event = WebhookEvent.objects.filter(pk=fact.event, state=WebhookEvent.WAITING).first()
    hook = Webhook.objects.filter(pk=event.hook_id).first() if event else None
    if event is None or hook is None:
        return
    actor = actor_by_id(hook.user_id, DOOR)
    if actor is None:
        _switch_off(hook, Webhook.ORPHANED)
    elif not hook.active or not hook.salt:
        _end(event, WebhookEvent.STOPPED)
    elif not (items := _items(actor, hook, event)):
        _end(event, WebhookEvent.SENT, number=0)
    else:
        _send(hook, event, items)
    look()


def _items(actor: Actor, hook: Webhook, event: WebhookEvent) -> list[dict[str, Any]]:
    """What of the changes of an event its user may see now, in the order in which it was changed."""
    found = [one for one in changes_since(event.after, MOST) if one.number <= event.up_to]
    names = [one for one in DECLARED if wants(hook, one) and record_type(one).visible(actor)]
    items = told(actor, names, found[event.part * MOST : (event.part + 1) * MOST])
    wanted = [one for one in items if hook.tells in (Webhook.ALL, one.act)]
    return [asdict(one) for one in sorted(wanted, key=lambda one: (one.number, one.record, one.id))]


def body_of(event: WebhookEvent, items: list[dict[str, Any]]) -> str:
    """What is sent: which records, and the number from which the changes can be read on."""
    data = {"items": items, "next": event.up_to, "again": event.again}
    said = {"type": "records.changed", "timestamp": event.made_at.astimezone(UTC).isoformat(), "data": data}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def signed(hook: Webhook, event: WebhookEvent, body: str) -> Mapping[str, str]:
    """The headers by which the receiver knows who sent it, and that it is no older than it says."""
    now = datetime.now(UTC).replace(microsecond=0)
    signatures = [Signing(secret).sign(event.event, now, body) for secret in secrets_of(hook)]
    return {
        "Content-Type": "application/json",
        "User-Agent": "Rapporto",
        "webhook-id": event.event,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def _send(hook: Webhook, event: WebhookEvent, items: list[dict[str, Any]]) -> None:
    body = body_of(event, items)
    try:
        answer = send("POST", hook.address, headers=signed(hook, event, body), body=body.encode(), most=500)
    except NotAllowed as refused:
        _failed(event, len(items), str(refused.message))
        _switch_off(hook, Webhook.REFUSED)
        return
    except NoAnswer as silence:
        _try_again(event, len(items), str(silence))
        return
    if 200 <= answer.status < 300:
        _end(event, WebhookEvent.SENT, number=len(items), answer=_said(answer), tries=event.tries + 1)
        with turn():
            Webhook.objects.filter(pk=event.hook_id).exclude(failing_since=None).update(failing_since=None)
    elif answer.status == GONE:
        _failed(event, len(items), _said(answer))
        _switch_off(hook, Webhook.UNWANTED)
    else:
        _try_again(event, len(items), _said(answer))


def _said(answer: Answer) -> str:
    """The status, and the beginning of what was said with it unless all is well."""
    text = answer.body.decode("utf-8", "replace") if answer.status >= 300 else ""
    return " ".join(f"{answer.status} {''.join(one if one.isprintable() else ' ' for one in text)}".split())[:200]


def _try_again(event: WebhookEvent, number: int, why: str) -> None:
    """Raises Transient, unless it has not worked for days."""
    _failed(event, number, why)
    hook = Webhook.objects.get(pk=event.hook_id)
    since = hook.failing_since or timezone.now()
    if since < timezone.now() - DAYS or event.tries + 1 >= outbox.TRIES_OF_TRANSIENT:
        _switch_off(hook, Webhook.FAILED)
        return
    raise Transient(why)


def _failed(event: WebhookEvent, number: int, why: str) -> None:
    now, tries = timezone.now(), event.tries + 1
    with turn(), transaction.atomic():
        WebhookEvent.objects.filter(pk=event.pk).update(
            tries=tries, number=number, answer=why[:200], next_try=now + outbox.wait_after(tries)
        )
        Webhook.objects.filter(pk=event.hook_id, failing_since=None).update(failing_since=now)


def _end(event: WebhookEvent, state: str, **more: Any) -> None:
    with turn():
        WebhookEvent.objects.filter(pk=event.pk).update(state=state, next_try=None, ended_at=timezone.now(), **more)


def _switch_off(hook: Webhook, because: str) -> None:
    """Nothing more is sent until somebody switches it on again; what waits then goes on."""
    with change_set(TELLER, "switch_webhook"):
        save(TELLER, "webhook", {"active": False}, hook.pk)
        Webhook.objects.filter(pk=hook.pk).update(off_because=because)
        outbox.record(HookWentOff(hook.pk))


@follows(HookWentOff, name="webhooks.notice", outside=True)
def notice(fact: HookWentOff) -> None:
    """Tell whoever a webhook belongs to that it is off, by mail."""
    hook = Webhook.objects.select_related("user").filter(pk=fact.hook, active=False).first()
    if hook is None or not hook.user.is_active:
        return
    with override(hook.user.language or None):
        subject = _("The webhook «{name}» was switched off").format(name=hook.name)
        said = _("{address} did not take what it was sent.").format(address=hook.address)
        way = _("Nothing is lost: when you switch it on again, under Settings, Programs, it goes on where it stopped.")
        try:
            send_mail(subject, f"{said}\n\n{way}\n", settings.DEFAULT_FROM_EMAIL, [hook.user.email])
        except OSError as wrong:
            raise Transient(str(wrong)) from wrong
