"""The signed link by which somebody reaches their preferences without a password, and by which a mail is unsubscribed."""

from dataclasses import dataclass

from django.core import signing

from rapporto.domain.consent.choices import CHANNELS
from rapporto.domain.consent.commands import link_number
from rapporto.domain.parties.models import Party
from rapporto.kernel.actor import system_task
from rapporto.store.merge_reading import led_to

SALT = "rapporto.preferences"
TASK = system_task("Rapporto")
LONGEST = 1000
"""Letters of a token that are looked at."""


@dataclass(frozen=True)
class Link:
    """Whose preferences; the address it was sent to, and what for, when it stands in a message."""

    party: int
    address: str = ""
    purpose: str = ""
    channel: str = ""


def signed(link: Link) -> str:
    """The token of a link. It holds until the links of the party are revoked: what was once sent must always be stoppable."""
    number = link_number(link.party)
    return signing.dumps([link.party, number, link.address, link.purpose, link.channel], salt=SALT)


def read(token: str) -> Link | None:
    """The link of a token; None for one that was made up, changed or revoked, or whose party is gone: nobody can tell which."""
    if len(token) > LONGEST:
        return None
    try:
        party, number, address, purpose, channel = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    if type(party) is not int or not all(isinstance(one, str) for one in (address, purpose, channel)):
        return None
    here = _led_on(party)
    if here is None or channel not in ("", *dict(CHANNELS)):
        return None
    # of a merged party the number is no longer known: its links go on as long as none was ever made void
    if number != link_number(here) and (here == party or number):
        return None
    return Link(here, address, purpose, channel)


def _led_on(party: int) -> int | None:
    """The party itself, or the one it was merged into; None when there is neither."""
    if Party.objects.filter(pk=party).exists():
        return party
    line = led_to(TASK, "party", party)
    return line.kept if line is not None else None
