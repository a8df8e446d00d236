"""The row under the heads of a grid, where each column is filtered; what is typed there is named by the address itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from rapporto.kernel.actor import Actor
from rapporto.kernel.kinds import Choice, Day, Integer, Kind, Link, Links, Moment, Money, Province, Tick
from rapporto.kernel.record import Field
from rapporto.store.asking import Asked
from rapporto.store.declare import DECLARED
from rapporto.store.typed import VALUELESS
from rapporto.web.forms.linked import short_list
from rapporto.web.grid.addresses import Filter, ListAddress
from rapporto.web.grid.words import operator_word
from rapporto.web.mistakes import in_words

Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Control:
    """The control of one column: its HTML, and the filter it stands for, if any."""

    html: SafeString
    shows: Filter | None = None


def controls(actor: Actor, address: ListAddress, columns: Sequence[Field]) -> list[Control]:
    """One control for each column, and none (blank) for a column that cannot be filtered here."""
    asked = Asked.by(actor)
    return [_control(actor, asked, address, field) for field in columns]


def _control(actor: Actor, asked: Asked, address: ListAddress, field: Field) -> Control:
    if isinstance(field.kind, (Choice, Tick)):
        return _select(address, field, "is_in" if isinstance(field.kind, Choice) else "eq", _choices(field.kind))
    if isinstance(field.kind, (Link, Links)):
        offered = short_list(actor, field.kind.to, asked)
        if offered is None:
            return _title_of_link(address, field)
        mine = [("me", _("me"))] if field.kind.to == "user" and isinstance(field.kind, Link) else []
        pairs = [*mine, *((str(one), name) for one, name in offered)]
        return _select(address, field, "is_in" if isinstance(field.kind, Links) else "eq", pairs)
    return _text(address, field, field.name, field.kind, usual_operator(field.kind))


def _choices(kind: Kind) -> Pairs:
    if isinstance(kind, Tick):
        return [("1", _("Yes")), ("0", _("No"))]
    return [(code, str(label)) for code, label in getattr(kind, "choices", ())]


def usual_operator(kind: Kind) -> str:
    """The operator that the filter row offers."""
    if isinstance(kind, (Day, Moment, Integer, Money)):
        return "ge"
    return "eq" if isinstance(kind, Province) or "contains" not in kind.ops else "contains"


def _title_of_link(address: ListAddress, field: Field) -> Control:
    """Of links to many records a part of the name is asked for."""
    target = DECLARED[field.link or ""].record
    title = target.fields[target.title]
    if isinstance(field.kind, Links) or "contains" not in title.kind.ops:
        return Control(mark_safe(""))
    return _text(address, field, f"{field.name}.{target.title}", title.kind, "contains")


def _select(address: ListAddress, field: Field, op: str, pairs: Pairs) -> Control:
    known = {value for value, _label in pairs}
    there = [one for one in address.filters if one.path == field.name and one.op in (op, "is_in", "eq")]
    shows = next((one for one in there if {part for typed in one.typed for part in typed.split(",")} <= known), None)
    chosen = ",".join(shows.typed) if shows else ""
    if "," in chosen:
        pairs = [*pairs, (chosen, _("{number} chosen").format(number=chosen.count(",") + 1))]
    options = "".join(
        f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>{escape(label)}</option>'
        for value, label in (("", "—"), *pairs)
    )
    attributes = _attributes(field, f"{field.name}.{shows.op if shows else op}", None)
    return Control(mark_safe(f"<select {attributes}>{options}</select>"), shows)


def _text(address: ListAddress, field: Field, path: str, kind: Kind, usual: str) -> Control:
    there = [one for one in address.filters if one.path == path and one.op not in VALUELESS and len(one.typed) == 1]
    shows = next((one for one in there if one.op == usual), there[0] if there else None)
    op = shows.op if shows else usual
    value = shows.typed[0] if shows else ""
    attributes = _attributes(field, f"{path}.{op}", shows)
    placeholder = escape(operator_word(kind, op))
    return Control(
        mark_safe(
            f'<input type="text" {attributes} value="{escape(value)}" placeholder="{placeholder}" autocomplete="off">'
        ),
        shows,
    )


def _attributes(field: Field, name: str, shows: Filter | None) -> str:
    label = escape(_("Filter: {column}").format(column=field.label))
    wrong = ""
    if shows is not None and shows.error is not None:
        said = escape(in_words(shows.error))
        wrong = f' aria-invalid="true" aria-describedby="e-{escape(shows.key)}" title="{said}"'
    return f'id="f-{escape(field.name)}" form="filters" name="{escape(name)}" aria-label="{label}"{wrong}'


def leftover(address: ListAddress, shown: Sequence[Control]) -> list[tuple[str, Any]]:
    """What the filter row does not show but must be sent along with it."""
    represented = {id(control.shows) for control in shown if control.shows is not None}
    rest = ListAddress(
        record=address.record,
        filters=tuple(one for one in address.filters if id(one) not in represented),
        columns=address.columns,
        sort=address.sort,
        day=address.day,
        groups=address.groups,
        view=address.view,
        reached=address.reached,
    )
    return list(rest.parameters())
