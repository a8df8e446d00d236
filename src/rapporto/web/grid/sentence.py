"""What a list shows, in one plain sentence: «Anagrafiche in Veneto, del settore Meccanica, in gruppi per provincia»."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from rapporto.kernel.kinds import Choice, Day, Kind, Link, Moment, Province, Tick
from rapporto.kernel.where import ME
from rapporto.store.filters import Filter
from rapporto.store.reaching import Reached
from rapporto.web.asked import language
from rapporto.web.grid.addresses import ListAddress
from rapporto.web.grid.gender import feminine
from rapporto.web.grid.levels import Level
from rapporto.web.grid.words import step_word, value_words

Names = Mapping[str, Mapping[int, str]]
LONGEST = 120
"""Characters of one value in a sentence."""

SAID_SO: Mapping[str, Any] = {
    "region": pgettext_lazy("sentence", "in {value}"),
    "province": pgettext_lazy("sentence", "in the province of {value}"),
    "city": pgettext_lazy("sentence", "at {value}"),
    "industry": pgettext_lazy("sentence", "of the industry {value}"),
    "phase": pgettext_lazy("sentence", "in the phase {value}"),
    "territory": pgettext_lazy("sentence", "of the territory {value}"),
    "kind": pgettext_lazy("sentence", "of the kind {value}"),
    "types": pgettext_lazy("sentence", "of the type {value}"),
    "party": pgettext_lazy("sentence", "with {value}"),
}
"""How equality is said of fields that everybody speaks of in a way of their own."""
OF_VALUES: Mapping[str, Any] = {
    "eq": pgettext_lazy("sentence", "with {field} {value}"),
    "is_in": pgettext_lazy("sentence", "with {field} {value}"),
    "ne": pgettext_lazy("sentence", "with {field} other than {value}"),
    "contains": pgettext_lazy("sentence", "with {field} that contains {value}"),
    "starts_with": pgettext_lazy("sentence", "with {field} that begins with {value}"),
    "lt": pgettext_lazy("sentence", "with {field} below {value}"),
    "le": pgettext_lazy("sentence", "with {field} up to {value}"),
    "gt": pgettext_lazy("sentence", "with {field} above {value}"),
    "ge": pgettext_lazy("sentence", "with {field} from {value} up"),
    "is_blank": pgettext_lazy("sentence", "without {field}"),
    "is_filled": pgettext_lazy("sentence", "with {field} filled in"),
}
OF_DAYS: Mapping[str, Any] = {
    "lt": pgettext_lazy("sentence", "with {field} before {value}"),
    "le": pgettext_lazy("sentence", "with {field} not after {value}"),
    "gt": pgettext_lazy("sentence", "with {field} after {value}"),
    "ge": pgettext_lazy("sentence", "with {field} from {value} on"),
}
OF_COUNTS: Mapping[str, Any] = {
    "eq": pgettext_lazy("sentence", "with {value} {relation}"),
    "ne": pgettext_lazy("sentence", "with a number of {relation} other than {value}"),
    "lt": pgettext_lazy("sentence", "with fewer than {value} {relation}"),
    "le": pgettext_lazy("sentence", "with at most {value} {relation}"),
    "gt": pgettext_lazy("sentence", "with more than {value} {relation}"),
    "ge": pgettext_lazy("sentence", "with at least {value} {relation}"),
    "is_blank": pgettext_lazy("sentence", "without {relation}"),
    "is_filled": pgettext_lazy("sentence", "with {relation}"),
}


def sentence(address: ListAddress, names: Names) -> str:
    """What a list shows. `names` are those of the records that its filters name, by type; the text is plain, not yet escaped."""
    parts = [str(address.record.plural), *filter_phrases(address, names)]
    if address.words:
        parts.append(_("with the words {words}").format(words=quoted(address.words)))
    if address.groups:
        parts.append(_groups_phrase(address.groups))
    if address.sort and address.sort != address.record.order:
        parts.append(_order_phrase(address))
    if address.day:
        parts.append(_("as they were on {day}").format(day=f"{address.day:%d/%m/%Y}"))
    return " ".join(parts[:2]) + "".join(f", {one}" for one in parts[2:])


def filter_phrases(address: ListAddress, names: Names) -> list[str]:
    """Each filter that narrows the list, in words."""
    return [_phrase(address, one, names) for one in address.filters if one.error is None]


def _phrase(address: ListAddress, one: Filter, names: Names) -> str:
    field, kind = one.field, one.field.kind
    value = _value(one, names)
    if isinstance(field, Reached) and field.how == "count" and field.relation is not None:
        return _count_phrase(one, str(field.relation.label), value)
    if isinstance(kind, Link) and kind.to == "user" and one.op in ("eq", "is_in"):
        return _person_phrase(address, one, value)
    if isinstance(kind, Tick):
        phrase = pgettext("sentence", "with {field}: {value}")
    elif one.op in ("eq", "is_in") and one.path in SAID_SO:
        phrase = str(SAID_SO[one.path])
    elif isinstance(kind, (Day, Moment)) and one.op in OF_DAYS:
        phrase = str(OF_DAYS[one.op])
    else:
        phrase = str(OF_VALUES[one.op])
    return phrase.format(field=_spoken(str(field.label)), value=value)


def _count_phrase(one: Filter, relation: str, value: str) -> str:
    nobody = (one.op in ("eq", "le") and one.value == 0) or (one.op == "lt" and one.value == 1)
    some = (one.op == "ge" and one.value == 1) or (one.op == "gt" and one.value == 0)
    op = "is_blank" if nobody else "is_filled" if some else one.op
    return str(OF_COUNTS.get(op, OF_VALUES[one.op])).format(relation=_spoken(relation), value=value, field=relation)


def _person_phrase(address: ListAddress, one: Filter, value: str) -> str:
    if one.path not in ("owner", "assignee"):
        return str(OF_VALUES["eq"]).format(field=_spoken(str(one.field.label)), value=value)
    if one.value is ME:
        value = pgettext("sentence", "me")
    if feminine(str(address.record.plural)):
        return pgettext("feminine", "assigned to {value}").format(value=value)
    return pgettext("masculine", "assigned to {value}").format(value=value)


def _value(one: Filter, names: Names) -> str:
    """The value as it is said within a sentence: words in quotation marks, several with «or»."""
    values = one.value if isinstance(one.value, tuple) else (one.value,)
    said = [_one_value(one, value, names) for value in values] if one.op not in ("is_blank", "is_filled") else []
    if len(said) < 2:
        return "".join(said)
    return _("{others} or {last}").format(others=", ".join(said[:-1]), last=said[-1])


def _one_value(one: Filter, value: Any, names: Names) -> str:
    kind: Kind = one.field.kind
    if value in (None, ""):
        return _("nothing")
    if isinstance(kind, Province) and one.op not in ("contains", "starts_with"):
        return kind.title(value)
    said = value_words(Filter(one.path, one.op, one.typed, one.field, value), names, language())
    said = said if len(said) <= LONGEST else said[:LONGEST] + "…"
    plain = isinstance(kind, (Day, Moment, Choice, Link)) or kind.numeric or one.path in SAID_SO or hasattr(kind, "to")
    return said if plain or isinstance(kind, Tick) else quoted(said)


def quoted(text: str) -> str:
    """A text in quotation marks."""
    return f"«{text}»"


def _spoken(label: str) -> str:
    """A label within a sentence: a first capital goes, unless the word is an abbreviation."""
    return label[:1].lower() + label[1:] if label[1:2].islower() else label


def _groups_phrase(levels: tuple[Level, ...]) -> str:
    fields = [level_words(one) for one in levels]
    if len(fields) == 1:
        return _("in groups by {fields}").format(fields=_spoken(fields[0]))
    said = ", ".join(_spoken(one) for one in fields[:-1])
    return _("in groups by {fields} and {last}").format(fields=said, last=_spoken(fields[-1]))


def level_words(level: Level) -> str:
    """What one level of groups is called: «Dal (mese)»."""
    step = step_word(level.grouping.step)
    return f"{level.field.label} ({step})" if step else str(level.field.label)


def _order_phrase(address: ListAddress) -> str:
    label = quoted(str(address.field(address.sort.lstrip("-")).label))
    if address.sort.startswith("-"):
        return _("in descending order of {field}").format(field=label)
    return _("in order of {field}").format(field=label)


__all__ = ["filter_phrases", "level_words", "quoted", "sentence"]
