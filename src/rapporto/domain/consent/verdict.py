"""The rule itself: from what is known of somebody at a moment to «yes» or «no», and the entry or law it rests on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from rapporto.domain.consent.calling_hours import ROME, may_call_at
from rapporto.domain.consent.choices import (
    AGAINST,
    CONSENT,
    CONTRACT,
    DIRECTORY,
    EMAIL,
    OBJECTED,
    PHONE,
    POST,
    SOFT_SPAM,
)
from rapporto.kernel.text import Message

NO_ADDRESS = Message("No address or number is known for this channel.")
NO_PROOF = Message(
    "Nothing proves that they may be contacted for this: no consent and no other legal basis is in the ledger."
)
NOT_CONFIRMED = Message("They have not confirmed their consent yet (entry {entry}, {day}).")
WAS_WITHDRAWN = Message("The consent was withdrawn on {day} (entry {entry}).")
WAS_OBJECTED = Message("They objected on {day} (entry {entry}; art. 21 GDPR).")
ADDRESS_WITHDRAWN = Message("This address was taken off on {day} (entry {entry}).")
TERM_OVER = Message("The term of {months} months is over: the consent of {day} (entry {entry}) no longer holds.")
CUSTOMERS_ONLY = Message(
    "Art. 130 c. 4 is for customers, by e-mail, for products like those they bought (entry {entry})."
)
OWN_CONSENT_NEEDED = Message(
    "Offers of electricity or gas need a consent of their own for this channel (entry {entry})."
)
CALLS_AND_POST_ONLY = Message("A public directory allows calls and letters, nothing else (entry {entry}).")
NOT_CHECKED = Message("The number was not checked against the opt-out register in the last 15 days.")
IN_THE_REGISTER = Message("The number is in the opt-out register (check {check}).")
NOT_NOW = Message("Not at this hour: calls are allowed on working days 9–20, on Saturdays and eves of holidays 10–19.")
NOT_WHEN_ASKED = Message("Not at this hour: they asked to be called from {first} to {last}.")
BY_CONSENT = Message("Consent of {day} (entry {entry}; art. 6.1.a GDPR).")
BY_SOFT_SPAM = Message("Own similar products, told when the address was taken on {day} (entry {entry}; art. 130 c. 4).")
BY_CONTRACT = Message("Contract, or asked for by them on {day} (entry {entry}; art. 6.1.b GDPR).")
BY_DIRECTORY = Message("Public directory, noted on {day} (entry {entry}; art. 130 c. 3-bis).")

ALLOWED_BY = {CONSENT: BY_CONSENT, SOFT_SPAM: BY_SOFT_SPAM, CONTRACT: BY_CONTRACT, DIRECTORY: BY_DIRECTORY}
CUSTOMER_PHASES = ("customer", "at_risk")


@dataclass(frozen=True)
class Verdict:
    """Whether somebody may be contacted, why, and the entry of the ledger (or check of the register) it rests on."""

    allowed: bool
    reason: Message
    entry: int | None = None
    check: int | None = None


class Said(NamedTuple):
    """An entry of the ledger, as far as it decides."""

    id: int
    state: str
    basis: str
    at: datetime


class NumberChecked(NamedTuple):
    """What the register answered of a number: the last check, whether it refused, until when it holds, since when it refuses."""

    check: int
    refused: bool
    valid_until: datetime
    refused_since: datetime | None


@dataclass(frozen=True)
class Wish:
    """What is asked for: purpose, channel, moment; with what the purpose says."""

    purpose: int
    channel: str
    at: datetime
    months: int = 24
    commercial: bool = False
    soft_spam: bool = False
    regulated: bool = False


class Known(NamedTuple):
    """What is known of a party: the address to be used, what they said last, what was said last of the address itself."""

    address: str
    phase: str = ""
    province: str = ""
    last_contact: date | None = None
    own: Said | None = None
    pending: Said | None = None
    of_address: Said | None = None
    number: NumberChecked | None = None
    hours: tuple[int | None, int | None] = (None, None)


@dataclass
class Judge:
    """Decides for one wish; the same facts always give the same verdict."""

    wish: Wish
    _days: dict[date, str] = field(default_factory=dict)
    _over_by: date = field(init=False)
    """A term that began on this day is over; of one that began on the next day something is left."""
    _holds_from: datetime = field(init=False)

    def __post_init__(self) -> None:
        today = _day(self.wish.at)
        day = today - timedelta(days=31 * self.wish.months + 31)
        while ends_on(day + timedelta(days=1), self.wish.months) <= today:
            day += timedelta(days=1)
        self._over_by = day
        self._holds_from = datetime.combine(day + timedelta(days=1), time(0), ROME)

    def decide(self, known: Known) -> Verdict:
        """The verdict on a party. Whoever said no last is not contacted; without a proof nobody is."""
        if not known.address:
            return Verdict(False, NO_ADDRESS)
        refusal = self._against(known)
        if refusal is not None:
            return refusal
        said = known.own
        assert said is not None
        wrong = self._basis(said, known) or self._term(said, known)
        if wrong is not None:
            return Verdict(False, wrong, said.id)
        if self.wish.channel == PHONE:
            refusal = self._call(said, known)
            if refusal is not None:
                return refusal
        return Verdict(True, self._told(ALLOWED_BY[said.basis], said), said.id)

    def _against(self, known: Known) -> Verdict | None:
        said, of_address = known.own, known.of_address
        if of_address is not None and of_address.state in AGAINST and (said is None or _after(of_address, said)):
            return Verdict(False, self._told(ADDRESS_WITHDRAWN, of_address), of_address.id)
        if said is None or said.state in AGAINST:
            waiting = known.pending
            if waiting is not None and (said is None or waiting.at > said.at):
                return Verdict(False, self._told(NOT_CONFIRMED, waiting), waiting.id)
            if said is None:
                return Verdict(False, NO_PROOF)
            return Verdict(False, self._told(WAS_OBJECTED if said.state == OBJECTED else WAS_WITHDRAWN, said), said.id)
        return None

    def _basis(self, said: Said, known: Known) -> Message | None:
        wish = self.wish
        if wish.regulated and wish.channel not in (EMAIL, POST) and said.basis != CONSENT:
            return Message(OWN_CONSENT_NEEDED.text, {"entry": said.id})
        if said.basis == SOFT_SPAM:
            fits = wish.channel == EMAIL and wish.soft_spam and known.phase in CUSTOMER_PHASES
            return None if fits else Message(CUSTOMERS_ONLY.text, {"entry": said.id})
        if said.basis == DIRECTORY and wish.channel not in (PHONE, POST):
            return Message(CALLS_AND_POST_ONLY.text, {"entry": said.id})
        return None

    def _term(self, said: Said, known: Known) -> Message | None:
        over_by = self._over_by
        if said.basis == CONTRACT or said.at >= self._holds_from or (known.last_contact or over_by) > over_by:
            return None
        return Message(TERM_OVER.text, {"months": self.wish.months, **self._params(said)})

    def _call(self, said: Said, known: Known) -> Verdict | None:
        if self.wish.commercial:
            checked = known.number
            if checked is None or checked.valid_until < self.wish.at:
                return Verdict(False, NOT_CHECKED, said.id, checked.check if checked else None)
            later = said.basis == CONSENT and checked.refused_since is not None and said.at > checked.refused_since
            if checked.refused and not later:
                return Verdict(False, Message(IN_THE_REGISTER.text, {"check": checked.check}), said.id, checked.check)
            if not may_call_at(self.wish.at, known.province):
                return Verdict(False, NOT_NOW, said.id)
        first, last = known.hours
        hour = self.wish.at.astimezone(ROME).hour
        if (first is not None and hour < first) or (last is not None and hour >= last):
            return Verdict(False, Message(NOT_WHEN_ASKED.text, {"first": first or 9, "last": last or 20}), said.id)
        return None

    def _told(self, message: Message, said: Said) -> Message:
        return Message(message.text, self._params(said))

    def _params(self, said: Said) -> Mapping[str, object]:
        day = _day(said.at)
        if day not in self._days:
            self._days[day] = f"{day:%d/%m/%Y}"
        return {"entry": said.id, "day": self._days[day]}


def _after(one: Said, other: Said) -> bool:
    """Whether one thing was said after another; of two at the same moment, that which says no."""
    return (one.at, one.state in AGAINST, one.id) > (other.at, other.state in AGAINST, other.id)


def _day(moment: datetime) -> date:
    return moment.astimezone(ROME).date()


def term_of(said: datetime, last_contact: date | None, months: int) -> date:
    """The day on which a term ends: so many months after what was said, or after the last contact when that was later."""
    since = _day(said)
    return ends_on(since if last_contact is None else max(since, last_contact), months)


def ends_on(since: date, months: int) -> date:
    """The day so many months after another one; the last of the month where it has fewer days."""
    number = since.month - 1 + months
    first = date(since.year + number // 12, number % 12 + 1, 1)
    following = (first + timedelta(days=32)).replace(day=1)
    return min(first + timedelta(days=since.day - 1), following - timedelta(days=1))
