"""Identifiers, addresses and places: what people write is understood, what is wrong is told with what to do."""

import pytest

from rapporto.kernel.kinds import (
    Country,
    Email,
    Iban,
    Kind,
    Phone,
    PostalCode,
    Province,
    SdiCode,
    TaxCode,
    VatNumber,
    Web,
)
from rapporto.kernel.kinds.places import country_names
from rapporto.kernel.text import BadValue

UNDERSTOOD: list[tuple[Kind, str, str]] = [
    (VatNumber(), "00743110157", "00743110157"),
    (VatNumber(), "IT 00743110157", "00743110157"),
    (VatNumber(), "P.IVA: 007.431.101-57", "00743110157"),
    (VatNumber(), "\u202a00743110157\u202c", "00743110157"),
    (VatNumber(), "de 136 695 976", "DE136695976"),
    (VatNumber(), "ATU 57194903", "ATU57194903"),
    (VatNumber(), "GR 094259216", "EL094259216"),
    (VatNumber(), "FR 61 954 506 077", "FR61954506077"),
    (VatNumber(), "CHE-123.456.789 MWST", "CHE123456789MWST"),
    (TaxCode(), "rcc mnl 83s18 d969h", "RCCMNL83S18D969H"),
    (TaxCode(), "RCCMNL83S18D96VW", "RCCMNL83S18D96VW"),
    (TaxCode(), "00743110157", "00743110157"),
    (SdiCode(), "m5uxcr1", "M5UXCR1"),
    (SdiCode(), "UFABC1", "UFABC1"),
    (SdiCode(), "0000000", "0000000"),
    (SdiCode(), "xxxxxxx", "XXXXXXX"),
    (Iban(), "IBAN: it60 x054 2811 1010 0000 0123 456", "IT60X0542811101000000123456"),
    (Iban(), "DE89 3704 0044 0532 0130 00", "DE89370400440532013000"),
    (Email(), "Anna.Verdi@Casale.IT", "anna.verdi@casale.it"),
    (Email(), "Anna Verdi <anna@casale.it>", "anna@casale.it"),
    (Email(), "mailto:casale@pec.it ", "casale@pec.it"),
    (Email(), "info@caffè-verona.it", "info@caffè-verona.it"),
    (Phone(), "045 123 4567", "+390451234567"),
    (Phone(), "+39045 1234567", "+390451234567"),
    (Phone(), "045/1234567", "+390451234567"),
    (Phone(), "0039 045 123-4567", "+390451234567"),
    (Phone(), "Tel. +39 (0)45 1234567", "+390451234567"),
    (Phone(), "\u202a045 123 4567\u202c", "+390451234567"),
    (Phone(), "333 1234567 (Sig. Rossi)", "+393331234567"),
    (Phone(), "045 7901234 int. 12", "+390457901234;ext=12"),
    (Phone(), "045 7901234 interno 12", "+390457901234;ext=12"),
    (Phone(), "+390457901234;ext=12", "+390457901234;ext=12"),
    (Phone(), "0843 123456", "+390843123456"),
    (Phone(), "0844 1234567", "+3908441234567"),
    (Phone(), "800 123 456", "+39800123456"),
    (Phone(), "0043 512 1234", "+435121234"),
    (PostalCode(), "37 121", "37121"),
    (PostalCode(), "I-37121", "37121"),
    (PostalCode(), "a-1010", "A-1010"),
    (PostalCode(), "sw1a 1aa", "SW1A 1AA"),
    (PostalCode(), "1234–567", "1234-567"),
    (PostalCode(), "010018", "010018"),
    (Province(), "Verona", "VR"),
    (Province(), "(vr)", "VR"),
    (Province(), "l’aquila", "AQ"),
    (Province(), "Forlì", "FC"),
    (Province(), "SU", "SU"),
    (Province(), "ogliastra", "OG"),
    (Province(), "Gallura Nord-Est Sardegna", "OT"),
    (Country(), "Germania", "DE"),
    (Country(), "germany", "DE"),
    (Country(), "it", "IT"),
    (Country(), "Gran Bretagna", "GB"),
    (Country(), "U.S.A.", "US"),
    (Web(), "www.casale.it", "https://www.casale.it"),
    (Web(), "HTTP://Casale.it/Pagina?x=1", "http://casale.it/Pagina?x=1"),
    (Web(), "https://casale.it/", "https://casale.it"),
    (Web(), "casale.it:8080/x", "https://casale.it:8080/x"),
]

REFUSED: list[tuple[Kind, str, str]] = [
    (VatNumber(), "00743110158", "One of the digits is wrong"),
    (VatNumber(), "1234567890", "here there are 10"),
    (VatNumber(), "743110157", "00743110157"),
    (VatNumber(), "00000000000", "wrong"),
    (VatNumber(), "DE136695977", "VAT number of DE"),
    (VatNumber(), "RCCMNL83S18D969H", "tax code"),
    (VatNumber(), "---", "neither letters nor figures"),
    (VatNumber(), "da chiedere", "letters of the country"),
    (TaxCode(), "RCCMNL83S18D969A", "wrong"),
    (TaxCode(), "RCCMNL83S18D969", "here there are 15"),
    (TaxCode(), "1CCMNL83S18D969H", "do not stand"),
    (SdiCode(), "0", "0000000"),
    (SdiCode(), "XXX", "XXXXXXX"),
    (SdiCode(), "12345", "here there are 5"),
    (Iban(), "IT60X0542811101000000123457", "wrong"),
    (Iban(), "IT60X05428111010000001234", "here there are 25"),
    (Iban(), "12345", "starts with two letters"),
    (Email(), "anna.casale.it", "not an e-mail address"),
    (Email(), "anna@casale", "domain"),
    (Email(), "anna@casale..it", "domain"),
    (Email(), "à@casale.it", "Before the @"),
    (Email(), "a@casale.it; b@casale.it", "one address only"),
    (Email(), "anna@casale.it\nbcc:x@y.it", "one address only"),
    (Phone(), "333 1234567 / 045 7901234", "2 numbers"),
    (Phone(), "112", "not a telephone number"),
    (Phone(), "da chiedere", "not a telephone number"),
    (PostalCode(), "3712", "here there are 4"),
    (PostalCode(), "Verona", "not a postal code"),
    (PostalCode(country="IT"), "A-1010", "5 digits"),
    (Province(), "XX", "two letters"),
    (Country(), "Utopia", "no country"),
    (Web(), "javascript:alert(1)", "http or https"),
    (Web(), "ftp://casale.it", "http or https"),
    (Web(), "https://anna:segreta@casale.it", "not a web address"),
    (Web(), "https://casale.it/a b", "not a web address"),
    (Web(), "http://[casale", "not a web address"),
    (Web(), "casale", "not a web address"),
]


@pytest.mark.parametrize(("kind", "typed", "value"), UNDERSTOOD)
def test_what_people_write_is_understood(kind: Kind, typed: str, value: str) -> None:
    assert kind.read(typed) == value
    assert kind.read(value) == value
    assert kind.key(value) == value


@pytest.mark.parametrize(("kind", "typed", "told"), REFUSED)
def test_what_is_wrong_is_told_with_what_to_do(kind: Kind, typed: str, told: str) -> None:
    with pytest.raises(BadValue) as refused:
        kind.read(typed)
    assert told in str(refused.value.message)


@pytest.mark.parametrize(
    ("kind", "value", "italian", "english"),
    [
        (Phone(), "+390457901234", "045 790 1234", "045 790 1234"),
        (Phone(), "+435121234", "+43 512 1234", "+43 512 1234"),
        (Phone(), "+390457901234;ext=12", "045 790 1234 int. 12", "045 790 1234 ext. 12"),
        (Iban(), "IT60X0542811101000000123456", *["IT60 X054 2811 1010 0000 0123 456"] * 2),
        (Country(), "DE", "Germania", "Germany"),
        (Web(), "https://www.casale.it", "www.casale.it", "www.casale.it"),
        (VatNumber(), "00743110157", "00743110157", "00743110157"),
    ],
)
def test_values_are_shown_as_people_write_them(kind: Kind, value: str, italian: str, english: str) -> None:
    assert (kind.show(value, "it"), kind.show(value, "en")) == (italian, english)
    assert kind.read(kind.edit(value, "en")) == value


@pytest.mark.parametrize(
    ("kind", "typed", "fragment"),
    [
        (Phone(), "045 790", "045790"),
        (Phone(), "0039 045", "+39045"),
        (Phone(), "+39 045", "+39045"),
        (Phone(), "Rossi", "Rossi"),
        (Iban(), "x054 2811", "X0542811"),
        (VatNumber(), "007.431", "007431"),
        (Email(), "@Casale", "@casale"),
        (PostalCode(), "37 1", "371"),
    ],
)
def test_a_fragment_is_searched_as_the_value_is_kept(kind: Phone, typed: str, fragment: str) -> None:
    assert kind.part(typed) == fragment


def test_all_the_numbers_of_a_cell_are_found() -> None:
    cell = "333 1234567 (Sig. Rossi) / 045 7901234 ufficio"
    assert Phone().numbers_in(cell) == ("+393331234567", "+390457901234")


def test_a_number_dials_and_an_address_opens_a_mail() -> None:
    assert Phone().address("+390457901234;ext=12") == "tel:+390457901234;ext=12"
    assert Email().address("anna@casale.it") == "mailto:anna@casale.it"


def test_the_countries_are_those_of_iso_3166_and_kosovo() -> None:
    assert len(country_names("it")) == 250
    assert {"IT", "SM", "VA", "XK", "TW"} <= set(country_names("it"))
    assert set(country_names("it")) == set(country_names("en"))


def test_every_country_is_found_by_its_names() -> None:
    country = Country()
    for language in ("it", "en"):
        assert [code for code, name in country_names(language).items() if country.read(name) != code] == []
