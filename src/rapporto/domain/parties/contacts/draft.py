"""From what a row says to the records it asks for: person, company, affiliation, further numbers and places, all in canonical form.

What cannot be kept in its field never refuses the row: it goes into the notes, to be verified by a person.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from rapporto.domain.parties.contacts.read import Contact, Place, Reach
from rapporto.domain.parties.models import ORGANISATION, PERSON, Affiliation, ContactPoint, Party
from rapporto.kernel.kinds import Country, Day, Email, Kind, Phone, PostalCode, Province, TaxCode, VatNumber, Web
from rapporto.kernel.text import BadValue, Message, clean, fold

PHONE, EMAIL, WEB = Phone(), Email(), Web()
KINDS: Mapping[str, Kind] = {"phone": PHONE, "fax": PHONE, "email": EMAIL, "pec": EMAIL, "web": WEB}
LIMITS = {
    name: Party._meta.get_field(name).kind.max_length  # type: ignore[union-attr]
    for name in ("name", "honorific", "first_name", "last_name", "street", "city", "notes")
} | {name: Affiliation._meta.get_field(name).kind.max_length for name in ("job_title", "job_role")}  # type: ignore[union-attr]
_PERSONAL_MAIL = (
    "alice.it email.it fastwebnet.it gmail.com googlemail.com hotmail.com hotmail.it icloud.com inwind.it iol.it "
    "katamail.com libero.it live.com live.it me.com msn.com outlook.com outlook.it proton.me protonmail.com tin.it "
    "tiscali.it virgilio.it yahoo.com yahoo.it"
)
PERSONAL_MAIL = frozenset(_PERSONAL_MAIL.split())
GENDERS = {"m": "m", "maschio": "m", "male": "m", "uomo": "m", "f": "f", "femmina": "f", "female": "f", "donna": "f"}
TOO_LONG = Message("This is {length} characters long; keep it within {limit}.")
IN_THE_FUTURE = Message("This day is still to come.")
LABELS = {"assistant": Message("Assistant"), "home": Message("Home number"), "main": Message("Main number")}


@dataclass(frozen=True)
class Aside:
    """A value that could not be kept in its field: the row of the file, the head of the column, the text, why."""

    row: int
    column: str
    text: str
    reason: Message


@dataclass
class Draft:
    """The records one row asks for; `person` or `company` is None when the row tells of none."""

    row: int
    person: dict[str, Any] | None
    company: dict[str, Any] | None
    desk: dict[str, Any] = field(default_factory=dict)
    """The affiliation: job title, department, numbers of the desk."""
    person_points: list[dict[str, Any]] = field(default_factory=list)
    company_points: list[dict[str, Any]] = field(default_factory=list)
    home: dict[str, Any] | None = None
    """The home of a person who works somewhere; without a company it is the person's own address."""
    further: dict[str, Any] | None = None
    asides: list[Aside] = field(default_factory=list)

    @property
    def reaches(self) -> set[str]:
        """Every number and address by which the person can be told."""
        found = {
            own[name]
            for own in (self.person or {}, self.desk)
            for name in ("phone", "mobile", "email")
            if own.get(name)
        }
        return found | {one["value"] for one in self.person_points if one["kind"] != ContactPoint.WEB}

    def set_aside(self, column: str, text: str, reason: Message) -> None:
        self.asides.append(Aside(self.row, column, text[:200], reason))


def draft_of(contact: Contact, *, month_first: bool = False) -> Draft:
    """The records a row asks for. `month_first`: its dates are written the American way."""
    single = contact.single
    name = _person_name(contact)
    company = {"kind": ORGANISATION, "name": single["company"]} if single.get("company") else None
    draft = Draft(contact.row, {"kind": PERSON, "name": name} if name else None, company)
    for reach in contact.reaches:
        for value in _values(draft, reach):
            _keep(draft, reach, value)
    _places(draft, contact)
    _single_values(draft, contact, month_first)
    _fit(draft)
    _notes(draft, contact)
    return draft


def _person_name(contact: Contact) -> str:
    """The name of the person; who has neither name nor company is called by what is known."""
    single = contact.single
    parts = [single[one] for one in ("first_name", "middle_name", "last_name", "suffix") if single.get(one)]
    name = " ".join(parts) or single.get("name", "")
    if not name and not single.get("company"):
        name = single.get("file_as", "").partition(" (")[0] or contact.reaches[0].text
    return name if fold(name) != fold(single.get("company", "")) else ""


def _values(draft: Draft, reach: Reach) -> Iterator[str]:
    """The canonical values in a cell; several numbers in one cell are kept apart, a wrong one goes aside."""
    kind = KINDS[reach.kind]
    if kind is PHONE and (found := PHONE.numbers_in(reach.text)):
        yield from found
        return
    try:
        value = kind.check(reach.text)
    except BadValue as wrong:
        draft.set_aside(reach.column, reach.text, wrong.message)
        return
    if value:
        yield value


def _keep(draft: Draft, reach: Reach, value: str) -> None:
    """A number of the desk belongs to the affiliation, one of the house to the company, a personal one to the person."""
    of_work = _of_work(draft, reach, value)
    kind = _kind(reach, value)
    if (
        kind == ContactPoint.EMAIL
        and draft.company is not None
        and (".pec." in f".{value.partition('@')[2]}." or "legalmail" in value)
    ):
        kind = ContactPoint.PEC
    if draft.company is not None and (
        draft.person is None
        or reach.use == "switchboard"
        or kind in (ContactPoint.PEC, ContactPoint.WEB)
        or (kind == ContactPoint.FAX and of_work)
    ):
        field_name = {ContactPoint.WEB: "website", ContactPoint.FAX: ""}.get(kind, kind)
        _put(draft.company, draft.company_points, field_name, kind, value, reach, private=False)
    elif draft.company is not None and of_work:
        _put(draft.desk, draft.person_points, _slot(kind), kind, value, reach, private=False)
    elif draft.person is not None:
        _put(draft.person, draft.person_points, _slot(kind, home=True), kind, value, reach, private=not of_work)


def _slot(kind: str, *, home: bool = False) -> str:
    names = {ContactPoint.PHONE: "phone", ContactPoint.MOBILE: "mobile", ContactPoint.EMAIL: "email"}
    return (
        {**names, ContactPoint.WEB: "website", ContactPoint.PEC: "pec"}.get(kind, "") if home else names.get(kind, "")
    )


def _kind(reach: Reach, value: str) -> str:
    if reach.kind != "phone":
        return reach.kind
    mobile = reach.use in ("mobile", "work_mobile") or (value.startswith("+393") and reach.use in ("", "other"))
    return ContactPoint.MOBILE if mobile else ContactPoint.PHONE


def _of_work(draft: Draft, reach: Reach, value: str) -> bool:
    if reach.use in ("work", "switchboard", "assistant", "work_mobile"):
        return True
    if reach.use in ("home", "mobile", "main", "other"):
        return False
    if reach.kind in ("email", "pec"):
        return draft.company is not None and value.partition("@")[2] not in PERSONAL_MAIL
    return draft.company is not None and not value.startswith("+393")


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


def _places(draft: Draft, contact: Contact) -> None:
    for place in sorted(contact.places.values(), key=lambda one: _ORDER.get(one.use, 2)):
        values = _address(draft, place)
        if not values:
            continue
        if place.use == "work" and draft.company is not None:
            draft.company |= {name: value for name, value in values.items() if not draft.company.get(name)}
        elif (
            draft.person is not None
            and draft.company is None
            and not draft.person.get("city")
            and not draft.person.get("street")
        ):
            draft.person |= values
        elif place.use == "home" and draft.person is not None:
            draft.home = values
        elif draft.person is None and draft.company is not None and not draft.company.get("city"):
            draft.company |= values
        else:
            draft.further = values


def _address(draft: Draft, place: Place) -> dict[str, Any]:
    """The pieces of an address in canonical form; abroad the state stands beside the city."""
    said = place.pieces
    country = _read(draft, Country(), place, "country") or "IT"
    code = said.get("postal_code", "")
    if country != "IT" and code.isdigit() and len(code) < 5:
        said["postal_code"] = f"{country}-{code}"
    values = {"street": said.get("street", "").replace("\n", ", "), "city": said.get("city", "")}
    values["postal_code"] = _read(draft, PostalCode(), place, "postal_code") or ""
    if country == "IT":
        values["province"] = _read(draft, Province(), place, "state") or ""
    elif said.get("state"):
        values["city"] = ", ".join(one for one in (values["city"], said["state"]) if one)
    kept = {name: value for name, value in values.items() if value}
    return {**kept, "country": country} if kept or country != "IT" else {}


def _read(draft: Draft, kind: Kind, place: Place, piece: str) -> Any:
    text = place.pieces.get(piece, "")
    try:
        return kind.check(text)
    except BadValue as wrong:
        draft.set_aside(place.heads[piece], text, wrong.message)
        return None


def _single_values(draft: Draft, contact: Contact, month_first: bool) -> None:
    single, person = contact.single, draft.person
    if person is not None:
        for name in ("honorific", "last_name"):
            if single.get(name):
                person[name] = single[name]
        first = " ".join(single[one] for one in ("first_name", "middle_name") if single.get(one))
        if first:
            person["first_name"] = first
        if gender := GENDERS.get(fold(single.get("gender", ""))):
            person["gender"] = gender
        _birthday(draft, contact, month_first)
    if person is not None and draft.company is not None:
        draft.desk |= {
            to: single[said]
            for to, said in (("job_title", "job_title"), ("job_role", "department"))
            if single.get(said)
        }
    elif single.get("job_title"):
        contact.more.append((contact.heads["job_title"], single["job_title"]))
    _government(draft, contact)


def _birthday(draft: Draft, contact: Contact, month_first: bool) -> None:
    text = contact.single.get("birth_date", "")
    if not text or text.startswith("--") or draft.person is None:
        if text:
            contact.more.append((contact.heads["birth_date"], text))
        return
    parts = text.split("/")
    if month_first and len(parts) == 3:
        text = f"{parts[1]}/{parts[0]}/{parts[2]}"
    try:
        day = Day().check(text.partition(" ")[0])
    except BadValue as wrong:
        draft.set_aside(contact.heads["birth_date"], text, wrong.message)
        return
    if day is not None and day > date.today():  # noqa: DTZ011 a birthday, not a moment
        draft.set_aside(contact.heads["birth_date"], text, IN_THE_FUTURE)
    else:
        draft.person["birth_date"] = day


def _government(draft: Draft, contact: Contact) -> None:
    """Outlook has one column for both: sixteen signs are a person's tax code, eleven figures the VAT number of the company."""
    single = contact.single
    of_firm = draft.company if draft.company is not None else draft.person
    of_person = draft.person if draft.person is not None else draft.company
    for name in ("government_id", "vat_number", "tax_code"):
        text = single.get(name, "")
        signs = "".join(one for one in text if one.isalnum())
        kind: Kind = TaxCode() if name == "tax_code" or (name == "government_id" and len(signs) == 16) else VatNumber()
        to, where = ("tax_code", of_person) if isinstance(kind, TaxCode) else ("vat_number", of_firm)
        try:
            if text and where is not None and (value := kind.check(text)):
                where[to] = value
        except BadValue as wrong:
            draft.set_aside(contact.heads[name], text, wrong.message)


def _fit(draft: Draft) -> None:
    """Texts that are too long for their field are cut there and stand whole in the notes."""
    for own in (draft.person, draft.company, draft.desk, draft.home, draft.further):
        for name in LIMITS.keys() & (own or {}).keys():
            assert own is not None
            whole, limit = clean(own[name]), LIMITS[name]
            if len(whole) > limit:
                draft.asides.append(
                    Aside(
                        draft.row,
                        _label(name),
                        whole[:2000],
                        Message(TOO_LONG.text, {"length": len(whole), "limit": limit}),
                    )
                )
            own[name] = whole[:limit].rstrip()


def _label(name: str) -> str:
    model = Affiliation if name in ("job_title", "job_role") else Party
    return str(model._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


def _notes(draft: Draft, contact: Contact) -> None:
    """What was noted, what has no field, and what is to be verified: on the person, else on the company."""
    lines = [contact.single["notes"]] if contact.single.get("notes") else []
    lines += [f"{head}: {text}" for head, text in contact.more]
    lines += [_("To be verified: {column}: {text}").format(column=one.column, text=one.text) for one in draft.asides]
    notes = "\n".join(lines)
    own = draft.person if draft.person is not None else draft.company
    if len(notes) > LIMITS["notes"]:
        draft.set_aside(
            _label("notes"), notes[:60], Message(TOO_LONG.text, {"length": len(notes), "limit": LIMITS["notes"]})
        )
        notes = notes[: LIMITS["notes"] - 1] + "…"
    if notes and own is not None:
        own["notes"] = notes


__all__ = ["Aside", "Draft", "draft_of"]
