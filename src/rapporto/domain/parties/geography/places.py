"""The packaged tables of Italian geography, read when first asked for and then kept."""

import csv
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from importlib.resources import files
from itertools import takewhile
from typing import NamedTuple

from rapporto.kernel.text import fold

_ACCENT = re.compile(r"'(?=\s|$)")


class Region(NamedTuple):
    """One of the twenty regions; `code` is ISTAT's."""

    code: str
    name: str


class Province(NamedTuple):
    """A province, or a metropolitan city, as it was between two days (both included; None is open).

    `sigla` is None where no letters were ever given. `replaced_by` are the codes of those that took its territory.
    """

    code_istat: str
    sigla: str | None
    name: str
    region: str
    valid_from: date | None
    valid_to: date | None
    replaced_by: tuple[str, ...]

    def valid(self, on: date) -> bool:
        """Whether it existed that day."""
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on <= self.valid_to)


class Place(NamedTuple):
    """A comune. `sigla` are the letters addresses bear; `province` is ISTAT's code, which alone tells the Sardinian provinces
    without letters apart. `ended` is the last day of a comune, or of a name, that is no more."""

    name: str
    belfiore: str
    sigla: str
    province: str
    ended: date | None


def _rows(table: str) -> Iterator[list[str]]:
    """The rows of a table, without its header."""
    text = files("rapporto.domain.parties.geography").joinpath(table).read_text("utf-8")
    rows = csv.reader(text.splitlines())
    next(rows)
    return rows


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


@lru_cache(maxsize=1)
def _every_province() -> tuple[Province, ...]:
    return tuple(
        Province(code, sigla or None, name, region, _day(since), _day(until), tuple(after.split()))
        for code, sigla, name, region, since, until, after in _rows("provinces.csv")
    )


@lru_cache(maxsize=32)
def provinces(on: date) -> Mapping[str, Province]:
    """The provinces of a day by their letters; those without letters by ISTAT's code («113» for Gallura Nord-Est Sardegna)."""
    return {one.sigla or one.code_istat: one for one in _every_province() if one.valid(on)}


@lru_cache(maxsize=1)
def regions() -> Mapping[str, Region]:
    """The regions by ISTAT's code."""
    return {code: Region(code, name) for code, name in _rows("regions.csv")}


@lru_cache(maxsize=1)
def _region_codes() -> Mapping[str, str]:
    return {name: one.region for one in _every_province() for name in (one.sigla, one.code_istat) if name}


def region_of(sigla: str) -> Region:
    """The region of a province, former ones included, by its letters or ISTAT's code. KeyError when there is none («EE», abroad)."""
    return regions()[_region_codes()[sigla]]


def region_of_province(sigla: str) -> str | None:
    """The name of the region of a province, None when the letters are none of Italy."""
    code = _region_codes().get(sigla)
    return regions()[code].name if code else None


@lru_cache(maxsize=1)
def _by_prefix() -> Mapping[str, tuple[str, str]]:
    return {prefix: (sigla, belfiore) for prefix, sigla, belfiore in _rows("postal_prefixes.csv")}


def _told_by(cap: str) -> tuple[str, str]:
    """The letters of the province and the comune that the first figures of an Italian postal code tell, '' where they do not."""
    if len(cap) != 5 or not (cap.isascii() and cap.isdigit()):
        return "", ""
    table = _by_prefix()
    return next((table[cap[:size]] for size in (5, 4, 3, 2) if cap[:size] in table), ("", ""))


def province_of_postal_code(cap: str) -> str | None:
    """The letters of the province of an Italian postal code; None when it is none, or belongs to two (12071, 18025 …).

    Codes of Sardinia give the letters addresses bear (SU, NU, SS), since the provinces of 2026 have none.
    """
    return _told_by(cap)[0] or None


@lru_cache(maxsize=1)
def _every_place() -> tuple[Place, ...]:
    codes = {one.sigla: one.code_istat for one in _every_province() if one.sigla and one.valid_to is None}
    return tuple(
        Place(name, belfiore, sigla, province or codes.get(sigla, ""), _day(ended))
        for name, belfiore, sigla, province, ended in _rows("places.csv")
    )


@lru_cache(maxsize=1)
def _by_belfiore() -> Mapping[str, Place]:
    return {one.belfiore: one for one in _every_place() if one.ended is None}


def town_key(name: str) -> str:
    """A town as it is compared: case and accents aside, also where an apostrophe stands for the accent («Forli'»)."""
    return _ACCENT.sub("", fold(name))


@lru_cache(maxsize=1)
def _by_name() -> Mapping[str, tuple[Place, ...]]:
    named: defaultdict[str, list[Place]] = defaultdict(list)
    for one in _every_place():
        # folding eight thousand names takes 100 ms; most need no more than small letters
        named[_ACCENT.sub("", one.name.lower()) if one.name.isascii() else town_key(one.name)].append(one)
    return {name: tuple(sorted(found, key=lambda one: one.ended is not None)) for name, found in named.items()}


def places_of(cap: str) -> tuple[Place, ...]:
    """The comuni an Italian postal code is known to serve: the chief towns of the provinces, whose codes have a shape of their own.

    Empty for the others: Poste Italiane sells the full list and does not let it be passed on.
    """
    belfiore = _told_by(cap)[1]
    return (_by_belfiore()[belfiore],) if belfiore else ()


def places_in(sigla: str) -> tuple[Place, ...]:
    """The comuni of today in a province, by its letters or by ISTAT's code, in the order of their names."""
    return tuple(one for one in _every_place() if one.ended is None and sigla in (one.sigla, one.province))


def places_named(name: str) -> tuple[Place, ...]:
    """The comuni of that name, case and accents aside: today's first, then those that are no more."""
    return _by_name().get(town_key(name), ())


@lru_cache(maxsize=1)
def _names_in_order() -> tuple[str, ...]:
    return tuple(sorted(name for name, found in _by_name().items() if found[0].ended is None))


def places_beginning(name: str, limit: int = 8) -> tuple[Place, ...]:
    """The comuni of today whose name begins so, in the order of their names."""
    key, names = town_key(name), _names_in_order()
    at = bisect_left(names, key)
    begun = takewhile(lambda one: one.startswith(key), names[at : at + limit])
    return tuple(place for one in begun for place in _by_name()[one] if place.ended is None)[:limit]
