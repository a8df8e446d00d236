"""One page of a grid: its rows read from the store and written for the screen."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.safestring import SafeString

from rapporto.kernel.actor import Actor
from rapporto.kernel.where import EVERYTHING, Where
from rapporto.store.pages import SIZE, Page, chosen, page
from rapporto.store.search import search
from rapporto.web.asked import language
from rapporto.web.grid.addresses import ListAddress
from rapporto.web.grid.past import check_answerable, moment_of
from rapporto.web.grid.rows import renderer


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


def listing(
    actor: Actor, address: ListAddress, columns: Sequence[str], *, pick: bool, inside: Where = EVERYTHING
) -> Listing:
    """The rows that an address asks for, those `inside` of an open group. Raises BadValue for what the past cannot answer."""
    check_answerable(address)
    with moment_of(address.day):
        found, best_only = _found(actor, address, columns, inside)
    today = timezone.localdate()
    rows = renderer(found.record, found.columns, language(), today, pick=pick).html(found.rows, found.titles)
    more = address.text(after=found.after) if found.after else ""
    return Listing(found, rows, more, best_only)


def _found(actor: Actor, address: ListAddress, columns: Sequence[str], inside: Where) -> tuple[Page, bool]:
    name = address.record.name
    where = address.where & inside
    if address.words:
        found = search(actor, name, address.words, where, SIZE)
        return chosen(actor, name, found.ids, columns=columns), not found.all
    return page(actor, name, where, sort=address.sort, after=address.after or None, columns=columns), False
