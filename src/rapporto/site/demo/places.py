"""Where the demo company's customers are: real towns with their postal codes, mostly in the North-East."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from rapporto.domain.parties.geography import places_in, region_of
from rapporto.site.demo.chance import Chance, Weighted
from rapporto.site.demo.tables import rows

_NEAR = {"VR": 6.0, "VI": 4.0, "TN": 3.0, "BS": 2.6, "MN": 2.6}
_NEARBY = {"05": 2.6, "04": 2.0, "06": 2.0, "03": 1.0, "08": 1.0}
"""By region: Veneto, Trentino-Alto Adige, Friuli-Venezia Giulia, Lombardia, Emilia-Romagna."""
_FAR = 0.12


@dataclass(frozen=True)
class Town:
    """A comune: `codes` are its postal codes, `register` the code it has in tax codes, `thousands` its people."""

    name: str
    province: str
    region: str
    codes: tuple[str, ...]
    register: str
    thousands: int

    @property
    def odds(self) -> float:
        """How likely a customer is there. Firms are spread over the country: large towns weigh less than their people."""
        region = region_of(self.province).code
        return float((self.thousands + 4) ** 0.65 * _NEAR.get(self.province, _NEARBY.get(region, _FAR)))


class Places:
    """All towns, and the odds of each."""

    def __init__(self, towns: list[Town]) -> None:
        self.towns = towns
        self._odds = Weighted((town, town.odds) for town in towns)

    @cached_property
    def _of_province(self) -> dict[str, list[Town]]:
        found = defaultdict(list)
        for town in self.towns:
            found[town.province].append(town)
        return found

    def town(self, chance: Chance) -> Town:
        """Some town, mostly nearby."""
        return self._odds.pick(chance)

    def near(self, chance: Chance, town: Town) -> Town:
        """Another town, or the same, of that province."""
        return chance.one(self._of_province[town.province])

    def named(self, name: str) -> Town:
        """The town of that name."""
        return next(town for town in self.towns if town.name == name)


def read_places() -> Places:
    """The towns of the table; names and register codes are those of the geography of the parties."""
    found: dict[str, dict[str, str]] = {}
    towns = []
    for row in rows("towns.csv"):
        province = row["province"]
        if province not in found:
            found[province] = {one.name: one.belfiore for one in places_in(province)}
        first, last = int(row["first"]), int(row["last"] or row["first"])
        codes = tuple(f"{code:05}" for code in range(first, last + 1))
        region = region_of(province).name
        towns.append(Town(row["name"], province, region, codes, found[province][row["name"]], int(row["weight"])))
    return Places(towns)
