"""Tables of ERPs and workbooks: one row is a company with its people, told again by its code; wrong values wait to be verified."""

from dataclasses import replace

import pytest
from django.db import connection

from rapporto.domain.parties.contacts.heads import columns_of
from rapporto.domain.parties.duplicates.deciding import decide_pair
from rapporto.domain.parties.duplicates.models import DIFFERENT, SEARCH, LikelyDuplicate
from rapporto.domain.parties.duplicates.proposing import Proposal, propose
from rapporto.domain.parties.models import Address, Affiliation, ContactPoint, Party, ToVerify
from rapporto.kernel.actor import MANAGER
from rapporto.kernel.where import field
from rapporto.store.declare import DECLARED
from rapporto.store.history.export import canonical
from rapporto.store.history.models import ChangeSet
from rapporto.store.history.undo import undo
from rapporto.store.imports.drafts import ALL, FILL, MODES
from rapporto.store.imports.engine import Engine
from rapporto.store.imports.models import ImportSource
from rapporto.store.imports.plain import PlainShape, shape_of
from rapporto.store.imports.runs import Asking, begin, source_named
from rapporto.store.reaching import reach
from rapporto.store.records import find
from rapporto.store.userfields import record_type
from rapporto.store.write import delete, save
from tests.cast import casale, enters
from tests.imports.tables import Sheet, take, take_file

pytestmark = pytest.mark.django_db

TOLD = [name for name in DECLARED if name != "import_source"]
CASALE = {
    "Codice": "C001", "Ragione sociale": "Meccanica Casale S.r.l.", "Partita IVA": "00743110157", "Indirizzo": "Via dell'Industria 4",
    "CAP": "37135", "Città": "Verona", "Prov.": "VR", "Telefono": "045 1234500 / 347 1112223", "E-mail": "info@casale.it",
    "Referente": "Mario Rossi", "Ruolo referente": "Acquisti", "E-mail referente": "m.rossi@casale.it",
    "Cellulare referente": "347 1234567", "Referente 2": "Lucia Bianchi", "E-mail referente 2": "l.bianchi@casale.it",
    "Fatturato annuo": "1.250.000,00", "Agente": "Rossi",
}  # fmt: skip


def test_one_row_makes_a_company_its_people_and_their_affiliations() -> None:
    bruno = enters("Bruno")
    run = take(bruno, "party", Sheet(CASALE))
    assert (run.counts["made.organisation"], run.counts["made.person"], run.counts["made.affiliation"]) == (1, 2, 2)
    firm = Party.objects.get(kind="organisation")
    assert (firm.phone, firm.email, firm.vat_number, firm.turnover) == (
        "+390451234500",
        "info@casale.it",
        "00743110157",
        125_000_000,
    )
    assert (firm.street, firm.province, firm.owner_id, firm.notes) == (
        "Via dell'Industria 4",
        "VR",
        bruno.user_id,
        "Agente: Rossi",
    )
    assert list(ContactPoint.objects.values_list("kind", "value")) == [("phone", "+393471112223")]
    desks = {
        one.person.name: (one.job_title, one.email, one.mobile) for one in Affiliation.objects.select_related("person")
    }
    assert desks == {
        "Mario Rossi": ("Acquisti", "m.rossi@casale.it", "+393471234567"),
        "Lucia Bianchi": ("", "l.bianchi@casale.it", ""),
    }


def test_an_unchanged_row_is_passed_over_and_a_changed_one_changes_what_its_code_tells() -> None:
    bruno = enters("Bruno")
    take(bruno, "party", Sheet(CASALE))
    assert take(bruno, "party", Sheet(CASALE), mode=ALL, dry=True).counts["rows.known"] == 1
    moved = {
        **CASALE,
        "Città": "Vicenza",
        "Prov.": "VI",
        "CAP": "36100",
        "Ruolo referente": "Direttore",
        "Referente 3": "Ugo Neri",
    }
    run = take(bruno, "party", Sheet(moved), mode=ALL)
    assert (run.counts["changed.organisation"], run.counts["changed.affiliation"], run.counts["made.person"]) == (
        1,
        1,
        1,
    )
    firm = Party.objects.get(kind="organisation")
    assert (firm.city, firm.province, firm.people.count()) == ("Vicenza", "VI", 3)
    assert Affiliation.objects.get(person__name="Mario Rossi").job_title == "Direttore"
    assert Address.objects.count() == 0
    assert take(bruno, "party", Sheet(moved), mode=ALL, dry=True).counts["rows.known"] == 1


def test_blanks_are_filled_and_nothing_else() -> None:
    bruno = enters("Bruno")
    bare = {**CASALE, "Telefono": "", "Città": ""}
    take(bruno, "party", Sheet(bare))
    save(bruno, "party", {"city": "Legnago"}, Party.objects.get(kind="organisation").pk)
    take(bruno, "party", Sheet(CASALE), mode=FILL)
    firm = Party.objects.get(kind="organisation")
    assert (firm.city, firm.phone) == ("Legnago", "+390451234500")


def test_a_whole_import_with_its_updates_is_undone_to_the_byte() -> None:
    bruno = enters("Bruno")
    take(bruno, "party", Sheet(CASALE))
    source_named(bruno, "Gestionale")
    before = list(canonical())
    later = [
        {**CASALE, "Codice": f"C{at:03}", "Ragione sociale": f"Ditta {at}", "Partita IVA": "sbagliata"}
        for at in range(90)
    ]
    run = take(bruno, "party", Sheet(*later), mode=ALL)
    assert run.counts["changed.organisation"] == 1
    assert undo(bruno, run.change_set_id or 0).kept == ()
    assert list(canonical()) == before


def test_wrong_numbers_wait_beside_their_party_until_somebody_mends_them() -> None:
    bruno = enters("Bruno")
    wrong = {
        **CASALE,
        "Partita IVA": "0074311",
        "CAP": "3713",
        "Telefono": "chiedere a Ugo",
        "E-mail": "info(at)casale.it",
    }
    run = take(bruno, "party", Sheet(wrong))
    assert run.counts["refused"] == 0 if "refused" in run.counts else True
    firm = Party.objects.get(kind="organisation")
    waiting = dict(ToVerify.objects.filter(party=firm).values_list("field", "text"))
    assert waiting == {
        "vat_number": "0074311",
        "postal_code": "3713",
        "phone": "chiedere a Ugo",
        "email": "info(at)casale.it",
    }
    assert [row.pk for row in find(bruno, "party", field("to_verify.count").ge(1))] == [firm.pk]
    assert (
        find(bruno, "to_verify", field("field").eq("vat_number") & field("party.origin").eq(run.imported_id)).count()
        == 1
    )
    save(bruno, "party", {"vat_number": "00743110157", "phone": "", "city": "Verona"}, firm.pk)
    assert set(ToVerify.objects.values_list("field", flat=True)) == {"postal_code", "phone", "email"}
    # a file that still tells the wrong one does not bring it back
    take(bruno, "party", Sheet({**wrong, "Città": "Legnago"}), mode=FILL)
    assert set(ToVerify.objects.values_list("field", flat=True)) == {"postal_code", "phone", "email"}


def test_mending_is_undone_with_what_waited() -> None:
    bruno = enters("Bruno")
    take(bruno, "party", Sheet({**CASALE, "Partita IVA": "0074311"}))
    before = list(canonical())
    firm = Party.objects.get(kind="organisation")
    save(bruno, "party", {"vat_number": "00743110157"}, firm.pk)
    undo(bruno, ChangeSet.objects.latest("pk").pk)
    assert list(canonical()) == before


def test_what_may_be_there_already_is_only_proposed() -> None:
    bruno = enters("Bruno")
    casale(bruno, name="Casale Meccanica", vat_number="00743110157")
    save(bruno, "party", {"kind": "person", "name": "Ufficio Casale", "email": "info@casale.it"})
    trial = take(bruno, "party", Sheet(CASALE), dry=True)
    run = take(bruno, "party", Sheet(CASALE))
    assert trial.counts["doubles"] == run.counts["doubles"] == 1
    assert Party.objects.filter(kind="organisation").count() == 2


def test_the_mailbox_of_an_office_tells_no_person() -> None:
    bruno = enters("Bruno")
    rows = [
        {"Nome": "Mario", "Cognome": "Rossi", "Società": firm, "E-mail": "amministrazione@gruppo.it"}
        for firm in ("Uno", "Due")
    ]
    take(bruno, "party", Sheet(*rows))
    assert Party.objects.filter(kind="person").count() == 2


def test_people_of_one_company_told_row_by_row_are_put_into_it_once() -> None:
    bruno = enters("Bruno")
    rows = [
        {"Codice": f"C{at // 10}", "Ragione sociale": f"Ditta {at // 10}", "Referente": f"Mario Rossi{at}"}
        for at in range(450)
    ]
    trial = take(bruno, "party", Sheet(*rows), dry=True)
    run = take(bruno, "party", Sheet(*rows))
    assert trial.counts == run.counts
    assert (Party.objects.filter(kind="organisation").count(), Affiliation.objects.count()) == (45, 450)
    assert {one.people.count() for one in Party.objects.filter(kind="organisation")} == {10}
    assert take(bruno, "party", Sheet(*rows), dry=True).counts["rows.known"] == 450


def test_heads_of_arca_linkedin_and_thunderbird_are_understood() -> None:
    arca = (
        "Cd_CF",
        "Descrizione",
        "Indirizzo",
        "Localita",
        "Cap",
        "Cd_Provincia",
        "PartitaIva",
        "CodiceFPR",
        "Telefono",
        "Email",
    )
    assert [one.slot for one in columns_of(arca)] == [
        "@code", "company", "place.work.street", "place.work.city", "place.work.postal_code", "place.work.state", "vat_number",
        "sdi_or_pec", "phone.switchboard", "email.switchboard",
    ]  # fmt: skip
    linkedin = ("First Name", "Last Name", "URL", "Email Address", "Company", "Position", "Connected On")
    assert [one.slot for one in columns_of(linkedin)] == [
        "first_name", "last_name", "web.home", "email", "company", "job_title", "more",
    ]  # fmt: skip
    thunderbird = (
        "First Name",
        "Display Name",
        "Primary Email",
        "Work Phone",
        "Home ZipCode",
        "Organization",
        "Web Page 1",
    )
    assert [one.slot for one in columns_of(thunderbird)] == [
        "first_name", "name", "email", "phone.work", "place.home.postal_code", "company", "web.work",
    ]  # fmt: skip


def test_only_parties_with_something_to_verify_are_found_by_it() -> None:
    bruno = enters("Bruno")
    assert reach(bruno, record_type("party"), "to_verify.count").kind.numeric


def test_the_trial_counts_as_the_import_does_whatever_rows_say_of_one_company() -> None:
    bruno = enters("Bruno")
    names = ("Ditta {} S.r.l.", "Ditta {} srl", "DITTA {}")
    rows = [
        {"Codice": f"C{at % 70}", "Ragione sociale": names[at % 3].format(at % 70), "Telefono": f"045 10000{at % 7}",
         "Partita IVA": "sbagliata", "Indirizzo": f"Via Po {at % 2}", "Città": "Verona", "Referente": f"Mario Rossi {at % 70}",
         "E-mail referente": f"m{at}@ditta.it"}
        for at in range(280)
    ]  # fmt: skip
    for mode in (FILL, ALL):
        source = f"Fonte {mode}"
        trial = take(bruno, "party", Sheet(*rows), mode=mode, dry=True, source=source)
        run = take(bruno, "party", Sheet(*rows), mode=mode, source=source)
        assert {name: n for name, n in trial.counts.items() if n} == {name: n for name, n in run.counts.items() if n}
        assert run.counts["made.affiliation"] == 70
        assert take(bruno, "party", Sheet(*rows), mode=mode, dry=True, source=source).counts["rows.known"] == 280
        undo(bruno, run.change_set_id or 0)


CARD = """BEGIN:VCARD
VERSION:3.0
UID:{uid}
N:Rossi;{name};;;
FN:{name} Rossi
ORG:Meccanica Casale S.r.l.
TEL;TYPE=CELL:347 {number}
ADR;TYPE=WORK:;;Via dell'Industria 4;Verona;VR;37135;Italia
END:VCARD
"""


def test_business_cards_are_told_again_by_their_own_code_and_share_a_company() -> None:
    bruno = enters("Bruno")
    cards = [CARD.format(uid=f"u{at}", name=name, number=1234567 + at) for at, name in enumerate(("Mario", "Lucia"))]
    take_file(bruno, "".join(cards).encode())
    firm = Party.objects.get(kind="organisation")
    assert (firm.street, firm.city, firm.people.count()) == ("Via dell'Industria 4", "Verona", 2)
    married = CARD.format(uid="u1", name="Lucia Anna", number=1234568)
    run = take_file(bruno, (cards[0] + married).encode(), mode=ALL)
    assert (run.counts["rows.known"], run.counts["changed.person"]) == (1, 1)
    assert sorted(Party.objects.filter(kind="person").values_list("name", flat=True)) == [
        "Lucia Anna Rossi",
        "Mario Rossi",
    ]


@pytest.mark.parametrize("shape", ["party", PlainShape("party")])
def test_a_field_hidden_from_a_role_is_no_column_and_is_not_written(shape: str | PlainShape) -> None:
    bruno, kept = enters("Bruno"), DECLARED["party"]
    hidden = replace(kept.record, hidden={MANAGER: ("vat_number", "turnover")})
    DECLARED.put("party", replace(kept, record=hidden))
    try:
        known = shape_of(shape) if isinstance(shape, str) else shape
        assert not {"vat_number", "own.turnover", "turnover"} & {one.name for one in known.slots(bruno)}
        columns = ("company", "vat_number", "own.turnover") if shape == "party" else ("name", "vat_number", "turnover")
        sheet = Sheet({"a": "Casale", "b": "00743110157", "c": "12"})
        run = begin(bruno, source_named(bruno, "ERP"), known, Asking("a.csv", columns=columns, mode=ALL))
        Engine(bruno, run, known, sheet).go()
    finally:
        DECLARED.put("party", kept)
    firm = Party.objects.get()
    assert (firm.name, firm.vat_number) == ("Casale", "")
    assert firm.turnover is None


def test_a_namesake_of_a_company_with_a_code_of_its_own_keeps_its_people_apart() -> None:
    bruno = enters("Bruno")
    rows = [
        {"Codice": code, "Ragione sociale": "Casale S.r.l.", "Città": "Verona", "Referente": "Mario Rossi"}
        for code in ("1", "2")
    ]
    run = take(bruno, "party", Sheet(*rows))
    assert (run.counts["made.organisation"], run.counts["made.person"], run.counts["made.affiliation"]) == (2, 2, 2)
    assert run.counts["doubles"] == 1
    assert {one.people.count() for one in Party.objects.filter(kind="organisation")} == {1}


@pytest.mark.parametrize("mode", MODES)
def test_people_alone_under_the_code_of_a_company_work_there_and_nobody_changes_their_kind(mode: str) -> None:
    bruno = enters("Bruno")
    heads = ("Codice", "Ragione sociale", "Partita IVA", "Referente", "Referente 2")
    take(bruno, "party", Sheet({"Codice": "C2", "Ragione sociale": "Casale"}, heads=heads))
    rows = (
        {"Codice": "C2", "Referente": "Mario Rossi", "Referente 2": "Ugo Neri"},
        {"Codice": "C2", "Ragione sociale": "Casale", "Partita IVA": "123"},
        {"Codice": "C3", "Referente": "Lucia Bianchi"},
        {"Codice": "C3", "Ragione sociale": "Bianchi S.a.s."},
    )
    trial = take(bruno, "party", Sheet(*rows, heads=heads), mode=mode, dry=True)
    run = take(bruno, "party", Sheet(*rows, heads=heads), mode=mode)
    assert run.counts == trial.counts
    assert set(Party.objects.values_list("kind", "name")) == {
        ("organisation", "Casale"),
        ("organisation", "Bianchi S.a.s."),
        *(("person", name) for name in ("Mario Rossi", "Ugo Neri", "Lucia Bianchi")),
    }
    assert set(Affiliation.objects.values_list("person__name", "organisation__name")) == {
        ("Mario Rossi", "Casale"),
        ("Ugo Neri", "Casale"),
    }
    assert take(bruno, "party", Sheet(*rows, heads=heads), mode=mode, dry=True).counts["rows.known"] == len(rows)
    assert undo(bruno, run.change_set_id or 0).kept == ()
    assert Party.objects.count() == 1


def test_pairs_that_were_judged_and_decided_since_go_with_the_import_that_is_undone_and_come_back_with_it() -> None:
    bruno = enters("Bruno")
    before = list(canonical(TOLD))
    twice = [{**CASALE, "Codice": code, "Referente": "", "Referente 2": ""} for code in ("C1", "C2", "C3")]
    run = take(bruno, "party", Sheet(*twice))
    pairs = list(LikelyDuplicate.objects.order_by("pk"))
    assert len(pairs) >= 2
    propose(bruno, [Proposal(pairs[0].first_id, pairs[0].second_id or 0, 99, ("name",))], found_by=SEARCH)
    decide_pair(bruno, pairs[1].pk, DIFFERENT)
    decided = list(canonical(TOLD))
    undone = undo(bruno, run.change_set_id or 0)
    assert undone.kept == ()
    assert list(canonical(TOLD)) == before
    again = undo(bruno, undone.change_set_id or 0)
    assert again.kept == ()
    assert list(canonical(TOLD)) == decided
    assert undo(bruno, again.change_set_id or 0).kept == ()
    assert list(canonical(TOLD)) == before


def test_an_import_that_is_undone_and_done_again_knows_its_rows() -> None:
    bruno = enters("Bruno")
    run = take(bruno, "party", Sheet(CASALE))
    there = list(canonical())
    undone = undo(bruno, run.change_set_id or 0)
    assert take(bruno, "party", Sheet(CASALE), dry=True).counts["rows.made"] == 1
    assert undo(bruno, undone.change_set_id or 0).kept == ()
    assert list(canonical()) == there
    for mode in MODES:
        assert take(bruno, "party", Sheet(CASALE), mode=mode, dry=True).counts["rows.known"] == 1


def test_a_source_that_is_deleted_and_comes_back_knows_its_codes() -> None:
    bruno = enters("Bruno")
    take(bruno, "party", Sheet(CASALE), dry=True)
    source = ImportSource.objects.get()
    delete(bruno, "import_source", source.pk)
    run = take(bruno, "party", Sheet(CASALE))
    made = ChangeSet.objects.get(entries__record="import_source", entries__row_id=ImportSource.objects.get().pk)
    undone = [undo(bruno, one).change_set_id for one in (run.change_set_id or 0, made.pk)]
    assert not ImportSource.objects.exists()
    connection.check_constraints()
    for one in reversed(undone):
        assert undo(bruno, one or 0).kept == ()
    assert take(bruno, "party", Sheet(CASALE), dry=True).counts["rows.known"] == 1
