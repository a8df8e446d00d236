"""Who is known already: the parties the importing person may see, by name or number, and those the import has told of so far."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rapporto.domain.parties.likeness import is_shared_mailbox
from rapporto.domain.parties.models import ORGANISATION, PERSON, Address, Affiliation, ContactPoint, Party, ToVerify
from rapporto.kernel.text import fold
from rapporto.store.chunks import chunks
from rapporto.store.imports.drafts import Draft
from rapporto.store.imports.register import Register
from rapporto.store.records import find

PlaceKey = tuple[str, str]
OWN_REACHES = ("phone", "mobile", "email", "pec", "website")


@dataclass(eq=False)
class Company:
    """A company of the register, or one that the import makes; what is told of it there."""

    id: int | None
    place: PlaceKey = ("", "")
    """Folded city and province, '' where unknown."""
    reaches: set[str] = field(default_factory=set)
    streets: set[str] = field(default_factory=set)
    waiting: set[tuple[str, str]] = field(default_factory=set)
    from_file: bool = False
    draft: Draft | None = None

    def may_be_at(self, place: PlaceKey) -> bool:
        """Whether the two places can be one and the same: what both know must be equal."""
        return all(mine == theirs for mine, theirs in zip(self.place, place, strict=True) if mine and theirs)


@dataclass(eq=False)
class Person:
    """A person of the register, or one that the import makes."""

    id: int | None
    reaches: set[str] = field(default_factory=set)
    companies: set[str] = field(default_factory=set)
    """The folded names of the companies they work or worked for."""
    desks: dict[int, int] = field(default_factory=dict)
    """Their affiliations by the number of the company."""
    new_desks: dict[Company, Draft] = field(default_factory=dict)
    """The affiliations that this portion makes."""
    homes: set[str] = field(default_factory=set)
    waiting: set[tuple[str, str]] = field(default_factory=set)
    draft: Draft | None = None


def place_key(values: Mapping[str, Any] | None) -> PlaceKey:
    """What of an address tells two companies of one name apart."""
    return (fold((values or {}).get("city") or ""), (values or {}).get("province") or "")


def name_key(name: str) -> str:
    """The name as the register compares it."""
    return NAME.key(name) or ""


NAME = Party._meta.get_field("name").kind


@dataclass
class Known:
    """What is known to one portion of an import, looked up at once: by names, and by the numbers that codes have told."""

    register: Register
    companies: dict[str, list[Company]] = field(default_factory=dict)
    people: dict[str, list[Person]] = field(default_factory=dict)
    by_id: dict[int, Company | Person] = field(default_factory=dict)

    def learn(self, firms: Collection[str], names: Collection[str], ids: Collection[int]) -> None:
        """Look these up, in seven queries at most."""
        self.companies |= {name: [] for name in firms}
        self.people |= {name: [] for name in names}
        rows = find(self.register.actor, "party")
        columns = ("id", "kind", "name_key", "city_key", "province", "street_key", "origin_id", *OWN_REACHES)
        for kind, keys in ((ORGANISATION, firms), (PERSON, names)):
            for some in chunks(sorted(keys)):
                self._hold(rows.filter(kind=kind, name_key__in=some).order_by("id").values_list(*columns))
        for numbers in chunks(sorted(one for one in ids if one > 0 and one not in self.by_id)):
            self._hold(rows.filter(pk__in=numbers).order_by("id").values_list(*columns))
        self._learn_parts()
        told = {_by_number(one) for one in ids}
        self._learn_thoughts({*firms, *told}, {*names, *told})

    def _hold(self, rows: Iterable[Sequence[Any]]) -> None:
        for row_id, kind, name, city, province, street, origin, *reaches in rows:
            told = {one for one in reaches if one}
            if kind == PERSON:
                self.by_id[row_id] = person = Person(row_id, told, homes={street} - {""})
                self.people.setdefault(name, []).append(person)
            else:
                made_here = origin is not None and origin == self.register.imported
                self.by_id[row_id] = firm = Company(
                    row_id, (city, province), told, {street} - {""}, from_file=made_here
                )
                self.companies.setdefault(name, []).append(firm)

    def _learn_parts(self) -> None:
        people = [row_id for row_id, one in self.by_id.items() if isinstance(one, Person)]
        for some in chunks(people):
            works = Affiliation.objects.filter(person__in=some).order_by("-id")
            names = ("id", "person_id", "organisation_id", "organisation__name_key", "phone", "mobile", "email")
            for desk, person_id, firm_id, firm, *reaches in works.values_list(*names):
                person = self.by_id[person_id]
                assert isinstance(person, Person)
                person.companies.add(firm)
                person.desks[firm_id] = desk
                person.reaches.update(one for one in reaches if one)
        for some in chunks(self.by_id):
            for party, value in ContactPoint.objects.filter(party__in=some).values_list("party_id", "value"):
                self.by_id[party].reaches.add(value)
            for party, street in Address.objects.filter(party__in=some).values_list("party_id", "street_key"):
                one = self.by_id[party]
                (one.streets if isinstance(one, Company) else one.homes).add(street)
            for party, name, text in ToVerify.objects.filter(party__in=some).values_list("party_id", "field", "text"):
                self.by_id[party].waiting.add((name, text))

    def _learn_thoughts(self, firms: Collection[str], names: Collection[str]) -> None:
        """What a trial has thought of so far."""
        for key, row_id, told in self.register.remembered("company", firms):
            firm = self.by_id.get(row_id)
            if not isinstance(firm, Company):
                self.by_id[row_id] = firm = Company(row_id, tuple(told["place"]), from_file=True)
                self.companies.setdefault(key, []).append(firm)
            firm.reaches |= set(told["reaches"])
            firm.streets |= set(told["streets"])
            firm.waiting |= _waiting(told)
        for key, row_id, told in self.register.remembered("person", names):
            person = self.by_id.get(row_id)
            if not isinstance(person, Person):
                self.by_id[row_id] = person = Person(row_id)
                self.people.setdefault(key, []).append(person)
            person.reaches |= set(told["reaches"])
            person.companies |= set(told["companies"])
            person.homes |= set(told["homes"])
            person.desks |= {int(firm): desk for firm, desk in told["desks"].items()}
            person.waiting |= _waiting(told)

    # ── who is who ──────────────────────────────────────────────────────────────────────────────
    def person_of(self, name: str, reaches: Collection[str], there: Callable[[Person], bool] | None) -> Person | None:
        """The same person: equal name, and an equal own e-mail or phone, or the same company; None for somebody new.

        `there` says whether somebody works for the company of the row; None when it tells of none.
        """
        for one in self.people.get(name, ()):
            told = {reach for reach in one.reaches if "@" not in reach or not is_shared_mailbox(reach)}
            same_firm = there is not None and there(one)
            if not told.isdisjoint(reaches) or same_firm or (there is None and not reaches and not told):
                return one
        return None

    def companies_of(self, name: str, place: PlaceKey) -> list[Company]:
        """The companies of that name which can be at that place; those of exactly that place, if there are any."""
        fitting = [one for one in self.companies.get(name, ()) if one.may_be_at(place)]
        return [one for one in fitting if one.place == place] or fitting

    def company_of(self, name: str, place: PlaceKey, *, alone: bool) -> Company | None:
        """The company of that name and place: one that the import has made, else the only one of the register.

        Of whom nothing else is told (`alone`) any of them will do: the row adds nothing.
        """
        found = self.companies_of(name, place)
        made = [one for one in found if one.from_file]
        return made[0] if made else found[0] if len(found) == 1 or (alone and found) else None

    def add_company(self, name: str, draft: Draft) -> Company:
        """Remember a company that this portion makes."""
        made = Company(None, place_key(draft.values), from_file=True, draft=draft)
        self.companies.setdefault(name, []).append(made)
        return made

    def add_person(self, name: str, draft: Draft) -> Person:
        """Remember a person that this portion makes."""
        made = Person(None, draft=draft)
        self.people.setdefault(name, []).append(made)
        return made

    def tell(self, touched: Iterable[tuple[str, Company | Person]]) -> None:
        """Have a trial remember what this portion told of parties, by name."""
        for key, one in touched:
            row_id = _row(one)
            if row_id is None:
                continue
            for told in (key, _by_number(row_id)):
                if isinstance(one, Company):
                    place = {"place": one.place, "streets": sorted(one.streets)}
                    self.register.remember("company", told, row_id, {**place, **_shared(one)})
                else:
                    works = {"companies": sorted(one.companies), "homes": sorted(one.homes), "desks": _desks(one)}
                    self.register.remember("person", told, row_id, {**works, **_shared(one)})


def _by_number(row_id: int) -> str:
    """The key of a party that its code tells; no name is folded to it."""
    return f"#{row_id}"


def _row(one: Company | Person) -> int | None:
    return one.id if one.draft is None else one.draft.first.id


def _desks(person: Person) -> dict[str, int]:
    """The affiliations of a person by the number of the company, as JSON has them."""
    made = ((_row(firm), desk.id) for firm, desk in person.new_desks.items())
    return {str(firm): desk for firm, desk in (*person.desks.items(), *made) if firm is not None and desk is not None}


def _shared(one: Company | Person) -> dict[str, Any]:
    return {"reaches": sorted(one.reaches), "waiting": sorted(one.waiting)}


def _waiting(told: dict[str, Any]) -> set[tuple[str, str]]:
    return {(name, text) for name, text in told["waiting"]}


__all__ = ["Company", "Known", "Person", "name_key", "place_key"]
