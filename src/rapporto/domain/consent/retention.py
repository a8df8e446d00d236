"""Terms that end. A consent whose term is over allows nothing by itself; here it is told before, and what it alone allowed to keep goes."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from rapporto.domain.consent.calling_hours import today
from rapporto.domain.consent.choices import CONTRACT, ENDING, GIVEN, PENDING, PROLONGED, TAKEN_OUT
from rapporto.domain.consent.details import DETAILS
from rapporto.domain.consent.models import ConsentEntry, ConsentTerm, Purpose
from rapporto.domain.consent.verdict import term_of
from rapporto.kernel.actor import Actor, system_task
from rapporto.kernel.facts import Fact, follows
from rapporto.kernel.text import Message
from rapporto.store import outbox
from rapporto.store.bulk_create import create_many
from rapporto.store.chunks import chunks
from rapporto.store.history.changing import change_set
from rapporto.store.jobs import JOBS, JobKind, Progress, Result
from rapporto.store.one_writer import turn
from rapporto.store.records import find
from rapporto.store.write import save

KIND = "consent_retention"
SOON = 30
"""Days before the end of a term in which it is told."""
STEP = 200
"""Consents looked at in one transaction: whoever works meanwhile never waits for more."""
TOLD = Message("{ending} consents end within {days} days or have ended; of {taken_out} the data were taken out.")
TASK = system_task("Rapporto")


@dataclass(frozen=True)
class DayBegan(Fact):
    """A day began on which the terms of the consents have not been looked at yet; the day as ISO text."""

    day: str


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
    last = find(actor, "consent_entry").order_by().filter(_is_last(), state=GIVEN).exclude(basis=CONTRACT)
    columns = ("id", "party_id", "purpose_id", "channel", "at", "purpose__retention_months")
    rows = last.values_list(*columns, "party__numbers__last_activity_on")
    for entry, party, purpose, channel, at, months, contact in rows.iterator(chunk_size=5000):
        day = term_of(at, contact, months or 24)
        if day <= on + timedelta(days=days):
            yield Ending(entry, party, purpose, channel, day)


def _is_last() -> Any:
    """Whether nothing was said later about the same."""
    later = ConsentEntry.objects.exclude(state=PENDING).filter(
        Q(purpose_id=OuterRef("purpose_id")) | Q(purpose_id__isnull=True),
        Q(channel=OuterRef("channel")) | Q(channel=""),
        Q(at__gt=OuterRef("at")) | Q(at=OuterRef("at"), id__gt=OuterRef("id")),
        party_id=OuterRef("party_id"),
    )
    return ~Exists(later)


def keep_terms(on: date, progress: Callable[[int], object] = lambda number: None) -> Counter[str]:
    """Tell of every term that ends, settle those told before; how many were told, prolonged, taken out. Safe to run again at any moment.

    Data go when the term is over and its end has been told for so many days: whoever consents again meanwhile, or is met, keeps them.
    """
    found: Counter[str] = Counter()
    seen: set[int] = set()
    done = 0
    for some in chunks(endings(TASK, on), STEP):
        seen.update(one.entry for one in some)
        with change_set(TASK, "consent_terms"):
            found.update(_told(some, on))
        done += len(some)
        progress(done)
    told = ConsentTerm.objects.filter(state=ENDING).order_by("id").values_list("id", "entry_id")
    settled = [pk for pk, entry in told if entry not in seen]
    for ids in chunks(settled, STEP):
        with change_set(TASK, "consent_terms"):
            for pk in ids:
                save(TASK, "consent_term", {"state": PROLONGED, "done_on": on}, pk)
        found[PROLONGED] += len(ids)
    return found


def _told(some: Sequence[Ending], on: date) -> Iterator[str]:
    """Write down the ends of these terms; what became of each, in a word."""
    known = {row.entry_id: row for row in ConsentTerm.objects.filter(entry_id__in=[one.entry for one in some])}
    fresh = [one for one in some if one.entry not in known]
    create_many(TASK, "consent_term", [_first(one, on) for one in fresh])
    yield from (ENDING for _one in fresh)
    over: defaultdict[int, list[ConsentTerm]] = defaultdict(list)
    for one in some:
        row = known.get(one.entry)
        if row is None or row.state == TAKEN_OUT:
            continue
        if row.state == PROLONGED:
            again = {"state": ENDING, "warned_on": on, "done_on": None, "ends_on": one.day}
            save(TASK, "consent_term", again, row.pk)
        elif one.day <= on and row.warned_on <= on - timedelta(days=SOON):
            over[one.purpose].append(row)
            continue
        elif row.ends_on != one.day:
            save(TASK, "consent_term", {"ends_on": one.day}, row.pk)
        yield ENDING
    for purpose, rows in over.items():
        _take_out(Purpose.objects.get(pk=purpose), rows, on)
        yield from (TAKEN_OUT for _row in rows)


def _first(one: Ending, on: date) -> dict[str, Any]:
    same = {name: getattr(one, name) for name in ("party", "entry", "purpose", "channel")}
    return {**same, "ends_on": one.day, "state": ENDING, "warned_on": on}


def _take_out(purpose: Purpose, rows: Sequence[ConsentTerm], on: date) -> None:
    """What is kept for the purpose alone goes, of the parties who have no other consent to it that holds."""
    for row in rows:
        save(TASK, "consent_term", {"state": TAKEN_OUT, "done_on": on}, row.pk)
    over = Exists(ConsentTerm.objects.filter(entry=OuterRef("pk"), state=TAKEN_OUT))
    parties = {row.party_id for row in rows}
    left = find(TASK, "consent_entry").filter(_is_last(), ~over, state=GIVEN, purpose=purpose, party_id__in=parties)
    parties -= set(left.order_by().values_list("party_id", flat=True))
    for detail in DETAILS.values():
        detail.take_out(TASK, purpose, sorted(parties))


def _run(actor: Actor, given: Mapping[str, Any], progress: Progress) -> Result:
    found = keep_terms(today(), progress)
    counts = {"ending": found[ENDING], "taken_out": found[TAKEN_OUT], "days": SOON}
    return Result(Message(TOLD.text, counts), url=f"/consent_term/?state={ENDING}", details=counts)


JOBS.add(KIND, JobKind(KIND, _("Terms of the consents"), _run, unit=_("consents"), resumes=True))


def begin_day() -> None:
    """Called every few minutes by the worker: once a day the terms are looked at, whichever process comes first."""
    day = today().isoformat()
    if cache.add(f"consent.terms.{day}", "asked for", 2 * 24 * 3600):
        with turn(), transaction.atomic():
            outbox.record(DayBegan(day))


outbox.CHORES.add(KIND, begin_day)


@follows(DayBegan, name="consent.terms", longest=1800, long=True)
def keep_terms_daily(fact: DayBegan) -> None:
    """The terms of the day; what a broken-off run has left is done by the next one."""
    keep_terms(date.fromisoformat(fact.day), lambda _number: outbox.hold(1800))
