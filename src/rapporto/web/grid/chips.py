"""The filters of a grid as chips: each says field, operator and value, and how to edit it or take it away."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from rapporto.web.asked import language
from rapporto.web.grid.addresses import Filter, ListAddress
from rapporto.web.grid.words import operator_word, value_words
from rapporto.web.mistakes import in_words


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


def chips(address: ListAddress, names: Mapping[str, Mapping[int, str]]) -> list[Chip]:
    """The filters of a list as chips. `names` are those of the records that the filters name, by type."""
    return [_chip(address, one, value_words(one, names, language())) for one in address.filters]


def _chip(address: ListAddress, one: Filter, value: str) -> Chip:
    return Chip(
        label=str(one.field.label),
        operator=operator_word(one.field.kind, one.op),
        value=value,
        edit_url=editing_url(address, one),
        remove_url=address.without(one),
        key=one.key,
        error=in_words(one.error) if one.error is not None else "",
    )


def editing_url(address: ListAddress, one: Filter) -> str:
    """The address that opens the editor of filters with this filter in it; what it becomes takes its place."""
    here = address.text(after="", within=())
    editing = urlencode(
        [("filter", one.path), ("op", one.op), *(("value", value) for value in one.typed), ("instead", one.key)]
    )
    return f"{here}{'&' if '?' in here else '?'}{editing}"
