"""Who is never one party, however alike: groups of companies, units, relatives, namesakes; and whose codes were only mistyped."""

from dataclasses import replace
from typing import Any

import pytest

from rapporto.domain.parties.likeness import Look
from rapporto.domain.parties.models import ORGANISATION, PERSON, UNIT
from rapporto.insight.duplicates.judging import DOUBTFUL, judged
from rapporto.insight.duplicates.subject import Subject

pytestmark = pytest.mark.once

VAT, OTHER_VAT, THIRD = "00743110157", "01234560231", "02345670232"
DESK, MOBILE = "+39045123456", "+393331234567"
CERTAIN = 0.999


def company(number: int, name: str, *, house: set[int] | None = None, **known: Any) -> Subject:
    """A company of Verona."""
    told = {"city": "Verona", "phones": frozenset({DESK}), **known}
    return Subject(number, Look(told.pop("kind", ORGANISATION), name, **told), house=frozenset(house or ()))


def human(number: int, name: str, *, works_for: str = "", **known: Any) -> Subject:
    """Somebody with the number of an office."""
    told = {"city": "Verona", "phones": frozenset({DESK}), **known}
    return Subject(number, Look(PERSON, name, **told), employers=frozenset({works_for} - {""}))


APART = {
    "a group: the same house, other names": (company(1, "Casale S.p.A."), company(2, "Casale Holding S.r.l.")),
    "a group: other tax codes": (company(1, "Casale", tax_code=VAT), company(2, "Casale", tax_code=OTHER_VAT)),
    "a VAT group: one VAT number, a tax code each": (
        company(1, "Casale", vat_number=VAT, tax_code=OTHER_VAT),
        company(2, "Casale Acciai", vat_number=VAT, tax_code=THIRD),
    ),
    "linked to each other": (company(1, "Casale", house={2}), company(2, "Casale S.r.l.")),
    "a company and its unit": (company(1, "Casale"), company(2, "Casale", kind=UNIT, house={1})),
    "sisters below one holding": (company(1, "Casale Acciai", house={9}), company(2, "Casale Legnami", house={9})),
    "called alike in another town": (company(1, "Bar Sport"), company(2, "Bar Sport", city="Padova", phones=frozenset())),
    "relatives with one telephone": (human(1, "Mario Rossi"), human(2, "Lucia Rossi")),
    "relatives with names alike": (human(1, "Mario Rossi"), human(2, "Maria Rossi")),
    "colleagues who write from one mailbox": (
        human(1, "Mario Rossi", emails=frozenset({"info@casale.it"})),
        human(2, "Rosa Neri", emails=frozenset({"info@casale.it"})),
    ),
    "colleagues who write from the mailbox of the firm": (
        human(1, "Mario Rossi", emails=frozenset({"officinecasale@gmail.com"})),
        human(2, "Rosa Neri", emails=frozenset({"officinecasale@gmail.com"})),
    ),
    "namesakes in two companies": (
        human(1, "Mario Rossi", works_for="casale", phones=frozenset()),
        human(2, "Mario Rossi", works_for="torneria brenta", phones=frozenset({MOBILE})),
    ),
    "other tax codes": (
        human(1, "Mario Rossi", tax_code="RSSMRA70A01L781I"),
        human(2, "Mario Rossi", tax_code="RSSMRA71A01L781J"),
    ),
}  # fmt: skip
ONE = {
    "the form written otherwise": (company(1, "CASALE S.R.L."), company(2, "Casale srl")),
    "a code that fails its own check was mistyped": (
        company(1, "Casale", vat_number=VAT),
        company(2, "Casale", vat_number="00743110175"),
    ),
    "the parts of the name swapped": (human(1, "Mario Rossi"), human(2, "Rossi Mario")),
    "the mobile number of a person": (
        human(1, "Alesandro Verdi", phones=frozenset({MOBILE})),
        human(2, "Alessandro Verdi", phones=frozenset({MOBILE})),
    ),
    "a person who changed company": (
        human(1, "Mario Rossi", works_for="casale", emails=frozenset({"mario.rossi@gmail.com"})),
        human(2, "Mario Rossi", works_for="torneria brenta", emails=frozenset({"mario.rossi@gmail.com"})),
    ),
}


@pytest.mark.parametrize("pair", APART.values(), ids=list(APART))
def test_some_are_two_however_alike(pair: tuple[Subject, Subject]) -> None:
    one, other = pair
    assert judged(one, other, CERTAIN) == 0
    assert judged(other, one, CERTAIN) == 0


@pytest.mark.parametrize("pair", ONE.values(), ids=list(ONE))
def test_nothing_is_said_against_one_party_written_twice(pair: tuple[Subject, Subject]) -> None:
    one, other = pair
    assert judged(one, other, CERTAIN) == CERTAIN
    assert judged(other, one, CERTAIN) == CERTAIN


def test_an_initial_is_put_before_a_person_but_never_called_sure() -> None:
    assert judged(human(1, "M. Rossi"), human(2, "Mario Rossi"), CERTAIN) == DOUBTFUL


def test_a_name_and_a_town_alone_are_never_called_sure() -> None:
    nothing = frozenset[str]()
    for make, name in ((company, "Casale"), (human, "Arrigo Battaglia")):
        assert judged(make(1, name, phones=nothing), make(2, name, phones=nothing), CERTAIN) == DOUBTFUL


def test_a_shared_vat_number_alone_leaves_sisters_to_a_person() -> None:
    one, other = company(1, "Casale", vat_number=VAT), company(2, "Casale Immobiliare", vat_number=VAT)
    assert judged(one, other, CERTAIN) == DOUBTFUL
    assert judged(replace(one, house=frozenset({2})), other, CERTAIN) == 0
