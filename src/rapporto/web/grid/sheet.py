"""One list on its way to the templates: what its page, its rows and its numbers need."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from functools import cached_property
from secrets import token_hex
from typing import Any

from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe

from rapporto.kernel.actor import Actor
from rapporto.kernel.record import Field, RecordType
from rapporto.kernel.where import NOTHING
from rapporto.store.reaching import reach
from rapporto.web.asked import wants_part
from rapporto.web.grid.addresses import ListAddress
from rapporto.web.grid.chips import chips
from rapporto.web.grid.columns import kept_widths, widths_cookie
from rapporto.web.grid.controls import controls, leftover
from rapporto.web.grid.grouped import Groups, Path, place_of, placed
from rapporto.web.grid.heads import heads, whole_width
from rapporto.web.grid.page import Listing, listing
from rapporto.web.grid.past import past
from rapporto.web.grid.rows import near_columns
from rapporto.web.grid.saved import EVERYTHING, Shelf
from rapporto.web.grid.sentence import level_words, sentence
from rapporto.web.grid.tabs import all_word, tabs
from rapporto.web.grid.totals import COUNTED, number_of, number_words, sum_words, summed, total_of
from rapporto.web.grid.words import names_in_filters


def may_pick(actor: Actor, address: ListAddress) -> bool:
    """Whether the records of a list can be chosen to be changed."""
    return address.record.changeable(actor) != NOTHING and not past(address)


def bulk_names(actor: Actor, record: RecordType) -> list[str]:
    """The fields that can be given to many records at once."""
    fixed = record.fixed_for(actor)
    return [name for name in record.fields if name not in fixed and name != record.title]


@dataclass
class Sheet:
    """A list in some columns, with the groups that are open in it."""

    actor: Actor
    address: ListAddress
    columns: tuple[str, ...]
    opened: Collection[Path] = field(default=())

    @cached_property
    def pick(self) -> bool:
        """Whether rows can be chosen: where the actor may change some, and not in the past."""
        return may_pick(self.actor, self.address)

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """The columns as fields."""
        return self.known_fields if self.address.grouped else self.listing.page.columns

    @cached_property
    def listing(self) -> Listing:
        """The rows of a list without groups."""
        return listing(self.actor, self.address, self.columns, pick=self.pick)

    @property
    def _groups(self) -> Groups:
        return Groups(self.actor, self.address, self.fields, self.pick, self.opened)

    def rows_context(self) -> dict[str, Any]:
        """What the rows need."""
        width = len(self.columns) + (1 if self.pick else 0)
        if self.address.grouped:
            groups = self._groups
            rows = groups.within(self.address.within)
            return {"rows": rows, "width": width, "address": self.address}
        found = self.listing
        return {
            "rows": found.rows,
            "more": found.more,
            "best_only": found.best_only,
            "width": width,
            "address": self.address,
        }

    def group_totals(self) -> SafeString:
        """What the groups on this page add up to."""
        return self._groups.totals(self.address.within)

    def context(self, request: HttpRequest, shelf: Shelf) -> dict[str, Any]:
        """What the whole list needs."""
        address = self.address
        rows = _with_groups_from_the_top(self).rows_context()
        shown = controls(self.actor, address, self.fields)
        widths = kept_widths(request, address)
        there = list(heads(address, self.fields, [one.html for one in shown], widths))
        names = names_in_filters(self.actor, address.filters)
        return {
            **rows,
            "record": address.record,
            "pick": self.pick,
            "heads": there,
            "table_width": whole_width(there, pick=self.pick),
            "widths_cookie": widths_cookie(address),
            "chips": chips(address, names),
            "levels": [level_words(one) for one in address.groups],
            "ungrouped_url": address.text(groups=()),
            "stamp": token_hex(4),
            "sentence": sentence(address, names),
            "kept_parameters": leftover(address, shown),
            "here": address.text(),
            "plain_url": replace(ListAddress(address.record, columns=address.columns), view=EVERYTHING).text(),
            "may_create": address.record.changeable(self.actor) != NOTHING and not past(address),
            "every_parameter": list(address.parameters()),
            "tabs": tabs(address, shelf),
            "all_word": all_word(address.record),
            "changed": address.changed,
            "view_name": address.view.name if address.view else "",
            "total_cells": self.total_cells(),
            **self._ends(),
            **self._past(),
            **({} if wants_part(request) else self._menus()),
        }

    def counted(self, *, whole: bool) -> dict[str, Any]:
        """How many records there are and what the columns add up to; of long lists without groups only when the `whole` is asked for."""
        number = None if whole or self.address.grouped else number_of(self.actor, self.address)
        if number is not None and (number > COUNTED or not any(self._sums())):
            return {
                "count": number_words(self.address, number),
                "to_sum": any(self._sums()) and number > COUNTED,
                "here": self.address.text(),
            }
        found = total_of(self.actor, self.address, self.known_fields)
        groups = Groups(self.actor, self.address, self.known_fields, self.pick)
        places = [(place_of("t", one), one) for one in self.known_fields[1:] if one.name in self._sums()]
        sums = [
            placed(place, groups.sum_cell(place, one, sum_words(one, found.sums.get(one.name))))
            for place, one in places
        ]
        return {"count": number_words(self.address, found.number, whole=True), "sums": mark_safe("".join(sums))}

    def total_cells(self) -> SafeString:
        """The foot of the list: an awaited cell for every sum. Blank where nothing is summed."""
        groups, sums = Groups(self.actor, self.address, self.known_fields, self.pick), self._sums()
        if not sums or self.address.words:
            return mark_safe("")
        near = near_columns(self.address.record, self.known_fields)
        cells = [
            groups.sum_cell(place_of("t", one), one, awaited=True)
            if one.name in sums
            else "<td></td>"
            if one.name in near
            else '<td class="far"></td>'
            for one in self.known_fields[1:]
        ]
        return mark_safe("".join(cells))

    @cached_property
    def known_fields(self) -> tuple[Field, ...]:
        """The columns as fields, no row being read for them."""
        known = self.address.record.fields
        return tuple(known.get(one) or reach(self.actor, self.address.record, one) for one in self.columns)

    def _sums(self) -> list[str]:
        return summed(self.address, self.known_fields)

    def _ends(self) -> dict[str, Any]:
        """What is known of the number of records without counting: a page that is the only one says it."""
        address, found = self.address, None if self.address.grouped else self.listing
        whole = found is not None and not found.more and not address.after and not found.best_only
        return {
            "count": number_words(address, found.number) if found is not None and whole else "",
            "count_url": ""
            if address.words or (whole and not any(self._sums()))
            else address.text(after="", within=()),
            "start_url": address.text() if address.after and not address.grouped else "",
            "filtered": bool(address.filters or address.words),
        }

    def _past(self) -> dict[str, Any]:
        if not past(self.address):
            return {}
        return {"as_of": self.address.day, "as_of_back_url": self.address.text(day=None)}

    def _menus(self) -> dict[str, Any]:
        """What stands over the list and is not written anew with it: what a person has opened or typed there stays."""
        record = self.address.record
        return {
            "whole": True,
            "may_assign": self.pick and "owner" in bulk_names(self.actor, record),
        }


def _with_groups_from_the_top(sheet: Sheet) -> Sheet:
    """A page begins with the groups of the first level; the group that its address leads into is open in it."""
    address = sheet.address
    if not address.grouped or not address.within:
        return sheet
    ways = {address.within[: number + 1] for number in range(len(address.within))}
    return Sheet(sheet.actor, replace(address, within=(), after=""), sheet.columns, {*sheet.opened, *ways})
