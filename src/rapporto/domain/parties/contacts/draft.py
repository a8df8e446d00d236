"""From what a row says to the records it asks for: person, company, affiliation, further numbers and places, all in canonical form.

What cannot be kept in its field never refuses the row: it is kept as it was written, to be verified by a person.
"""

from datetime import date
from typing import Any

from rapporto.domain.parties.contacts.reaches import keep, values_in
from rapporto.domain.parties.contacts.read import Contact, Place
from rapporto.domain.parties.contacts.told import Told
from rapporto.domain.parties.likeness import is_shared_mailbox
from rapporto.domain.parties.models import ORGANISATION, PERSON, Affiliation, Party
from rapporto.kernel.kinds import Country, Day, Email, Kind, PostalCode, Province, SdiCode, TaxCode, VatNumber
from rapporto.kernel.text import BadValue, Message, clean, fold

EMAIL, SDI = Email(), SdiCode()
COUNTRY, POSTAL_CODE, PROVINCE = Country(), PostalCode(), Province()
DAY, TAX_CODE, VAT_NUMBER = Day(), TaxCode(), VatNumber()
LIMITS = {
    name: Party._meta.get_field(name).kind.max_length  # type: ignore[union-attr]
    for name in ("name", "honorific", "first_name", "last_name", "street", "city", "notes")
} | {name: Affiliation._meta.get_field(name).kind.max_length for name in ("job_title", "job_role")}  # type: ignore[union-attr]
GENDERS = {"m": "m", "maschio": "m", "male": "m", "uomo": "m", "f": "f", "femmina": "f", "female": "f", "donna": "f"}
TOO_LONG = Message("This is {length} characters long; keep it within {limit}.")
IN_THE_FUTURE = Message("This day is still to come.")


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
        for value in values_in(told, reach):
            keep(told, reach, value)
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
