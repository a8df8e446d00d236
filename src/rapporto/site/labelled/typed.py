"""A party as somebody typed it, and how the product reads it: phones, numbers and names in their canonical form, or as they stand."""

from dataclasses import dataclass, field
from datetime import date

from rapporto.domain.parties.alike import look_of
from rapporto.domain.parties.legal_form import bare_name
from rapporto.insight.duplicates.subject import Subject
from rapporto.kernel.kinds import Email, Kind, Phone, TaxCode, VatNumber
from rapporto.kernel.text import BadValue

PHONE, EMAIL, VAT, TAX = Phone(), Email(), VatNumber(), TaxCode()


@dataclass
class Typed:
    """One card of the register, as typed; `entity` is the party it stands for, whom a search for duplicates never sees."""

    entity: int
    kind: str
    name: str
    first_name: str = ""
    last_name: str = ""
    street: str = ""
    postal_code: str = ""
    city: str = ""
    province: str = ""
    vat_number: str = ""
    tax_code: str = ""
    birth_date: date | None = None
    phones: list[str] = field(default_factory=list)
    emails: list[str] = field(default_factory=list)
    pec: str = ""
    website: str = ""
    employer: str = ""
    house: frozenset[int] = frozenset()
    """The entities to which it is tied: the company of a unit, the others of a group."""


def as_stored(kind: Kind, typed: str) -> str:
    """The canonical form of a value; what its kind refuses is kept as it was typed, as an import does."""
    try:
        return kind.read(typed) or ""
    except BadValue:
        return typed.strip()


def subject(card: Typed, number: int) -> Subject:
    """The card with this number, read as the product reads it."""
    look = look_of(
        {
            "kind": card.kind,
            "name": card.name,
            "city": card.city,
            "province": card.province,
            "vat_number": as_stored(VAT, card.vat_number),
            "tax_code": as_stored(TAX, card.tax_code),
            "birth_date": card.birth_date,
            "pec": as_stored(EMAIL, card.pec),
        },
        phones=[as_stored(PHONE, one) for one in card.phones],
        emails=[as_stored(EMAIL, one) for one in card.emails],
    )
    return Subject(
        number, look, card.first_name, card.last_name, card.street, card.postal_code, card.website,
        employers=frozenset(filter(None, [bare_name(card.employer) if card.employer else ""])),
    )  # fmt: skip
