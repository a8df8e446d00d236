"""Reads the register for the search: every party with its numbers, its place, its companies, and those it is tied to."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence

from rapporto.domain.parties.alike import looks
from rapporto.domain.parties.legal_form import bare_name
from rapporto.domain.parties.models import PERSON, UNIT, Affiliation, Party, PartyLink
from rapporto.insight.duplicates.subject import Subject
from rapporto.kernel.actor import Actor
from rapporto.store.erasures import stand_ins
from rapporto.store.records import find

PORTION = 5_000
"""Parties read at once."""
_OWN = ("pk", "first_name", "last_name", "street", "postal_code", "website", "part_of_id")


def everybody(actor: Actor, *, person: bool) -> Iterator[Subject]:
    """The persons of the register, or the companies; units are left out, as they are called alike everywhere."""
    rows = find(actor, "party").exclude(kind=UNIT)
    rows = rows.filter(kind=PERSON) if person else rows.exclude(kind=PERSON)
    last = 0
    while ids := list(rows.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:PORTION]):
        erased = stand_ins("party", ids)
        yield from subjects(actor, [one for one in ids if one not in erased]).values()
        last = ids[-1]


def subjects(actor: Actor, ids: Sequence[int]) -> dict[int, Subject]:
    """These parties, as they are compared. Seven queries for any number that one statement takes."""
    known = looks(actor, ids)
    employers, ties = _employers(ids), _ties(ids)
    found = {}
    for pk, first, last, street, code, website, part_of in Party.objects.filter(pk__in=ids).values_list(*_OWN):
        if pk in known:
            house = ties[pk] | ({part_of} if part_of else set())
            found[pk] = Subject(
                pk, known[pk], first, last, street, code, website,
                employers=frozenset(employers[pk]), house=frozenset(house),
            )  # fmt: skip
    return found


def _employers(ids: Collection[int]) -> dict[int, set[str]]:
    """The bare names of the companies for which people work."""
    found = defaultdict[int, set[str]](set)
    rows = Affiliation.objects.filter(person__in=ids, until=None).values_list("person_id", "organisation__name")
    for person, name in rows:
        found[person or 0].add(bare_name(name))
    return found


def _ties(ids: Collection[int]) -> dict[int, set[int]]:
    """The parties to which each is tied: linked ones, and its units."""
    found = defaultdict[int, set[int]](set)
    for one, other in PartyLink.objects.filter(first__in=ids).values_list("first_id", "second_id"):
        found[one].add(other)
    for one, other in PartyLink.objects.filter(second__in=ids).values_list("second_id", "first_id"):
        found[one].add(other)
    for unit, whole in Party.objects.filter(part_of__in=ids).values_list("pk", "part_of_id"):
        found[whole or 0].add(unit)
    return found


__all__ = ["everybody", "subjects"]
