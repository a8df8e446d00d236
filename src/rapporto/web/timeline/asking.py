"""Which part of a story is asked for: what, with whom, by whom of us, when, with which words; as it stands in an address."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from urllib.parse import urlencode

from django.db.models import Q
from django.http import HttpRequest

from rapporto.domain.processes.models import ACTIVITY_KINDS
from rapporto.kernel.kinds.dates import day_start, read_day
from rapporto.kernel.text import BadValue, fold
from rapporto.kernel.where import field
from rapporto.store.asking import Asked
from rapporto.store.declare import DECLARED
from rapporto.web.past import PARAMETER
from rapporto.web.timeline.noted import Span

ALL, ACTIVITIES, CHANGES = "all", "activities", "changes"
SHOWN = (ALL, ACTIVITIES, CHANGES)


@dataclass(frozen=True)
class Place:
    """Where the next page of the story begins: after which dealing, after which change. None: that part has not begun."""

    dealing: tuple[datetime, int] | None = None
    change: int | None = None

    def text(self) -> str:
        """The place as it travels in an address."""
        at, row_id = self.dealing or (None, 0)
        moment = int(at.timestamp() * 1_000_000) if at else ""
        return f"{moment}.{row_id}.{'' if self.change is None else self.change}"

    @classmethod
    def read(cls, text: str) -> "Place":
        """The place of an address. BadValue when it is none."""
        try:
            moment, row_id, change = text.split(".")
            at = datetime.fromtimestamp(int(moment) / 1_000_000, UTC) if moment else None
            return cls((at, int(row_id)) if at else None, int(change) if change else None)
        except (ValueError, OverflowError, OSError):
            raise BadValue("This address is incomplete; open the card again.") from None


@dataclass(frozen=True)
class Filter:
    """What narrows a story: a kind of dealing, the exact person there, who of us, from one day to another, words."""

    kind: str = ""
    person: int | None = None
    user: int | None = None
    first: date | None = None
    last: date | None = None
    words: str = ""

    def __bool__(self) -> bool:
        return self != Filter()

    @property
    def of_dealings(self) -> bool:
        """Whether only dealings can satisfy it: changes have neither kind nor person nor words."""
        return bool(self.kind or self.person or self.words)

    def parameters(self) -> dict[str, str]:
        """As it stands in an address."""
        found = {
            "what": self.kind,
            "person": str(self.person or ""),
            "user": str(self.user or ""),
            "from": self.first.isoformat() if self.first else "",
            "to": self.last.isoformat() if self.last else "",
            "words": self.words,
        }
        return {name: text for name, text in found.items() if text}

    def condition(self, asked: Asked) -> Q | None:
        """On dealings; None when nothing is narrowed."""
        return Q(*self._conditions(asked)) if self else None

    def _conditions(self, asked: Asked) -> Iterator[Q]:
        if self.kind:
            yield Q(kind=self.kind)
        if self.person:
            yield Q(person_id=self.person) | Q(party_id=self.person)
        if self.user:
            yield Q(taken_by_id=self.user) | Q(assignee_id=self.user)
        if self.first:
            yield Q(day__gte=self.first)
        if self.last:
            yield Q(day__lte=self.last)
        for word in fold(self.words).split()[:8]:
            said = field("subject").contains(word) | field("asked").contains(word) | field("outcome").contains(word)
            yield asked.condition(DECLARED["activity"], said)

    def span(self, until: datetime | None) -> Span:
        """The time within which changes are told, up to a moment of the past that is looked at."""
        end = day_start(self.last, after=1) if self.last else None
        ends = [one for one in (end, until) if one is not None]
        return Span(day_start(self.first) if self.first else None, min(ends) if ends else None)


@dataclass(frozen=True)
class Asking:
    """Which part of the story is asked for, and as of when. `query` is what every address of the card keeps."""

    show: str = ALL
    place: Place | None = None
    until: datetime | None = None
    query: Mapping[str, str] | None = None
    only: Filter = Filter()

    def address(self, **more: str) -> str:
        """What asks for the same, with something else besides; what is '' is left out."""
        every = {"show": self.show, **self.only.parameters(), **(self.query or {}), **more}
        return urlencode({name: text for name, text in every.items() if text})


def asking(request: HttpRequest, until: datetime | None = None) -> Asking:
    """What a request asks of the story. BadValue for a day or a place that is none."""
    sent = request.GET
    show, before = sent.get("show", ALL), sent.get("before", "")
    kept = {name: sent[name] for name in (PARAMETER,) if name in sent}
    place = Place.read(before) if before else None
    kind = sent.get("what", "")
    only = Filter(
        kind if kind in dict(ACTIVITY_KINDS) else "",
        _number(sent.get("person", "")),
        _number(sent.get("user", "")),
        read_day(sent.get("from", "")),
        read_day(sent.get("to", "")),
        sent.get("words", "").strip()[:200],
    )
    return Asking(show if show in SHOWN else ALL, place, until, kept, only)


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 19 else None
