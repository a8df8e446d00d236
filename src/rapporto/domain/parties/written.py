"""What follows from a written party or affiliation: its name, its province and region, the territory that looks after it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection

from rapporto.domain.parties.geography import province_of_postal_code, region_of_province
from rapporto.domain.parties.models import PERSON, Affiliation, ContactPoint, Party, PartyNumbers
from rapporto.domain.people.ground import ITALY, Place, territory_of
from rapporto.kernel.kinds import Email, Kind, Phone, Web
from rapporto.kernel.text import BadValue
from rapporto.store.chunks import chunks
from rapporto.store.derive import on_fields
from rapporto.store.errors import Invalid

VALUES: Mapping[str, Kind] = {
    ContactPoint.PHONE: Phone(),
    ContactPoint.MOBILE: Phone(),
    ContactPoint.FAX: Phone(),
    ContactPoint.EMAIL: Email(),
    ContactPoint.PEC: Email(),
    ContactPoint.WEB: Web(),
}


@on_fields(
    "kind", "name", "first_name", "last_name", "postal_code", "province", "region", "country", "territory", "part_of"
)
def follow_from_place(row: Party, changed: Mapping[str, Any]) -> None:
    """Complete a party before it is written: what was typed stays, what is blank follows from the rest."""
    before = _before(row, changed)
    _name_a_person(row, changed, before)
    if changed.keys() & {"postal_code", "province", "region", "country"}:
        _province_and_region(row, changed)
    if changed.keys() & {"postal_code", "province", "region", "country", "territory", "part_of"}:
        _territory(row, changed)


def _before(row: Party, changed: Mapping[str, Any]) -> Party | None:
    """The person as it stands in the register, read only when a part of the name changes and the whole was not typed."""
    if row.pk is None or row.kind != PERSON or "name" in changed or not changed.keys() & {"first_name", "last_name"}:
        return None
    return Party.objects.only("first_name", "last_name", "name").filter(pk=row.pk).first()


def full_name(first_name: str, last_name: str) -> str:
    """«Mario Rossi»."""
    return " ".join(part for part in (first_name, last_name) if part)


def _name_a_person(row: Party, changed: Mapping[str, Any], before: Party | None) -> None:
    """A person without a name takes it from its parts, and goes on following them. A name is never taken apart."""
    followed = before is not None and before.name == full_name(before.first_name, before.last_name)
    if row.kind == PERSON and (followed or not row.name):
        row.name = full_name(row.first_name, row.last_name) or row.name


def _province_and_region(row: Party, changed: Mapping[str, Any]) -> None:
    if row.country not in ITALY:
        row.region = ""
        return
    typed = changed.get("province")
    if row.postal_code and not typed and ("postal_code" in changed or not row.province):
        row.province = province_of_postal_code(row.postal_code) or row.province
    if row.province:
        row.region = region_of_province(row.province) or row.region


def _territory(row: Party, changed: Mapping[str, Any]) -> None:
    """A territory that somebody chose stays; any other follows the place. Emptying it lets it follow again."""
    found = territory_of(place_of(row)) or _territory_of_whole(row)
    if changed.get("territory"):
        row.territory_by_hand = row.territory_id != found
    elif "territory" in changed or not row.territory_by_hand:
        row.territory_id, row.territory_by_hand = found, False


def place_of(row: Party) -> Place:
    """Where a party is."""
    return Place(row.postal_code, row.province, row.region, row.country)


def _territory_of_whole(row: Party) -> int | None:
    """Of whom no place is known: the territory of the company for which a person works, or of which a unit is part."""
    if place_of(row).known:
        return None
    if row.part_of_id:
        return Party.objects.filter(pk=row.part_of_id).values_list("territory_id", flat=True).first()
    if row.pk is None or row.kind != PERSON:
        return None
    jobs = Affiliation.objects.filter(person_id=row.pk, until=None, organisation__territory__isnull=False)
    return jobs.order_by("-main", "id").values_list("organisation__territory_id", flat=True).first()


def inherit_assignments(rows: Sequence[Affiliation]) -> None:
    """The same for many new affiliations, by one query and one UPDATE for every pair of owner and territory."""
    people = Party.objects.in_bulk({one for row in rows for one in (row.person_id, row.organisation_id)})
    given: defaultdict[tuple[tuple[str, Any], ...], list[int]] = defaultdict(list)
    for row in rows:
        person, company = people.get(row.person_id), people.get(row.organisation_id)
        if person is None or company is None or row.until is not None:
            continue
        taken = {}
        if person.owner_id is None and company.owner_id is not None:
            taken["owner_id"] = person.owner_id = company.owner_id
        follows = not person.territory_by_hand and not place_of(person).known
        if follows and company.territory_id not in (None, person.territory_id):
            taken["territory_id"] = person.territory_id = company.territory_id
        if taken:
            given[tuple(sorted(taken.items()))].append(person.pk)
    for values, ids in given.items():
        Party.objects.filter(pk__in=ids).update(**dict(values))


@on_fields("person", "organisation", many=inherit_assignments)
def inherit_assignment(row: Affiliation, changed: Mapping[str, Any]) -> None:
    """A person nobody looks after is looked after by whoever has the company, in the same change set.

    Whose own place is unknown stays in the territory of the company, unless somebody chose another one.
    """
    inherit_assignments([row])


@on_fields("kind", "value")
def canonical_value(row: ContactPoint, changed: Mapping[str, Any]) -> None:
    """Keep a number or address as its kind writes it. Raises Invalid with what to do."""
    try:
        row.value = VALUES[row.kind].check(row.value) or ""
    except BadValue as wrong:
        raise Invalid({"value": wrong.message}) from None


def make_numbers(rows: Sequence[Party]) -> None:
    """Parties just made have a row of numbers, with nothing in it yet."""
    with connection.cursor() as cursor:
        for some in chunks(row.pk for row in rows):
            cursor.execute(
                f"INSERT INTO {PartyNumbers._meta.db_table} (party_id, activities) VALUES {', '.join(['(%s, 0)'] * len(some))}"
                " ON CONFLICT (party_id) DO NOTHING",
                some,
            )


@on_fields(new=make_numbers)
def renew_numbers(ids: Sequence[int]) -> None:
    """Every party has a row of numbers, and no other row is left. The numbers themselves are those of its activities."""
    numbers, parties = PartyNumbers._meta.db_table, Party._meta.db_table
    with connection.cursor() as cursor:
        for some in chunks(ids):
            marks = ", ".join(["%s"] * len(some))
            cursor.execute(
                f"INSERT INTO {numbers} (party_id, activities) SELECT p.id, 0 FROM {parties} p "
                f"WHERE p.id IN ({marks}) ON CONFLICT (party_id) DO NOTHING",
                some,
            )
            cursor.execute(
                f"DELETE FROM {numbers} WHERE party_id IN ({marks}) "
                f"AND NOT EXISTS (SELECT 1 FROM {parties} p WHERE p.id = {numbers}.party_id)",
                some,
            )
