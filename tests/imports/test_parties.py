"""Contacts of Outlook and Google become persons, companies and affiliations; what is wrong is told, and all can be taken back."""

from dataclasses import replace
from datetime import date

import pytest
from django.utils.translation import override

from rapporto.domain.parties.models import Address, Affiliation, ContactPoint, Party, ToVerify
from rapporto.kernel.where import field
from rapporto.store.errors import Refused
from rapporto.store.history.export import canonical
from rapporto.store.history.models import ChangeSet, Entry
from rapporto.store.history.undo import undo
from rapporto.store.imports.models import ImportRun
from rapporto.store.imports.runs import source_named
from rapporto.store.records import find
from rapporto.store.search import search
from rapporto.store.transfer.reading import Unreadable
from rapporto.store.write import save
from tests.cast import casale, enters
from tests.imports.tables import take_file
from tests.parties.contact_files import GOOGLE, GOOGLE_OLD, MARIO, OUTLOOK_EN, OUTLOOK_IT, many, table

pytestmark = pytest.mark.django_db


def made(run: ImportRun, what: str) -> int:
    """How many of these an import has made."""
    count: int = run.counts.get(f"made.{what}", 0)
    return count


def asides(run: ImportRun) -> int:
    """How many values wait to be verified."""
    return sum(count for name, count in run.counts.items() if name.startswith("aside."))


def test_an_outlook_contact_becomes_person_company_and_affiliation() -> None:
    anna = enters("Anna")
    done = take_file(anna, table(OUTLOOK_IT, MARIO))
    assert (made(done, "person"), made(done, "organisation"), made(done, "affiliation"), asides(done)) == (1, 1, 1, 0)
    mario, firm = Party.objects.get(kind="person"), Party.objects.get(kind="organisation")
    assert (mario.name, mario.first_name, mario.last_name, mario.honorific) == ("Mario Rossi", "Mario", "Rossi", "Ing.")
    assert (mario.mobile, mario.phone, mario.email) == ("+393471234567", "+390457654321", "mario.rossi@gmail.com")
    assert (mario.gender, mario.birth_date, mario.owner_id) == ("m", date(1975, 12, 3), anna.user_id)
    assert mario.notes == "Visto in fiera.\nPreferisce il mattino."
    assert (firm.name, firm.street, firm.city, firm.province) == (
        "Meccanica Casale S.r.l.", "Via dell'Industria 4", "Verona", "VR")  # fmt: skip
    assert (firm.phone, firm.owner_id) == ("+390451234500", anna.user_id)
    desk = Affiliation.objects.get()
    assert (desk.person_id, desk.organisation_id) == (mario.pk, firm.pk)
    assert (desk.job_title, desk.job_role, desk.phone, desk.email) == (
        "Responsabile", "Acquisti", "+390451234567", "m.rossi@casale.it")  # fmt: skip
    assert set(search(anna, "party", "m.rossi@casale.it").ids) == {mario.pk, firm.pk}


def test_italian_and_english_heads_of_outlook_say_the_same() -> None:
    row = {"First Name": "Mario", "Last Name": "Rossi", "Company": "Casale", "Business Phone": "045 1234567", "Mobile Phone": "347 1234567",
           "Birthday": "12/3/1975", "Business City": "Verona", "Business State": "VR", "Gender": "Male"}  # fmt: skip
    take_file(enters("Anna"), table(OUTLOOK_EN, row, encoding="utf-8"))
    mario = Party.objects.get(kind="person")
    assert (mario.birth_date, mario.gender, mario.mobile) == (date(1975, 12, 3), "m", "+393471234567")
    assert Affiliation.objects.get().phone == "+390451234567"
    assert Party.objects.get(kind="organisation").province == "VR"


def test_google_tells_by_labels_what_its_numbers_are() -> None:
    row = {"First Name": "Lucia", "Last Name": "Bianchi", "Organization Name": "Casale", "Organization Title": "Direttrice",
           "E-mail 1 - Label": "* Work", "E-mail 1 - Value": "l.bianchi@casale.it ::: info@casale.it", "E-mail 2 - Label": "Home",
           "E-mail 2 - Value": "lucia@casa.it", "Phone 1 - Label": "Mobile", "Phone 1 - Value": "+39 347 1112223",
           "Phone 2 - Label": "Work Fax", "Phone 2 - Value": "045 1112224", "Labels": "* myContacts", "Address 1 - Label": "Work",
           "Address 1 - Street": "Via Roma 1", "Address 1 - City": "Verona", "Address 1 - Region": "VR", "Address 1 - Postal Code": "37121",
           "Address 1 - Country": "Italia", "Address 1 - Formatted": "Via Roma 1, Verona"}  # fmt: skip
    take_file(enters("Anna"), table(GOOGLE, row, encoding="utf-8"))
    lucia, firm, desk = (
        Party.objects.get(kind="person"),
        Party.objects.get(kind="organisation"),
        Affiliation.objects.get(),
    )
    assert (lucia.mobile, lucia.email, desk.email, desk.job_title) == (
        "+393471112223", "lucia@casa.it", "l.bianchi@casale.it", "Direttrice")  # fmt: skip
    assert (firm.street, firm.city, firm.country) == ("Via Roma 1", "Verona", "IT")
    points = {(one.party_id, one.kind, one.value) for one in ContactPoint.objects.all()}
    assert points == {(firm.pk, "fax", "+390451112224")}
    assert firm.email == "info@casale.it"  # the mailbox of an office is no person's
    assert lucia.notes == ""


def test_the_google_format_before_2024_is_read_too() -> None:
    row = {"Name": "Lucia Bianchi", "Given Name": "Lucia", "Family Name": "Bianchi", "Organization 1 - Name": "Casale",
           "Organization 1 - Title": "Direttrice", "Phone 1 - Type": "Home", "Phone 1 - Value": "045 1112223"}  # fmt: skip
    take_file(enters("Anna"), table(GOOGLE_OLD, row, encoding="utf-16"))
    assert Party.objects.get(kind="person").phone == "+390451112223"
    assert Affiliation.objects.get().job_title == "Direttrice"


def test_two_colleagues_are_put_into_one_company_and_namesakes_elsewhere_into_another() -> None:
    colleague = {
        **MARIO,
        "Nome": "Lucia",
        "Cognome": "Bianchi",
        "Indirizzo posta elettronica": "lucia@casale.it",
        "Società": "MECCANICA CASALE s.r.l.",
    }
    elsewhere = {
        **MARIO,
        "Nome": "Ugo",
        "Cognome": "Neri",
        "Indirizzo posta elettronica": "u@x.it",
        "Città (uff.)": "Torino",
        "Provincia (uff.)": "TO",
    }
    take_file(enters("Anna"), table(OUTLOOK_IT, MARIO, colleague, elsewhere))
    firms = Party.objects.filter(kind="organisation").order_by("id")
    assert [(one.city, one.people.count()) for one in firms] == [("Verona", 2), ("Torino", 1)]


def test_a_company_that_is_in_the_register_already_is_used() -> None:
    anna = enters("Anna")
    firm = casale(anna, name="Meccanica Casale s.r.l.", city="VERONA")
    done = take_file(anna, table(OUTLOOK_IT, MARIO))
    assert made(done, "organisation") == 0
    assert Affiliation.objects.get().organisation_id == firm.pk
    assert ContactPoint.objects.get(party=firm).value == "+390451234500"


def test_a_company_of_another_agent_is_neither_used_nor_given_away() -> None:
    anna, carla = enters("Anna"), enters("Carla")
    hers = casale(carla, name="Meccanica Casale S.r.l.", city="Verona")
    done = take_file(anna, table(OUTLOOK_IT, MARIO))
    assert made(done, "organisation") == 1
    assert not Affiliation.objects.filter(organisation=hers).exists()
    assert list(find(carla, "party", field("kind").eq("person"))) == []


def test_a_wrong_value_never_refuses_the_row_but_waits_to_be_verified() -> None:
    row = {**MARIO, "Cellulare": "da chiedere", "Cod. Fisc./P. IVA": "12345678901", "CAP (uff.)": "371", "Compleanno": "31/2/1975",
           "Indirizzo posta elettronica": "mario chiocciola casale"}  # fmt: skip
    with override("it"):
        done = take_file(enters("Anna"), table(OUTLOOK_IT, row))
    assert made(done, "person") == 1
    told = {(one.party.kind, one.field, one.column): one.text for one in ToVerify.objects.all()}
    assert told == {
        ("person", "phone", "Cellulare"): "da chiedere",
        ("organisation", "vat_number", "Cod. Fisc./P. IVA"): "12345678901",
        ("person", "birth_date", "Compleanno"): "31/2/1975",
        ("person", "email", "Indirizzo posta elettronica"): "mario chiocciola casale",
        ("organisation", "postal_code", "CAP (uff.)"): "371",
    }
    assert ToVerify.objects.get(field="vat_number").reason.startswith("Una cifra")


def test_what_has_no_field_stands_in_the_notes() -> None:
    take_file(enters("Anna"), table(OUTLOOK_IT, {**MARIO, "Categorie": "Fiera 2026", "Nome coniuge/partner": "Carla"}))
    assert Party.objects.get(kind="person").notes.endswith("Categorie: Fiera 2026\nNome coniuge/partner: Carla")


def test_a_tax_code_is_the_persons_and_a_vat_number_the_companys() -> None:
    take_file(enters("Anna"), table(OUTLOOK_IT, {**MARIO, "Cod. Fisc./P. IVA": "00743110157"}))
    assert Party.objects.get(kind="organisation").vat_number == "00743110157"


def test_a_home_address_stays_with_the_person_without_moving_them_out_of_the_companys_territory() -> None:
    take_file(enters("Anna"), table(OUTLOOK_IT, {**MARIO, "Via (ab.)": "Via Po 3", "Città (ab.)": "Torino"}))
    home = Address.objects.get()
    assert (home.kind, home.street, home.city, home.party.kind) == ("home", "Via Po 3", "Torino", "person")
    assert Party.objects.get(kind="person").city == ""


def test_a_second_import_of_the_same_file_adds_nothing() -> None:
    anna = enters("Anna")
    data = many(60)
    take_file(anna, data)
    before = list(canonical())
    again = take_file(anna, data)
    assert (again.change_set_id, again.counts["rows.known"], made(again, "person")) == (None, 60, 0)
    assert list(canonical()) == before


def test_the_same_person_twice_in_a_file_is_made_once_and_somebody_of_the_same_name_is_not_lost() -> None:
    namesake = {"Nome": "Mario", "Cognome": "Rossi", "Cellulare": "333 9999999"}
    done = take_file(enters("Anna"), table(OUTLOOK_IT, MARIO, MARIO, namesake))
    assert (made(done, "person"), done.counts.get("rows.known", 0)) == (2, 1)


def test_a_known_person_of_another_company_gets_a_second_affiliation() -> None:
    anna = enters("Anna")
    take_file(anna, table(OUTLOOK_IT, MARIO))
    done = take_file(anna, table(OUTLOOK_IT, {**MARIO, "Società": "Officine Adige", "Città (uff.)": "Trento"}))
    assert (made(done, "person"), made(done, "affiliation")) == (0, 1)
    assert Party.objects.get(kind="person").affiliations.count() == 2


def test_an_import_is_one_change_set_over_many_transactions_and_undone_to_the_byte() -> None:
    anna = enters("Anna")
    casale(anna)
    source_named(anna, "Rubrica")
    before = list(canonical())
    done = take_file(anna, many(150))
    assert done.change_set_id is not None
    change = ChangeSet.objects.get(pk=done.change_set_id)
    assert (change.command, change.door, change.open, change.user_id) == (
        "import",
        "import",
        False,
        anna.user_id,
    )
    assert change.summary["made.person"] == 150
    assert Entry.objects.filter(change_set=change).count() >= 150 + 30 + 150
    undone = undo(anna, change.pk)
    assert undone.kept == ()
    assert list(canonical()) == before
    assert search(anna, "party", "Rossi12").ids == ()


def test_the_trial_tells_what_the_import_does_and_writes_nothing() -> None:
    anna, data = enters("Anna"), many(130)
    trial = take_file(anna, data, dry=True)
    assert not Party.objects.exists()
    assert trial.counts == take_file(anna, data).counts
    again = take_file(anna, data, dry=True)
    assert (again.counts["rows"], again.counts["rows.known"]) == (130, 130)


def test_who_may_not_add_parties_imports_nothing() -> None:
    anna = enters("Anna")
    leaver = replace(anna, roles=frozenset())
    with pytest.raises(Refused):
        take_file(leaver, table(OUTLOOK_IT, MARIO))
    assert not Party.objects.exists()


@pytest.mark.parametrize(
    ("separator", "encoding"), [(",", "cp1252"), (";", "cp1252"), ("\t", "utf-16"), (";", "utf-8-sig"), (",", "utf-8")]
)
def test_every_encoding_and_separator_gives_the_same_contact(separator: str, encoding: str) -> None:
    row = {**MARIO, "Nome": "Nicolò", "Società": "Caffè & Tè «Perù», S.n.c."}
    take_file(enters("Anna"), table(OUTLOOK_IT, row, separator=separator, encoding=encoding))
    assert Party.objects.get(kind="person").name == "Nicolò Rossi"
    assert Party.objects.get(kind="organisation").name == "Caffè & Tè «Perù», S.n.c."


def test_a_title_above_the_heads_repeated_heads_and_a_separator_line_do_no_harm() -> None:
    repeated = dict(zip(OUTLOOK_IT, OUTLOOK_IT, strict=True))
    done = take_file(enters("Anna"), table(OUTLOOK_IT, repeated, MARIO, above="Contatti esportati il 3 marzo\r\n\r\n"))
    assert (done.counts["rows"], made(done, "person")) == (1, 1)
    done = take_file(enters("Bruno"), table(OUTLOOK_IT, {**MARIO, "Nome": "Ugo"}, separator=";", above="sep=;\r\n"))
    assert made(done, "person") == 1


HOSTILE = {
    "empty": b"",
    "blank": b" \r\n \r\n",
    "workbook": b"PK\x03\x04" + b"\x00\x01" * 500,
    "picture": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20,
    "noise": bytes((n * 7919) % 256 for n in range(5000)),
    "zeros": b"\x00" * 1000,
    "only heads": table(OUTLOOK_IT),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_that_is_none_is_told_in_words(name: str) -> None:
    with pytest.raises(Unreadable) as wrong:
        take_file(enters("Anna"), HOSTILE[name])
    assert str(wrong.value.message)
    assert not ChangeSet.objects.filter(command="import_contacts").exists()


def test_only_an_unreadable_row_is_refused_with_its_number_and_reason() -> None:
    text = (
        table(OUTLOOK_IT, MARIO).decode("cp1252")
        + ",".join(["x"] * 95)
        + "\r\n"
        + "," * 91
        + "\r\n"
        + ",Lucia"
        + "," * 90
        + "\r\n"
    )
    notes_alone = {"Notes": "chi sarà?"}
    done = take_file(enters("Anna"), text.encode("cp1252") + table(OUTLOOK_IT, notes_alone).split(b"\r\n", 1)[1])
    assert made(done, "person") == 2
    assert [(one.number, one.reason["text"][:20]) for one in done.refused.order_by("number")] == [
        (3, "The row has {count} "),
        (6, "There is neither a n"),
    ]


def test_hostile_cells_are_kept_as_text_and_harm_nothing() -> None:
    row = {**MARIO, "Nome": '=HYPERLINK("http://x.example")', "Cognome": "<script>alert(1)</script>", "Società": "Casale\u202e\x00 S.r.l.",
           "Ufficio": '="0451234567"', "Notes": "x" * 30_000, "Posizione": "P" * 10_000}  # fmt: skip
    done = take_file(enters("Anna"), table(OUTLOOK_IT, row, encoding="utf-8"))
    person = Party.objects.get(kind="person")
    assert person.name.startswith("=HYPERLINK")
    assert "<script>alert(1)</script>" in person.name
    assert Affiliation.objects.get().phone == "+390451234567"
    assert len(person.notes) == 20_000
    assert len(Affiliation.objects.get().job_title) == 120
    assert asides(done) >= 2


def test_a_quote_that_is_never_closed_costs_its_row_and_no_other() -> None:
    broken = table(OUTLOOK_IT, MARIO) + b'"Sig.,Ugo,' + b"x" * 200_000
    done = take_file(enters("Anna"), broken)
    assert (made(done, "person"), done.counts["refused"]) == (1, 1)


def test_several_numbers_in_one_cell_are_kept_apart() -> None:
    take_file(enters("Anna"), table(OUTLOOK_IT, {**MARIO, "Cellulare": "347 1234567 / 333 7654321"}))
    person = Party.objects.get(kind="person")
    assert person.mobile == "+393471234567"
    assert ContactPoint.objects.get(party=person).value == "+393337654321"


def test_who_has_no_name_is_called_by_what_is_known() -> None:
    take_file(
        enters("Anna"), table(OUTLOOK_IT, {"Indirizzo posta elettronica": "info@casale.it"}, {"Società": "Solo Ditta"})
    )
    assert set(Party.objects.values_list("kind", "name")) == {
        ("organisation", "info@casale.it"),
        ("organisation", "Solo Ditta"),
    }


def test_a_person_somebody_moved_away_is_not_imported_again() -> None:
    anna = enters("Anna")
    take_file(anna, table(OUTLOOK_IT, MARIO))
    save(anna, "affiliation", {"until": date(2026, 1, 31)}, Affiliation.objects.get().pk)
    assert take_file(anna, table(OUTLOOK_IT, MARIO)).change_set_id is None
