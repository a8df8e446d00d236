"""Contacts of Outlook and Google become persons, companies and affiliations; what is wrong is told, and all can be taken back."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.utils.translation import override

from rapporto.domain.parties.contacts import importing as importing
from rapporto.domain.parties.contacts import plan as planning
from rapporto.domain.parties.contacts.draft import Draft, draft_of
from rapporto.domain.parties.contacts.importing import import_contacts, preview_contacts
from rapporto.domain.parties.contacts.plan import Step
from rapporto.domain.parties.models import Address, Affiliation, ContactPoint, Party
from rapporto.kernel.where import field
from rapporto.store.errors import Refused
from rapporto.store.history.export import canonical
from rapporto.store.history.models import ChangeSet, Entry
from rapporto.store.history.undo import undo
from rapporto.store.records import find
from rapporto.store.search import search
from rapporto.store.transfer.delimited import MAX_BYTES, Unreadable
from rapporto.store.write import save
from tests.cast import casale, enters
from tests.parties.contact_files import GOOGLE, GOOGLE_OLD, MARIO, OUTLOOK_EN, OUTLOOK_IT, many, table

pytestmark = pytest.mark.django_db


def test_an_outlook_contact_becomes_person_company_and_affiliation() -> None:
    anna = enters("Anna")
    done = import_contacts(anna, table(OUTLOOK_IT, MARIO))
    assert (done.summary.people, done.summary.companies, done.summary.affiliations, done.summary.aside) == (1, 1, 1, 0)
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
    import_contacts(enters("Anna"), table(OUTLOOK_EN, row, encoding="utf-8"))
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
    import_contacts(enters("Anna"), table(GOOGLE, row, encoding="utf-8"))
    lucia, firm, desk = (
        Party.objects.get(kind="person"),
        Party.objects.get(kind="organisation"),
        Affiliation.objects.get(),
    )
    assert (lucia.mobile, lucia.email, desk.email, desk.job_title) == (
        "+393471112223", "lucia@casa.it", "l.bianchi@casale.it", "Direttrice")  # fmt: skip
    assert (firm.street, firm.city, firm.country) == ("Via Roma 1", "Verona", "IT")
    points = {(one.party_id, one.kind, one.value) for one in ContactPoint.objects.all()}
    assert points == {(firm.pk, "fax", "+390451112224"), (lucia.pk, "email", "info@casale.it")}
    assert lucia.notes == ""


def test_the_google_format_before_2024_is_read_too() -> None:
    row = {"Name": "Lucia Bianchi", "Given Name": "Lucia", "Family Name": "Bianchi", "Organization 1 - Name": "Casale",
           "Organization 1 - Title": "Direttrice", "Phone 1 - Type": "Home", "Phone 1 - Value": "045 1112223"}  # fmt: skip
    import_contacts(enters("Anna"), table(GOOGLE_OLD, row, encoding="utf-16"))
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
    import_contacts(enters("Anna"), table(OUTLOOK_IT, MARIO, colleague, elsewhere))
    firms = Party.objects.filter(kind="organisation").order_by("id")
    assert [(one.city, one.people.count()) for one in firms] == [("Verona", 2), ("Torino", 1)]


def test_a_company_that_is_in_the_register_already_is_used() -> None:
    anna = enters("Anna")
    firm = casale(anna, name="Meccanica Casale s.r.l.", city="VERONA")
    done = import_contacts(anna, table(OUTLOOK_IT, MARIO))
    assert done.summary.companies == 0
    assert Affiliation.objects.get().organisation_id == firm.pk
    assert ContactPoint.objects.get(party=firm).value == "+390451234500"


def test_a_company_of_another_agent_is_neither_used_nor_given_away() -> None:
    anna, carla = enters("Anna"), enters("Carla")
    hers = casale(carla, name="Meccanica Casale S.r.l.", city="Verona")
    done = import_contacts(anna, table(OUTLOOK_IT, MARIO))
    assert done.summary.companies == 1
    assert not Affiliation.objects.filter(organisation=hers).exists()
    assert list(find(carla, "party", field("kind").eq("person"))) == []


def test_a_wrong_value_never_refuses_the_row_but_stands_in_the_notes() -> None:
    row = {**MARIO, "Cellulare": "da chiedere", "Cod. Fisc./P. IVA": "12345678901", "CAP (uff.)": "371", "Compleanno": "31/2/1975",
           "Indirizzo posta elettronica": "mario chiocciola casale"}  # fmt: skip
    with override("it"):
        done = import_contacts(enters("Anna"), table(OUTLOOK_IT, row))
    assert done.summary.people == 1
    told = {(one.row, one.column): one.text for one in done.summary.asides}
    assert told == {
        (2, "Cellulare"): "da chiedere", (2, "Cod. Fisc./P. IVA"): "12345678901", (2, "Compleanno"): "31/2/1975",
        (2, "Indirizzo posta elettronica"): "mario chiocciola casale", (2, "CAP (uff.)"): "371",
    }  # fmt: skip
    notes = Party.objects.get(kind="person").notes
    assert "Da verificare: Cellulare: da chiedere" in notes
    assert "Da verificare: Cod. Fisc./P. IVA: 12345678901" in notes


def test_what_has_no_field_stands_in_the_notes() -> None:
    import_contacts(
        enters("Anna"), table(OUTLOOK_IT, {**MARIO, "Categorie": "Fiera 2026", "Nome coniuge/partner": "Carla"})
    )
    assert Party.objects.get(kind="person").notes.endswith("Categorie: Fiera 2026\nNome coniuge/partner: Carla")


def test_a_tax_code_is_the_persons_and_a_vat_number_the_companys() -> None:
    import_contacts(enters("Anna"), table(OUTLOOK_IT, {**MARIO, "Cod. Fisc./P. IVA": "00743110157"}))
    assert Party.objects.get(kind="organisation").vat_number == "00743110157"


def test_a_home_address_stays_with_the_person_without_moving_them_out_of_the_companys_territory() -> None:
    import_contacts(enters("Anna"), table(OUTLOOK_IT, {**MARIO, "Via (ab.)": "Via Po 3", "Città (ab.)": "Torino"}))
    home = Address.objects.get()
    assert (home.kind, home.street, home.city, home.party.kind) == ("home", "Via Po 3", "Torino", "person")
    assert Party.objects.get(kind="person").city == ""


def test_a_second_import_of_the_same_file_adds_nothing() -> None:
    anna = enters("Anna")
    data = many(60)
    import_contacts(anna, data)
    before = list(canonical())
    again = import_contacts(anna, data)
    assert (again.change_set_id, again.summary.known, again.summary.people) == (None, 60, 0)
    assert list(canonical()) == before


def test_the_same_person_twice_in_a_file_is_made_once_and_somebody_of_the_same_name_is_not_lost() -> None:
    namesake = {"Nome": "Mario", "Cognome": "Rossi", "Cellulare": "333 9999999"}
    done = import_contacts(enters("Anna"), table(OUTLOOK_IT, MARIO, MARIO, namesake))
    assert (done.summary.people, done.summary.known) == (2, 1)


def test_a_known_person_of_another_company_gets_a_second_affiliation() -> None:
    anna = enters("Anna")
    import_contacts(anna, table(OUTLOOK_IT, MARIO))
    done = import_contacts(anna, table(OUTLOOK_IT, {**MARIO, "Società": "Officine Adige", "Città (uff.)": "Trento"}))
    assert (done.summary.people, done.summary.affiliations) == (0, 1)
    assert Party.objects.get(kind="person").affiliations.count() == 2


def test_an_import_is_one_change_set_over_many_transactions_and_undone_to_the_byte() -> None:
    anna = enters("Anna")
    casale(anna)
    before = list(canonical())
    done = import_contacts(anna, many(150), name="contatti.csv")
    assert done.change_set_id is not None
    change = ChangeSet.objects.get(pk=done.change_set_id)
    assert (change.command, change.door, change.open, change.user_id) == (
        "import_contacts",
        "import",
        False,
        anna.user_id,
    )
    assert change.summary["people"] == 150
    assert Entry.objects.filter(change_set=change).count() >= 150 + 30 + 150
    undone = undo(anna, change.pk)
    assert undone.kept == ()
    assert list(canonical()) == before
    assert search(anna, "party", "Rossi12").ids == ()


def test_each_transaction_is_short(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []
    write = importing._write

    def counted(actor: object, steps: list[Step]) -> None:
        sizes.append(sum(step.records for step in steps))
        write(actor, steps)  # type: ignore[arg-type]

    monkeypatch.setattr(importing, "_write", counted)
    import_contacts(enters("Anna"), many(300))
    assert len(sizes) > 3
    assert max(sizes) <= importing.RECORDS


def test_what_was_broken_off_is_a_closed_change_set_and_goes_on_by_importing_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    anna, data = enters("Anna"), many(200)
    write, calls = importing._write, iter(range(100))

    def breaks(*given: object) -> None:
        if next(calls) == 2:
            raise KeyboardInterrupt
        write(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(importing, "_write", breaks)
    with pytest.raises(KeyboardInterrupt):
        import_contacts(anna, data)
    half = Party.objects.count()
    assert 0 < half < 240
    assert not ChangeSet.objects.filter(open=True).exists()
    import_contacts(anna, data)
    assert Party.objects.count() == 240


def test_the_preview_tells_what_the_import_does_and_writes_nothing() -> None:
    anna, data = enters("Anna"), many(30)
    preview = preview_contacts(anna, data)
    assert not Party.objects.exists()
    assert preview.summary.counts() == import_contacts(anna, data).summary.counts()
    assert preview.first[0].draft.person is not None
    assert preview.first[0].draft.person["name"] == "Mario Rossi0"


def test_who_may_not_add_parties_imports_nothing() -> None:
    anna = enters("Anna")
    leaver = replace(anna, roles=frozenset())
    with pytest.raises(Refused):
        import_contacts(leaver, table(OUTLOOK_IT, MARIO))
    assert not Party.objects.exists()


@pytest.mark.parametrize(
    ("separator", "encoding"), [(",", "cp1252"), (";", "cp1252"), ("\t", "utf-16"), (";", "utf-8-sig"), (",", "utf-8")]
)
def test_every_encoding_and_separator_gives_the_same_contact(separator: str, encoding: str) -> None:
    row = {**MARIO, "Nome": "Nicolò", "Società": "Caffè & Tè «Perù», S.n.c."}
    import_contacts(enters("Anna"), table(OUTLOOK_IT, row, separator=separator, encoding=encoding))
    assert Party.objects.get(kind="person").name == "Nicolò Rossi"
    assert Party.objects.get(kind="organisation").name == "Caffè & Tè «Perù», S.n.c."


def test_a_title_above_the_heads_repeated_heads_and_a_separator_line_do_no_harm() -> None:
    repeated = dict(zip(OUTLOOK_IT, OUTLOOK_IT, strict=True))
    done = import_contacts(
        enters("Anna"), table(OUTLOOK_IT, repeated, MARIO, above="Contatti esportati il 3 marzo\r\n\r\n")
    )
    assert (done.summary.rows, done.summary.people) == (1, 1)
    done = import_contacts(
        enters("Bruno"), table(OUTLOOK_IT, {**MARIO, "Nome": "Ugo"}, separator=";", above="sep=;\r\n")
    )
    assert done.summary.people == 1


HOSTILE = {
    "empty": b"",
    "blank": b" \r\n \r\n",
    "workbook": b"PK\x03\x04" + b"\x00\x01" * 500,
    "picture": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20,
    "noise": bytes((n * 7919) % 256 for n in range(5000)),
    "zeros": b"\x00" * 1000,
    "only heads": table(OUTLOOK_IT),
    "other heads": b"codice,descrizione,prezzo\r\nA1,Vite,0.10\r\n",
    "no heads": b"Mario,Rossi,347 1234567\r\n",
    "a thousand columns": (",".join(f"c{n}" for n in range(1000)) + "\r\n" + "x," * 999 + "x\r\n").encode(),
    "page": b"<!doctype html><html><body>Accedi</body></html>",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_that_is_none_is_told_in_words(name: str) -> None:
    with pytest.raises(Unreadable) as wrong:
        import_contacts(enters("Anna"), HOSTILE[name])
    assert str(wrong.value.message)
    assert not ChangeSet.objects.filter(command="import_contacts").exists()


def test_a_file_that_is_too_large_is_told_before_it_is_read() -> None:
    with pytest.raises(Unreadable, match="20 MB"):
        preview_contacts(enters("Anna"), b"x" * (MAX_BYTES + 1))


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
    done = import_contacts(enters("Anna"), text.encode("cp1252") + table(OUTLOOK_IT, notes_alone).split(b"\r\n", 1)[1])
    assert done.summary.people == 2
    # The notes of Mario hold a line break: his row takes two lines.
    assert [(row, str(why)[:20]) for row, why in done.summary.refusals] == [
        (4, "The row has 95 cells"),
        (7, "There is neither a n"),
    ]


def test_hostile_cells_are_kept_as_text_and_harm_nothing() -> None:
    row = {**MARIO, "Nome": '=HYPERLINK("http://x.example")', "Cognome": "<script>alert(1)</script>", "Società": "Casale\u202e\x00 S.r.l.",
           "Ufficio": '="0451234567"', "Notes": "x" * 30_000, "Posizione": "P" * 10_000}  # fmt: skip
    done = import_contacts(enters("Anna"), table(OUTLOOK_IT, row, encoding="utf-8"))
    person = Party.objects.get(kind="person")
    assert person.name.startswith("=HYPERLINK")
    assert "<script>alert(1)</script>" in person.name
    assert Affiliation.objects.get().phone == "+390451234567"
    assert len(person.notes) == 20_000
    assert len(Affiliation.objects.get().job_title) == 120
    assert done.summary.aside >= 2


def test_a_quote_that_is_never_closed_costs_its_row_and_no_other() -> None:
    broken = table(OUTLOOK_IT, MARIO) + b'"Sig.,Ugo,' + b"x" * 200_000
    done = import_contacts(enters("Anna"), broken)
    assert (done.summary.people, done.summary.refused) == (1, 1)


def test_several_numbers_in_one_cell_are_kept_apart() -> None:
    import_contacts(enters("Anna"), table(OUTLOOK_IT, {**MARIO, "Cellulare": "347 1234567 / 333 7654321"}))
    person = Party.objects.get(kind="person")
    assert person.mobile == "+393471234567"
    assert ContactPoint.objects.get(party=person).value == "+393337654321"


def test_who_has_no_name_is_called_by_what_is_known() -> None:
    import_contacts(
        enters("Anna"), table(OUTLOOK_IT, {"Indirizzo posta elettronica": "info@casale.it"}, {"Società": "Solo Ditta"})
    )
    assert set(Party.objects.values_list("kind", "name")) == {
        ("person", "info@casale.it"),
        ("organisation", "Solo Ditta"),
    }


def test_a_person_somebody_moved_away_is_not_imported_again() -> None:
    anna = enters("Anna")
    import_contacts(anna, table(OUTLOOK_IT, MARIO))
    save(anna, "affiliation", {"until": date(2026, 1, 31)}, Affiliation.objects.get().pk)
    assert import_contacts(anna, table(OUTLOOK_IT, MARIO)).change_set_id is None


def test_a_row_the_register_refuses_is_left_out_alone_with_what_hangs_on_it(monkeypatch: pytest.MonkeyPatch) -> None:
    anna = enters("Anna")

    def spoilt(*given: Any, **more: Any) -> Draft:
        draft = draft_of(*given, **more)
        if draft.company and draft.company["name"] == "Officine 1 S.r.l.":
            draft.company["employees"] = "molti"
        return draft

    monkeypatch.setattr(planning, "draft_of", spoilt)
    done = import_contacts(anna, many(15))
    # Rows take two lines each; the first of the company is refused by name, the other four with it.
    assert [row for row, _ in done.summary.refusals] == [12, 14, 16, 18, 20]
    assert "employees" in str(done.summary.refusals[0][1])
    assert Party.objects.filter(kind="person").count() == Affiliation.objects.count() == 10
    assert not ChangeSet.objects.filter(open=True).exists()
