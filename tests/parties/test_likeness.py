"""Which parties are proposed as one and the same, and why: a small set of Italian companies and people, each pair judged by hand."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rapporto.domain.parties.likeness import LIKELY, POSSIBLE, RULES, SURE, Look, is_shared_mailbox, reasons
from rapporto.domain.parties.models import ORGANISATION, PERSON, UNIT
from rapporto.store.declare import DECLARED

HINTS = tuple(RULES)
VAT, OTHER_VAT = "00743110157", "01234567890"
DESK = "+39045123456"


def company(name: str, city: str = "", **known: Any) -> Look:
    return Look(ORGANISATION, name, city, **_sets(known))


def human(name: str, city: str = "", **known: Any) -> Look:
    return Look(PERSON, name, city, **_sets(known))


def _sets(known: dict[str, Any]) -> dict[str, Any]:
    several = ("emails", "phones", "pecs")
    return {name: frozenset({value}) if name in several else value for name, value in known.items()}


SAME: list[tuple[Look, Look, str, int]] = [
    (company("ROSSI MARIO S.R.L.", "Verona"), company("Rossi Mario srl", "VERONA"), "name_and_town", LIKELY),
    (company("Mario Rossi S.r.l.", "Verona"), company("Rossi Mario Snc", "Verona"), "name_and_town", LIKELY),
    (company("Bianchi & C. snc", "Forlì"), company("BIANCHI E C. S.N.C.", "Forli'"), "name_and_town", LIKELY),
    (company("D'ANGELO SPA"), company("D’Angelo S.p.A.", "Lecce"), "name", POSSIBLE),
    (company("A.B.C. S.p.A.", "Milano"), company("ABC Spa", "Milano"), "name_and_town", LIKELY),
    (company("Mecanica Casale", "Verona"), company("Meccanica Casale S.r.l.", "Verona"), "name_and_town", POSSIBLE),
    (company("Ditta Casale", "Verona"), company("Casale S.r.l.", "Verona"), "name_and_town", LIKELY),
    (company("Casale", "Verona"), company("Officine Meccaniche Casale Srl", "Verona"), "name_and_town", POSSIBLE),
    (company("Rossi Mario"), company("Rossi Mario Impianti S.r.l."), "name", POSSIBLE),
    (company("Alfa", vat_number=VAT), company("Beta", vat_number=VAT), "vat_number", SURE),
    (company("Alfa", vat_number=VAT), company("Beta", tax_code=VAT), "vat_number", SURE),
    (company("Alfa", emails="info@casale.it"), company("Beta", emails="info@casale.it"), "email", LIKELY),
    (company("Alfa", pecs="casale@pec.it"), company("Beta", emails="casale@pec.it"), "pec", LIKELY),
    (company("Casale", phones=DESK), company("Casale Acciai", phones=DESK), "phone", LIKELY),
    (company("Alfa", phones=DESK), company("Officine Beta", phones=DESK), "phone", POSSIBLE),
    (human("Rossi Mario", "Verona"), human("Dott. Mario Rossi", "Verona"), "name_and_town", LIKELY),
    (human("Mario Rossi", emails="m.rossi@casale.it"), human("M. Rossi", emails="m.rossi@casale.it"), "email", LIKELY),
    (human("Mario Rossi", phones="+393331234567"), human("Rossi Mario", phones="+393331234567"), "phone", LIKELY),
    (human("Alesandro Verdi"), human("Alessandro Verdi"), "name", POSSIBLE),
]
APART: list[tuple[Look, Look]] = [
    # one group: the same house, the same telephone, other companies
    (company("Casale S.p.A.", phones=DESK, vat_number=VAT), company("Casale Holding S.r.l.", phones=DESK, vat_number=OTHER_VAT)),
    (company("Casale", "Verona"), company("Casale Immobiliare", "Verona")),
    (company("Gruppo Casale", "Verona"), company("Casale", "Verona")),
    (company("Casale Due", "Verona"), company("Casale", "Verona")),
    (company("Casale Acciai", "Verona"), company("Casale Legnami", "Verona")),
    (company("Officina 1", "Verona"), company("Officina 2", "Verona")),
    # one VAT group: one VAT number, a tax code each
    (company("Casale", vat_number=VAT, tax_code=OTHER_VAT), company("Casale Acciai", vat_number=VAT, tax_code="02345678901")),
    # namesakes
    (company("Bar Sport", "Verona"), company("Bar Sport", "Padova")),
    (company("Rossi Mario S.r.l.", "Verona"), company("Rossi Marco S.r.l.", "Verona")),
    (company("Casale", "Verona"), company("Casali", "Verona")),
    (company("Casale", vat_number=VAT), company("Casale", vat_number=OTHER_VAT)),
    (company("Officina", "Verona"), company("Meccanica", "Verona")),
    (company("Officine Meccaniche", "Verona"), company("Officine Meccaniche Casale", "Verona")),
    (human("Mario Rossi", "Verona"), human("Maria Rossi", "Verona")),
    (human("Francesco Bianchi", "Verona"), human("Francesca Bianchi", "Verona")),
    (human("Mario Rossi", birth_date=date(1970, 1, 1)), human("Mario Rossi", birth_date=date(1971, 1, 1))),
    (human("Mario Rossi", tax_code="RSSMRA70A01L781M"), human("Mario Rossi", tax_code="RSSMRA71A01L781N")),
    # colleagues
    (human("Mario Rossi", phones=DESK), human("Lucia Bonetti", phones=DESK)),
    (human("Mario Rossi", emails="info@casale.it"), human("Lucia Bonetti", emails="info@casale.it")),
    (human("Mario Rossi", emails="amministrazione@casale.it"), human("Rosa Neri", emails="amministrazione@casale.it")),
    # the company, and who works there
    (company("Casale", emails="mario@casale.it", phones=DESK), human("Mario Casale", emails="mario@casale.it", phones=DESK)),
    # units are called alike everywhere
    (Look(UNIT, "Ufficio acquisti", "Verona"), Look(UNIT, "Ufficio acquisti", "Verona")),
    (company(""), company("")),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other", "rule", "strength"), SAME, ids=lambda part: getattr(part, "name", None))
def test_one_and_the_same_is_proposed_with_its_reason(one: Look, other: Look, rule: str, strength: int) -> None:
    for pair in ((one, other), (other, one)):
        found = reasons(*pair, HINTS)
        assert [(reason.rule, reason.strength) for reason in found][:1] == [(rule, strength)]


@pytest.mark.parametrize(("one", "other"), APART, ids=lambda part: getattr(part, "name", None))
def test_two_parties_are_left_apart(one: Look, other: Look) -> None:
    assert reasons(one, other, HINTS) == ()
    assert reasons(other, one, HINTS) == ()


def test_the_strongest_reason_stands_first_and_says_what_is_shared() -> None:
    one = company("Casale Srl", "Verona", vat_number=VAT, phones=DESK)
    found = reasons(one, one, HINTS)
    assert [(reason.rule, reason.value) for reason in found] == [
        ("vat_number", VAT), ("phone", DESK), ("name_and_town", "Verona"),
    ]  # fmt: skip


def test_only_what_the_declaration_names_is_compared() -> None:
    one = company("Casale Srl", "Verona", vat_number=VAT, phones=DESK)
    assert [reason.rule for reason in reasons(one, one, ("phone",))] == ["phone"]
    assert reasons(one, one, ()) == ()


def test_every_hint_of_the_declaration_has_its_rule() -> None:
    assert set(DECLARED["party"].record.duplicate_hints) <= RULES.keys()


@pytest.mark.parametrize("mailbox", ["info", "amministrazione", "ufficio.tecnico", "info2", "ordini"])
def test_a_mailbox_of_an_office_is_known(mailbox: str) -> None:
    assert is_shared_mailbox(f"{mailbox}@casale.it")
    assert not is_shared_mailbox(f"{mailbox}rossi@casale.it")


NAMES = st.text(st.sampled_from("abcdeios &.'SRLàè 12"), max_size=25)


@settings(max_examples=300, deadline=None)
@given(NAMES, NAMES)
def test_likeness_goes_both_ways(one: str, other: str) -> None:
    mine, theirs = company(one, "Verona"), company(other, "Verona")
    assert [r.rule for r in reasons(mine, theirs, HINTS)] == [r.rule for r in reasons(theirs, mine, HINTS)]
