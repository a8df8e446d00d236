"""What an import will do: which records each row makes, and what it tells about; the preview and the import are one plan."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from rapporto.domain.parties.contacts.draft import Aside, Draft, draft_of
from rapporto.domain.parties.contacts.known import Company, Known, Person, name_key, place_key
from rapporto.domain.parties.contacts.read import Contact, ContactFile, read_contacts
from rapporto.domain.parties.models import Address, ContactPoint
from rapporto.kernel.actor import Actor
from rapporto.kernel.text import Message, fold
from rapporto.kernel.where import NOTHING
from rapporto.store.declare import DECLARED
from rapporto.store.errors import Refused

AT_ONCE = 500
"""Rows whose names are looked up together."""
TOLD = 300
"""Refused rows and values set aside that are told one by one; further ones are only counted."""
DATES_LOOKED_AT = 2000


@dataclass
class Step:
    """What one row makes. `person` or `company` without an id are made; parts follow."""

    draft: Draft
    person: Person | None
    company: Company | None
    makes_person: bool = False
    makes_company: bool = False
    makes_affiliation: bool = False

    @property
    def records(self) -> int:
        """About how many records it writes."""
        parts = len(self.draft.person_points) + len(self.draft.company_points) + (self.draft.home is not None)
        return (
            self.makes_person + self.makes_company + self.makes_affiliation + parts + (self.draft.further is not None)
        )


@dataclass
class Summary:
    """What an import did, or would do."""

    rows: int = 0
    people: int = 0
    companies: int = 0
    affiliations: int = 0
    known: int = 0
    """Rows of which everything is in the register already, or stood in an earlier row."""
    refused: int = 0
    aside: int = 0
    refusals: list[tuple[int, Message]] = field(default_factory=list)
    asides: list[Aside] = field(default_factory=list)

    def refuse(self, row: int, why: Message) -> None:
        """A row that could not be read."""
        self.refused += 1
        if len(self.refusals) < TOLD:
            self.refusals.append((row, why))

    def set_aside(self, asides: Iterable[Aside]) -> None:
        """Values that went into the notes."""
        for one in asides:
            self.aside += 1
            if len(self.asides) < TOLD:
                self.asides.append(one)

    def counts(self) -> dict[str, int]:
        """The numbers alone."""
        names = ("rows", "people", "companies", "affiliations", "known", "refused", "aside")
        return {name: getattr(self, name) for name in names}


@dataclass
class Plan:
    """Goes through a file row by row, and knows who is there already."""

    actor: Actor
    file: ContactFile
    known: Known
    summary: Summary = field(default_factory=Summary)

    @classmethod
    def of(cls, actor: Actor, data: bytes) -> "Plan":
        """The plan for a file. Raises Unreadable when nothing can be read from it, Refused for who may add no parties."""
        if DECLARED["party"].record.changeable(actor) == NOTHING:
            raise Refused("Your role does not add records here; ask an administrator.")
        return cls(actor, read_contacts(data), Known(actor))

    def steps(self) -> Iterator[Step]:
        """What each row makes, those left out that make nothing. Raises Unreadable when the file has too many rows."""
        contacts = self.file.contacts()
        early = list(islice(contacts, DATES_LOOKED_AT))
        month_first = _month_first(early, italian=self.file.columns.italian)
        everything = _chain(early, contacts)
        while some := list(islice(everything, AT_ONCE)):
            drafts = [draft for one in some if (draft := self._draft(one, month_first)) is not None]
            self.known.learn(drafts)
            for draft in drafts:
                step = self._step(draft)
                if step is not None:
                    yield step

    def _draft(self, contact: Contact, month_first: bool) -> Draft | None:
        self.summary.rows += 1
        if contact.wrong is not None:
            self.summary.refuse(contact.row, contact.wrong)
            return None
        return draft_of(contact, month_first=month_first)

    def _step(self, draft: Draft) -> Step | None:
        person = self.known.person_of(draft)
        firm = name_key(draft.company["name"]) if draft.company else ""
        works_there = person is not None and (not firm or firm in person.companies)
        if works_there or (draft.person is None and self.known.companies_of(draft)):
            self.summary.known += 1
            return None
        step = Step(draft, person, self.known.company_of(draft))
        if draft.company is not None:
            self._with_company(step, firm)
        if draft.person is not None:
            self._with_person(step, firm)
        self.summary.set_aside(draft.asides)
        return step

    def _with_company(self, step: Step, firm: str) -> None:
        draft = step.draft
        assert draft.company is not None
        if step.company is None:
            step.company, step.makes_company = self.known.add_company(draft), True
            self.summary.companies += 1
        else:
            _only_what_is_new(draft, step.company)
        step.company.reaches |= {one["value"] for one in draft.company_points}
        step.company.reaches |= {draft.company[name] for name in _REACHES if draft.company.get(name)}
        step.company.streets.add(fold(draft.company.get("street", "")))

    def _with_person(self, step: Step, firm: str) -> None:
        draft = step.draft
        if step.person is None:
            step.person, step.makes_person = self.known.add_person(draft), True
            self.summary.people += 1
        else:
            # Known with another company: this place is new, the person's own numbers are there already.
            draft.person_points = [one for one in draft.person_points if one["value"] not in step.person.reaches]
            step.person.reaches |= draft.reaches
        if firm:
            step.person.companies.add(firm)
            step.makes_affiliation = True
            self.summary.affiliations += 1


_REACHES = {
    "phone": ContactPoint.PHONE,
    "mobile": ContactPoint.MOBILE,
    "email": ContactPoint.EMAIL,
    "pec": ContactPoint.PEC,
    "website": ContactPoint.WEB,
}


def _only_what_is_new(draft: Draft, company: Company) -> None:
    """Of a company that is there, numbers and a site that are not known yet are added beside those it has."""
    assert draft.company is not None
    own = [
        {"kind": kind, "value": draft.company[name], "label": "", "private": False}
        for name, kind in _REACHES.items()
        if draft.company.get(name)
    ]
    draft.company_points = [one for one in (*own, *draft.company_points) if one["value"] not in company.reaches]
    street = fold(draft.company.get("street", ""))
    if street and street not in company.streets and place_key(draft.company)[0]:
        draft.further = draft.further or {name: draft.company[name] for name in _PIECES if draft.company.get(name)} | {
            "of_company": True
        }


_PIECES = tuple(name for name in ("street", "postal_code", "city", "province", "country") if hasattr(Address, name))


def _month_first(contacts: Iterable[Contact], *, italian: bool) -> bool:
    """Whether the dates of a file are American: told by the days above twelve, else by the language of the heads."""
    for contact in contacts:
        parts = contact.single.get("birth_date", "").split("/")
        if len(parts) == 3 and parts[0].isdigit() and parts[1].isdigit():
            if int(parts[0]) > 12:
                return False
            if int(parts[1]) > 12:
                return True
    return not italian


def _chain(early: list[Contact], later: Iterator[Contact]) -> Iterator[Contact]:
    yield from early
    yield from later
