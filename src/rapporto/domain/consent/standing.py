"""Where somebody stands: the last word on each purpose and channel, for the card and for the page on which they change it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import F

from rapporto.domain.consent.choices import AGAINST, CONTRACT, GIVEN, PENDING
from rapporto.domain.consent.models import ConsentEntry
from rapporto.domain.consent.verdict import term_of
from rapporto.kernel.actor import Actor
from rapporto.store.asking import Asked
from rapporto.store.records import find

MOST = 500
"""Entries looked at, the newest ones."""


@dataclass(frozen=True)
class Standing:
    """The entries of one party, oldest first; of two at one moment that which says no comes last."""

    entries: Sequence[ConsentEntry]

    def last(self, purpose: int, channel: str) -> ConsentEntry | None:
        """The last word on a purpose and a channel; what waits for confirmation is none."""
        for one in reversed(self.entries):
            if one.state != PENDING and one.purpose_id in (purpose, None) and one.channel in (channel, ""):
                return one
        return None

    def lines(self) -> list[ConsentEntry]:
        """The entries that say how things are now: nothing later is about the same; newest first."""
        found = []
        for place, one in enumerate(self.entries):
            if not any(_covers(later, one) for later in self.entries[place + 1 :]):
                found.append(one)
        return found[::-1]

    def waiting(self) -> list[ConsentEntry]:
        """What was asked for and not confirmed: nothing later was said about it."""
        return [one for one in self.lines() if one.state == PENDING]


def ends(entry: ConsentEntry) -> date | None:
    """The day on which the term of a consent ends; None for what has none. Known of the entries of a standing."""
    if entry.state != GIVEN or entry.basis == CONTRACT or entry.purpose is None:
        return None
    last_contact: date | None = getattr(entry, "last_contact", None)
    return term_of(entry.at, last_contact, entry.purpose.retention_months or 24)


def _covers(later: ConsentEntry, one: ConsentEntry) -> bool:
    """Whether nothing is left of an entry since a later one."""
    if later.state == PENDING and one.state != PENDING:
        return False
    return later.purpose_id in (one.purpose_id, None) and later.channel in (one.channel, "")


def standing(actor: Actor, party: int, asked: Asked | None = None) -> Standing:
    """Where a party stands, as far as the actor sees it. One query."""
    rows = find(actor, "consent_entry", asked=asked).filter(party_id=party)
    rows = rows.select_related("purpose", "notice", "taken_by").annotate(
        last_contact=F("party__numbers__last_activity_on")
    )
    rows = rows.order_by("-at", "-id")[:MOST]
    return Standing(sorted(rows, key=lambda one: (one.at, one.state in AGAINST, one.pk)))
