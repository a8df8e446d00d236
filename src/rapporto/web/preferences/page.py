"""What the preference page shows and reads: purposes and channels, how often, when, and what is kept of the person."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from rapporto.domain.consent.choices import CHANNELS, FREQUENCIES, GIVEN, PENDING, STATES, WAYS
from rapporto.domain.consent.links import Link
from rapporto.domain.consent.models import ConsentEntry, ContactPreference, Purpose
from rapporto.domain.consent.own_wishes import Wishes, confirmable, holds, themselves, valid_notice
from rapporto.domain.consent.standing import Standing, standing
from rapporto.domain.consent.written import FIRST_HOUR, LAST_HOUR
from rapporto.domain.parties.models import Party
from rapporto.kernel.text import clean
from rapporto.store.history.models import Entry
from rapporto.store.records import find, get
from rapporto.web.fields import FormField
from rapporto.web.parts import label_of

ALL = "all"
"""The value of a tick that is about every channel."""
HOURS = [("", "–"), *((str(hour), f"{hour}:00") for hour in range(FIRST_HOUR, LAST_HOUR + 1))]


@dataclass(frozen=True)
class OwnDatum:
    """Something that is kept of the person, shown in part: a link may be passed on."""

    label: str
    value: str


@dataclass(frozen=True)
class OwnEntry:
    """An entry of the ledger, as the person reads it: what was said of what, when and how."""

    what: str
    proof: str


class Page:
    """The page of one link."""

    def __init__(self, link: Link) -> None:
        self.link, self.actor = link, themselves()
        self.party: Party = get(self.actor, "party", link.party)
        self.purposes: list[Purpose] = list(find(self.actor, "purpose").order_by("-commercial", "id"))
        self.now: Standing = standing(self.actor, link.party)
        self.kept: ContactPreference | None = find(self.actor, "contact_preference").filter(party_id=link.party).first()

    def context(self) -> dict[str, Any]:
        """What the template needs."""
        notice = valid_notice(self.actor)
        return {
            "person": self.party.name,
            "purposes": [self._purpose(one) for one in self.purposes],
            "wishes": list(self._wishes()),
            "waiting": [self._about(one) for one in confirmable(self.now, self.link)],
            "this_kind": self._this_kind(),
            "entries": [self._entry(one) for one in reversed(self.now.entries)],
            "origin": self._origin(),
            "own_data": list(self._own_data()),
            "notice": notice,
        }

    def _about(self, entry: ConsentEntry) -> str:
        """What an entry is about: «Marketing · E-mail»."""
        purpose = entry.purpose.name if entry.purpose is not None else _("Every purpose")
        return " · ".join(text for text in (purpose, label_of(CHANNELS, entry.channel)) if text)

    def _entry(self, entry: ConsentEntry) -> OwnEntry:
        notice = _("notice «{name}»").format(name=entry.notice.name) if entry.notice is not None else ""
        proof = (_day(entry.at), entry.document or label_of(WAYS, entry.how), notice)
        said = label_of(STATES, entry.state)
        return OwnEntry(f"{self._about(entry)}: {said}", " · ".join(text for text in proof if text))

    def _this_kind(self) -> str:
        """What the message was for that the link stood in, as long as messages like it may still come."""
        purpose = next((one for one in self.purposes if one.code == self.link.purpose), None)
        if purpose is None or not holds(self.now, purpose.pk, self.link.channel):
            return ""
        return " · ".join(text for text in (purpose.name, label_of(CHANNELS, self.link.channel)) if text)

    def _channels(self, purpose: Purpose) -> list[tuple[str, Any]]:
        return list(CHANNELS) if purpose.commercial else [(ALL, _("Yes, I agree"))]

    def _purpose(self, purpose: Purpose) -> FormField:
        """A purpose with a tick for each channel."""
        given = [code for code, _label in self._channels(purpose) if holds(self.now, purpose.pk, _channel(code))]
        return FormField(
            id=f"purpose-{purpose.pk}", name=f"purpose-{purpose.pk}", label=purpose.name, widget="checkboxes",
            value=given, choices=self._channels(purpose), hint=purpose.words,
        )  # fmt: skip

    def _wishes(self) -> Iterator[FormField]:
        """How often, when, by which way, about what."""
        kept = self.kept
        any_of: tuple[tuple[str, Any], ...] = (("", _("No preference")),)
        topics = [(str(pk), name) for pk, name in find(self.actor, "contact_topic").values_list("pk", "name")]
        chosen = list(kept.topics.values_list("pk", flat=True)) if kept else []
        frequency, channel = (kept.frequency, kept.channel) if kept else ("", "")
        yield FormField("frequency", "frequency", _("How often"), "select", frequency, (*any_of, *FREQUENCIES))
        yield FormField("channel", "channel", _("Best way"), "select", channel, (*any_of, *CHANNELS))
        for name, label in (("first_hour", _("Call me from")), ("last_hour", _("Call me until"))):
            hour = getattr(kept, name) if kept else None
            yield FormField(name, name, label, "select", "" if hour is None else hour, HOURS)
        if topics:
            yield FormField("topics", "topics", _("What I want to hear about"), "checkboxes", chosen, topics)

    def _origin(self) -> str:
        """Where the address came from: the first thing that was said, or the day it came into the register."""
        first = next((one for one in self.now.entries if one.state in (GIVEN, PENDING)), None)
        if first is not None:
            where = first.document or label_of(WAYS, first.how)
            return _("You left it on {day}: {where}.").format(day=_day(first.at), where=where)
        made = Entry.objects.filter(record="party", row_id=self.link.party).order_by("id").first()
        if made is None:
            return _("We do not know any more where it came from.")
        return _("It came into our register on {day}.").format(day=_day(datetime.fromtimestamp(made.at / 1e6, UTC)))

    def _own_data(self) -> Iterator[OwnDatum]:
        party = self.party
        told = (
            (_("Name"), party.name), (_("E-mail"), _mail(party.email)), (_("Phone"), _number(party.phone)),
            (_("Mobile"), _number(party.mobile)), (_("City"), party.city),
        )  # fmt: skip
        yield from (OwnDatum(label, value) for label, value in told if value)

    def read_wishes(self, typed: QueryDict) -> Wishes:
        """What is ticked on the page that was sent."""
        return {
            (one.pk, _channel(code)): code in typed.getlist(f"purpose-{one.pk}")
            for one in self.purposes
            for code, _label in self._channels(one)
        }

    def read_preferences(self, typed: QueryDict) -> dict[str, Any]:
        """How often, when, by which way, about what; what differs from what is kept. Raises BadValue by way of the store."""
        topics = {str(pk): pk for pk in find(self.actor, "contact_topic").values_list("pk", flat=True)}
        wanted: dict[str, Any] = {name: clean(typed.get(name, ""))[:20] for name in _SAID}
        chosen = tuple(sorted(topics[one] for one in typed.getlist("topics") if one in topics))
        kept = self.kept
        was = tuple(sorted(kept.topics.values_list("pk", flat=True))) if kept else ()
        before = {name: str(_text(getattr(kept, name))) if kept else "" for name in _SAID}
        changed = {name: value for name, value in wanted.items() if value != before[name]}
        return changed | ({"topics": chosen} if chosen != was else {})


_SAID = ("frequency", "channel", "first_hour", "last_hour")


def _text(value: Any) -> Any:
    return "" if value is None else value


def _channel(code: str) -> str:
    return "" if code == ALL else code


def _day(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%d/%m/%Y}"


def _mail(address: str) -> str:
    """An address of which the holder knows the rest: «in…@casale.example»."""
    name, at, host = address.partition("@")
    return f"{name[:2]}…{at}{host}" if at else ""


def _number(number: str) -> str:
    return f"… {number[-3:]}" if number else ""
