"""How large the demo company is: exactly so many organisations, people and activities, block by block."""

from dataclasses import dataclass
from datetime import date, timedelta

from rapporto.site.demo.calendar import Calendar

FIRMS = 20
LEAST, MOST = 100, 1_000_000
MOST_ACTIVITIES = 3_000_000


@dataclass(frozen=True)
class Size:
    """The number of parties: a quarter are organisations, the others their people. Units of larger firms come on top."""

    parties: int

    @property
    def organisations(self) -> int:
        return self.parties // 4

    @property
    def persons(self) -> int:
        return self.parties - self.organisations

    @property
    def all_activities(self) -> int:
        """15 for every 4 parties, and never more than three millions."""
        return min(self.parties * 15 // 4, MOST_ACTIVITIES)

    @property
    def blocks(self) -> int:
        return -(-self.organisations // FIRMS)

    def people(self, block: int) -> int:
        """The people in a block."""
        return self._part(self.persons, block)

    def activities(self, block: int) -> int:
        """The activities in a block."""
        return self._part(self.all_activities, block)

    def since(self, block: int, calendar: Calendar) -> date:
        """Since when a block is known: most from the first day, the last two fifths one after the other until lately."""
        late = block / self.blocks - 0.6
        days = (calendar.today - calendar.start).days - 20
        return calendar.start + timedelta(days=max(0, int(late / 0.4 * days)))

    def _part(self, total: int, block: int) -> int:
        first, last = block * FIRMS, min((block + 1) * FIRMS, self.organisations)
        return total * last // self.organisations - total * first // self.organisations
