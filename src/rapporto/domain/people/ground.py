"""Whose ground a place is: which territory its postal code, province or region belongs to. The narrowest piece wins."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from django.db.models import Q

from rapporto.domain.people.models import TerritoryArea
from rapporto.kernel.text import fold
from rapporto.store.history.changing import current
from rapporto.store.plain_rows import run

ITALY = ("", "IT")


@dataclass(frozen=True)
class Place:
    """Where something is, as far as it is known."""

    postal_code: str = ""
    province: str = ""
    region: str = ""
    country: str = "IT"

    @property
    def known(self) -> bool:
        """Whether there is anything a territory could be told from; territories are pieces of Italy."""
        return self.country in ITALY and bool(self.postal_code or self.province or self.region)


@lru_cache(maxsize=1000)
def region_key(name: str) -> str:
    """The name of a region by its letters alone, without a second language: «Friuli-Venezia Giulia» is friuliveneziagiulia."""
    return "".join(letter for letter in fold(name.partition("/")[0]) if letter.isalpha())


_EVERY = f"SELECT kind, first, last, territory_id FROM {TerritoryArea._meta.db_table} ORDER BY id"


@dataclass
class Grounds:
    """Pieces of ground and whose they are. Of two equally wide ones the older wins."""

    provinces: dict[str, int] = field(default_factory=dict)
    regions: dict[str, int] = field(default_factory=dict)
    codes: list[tuple[int, str, str, int]] = field(default_factory=list)
    """Ranges of postal codes, the narrowest first: width, first, last, territory."""

    @classmethod
    def read(cls, which: Q | None = None) -> "Grounds":
        """The pieces of ground there are, by one query."""
        if which is None:
            return cls.of(run(_EVERY, ()))
        areas = TerritoryArea.objects.filter(which).order_by("id")
        return cls.of(areas.values_list("kind", "first", "last", "territory_id"))

    @classmethod
    def of(cls, pieces: Iterable[tuple[str, str, str, int]]) -> "Grounds":
        """Pieces told by kind, first, last, territory; oldest first."""
        grounds = cls()
        for kind, first, last, territory in pieces:
            if kind == TerritoryArea.PROVINCE:
                grounds.provinces.setdefault(first, territory)
            elif kind == TerritoryArea.REGION:
                grounds.regions.setdefault(region_key(first), territory)
            elif first.isdigit() and (last or first).isdigit():
                grounds.codes.append((int(last or first) - int(first), first, last or first, territory))
        grounds.codes.sort(key=lambda piece: piece[0])
        return grounds

    def territory(self, place: Place) -> int | None:
        """The territory a place belongs to; None when nobody looks after it."""
        if not place.known:
            return None
        code = place.postal_code
        around = (whose for _, first, last, whose in self.codes if len(first) == len(code) and first <= code <= last)
        by_code = next(around, None) if code.isdigit() else None
        return by_code or self.provinces.get(place.province) or self.regions.get(region_key(place.region))


@dataclass
class _Kept:
    """What one change set has learned of the ground: the second place it asks for shows that many will follow."""

    grounds: Grounds | None = None


def territory_of(place: Place) -> int | None:
    """The territory of a place: by one query for the first place of a change set, by one more for all the others together."""
    if not place.known:
        return None
    change = current()
    if change is not None and change.open:  # a long command: many places will follow
        vars(change).setdefault("_ground", _Kept())
    kept: _Kept | None = vars(change).get("_ground") if change is not None else None
    if kept is None:
        if change is not None:
            vars(change)["_ground"] = _Kept()
        return Grounds.read(_near(place)).territory(place)
    kept.grounds = kept.grounds or Grounds.read()
    return kept.grounds.territory(place)


def forget_ground() -> None:
    """The ground changes within this change set: read it anew."""
    if (change := current()) is not None:
        vars(change).pop("_ground", None)


def _near(place: Place) -> Q:
    near = Q(kind=TerritoryArea.REGION) | Q(kind=TerritoryArea.PROVINCE, first=place.province)
    if not place.postal_code:
        return near
    around = Q(last__gte=place.postal_code) | Q(last="", first=place.postal_code)
    return near | Q(around, kind=TerritoryArea.POSTAL_CODES, first__lte=place.postal_code)
