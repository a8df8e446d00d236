"""One page of a grid: its rows read from the store, its heads, chips and words, ready for the templates."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from rapporto.kernel.actor import Actor
from rapporto.kernel.kinds import Links, Money
from rapporto.kernel.kinds.dates import day_start
from rapporto.kernel.record import Field
from rapporto.kernel.text import BadValue
from rapporto.store.history.as_of import as_of
from rapporto.store.pages import SIZE, Page, chosen, page
from rapporto.store.records import find
from rapporto.store.search import search
from rapporto.web.asked import language
from rapporto.web.grid.addresses import Filter, ListAddress
from rapporto.web.grid.rows import name_position, near_columns, renderer
from rapporto.web.grid.words import names_in_filters, operator_word, value_words
from rapporto.web.mistakes import in_words

COUNTED = 10_000
"""Up to how many records are counted one by one; beyond that the grid says «more than»."""


@dataclass(frozen=True)
class Listing:
    """The rows of one page. `more` is the address of the next ones; `best_only` says that a search found more than it shows."""

    page: Page
    rows: SafeString
    more: str
    best_only: bool = False

    @property
    def number(self) -> int:
        """How many rows this page has."""
        return len(self.page.rows)


def moment_of(day: date | None) -> AbstractContextManager[None]:
    """Inside, everything is read as it was at the end of that day; None and days to come are now."""
    if day is None or day >= timezone.localdate():
        return nullcontext()
    return as_of(day_start(day, settings.TIME_ZONE, after=1) - timedelta(microseconds=1))


def past(address: ListAddress) -> bool:
    """Whether the list is one of the past."""
    return address.day is not None and address.day < timezone.localdate()


def shown_columns(address: ListAddress, kept: Sequence[str] = ()) -> tuple[str, ...]:
    """The columns of its address, else those kept by this browser, else the usual ones; the past knows no derived ones."""
    fields = address.record.fields
    asked = address.columns or tuple(name for name in kept if name in fields) or address.record.grid
    return tuple(name for name in asked if not (past(address) and fields[name].derived)) or (address.record.title,)


def listing(actor: Actor, address: ListAddress, columns: Sequence[str], *, pick: bool) -> Listing:
    """The rows that an address asks for. Raises BadValue for what the past cannot answer."""
    _answerable(address)
    with moment_of(address.day):
        found, best_only = _found(actor, address, columns)
    today = timezone.localdate()
    rows = renderer(found.record, found.columns, language(), today, pick=pick).html(found.rows, found.titles)
    more = address.text(after=found.after) if found.after else ""
    return Listing(found, rows, more, best_only)


def _found(actor: Actor, address: ListAddress, columns: Sequence[str]) -> tuple[Page, bool]:
    name = address.record.name
    if address.words:
        found = search(actor, name, address.words, address.where, SIZE)
        return chosen(actor, name, found.ids, columns=columns), not found.all
    return page(actor, name, address.where, sort=address.sort, after=address.after or None, columns=columns), False


def _answerable(address: ListAddress) -> None:
    if not past(address):
        return
    fields = address.record.fields
    names = {one.path for one in address.filters} | {address.sort.lstrip("-")}
    if any(fields[name].derived for name in names if name in fields):
        raise BadValue("This column is not known for the past; take it out of filters and order.")
    if address.words:
        raise BadValue("The past cannot be searched by words; filter a column instead.")


def count_words(actor: Actor, address: ListAddress) -> str:
    """How many records there are, in words; counted up to a limit."""
    _answerable(address)
    with moment_of(address.day):
        number = find(actor, address.record.name, address.where).order_by().values("pk")[: COUNTED + 1].count()
    return number_words(address, number)


def number_words(address: ListAddress, number: int) -> str:
    """A number of records with what they are called."""
    separator = "." if language() == "it" else ","
    if number > COUNTED:
        return _("{plural}: more than {number}").format(
            plural=address.record.plural, number=_grouped(COUNTED, separator)
        )
    return _("{plural}: {number}").format(plural=address.record.plural, number=_grouped(number, separator))


def _grouped(number: int, separator: str) -> str:
    return f"{number:,}".replace(",", separator)


@dataclass(frozen=True)
class Head:
    """The head of a column: its word, where a press leads, how it is sorted now, and its filter."""

    name: str
    label: str
    classes: str
    sort_url: str
    sorted: str
    control: SafeString


def heads(address: ListAddress, columns: Sequence[Field], filters: Sequence[SafeString]) -> Iterator[Head]:
    """The heads of the columns; the sign stands only on the sorted one."""
    sort = "" if address.words else address.sort or address.record.order
    near = near_columns(address.record, columns)
    first = name_position(address.record, columns)
    for at, (field, control) in enumerate(zip(columns, filters, strict=True)):
        classes = ("num", field.kind.numeric), ("far", field.name not in near), ("name", at == first)
        down = sort == field.name
        yield Head(
            name=field.name,
            label=f"{field.label} €" if isinstance(field.kind, Money) else str(field.label),
            classes=" ".join(word for word, wanted in classes if wanted),
            sort_url=""
            if isinstance(field.kind, Links)
            else address.text(sort=f"-{field.name}" if down else field.name, words=""),
            sorted="ascending" if down else "descending" if sort == f"-{field.name}" else "",
            control=control,
        )


@dataclass(frozen=True)
class Chip:
    """A filter in words, with the addresses that edit it and take it away."""

    label: str
    operator: str
    value: str
    edit_url: str
    remove_url: str
    key: str
    error: str = ""


def chips(actor: Actor, address: ListAddress) -> list[Chip]:
    """The filters of a list as chips."""
    names = names_in_filters(actor, address.filters)
    return [_chip(address, one, value_words(one, names, language())) for one in address.filters]


def _chip(address: ListAddress, one: Filter, value: str) -> Chip:
    without = address.without(one)
    return Chip(
        label=" → ".join(str(label) for label in one.labels),
        operator=operator_word(one.field.kind, one.op),
        value=value,
        edit_url="" if "." in one.path else _editing(without, one),
        remove_url=without,
        key=one.key,
        error=in_words(one.error) if one.error is not None else "",
    )


def _editing(without: str, one: Filter) -> str:
    """The address that opens the editor of filters with this filter in it."""
    editing = urlencode({"filter": one.path, "op": one.op, "value": ",".join(one.typed)})
    return f"{without}{'&' if '?' in without else '?'}{editing}"
