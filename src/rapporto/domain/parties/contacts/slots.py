"""What a column of a table of parties may mean, as it is offered to whoever imports."""

from collections.abc import Iterator, Sequence

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from rapporto.kernel.actor import Actor
from rapporto.kernel.record import Field
from rapporto.store.imports.plain import writable
from rapporto.store.imports.shapes import CODE, Slot
from rapporto.store.userfields import record_type

_TOLD_OTHERWISE = frozenset(
    ("kind", "name", "honorific", "first_name", "last_name", "gender", "birth_date", "phone", "mobile", "email", "website", "street",
     "postal_code", "city", "province", "country", "vat_number", "tax_code", "sdi_code", "pec", "notes", "part_of", "region"),
)  # fmt: skip
"""Fields of a party that columns of their own tell."""
COMPANY, PERSON = _("Company"), _("Person")
_SINGLE = (
    (COMPANY, "company", _("Company name"), "name"),
    (COMPANY, "company_more", _("Second line of the company name"), "name"),
    (COMPANY, "vat_number", _("VAT number"), "vat_number"),
    (COMPANY, "tax_code", _("Tax code"), "tax_code"),
    (COMPANY, "government_id", _("VAT number or tax code"), "vat_number"),
    (COMPANY, "sdi_or_pec", _("Recipient code or PEC"), "sdi_code"),
    (PERSON, "name", _("First and last name"), "name"),
    (PERSON, "first_name", _("First name"), "first_name"),
    (PERSON, "middle_name", _("Second name"), "first_name"),
    (PERSON, "last_name", _("Last name"), "last_name"),
    (PERSON, "honorific", _("Title"), "honorific"),
    (PERSON, "suffix", _("Suffix"), "name"),
    (PERSON, "file_as", _("Filed as"), "name"),
    (PERSON, "job_title", _("Job title"), "name"),
    (PERSON, "department", _("Department"), "name"),
    (PERSON, "birth_date", _("Birth date"), "birth_date"),
    (PERSON, "gender", _("Gender"), "gender"),
)
_REACHES = (
    (COMPANY, "phone.switchboard", _("Phone of the company"), "phone"),
    (COMPANY, "phone.house_mobile", _("Mobile of the company"), "mobile"),
    (COMPANY, "email.switchboard", _("E-mail of the company"), "email"),
    (COMPANY, "pec.work", _("Certified mail (PEC)"), "pec"),
    (COMPANY, "fax.work", _("Fax"), "phone"),
    (COMPANY, "web.work", _("Website"), "website"),
    (PERSON, "phone.work", _("Phone at the office"), "phone"),
    (PERSON, "phone.mobile", _("Mobile"), "mobile"),
    (PERSON, "phone.home", _("Phone at home"), "phone"),
    (PERSON, "phone.main", _("Phone"), "phone"),
    (PERSON, "phone.other", _("Another phone"), "phone"),
    (PERSON, "phone.assistant", _("Phone of the assistant"), "phone"),
    (PERSON, "email", _("E-mail"), "email"),
    (PERSON, "fax.home", _("Fax at home"), "phone"),
    (PERSON, "web.home", _("Personal website"), "website"),
)
_PLACES = (
    ("work", _("Address")),
    ("home", _("Home address")),
    ("other", _("Further address")),
)
_PIECES = (
    ("street", _("Street")), ("postal_code", _("Postal code")), ("city", _("City")), ("state", _("Province")), ("country", _("Country")),
)  # fmt: skip
CONTACTS = 4
"""Contact persons that one row may name, as they are offered."""
_OF_CONTACTS = (
    ("name", _("First and last name")), ("first_name", _("First name")), ("last_name", _("Last name")), ("honorific", _("Title")),
    ("job_title", _("Job title")), ("department", _("Department")), ("phone.work", _("Phone")), ("phone.work_mobile", _("Mobile")),
    ("email.work", _("E-mail")), ("notes", _("Notes")),
)  # fmt: skip


def own_fields(actor: Actor) -> dict[str, Field]:
    """The fields of a party that have no column of their own, as far as this person may write them."""
    return {name: one for name, one in writable(actor, record_type("party")).items() if name not in _TOLD_OTHERWISE}


def slots_for(actor: Actor) -> Sequence[Slot]:
    """Everything that a column may mean for this person."""
    return tuple(_slots(actor))


def _slots(actor: Actor) -> Iterator[Slot]:
    fields = writable(actor, record_type("party"))
    yield Slot(CODE, _("Code in the source"), pgettext_lazy("import", "Row"))
    yield Slot("notes", _("Notes"), pgettext_lazy("import", "Row"))
    yield Slot("more", _("Into the notes, with its heading"), pgettext_lazy("import", "Row"))
    for group, name, label, field in (*_SINGLE, *_REACHES):
        if field in fields:
            yield Slot(name, label, group)
    for use, place in _PLACES:
        for piece, label in _PIECES:
            if {"state": "province"}.get(piece, piece) in fields:
                yield Slot(f"place.{use}.{piece}", label, place)
    for number in range(1, CONTACTS + 1):
        group = format_lazy("{} {}", _("Contact person"), number)
        for name, label in _OF_CONTACTS:
            yield Slot(f"{number}:{name}", format_lazy("{}: {}", group, label), group)
    for name, one in own_fields(actor).items():
        yield Slot(f"own.{name}", one.label, _("Further fields"))


__all__ = ["CONTACTS", "own_fields", "slots_for"]
