"""An erased person stands nowhere any more, neither in rows nor history nor files; what stays is anonymous, nothing brings them back."""

import os
import subprocess
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection

from rapporto.domain.consent.models import CheckedNumber, OptOutCheck
from rapporto.domain.parties.models import Affiliation, ContactPoint, Party
from rapporto.domain.people.actors import actor_of
from rapporto.domain.processes.commands import log_activity
from rapporto.domain.processes.models import Activity
from rapporto.insight.duplicates.reading import everybody
from rapporto.kernel.actor import ADMINISTRATOR, AGENT, Actor
from rapporto.kernel.erasure import keep
from rapporto.site.copies import program
from rapporto.store import erasures
from rapporto.store.access_models import AccessEntry
from rapporto.store.bulk_create import InvalidRows, create_many
from rapporto.store.declare import DECLARED
from rapporto.store.errors import Invalid, Refused
from rapporto.store.history.as_of import as_of
from rapporto.store.history.changing import change_set
from rapporto.store.history.models import ChangeSet, Entry
from rapporto.store.history.seals import seal_all, verify
from rapporto.store.history.undo import undo, undoable
from rapporto.store.imports.erased import keeps_nothing
from rapporto.store.imports.models import ImportRun, ImportSource, RefusedRow
from rapporto.store.job_files import new_file
from rapporto.store.jobs import loaded
from rapporto.store.jobs_models import Job
from rapporto.store.merge import merge
from rapporto.store.rights.forget import Request, forget, preview
from rapporto.store.rights.replay import replay_erasures
from rapporto.store.rights_models import Erasure
from rapporto.store.search import search
from rapporto.store.write import delete, save
from tests.cast import casale, enters, person
from tests.imports.tables import take_file
from tests.parties.contact_files import MARIO, OUTLOOK_IT, table
from tests.rights.canary import Canary, own_fields
from tests.web.samples import one_of_each, user

ASKED = Request(date(2026, 11, 20), "Richiesta scritta")


@pytest.fixture(autouse=True)
def own_list(settings: LazySettings, tmp_path: Path) -> Path:
    """A list of erasures of this test alone."""
    settings.ERASURES_ROOT = tmp_path / "list"
    return tmp_path / "list"


def stands_in(folder: Path, words: list[str]) -> list[tuple[str, str]]:
    """Where any of the words stands in the files below a folder, in whatever case."""
    found = []
    for file in folder.rglob("*"):
        if file.is_file():
            held = file.read_bytes().lower()
            found += [(file.name, word) for word in words if word.lower().encode() in held]
    return found


def dumped() -> str:
    """PostgreSQL's tables as text, as a backup would hold them."""
    place = connection.settings_dict
    told = subprocess.run(
        [
            program("pg_dump"),
            "--inserts",
            "-h",
            place["HOST"],
            "-p",
            str(place["PORT"]),
            "-U",
            place["USER"],
            place["NAME"],
        ],
        env={**os.environ, "PGPASSWORD": str(place["PASSWORD"])},
        capture_output=True,
        text=True,
        check=True,
    )
    return told.stdout.lower()


@pytest.mark.django_db(transaction=True)
def test_no_word_of_an_erased_person_is_left_in_any_file_of_the_data(settings: LazySettings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
    aldo = actor_of(user("Aldo", ADMINISTRATOR))
    own_fields(aldo)
    others = one_of_each(aldo, user("Anna", AGENT))
    lucia = Canary(aldo, "lucia", 1).everything(others)
    marta = Canary(aldo, "marta", 2).everything(others)
    merge(
        aldo,
        "party",
        lucia.id,
        int(save(aldo, "party", {"kind": "person", "name": "luciadoppia77", "notes": "luciadoppia78"}).pk),
    )
    told = {"kind": "export", "user_id": aldo.user_id, "made_at": datetime.now(UTC), "state": Job.DONE}
    Job.objects.create(**told, details={"rows": [{"person": lucia.full_name}], "counts": {"rows": 3}})
    token, file = new_file()
    with file:
        file.write(lucia.full_name.encode())
    words = [*lucia.words, "luciadoppia77", "luciadoppia78"]

    done = forget(aldo, "party", lucia.id, Request(date(2026, 11, 20), "Richiesta scritta", texts=True))

    assert search(aldo, "party", lucia.full_name).ids == ()
    assert not (tmp_path / "files" / "jobs" / token).exists()
    assert Job.objects.get().details == {"rows": [], "counts": {"rows": 3}}
    if connection.vendor == "sqlite":
        assert done.swept["left"] == 0
        base = Path(str(connection.settings_dict["NAME"]))
        for end in ("", "-wal"):
            if Path(f"{base}{end}").exists():
                # by another process: one that opens and closes the file of its own database loses the locks it has there
                subprocess.run(["cp", f"{base}{end}", tmp_path / f"copy{end}"], check=True)
        assert stands_in(tmp_path, words) == []
        assert stands_in(tmp_path, marta.words[:3]) != []
    else:
        text = dumped()
        assert [word for word in words if word.lower() in text] == []
        assert marta.words[0] in text


@pytest.mark.django_db
def test_dealings_stay_and_are_counted_without_a_word_of_them() -> None:
    aldo = enters("Aldo")
    lucia = person(aldo, "Lucia", "Bonetti", province="VR", phase="customer")
    dealing = log_activity(aldo, party=lucia.pk, subject="Visita a Lucia", asked="Chiede lo sconto", outcome="Concesso")
    forget(aldo, "party", lucia.pk, ASKED)
    dealing.refresh_from_db()
    lucia.refresh_from_db()
    assert (dealing.subject, dealing.asked, dealing.outcome, dealing.party_id) == (
        "Erased on request",
        "",
        "",
        lucia.pk,
    ) or (dealing.subject == "Cancellato su richiesta")
    assert (lucia.province, lucia.phase, lucia.first_name, lucia.last_name) == ("VR", "customer", "", "")
    assert Party.objects.get(pk=lucia.pk).numbers.activities == 1


@pytest.mark.django_db
def test_the_company_stays_and_only_loses_the_name_in_its_texts_and_in_their_history() -> None:
    aldo = enters("Aldo")
    firm, lucia, piero = (
        casale(aldo),
        person(aldo, "Lucia", "Bonetti", mobile="333 1234567"),
        person(aldo, "Piero", "Neri"),
    )
    boss = save(aldo, "affiliation", {"person": lucia.pk, "organisation": firm.pk, "job_title": "Direttrice"})
    post = save(aldo, "affiliation", {"person": piero.pk, "organisation": firm.pk, "reports_to": boss.pk})
    save(aldo, "party", {"notes": "Decide LUCIA  Bonetti, cell. 333/123.4567. Paga a 60 giorni."}, firm.pk)
    save(aldo, "party", {"notes": "Sentire la Bonetti Lucia. Paga a 60 giorni."}, firm.pk)
    dealing = log_activity(
        aldo, party=firm.pk, person=lucia.pk, subject="Sconto", asked="La Bonetti chiede il sei per cento"
    )
    elsewhere = save(aldo, "party", {"name": "Alfa", "notes": "Lucia Bonetti, un'altra"})

    forget(aldo, "party", lucia.pk, ASKED)

    for row in (firm, dealing, elsewhere):
        row.refresh_from_db()
    assert firm.name == "Ditta Casale"
    assert "Bonetti" not in firm.notes
    assert "Paga a 60 giorni." in firm.notes
    assert dealing.asked.startswith("La [")
    assert dealing.asked.endswith("chiede il sei per cento")
    assert elsewhere.notes == "Lucia Bonetti, un'altra"
    assert not Affiliation.objects.filter(pk=boss.pk).exists()
    assert Affiliation.objects.get(pk=post.pk).reports_to_id is None
    held = "".join(
        str(one) for one in Entry.objects.filter(record="party", row_id=firm.pk).values_list("image", flat=True)
    )
    assert "onetti" not in held
    assert "1234567" not in "".join(one for one in held if one.isdigit())
    assert "60 giorni" in held


@pytest.mark.django_db
def test_the_texts_of_dealings_of_others_go_only_when_it_is_asked_for() -> None:
    aldo = enters("Aldo")
    firm, lucia = casale(aldo), person(aldo, "Lucia", "Bonetti")
    dealing = log_activity(aldo, party=firm.pk, person=lucia.pk, subject="Maternità", asked="Torna a marzo")
    assert preview(aldo, "party", lucia.pk).dealings == 1
    forget(aldo, "party", lucia.pk, Request(date(2026, 11, 20), texts=True))
    assert Activity.objects.get(pk=dealing.pk).asked == ""


@pytest.mark.django_db
def test_an_erasure_is_not_undone_and_undoing_what_was_before_skips_it_with_the_reason() -> None:
    aldo = enters("Aldo")
    lucia = person(aldo, "Lucia", "Bonetti")
    with change_set(aldo, "change") as changed:
        save(aldo, "party", {"notes": "Allergica"}, lucia.pk)
        point = save(aldo, "contact_point", {"party": lucia.pk, "kind": "email", "value": "lucia@bonetti.example"})
    with change_set(aldo, "delete") as deleted:
        delete(aldo, "contact_point", point.pk)
    forget(aldo, "party", lucia.pk, ASKED)
    assert [undoable(aldo, one.pk) for one in ChangeSet.objects.filter(command="forget")] in ([False], [False, False])
    for change in (changed, deleted):
        kept = undo(aldo, change.pk).kept
        assert {str(one.reason) for one in kept} == {"What was there has been erased on request."}
    lucia.refresh_from_db()
    assert lucia.notes == ""
    assert not ContactPoint.objects.exists()


@pytest.mark.django_db
def test_the_past_shows_an_erased_person_as_anonymous_too() -> None:
    aldo = enters("Aldo")
    lucia = person(aldo, "Lucia", "Bonetti")
    save(aldo, "party", {"notes": "Allergica"}, lucia.pk)
    before = datetime.now(UTC)
    forget(aldo, "party", lucia.pk, ASKED)
    with as_of(before):
        then = Party.objects.filter(pk=lucia.pk).values_list("name", "notes").get()
    assert "Bonetti" not in then[0]
    assert then[1] == ""


@pytest.mark.django_db
def test_only_an_administrator_erases_and_only_persons() -> None:
    anna, bruno, aldo = enters("Anna"), enters("Bruno"), enters("Aldo")
    lucia, firm = person(anna, "Lucia", "Bonetti"), casale(anna)
    for actor, row in ((anna, lucia), (bruno, lucia), (aldo, firm)):
        with pytest.raises(Refused):
            forget(actor, "party", row.pk, ASKED)
        with pytest.raises(Refused):
            preview(actor, "party", row.pk)
    assert Party.objects.get(pk=lucia.pk).last_name == "Bonetti"
    assert not Erasure.objects.exists()


@pytest.mark.django_db
def test_private_notes_of_colleagues_go_too_and_nobody_learns_what_they_said() -> None:
    anna, aldo = enters("Anna"), enters("Aldo")
    lucia = person(anna, "Lucia", "Bonetti")
    note = log_activity(anna, party=lucia.pk, subject="Segreto", asked="Parola", private=True)
    forget(aldo, "party", lucia.pk, ASKED)
    note.refresh_from_db()
    assert (note.asked, note.private, note.taken_by_id) == ("", True, anna.user_id)


@pytest.fixture
def erased(db: None) -> Actor:
    """Lucia Bonetti of Ditta Casale has been erased; her switchboard is that of the company."""
    aldo = enters("Aldo")
    firm = casale(aldo, phone="045 7901234")
    lucia = person(
        aldo, "Lucia", "Bonetti", email="lucia.bonetti@casale.example", phone="045 7901234", mobile="333 1234567"
    )
    save(aldo, "affiliation", {"person": lucia.pk, "organisation": firm.pk, "email": "acquisti.lb@casale.example"})
    forget(aldo, "party", lucia.pk, ASKED)
    return aldo


OLD: tuple[tuple[str, dict[str, Any]], ...] = (
    ("party", {"kind": "person", "name": "L. Bonetti", "email": "Lucia.Bonetti@casale.example"}),
    ("party", {"name": "Bonetti", "pec": "lucia.bonetti@casale.example"}),
    ("party", {"kind": "person", "name": "Lucia B.", "mobile": "+39 333 123 4567"}),
    ("contact_point", {"kind": "mobile", "value": "333.1234567"}),
    ("affiliation", {"job_title": "Acquisti", "email": "acquisti.lb@casale.example"}),
)


@pytest.mark.parametrize(("name", "values"), OLD)
def test_an_old_list_does_not_bring_an_erased_person_back(erased: Actor, name: str, values: dict[str, Any]) -> None:
    other = casale(erased, name="Altra ditta")
    link = {"party": {}, "contact_point": {"party": other.pk}, "affiliation": {"organisation": other.pk}}[name]
    with pytest.raises(Invalid) as wrong:
        save(erased, name, {**values, **link})
    assert all(erasures.is_refusal(message) for message in wrong.value.errors.values())
    with pytest.raises(InvalidRows) as rows, change_set(erased, "import"):
        create_many(erased, name, [{**values, **link}])
    assert erasures.is_refusal(next(iter(rows.value.errors[0].values())))


@pytest.mark.django_db
def test_importing_the_same_file_again_leaves_the_erased_person_out_and_says_why() -> None:
    aldo = enters("Aldo")
    other = {**MARIO, "Nome": "Piero", "Cognome": "Neri", "Cellulare": "333 7654321", "Cod. Fisc./P. IVA": ""}
    other |= {name: "" for name in MARIO if "posta" in name or "Telefono" in name or "Abitazione" in name}
    take_file(aldo, table(OUTLOOK_IT, MARIO, other))
    mario = Party.objects.get(last_name="Rossi")
    forget(aldo, "party", mario.pk, ASKED)
    for dry in (True, False, True):
        run = take_file(aldo, table(OUTLOOK_IT, MARIO, other), dry=dry)
        refused = RefusedRow.objects.get(run=run)
        assert keeps_nothing(loaded(refused.reason))
        assert (refused.values, refused.raw) == ([], "")
    assert not Party.objects.filter(last_name="Rossi").exists()
    assert Party.objects.filter(last_name="Neri").count() == 1


def test_what_others_have_too_is_not_refused(erased: Actor) -> None:
    assert person(erased, "Piero", "Neri", phone="045 7901234").phone == "+390457901234"


def test_a_row_with_the_name_and_the_company_alone_is_known_again(erased: Actor) -> None:
    assert erasures.known_by_name("Bonetti Lucia", "DITTA CASALE") is not None
    assert erasures.known_by_name("Lucia Bonetti", "Altra ditta") is None


def test_who_consents_anew_is_admitted_again(erased: Actor) -> None:
    ((_, one),) = list(erasures.known_again({"email": "lucia.bonetti@casale.example"}, ("email",)))
    erasures.allow(one.token, date(2026, 12, 1))
    assert person(erased, "Lucia", "Bonetti", email="lucia.bonetti@casale.example").pk


def test_the_list_names_nobody_and_lies_outside_the_database(erased: Actor, own_list: Path) -> None:
    held = (own_list / erasures.LIST).read_text().lower()
    assert "bonetti" not in held
    assert "333" not in held.replace("marks", "") or "3331234567" not in held
    assert {one.stat().st_mode & 0o077 for one in own_list.iterdir()} == {0}


def test_the_register_of_accesses_tells_who_erased_and_not_whom(erased: Actor) -> None:
    entry = AccessEntry.objects.get(act="person_erased")
    assert (entry.user_name, entry.record) == ("Aldo", "party")
    assert "Bonetti" not in str(entry.details)


@pytest.mark.django_db
def test_a_restored_copy_is_erased_again_and_nobody_else_is(own_list: Path) -> None:
    aldo = enters("Aldo")
    lucia = person(aldo, "Lucia", "Bonetti", email="lucia@bonetti.example")
    piero = person(aldo, "Piero", "Neri", email="piero@neri.example")
    # erased in a database of which only the list is left: what is at hand is a copy made before
    words = {erasures.mark_of("email", "lucia@bonetti.example")}
    erasures.add("party", lucia.pk, date(2026, 11, 20), "made elsewhere", words)
    erasures.add(
        "party", piero.pk, date(2026, 11, 20), "made elsewhere", {erasures.mark_of("email", "altro@neri.example")}
    )
    (done,) = replay_erasures()
    assert (done.row_id, done.requested_on) == (lucia.pk, date(2026, 11, 20))
    assert Party.objects.get(pk=piero.pk).last_name == "Neri"
    assert Party.objects.get(pk=lucia.pk).last_name == ""
    assert replay_erasures() == []


@pytest.mark.django_db
def test_a_preview_tells_what_goes_and_changes_nothing() -> None:
    aldo = enters("Aldo")
    lucia = person(aldo, "Lucia", "Bonetti", email="lucia@bonetti.example")
    save(aldo, "address", {"party": lucia.pk, "street": "Via Roma 1"})
    log_activity(aldo, party=lucia.pk, subject="Visita")
    entries = Entry.objects.count()
    told = preview(aldo, "party", lucia.pk)
    assert (told.erased, told.anonymised, told.marks) == ({"address": 1}, {"party": 1, "activity": 1}, 1)
    assert Entry.objects.count() == entries
    assert erasures.erased() == []


def test_cards_of_erased_persons_are_nobodys_doubles(erased: Actor) -> None:
    card = Party.objects.get(kind="person")
    assert erasures.stand_ins("party", [card.pk, card.pk + 1]) == {card.pk}
    piero = person(erased, "Piero", "Neri")
    assert [one.id for one in everybody(erased, person=True)] == [piero.pk]


@pytest.mark.django_db
def test_names_of_files_and_checked_numbers_go_too() -> None:
    aldo = enters("Aldo")
    lucia = person(aldo, "Lucia", "Bonetti", mobile="333 1234567")
    with change_set(aldo, "import") as change:
        save(aldo, "party", {"name": "Altra"})
    ChangeSet.objects.filter(pk=change.pk).update(summary={"file": "Lucia Bonetti.csv", "rows": 1})
    check = OptOutCheck.objects.create(name="Novembre", at=datetime.now(UTC))
    CheckedNumber.objects.create(answer=check, number="+393331234567")
    source = ImportSource.objects.create(name="Vecchio CRM")
    ImportRun.objects.create(user_id=aldo.user_id or 0, source=source, shape="party", name="Lucia Bonetti.csv")
    forget(aldo, "party", lucia.pk, ASKED)
    assert "Bonetti" not in ImportRun.objects.get().name
    assert "Bonetti" not in str(ChangeSet.objects.get(pk=change.pk).summary)
    assert ChangeSet.objects.get(pk=change.pk).summary["rows"] == 1
    assert "333" not in CheckedNumber.objects.get().number or len(CheckedNumber.objects.get().number) == 40


def test_the_card_of_an_erased_person_never_becomes_that_of_somebody_else(erased: Actor) -> None:
    card = Party.objects.get(kind="person")
    with pytest.raises(Refused):
        save(erased, "party", {"last_name": "Neri"}, card.pk)
    assert save(erased, "party", {"phase": "lost"}, card.pk).phase == "lost"


@pytest.mark.django_db(transaction=True)
def test_the_sealed_history_agrees_with_itself_after_an_erasure(tmp_path: Path, settings: LazySettings) -> None:
    settings.MEDIA_ROOT = tmp_path
    aldo = enters("Aldo")
    firm, lucia = casale(aldo, notes="Decide Lucia Bonetti"), person(aldo, "Lucia", "Bonetti", notes="Allergica")
    save(aldo, "affiliation", {"person": lucia.pk, "organisation": firm.pk, "job_title": "Direttrice"})
    save(aldo, "party", {"notes": "Sentire Lucia Bonetti"}, firm.pk)
    save(aldo, "party", {"notes": ""}, lucia.pk)
    assert seal_all()
    forget(aldo, "party", lucia.pk, ASKED)
    seal_all()
    assert list(verify()) == []


@pytest.mark.django_db
def test_proofs_of_consent_stay_and_can_be_compared_but_not_read() -> None:
    aldo = enters("Aldo")
    lucia = person(aldo, "Lucia", "Bonetti", email="lucia@bonetti.example")
    purpose = save(aldo, "purpose", {"name": "Novità", "code": "novita"})
    said = {"purpose": purpose.pk, "channel": "email", "state": "given", "how": "paper", "document": "Faldone 3"}
    entries = [
        save(aldo, "consent_entry", {"party": lucia.pk, "words": words, **said}) for words in ("Sì", "Sì", "Certo")
    ]
    forget(aldo, "party", lucia.pk, ASKED)
    for entry in entries:
        entry.refresh_from_db()
    first, same, other = (one.words for one in entries)
    assert first == same != other
    assert len(first) == 40
    assert "Faldone" not in "".join(one.document for one in entries)
    assert {one.state for one in entries} == {"given"}


@pytest.mark.django_db
def test_what_a_law_wants_kept_stays_as_it_is_and_the_reason_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    declaration = DECLARED["activity"]
    record = replace(declaration.record, on_erasure={"party": keep("Articolo 2220 del codice civile: dieci anni.")})
    monkeypatch.setitem(DECLARED._all, "activity", replace(declaration, record=record))
    aldo = enters("Aldo")
    lucia = person(aldo, "Lucia", "Bonetti", email="lucia@bonetti.example")
    kept = log_activity(aldo, party=lucia.pk, subject="Fattura 12 a Lucia Bonetti", asked="lucia@bonetti.example")
    assert preview(aldo, "party", lucia.pk).kept == {"activity": (1, "Articolo 2220 del codice civile: dieci anni.")}
    forget(aldo, "party", lucia.pk, ASKED)
    kept.refresh_from_db()
    assert (kept.subject, kept.asked) == ("Fattura 12 a Lucia Bonetti", "lucia@bonetti.example")
