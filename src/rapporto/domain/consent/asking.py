"""`may_contact`: whether somebody may be contacted, for what, by which way, at that moment, and why. Sendings and lists ask here."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Case, F, Min, Q, QuerySet, Value, When, Window
from django.db.models.functions import Coalesce, NullIf, RowNumber

from rapporto.domain.consent.choices import AGAINST, CHANNELS, EMAIL, MESSAGING, PENDING, PHONE, POST, SMS
from rapporto.domain.consent.models import CheckedNumber, ConsentEntry, ContactPreference, Purpose
from rapporto.domain.consent.verdict import Judge, Known, NumberChecked, Said, Verdict, Wish
from rapporto.domain.consent.written import canonical_address
from rapporto.kernel.actor import Actor
from rapporto.kernel.where import Where
from rapporto.store.chunks import chunks
from rapporto.store.columns import BinaryText
from rapporto.store.errors import NotFound
from rapporto.store.expressions import among
from rapporto.store.records import find, get

PORTION = 25_000
"""Parties whose ledger is read at once."""
_COLUMN = {EMAIL: "email", SMS: "mobile", MESSAGING: "mobile", POST: "city_key"}


def address_used(channel: str, before: str = "") -> Any:
    """The column that is used of a party when the sending names no address of its own; `before` leads to the party."""
    if channel != PHONE:
        return F(before + _COLUMN[channel])
    first = NullIf(F(f"{before}phone"), Value("", output_field=BinaryText()), output_field=BinaryText())
    return Coalesce(first, F(f"{before}mobile"), output_field=BinaryText())


def may_contact(actor: Actor, party: int, purpose: str, channel: str, at: datetime, *, address: str = "") -> Verdict:
    """Whether a party may be contacted at a moment, and why. `purpose` by its code; `address` when another than the main one is used.

    Raises NotFound for a party or purpose that is not there or may not be seen, BadValue for an address that is none.
    """
    get(actor, "party", party)
    used = canonical_address(channel, address)
    return dict(_verdicts(actor, find(actor, "party").filter(pk=party), purpose, channel, at, used))[party]


def may_contact_all(
    actor: Actor, where: Where, purpose: str, channel: str, at: datetime, *, only: Iterable[int] | None = None
) -> dict[int, Verdict]:
    """The same for every party that matches (of those with the ids `only`), by party; a few queries for every `PORTION` of them."""
    rows = find(actor, "party", where)
    if only is not None:
        rows = rows.filter(pk__in=among(only))
    return dict(_verdicts(actor, rows, purpose, channel, at, ""))


def wish_for(actor: Actor, purpose: str, channel: str, at: datetime) -> Wish:
    """What is asked for, with what the purpose says of it. Raises NotFound, ValueError."""
    if channel not in dict(CHANNELS):
        raise ValueError(f"no channel {channel!r}; there are: {', '.join(dict(CHANNELS))}")
    row: Purpose | None = find(actor, "purpose").filter(code=purpose.upper()).first()
    if row is None:
        raise NotFound("purpose", purpose)
    months = row.retention_months or 24
    return Wish(row.pk, channel, at, months, row.commercial, row.soft_spam, row.regulated)


_COLUMNS = ("pk", "phase", "province", "numbers__last_activity_on", "used")


def _verdicts(
    actor: Actor, rows: QuerySet[Any], purpose: str, channel: str, at: datetime, used: str
) -> Iterator[tuple[int, Verdict]]:
    wish = wish_for(actor, purpose, channel, at)
    judge = Judge(wish)
    fixed = Value(used, output_field=BinaryText()) if used else None
    rows = rows.order_by().annotate(used=fixed or address_used(channel))
    for some in chunks(rows.values_list(*_COLUMNS).iterator(chunk_size=5000), PORTION):
        addresses = {address for *_rest, address in some if address}
        ledger = _Ledger(wish, [pk for pk, *_rest in some], addresses, fixed or address_used(channel, "party__"))
        for pk, phase, province, last_contact, address in some:
            yield pk, judge.decide(ledger.known(pk, address or "", phase, province, last_contact))


class _Ledger:
    """What was said by some parties, and of their addresses, up to a moment: the last word of each."""

    def __init__(self, wish: Wish, parties: Sequence[int], addresses: Collection[str], used: Any) -> None:
        whose, where = Q(party_id__in=among(parties)), Q(address_key__in=among(addresses, "text"))
        # a «yes» for one address is none for another; a «no» to one is heard for all of them until the next «yes»
        said = whose & (Q(state__in=AGAINST) | Q(address_key="") | Q(address_key=used))
        self.own = _last_words(wish, ~Q(state=PENDING) & said, "party_id")
        self.pending = _last_words(wish, Q(state=PENDING) & said, "party_id")
        self.of_address = {} if wish.channel == POST else _last_words(wish, ~Q(state=PENDING) & where, "address_key")
        calls = wish.channel == PHONE
        self.numbers = _numbers(wish.at, addresses) if calls and wish.commercial else {}
        self.hours = _hours(whose) if calls else {}

    def known(self, pk: int, address: str, phase: str, province: str, last_contact: Any) -> Known:
        return Known(
            address, phase, province, last_contact, self.own.get(pk), self.pending.get(pk),
            self.of_address.get(address), self.numbers.get(address), self.hours.get(pk, (None, None)),
        )  # fmt: skip


def _last_words(wish: Wish, which: Q, by: str) -> dict[Any, Said]:
    """The last entry of each party, or of each address, about a purpose and a channel. Of two at one moment that which says no."""
    about = Q(purpose_id=wish.purpose) | Q(purpose_id__isnull=True)
    rows = ConsentEntry.objects.filter(which, about, channel__in=(wish.channel, ""), at__lte=wish.at)
    against = Case(When(state__in=AGAINST, then=1), default=0)
    number = Window(RowNumber(), partition_by=[F(by)], order_by=[F("at").desc(), against.desc(), F("id").desc()])
    last = rows.order_by().annotate(number=number).filter(number=1).values_list(by, "id", "state", "basis", "at")
    return {row[0]: Said(*row[1:]) for row in last.iterator(chunk_size=5000)}


def _numbers(at: datetime, numbers: Collection[str]) -> dict[str, NumberChecked]:
    """What the register last answered of each number, and since when it refuses it."""
    asked = CheckedNumber.objects.filter(number__in=among(numbers, "text"), answer__at__lte=at).order_by()
    since = dict(asked.filter(refused=True).values_list("number").annotate(since=Min("answer__at")))
    latest = Window(RowNumber(), partition_by=[F("number")], order_by=[F("answer__at").desc(), F("answer_id").desc()])
    last = asked.annotate(place=latest).filter(place=1)
    found = last.values_list("number", "answer_id", "refused", "answer__valid_until")
    return {row[0]: NumberChecked(*row[1:], since.get(row[0])) for row in found.iterator(chunk_size=5000)}


def _hours(whose: Q) -> dict[int, tuple[int | None, int | None]]:
    """The hours that people asked to be called in."""
    rows = ContactPreference.objects.filter(whose).values_list("party_id", "first_hour", "last_hour")
    return {pk: (first, last) for pk, first, last in rows}
