"""An exported list is the list on the screen: columns, rows, order, groups; and numbers, days and texts stay what they are."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client

from rapporto.domain.parties.models import Party
from rapporto.domain.people.actors import actor_of
from rapporto.domain.people.models import User
from rapporto.kernel.actor import ADMINISTRATOR, AGENT, MANAGER
from rapporto.kernel.kinds import Link, Links
from rapporto.kernel.where import EVERYTHING
from rapporto.store import userfields
from rapporto.store.declare import DECLARED
from rapporto.store.history.changing import change_set
from rapporto.store.jobs_models import Job
from rapporto.store.made_fields import make_field
from rapporto.store.outbox import deliver_one
from rapporto.store.userfields_models import FIELD_KINDS
from rapporto.store.write import save
from rapporto.web.grid import export, export_lines
from rapporto.web.grid.addresses import ListAddress
from tests.records.filled import NAMES, Filled
from tests.store.test_transfer import AS_THEY_ARE, FORMULAS
from tests.web.desk import browser
from tests.web.samples import user
from tests.web.tables import Rows, csv_rows, heads_of, read_back, rows_of, told_in, xlsx_rows

pytestmark = pytest.mark.django_db
MORE = {"HX-Request": "true", "HX-Target": "tr#more"}


def file_of(client: Client, address: str, form: str) -> bytes:
    """The file of a list."""
    response = client.get(f"{address}{'&' if '?' in address else '?'}export={form}")
    assert response.status_code == 200, response.headers.get("Location")
    assert response.headers["Content-Disposition"].startswith("attachment; filename")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    return b"".join(response.streaming_content)  # type: ignore[attr-defined]


def screen(client: Client, address: str) -> Rows:
    """The heads and all rows of a list, page after page as one scrolls."""
    page = client.get(address).content.decode()
    found = [heads_of(page), *rows_of(page)]
    while 'id="more"' in page:
        more = page.split('id="more"')[1].split('href="')[1].split('"')[0].replace("&amp;", "&")
        page = client.get(more, headers=MORE).content.decode()
        found += rows_of(page)
    return found


def without_total(rows: Rows) -> Rows:
    """Rows without the line at the foot, whose numbers arrive on the screen after the rows."""
    return rows[:-1] if rows[-1][0].startswith("Totale (") else rows


def plain(rows: Rows, columns: list[int]) -> Rows:
    """Rows with the thousands of some columns written together, as a CSV has its numbers."""
    return [[cell.replace(".", "") if at in columns else cell for at, cell in enumerate(row)] for row in rows]


def many(owner: User, count: int, **values: Any) -> None:
    """Parties of somebody, no two alike."""
    cities = ("VR", "VI", "", "PD")
    for number in range(count):
        told = {"province": cities[number % 4], "turnover": number * 12345 or None, "phase": "customer", **values}
        save(actor_of(owner), "party", {"name": f"Ditta {number % 7} {number:03}", "owner": owner.pk, **told})


@pytest.mark.parametrize("name", NAMES)
def test_the_list_of_every_type_is_exported_as_it_is_shown(name: str) -> None:
    filled = Filled(name)
    User.objects.update(language="it")
    aldo = browser(User.objects.get(name="Aldo"))
    everything = ",".join(filled.record.fields)
    address = f"/{name}/?columns={everything}"
    shown = screen(aldo, address)
    assert len(shown) > 1
    assert without_total(xlsx_rows(file_of(aldo, address, "xlsx"))) == shown
    fields = list(filled.record.fields.values())
    numbers = [at for at, field in enumerate(fields) if field.kind.numeric]
    ticks = [at for at, field in enumerate(fields) if field.kind.name == "tick"]
    found = csv_rows(file_of(aldo, address, "csv"))
    for row in found[1:]:
        for at in ticks:
            row[at] = row[at].replace("No", "")
    assert [[" ".join(cell.split()) for cell in row] for row in found] == [shown[0], *plain(shown[1:], numbers)]


@pytest.mark.parametrize("name", NAMES)
def test_what_is_exported_is_read_back_as_the_same_values(name: str) -> None:
    filled = Filled(name)
    User.objects.update(language="it")
    aldo = browser(User.objects.get(name="Aldo"))
    fixed = filled.record.fixed_for(filled.actor)
    told = {one: field.kind for one, field in filled.record.fields.items() if one not in fixed or one in filled.values}
    kinds = {one: kind for one, kind in told.items() if not isinstance(kind, Link | Links)}
    if not kinds:
        return  # it only links others, or is written by the product alone
    data = file_of(aldo, f"/{name}/?columns={','.join(kinds)}", "csv")
    lines = export_lines.Lines(filled.actor, _address(filled, kinds), tuple(kinds))
    heads, *rows = read_back(data)
    assert len(heads) == len(kinds)
    filled_rows = [values for values in _values(lines) if any(one not in ("", None) for one in values)]
    for row, kept in zip(rows, filled_rows, strict=True):
        for kind, cell, value in zip(kinds.values(), row, kept, strict=True):
            value = value.replace(second=0, microsecond=0) if isinstance(value, datetime) else value  # as it is shown
            assert kind.read(cell) == (value if value != "" else None) or kind.read(cell) is value, (kind, cell)


def _address(filled: Filled, kinds: Any) -> Any:
    return ListAddress(filled.record, columns=tuple(kinds))


def _values(lines: Any) -> list[tuple[Any, ...]]:
    """The stored values of the rows, in order."""
    return [values for page in lines._pages(EVERYTHING) for _, values in page.rows]


def test_all_pages_are_in_the_file_in_the_order_of_the_screen() -> None:
    anna = user("Anna", AGENT, language="it")
    many(anna, 123)
    client = browser(anna)
    for address in ("/party/", "/party/?sort=-turnover", "/party/?province.eq=VR&sort=province"):
        shown = screen(client, address)
        assert len(shown) in (124, 32)
        assert without_total(xlsx_rows(file_of(client, address, "xlsx"))) == shown
        money = [at for at, head in enumerate(shown[0]) if head.endswith("€")]
        assert csv_rows(file_of(client, address, "csv")) == [shown[0], *plain(shown[1:], money)]


def test_columns_kept_by_the_browser_and_columns_from_elsewhere_are_exported() -> None:
    anna = user("Anna", AGENT, language="it")
    many(anna, 3)
    client = browser(anna)
    address = "/party/?columns=turnover,name,activities.count,owner.team"
    shown = screen(client, address)
    assert shown[0][2:] != []
    assert without_total(xlsx_rows(file_of(client, address, "xlsx"))) == shown


def test_searched_words_are_exported_best_first() -> None:
    anna = user("Anna", AGENT, language="it")
    many(anna, 60)
    client = browser(anna)
    address = "/party/?q=ditta+3"
    shown = screen(client, address)
    assert len(shown) > 5
    assert xlsx_rows(file_of(client, address, "xlsx"))[: len(shown)] == shown


def test_groups_are_exported_with_their_heads_counts_and_sums() -> None:
    anna = user("Anna", AGENT, language="it")
    for name, province, phase, turnover in (
        ("Adige", "VR", "customer", 100_00),
        ("Brenta", "VR", "lead", 250_50),
        ("Casale", "VI", "customer", None),
        ("Dolo", "", "lead", 1_00),
    ):
        told = {"name": name, "province": province, "phase": phase, "turnover": turnover, "owner": anna.pk}
        save(actor_of(anna), "party", told)
    client = browser(anna)
    address = "/party/?columns=name,turnover&group=province,phase"
    expected = [
        ["Vicenza (VI) (1)", ""],
        ["Cliente (1)", ""],
        ["Casale", ""],
        ["Verona (VR) (2)", "350,50"],
        ["Lead (1)", "250,50"],
        ["Brenta", "250,50"],
        ["Cliente (1)", "100,00"],
        ["Adige", "100,00"],
        ["Senza «Provincia» (1)", "1,00"],
        ["Lead (1)", "1,00"],
        ["Dolo", "1,00"],
    ]
    assert csv_rows(file_of(client, address, "csv"))[1:] == expected
    assert xlsx_rows(file_of(client, address, "xlsx"))[1:] == [*expected, ["Totale (4)", "351,50"]]
    heads = [line[0] for line in xlsx_rows(file_of(client, address, "xlsx"))[1:]]
    page = client.get(address).content.decode()
    words = [one for one in ("Verona (VR)", "Vicenza (VI)", "Senza «Provincia»") if one in page]
    assert len(words) == 3
    order = sorted(words, key=page.index)
    assert [one.rpartition(" (")[0] for one in heads if one.rpartition(" (")[0] in words] == order


def test_what_is_exported_is_what_one_may_see() -> None:
    anna, carla, bruno = user("Anna", AGENT), user("Carla", AGENT), user("Bruno", MANAGER)
    many(anna, 3)
    many(carla, 2)
    for person, count in ((anna, 3), (carla, 2), (bruno, 5)):
        assert len(csv_rows(file_of(browser(person), "/party/", "csv"))) == count + 1
    assert Client().get("/party/?export=csv").status_code == 302


@pytest.fixture
def turnover_is_hidden() -> Iterator[None]:
    """Agents may not know of the turnover."""
    before = DECLARED["party"]
    DECLARED.put("party", replace(before, record=replace(before.record, hidden={AGENT: ("turnover",)})))
    yield
    DECLARED.put("party", before)


@pytest.mark.usefixtures("turnover_is_hidden")
def test_a_field_that_one_may_not_know_of_is_in_no_file() -> None:
    anna, bruno = user("Anna", AGENT, language="it"), user("Bruno", MANAGER, language="it")
    save(actor_of(bruno), "party", {"name": "Ditta Casale", "owner": anna.pk, "turnover": 98765_00})
    address = "/party/?columns=name,turnover"
    assert "98765,00" in file_of(browser(bruno), address, "csv").decode("utf-8-sig")
    for path in (
        address,
        "/party/?columns=name&sort=turnover",
        "/party/?turnover.ge=1&columns=name",
        "/party/?group=turnover",
    ):
        for form in ("csv", "xlsx"):
            data = file_of(browser(anna), path, form)
            rows = csv_rows(data) if form == "csv" else xlsx_rows(data)
            assert not any("98" in cell or "Fatturato" in cell for row in rows for cell in row)
            assert any("Ditta Casale" in row for row in rows)
    client = browser(anna)
    client.cookies["columns_party"] = "name!turnover"
    assert "Fatturato" not in file_of(client, "/party/", "csv").decode("utf-8-sig")


def test_the_past_is_exported_as_it_was() -> None:
    anna = user("Anna", AGENT, language="it")
    actor = actor_of(anna)
    spring = int(datetime(2026, 3, 10, 12, tzinfo=UTC).timestamp() * 1_000_000)
    with change_set(actor, "test", at=spring):
        row: Party = save(
            actor, "party", {"name": "Ditta Vecchia", "owner": anna.pk, "province": "VR", "turnover": 100_00}
        )
    save(actor, "party", {"name": "Ditta Nuova", "province": "VI", "turnover": 900_00}, row.pk)
    save(actor, "party", {"name": "Ditta Seconda", "owner": anna.pk, "province": "VI"})
    client = browser(anna)
    address = "/party/?columns=name,turnover&group=province&as_of="
    for form, rows in (("csv", csv_rows), ("xlsx", xlsx_rows)):
        found = rows(file_of(client, f"{address}2026-04-01", form))
        assert found[1:3] == [["Verona (VR) (1)", "100,00"], ["Ditta Vecchia", "100,00"]], form
        assert rows(file_of(client, f"{address}2020-01-01", form))[1:2] in ([], [["Totale (0)", ""]])
    assert "01/04/2026" in told_in(file_of(client, f"{address}2026-04-01", "xlsx"))[1]
    assert "2026-04-01" in client.get(f"{address}2026-04-01&export=xlsx").headers["Content-Disposition"]
    assert csv_rows(file_of(client, "/party/?columns=name", "csv"))[1:] == [["Ditta Nuova"], ["Ditta Seconda"]]


def test_hostile_texts_are_texts_in_every_file_and_come_back_as_they_were() -> None:
    anna = user("Anna", AGENT, language="it")
    texts = [text for text in (*FORMULAS, *AS_THEY_ARE) if text.strip() == text and text]
    for text in texts:
        save(actor_of(anna), "party", {"name": text, "owner": anna.pk})
    client = browser(anna)
    kept = sorted(Party.objects.exclude(owner=None).values_list("name", flat=True))
    assert set(texts) & set(kept)
    address = "/party/?columns=name"
    data = file_of(client, address, "csv")
    assert sorted(row[0] for row in read_back(data)) == sorted([*kept, "Nome"])
    risky = [row[0] for row in csv_rows(data)[1:] if row[0][:1] in "=@+-" and not row[0][1:2].isdigit()]
    assert risky == []
    assert sorted(row[0] for row in xlsx_rows(file_of(client, address, "xlsx"))[1:]) == kept


MADE: dict[str, tuple[dict[str, Any], Any]] = {
    "text": ({}, "Tornio «Adige», 2 assi"),
    "long_text": ({}, "prima riga; poi\nla seconda"),
    "code": ({}, "007"),
    "integer": ({}, -1250),
    "money": ({}, 123450),
    "date": ({}, date(2026, 11, 22)),
    "tick": ({}, True),
    "choice": ({"choices": [["a", "=Uno"], ["b", "+39 Due"]]}, "a"),
}
"""A value for every kind of field that a company makes for itself."""


def test_fields_of_every_kind_that_a_company_makes_are_exported_and_read_back() -> None:
    assert set(MADE) == {name for name, _ in FIELD_KINDS} - {"link"}
    aldo = user("Aldo", ADMINISTRATOR, language="it")
    made = {
        kind: make_field(actor_of(aldo), "party", f"Campo {kind}", kind, given) for kind, (given, _) in MADE.items()
    }
    save(actor_of(aldo), "party", {"name": "Piena", **{made[kind].name: value for kind, (_, value) in MADE.items()}})
    save(actor_of(aldo), "party", {"name": "Vuota"})
    client = browser(aldo)
    address = "/party/?columns=name," + ",".join(field.name for field in made.values())
    assert without_total(xlsx_rows(file_of(client, address, "xlsx"))) == screen(client, address)
    _, full, empty = read_back(file_of(client, address, "csv"))
    fields = userfields.record_type("party").fields
    for (kind, (_, value)), there, blank in zip(MADE.items(), full[1:], empty[1:], strict=True):
        assert fields[made[kind].name].kind.read(there) == value, kind
        assert not fields[made[kind].name].kind.read(blank), kind


def test_a_hostile_label_is_a_text_too() -> None:
    aldo = user("Aldo", ADMINISTRATOR, language="it")
    made = make_field(actor_of(aldo), "party", "=1+1", "text")
    save(actor_of(aldo), "party", {"name": "Ditta Casale"})
    client = browser(aldo)
    assert csv_rows(file_of(client, f"/party/?columns=name,{made.name}", "csv"))[0][1] == "'=1+1"
    assert xlsx_rows(file_of(client, f"/party/?columns=name,{made.name}", "xlsx"))[0][1] == "=1+1"


def test_an_english_reader_gets_english_heads_commas_and_points() -> None:
    john = user("John", AGENT, language="en")
    save(actor_of(john), "party", {"name": "Acme, Ltd", "owner": john.pk, "turnover": 123450})
    text = file_of(browser(john), "/party/?columns=name,phase,turnover", "csv").decode("utf-8-sig")
    assert text.splitlines()[0].startswith("Name,Phase,")
    assert '"Acme, Ltd"' in text
    assert "1234.50" in text


def test_a_workbook_says_which_rows_these_are() -> None:
    anna = user("Anna", AGENT, language="it")
    many(anna, 4)
    told = told_in(file_of(browser(anna), "/party/?province.eq=VR", "xlsx"))
    assert told[0] == "Anagrafiche"
    assert "Verona" in told[1]
    assert told[2].startswith("Anna, ")


def test_a_long_list_becomes_a_work_with_the_same_file_for_its_owner(monkeypatch: pytest.MonkeyPatch) -> None:
    anna, bruno = user("Anna", AGENT, language="it"), user("Bruno", MANAGER, language="it")
    many(anna, 30)
    client = browser(anna)
    address = "/party/?sort=-turnover&province.eq=VR"
    at_once = {form: file_of(client, address, form) for form in ("csv", "xlsx")}
    monkeypatch.setattr(export, "AT_ONCE", 5)
    for form in ("csv", "xlsx"):
        place = client.get(f"{address}&export={form}").headers["Location"]
        assert client.get(f"{address}&export={form}").headers["Location"] == place  # asked twice, made once
        assert deliver_one()
        assert "Scarica" in client.get(place).content.decode()
        assert browser(bruno).get(f"{place}file/").status_code == 404
        data = b"".join(client.get(f"{place}file/").streaming_content)  # type: ignore[attr-defined]
        if form == "csv":
            assert data == at_once[form]
        else:
            assert xlsx_rows(data) == xlsx_rows(at_once[form])
    assert Job.objects.count() == 2


def test_rows_are_read_in_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    anna = user("Anna", AGENT, language="it")
    many(anna, 25)
    client = browser(anna)
    whole = file_of(client, "/party/?group=province", "csv")
    monkeypatch.setattr(export_lines, "AT_ONCE", 2)
    monkeypatch.setattr(export_lines, "GROUPS_AT_ONCE", 1)
    assert file_of(client, "/party/?group=province", "csv") == whole


def test_a_filter_that_cannot_be_read_is_mended_first_and_an_unknown_form_is_told() -> None:
    client = browser(user("Anna", AGENT, language="it"))
    response = client.get("/party/?turnover.ge=boh&export=csv")
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/party/?turnover.ge=boh")
    response = client.get("/party/?export=pdf")
    assert response.status_code == 400
    assert "CSV o in XLSX" in response.content.decode()
