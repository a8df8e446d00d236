"""Legal forms and forms of address: found however they are written, and written as an Italian letter wants them."""

import pytest

from rapporto.domain.parties.legal_form import bare_name, suggested_name, suggested_person, take_apart
from rapporto.domain.parties.salutation import for_company, for_person, read_titles


@pytest.mark.parametrize(
    ("name", "bare", "code"),
    [
        ("ROSSI MARIO S.R.L.", "ROSSI MARIO", "srl"),
        ("Rossi Mario srl", "Rossi Mario", "srl"),
        ("Rossi S. R. L.", "Rossi", "srl"),
        ("Gamma, S.r.l.", "Gamma", "srl"),
        ("VERDI SOCIETA' A RESPONSABILITA' LIMITATA", "VERDI", "srl"),
        ("Verdi Società a responsabilità limitata semplificata", "Verdi", "srls"),
        ("Gamma S.r.l. Unipersonale", "Gamma", "srl_sole"),
        ("ACCIAIERIE VENETE SPA", "ACCIAIERIE VENETE", "spa"),
        ("Bianchi & C. S.N.C.", "Bianchi & C.", "snc"),
        ("D'Angelo & Figli Sas di D'Angelo Mario", "D'Angelo & Figli", "sas"),
        ("Alfa Soc. Coop. a r.l.", "Alfa", "coop"),
        ("Studio Associato Bianchi e Neri", "Bianchi e Neri", "firm"),
        ("Amici del Lago ONLUS", "Amici del Lago", "onlus"),
        ("Beta S.r.l. in liquidazione", "Beta", "srl"),
        ("Huber GmbH", "Huber", "gmbh"),
        ("Ditta Casale", "Ditta Casale", None),
        ("S.r.l.", "S.r.l.", None),
        ("Spazio Srl", "Spazio", "srl"),
        ("Casa di Riposo San Rocco", "Casa di Riposo San Rocco", None),
        ("", "", None),
    ],
)
def test_the_form_is_found_however_it_is_written(name: str, bare: str, code: str | None) -> None:
    named = take_apart(name)
    assert (named.bare, named.form.code if named.form else None) == (bare, code)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ROSSI MARIO S.R.L.", "Rossi Mario srl"),
        ("Bianchi & C. snc", "BIANCHI E C. S.N.C."),
        ("D'Angelo Sas di D'Angelo Mario", "D’ANGELO S.A.S."),
        ("Spett.le Ditta Casale S.p.A.", "Ditta Casale"),
        ("Beta S.r.l. in liquidazione", "beta"),
    ],
)
def test_two_spellings_of_one_company_compare_alike(one: str, other: str) -> None:
    assert bare_name(one.removeprefix("Spett.le ")) == bare_name(other)


def test_different_companies_stay_different() -> None:
    assert bare_name("Rossi Mario S.r.l.") != bare_name("Rossi Marco S.r.l.")
    assert bare_name("S.r.l.")


@pytest.mark.parametrize(
    ("name", "suggested"),
    [
        ("ROSSI MARIO S.R.L.", "Rossi Mario S.r.l."),
        ("rossi mario srl", "Rossi Mario S.r.l."),
        ("A2A S.P.A.", "A2A S.p.A."),
        ("CASA DI CURA SAN ROCCO", "Casa di Cura San Rocco"),
        ("D'ANGELO & FIGLI SAS DI D'ANGELO MARIO", "D'Angelo & Figli S.a.s. di D'Angelo Mario"),
        ("STUDIO ASSOCIATO BIANCHI", "Studio associato Bianchi"),
        ("eDreams Srl", "eDreams S.r.l."),
        ("Ditta Casale", "Ditta Casale"),
        ("A.B.C. S.P.A.", "A.B.C. S.p.A."),
        ("3M ITALIA SRL", "3M Italia S.r.l."),
        ("ABB ITALIA SPA", "ABB Italia S.p.A."),
        ("BAR SAN MARCO", "Bar San Marco"),
        ("MCDONALD'S ITALIA", "McDonald's Italia"),
        ("MACELLERIA MACCHI", "Macelleria Macchi"),
        ("PIZZERIA DA GINO", "Pizzeria da Gino"),
    ],
)
def test_a_proper_spelling_is_suggested(name: str, suggested: str) -> None:
    assert suggested_name(name) == suggested
    assert suggested_name(suggested) == suggested


@pytest.mark.parametrize(
    ("name", "suggested"),
    [
        ("DE LUCA ANNA", "De Luca Anna"), ("mario rossi", "Mario Rossi"), ("D'ANGELO LUCA", "D'Angelo Luca"),
        ("ANNA-MARIA DELL’ACQUA", "Anna-Maria Dell’Acqua"), ("MCDONALD JOHN", "McDonald John"), ("Anna de Luca", "Anna de Luca"),
        ("NICOLO' BO", "Nicolo' Bo"), ("", ""),
    ],
)  # fmt: skip
def test_a_proper_spelling_of_a_person_is_suggested(name: str, suggested: str) -> None:
    assert suggested_person(name) == suggested
    assert suggested_person(suggested) == suggested


@pytest.mark.parametrize("name", ["S. " * 3000, "S.r.l. " * 1500, "x" * 10_000, "Casale s di " * 900, "\0", "💶 srl"])
def test_no_name_makes_it_fail(name: str) -> None:
    assert isinstance(suggested_name(name) + bare_name(name), str)


@pytest.mark.parametrize(
    ("typed", "title", "gender"),
    [
        ("Dott.ssa", "dott", "f"), ("dott. ssa", "dott", "f"), ("Dr.", "dott", ""), ("Prof. Ing.", "prof", ""),
        ("Sig.ra", "sig", "f"), ("Rag.", "rag", ""), ("Per. Ind.", "per_ind", ""), ("boh", "", ""), ("", "", ""),
    ],
)  # fmt: skip
def test_titles_are_read_and_the_highest_counts(typed: str, title: str, gender: str) -> None:
    assert read_titles(typed) == (title, gender)


def test_a_letter_opens_as_it_should() -> None:
    mario = for_person("Mario", "Rossi", gender="m")
    assert (mario.address_line, mario.opening) == ("Egr. Sig. Mario Rossi", "Egregio Sig. Rossi,")
    anna = for_person("Anna", "Verdi", title="dott", gender="f")
    assert (anna.address_line, anna.opening) == ("Gent.ma Dott.ssa Anna Verdi", "Gentile Dott.ssa Verdi,")


def test_who_is_not_known_as_man_or_woman_is_addressed_neutrally() -> None:
    assert for_person("Andrea", "Neri").opening == "Gentile Andrea Neri,"
    assert for_person("Andrea", "Neri", title="ing").opening == "Gentile Ing. Neri,"
    assert for_person("Andrea", "Neri", title="dott").opening == "Gentile Andrea Neri,"


def test_a_company_is_addressed_with_the_person_meant() -> None:
    casale = for_company("Ditta Casale S.r.l.", "Sig.ra Anna Verdi")
    assert casale.address_line == "Spett.le Ditta Casale S.r.l.\nc.a. Sig.ra Anna Verdi"
