"""Kinds: what a field can hold, and how it is read, checked, shown, compared and stored."""

from rapporto.kernel.kinds.base import OPERATORS, Kind
from rapporto.kernel.kinds.dates import Day, Moment
from rapporto.kernel.kinds.identifiers import Iban, SdiCode, TaxCode, VatNumber
from rapporto.kernel.kinds.links import Link, Links
from rapporto.kernel.kinds.numbers import Integer, Money
from rapporto.kernel.kinds.places import Country, PostalCode, Province
from rapporto.kernel.kinds.reach import Email, Phone, Web
from rapporto.kernel.kinds.texts import Choice, Code, LongText, Text, Tick

__all__ = [
    "OPERATORS",
    "Choice",
    "Code",
    "Country",
    "Day",
    "Email",
    "Iban",
    "Integer",
    "Kind",
    "Link",
    "Links",
    "LongText",
    "Moment",
    "Money",
    "Phone",
    "PostalCode",
    "Province",
    "SdiCode",
    "TaxCode",
    "Text",
    "Tick",
    "VatNumber",
    "Web",
]
