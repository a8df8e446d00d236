"""From what a row says to the records it asks for: person, company, affiliation, further numbers and places, all in canonical form.

What cannot be kept in its field never refuses the row: it is kept as it was written, to be verified by a person.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from rapporto.domain.parties.contacts.read import Contact, Place, Reach
from rapporto.domain.parties.likeness import is_shared_mailbox
from rapporto.domain.parties.mail_domains import is_certified, is_provider
from rapporto.domain.parties.models import ORGANISATION, PERSON, Affiliation, ContactPoint, Party
from rapporto.kernel.kinds import (
    Country,
    Day,
    Email,
    Kind,
    Phone,
    PostalCode,
    Province,
    SdiCode,
    TaxCode,
    VatNumber,
    Web,
)
from rapporto.kernel.text import BadValue, Message, clean, fold

PHONE, EMAIL, WEB, SDI = Phone(), Email(), Web(), SdiCode()
COUNTRY, POSTAL_CODE, PROVINCE, DAY, TAX_CODE, VAT_NUMBER = (
    Country(),
    PostalCode(),
    Province(),
    Day(),
    TaxCode(),
    VatNumber(),
)
KINDS: Mapping[str, Kind] = {"phone": PHONE, "fax": PHONE, "email": EMAIL, "pec": EMAIL, "web": WEB}
LIMITS = {
    name: Party._meta.get_field(name).kind.max_length  # type: ignore[union-attr]
    for name in ("name", "honorific", "first_name", "last_name", "street", "city", "notes")
} | {name: Affiliation._meta.get_field(name).kind.max_length for name in ("job_title", "job_role")}  # type: ignore[union-attr]
GENDERS = {"m": "m", "maschio": "m", "male": "m", "uomo": "m", "f": "f", "femmina": "f", "female": "f", "donna": "f"}
TOO_LONG = Message("This is {length} characters long; keep it within {limit}.")
IN_THE_FUTURE = Message("This day is still to come.")
_BETWEEN_MAILS = re.compile(r"[;,|\s]+|\s/\s")
FIELDS = {"phone": "phone", "fax": "phone", "email": "email", "pec": "email", "web": "website"}
"""What waits to be verified when a number or address is wrong."""
LABELS = {"assistant": Message("Assistant"), "home": Message("Home number"), "main": Message("Main number")}


@dataclass(frozen=True)
class Trouble:
    """A value that its field does not take: the head of the column, the text, why, which field, and whether it is the company's."""

    column: str
    text: str
    reason: Message
    field: str = "other"
    of_company: bool = False


@dataclass
class Told:
    """The values of the records one contact asks for; `person` or `company` is None when it tells of none."""

    person: dict[str, Any] | None
    company: dict[str, Any] | None
    desk: dict[str, Any] = field(default_factory=dict)
    """The affiliation: job title, department, numbers of the desk."""
    person_points: list[dict[str, Any]] = field(default_factory=list)
    company_points: list[dict[str, Any]] = field(default_factory=list)
    home: dict[str, Any] | None = None
    """The home of a person who works somewhere; without a company it is the person's own address."""
    further: dict[str, Any] | None = None
    troubles: list[Trouble] = field(default_factory=list)

    @property
    def reaches(self) -> set[str]:
        """Every number and address by which the person can be told: never that of an office."""
        own = (self.person or {}, self.desk)
        found = {one[name] for one in own for name in ("phone", "mobile", "email") if one.get(name)}
        found |= {one["value"] for one in self.person_points if one["kind"] != ContactPoint.WEB}
        return {one for one in found if "@" not in one or not is_shared_mailbox(one)}

    def set_aside(
        self, column: str, text: str, reason: Message, name: str = "other", *, of_company: bool = False
    ) -> None:
        """Keep a value to be verified."""
        of_company = self.person is None or (of_company and self.company is not None)
        self.troubles.append(Trouble(column, text, reason, name, of_company))


def told_by(contact: Contact, *, month_first: bool = False) -> Told:
    """What a contact asks for. `month_first`: days are written the American way."""
    single = contact.single
    name = _person_name(contact)
    firm = " ".join(single[one] for one in ("company", "company_more") if single.get(one))
    if not firm and not name and contact.reaches:
        firm = contact.reaches[0].text  # the mailbox of an office, of which nothing else is known
    company = {"kind": ORGANISATION, "name": firm} if firm else None
    told = Told({"kind": PERSON, "name": name} if name else None, company)
    for reach in contact.reaches:
        for value in _values(told, reach):
            _keep(told, reach, value)
    _places(told, contact)
    _single_values(told, contact, month_first)
    _fit(told)
    _notes(told, contact)
    return told


def _person_name(contact: Contact) -> str:
    """The name of the person; who has neither name nor company is called by what is known."""
    single = contact.single
    parts = [single[one] for one in ("first_name", "middle_name", "last_name", "suffix") if single.get(one)]
    name = " ".join(parts) or single.get("name", "")
    if not name and not single.get("company"):
        name = single.get("file_as", "").partition(" (")[0]
        if not name and contact.reaches and not is_shared_mailbox(contact.reaches[0].text):
            name = contact.reaches[0].text
    return name if fold(name) != fold(single.get("company", "")) else ""


def _values(told: Told, reach: Reach) -> Iterator[str]:
    """The canonical values in a cell; several in one cell are kept apart, a wrong one goes aside."""
    kind = KINDS[reach.kind]
    if kind is PHONE and (found := PHONE.numbers_in(reach.text)):
        yield from found
        return
    several = kind is EMAIL and reach.text.count("@") > 1
    for text in _BETWEEN_MAILS.split(reach.text) if several else (reach.text,):
        try:
            value = kind.check(text)
        except BadValue as wrong:
            told.set_aside(reach.column, text, wrong.message, FIELDS[reach.kind], of_company=_of_house(reach))
        else:
            if value:
                yield value


HOUSE = frozenset(("switchboard", "house_mobile"))


def _of_house(reach: Reach) -> bool:
    return reach.use in HOUSE or reach.kind in ("pec", "web")


def _keep(told: Told, reach: Reach, value: str) -> None:
    """A number of the desk belongs to the affiliation, one of the house to the company, a personal one to the person."""
    of_work = _of_work(told, reach, value)
    kind = _kind(reach, value)
    if kind == ContactPoint.EMAIL and told.company is not None and is_certified(value.partition("@")[2]):
        kind = ContactPoint.PEC
    if told.company is not None and (
        told.person is None
        or reach.use in HOUSE
        or (kind == ContactPoint.EMAIL and of_work and is_shared_mailbox(value))
        or kind in (ContactPoint.PEC, ContactPoint.WEB)
        or (kind == ContactPoint.FAX and of_work)
    ):
        field_name = {ContactPoint.WEB: "website", ContactPoint.FAX: ""}.get(kind, kind)
        _put(told.company, told.company_points, field_name, kind, value, reach, private=False)
    elif told.company is not None and of_work:
        _put(told.desk, told.person_points, _slot(kind), kind, value, reach, private=False)
    elif told.person is not None:
        _put(told.person, told.person_points, _slot(kind, home=True), kind, value, reach, private=not of_work)


def _slot(kind: str, *, home: bool = False) -> str:
    names = {ContactPoint.PHONE: "phone", ContactPoint.MOBILE: "mobile", ContactPoint.EMAIL: "email"}
    return (
        {**names, ContactPoint.WEB: "website", ContactPoint.PEC: "pec"}.get(kind, "") if home else names.get(kind, "")
    )


def _kind(reach: Reach, value: str) -> str:
    if reach.kind != "phone":
        return reach.kind
    mobile = reach.use in ("mobile", "work_mobile", "house_mobile") or (
        value.startswith("+393") and reach.use in ("", "other")
    )
    return ContactPoint.MOBILE if mobile else ContactPoint.PHONE


def _of_work(told: Told, reach: Reach, value: str) -> bool:
    if reach.use in ("work", "assistant", "work_mobile") or reach.use in HOUSE:
        return True
    if reach.use in ("home", "mobile", "main", "other"):
        return False
    if reach.kind in ("email", "pec"):
        return told.company is not None and not _is_personal(value.partition("@")[2])
    return told.company is not None and not value.startswith("+393")


def _is_personal(domain: str) -> bool:
    return domain in _PERSONAL or (is_provider(domain) and not is_certified(domain))


_PERSONAL = frozenset(("katamail.com", "proton.me", "protonmail.com"))


def _put(
    own: dict[str, Any], points: list[dict[str, Any]], name: str, kind: str, value: str, reach: Reach, *, private: bool
) -> None:
    """Into the field of the record if it is still empty, else a further number; the same one is never kept twice."""
    if reach.use == "assistant":
        name = ""
    if value in own.values() or any(value == one["value"] for one in points):
        return
    if name and not own.get(name):
        own[name] = value
        return
    label = reach.label or (_(LABELS[reach.use].text) if reach.use in LABELS else "")
    points.append({"kind": kind, "value": value, "label": label[:80], "private": private})


_ORDER = {"work": 0, "home": 1, "other": 2}


def _places(told: Told, contact: Contact) -> None:
    for place in sorted(contact.places.values(), key=lambda one: _ORDER.get(one.use, 2)):
        values = _address(told, place)
        if not values:
            continue
        if place.use == "work" and told.company is not None:
            told.company |= {name: value for name, value in values.items() if not told.company.get(name)}
        elif (
            told.person is not None
            and told.company is None
            and not told.person.get("city")
            and not told.person.get("street")
        ):
            told.person |= values
        elif place.use == "home" and told.person is not None:
            told.home = values
        elif told.person is None and told.company is not None and not told.company.get("city"):
            told.company |= values
        else:
            told.further = values


def _address(told: Told, place: Place) -> dict[str, Any]:
    """The pieces of an address in canonical form; abroad the state stands beside the city."""
    said = place.pieces
    country = _read(told, COUNTRY, place, "country") or "IT"
    code = said.get("postal_code", "")
    if country != "IT" and code.isdigit() and len(code) < 5:
        said["postal_code"] = f"{country}-{code}"
    values = {"street": said.get("street", "").replace("\n", ", "), "city": said.get("city", "")}
    values["postal_code"] = _read(told, POSTAL_CODE, place, "postal_code") or ""
    if country == "IT":
        values["province"] = _read(told, PROVINCE, place, "state") or ""
    elif said.get("state"):
        values["city"] = ", ".join(one for one in (values["city"], said["state"]) if one)
    kept = {name: value for name, value in values.items() if value}
    return {**kept, "country": country} if kept or country != "IT" else {}


_OF_PIECES = {"postal_code": "postal_code", "state": "province", "country": "country"}


def _read(told: Told, kind: Kind, place: Place, piece: str) -> Any:
    text = place.pieces.get(piece, "")
    try:
        return kind.check(text)
    except BadValue as wrong:
        told.set_aside(place.heads[piece], text, wrong.message, _OF_PIECES[piece], of_company=place.use == "work")
        return None


def _single_values(told: Told, contact: Contact, month_first: bool) -> None:
    single, person = contact.single, told.person
    if person is not None:
        for name in ("honorific", "last_name"):
            if single.get(name):
                person[name] = single[name]
        first = " ".join(single[one] for one in ("first_name", "middle_name") if single.get(one))
        if first:
            person["first_name"] = first
        if gender := GENDERS.get(fold(single.get("gender", ""))):
            person["gender"] = gender
        _birthday(told, contact, month_first)
    if person is not None and told.company is not None:
        told.desk |= {
            to: single[said]
            for to, said in (("job_title", "job_title"), ("job_role", "department"))
            if single.get(said)
        }
    elif single.get("job_title"):
        contact.more.append((contact.heads["job_title"], single["job_title"]))
    _government(told, contact)
    _codes(told, contact)


def _birthday(told: Told, contact: Contact, month_first: bool) -> None:
    text = contact.single.get("birth_date", "")
    if not text or text.startswith("--") or told.person is None:
        if text:
            contact.more.append((contact.heads["birth_date"], text))
        return
    parts = text.split("/")
    if month_first and len(parts) == 3:
        text = f"{parts[1]}/{parts[0]}/{parts[2]}"
    try:
        day = DAY.check(text.partition(" ")[0])
    except BadValue as wrong:
        told.set_aside(contact.heads["birth_date"], text, wrong.message, "birth_date")
        return
    if day is not None and day > date.today():  # noqa: DTZ011 a birthday, not a moment
        told.set_aside(contact.heads["birth_date"], text, IN_THE_FUTURE, "birth_date")
    else:
        told.person["birth_date"] = day


def _government(told: Told, contact: Contact) -> None:
    """Outlook has one column for both: sixteen signs are a person's tax code, eleven figures the VAT number of the company."""
    single = contact.single
    of_firm = told.company if told.company is not None else told.person
    of_person = told.person if told.person is not None else told.company
    for name in ("government_id", "vat_number", "tax_code"):
        text = single.get(name, "")
        signs = "".join(one for one in text if one.isalnum())
        taxed = name == "tax_code" or (name == "government_id" and len(signs) == 16)
        kind: Kind = TAX_CODE if taxed else VAT_NUMBER
        to, where = ("tax_code", of_person) if taxed else ("vat_number", of_firm)
        try:
            if text and where is not None and (value := kind.check(text)):
                where[to] = value
        except BadValue as wrong:
            told.set_aside(contact.heads[name], text, wrong.message, to, of_company=where is not told.person)


def _codes(told: Told, contact: Contact) -> None:
    """The address code of the e-invoice; ERPs keep certified mail in the same column."""
    text, firm = contact.single.get("sdi_or_pec", ""), told.company if told.company is not None else told.person
    if not text or firm is None:
        return
    head = contact.heads["sdi_or_pec"]
    name, kind = ("pec", EMAIL) if "@" in text else ("sdi_code", SDI)
    try:
        if (value := kind.check(text)) and not firm.get(name):
            firm[name] = value
    except BadValue as wrong:
        told.set_aside(head, text, wrong.message, "email" if name == "pec" else name, of_company=True)


def _fit(told: Told) -> None:
    """Texts that are too long for their field are cut there and wait whole to be verified."""
    for own in (told.person, told.company, told.desk, told.home, told.further):
        for name in LIMITS.keys() & (own or {}).keys():
            assert own is not None
            whole, limit = clean(own[name]), LIMITS[name]
            if len(whole) > limit:
                reason = Message(TOO_LONG.text, {"length": len(whole), "limit": limit})
                told.set_aside(_label(name), whole[: LIMITS["notes"]], reason, of_company=own is told.company)
            own[name] = whole[:limit].rstrip()


def _label(name: str) -> str:
    model = Affiliation if name in ("job_title", "job_role") else Party
    return str(model._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


def _notes(told: Told, contact: Contact) -> None:
    """What was noted, and what has no field: on the person, else on the company."""
    lines = [contact.single["notes"]] if contact.single.get("notes") else []
    notes = "\n".join((*lines, *(f"{head}: {text}" for head, text in contact.more)))
    own = told.person if told.person is not None else told.company
    if len(notes) > LIMITS["notes"]:
        reason = Message(TOO_LONG.text, {"length": len(notes), "limit": LIMITS["notes"]})
        told.set_aside(_label("notes"), notes[: LIMITS["notes"]], reason)
        notes = notes[: LIMITS["notes"] - 1] + "…"
    if notes and own is not None:
        own["notes"] = notes


__all__ = ["Told", "Trouble", "told_by"]
