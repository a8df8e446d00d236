"""Webhooks in words: how one goes, what an event told, why one was switched off."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapporto.domain.people.models import Webhook, WebhookEvent
from rapporto.web.figures import figure
from rapporto.web.settings.frame import Effect


@dataclass(frozen=True)
class EventLine:
    """One event: when it was made, what it told, how it went, and what can be done with it."""

    id: int
    event: str
    made: str
    told: str
    state: str
    tone: str
    answer: str
    next_try: str
    waits: bool


def moment_word(moment: datetime | None) -> str:
    """«26/11/2026 15:30»."""
    return f"{timezone.localtime(moment):%d/%m/%Y %H:%M}" if moment else ""


def state_of(hook: Webhook) -> Effect:
    """How a webhook goes, in a sentence; with a tone when somebody should look."""
    why = {
        Webhook.FAILED: _("Off: for days it did not take what it was sent"),
        Webhook.REFUSED: _("Off: its address leads into the own network, or is none"),
        Webhook.UNWANTED: _("Off: the other side wants nothing more"),
        Webhook.ORPHANED: _("Off: its user may no longer sign in"),
    }
    if not hook.active:
        return Effect(why[hook.off_because], "late") if hook.off_because in why else Effect(_("Off"))
    if not hook.salt:
        return Effect(_("Waits for a secret"), "today")
    if hook.failing_since:
        return Effect(
            _("Not taken since {moment}; tried again").format(moment=moment_word(hook.failing_since)), "today"
        )
    return Effect(_("On"))


def event_line(event: WebhookEvent) -> EventLine:
    """An event as it is shown."""
    words, tone = _state(event)
    return EventLine(
        id=event.pk,
        event=event.event,
        made=moment_word(event.made_at),
        told=_told(event.number),
        state=words,
        tone=tone,
        answer=event.answer,
        next_try=moment_word(event.next_try) if event.state == WebhookEvent.WAITING and event.tries else "",
        waits=event.state == WebhookEvent.WAITING,
    )


def _state(event: WebhookEvent) -> tuple[str, str]:
    if event.state == WebhookEvent.SENT:
        return (_("taken"), "good") if event.number else (_("nothing to tell"), "")
    if event.state == WebhookEvent.LEFT:
        return _("left out"), ""
    if event.state == WebhookEvent.STOPPED:
        return _("stopped"), "late"
    tries = ngettext("tried once", "tried {n} times", event.tries).format(n=figure(event.tries))
    return (tries, "today") if event.tries else (_("waits"), "")


def _told(number: int | None) -> str:
    if number is None:
        return "—"
    return ngettext("{n} record", "{n} records", number).format(n=figure(number))


__all__ = ["EventLine", "event_line", "moment_word", "state_of"]
