"""What somebody changes of their own consents: what they tick and untick, stopping everything, one press in a mail."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from rapporto.domain.consent.calling_hours import today
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
from rapporto.domain.consent.models import ConsentEntry, PrivacyNotice, Purpose
from rapporto.domain.consent.standing import Standing, ends, standing
from rapporto.kernel.actor import Actor, system_task
from rapporto.store.history.changing import change_set
from rapporto.store.records import find

DOOR = "preferences"


Wishes = Mapping[tuple[int, str], bool]
"""What is ticked: by purpose and channel, «» for every channel."""


def themselves() -> Actor:
    """The person who holds the link: the system acts on their word."""
    return system_task(_("Preference page"), door=DOOR)


def change_wishes(link: Link, wishes: Wishes, ip: str) -> bool:
    """Write what differs from what is; whether anything did. What was ticked already stays with its proof."""
    actor = themselves()
    with change_set(actor, "own_wishes"):
        now = standing(actor, link.party)
        changed = False
        purposes = {one.pk: one for one in find(actor, "purpose")}
        for (purpose, channel), ticked in wishes.items():
            if purpose in purposes and ticked != holds(now, purpose, channel):
                _say(actor, link, purposes[purpose], channel, now, ip, ticked=ticked)
                changed = True
    return changed


def holds(now: Standing, purpose: int, channel: str) -> bool:
    """Whether a tick stands at a purpose and channel: a consent whose term is over is none any more."""
    last = now.last(purpose, channel)
    if last is None or last.state != GIVEN:
        return False
    day = ends(last)
    return day is None or day > today()


def confirmable(now: Standing, link: Link) -> list[ConsentEntry]:
    """What the holder of a link may confirm: a consent given for an address is confirmed from that address alone."""
    return [one for one in now.waiting() if one.address in ("", link.address)]


def confirm(link: Link, ip: str) -> bool:
    """They confirm what waits for it; whether anything did."""
    actor = themselves()
    with change_set(actor, "confirm_consent"):
        waiting = confirmable(standing(actor, link.party), link)
        for one in waiting:
            confirm_double_opt_in(actor, one.pk, how=PREFERENCE_PAGE, ip=ip)
    return bool(waiting)


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


def unsubscribe(link: Link, ip: str, *, how: str = ONE_CLICK) -> None:
    """One press in a mail: no more of this kind by this channel; of a link without a kind, no more e-mail. Twice is as once."""
    _stop(link, link.purpose, link.channel or EMAIL, how, ip)


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
