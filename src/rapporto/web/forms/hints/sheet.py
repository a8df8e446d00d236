"""A form as it stands while somebody types, and what is said beside its fields."""

import dataclasses
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language

from rapporto.kernel.actor import Actor
from rapporto.kernel.kinds import Link, Links
from rapporto.kernel.kinds.spoken import read_at
from rapporto.kernel.record import RecordType
from rapporto.kernel.text import BadValue
from rapporto.web.forms.reading import as_meant

SOFT, CHECK, GOOD = "", "today", "good"
"""How a hint speaks: it tells how something is read; it asks to look again; it says that all is well."""


@dataclass(frozen=True)
class Offer:
    """What one press puts in: texts by field."""

    label: str
    texts: Mapping[str, str]


@dataclass(frozen=True)
class Hint:
    """What is said beside a field.

    `fills` go into fields that are blank by themselves; `neat` is the same value as it is written, put in when the field is left;
    `pick` shows the offers as a list to choose from.
    """

    field: str
    text: str = ""
    tone: str = SOFT
    offers: tuple[Offer, ...] = ()
    fills: Mapping[str, str] = dataclasses.field(default_factory=dict)
    neat: str = ""
    pick: bool = False


@dataclass(frozen=True)
class Sheet:
    """A form on its way: what stands in its fields, and where the person is.

    `record` is the type as the actor sees it. `filled` are the fields that hold what was filled in for them: nobody typed that.
    `known` are values that are not in the form (the kind of a new party). `at` is the field at hand, '' when none is.
    """

    actor: Actor
    record: RecordType
    texts: Mapping[str, str]
    known: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    at: str = ""
    filled: Collection[str] = ()
    row_id: int | None = None
    apart: Collection[int] = ()
    now: datetime = dataclasses.field(default_factory=timezone.localtime)

    @cached_property
    def _read(self) -> tuple[dict[str, Any], dict[str, BadValue]]:
        values: dict[str, Any] = dict(self.known)
        wrong: dict[str, BadValue] = {}
        for name, text in self.texts.items():
            kind = self.record.fields[name].kind
            if isinstance(kind, Link | Links):
                continue
            try:
                values[name] = read_at(kind, as_meant(kind, text), self.now)
            except BadValue as told:
                wrong[name] = told
        return values, wrong

    @property
    def values(self) -> Mapping[str, Any]:
        """What is known: the typed values that can be read, and those beside the form."""
        return self._read[0]

    @property
    def wrong(self) -> Mapping[str, BadValue]:
        """What cannot be read, with the reason."""
        return self._read[1]

    @property
    def language(self) -> str:
        """The language of the page."""
        return get_language() or "it"

    def has(self, *names: str) -> bool:
        """Whether the form holds all these fields."""
        return all(name in self.texts for name in names)

    def typed(self, name: str) -> str:
        """What somebody typed into a field; '' where it was filled in for them."""
        return "" if name in self.filled else self.texts.get(name, "").strip()

    def free(self, *names: str) -> bool:
        """Whether these fields are in the form and nobody typed anything into them."""
        return self.has(*names) and not any(self.typed(name) for name in names)

    def written(self, name: str, value: Any) -> str:
        """A value as it stands in the control of a field."""
        return self.record.fields[name].kind.edit(value, self.language)


Hinter = Callable[[Sheet], Iterable[Hint]]
