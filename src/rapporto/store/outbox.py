"""The outbox: facts and what is owed for them, written with the change that makes them true, and paid by workers afterwards."""

import logging
import time
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from datetime import datetime, timedelta

from django.db import DatabaseError, close_old_connections, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from rapporto.kernel.facts import FACTS, FOLLOWERS, Fact, Follower, Permanent, Transient, followers_of
from rapporto.kernel.registry import Registry
from rapporto.store import outbox_models as rows
from rapporto.store.history.changing import close_abandoned, current_id

log = logging.getLogger(__name__)

FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=6)
TRIES_OF_TRANSIENT = 20
"""About three days of trying; then a person is told."""
TRIES_OF_MISTAKES = 5
CANDIDATES = 8
PAUSE, IDLE, TIDY, LOOK = 0.005, 0.5, 600.0, 1.0
"""Seconds between two deliveries, so that people can write in between; without work; between two tidyings; between two looks."""

CHORES: Registry[Callable[[], object]] = Registry("chore")
"""What a part wants looked after every few minutes; each says briefly what is owed and leaves the work to a follower."""
_at_hand: ContextVar[rows.Delivery | None] = ContextVar("delivery_at_hand", default=None)


def record(fact: Fact) -> None:
    """Write a fact and what is owed for it, in the transaction that makes it true. What nobody follows leaves no trace."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(
            f"{type(fact).__name__} was recorded outside a transaction: it could outlive a change that was rolled back"
        )
    owed = followers_of(fact)
    if not owed:
        return
    now = timezone.now()
    said = rows.Fact.objects.create(
        name=type(fact).__name__, payload=fact.payload(), subject=fact.subject, change_set_id=current_id(), at=now
    )
    rows.Delivery.objects.bulk_create(
        rows.Delivery(fact=said, follower=one.name, subject=fact.subject, due=now + timedelta(seconds=one.delay))
        for one in owed
    )


def deliver_one(*, long: bool | None = None, outside: bool | None = None) -> bool:
    """Pay one debt that is due, the oldest first; False when there is none. Safe with any number of workers on any database.

    `long` says of which followers: those whose work is long, the others, or (None) all; `outside` so of those that wait for others.
    """
    now = timezone.now()
    for delivery in _due(now, long, outside)[:CANDIDATES]:
        if _claim(delivery, now):
            _pay(delivery)
            return True
    return False


def _due(now: datetime, long: bool | None, outside: bool | None) -> QuerySet[rows.Delivery]:
    """What is owed now. Followers that keep order wait while something older of the same subject is unpaid, parked included."""
    owed = rows.Delivery.objects.filter(parked=False, due__lte=now)
    for wanted, such in ((long, lambda one: one.long), (outside, lambda one: one.outside)):
        if wanted is not None:
            named = Q(follower__in=[one.name for one in FOLLOWERS.values() if such(one)])
            owed = owed.filter(named if wanted else ~named)
    if ordered := [one.name for one in FOLLOWERS.values() if one.ordered]:
        older = rows.Delivery.objects.filter(
            follower=OuterRef("follower"), subject=OuterRef("subject"), id__lt=OuterRef("id")
        )
        owed = owed.filter(~Q(follower__in=ordered) | Q(subject="") | ~Exists(older))
    return owed.select_related("fact").order_by("due", "id")


def _claim(delivery: rows.Delivery, now: datetime) -> bool:
    """Take a delivery until it falls due again: of many workers one finds the row as it was read.

    A worker that dies after this leaves a debt that falls due by itself.
    """
    untouched = rows.Delivery.objects.filter(id=delivery.id, tries=delivery.tries, due=delivery.due, parked=False)
    delivery.tries += 1
    longest = FOLLOWERS[delivery.follower].longest if delivery.follower in FOLLOWERS else 0
    delivery.due = now + max(wait_after(delivery.tries), timedelta(seconds=longest))
    return bool(untouched.update(tries=delivery.tries, due=delivery.due))


def wait_after(tries: int) -> timedelta:
    """How long to wait after so many tries: 30 seconds, doubled each time, at most 6 hours."""
    return min(FIRST_WAIT * 2 ** min(tries - 1, 16), LONGEST_WAIT)


def _pay(delivery: rows.Delivery) -> None:
    """Act; what goes wrong is told by what to do next."""
    if delivery.follower not in FOLLOWERS or delivery.fact.name not in FACTS:
        _park(delivery, f"nothing here follows {delivery.fact.name} as {delivery.follower!r} any more")
        return
    follower, fact = FOLLOWERS[delivery.follower], FACTS[delivery.fact.name].read(delivery.fact.payload)
    token = _at_hand.set(delivery)
    try:
        _act(follower, fact, delivery)
    except Permanent as refusal:
        _park(delivery, str(refusal) or "refused")
    except Transient as hitch:
        _again(delivery, str(hitch) or "not now", TRIES_OF_TRANSIENT)
    except Exception as mistake:
        log.exception("%s failed on %s %s", delivery.follower, delivery.fact.name, delivery.fact_id)
        _again(delivery, f"{type(mistake).__name__}: {mistake}", TRIES_OF_MISTAKES)
    finally:
        _at_hand.reset(token)


def _act(follower: Follower, fact: Fact, delivery: rows.Delivery) -> None:
    if not follower.here:
        follower.act(fact)
        _settle(delivery)
        return
    with transaction.atomic():
        # Paid first: a second worker whose claim came due meanwhile waits on this row, and finds it gone.
        if _settle(delivery):
            follower.act(fact)


def newer_waits() -> bool:
    """For followers: whether the same kind of fact was recorded again about the same subject since the one at hand."""
    owed = _at_hand.get()
    if owed is None:
        return False
    return rows.Fact.objects.filter(name=owed.fact.name, subject=owed.fact.subject, pk__gt=owed.fact_id).exists()


def hold(seconds: float) -> bool:
    """For followers whose work is long: keep the claim so many seconds from now. False when another worker has it by now."""
    owed = _owed()
    mine = rows.Delivery.objects.filter(id=owed.id, tries=owed.tries)
    return bool(mine.update(due=timezone.now() + timedelta(seconds=seconds)))


def _owed() -> rows.Delivery:
    owed = _at_hand.get()
    if owed is None:
        raise RuntimeError("no fact is being delivered")
    return owed


def _settle(delivery: rows.Delivery) -> bool:
    """Strike out the debt, and the fact when it was the last one. False when somebody else claimed it meanwhile."""
    with transaction.atomic():
        paid, _ = rows.Delivery.objects.filter(id=delivery.id, tries=delivery.tries).delete()
        _prune(rows.Fact.objects.filter(id=delivery.fact_id))
    return bool(paid)


def _prune(facts: QuerySet[rows.Fact]) -> None:
    facts.exclude(Exists(rows.Delivery.objects.filter(fact=OuterRef("pk")))).delete()


def _park(delivery: rows.Delivery, reason: str) -> None:
    log.error("parked: %s for %s %s: %s", delivery.follower, delivery.fact.name, delivery.fact_id, reason)
    rows.Delivery.objects.filter(id=delivery.id, tries=delivery.tries).update(parked=True, reason=reason[:2000])


def _again(delivery: rows.Delivery, reason: str, limit: int) -> None:
    """The claim has already set when it falls due again."""
    if delivery.tries >= limit:
        _park(delivery, f"given up after {delivery.tries} tries: {reason}")
        return
    mine = rows.Delivery.objects.filter(id=delivery.id, tries=delivery.tries)
    mine.update(reason=reason[:2000], due=timezone.now() + wait_after(delivery.tries))


def parked() -> QuerySet[rows.Delivery]:
    """What a person must look at, newest first."""
    return rows.Delivery.objects.filter(parked=True).select_related("fact").order_by("-id")


def try_again(delivery_id: int) -> bool:
    """Owe a parked delivery again, from now; False when it is not parked."""
    return bool(parked().filter(id=delivery_id).order_by().update(parked=False, tries=0, reason="", due=timezone.now()))


def hold_outside(reason: str) -> int:
    """Park whatever is owed to the outside (after a restore), for a person to look at; gives how many there were."""
    outside = [one.name for one in FOLLOWERS.values() if not one.here and not one.long]
    return rows.Delivery.objects.filter(parked=False, follower__in=outside).update(parked=True, reason=reason)


def give_up(delivery_id: int) -> bool:
    """Strike out a parked delivery for good; False when it is not parked."""
    with transaction.atomic():
        gone, _ = parked().filter(id=delivery_id).order_by().delete()
        tidy()
    return bool(gone)


def at_once(subject: str) -> bool:
    """Let what is owed about a subject fall due now, without waiting for its turn; False when nothing is owed."""
    return bool(rows.Delivery.objects.filter(subject=subject, parked=False).update(due=timezone.now()))


def tidy() -> None:
    """Forget facts for which nothing is owed: two workers that pay the last two debts at once each leave the fact to the other."""
    _prune(rows.Fact.objects.filter(at__lt=timezone.now() - timedelta(minutes=1)))


def run_worker(
    stop: Callable[[], bool],
    *,
    long: bool | None = None,
    outside: bool | None = None,
    tidying: Sequence[Callable[[], object]] = (tidy, close_abandoned),
    looking: Sequence[Callable[[], object]] = (),
) -> None:
    """Pay what is owed until `stop()`; a database that is away for a moment is waited for. `long`, `outside` as in `deliver_one`.

    `looking` is called about once a second: what reads the history to find out what else is owed.
    """
    tidied = looked = time.monotonic()
    while not stop():
        close_old_connections()
        try:
            if looking and time.monotonic() - looked > LOOK:
                looked = time.monotonic()
                for one in looking:
                    one()
            worked = deliver_one(long=long, outside=outside)
            if not worked and time.monotonic() - tidied > TIDY:
                for one in tidying:
                    one()
                tidied = time.monotonic()
        except DatabaseError:
            log.exception("the database did not answer; trying again")
            worked = False
        time.sleep(PAUSE if worked else IDLE)
