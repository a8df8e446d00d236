"""Reads what belongs to a party: affiliations, addresses, numbers, links, units, in a query each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Q

from rapporto.store.asking import Asked
from rapporto.web.fixed_queries import FixedQuery
from rapporto.web.reading import Titles, learn_titles

MOST = 200
"""How many of each are read; a card with more than that names the rest in the list of their type."""


class AffiliationRow(NamedTuple):
    """Somebody's work for somebody, or a post that nobody holds; the numbers of the desk, then the person's own."""

    pk: int
    person_id: int | None
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


@dataclass(frozen=True)
class Parts:
    """What belongs to a party, as it was read. The names of other parties are in `titles`, those that may be seen."""

    affiliations: Sequence[AffiliationRow] = ()
    addresses: Sequence[AddressRow] = ()
    points: Sequence[PointRow] = ()
    links: Sequence[LinkRow] = ()

    def values(self) -> dict[tuple[str, int], dict[str, Any]]:
        """What was read of each part by field name, by its type and id: for the history."""
        found: dict[tuple[str, int], dict[str, Any]] = {}
        for record, rows in self._by_type().items():
            for row in rows:
                read = {name.removesuffix("_id"): value for name, value in row._asdict().items() if "__" not in name}
                found[record, read.pop("pk")] = read
        return found

    def _by_type(self) -> dict[str, Sequence[Any]]:
        return {
            "affiliation": self.affiliations,
            "address": self.addresses,
            "contact_point": self.points,
            "party_link": self.links,
        }


def read_parts(asked: Asked, party_id: int, known: Titles) -> Parts:
    """Everything that belongs to a party, and the names of the other parties in it, in five queries."""
    parts = _parts(asked, party_id)
    _learn(asked, party_id, parts, known)
    return parts


def _learn(asked: Asked, party_id: int, parts: Parts, known: Titles) -> None:
    others = {one for each in parts.affiliations for one in (each.person_id, each.organisation_id) if one}
    others |= {one for each in parts.links for one in (each.first_id, each.second_id)}
    learn_titles(asked.actor, known, {"party": others - {party_id}}, asked)


def _parts(asked: Asked, party_id: int) -> Parts:
    return Parts(
        [AffiliationRow(*row) for row in _AFFILIATIONS.rows(asked, party_id)],
        [AddressRow(*row) for row in _ADDRESSES.rows(asked, party_id)],
        [PointRow(*row) for row in _POINTS.rows(asked, party_id)],
        [LinkRow(*row) for row in _LINKS.rows(asked, party_id)],
    )
