"""The address of a list, both ways: `province.eq=VR&group=industry&sort=-name` and the condition, groups and order it stands for."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from rapporto.kernel.actor import Actor
from rapporto.kernel.kinds import Links
from rapporto.kernel.kinds.dates import read_day
from rapporto.kernel.record import Field, RecordType, UnknownField
from rapporto.kernel.text import BadValue
from rapporto.kernel.where import EVERYTHING, All, DaysFromToday, Where
from rapporto.store.filters import LONGEST, Filter, parameters_of, read_filter
from rapporto.store.reaching import reach
from rapporto.store.userfields import record_type
from rapporto.web.grid import levels
from rapporto.web.grid.levels import Level, read_level

MOST = 40
"""Filters in one address."""
WIDEST = 400
"""Columns in one address."""

Parameters = Mapping[str, Sequence[str]]
"""What came in an address: every value of every name."""
Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Kept:
    """The saved view an address starts from: its number (0: the list as it is), and what it says when nothing is changed."""

    id: int
    name: str = ""
    says: Pairs = ()
    widths: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class ListAddress:
    """What a list shows. `record` is the type as the one who asks may know it; blank `sort` means the usual order."""

    record: RecordType
    filters: tuple[Filter, ...] = ()
    columns: tuple[str, ...] = ()
    sort: str = ""
    after: str = ""
    words: str = ""
    day: date | None = None
    groups: tuple[Level, ...] = ()
    within: tuple[str, ...] = ()
    """The tokens of one open group, from the first level on."""
    view: Kept | None = None
    left_out: tuple[str, ...] = ()
    """What was asked for and is no field of this person: it was left out."""
    view_is_gone: bool = False
    """The view it names is not there, or not for this person."""
    reached: Mapping[str, Field] = field(default_factory=dict, compare=False)
    """The fields of columns and order that are not the record's own."""

    @property
    def where(self) -> Where:
        """The condition of all filters that could be read."""
        parts = tuple(one.test for one in self.filters if one.error is None)
        return parts[0] if len(parts) == 1 else All(parts) if parts else EVERYTHING

    @property
    def errors(self) -> tuple[Filter, ...]:
        """The filters that could not be read."""
        return tuple(one for one in self.filters if one.error is not None)

    @property
    def grouped(self) -> bool:
        """Whether rows are shown in groups: words are answered with the best rows, whatever their group."""
        return bool(self.groups) and not self.words

    def field(self, path: str) -> Field:
        """The field of a column or of the order."""
        return self.reached[path] if path in self.reached else self.record.field(path)

    def says(self) -> Iterator[tuple[str, str]]:
        """Name and value of everything a saved view keeps, in a fixed order."""
        for one in self.filters:
            yield from ((one.key, typed) for typed in (one.typed or ("1",)))
        grouped = ",".join(one.text for one in self.groups)
        named = {"q": self.words, "group": grouped, "sort": self.sort, "columns": ",".join(self.columns)}
        yield from ((name, value) for name, value in named.items() if value)

    @property
    def changed(self) -> bool:
        """Whether it is no longer what its saved view says."""
        return bool(self.view and self.view.id and tuple(self.says()) != self.view.says)

    def parameters(self) -> Iterator[tuple[str, str]]:
        """Name and value of everything that is not as usual, in a fixed order; what a view says is said, whoever changes it."""
        yield from self._with_view(tuple(self.says()))
        yield from self._place()

    def _with_view(self, said: Pairs) -> Iterator[tuple[str, str]]:
        yield from said
        if self.view is not None:
            if self.view.id and not said:
                # nothing said would be the view as it was kept
                yield "sort", self.record.order
            yield "view", str(self.view.id)

    def _place(self) -> Iterator[tuple[str, str]]:
        if self.day:
            yield "as_of", self.day.isoformat()
        yield from (("in", token) for token in self.within)
        if self.after:
            yield "after", self.after

    def text(self, **changes: Any) -> str:
        """The address with some changes, below the place of its record type: a change of what is listed starts at the beginning."""
        if changes and "after" not in changes:
            changes["after"] = ""
        if changes and "within" not in changes and "after" not in changes:
            changes["within"] = ()
        new = replace(self, **changes)
        said = tuple(new.says())
        as_kept = new.view is not None and new.view.id and said == new.view.says
        shown = (("view", str(new.view.id)),) if as_kept and new.view else tuple(new._with_view(said))
        query = urlencode([*shown, *new._place()])
        return f"/{self.record.name}/" + (f"?{query}" if query else "")

    @property
    def query(self) -> str:
        """All of its parameters, whatever a view says."""
        return urlencode(list(self.parameters()))

    @property
    def view_url(self) -> str:
        """The address of its saved view as it was kept."""
        kept = self.view.id if self.view else 0
        return f"/{self.record.name}/?{urlencode({'view': kept})}"

    def without(self, unwanted: Filter) -> str:
        """The address without one of its filters."""
        return self.text(filters=tuple(one for one in self.filters if one is not unwanted))


def read_address(actor: Actor, name: str, parameters: Parameters, *, leniently: bool = False) -> ListAddress:
    """The list that an address asks for, without looking at saved views: `read_list` does.

    Raises UnknownField for a column, sort, group or filter the actor has no such field for, and BadValue for an operator its kind
    does not offer; `leniently` leaves them out instead and says so. A value that cannot be read is kept with the reason.
    """
    record = record_type(name).seen_by(actor)
    reading = _Reading(actor, record, leniently)
    columns = tuple(
        dict.fromkeys(one for part in parameters.get("columns", ()) for one in part[:20_000].split(",") if one)
    )
    grouped = _last(parameters, "group").split(",")
    return ListAddress(
        record=record,
        filters=tuple(reading.filters(parameters)),
        columns=tuple(one for one in columns[:WIDEST] if reading.column(one)),
        sort=reading.sort(_last(parameters, "sort")),
        after=_last(parameters, "after"),
        words=_last(parameters, "q").strip()[:200],
        day=read_day(_last(parameters, "as_of")),
        groups=tuple(reading.levels(grouped)),
        within=tuple(one.replace("\0", "")[:LONGEST] for one in parameters.get("in", ())[: levels.MOST]),
        left_out=tuple(dict.fromkeys(reading.left_out)),
        reached=reading.reached,
    )


def _last(parameters: Parameters, name: str) -> str:
    values = parameters.get(name) or ("",)
    return values[-1].replace("\0", "")[:LONGEST]


@dataclass
class _Reading:
    """Reads the pieces of one address; leniently, what is not known is noted and left out."""

    actor: Actor
    record: RecordType
    leniently: bool
    left_out: list[str] = field(default_factory=list)
    reached: dict[str, Field] = field(default_factory=dict)

    def _leave_out(self, name: str, problem: UnknownField | BadValue) -> None:
        if not self.leniently:
            raise problem
        self.left_out.append(name[:60])

    def column(self, path: str) -> bool:
        """Whether there is such a column."""
        try:
            self.reach(path)
        except UnknownField as unknown:
            self._leave_out(path, unknown)
            return False
        return True

    def reach(self, path: str) -> Field:
        """The field of a path; UnknownField."""
        if path in self.record.fields:
            return self.record.fields[path]
        found = self.reached[path] = reach(self.actor, self.record, path)
        return found

    def sort(self, text: str) -> str:
        """The order asked for, blank when it is not known."""
        try:
            if text and isinstance(self.reach(text.lstrip("-")).kind, Links):
                raise BadValue("This column holds several values and cannot be sorted.")
        except (UnknownField, BadValue) as problem:
            self._leave_out(text.lstrip("-"), problem)
            return ""
        return "" if text == self.record.order else text

    def levels(self, texts: Sequence[str]) -> Iterator[Level]:
        """The groups asked for, each field and step once."""
        seen = set()
        for text in [one for one in texts if one][: levels.MOST]:
            try:
                level = read_level(self.actor, self.record, text)
            except (UnknownField, BadValue) as problem:
                self._leave_out(text.lstrip("-").partition(":")[0], problem)
                continue
            if level.grouping not in seen:
                seen.add(level.grouping)
                yield level

    def filters(self, parameters: Parameters) -> Iterator[Filter]:
        """The comparisons asked for."""
        asked = [
            (key, values) for key, values in parameters.items() if "." in key and any(one.strip() for one in values)
        ]
        if len(asked) > MOST:
            raise BadValue("This address has too many filters; open the list again.")
        for key, values in asked:
            path, _, op = key.rpartition(".")
            try:
                yield read_filter(self.actor, self.record, path, op, values)
            except (UnknownField, BadValue) as problem:
                self._leave_out(path, problem)


__all__ = ["DaysFromToday", "Filter", "Kept", "Level", "ListAddress", "parameters_of", "read_address", "read_filter"]
