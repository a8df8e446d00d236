"""What somebody changes of their own consents: what they tick and untick, stopping everything, one press in a mail."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from rapporto.domain.consent.choices import (
    AGAINST,
    EMAIL,
    GIVEN,
    ONE_CLICK,
    PREFERENCE_PAGE,
    SOFT_SPAM,
)
from rapporto.domain.consent.commands import confirm_double_opt_in, give, object_to, withdraw
from rapporto.domain.consent.links import Link
from rapporto.domain.consent.models import PrivacyNotice, Purpose
from rapporto.domain.consent.standing import Standing, standing
from rapporto.kernel.actor import Actor, system_task
from rapporto.store.history.changing import change_set
from rapporto.store.records import find

DOOR = "preferences"


@dataclass(frozen=True)
class Wishes:
    """What is ticked: purpose and channel, «» for every channel."""

    ticked: Mapping[tuple[int, str], bool]
    confirmed: bool = False


def themselves() -> Actor:
    """The person who holds the link: the system acts on their word."""
    return system_task(_("Preference page"), door=DOOR)


def change_wishes(link: Link, wishes: Wishes, ip: str) -> bool:
    """Write what differs from what is; whether anything did. What was ticked already stays with its proof."""
    actor = themselves()
    with change_set(actor, "own_wishes"):
        now = standing(actor, link.party)
        changed = wishes.confirmed and _confirm(actor, now, ip)
        purposes = {one.pk: one for one in find(actor, "purpose")}
        for (purpose, channel), ticked in wishes.ticked.items():
            if purpose in purposes and ticked != holds(now, purpose, channel):
                _say(actor, link, purposes[purpose], channel, now, ip, ticked=ticked)
                changed = True
    return changed


def holds(now: Standing, purpose: int, channel: str) -> bool:
    """Whether a tick stands at a purpose and channel."""
    last = now.last(purpose, channel)
    return last is not None and last.state == GIVEN


def _confirm(actor: Actor, now: Standing, ip: str) -> bool:
    for one in now.waiting():
        confirm_double_opt_in(actor, one.pk, how=PREFERENCE_PAGE, ip=ip)
    return bool(now.waiting())


def _say(actor: Actor, link: Link, purpose: Purpose, channel: str, now: Standing, ip: str, *, ticked: bool) -> None:
    said: dict[str, Any] = {"party": link.party, "channel": channel, "how": PREFERENCE_PAGE, "ip": ip}
    if not ticked:
        last = now.last(purpose.pk, channel)
        no = object_to if last is not None and last.basis == SOFT_SPAM else withdraw
        no(actor, purpose=purpose.code, **said)
        return
    notice: PrivacyNotice | None = valid_notice(actor)
    proof: dict[str, Any] = {"words": purpose.words or purpose.name, "notice": notice.pk if notice else None}
    give(actor, purpose=purpose.code, **said, **proof)


def valid_notice(actor: Actor) -> PrivacyNotice | None:
    """The text of the notice as it is shown now."""
    row: PrivacyNotice | None = find(actor, "privacy_notice").order_by("-valid_from", "-id").first()
    return row


def stop_everything(link: Link, ip: str) -> None:
    """They object to every purpose and channel, and so does the address; doing it twice changes nothing."""
    _stop(link, "", "", PREFERENCE_PAGE, ip)


def unsubscribe(link: Link, ip: str) -> None:
    """One press in a mail: no more of this kind by this channel; of a link without a kind, no more e-mail. Twice is as once."""
    _stop(link, link.purpose, link.channel or EMAIL, ONE_CLICK, ip)


def _stop(link: Link, code: str, channel: str, how: str, ip: str) -> None:
    actor = themselves()
    with change_set(actor, "unsubscribe"):
        known: Purpose | None = find(actor, "purpose").filter(code=code).first() if code else None
        for one in reversed(standing(actor, link.party).entries):
            about = one.purpose_id in (known.pk if known else None, None) and one.channel in (channel, "")
            if about and one.state in AGAINST and (not link.address or one.address == link.address):
                return
            if one.state not in AGAINST:
                break
        object_to(
            actor, party=link.party, purpose=known.code if known else "", channel=channel, how=how, ip=ip,
            address=link.address,
        )  # fmt: skip
