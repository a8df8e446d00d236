"""The confirmation of a consent by e-mail: the address itself must say yes before anything is sent to it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from rapporto.domain.consent.choices import AGAINST, EMAIL
from rapporto.domain.consent.commands import ask_to_confirm, purpose_of
from rapporto.domain.consent.models import ConsentEntry
from rapporto.domain.consent.own_wishes import valid_notice
from rapporto.domain.consent.standing import standing
from rapporto.kernel.actor import Actor
from rapporto.kernel.facts import Fact
from rapporto.kernel.text import Message
from rapporto.store import outbox
from rapporto.store.errors import Refused
from rapporto.store.history.changing import change_set
from rapporto.store.records import get

AGAIN_AFTER = timedelta(days=1)
NO_EMAIL = Message("No e-mail address is known; write it on the card first.")
SAID_NO = Message("They said no on {day}: that is not asked again by e-mail. Note what they signed or said instead.")
ALREADY = Message("They were written to about this within the last day; wait for their answer.")


@dataclass(frozen=True)
class ConfirmationAsked(Fact):
    """An entry of the ledger waits for a confirmation that is to be asked for by e-mail."""

    entry: int


def send_confirmation(actor: Actor, *, party: int, purpose: str, **proof: Any) -> ConsentEntry:
    """Note a consent somebody gave (`how`, `document`, `words`) as waiting, and write to their address to have it confirmed.

    Commercial purposes are asked for e-mail alone, others for every channel. Raises Refused, Invalid, NotFound.
    """
    with change_set(actor, "ask_to_confirm"):
        address = get(actor, "party", party).email
        if not address:
            raise Refused(NO_EMAIL.text)
        row = purpose_of(actor, purpose)
        channel = EMAIL if row.commercial else ""
        _may_be_asked(actor, party, row.pk, channel)
        notice = valid_notice(actor)
        more = {"notice": notice.pk if notice else None, "words": row.words or row.name, "address": address}
        entry = ask_to_confirm(actor, party=party, purpose=row.code, channel=channel, **{**more, **proof})
        outbox.record(ConfirmationAsked(entry.pk))
    return entry


def _may_be_asked(actor: Actor, party: int, purpose: int, channel: str) -> None:
    now = standing(actor, party)
    last = now.last(purpose, channel)
    if last is not None and last.state in AGAINST:
        raise Refused(SAID_NO.text, day=f"{timezone.localtime(last.at):%d/%m/%Y}")
    since = timezone.now() - AGAIN_AFTER
    if any(one.purpose_id == purpose and one.channel == channel and one.at > since for one in now.waiting()):
        raise Refused(ALREADY.text)
