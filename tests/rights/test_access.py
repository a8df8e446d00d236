"""The register of accesses: who took what out, looked at sensitive data, signed in, got other rights; nobody takes a line back."""

from datetime import date

import pytest
from django.core.cache import cache
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from rapporto.domain.parties.models import Party
from rapporto.domain.people.actors import actor_of
from rapporto.domain.people.models import User
from rapporto.kernel.actor import ADMINISTRATOR, AGENT, MANAGER, NOBODY
from rapporto.store import access, access_guard
from rapporto.store.access_models import AccessEntry
from rapporto.store.asking import forget_estimates
from rapporto.store.errors import NotFound
from rapporto.store.history.changing import change_set
from rapporto.store.history.undo import undo
from rapporto.store.write import save
from tests.api.programs import Program
from tests.cast import casale, enters, person
from tests.web.samples import user

pytestmark = pytest.mark.django_db
LUCIA = {"birth_date": "1980-01-02", "tax_code": "BNTLCU80A41L781T"}


@pytest.fixture(autouse=True)
def nothing_seen() -> None:
    """Every test begins with nobody having looked."""
    access.forget_seen()
    forget_estimates()
    cache.clear()


def noted(act: str) -> list[AccessEntry]:
    """The lines of one kind, oldest first."""
    return list(AccessEntry.objects.filter(act=act).order_by("id"))


def browser(of: User) -> Client:
    """Somebody's browser."""
    client = Client()
    client.force_login(of)
    return client


@pytest.mark.parametrize("act", ["change", "delete"])
def test_the_database_itself_refuses_to_change_a_line(act: str) -> None:
    access.note(enters("Aldo"), access.LOG_EXPORT)
    access_guard.install()
    rows = AccessEntry.objects.all()
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(user_name="Nessuno") if act == "change" else rows.delete()
    assert AccessEntry.objects.get().user_name == "Aldo"
    access.note(enters("Aldo"), access.LOG_EXPORT)
    access_guard.drop()


def test_whoever_looks_at_sensitive_data_of_a_person_is_noted_once_in_an_hour() -> None:
    anna = user("Anna", AGENT)
    lucia, piero = person(actor_of(anna), "Lucia", "Bonetti", **LUCIA), person(actor_of(anna), "Piero", "Neri")
    firm = casale(actor_of(anna), tax_code="00743110157")
    page = browser(anna)
    for row in (lucia, lucia, piero, firm):
        assert page.get(f"/party/{row.pk}/").status_code == 200
    page.get(f"/party/{lucia.pk}/", headers={"HX-Request": "true", "HX-Target": "div#panel"})
    (one,) = noted("sensitive_seen")
    assert (one.user_name, one.row_id, one.details) == ("Anna", lucia.pk, {"fields": ["birth_date", "tax_code"]})


def test_a_list_that_shows_a_sensitive_column_and_a_program_that_reads_one_person_are_noted() -> None:
    bruno = user("Bruno", MANAGER)
    lucia = person(actor_of(bruno), "Lucia", "Bonetti", **LUCIA)
    page = browser(bruno)
    page.get("/party/?columns=name,phone")
    assert noted("sensitive_seen") == []
    for _ in range(2):
        page.get("/party/?columns=name,tax_code")
    program = Program(actor_of(bruno), scopes="read")
    assert program.get(f"party/{lucia.pk}").status_code == 200
    told = [(one.door, one.row_id, one.details["fields"]) for one in noted("sensitive_seen")]
    assert told == [("web", None, ["tax_code"]), ("api", lucia.pk, ["birth_date", "tax_code"])]


def test_noting_a_look_costs_one_insert() -> None:
    anna = user("Anna", AGENT)
    lucia = person(actor_of(anna), "Lucia", "Bonetti", **LUCIA)
    page = browser(anna)
    page.get(f"/party/{lucia.pk}/")
    counts = []
    for forgotten in (True, False):
        access.forget_seen() if forgotten else None
        with CaptureQueriesContext(connection) as queries:
            page.get(f"/party/{lucia.pk}/")
        counts.append(sum("SAVEPOINT" not in one["sql"] for one in queries))
    assert counts[0] == counts[1] + 1


@pytest.mark.parametrize("form", ["csv", "xlsx", "print"])
def test_a_list_taken_out_is_noted_with_its_columns_and_filters_and_no_value(form: str) -> None:
    bruno = user("Bruno", MANAGER)
    casale(actor_of(bruno))
    sought = "print=1" if form == "print" else f"export={form}"
    answer = browser(bruno).get(f"/party/?name.contains=casale&columns=name,phone&{sought}")
    assert answer.status_code == 200
    (one,) = noted("list_export")
    assert (one.record, one.number, one.user_name) == ("party", 1, "Bruno")
    assert one.details == {"columns": ["name", "phone"], "filters": ["name"], "form": form}
    assert "casale" not in str(one.details)


def test_a_program_that_reads_many_at_once_is_noted_and_one_that_reads_few_is_not() -> None:
    bruno = enters("Bruno")
    program = Program(bruno, scopes="read")
    for number in range(access.MANY):
        Party.objects.create(name=f"Ditta {number}")
    assert program.get("party?limit=10").status_code == 200
    assert noted("program_read") == []
    assert program.get("party?limit=200&columns=name").status_code == 200
    (one,) = noted("program_read")
    assert (one.number, one.door, one.details) == (access.MANY, "api", {"columns": ["name"]})


def test_signing_in_is_noted_and_so_is_a_refusal_of_somebody_who_works_here() -> None:
    anna = user("Anna", AGENT)
    for email, password in (
        (anna.email, "sbagliata"),
        ("ignoto@esempio.it", "x"),
        (anna.email, "un cavallo a dondolo"),
    ):
        Client().post("/account/login/", {"login": email, "password": password})
    assert [(one.act, one.row_id) for one in AccessEntry.objects.filter(act__startswith="sign_in").order_by("id")] == [
        ("sign_in_refused", anna.pk),
        ("sign_in", anna.pk),
    ]
    assert "ignoto" not in str(list(AccessEntry.objects.values_list("user_name", "details")))
    assert noted("sign_in")[0].details == {"address": "127.0.0.1"}


def test_other_rights_are_noted_however_they_came() -> None:
    aldo = enters("Aldo")
    carla = save(aldo, "user", {"name": "Carla", "email": "carla@esempio.it", "role": AGENT})
    with change_set(aldo, "change") as change:
        save(aldo, "user", {"role": MANAGER}, carla.pk)
    save(aldo, "user", {"name": "Carla Neri"}, carla.pk)
    undo(aldo, change.pk)
    save(aldo, "user", {"is_active": False}, carla.pk)
    told = [one.details["role"] for one in noted("rights_changed") if one.row_id == carla.pk]
    assert told == [["", "agent"], ["agent", "manager"], ["manager", "agent"], ["agent", "closed"]]
    assert {one.user_name for one in noted("rights_changed")} == {"Aldo"}


def test_the_register_is_there_for_administrators_alone_and_narrowed_by_who_what_and_when() -> None:
    anna, aldo = enters("Anna"), enters("Aldo")
    access.note(anna, access.LIST_EXPORT, "party", None, 3)
    access.note(aldo, access.LOG_EXPORT)
    for actor in (anna, NOBODY):
        with pytest.raises(NotFound):
            access.entries(actor, {})
    assert [one.user_name for one in access.entries(aldo, {"act": "list_export"})] == ["Anna"]
    assert [one.act for one in access.entries(aldo, {"user_id": aldo.user_id})] == ["log_export"]
    assert not access.entries(aldo, {"until": date(2020, 1, 1)}).exists()
    assert access.entries(aldo, {"since": date(2020, 1, 1)}).count() == 2


def test_the_page_shows_narrows_and_exports_and_the_export_is_noted_too() -> None:
    aldo = user("Aldo", ADMINISTRATOR, language="it")
    lucia = person(actor_of(aldo), "Lucia", "Bonetti")
    access.note(actor_of(aldo), access.PERSON_EXPORT, "party", lucia.pk, 4)
    page = browser(aldo)
    shown = page.get("/settings/access/").content.decode()
    assert "Esportati tutti i dati di una persona" in shown
    assert f'href="/party/{lucia.pk}/"' in shown
    assert (
        "Esportati tutti i dati di una persona</td>" not in page.get("/settings/access/?act=sign_in").content.decode()
    )
    assert page.get("/settings/access/?since=ieri+forse").status_code == 422
    answer = page.get("/settings/access/?export=csv&act=person_export")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert "Esportati tutti i dati di una persona" in text
    assert "Bonetti" not in text
    assert noted("log_export")[0].details == {"filters": ["act"]}


def test_older_lines_are_on_the_next_page() -> None:
    aldo = user("Aldo", ADMINISTRATOR)
    for number in range(120):
        access.note(actor_of(aldo), access.LIST_EXPORT, "party", None, number)
    page = browser(aldo)
    first = page.get("/settings/access/?act=list_export")
    second = page.get(f"/settings/access/{first.context['more_url']}")
    assert len(first.context["lines"]) == 100
    assert len(second.context["lines"]) == 20
    assert second.context["more_url"] == ""
