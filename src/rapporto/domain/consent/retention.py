"""Terms that end: a long work that tells whose consents end soon and whose have ended. An ended one no longer allows anything by itself."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from rapporto.domain.consent.calling_hours import ROME
from rapporto.domain.consent.choices import CONTRACT, GIVEN, PENDING
from rapporto.domain.consent.models import ConsentEntry
from rapporto.domain.consent.verdict import term_of
from rapporto.kernel.actor import Actor
from rapporto.kernel.text import Message
from rapporto.store.jobs import JOBS, JobKind, Progress, Result
from rapporto.store.records import find

KIND = "consent_retention"
SOON = 30
"""Days before the end of a term in which it is told."""
NAMED = 500
TOLD = Message(
    "{ending} consents end within {days} days, {ended} have ended: ask those people again, or take their data out."
)


@dataclass(frozen=True)
class Ending:
    """A consent whose term ends on a day."""

    entry: int
    party: int
    purpose: int
    channel: str
    day: date


def endings(actor: Actor, on: date, days: int = SOON) -> Iterator[Ending]:
    """The consents that hold and end within so many days of `on`, or have ended by then; of the parties the actor may see."""
    later = ConsentEntry.objects.exclude(state=PENDING).filter(
        Q(purpose_id=OuterRef("purpose_id")) | Q(purpose_id__isnull=True),
        Q(channel=OuterRef("channel")) | Q(channel=""),
        Q(at__gt=OuterRef("at")) | Q(at=OuterRef("at"), id__gt=OuterRef("id")),
        party_id=OuterRef("party_id"),
    )
    last = find(actor, "consent_entry").order_by().filter(~Exists(later), state=GIVEN).exclude(basis=CONTRACT)
    columns = ("id", "party_id", "purpose_id", "channel", "at", "purpose__retention_months")
    rows = last.values_list(*columns, "party__numbers__last_activity_on")
    for entry, party, purpose, channel, at, months, contact in rows.iterator(chunk_size=5000):
        day = term_of(at, contact, months or 24)
        if day <= on + timedelta(days=days):
            yield Ending(entry, party, purpose, channel, day)


def _run(actor: Actor, given: Mapping[str, Any], progress: Progress) -> Result:
    today = date.fromisoformat(given["on"]) if given.get("on") else timezone.now().astimezone(ROME).date()
    found: Counter[str] = Counter()
    named: list[dict[str, Any]] = []
    for done, one in enumerate(endings(actor, today), 1):
        found["ended" if one.day <= today else "ending"] += 1
        if len(named) < NAMED:
            named.append({"entry": one.entry, "party": one.party, "day": one.day.isoformat()})
        progress(done)
    counts = {"ending": found["ending"], "ended": found["ended"], "days": SOON}
    return Result(Message(TOLD.text, counts), url="/consent_entry/", details={**counts, "named": named})


JOBS.add(KIND, JobKind(KIND, _("Terms of the consents"), _run, unit=_("consents"), resumes=True))
