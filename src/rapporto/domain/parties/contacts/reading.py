"""Reads the rows of a table of parties: a company, the people who work there, their numbers and places, in records linked to each other."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rapporto.domain.parties.contacts.columns import Column
from rapporto.domain.parties.contacts.draft import told_by
from rapporto.domain.parties.contacts.known import name_key
from rapporto.domain.parties.contacts.read import Contact, contacts_in
from rapporto.domain.parties.contacts.told import Told
from rapporto.kernel.kinds import Kind, Link, Links
from rapporto.kernel.text import BadValue, Message
from rapporto.store.erasures import any_erased, known_by_name, words
from rapporto.store.imports.cells import MADE_UP, Reader, mark_of, text_of
from rapporto.store.imports.drafts import Aside, Asked, Draft, Row

NOBODY = Message("There is neither a name nor a company, an e-mail or a number.")
COMPANY, PEOPLE = "organisation", "person"


@dataclass(frozen=True)
class OwnField:
    """A further field of the party that a column holds."""

    kind: Kind
    read: Reader


@dataclass(eq=False)
class Desk:
    """One person of a row, how they belong to the company, and what was told of both."""

    told: Told
    person: Draft | None
    affiliation: Draft | None
    details: list[Draft] = field(default_factory=list)


@dataclass(eq=False)
class Whole:
    """What the shape keeps of a row: the company with what belongs to it, and its people."""

    company: Draft | None
    details: list[Draft]
    desks: list[Desk]
    of_people: bool = False
    """Whether the row is about a person: then its code is theirs."""
    touched: list[Any] = field(default_factory=list)
    """The parties it tells of, by name, once they are recognised."""


@dataclass(frozen=True)
class PartyReading:
    """Reads rows under heads that are understood. `allowed` are the fields that the importing person may write, by record type."""

    columns: tuple[Column, ...]
    slots: tuple[str, ...]
    code_at: int | None
    own: Mapping[str, OwnField]
    allowed: Mapping[str, frozenset[str]]
    owner: int | None
    month_first: bool
    of_people: bool = False
    """Whether the rows are about people: then the code is theirs, and not that of the company they work for."""

    def asked(self, row: Row) -> Asked:
        cells = tuple(text_of(cell).strip() for cell in row.values)
        mark = mark_of(self.slots, cells)
        code = cells[self.code_at] if self.code_at is not None and self.code_at < len(cells) else ""
        return Asked(row.number, mark, code or MADE_UP + mark, bool(code), cells)

    def draft(self, asked: Asked) -> None:
        main, *others = contacts_in(self.columns, asked.values)
        if not main.said and not any(one.said for one in others):
            asked.refuse(NOBODY)
            return
        for one in others:
            one.single.setdefault("company", main.single.get("company", ""))
        told = [(one, told_by(one, month_first=self.month_first)) for one in (main, *others) if one.said]
        whole = self._whole(asked, told)
        if gone := _erased(whole):
            asked.refuse(gone)
            return
        asked.own = whole
        asked.drafts = list(_in_order(whole))
        person = next((one.person for one in whole.desks if one.person is not None), None)
        asked.main = whole.company
        if person is not None and (whole.company is None or self.of_people or not asked.told):
            asked.main = person

    def _whole(self, asked: Asked, told: Sequence[tuple[Contact, Told]]) -> Whole:
        company = self._company(told)
        firm = next((one for _, one in told if one.company is not None), None)
        whole = Whole(company, [], [], self.of_people)
        for contact, one in told:
            desk = self._desk(one, company)
            if desk is not None:
                whole.desks.append(desk)
            if company is not None:
                whole.details += _points(company, one.company_points)
            if one.further and company is not None and (desk is None or one is firm):
                whole.details.append(Draft("address", {**one.further, "kind": "site", "party": company}))
            elif one.further and desk is not None and desk.person is not None:
                desk.details.append(Draft("address", {**one.further, "kind": "site", "party": desk.person}))
            self._further(asked, contact, company, desk)
            self._troubles(asked, one, whole, desk)
        if asked.told:
            _give_codes(asked.code, whole, of_people=self.of_people)
        self._leave_out(asked, whole)
        return whole

    def _company(self, told: Sequence[tuple[Contact, Told]]) -> Draft | None:
        """The company of the row; what a contact person tells of it is added to what the row itself does."""
        values: dict[str, Any] = {}
        for _contact, one in told:
            for name, value in (one.company or {}).items():
                values.setdefault(name, value)
        return Draft("party", {**values, "owner": self.owner}, COMPANY) if values else None

    def _desk(self, told: Told, company: Draft | None) -> Desk | None:
        if told.person is None:
            return None
        person = Draft("party", {**told.person, "owner": self.owner}, PEOPLE)
        affiliation = None
        if company is not None:
            affiliation = Draft("affiliation", {**told.desk, "person": person, "organisation": company, "main": False})
        desk = Desk(told, person, affiliation, list(_points(person, told.person_points)))
        if told.home:
            desk.details.append(Draft("address", {**told.home, "kind": "home", "party": person}))
        return desk

    def _further(self, asked: Asked, contact: Contact, company: Draft | None, desk: Desk | None) -> None:
        """Further fields are those of the company; of a person who has none, their own."""
        whose = company if company is not None else desk.person if desk is not None else None
        for name, (head, text) in contact.own.items():
            if whose is None or name not in self.own:
                continue
            own = self.own[name]
            if isinstance(own.kind, Link | Links):
                whose.named[name] = (head, text)
                whose.values.pop(name, None)
                continue
            try:
                whose.values[name] = own.read(text)
            except BadValue as wrong:
                asked.asides.append(Aside(head, text, wrong.message, name, whose))

    def _troubles(self, asked: Asked, told: Told, whole: Whole, desk: Desk | None) -> None:
        for one in told.troubles:
            whose = whole.company if one.of_company or desk is None else desk.person
            if whose is not None:
                asked.asides.append(Aside(one.column, one.text, one.reason, one.field, whose))

    def _leave_out(self, asked: Asked, whole: Whole) -> None:
        """Nothing is written into fields that this person may not write."""
        for draft in _in_order(whole):
            if draft.record in self.allowed:
                for name in draft.values.keys() - self.allowed[draft.record]:
                    del draft.values[name]
                for name in draft.named.keys() - self.allowed[draft.record]:
                    del draft.named[name]


def _erased(whole: Whole) -> Message | None:
    """Why nobody of the row is entered again, when it names somebody who was erased, at their company."""
    company = str(whole.company.values.get("name", "")) if whole.company is not None else ""
    for desk in whole.desks if company and any_erased() else ():
        name = str(desk.person.values.get("name", "")) if desk.person is not None else ""
        if name and (found := known_by_name(name, company)):
            return words(found)
    return None


def _points(party: Draft, points: Sequence[Mapping[str, Any]]) -> Iterator[Draft]:
    for one in points:
        yield Draft("contact_point", {**one, "party": party})


def _give_codes(code: str, whole: Whole, *, of_people: bool) -> None:
    """The code is the company's, and its people follow it by their names; or it is that of the person whom the row is about."""
    whose = whole.company
    if of_people and whole.desks:
        whose = whole.desks[0].person
    elif whose is not None:
        for desk in whole.desks:
            if desk.person is not None:
                desk.person.code = f"{code}/{name_key(desk.person.values.get('name', ''))}"[:200]
    elif whole.desks:
        whose = whole.desks[0].person
    if whose is not None:
        whose.code = code


def _in_order(whole: Whole) -> Iterator[Draft]:
    """Every record of the row, wholes before their parts."""
    if whole.company is not None:
        yield whole.company
    for desk in whole.desks:
        if desk.person is not None:
            yield desk.person
    for desk in whole.desks:
        if desk.affiliation is not None:
            yield desk.affiliation
    yield from whole.details
    for desk in whole.desks:
        yield from desk.details


__all__ = ["COMPANY", "PEOPLE", "Desk", "OwnField", "PartyReading", "Whole"]
