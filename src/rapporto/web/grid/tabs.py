"""The saved views as tabs above a list: the list as it is, the pinned ones, and the one that is open."""

from dataclasses import dataclass, replace

from django.utils.translation import pgettext

from rapporto.domain.people.models import SavedView
from rapporto.domain.people.saved_views import is_above, spoken
from rapporto.kernel.record import RecordType
from rapporto.web.grid.addresses import Kept, ListAddress
from rapporto.web.grid.gender import feminine
from rapporto.web.grid.saved import EVERYTHING, Shelf


@dataclass(frozen=True)
class Tab:
    """A view above the list: its number (0: the list as it is), and where it leads."""

    id: int
    name: str
    url: str
    current: bool
    changed: bool = False


def tabs(address: ListAddress, shelf: Shelf) -> list[Tab]:
    """The tabs of a list; none where nothing was ever saved."""
    if not shelf.views:
        return []
    now = address.view.id if address.view else 0
    everything = ListAddress(address.record, day=address.day, view=EVERYTHING)
    first = Tab(0, all_word(address.record), everything.text(), now == 0)
    shown = [one for one in shelf.views if is_above(one) or one.pk == now]
    return [first, *(_tab(everything, one, address, now) for one in shown)]


def _tab(everything: ListAddress, view: SavedView, address: ListAddress, now: int) -> Tab:
    current = view.pk == now
    url = replace(everything, view=Kept(view.pk)).text()
    return Tab(view.pk, spoken(view.name), url, current, current and address.changed)


def all_word(record: RecordType) -> str:
    """«All», as the records of this type are spoken of."""
    return pgettext("feminine", "All") if feminine(str(record.plural)) else pgettext("masculine", "All")
