"""What every part of the demo company's making shares: its house, its towns, its calendar, and the next free ids."""

from dataclasses import dataclass, field
from functools import lru_cache

from rapporto.domain.parties.models import Address, Affiliation, ContactPoint, Party, PartyLink, PartyTypeOf
from rapporto.domain.processes.models import Activity
from rapporto.kernel.record import RecordType
from rapporto.site.demo.calendar import Calendar
from rapporto.site.demo.house import House
from rapporto.site.demo.places import Places
from rapporto.store.columns import Recorded, record_name
from rapporto.store.userfields import record_type

MODELS: tuple[type[Recorded], ...] = (Party, PartyTypeOf, Address, ContactPoint, Affiliation, PartyLink, Activity)


@dataclass
class World:
    """One loading of the demo company."""

    house: House
    places: Places
    calendar: Calendar
    parties: RecordType = field(default_factory=lambda: record_type("party"))
    _ids: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.territory = lru_cache(maxsize=65536)(self.house.territory)
        for model in MODELS:
            last = model._default_manager.order_by("-pk").values_list("pk", flat=True).first()
            self._ids[record_name(model)] = last or 0

    def next_id(self, record: str) -> int:
        """A free id for a row of that type."""
        self._ids[record] += 1
        return self._ids[record]
