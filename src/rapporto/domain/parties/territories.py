"""When the ground of a territory changes, every party is given to whoever looks after its place now, a few at a time."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import BigIntegerField, Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from rapporto.domain.parties.models import Affiliation, Party
from rapporto.domain.people.facts import TerritoriesChanged
from rapporto.domain.people.ground import Grounds, Place
from rapporto.domain.people.models import TerritoryArea
from rapporto.kernel.actor import system_task
from rapporto.kernel.facts import follows
from rapporto.store.history.changing import change_set
from rapporto.store.outbox import newer_waits, record

READ, WRITTEN = 2000, 200
"""Parties looked at in one step, and at most written: whoever works meanwhile never waits for more."""
TASK = system_task("territories")


@follows(TerritoriesChanged, name="parties.territories", here=True, delay=2)
def give_to_new_territories(fact: TerritoriesChanged) -> None:
    """One step; the next is owed as a fact of its own. Later changes begin anew, so this round ends when one is waiting.

    The delay lets writers finish who have read the ground as it was.
    """
    if newer_waits():
        return
    moves, last = _of_places(fact.after) if fact.step == "places" else _of_people(fact.after)
    if moves:
        with change_set(TASK, "territories"):
            _write(moves)
    if last is not None:
        record(TerritoriesChanged(fact.step, last))
    elif fact.step == "places":
        record(TerritoriesChanged("people"))


Move = tuple[int, int | None]
"""A party and its new territory."""
Piece = tuple[str, str, str, int]
"""A piece of ground: kind, first, last, territory."""


def _of_places(after: int) -> tuple[list[Move], int | None]:
    """The parties after that id whose place belongs to another territory now; and where the next step begins."""
    grounds = Grounds.read()
    rows = _following(after).values_list("id", "territory_id", "postal_code", "province", "region", "country")
    found = []
    for party, now, *where in rows:
        place = Place(*where)
        found.append((party, now, grounds.territory(place) if place.known else now))
    return _step(found)


def _of_people(after: int) -> tuple[list[Move], int | None]:
    """The same for units and persons of whom no place is known: they follow their whole, or the company they work for."""
    company = Affiliation.objects.filter(person=OuterRef("pk"), until=None, organisation__territory__isnull=False)
    whose = Subquery(company.order_by("-main", "id").values("organisation__territory_id")[:1])
    rows = _following(after).annotate(whole=Coalesce(F("part_of__territory_id"), whose, output_field=BigIntegerField()))
    found = []
    for party, now, whole, *where in rows.values_list(
        "id", "territory_id", "whole", "postal_code", "province", "region", "country"
    ):
        found.append((party, now, whole if whole is not None and not Place(*where).known else now))
    return _step(found)


def _following(after: int) -> QuerySet[Party]:
    return Party.objects.filter(id__gt=after, territory_by_hand=False).order_by("id")[:READ]


def _step(found: Sequence[tuple[int, int | None, int | None]]) -> tuple[list[Move], int | None]:
    moves = [(party, new) for party, now, new in found if new != now]
    if len(moves) > WRITTEN:
        return moves[:WRITTEN], moves[WRITTEN - 1][0]
    return moves, found[-1][0] if len(found) == READ else None


def _write(moves: Iterable[Move]) -> None:
    """One UPDATE for each territory. It goes past `change_many`, which would take the new territory for one chosen by hand."""
    parties: dict[int | None, list[int]] = defaultdict(list)
    for party, territory in moves:
        parties[territory].append(party)
    for territory, ids in parties.items():
        Party.objects.filter(id__in=ids, territory_by_hand=False).update(territory=territory)


@dataclass(frozen=True)
class Shift:
    """How many parties would go from one territory to another; None is nobody's ground."""

    old: int | None
    new: int | None
    parties: int


def foreseen(*, more: Sequence[Piece] = (), without: int | None = None) -> list[Shift]:
    """What further pieces of ground, or one piece less, would move: parties by territory, the most first. One query for the parties.

    Those whose territory was chosen by hand stay; persons without a place of their own follow their company and are not counted.
    """
    areas = TerritoryArea.objects.exclude(pk=without or 0).order_by("id")
    pieces = [*areas.values_list("kind", "first", "last", "territory_id"), *more]
    grounds = Grounds.of(pieces)
    rows = Party.objects.filter(territory_by_hand=False).order_by()
    places = rows.values_list("territory_id", "postal_code", "province", "region", "country").annotate(
        number=Count("id")
    )
    found: Counter[tuple[int | None, int | None]] = Counter()
    for now, code, province, region, country, number in places.iterator():
        place = Place(code, province, region, country)
        new = grounds.territory(place) if place.known else now
        if new != now:
            found[now, new] += number
    return [Shift(old, new, number) for (old, new), number in found.most_common()]
