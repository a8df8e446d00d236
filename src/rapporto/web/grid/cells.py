"""Turns the values of one column into table cells: a function made once per column and language, called for every row."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache
from html import escape
from typing import Any

from django.utils.translation import gettext

from rapporto.kernel.kinds import Choice, Kind, Link, Links, LongText, Money, Phone, Text, Tick
from rapporto.kernel.record import Field, RecordType
from rapporto.web.icons import icon_html, initials

Names = Mapping[int, str]
"""What linked records are called, by id."""
Cell = Callable[[int, Any, Names], str]
"""(id of the row, value, names of the linked records) → a whole <td> or <th>."""

LONGEST = 160
"""Characters of a long text that a cell shows; the card shows them all."""
PHASES = {
    "lead": " lead",
    "hot_lead": " hot",
    "opportunity": " hot",
    "customer": " customer",
    "at_risk": " churn",
    "lost": " lost",
}
"""Which drawing a phase of life has; the others have the empty ring."""
_DIRECTED = re.compile(
    "[\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff]"
)


def safe(text: str) -> str:
    """A text as harmless HTML; one that runs the other way, or bears marks that turn its neighbours, stays within itself."""
    shown = escape(text)
    return f"<bdi>{shown}</bdi>" if not text.isascii() and _DIRECTED.search(text) else shown


def cut(text: str) -> str:
    """A long text on one line of a cell, its full form at hand."""
    line = " ".join(text[: LONGEST * 4].split())
    if len(line) <= LONGEST and len(text) <= LONGEST * 4:
        return safe(line)
    return f'<span title="{escape(text[:1000])}">{safe(line[:LONGEST])}…</span>'


@lru_cache(maxsize=50_000)
def shown_phone(kind: Kind, value: str, language: str) -> str:
    """A telephone number for the eyes; taking it apart costs more than the rest of its row."""
    return kind.show(value, language)


def cell_of(record: RecordType, field: Field, language: str, today: date, *, first: bool, near: bool) -> Cell:
    """The function that writes the cells of a column. `first` bears the link to the record; `near` stays on a narrow screen."""
    far = "" if near else "far"
    if first:
        return _named(record, field, language)
    inner = _inner(field, language, today)
    opening = _opening("num" if field.kind.numeric else "", far)
    void = _opening("num" if field.kind.numeric else "", "void", far) + "—</td>"

    def cell(_: int, value: Any, names: Names) -> str:
        if value is None or value == "":
            return void
        shown = inner(value, names)
        return f"{opening}{shown}</td>" if shown else void

    return cell


def _opening(*classes: str) -> str:
    words = " ".join(one for one in classes if one)
    return f'<td class="{words}">' if words else "<td>"


def _named(record: RecordType, field: Field, language: str) -> Cell:
    """The cell that names the record and opens it beside the list."""
    text = plain_of(field, language)
    opening, closing = f'<th scope="row" class="name"><a href="/{record.name}/', '/" data-panel>'
    nameless = escape(gettext("Without a name"))

    def cell(row_id: int, value: Any, names: Names) -> str:
        shown = "" if value is None else text(value, names)
        return f"{opening}{row_id}{closing}{cut(shown) if shown else nameless}</a></th>"

    return cell


def plain_of(field: Field, language: str) -> Callable[[Any, Names], str]:
    """The function that says a value in plain text."""
    kind = field.kind
    if isinstance(kind, Links):
        return lambda value, names: ", ".join(names[one] for one in value if one in names)
    if isinstance(kind, Link):
        return lambda value, names: names.get(value, "")
    if isinstance(kind, Choice):
        labels = {code: str(label) for code, label in kind.choices}
        return lambda value, names: labels.get(value, value)
    return lambda value, names: kind.show(value, language)


def _inner(field: Field, language: str, today: date) -> Callable[[Any, Names], str]:
    kind = field.kind
    plain = plain_of(field, language)
    if isinstance(kind, Choice) and field.name == "phase":
        return _phase(plain)
    if isinstance(kind, Link):
        return _person(field) if kind.to == "user" else _linked(kind.to)
    if isinstance(kind, Phone):
        return lambda value, names: (
            f'<a href="{escape(kind.address(value))}">{safe(shown_phone(kind, value, language))}</a>'
        )
    if hasattr(kind, "address"):
        return _address(kind, plain)
    if field.name == "next_activity":
        return _due(plain, today)
    if isinstance(kind, Money):
        return lambda value, names: kind.edit(value, language)
    if isinstance(kind, Tick):
        yes = gettext("Yes")
        return lambda value, names: yes if value else ""
    if isinstance(kind, (Text, LongText, Links)):
        return lambda value, names: cut(plain(value, names))
    return lambda value, names: safe(plain(value, names))


def _phase(plain: Callable[[Any, Names], str]) -> Callable[[Any, Names], str]:
    drawn: dict[str, str] = {}

    def inner(value: Any, names: Names) -> str:
        if value not in drawn:
            drawn[value] = f'<span class="phase{PHASES.get(value, "")}">{safe(plain(value, names))}</span>'
        return drawn[value]

    return inner


def _person(field: Field) -> Callable[[Any, Names], str]:
    def inner(value: Any, names: Names) -> str:
        name = names.get(value)
        if name is None:
            return ""
        return f'<span class="who" aria-hidden="true">{escape(initials(name))}</span> {safe(name)}'

    return inner


def _linked(target: str) -> Callable[[Any, Names], str]:
    def inner(value: Any, names: Names) -> str:
        name = names.get(value)
        return f'<a href="/{target}/{value}/">{cut(name)}</a>' if name else ""

    return inner


def _address(kind: Any, plain: Callable[[Any, Names], str]) -> Callable[[Any, Names], str]:
    """Mail and web addresses; what is no such address is shown, but leads nowhere."""

    def inner(value: Any, names: Names) -> str:
        href, shown = kind.address(value), cut(plain(value, names))
        if href.startswith(("http://", "https://")):
            return f'<a href="{escape(href)}" rel="noopener noreferrer" target="_blank">{shown}</a>'
        return f'<a href="{escape(href)}">{shown}</a>' if href.startswith("mailto:") else shown

    return inner


def _due(plain: Callable[[Any, Names], str], today: date) -> Callable[[Any, Names], str]:
    """The day of the next step: late and today with a sign and a word, as colour is never alone."""
    late, due = icon_html("warn", gettext("Late")), icon_html("clock", gettext("Today"))

    def inner(value: Any, names: Names) -> str:
        if value < today:
            return f'<span class="late">{late} {plain(value, names)}</span>'
        if value == today:
            return f'<span class="today">{due} {plain(value, names)}</span>'
        return plain(value, names)

    return inner
