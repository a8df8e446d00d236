"""Reads the history for webhooks: what changed since each was last told becomes an event, which the outbox sends."""

import secrets
from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from rapporto.domain.people.facts import HookDue
from rapporto.domain.people.models import Webhook, WebhookEvent
from rapporto.domain.people.tokens import NEVER
from rapporto.store import outbox
from rapporto.store.history.reading import Change, changes_since, newest
from rapporto.store.one_writer import turn

MOST = 1000
"""Changes in one event."""
KEPT = timedelta(days=30)


def look() -> int:
    """Owe every webhook that is on what it was not told yet; gives how many events that makes. Without webhooks one small query.

    One event of each is under way at a time: while the other side does not answer the history itself is the queue.
    """
    hooks = list(_free())
    now = newest() if hooks else 0
    return sum(_next(hook) for hook in hooks if hook.read_up_to is not None and hook.read_up_to < now)


def _free() -> QuerySet[Webhook]:
    under_way = WebhookEvent.objects.filter(hook_id=OuterRef("pk"), state=WebhookEvent.WAITING)
    return Webhook.objects.filter(~Exists(under_way), active=True).exclude(salt="").order_by("pk")


def _next(hook: Webhook) -> int:
    """Move one webhook on, and owe it what lies on the way; of several who look at once one does it."""
    assert hook.read_up_to is not None
    found = changes_since(hook.read_up_to, MOST)
    if not found:
        return 0
    up_to, parts = found[-1].number, _parts(hook, found)
    with turn(), transaction.atomic():
        mine = _free().filter(pk=hook.pk, read_up_to=hook.read_up_to)
        if not Webhook.objects.filter(pk__in=mine.values("pk")).update(read_up_to=up_to):
            return 0
        now = timezone.now()
        for part in parts:
            event = WebhookEvent.objects.create(
                hook_id=hook.pk,
                event=f"msg_{secrets.token_hex(16)}",
                after=hook.read_up_to,
                up_to=up_to,
                part=part,
                made_at=now,
                next_try=now,
            )
            outbox.record(HookDue(event.pk))
    return len(parts)


def _parts(hook: Webhook, found: Sequence[Change]) -> list[int]:
    """Which thousands of the changes hold anything that this webhook wants to know."""
    return [
        part
        for part in range(-(-len(found) // MOST))
        if any(wants(hook, one.record) for one in found[part * MOST : (part + 1) * MOST])
    ]


def wants(hook: Webhook, record: str) -> bool:
    """Whether a webhook is told of a type at all."""
    return record not in NEVER and (not hook.records or record in hook.records.split())


def tidy() -> None:
    """Forget events that were told, or left out, long ago."""
    with turn(), transaction.atomic():
        WebhookEvent.objects.exclude(hook_id__in=Webhook.objects.values("pk")).delete()
        WebhookEvent.objects.exclude(state__in=WebhookEvent.UNSENT).filter(ended_at__lt=timezone.now() - KEPT).delete()


__all__ = ["look", "tidy", "wants"]
