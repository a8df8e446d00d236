"""Which parties of a row are known: by their code, else by name and place, or by name and a number of their own; the rest is new."""

from collections.abc import Callable, Sequence
from typing import Any

from rapporto.domain.parties.contacts.known import OWN_REACHES, Company, Known, Person, name_key, place_key
from rapporto.domain.parties.contacts.reading import Desk, Whole
from rapporto.domain.parties.contacts.told_codes import Holders, keep_kinds
from rapporto.domain.parties.models import Address, ToVerify
from rapporto.kernel.text import fold
from rapporto.store.imports.drafts import ASIDE, NEW, Asked, Draft
from rapporto.store.imports.register import Register
from rapporto.store.messages import in_words

_PIECES = tuple(name for name in ("street", "postal_code", "city", "province", "country") if hasattr(Address, name))
_WAITING = frozenset(name for name, _label in ToVerify.FIELDS)


def recognise(register: Register, portion: Sequence[Asked]) -> None:
    """Give the drafts of known parties their numbers, and take out what is known of them."""
    known = Known(register)
    wholes = [asked.own for asked in portion]
    firms = {_key(one.company) for one in wholes if one.company is not None and not one.company.code}
    people = [desk.person for one in wholes for desk in one.desks if desk.person is not None]
    drafts = [*people, *(one.company for one in wholes if one.company is not None)]
    known.learn(firms, {_key(one) for one in people}, {one.id for one in drafts if one.id is not None})
    by_draft: dict[Draft, Company | Person] = {}
    holders: Holders = {}
    for asked in portion:
        keep_kinds(known, holders, asked)
        _Row(known, by_draft, asked).recognise()
    _keep_aside(register, portion, by_draft)


def _key(draft: Draft) -> str:
    return name_key(draft.values.get("name", ""))


class _Row:
    """One row, told apart from what is known and from the rows above it."""

    def __init__(self, known: Known, by_draft: dict[Draft, Company | Person], asked: Asked) -> None:
        self.known, self.by_draft, self.asked = known, by_draft, asked
        self.whole: Whole = asked.own
        self.touched: list[tuple[str, Company | Person]] = []

    def recognise(self) -> None:
        """The company first, then its people."""
        company = self.whole.company
        firm = self._company(company) if company is not None else None
        for desk in self.whole.desks:
            if desk.person is not None:
                self._person(desk, desk.person, firm)
        self.whole.touched = self.touched

    def _found(self, draft: Draft) -> Company | Person | None:
        """The party that a code has told."""
        first = draft.first
        return self.by_draft.get(first) or (self.known.by_id.get(first.id) if first.id is not None else None)

    # ── companies ───────────────────────────────────────────────────────────────────────────────
    def _company(self, draft: Draft) -> Company:
        key, coded = _key(draft), bool(draft.code)
        firm = self._found(draft) if coded else None
        if firm is None and not coded:
            firm = self.known.company_of(key, place_key(draft.values), alone=not self.whole.desks)
            if firm is not None:
                _be(draft, firm)
        new = not isinstance(firm, Company)
        if not isinstance(firm, Company):
            firm = Company(draft.id) if draft.first.id is not None else self.known.add_company(key, draft)
        self.by_draft.setdefault(draft.first, firm)
        self.touched.append((key, firm))
        if not new:
            self._only_what_is_new(draft, firm, coded=coded)
        firm.reaches |= {draft.values[name] for name in OWN_REACHES if draft.values.get(name)}
        firm.reaches |= {one.values["value"] for one in self.whole.details if one.record == "contact_point"}
        firm.streets |= {fold(draft.values.get("street") or "")} - {""}
        return firm

    def _only_what_is_new(self, draft: Draft, firm: Company, *, coded: bool) -> None:
        """Of a company that is there, numbers and places that are not known yet are added beside those it has.

        What its code tells is compared with its fields; without a code they stay as they are.
        """
        for one in self.whole.details:
            if one.record == "contact_point":
                one.gone = one.values["value"] in firm.reaches or self._hands_off(draft)
            elif one.record == "address":
                one.gone = fold(one.values.get("street") or "") in firm.streets or self._hands_off(draft)
        if coded:
            return
        for name in OWN_REACHES:
            value = draft.values.get(name)
            if value and value not in firm.reaches:
                kind = "web" if name == "website" else name
                self._add(
                    "contact_point", {"kind": kind, "value": value, "label": "", "private": False, "party": draft}
                )
        street = fold(draft.values.get("street") or "")
        if street and street not in firm.streets and place_key(draft.values)[0]:
            place = {name: draft.values[name] for name in _PIECES if draft.values.get(name)}
            self._add("address", {**place, "kind": "site", "party": draft})

    def _hands_off(self, draft: Draft) -> bool:
        """Whether a known record stays as it is in everything."""
        return bool(draft.code) and self.known.register.mode == NEW

    def _add(self, record: str, values: dict[str, Any]) -> None:
        draft = Draft(record, values)
        self.whole.details.append(draft)
        self.asked.drafts.append(draft)

    # ── people ──────────────────────────────────────────────────────────────────────────────────
    def _person(self, desk: Desk, draft: Draft, firm: Company | None) -> None:
        key, company = _key(draft), self.whole.company
        firm_key = _key(company) if company is not None else None
        one = self._found(draft) if draft.code else None
        if not isinstance(one, Person):
            one = self.known.person_of(key, desk.told.reaches, self._works_at(firm) if firm is not None else None)
            if one is not None and draft.first.id is None and draft.twin is None:
                _be(draft, one)
        known = one is not None
        if one is None:
            one = Person(draft.id) if draft.first.id is not None else self.known.add_person(key, draft)
        self.by_draft.setdefault(draft.first, one)
        self.touched.append((key, one))
        if known:
            self._only_what_is_new_of(desk, draft, one, firm)
        one.reaches |= desk.told.reaches
        if firm is not None and desk.affiliation is not None and not desk.affiliation.gone:
            one.new_desks.setdefault(firm, desk.affiliation)
        if firm_key:
            one.companies.add(firm_key)

    def _works_at(self, firm: Company) -> Callable[[Person], bool]:
        """Whether somebody works there: a company told by its code is that one and no other of its name."""
        company = self.whole.company
        name = _key(company) if company is not None and not company.code else None
        return lambda one: name in one.companies or firm in one.new_desks or firm.id in one.desks

    def _only_what_is_new_of(self, desk: Desk, draft: Draft, one: Person, firm: Company | None) -> None:
        there = firm is None or self._works_at(firm)(one)
        told_by_code = draft.updates or (draft.twin is not None and draft.code != "")
        for detail in desk.details:
            if detail.record == "contact_point":
                detail.gone = (
                    (there and not told_by_code) or detail.values["value"] in one.reaches or self._hands_off(draft)
                )
            elif detail.record == "address":
                told = fold(detail.values.get("street") or "")
                detail.gone = (there and not told_by_code) or told in one.homes or self._hands_off(draft)
        if desk.affiliation is not None and there:
            post = one.desks.get(firm.id) if firm is not None and firm.id is not None else None
            desk.affiliation.gone = True
            if post is not None and told_by_code:
                desk.affiliation.gone, desk.affiliation.id, desk.affiliation.updates = False, post, True


def _be(draft: Draft, one: Company | Person) -> None:
    """The draft is that party, which a code has not told: nothing of it is written over."""
    if one.id is not None:
        draft.id = one.id
    elif one.draft is not None and one.draft.first is not draft:
        draft.twin = one.draft


# ── what waits to be verified ───────────────────────────────────────────────────────────────────
def _keep_aside(register: Register, portion: Sequence[Asked], by_draft: dict[Draft, Company | Person]) -> None:
    """A record of its own for every value that its field does not take, unless it waits already or somebody has mended it."""
    held = _held(register, portion)
    for asked in portion:
        for one in list(asked.asides):
            whose = one.whose
            if whose is None or whose.record != "party" or whose.gone:
                continue
            name = one.field if one.field in _WAITING else "other"
            party = by_draft.get(whose.first)
            text = one.text[:20_000]
            mended = name != "other" and held.get(whose.first.id or 0, {}).get(name) not in (None, "")
            if mended or (party is not None and (name, text) in party.waiting) or (whose.id and not whose.updates):
                asked.asides.remove(one)
                continue
            if party is not None:
                party.waiting.add((name, text))
            told = {"field": name, "text": text, "column": one.column[:200], "reason": in_words(one.reason)[:300]}
            asked.drafts.append(Draft("to_verify", {**told, "party": whose}, ASIDE))


def _held(register: Register, portion: Sequence[Asked]) -> dict[int, dict[str, Any]]:
    ids, names = set(), set()
    for asked in portion:
        for one in asked.asides:
            if one.whose is not None and one.whose.first.id is not None and one.whose.record == "party":
                ids.add(one.whose.first.id)
                names.add(one.field)
    return register.values("party", ids, sorted(names & (_WAITING - {"other"}))) if ids else {}


__all__ = ["recognise"]
