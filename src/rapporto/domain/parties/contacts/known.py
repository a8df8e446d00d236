"""Who is known already: the parties the importing person may see, by name, and those the file has told of so far."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from rapporto.domain.parties.contacts.draft import Draft
from rapporto.domain.parties.models import ORGANISATION, PERSON, Address, Affiliation, ContactPoint, Party
from rapporto.kernel.actor import Actor
from rapporto.kernel.text import fold
from rapporto.store.chunks import chunks
from rapporto.store.records import find

AT_ONCE = 500
PlaceKey = tuple[str, str]


@dataclass(eq=False)
class Company:
    """A company of the register, or one the file makes; `id` is None until it is made."""

    id: int | None
    place: PlaceKey
    """Folded city and province, '' where unknown."""
    reaches: set[str] = field(default_factory=set)
    streets: set[str] = field(default_factory=set)
    from_file: bool = False

    def may_be_at(self, place: PlaceKey) -> bool:
        """Whether the two places can be one and the same: what both know must be equal."""
        return all(mine == theirs for mine, theirs in zip(self.place, place, strict=True) if mine and theirs)


@dataclass(eq=False)
class Person:
    """A person of the register, or one the file makes."""

    id: int | None
    reaches: set[str] = field(default_factory=set)
    companies: set[str] = field(default_factory=set)
    """The folded names of the companies they work or worked for."""


def place_key(values: dict[str, str] | None) -> PlaceKey:
    """What of an address tells two companies of one name apart."""
    return (fold((values or {}).get("city", "")), (values or {}).get("province", ""))


def name_key(name: str) -> str:
    """The name as the register compares it."""
    return Party._meta.get_field("name").kind.key(name) or ""


@dataclass
class Known:
    """What is known by name; names are looked up in the register a few hundred at a time, each once."""

    actor: Actor
    companies: dict[str, list[Company]] = field(default_factory=dict)
    people: dict[str, list[Person]] = field(default_factory=dict)

    def learn(self, drafts: Iterable[Draft]) -> None:
        """Look up the names in these drafts that were not looked up yet."""
        drafts = list(drafts)
        firms = {name_key(one.company["name"]) for one in drafts if one.company} - self.companies.keys()
        names = {name_key(one.person["name"]) for one in drafts if one.person} - self.people.keys()
        self.companies |= {name: [] for name in firms}
        self.people |= {name: [] for name in names}
        for some in chunks(sorted(firms), AT_ONCE):
            self._learn_companies(some)
        for some in chunks(sorted(names), AT_ONCE):
            self._learn_people(some)

    def _learn_companies(self, names: list[str]) -> None:
        rows = find(self.actor, "party").filter(kind=ORGANISATION, name_key__in=names).order_by("id")
        found: dict[int, Company] = {}
        for row_id, name, city, province, street, *reaches in rows.values_list(
            "id", "name_key", "city_key", "province", "street_key", "phone", "mobile", "email", "pec", "website"
        ):
            found[row_id] = Company(row_id, (city, province), {one for one in reaches if one}, {street} - {""})
            self.companies[name].append(found[row_id])
        for party_id, value in ContactPoint.objects.filter(party__in=found).values_list("party_id", "value"):
            found[party_id].reaches.add(value)
        for party_id, street in Address.objects.filter(party__in=found).values_list("party_id", "street_key"):
            found[party_id].streets.add(street)

    def _learn_people(self, names: list[str]) -> None:
        rows = find(self.actor, "party").filter(kind=PERSON, name_key__in=names).order_by("id")
        found: dict[int, Person] = {}
        for row_id, name, *reaches in rows.values_list("id", "name_key", "phone", "mobile", "email"):
            found[row_id] = Person(row_id, {one for one in reaches if one})
            self.people[name].append(found[row_id])
        works = Affiliation.objects.filter(person__in=found)
        for person_id, firm, *reaches in works.values_list(
            "person_id", "organisation__name_key", "phone", "mobile", "email"
        ):
            found[person_id].companies.add(firm)
            found[person_id].reaches.update(one for one in reaches if one)
        for party_id, value in ContactPoint.objects.filter(party__in=found).values_list("party_id", "value"):
            found[party_id].reaches.add(value)

    def person_of(self, draft: Draft) -> Person | None:
        """The same person: equal name, and an equal e-mail or phone, or the same company; None for somebody new."""
        if draft.person is None:
            return None
        firm, reaches = name_key(draft.company["name"]) if draft.company else None, draft.reaches
        for one in self.people[name_key(draft.person["name"])]:
            if (
                not one.reaches.isdisjoint(reaches)
                or firm in one.companies
                or (firm is None and not reaches and not one.reaches)
            ):
                return one
        return None

    def companies_of(self, draft: Draft) -> list[Company]:
        """The companies of that name which can be at that place; those of exactly that place, if there are any."""
        if draft.company is None:
            return []
        place = place_key(draft.company)
        fitting = [one for one in self.companies[name_key(draft.company["name"])] if one.may_be_at(place)]
        return [one for one in fitting if one.place == place] or fitting

    def company_of(self, draft: Draft) -> Company | None:
        """The company of that name and place: the one the file has made, else the only one of the register."""
        found = self.companies_of(draft)
        made = [one for one in found if one.from_file]
        return made[0] if made else found[0] if len(found) == 1 else None

    def add_company(self, draft: Draft) -> Company:
        """Remember a company that the file makes."""
        assert draft.company is not None
        made = Company(None, place_key(draft.company), from_file=True)
        self.companies[name_key(draft.company["name"])].append(made)
        return made

    def add_person(self, draft: Draft) -> Person:
        """Remember a person that the file makes."""
        assert draft.person is not None
        made = Person(None, draft.reaches)
        self.people[name_key(draft.person["name"])].append(made)
        return made


__all__ = ["Company", "Known", "Person", "name_key"]
