"""Links as they are typed: lists of the few, suggestions while typing for the many, and from the typed name back to the record."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from rapporto.kernel.actor import Actor
from rapporto.kernel.kinds import Links
from rapporto.kernel.record import Field
from rapporto.kernel.text import BadValue, fold
from rapporto.kernel.where import EVERYTHING, Where, field
from rapporto.store.asking import Asked
from rapporto.store.declare import DECLARED
from rapporto.store.records import find, titles
from rapporto.store.search import search
from rapporto.web.fields import FormField
from rapporto.web.fixed_queries import FixedQuery
from rapporto.web.links import suggest_url

FEW = 60
"""Up to how many records a link is chosen from a list; more are searched for by typing."""
SUGGESTED = 10
ID = ".id"
"""What the name of a typed link adds to that of the id chosen for it."""
DETAILS = ("city", "province", "email")


@dataclass(frozen=True)
class Suggestion:
    """A record that may be meant: its id, what it is called, and what tells it from its namesakes."""

    id: int
    title: str
    detail: str = ""


def short_list(actor: Actor, target: str, asked: Asked | None = None) -> list[tuple[int, str]] | None:
    """The records of a type as choices, by name; None when there are too many. One query, none for what is always searched."""
    if DECLARED[target].record.place:
        return None
    found = _first_names(target).rows(asked or Asked.by(actor))
    return found if len(found) <= FEW else None


@lru_cache(maxsize=100)
def _first_names(target: str) -> FixedQuery:
    """The first records of a type by name, one more than a list offers."""
    column = DECLARED[target].columns[DECLARED[target].record.title]

    def build(asked: Asked) -> QuerySet[Any]:
        return asked.records(target).order_by(column.key, "pk").values_list("pk", column.value)[: FEW + 1]

    return FixedQuery(build, (target,))


def suggestions(actor: Actor, target: str, text: str, where: Where = EVERYTHING) -> list[Suggestion]:
    """The records that may be meant by what is typed so far, best first."""
    if not fold(text):
        return []
    record = DECLARED[target].record
    if record.search:
        ids: Sequence[int] = search(actor, target, text, where, SUGGESTED).ids
    else:
        rows = find(actor, target, field(record.title).contains(text) & where)
        ids = list(rows.order_by(DECLARED[target].columns[record.title].key).values_list("pk", flat=True)[:SUGGESTED])
    return described(actor, target, ids)


def described(actor: Actor, target: str, ids: Sequence[int]) -> list[Suggestion]:
    """Records as suggestions, in the order of their ids in `ids`."""
    record, columns = DECLARED[target].record, DECLARED[target].columns
    details = [name for name in DETAILS if name in record.fields]
    rows = find(actor, target).filter(pk__in=ids)
    found = rows.values_list("pk", columns[record.title].value, *(columns[name].value for name in details))
    known = {row[0]: Suggestion(row[0], row[1], ", ".join(str(part) for part in row[2:] if part)) for row in found}
    return [known[one] for one in ids if one in known]


def resolve(actor: Actor, target: str, text: str, chosen: str) -> int | None:
    """The id of the record whose name was typed. BadValue when nothing, or more than one, is called so."""
    if not fold(text):
        return None
    if (
        chosen.isdecimal()
        and len(chosen) < 19
        and fold(titles(actor, target, [int(chosen)]).get(int(chosen), "")) == fold(text)
    ):
        return int(chosen)
    record = DECLARED[target].record
    same = list(find(actor, target, field(record.title).eq(text)).values_list("pk", flat=True)[: SUGGESTED + 1])
    if len(same) == 1:
        return int(same[0])
    if same:
        names = "; ".join(f"{one.title} ({one.detail or one.id})" for one in described(actor, target, same[:5]))
        raise BadValue("Several are called so; choose one of those offered while you type: {names}.", names=names)
    near = suggestions(actor, target, text)
    if near:
        names = ", ".join(one.title for one in near[:5])
        raise BadValue("Nothing is called «{typed}». Perhaps: {names}.", typed=text[:60], names=names)
    raise BadValue("Nothing is called «{typed}»; write the name as it is in the register.", typed=text[:60])


def link_field(
    actor: Actor, one: Field, shape: dict[str, Any], value: Any, known: str, asked: Asked | None = None, kind: str = ""
) -> FormField:
    """The control of a link: a list of the few, or a field that suggests.

    `value` is an id or ids, `known` what stands in a field that suggests, `kind` the kind of party that is suggested.
    """
    several = isinstance(one.kind, Links)
    choices = short_list(actor, one.link or "", asked)
    if several:
        return FormField(**shape, widget="checkboxes", value=value or [], choices=choices or [], wide=True)
    if choices is not None:
        return FormField(
            **shape, widget="select", value=value if value is not None else "", choices=[("", "—"), *choices]
        )
    return FormField(**shape, widget="custom", html=combobox(shape, suggest_url(one.link or "", kind), known, value))


def combobox(shape: dict[str, Any], source: str, text: str, chosen: Any) -> SafeString:
    """A field that suggests while one types. Without JavaScript it is a text that must name one record."""
    bare = FormField(**shape)
    return format_html(
        '<span class="combo" data-combo="{}"><input class="in" type="text" id="{}" value="{}"{} autocomplete="off" role="combobox"'
        ' aria-autocomplete="list" aria-expanded="false" aria-controls="{}-list"><input type="hidden" name="{}{}" value="{}" data-combo-id>'
        '<ul class="combo-list" id="{}-list" role="listbox" aria-label="{}" hidden></ul></span>',
        source, bare.id, text, bare.control_attributes, bare.id, bare.name, ID, chosen or "", bare.id, _("Suggestions"),
    )  # fmt: skip
