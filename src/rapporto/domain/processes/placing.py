"""To which of two parties a dealing belongs when they are two again: to whom its person works for, or whose number it names."""

from collections.abc import Collection, Iterator
from datetime import date

from django.db.models import Q
from django.utils import timezone

from rapporto.domain.parties.models import Affiliation, ContactPoint, Party
from rapporto.domain.parties.searched import digits
from rapporto.domain.processes.models import Activity
from rapporto.store.chunks import chunks
from rapporto.store.merge_rules import PLACES

SHORTEST = 6
"""Digits of a number that are looked for in a text; fewer could be any figure."""


def places(link: str, ids: Collection[int], kept: int, other: int) -> set[int]:
    """Which of these later dealings concern the party that came back."""
    mine, theirs = _colleagues(kept), _colleagues(other)
    named, also = set(_named_by(other)), set(_named_by(kept))
    found: set[int] = set()
    for some in chunks(sorted(ids)):
        rows = Activity.objects.filter(pk__in=some).values_list("pk", "person_id", "subject", "asked", "outcome")
        for pk, person, *texts in rows:
            in_person = link == "party" and person in theirs and person not in mine
            if in_person or (_says(texts, named - also) and not _says(texts, also - named)):
                found.add(pk)
    return found


def _colleagues(party: int) -> set[int | None]:
    today: date = timezone.localdate()
    running = Q(until=None) | Q(until__gte=today)
    people = Affiliation.objects.filter(running, organisation=party, person__isnull=False)
    return {party, *people.values_list("person_id", flat=True)}


def _named_by(party: int) -> Iterator[str]:
    """The numbers and addresses of a party, as they are looked for in a text."""
    own = Party.objects.filter(pk=party).values_list("phone", "mobile", "email", "pec")
    further = ContactPoint.objects.filter(party=party).values_list("value")
    for value in {value for row in (*own, *further) for value in row if value}:
        yield value.lower() if "@" in value else "".join(filter(str.isdigit, next(digits((value,)), value)))


def _says(texts: Collection[str], wanted: Collection[str]) -> bool:
    whole = " ".join(texts).lower()
    figures = "".join(filter(str.isdigit, whole))
    return any(one in whole if "@" in one else _ends(one) in figures for one in wanted if one)


def _ends(number: str) -> str:
    """A number without the prefix of Italy, which people rarely write."""
    local = number.removeprefix("39")
    return local if len(local) >= SHORTEST else f"no number of {local}"


PLACES.add("activity", places)
