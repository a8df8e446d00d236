"""Which fields of a party make sense for a company, a unit and a person; the others are shown only when something stands in them."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from rapporto.domain.parties.models import ORGANISATION, PERSON, UNIT
from rapporto.kernel.record import RecordType
from rapporto.kernel.where import EVERYTHING, Where, field
from rapporto.web.facts import is_blank
from rapporto.web.links import new_url

OF_PERSONS = ("honorific", "first_name", "last_name", "gender", "birth_date")
OF_COMPANIES = ("part_of", "sdi_code", "employees", "turnover")
SENSELESS: Mapping[str, tuple[str, ...]] = {
    ORGANISATION: (*OF_PERSONS, "part_of"),
    UNIT: (*OF_PERSONS, "vat_number", "tax_code", "iban", "turnover"),
    PERSON: OF_COMPANIES,
}
KINDS_OF_LINKS: Mapping[tuple[str, str], str] = {
    ("affiliation", "person"): PERSON,
    ("affiliation", "organisation"): ORGANISATION,
    ("activity", "person"): PERSON,
}
"""Which kind of party a link of a record type leads to."""


def senseless(record: RecordType, kind: str, values: Mapping[str, Any]) -> frozenset[str]:
    """The blank fields that a party of this kind does not need, and the own fields meant for other kinds of any record."""
    own = {one.name for one in record.made_here if one.only_for and kind and kind not in one.only_for}
    of_party = SENSELESS.get(kind, ()) if record.name == "party" else ()
    names = (name for name in (*of_party, *own) if name in record.fields)
    return frozenset(name for name in names if is_blank(record.fields[name], values.get(name)))


def kind_of_link(record: str, name: str) -> str:
    """The kind of party a link leads to; '' for any, and for other records."""
    return KINDS_OF_LINKS.get((record, name), "")


def only_kind(kind: str) -> Where:
    """Parties of one kind; of all when none is named."""
    return field("kind").eq(kind) if kind in SENSELESS else EVERYTHING


def kinds_of_new(chosen: str, **preset: Any) -> list[dict[str, Any]]:
    """The kinds of a new party to choose from, the chosen one marked."""
    labels = ((ORGANISATION, _("Company")), (PERSON, _("Person")), (UNIT, _("Unit")))
    return [
        {"url": new_url("party", **{**preset, "kind": kind}), "label": label, "current": kind == chosen}
        for kind, label in labels
    ]
