"""Reads what belongs to a party: affiliations, addresses, numbers, links, units, in a query each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Q

from rapporto.kernel.actor import Actor
from rapporto.store.asking import Asked
from rapporto.web.fixed_queries import FixedQuery
from rapporto.web.reading import Titles, learn_titles

MOST = 200
"""How many of each are read; a card with more than that names the rest in the list of their type."""


class AffiliationRow(NamedTuple):
    """Somebody's work for somebody; the numbers of the desk, then the person's own."""

    pk: int
    person_id: int
    organisation_id: int
    job_title: str
    job_role: str
    phone: str
    mobile: str
    email: str
    since: date | None
    until: date | None
    main: bool
    person__phone: str
    person__mobile: str
    person__email: str


class AddressRow(NamedTuple):
    """A further address."""

    pk: int
    kind: str
    name: str
    street: str
    postal_code: str
    city: str
    province: str
    country: str


class PointRow(NamedTuple):
    """A further number or address of the net."""

    pk: int
    kind: str
    value: str
    label: str
    private: bool


class LinkRow(NamedTuple):
    """A link of two parties, with its word in both directions."""

    pk: int
    first_id: int
    second_id: int
    link_type__name: str
    link_type__reverse: str


class UnitRow(NamedTuple):
    """A unit of an organisation."""

    pk: int
    name: str


def _query(record: str, row: Any, belongs: Callable[[int], Q], *order: str) -> FixedQuery:
    def build(asked: Asked, party_id: int) -> Any:
        found = asked.records(record).filter(belongs(party_id)).order_by(*order)
        return found.values_list(*row._fields)[:MOST]

    return FixedQuery(build, (record,))


_AFFILIATIONS = _query(
    "affiliation", AffiliationRow, lambda one: Q(person_id=one) | Q(organisation_id=one), "-main", "id"
)
_ADDRESSES = _query("address", AddressRow, lambda one: Q(party_id=one), "id")
_POINTS = _query("contact_point", PointRow, lambda one: Q(party_id=one), "id")
_LINKS = _query("party_link", LinkRow, lambda one: Q(first_id=one) | Q(second_id=one), "id")
_UNITS = _query("party", UnitRow, lambda one: Q(part_of_id=one), "name_key", "pk")


@dataclass(frozen=True)
class Parts:
    """What belongs to a party, as it was read. The names of other parties are in `titles`, those that may be seen."""

    affiliations: Sequence[AffiliationRow] = ()
    addresses: Sequence[AddressRow] = ()
    points: Sequence[PointRow] = ()
    links: Sequence[LinkRow] = ()
    units: Sequence[UnitRow] = ()

    def ids(self) -> dict[str, list[int]]:
        """The ids by record type, for the history."""
        return {
            "affiliation": [one.pk for one in self.affiliations],
            "address": [one.pk for one in self.addresses],
            "contact_point": [one.pk for one in self.points],
            "party_link": [one.pk for one in self.links],
        }


def read_parts(actor: Actor, party_id: int, known: Titles, asked: Asked) -> Parts:
    """Everything that belongs to a party, and the names of the other parties in it, in six queries."""
    parts = _parts(asked, party_id, [UnitRow(*row) for row in _UNITS.rows(asked, party_id)])
    others = {one for each in parts.affiliations for one in (each.person_id, each.organisation_id)}
    others |= {one for each in parts.links for one in (each.first_id, each.second_id)}
    learn_titles(actor, known, {"party": others - {party_id}}, asked)
    return parts


def part_ids(asked: Asked, party_id: int) -> dict[str, list[int]]:
    """The ids of what belongs to a party, by record type."""
    return _parts(asked, party_id).ids()


def _parts(asked: Asked, party_id: int, units: Sequence[UnitRow] = ()) -> Parts:
    return Parts(
        [AffiliationRow(*row) for row in _AFFILIATIONS.rows(asked, party_id)],
        [AddressRow(*row) for row in _ADDRESSES.rows(asked, party_id)],
        [PointRow(*row) for row in _POINTS.rows(asked, party_id)],
        [LinkRow(*row) for row in _LINKS.rows(asked, party_id)],
        units,
    )
