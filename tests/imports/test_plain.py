"""Any declared type is imported: told by the codes of its source, tried out first, and undone as one."""

from datetime import date

import pytest

from rapporto.domain.parties.models import Affiliation, ContactPoint, Industry, Party
from rapporto.domain.processes.models import Activity
from rapporto.store.history.export import canonical
from rapporto.store.history.models import ChangeSet
from rapporto.store.history.undo import undo
from rapporto.store.imports.drafts import ALL, FILL, NEW
from rapporto.store.imports.models import Imported, ImportRun, ImportSource
from rapporto.store.imports.plain import PlainShape
from rapporto.store.imports.shapes import Written
from rapporto.store.merge import merge
from rapporto.store.write import save
from tests.cast import casale, enters
from tests.imports.tables import Sheet, take

pytestmark = pytest.mark.django_db
PARTY = PlainShape("party")


def told(run: ImportRun) -> tuple[int, int, int, int]:
    """Rows that made something, changed something, were known, were refused."""
    counts = run.counts
    found = (counts.get(f"rows.{one}", 0) for one in ("made", "changed", "known"))
    made, changed, known = found
    assert made + changed + known + counts.get("refused", 0) == counts["rows"]
    return made, changed, known, counts.get("refused", 0)


def test_rows_become_records_with_numbers_and_links_told_in_words() -> None:
    bruno = enters("Bruno")
    save(bruno, "industry", {"name": "Meccanica", "code": "25"})
    sheet = Sheet(
        {
            "Name": "Ditta Casale",
            "Industry": "meccanica",
            "Assigned to": "bruno@esempio.it",
            "Yearly turnover": "1.234,50",
        }
    )
    assert told(take(bruno, PARTY, sheet)) == (1, 0, 0, 0)
    firm = Party.objects.get()
    assert (firm.industry, firm.owner_id, firm.turnover) == (Industry.objects.get(), bruno.user_id, 123_450)


def test_the_second_trial_of_the_same_file_shows_no_change() -> None:
    bruno = enters("Bruno")
    sheet = Sheet({"Code": "1", "Name": "Casale"}, {"Code": "2", "Name": "Adige"}, {"Name": "Senza codice"})
    assert told(take(bruno, PARTY, sheet, dry=True)) == (3, 0, 0, 0)
    assert not Party.objects.exists()
    assert told(take(bruno, PARTY, sheet)) == (3, 0, 0, 0)
    for mode in (NEW, FILL, ALL):
        again = take(bruno, PARTY, sheet, mode=mode, dry=True)
        assert told(again) == (0, 0, 3, 0)
        assert take(bruno, PARTY, sheet, mode=mode).change_set_id is None


def test_a_row_that_says_the_same_never_writes_over_what_people_changed() -> None:
    bruno = enters("Bruno")
    sheet = Sheet({"Code": "1", "Name": "Casale", "City": "Verona"})
    take(bruno, PARTY, sheet)
    save(bruno, "party", {"city": "Vicenza"}, Party.objects.get().pk)
    assert told(take(bruno, PARTY, sheet, mode=ALL)) == (0, 0, 1, 0)
    assert Party.objects.get().city == "Vicenza"


@pytest.mark.parametrize(
    ("mode", "city", "phone", "rows"),
    [
        (NEW, "Verona", "", (0, 0, 1, 0)),
        (FILL, "Verona", "+390451234567", (0, 1, 0, 0)),
        (ALL, "Trento", "+390451234567", (0, 1, 0, 0)),
    ],
)
def test_the_mode_says_what_happens_to_known_records(mode: str, city: str, phone: str, rows: tuple[int, ...]) -> None:
    bruno = enters("Bruno")
    take(bruno, PARTY, Sheet({"Code": "1", "Name": "Casale", "City": "Verona", "Notes": "nostre"}))
    later = Sheet({"Code": "1", "Name": "Casale", "City": "Trento", "Phone": "045 1234567", "Notes": ""})
    trial = take(bruno, PARTY, later, mode=mode, dry=True)
    assert told(trial) == rows
    assert told(take(bruno, PARTY, later, mode=mode)) == rows
    firm = Party.objects.get()
    assert (firm.city, firm.phone, firm.notes) == (city, phone, "nostre")
    assert told(take(bruno, PARTY, later, mode=mode, dry=True)) == (0, 0, 1, 0)


def test_what_only_filled_blanks_may_still_replace_values_later() -> None:
    bruno = enters("Bruno")
    take(bruno, PARTY, Sheet({"Code": "1", "Name": "Casale", "City": "Verona"}))
    later = Sheet({"Code": "1", "Name": "Casale", "City": "Trento"})
    take(bruno, PARTY, later, mode=FILL)
    assert told(take(bruno, PARTY, later, mode=ALL)) == (0, 1, 0, 0)
    assert Party.objects.get().city == "Trento"


def test_a_code_means_something_in_its_source_alone() -> None:
    bruno = enters("Bruno")
    take(bruno, PARTY, Sheet({"Code": "1", "Name": "Casale"}))
    take(bruno, PARTY, Sheet({"Code": "1", "Name": "Adige"}), source="CRM vecchio")
    assert sorted(Party.objects.values_list("name", flat=True)) == ["Adige", "Casale"]


def test_a_code_leads_on_to_what_its_record_was_merged_into() -> None:
    bruno = enters("Bruno")
    take(bruno, PARTY, Sheet({"Code": "1", "Name": "Casale"}, {"Code": "2", "Name": "Casale srl"}))
    one, two = Party.objects.order_by("pk").values_list("pk", flat=True)
    merge(bruno, "party", one, two)
    later = Sheet({"Code": "2", "Name": "Casale srl", "Phone": "045 1234567"})
    assert told(take(bruno, PARTY, later, mode=FILL)) == (0, 1, 0, 0)
    assert Party.objects.get().phone == "+390451234567"


def test_a_link_told_by_the_code_or_address_of_a_merged_record_leads_to_what_it_became() -> None:
    bruno = enters("Bruno")
    for code, name in (("C1", "Casale"), ("C2", "Casale srl")):
        save(bruno, "party", {"external_code": code, "name": name, "email": f"{code.lower()}@casale.example"})
    one, two = Party.objects.order_by("pk").values_list("pk", flat=True)
    merge(bruno, "party", one, two)
    visits = Sheet(
        {"Party": "C2", "Subject": "Visita", "When": "22/11/2026"},
        {"Party": "C1", "Subject": "Chiamata", "When": "22/11/2026"},
    )
    assert told(take(bruno, PlainShape("activity"), visits)) == (2, 0, 0, 0)
    assert set(Activity.objects.values_list("party", "subject")) == {(one, "Visita"), (one, "Chiamata")}
    blind = enters("Carla")  # she sees nothing of it, so the code leads nowhere for her
    assert told(take(blind, PlainShape("activity"), visits)) == (0, 0, 0, 2)


def test_an_import_is_one_change_set_undone_with_its_updates() -> None:
    bruno = enters("Bruno")
    take(bruno, PARTY, Sheet({"Code": "1", "Name": "Casale", "City": "Verona"}))
    before = list(canonical())
    rows = [{"Code": str(at), "Name": f"Ditta {at}", "City": "Trento"} for at in range(1, 130)]
    run = take(bruno, PARTY, Sheet(*rows), mode=ALL)
    assert told(run) == (128, 1, 0, 0)
    assert run.change_set_id is not None
    assert ChangeSet.objects.get(pk=run.change_set_id).open is False
    assert undo(bruno, run.change_set_id).kept == ()
    assert list(canonical()) == before
    # undone codes lead nowhere: the same file makes the same records again
    assert told(take(bruno, PARTY, Sheet(*rows), mode=ALL, dry=True)) == (128, 1, 0, 0)


def test_what_is_undone_is_recorded_with_its_file_and_source() -> None:
    bruno = enters("Bruno")
    run = take(bruno, PARTY, Sheet({"Name": "Casale"}))
    line = Imported.objects.get()
    assert (line.name, line.source.name, run.imported_id) == ("prova.csv", "Gestionale", line.pk)


def test_a_wrong_value_costs_no_row_and_stands_in_the_notes() -> None:
    bruno = enters("Bruno")
    run = take(bruno, PARTY, Sheet({"Name": "Casale", "Employees": "molti", "VAT number": "123"}))
    assert told(run) == (1, 0, 0, 0)
    assert run.counts["aside.employees"] == run.counts["aside.vat_number"] == 1
    assert Party.objects.get().notes == "Employees: molti\nVAT number: 123"


def test_a_row_without_what_is_needed_is_refused_alone_and_every_row_is_counted_once() -> None:
    bruno = enters("Bruno")
    rows = [{"Code": str(at), "Name": "" if at % 7 == 0 else f"Ditta {at}", "City": "Verona"} for at in range(100)]
    run = take(bruno, PARTY, Sheet(*rows))
    assert told(run) == (85, 0, 0, 15)
    assert [one.number for one in run.refused.order_by("number")][:2] == [2, 9]
    assert run.refused.order_by("number").first().values[0] == "0"  # type: ignore[union-attr]
    assert Party.objects.count() == 85


def test_two_rows_of_one_code_in_one_file_are_one_record() -> None:
    bruno = enters("Bruno")
    sheet = Sheet({"Code": "1", "Name": "Casale", "City": ""}, {"Code": "1", "Name": "Casale", "City": "Verona"})
    dry, done = take(bruno, PARTY, sheet, mode=FILL, dry=True), take(bruno, PARTY, sheet, mode=FILL)
    assert told(dry) == told(done) == (1, 1, 0, 0)
    assert Party.objects.get().city == "Verona"


def test_parts_are_linked_by_the_code_of_their_whole() -> None:
    bruno = enters("Bruno")
    take(bruno, PARTY, Sheet({"Code": "C1", "Name": "Casale"}, {"Code": "C2", "Name": "Casale"}))
    rows = (("C2", "045 1234567"), ("Casale", "045 1"), ("boh", "045 1234567"))
    points = Sheet(*({"Party": whole, "Number or address": number} for whole, number in rows))
    run = take(bruno, "contact_point", points)
    assert told(run) == (1, 0, 0, 2)
    assert ContactPoint.objects.get().party == Party.objects.order_by("-pk").first()
    assert "several" in str(run.refused.order_by("number").first().reason)  # type: ignore[union-attr]


def test_numbers_and_days_are_read_as_the_table_writes_them() -> None:
    bruno = enters("Bruno")
    american = Written(decimal=".", day_first=False)
    take(
        bruno,
        PARTY,
        Sheet({"Name": "Rossi", "Kind": "person", "Yearly turnover": "1,234.50", "Birth date": "12/3/1975"}),
        written=american,
    )
    person = Party.objects.get()
    assert (person.turnover, person.birth_date) == (123_450, date(1975, 12, 3))


def test_nobody_writes_fields_or_records_they_may_not() -> None:
    anna, carla = enters("Anna"), enters("Carla")
    hers = casale(carla, name="Casale", city="Verona")
    take(carla, PARTY, Sheet({"Code": "9", "Name": "Nuova", "Region": "Molise", "Assigned to": "carla@esempio.it"}))
    assert Party.objects.get(name="Nuova").region == ""
    run = take(anna, PARTY, Sheet({"Code": "9", "Name": "Rubata"}), mode=ALL)
    assert told(run) == (0, 0, 0, 1)
    assert {hers.name, "Nuova"} == set(Party.objects.values_list("name", flat=True))


def test_a_blank_cell_never_empties_a_field_and_hidden_types_import_nothing() -> None:
    bruno = enters("Bruno")
    take(bruno, PARTY, Sheet({"Code": "1", "Name": "Casale", "City": "Verona"}))
    take(bruno, PARTY, Sheet({"Code": "1", "Name": "Casale s.r.l.", "City": ""}), mode=ALL)
    assert (Party.objects.get().name, Party.objects.get().city) == ("Casale s.r.l.", "Verona")
    assert not Affiliation.objects.exists()
    assert ImportSource.objects.count() == 1


def test_rows_of_one_code_that_disagree_settle_once_and_an_old_value_that_comes_back_is_news() -> None:
    bruno = enters("Bruno")
    verona, trento = ({"Code": "1", "Name": "Casale", "City": city} for city in ("Verona", "Trento"))
    both = Sheet(verona, trento)
    take(bruno, PARTY, both, mode=ALL)
    assert Party.objects.get().city == "Trento"
    for _ in range(2):
        assert told(take(bruno, PARTY, both, mode=ALL, dry=True)) == (0, 0, 2, 0)
        assert told(take(bruno, PARTY, both, mode=ALL)) == (0, 0, 2, 0)
    assert told(take(bruno, PARTY, Sheet(verona), mode=ALL)) == (0, 0, 1, 0)
    assert told(take(bruno, PARTY, Sheet(trento), mode=ALL)) == (0, 0, 1, 0)
    assert told(take(bruno, PARTY, Sheet(verona), mode=ALL)) == (0, 1, 0, 0)
    assert Party.objects.get().city == "Verona"
