"""The editor of filters: first the field, found by its name; then the comparison and its value, several where they are a list."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from rapporto.kernel.actor import Actor
from rapporto.kernel.kinds import Choice, Code, Country, Day, Kind, Link, Links, LongText, Moment, Province, Text, Tick
from rapporto.kernel.kinds.places import country_names
from rapporto.kernel.kinds.provinces import PROVINCES
from rapporto.kernel.record import Field
from rapporto.kernel.text import BadValue
from rapporto.kernel.where import EVERYTHING
from rapporto.store.declare import DECLARED
from rapporto.store.filters import field_of, read_filter
from rapporto.store.groups import Grouping, group_page
from rapporto.store.typed import VALUELESS
from rapporto.web.asked import language
from rapporto.web.forms.linked import short_list
from rapporto.web.grid.addresses import ListAddress
from rapporto.web.grid.offered import FieldGroup, fields_offered
from rapporto.web.grid.words import operator_word
from rapporto.web.mistakes import in_words

Pairs = Sequence[tuple[str, str]]
SINGLE = ("eq", "ne")
"""Operators for which one value of a list is chosen; «is one of» takes several."""


@dataclass(frozen=True)
class Editor:
    """What the editor shows: the fields to choose from, or the comparison of the one that was chosen."""

    fields: list[FieldGroup] = field(default_factory=list)
    path: str = ""
    label: str = ""
    op: str = ""
    operators: Sequence[tuple[str, str]] = ()
    value: str = ""
    values: Sequence[tuple[str, str, bool]] | None = None
    """The values of a list, and whether each is chosen; None where a value is typed."""
    several: bool = False
    valueless: bool = False
    hint: str = ""
    error: str = ""
    instead: str = ""


def editor_context(actor: Actor, address: ListAddress, asked: QueryDict) -> dict[str, Any]:
    """What the template of the editor needs."""
    return {"editor": _editor(actor, address, asked), "address": address, "record": address.record}


def _editor(actor: Actor, address: ListAddress, asked: QueryDict) -> Editor:
    path = asked.get("filter", "")
    if not path:
        return Editor(fields=fields_offered(actor, address.record, lambda one: bool(one.kind.ops)))
    path, one = _searchable(actor, address, path)
    values = _list_of(actor, address, path, one)
    operators = _operators(one.kind, listed=values is not None)
    op = asked.get("op", "") if asked.get("op", "") in dict(operators) else operators[0][0]
    given = [value for value in asked.getlist("value") if value.strip()]
    chosen = {part for value in given for part in value.split(",")} if values is not None else set()
    in_list = values is not None and (op == "is_in" or op in SINGLE)
    return Editor(
        path=path,
        label=str(one.label),
        op=op,
        operators=operators,
        value=given[0] if given else "",
        values=[(value, label, value in chosen) for value, label in values or ()] if in_list else None,
        several=op == "is_in",
        valueless=op in VALUELESS,
        hint=_hint(one.kind, op),
        error=_error(actor, address, asked, path, op, given),
        instead=asked.get("instead", ""),
    )


def _searchable(actor: Actor, address: ListAddress, path: str) -> tuple[str, Field]:
    """The field that is compared: of links to many records their title."""
    one = field_of(actor, address.record, path)
    if isinstance(one.kind, Link) and short_list(actor, one.kind.to) is None:
        path = f"{path}.{DECLARED[one.kind.to].record.title}"
        return path, replace(field_of(actor, address.record, path), label=one.label)
    return path, one


def _operators(kind: Kind, *, listed: bool) -> Sequence[tuple[str, str]]:
    """The operators of a kind with their words; where values are chosen from a list, «is one of» comes first."""
    ops = [op for op in kind.ops if not (op == "is_in" and not listed)]
    if listed and "is_in" in ops:
        # «is one of» with one value says the same as «is»; of texts both are asked for
        ops = ["is_in", *(op for op in ops if op != "is_in" and (op != "eq" or isinstance(kind, Text)))]
    return [(op, pgettext("operator", "is one of") if op == "is_in" else operator_word(kind, op)) for op in ops]


def _list_of(actor: Actor, address: ListAddress, path: str, one: Field) -> Pairs | None:
    """The values to choose from: those of the list, or, where texts are few, those in use; None where a value is typed."""
    kind = one.kind
    if isinstance(kind, Tick):
        return [("1", _("Yes")), ("0", _("No"))]
    if isinstance(kind, Choice):
        return [(code, str(label)) for code, label in kind.choices]
    if isinstance(kind, Province):
        return sorted(PROVINCES.items(), key=lambda pair: pair[1])
    if isinstance(kind, Country):
        return list(country_names(language()).items())
    if isinstance(kind, (Link, Links)):
        offered = short_list(actor, kind.to)
        mine = [("me", _("me"))] if kind.to == "user" and isinstance(kind, Link) else []
        return None if offered is None else [*mine, *((str(row_id), name) for row_id, name in offered)]
    return _in_use(actor, address, path, one)


def _in_use(actor: Actor, address: ListAddress, path: str, one: Field) -> Pairs | None:
    """The values of a text that somebody's records have, when they are few."""
    if not isinstance(one.kind, (Text, Code)) or isinstance(one.kind, LongText) or "." in path:
        return None
    if path == address.record.title:
        return None
    found = group_page(actor, address.record.name, EVERYTHING, Grouping(path))
    values = [str(group.label_value) for group in found.groups if group.label_value not in (None, "")]
    return [(value, one.kind.show(value)) for value in values] if found.after is None and values else None


def _hint(kind: Kind, op: str) -> str:
    if isinstance(kind, (Day, Moment)) and op not in VALUELESS:
        return _("Such as 22/11/2026, today, today-90, today+7.")
    return ""


def _error(actor: Actor, address: ListAddress, asked: QueryDict, path: str, op: str, given: Sequence[str]) -> str:
    """Why what was asked for cannot be applied."""
    if "apply" not in asked:
        return ""
    if not given and op not in VALUELESS:
        return _("Choose or write what to compare with.")
    wrong = read_filter(actor, address.record, path, op, given).error
    return in_words(wrong) if wrong is not None else ""


def applied(actor: Actor, address: ListAddress, asked: QueryDict) -> ListAddress | None:
    """The list with the filter that was made; None when it is not whole yet, or cannot be read."""
    editor = _editor(actor, address, asked)
    if not editor.path or editor.error or asked.get("op", "") != editor.op:
        return None
    try:
        made = read_filter(actor, address.record, editor.path, editor.op, asked.getlist("value"))
    except BadValue:
        return None
    gone = {made.key, editor.instead}
    at = next((at for at, one in enumerate(address.filters) if one.key in gone), len(address.filters))
    others = [one for one in address.filters if one.key not in gone]
    return replace(address, filters=(*others[:at], made, *others[at:]), after="", within=())
