"""A cell of a list changed where it stands: by the control of its kind, with the reason where it cannot be, and never over somebody."""

import random
import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from rapporto.domain.parties.models import Party
from rapporto.domain.people.actors import actor_of
from rapporto.domain.people.models import User
from rapporto.kernel.actor import AGENT, MANAGER
from rapporto.store.declare import DECLARED
from rapporto.store.history.models import ChangeSet
from rapporto.store.records import value_of
from rapporto.store.userfields import record_type
from rapporto.store.write import save
from tests.web.desk import browser, told
from tests.web.samples import one_of_each, user

pytestmark = pytest.mark.django_db
PART = {"HX-Request": "true"}
Answer = Any


@pytest.fixture
def casale(anna: User) -> Party:
    """Ditta Casale, Anna's customer."""
    row: Party = save(actor_of(anna), "party", {"name": "Ditta Casale", "owner": anna.pk, "phone": "045 7901234"})
    return row


def editor(client: Client, row_id: int, name: str, record: str = "party") -> str:
    """The editor of a cell."""
    answer = client.get(f"/{record}/{row_id}/cell/{name}/", headers=PART)
    assert answer.status_code == 200
    return answer.content.decode()


def version_in(page: str) -> str:
    """The version that travels with an editor."""
    found = re.search(r'data-version="(\d+)"', page)
    assert found
    return found[1]


def send(client: Client, row_id: int, name: str, /, **values: Any) -> Answer:
    """Save a cell; the version is that of now unless one is given."""
    values.setdefault("version", version_in(editor(client, row_id, name)))
    sent = {key.replace("__", "."): value for key, value in values.items()}
    return client.post(f"/party/{row_id}/cell/{name}/", {"columns": "name,phase,phone", **sent}, headers=PART)


def test_a_cell_opens_with_the_control_of_its_kind_named_for_the_ear(anna: User, casale: Party) -> None:
    client = browser(anna)
    assert re.search(
        r'<input class="in" type="tel" id="cell-phone" value="045 790 1234"', editor(client, casale.pk, "phone")
    )
    phase = editor(client, casale.pk, "phase")
    assert '<select class="in" id="cell-phase"' in phase
    assert '<option value="suspect" selected>' in phase
    assert "Fase di Ditta Casale" in phase
    assert '<textarea class="in" id="cell-notes"' in editor(client, casale.pk, "notes")
    assert 'type="checkbox"' in editor(client, casale.pk, "types") or "niente" in editor(client, casale.pk, "types")
    assert 'role="combobox"' in editor(client, casale.pk, "part_of")


def test_a_cell_is_saved_and_the_whole_row_comes_back_with_its_undo(anna: User, casale: Party) -> None:
    client = browser(anna)
    answer = send(client, casale.pk, "phase", phase="customer")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert f'<tr id="r{casale.pk}"' in page
    assert "Cliente" in page
    assert "Ditta Casale: cambiato «Fase»." in told(answer)
    undo = re.search(r'action="(/undo/\d+/)"', page)
    assert undo is not None
    client.post(undo[1])
    casale.refresh_from_db()
    assert casale.phase == "suspect"


def test_what_follows_from_a_cell_follows_in_its_row(anna: User, casale: Party) -> None:
    answer = send(browser(anna), casale.pk, "postal_code", postal_code="37121", columns="name,province,region")
    assert ">VR<" in answer.content.decode()
    assert ">Veneto<" in answer.content.decode()


def test_a_day_may_be_said_in_words(anna: User, casale: Party) -> None:
    lucia = save(actor_of(anna), "party", {"name": "Lucia", "kind": "person", "owner": anna.pk})
    assert send(browser(anna), lucia.pk, "birth_date", birth_date="3/4/1980").status_code == 200
    lucia.refresh_from_db()
    assert lucia.birth_date == date(1980, 4, 3)


def test_a_wrong_value_stays_in_its_cell_with_the_reason(anna: User, casale: Party) -> None:
    answer = send(browser(anna), casale.pk, "vat_number", vat_number="123")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="123"' in page
    assert 'aria-invalid="true" aria-describedby="cell-vat_number-error"' in page
    assert "Servono 11 cifre" in page
    casale.refresh_from_db()
    assert casale.vat_number == ""


def test_nothing_is_written_when_the_cell_is_left_as_it_was(anna: User, casale: Party) -> None:
    before = ChangeSet.objects.count()
    answer = send(browser(anna), casale.pk, "phone", phone="045 790 1234")
    assert answer.status_code == 200
    assert 'class="toast"' not in answer.content.decode()
    assert ChangeSet.objects.count() == before


@pytest.mark.parametrize(
    ("field", "reason"),
    [
        ("next_activity", "Si calcola da sé"),
        ("region", "Il tuo ruolo vede questo campo"),
        ("owner.name", "Viene da un’altra scheda"),
        ("activities.count", "Viene da un’altra scheda"),
    ],
)
def test_a_locked_cell_says_why_and_is_not_written(anna: User, casale: Party, field: str, reason: str) -> None:
    client = browser(anna)
    assert reason in editor(client, casale.pk, field)
    before = Party.objects.values().get()
    answer = client.post(f"/party/{casale.pk}/cell/{field}/", {field: "1", "version": "0"}, headers=PART)
    assert answer.status_code == 403
    assert reason in answer.content.decode()
    assert Party.objects.values().get() == before


def test_a_cell_of_a_record_that_may_only_be_read_says_so(anna: User, aldo: User) -> None:
    made = one_of_each(actor_of(aldo), anna)
    page = editor(browser(anna), made["industry"], "name", "industry")
    assert "data-locked" in page
    assert "non modificarla" in page or "ma non" in page


def test_another_agent_finds_no_cell(casale: Party) -> None:
    carla = browser(user("Carla", AGENT))
    assert carla.get(f"/party/{casale.pk}/cell/name/", headers=PART).status_code == 404
    assert carla.post(f"/party/{casale.pk}/cell/name/", {"name": "x"}, headers=PART).status_code == 404
    assert carla.get(f"/party/rows/?ids={casale.pk}&columns=name", headers=PART).content.count(b"<tr") == 0


@pytest.mark.parametrize("record", list(DECLARED))
def test_every_cell_of_every_record_opens_or_says_why_not(record: str, anna: User, aldo: User) -> None:
    made = one_of_each(actor_of(aldo), anna)
    for person in (anna, aldo):
        client = browser(person)
        if client.get(f"/{record}/{made[record]}/").status_code == 404:
            continue
        for name in record_type(record).seen_by(actor_of(person)).fields:
            page = editor(client, made[record], name, record)
            assert ("data-version" in page) != ("data-locked" in page), (record, name)


# ── what must not be written ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "field", ["id", "password", "extra", "name_key", "created_at", "is_staff", "territory_by_hand"]
)
def test_a_cell_that_is_no_field_of_theirs_is_refused(anna: User, casale: Party, field: str) -> None:
    before = Party.objects.values().get()
    answer = browser(anna).post(f"/party/{casale.pk}/cell/{field}/", {field: "1"}, headers=PART)
    assert answer.status_code in (400, 403)
    assert Party.objects.values().get() == before


def test_only_the_field_of_the_address_is_written(anna: User, bruno: User, casale: Party) -> None:
    sent = {
        "name": "Casale S.r.l.",
        "owner": bruno.pk,
        "phase": "lost",
        "region": "Lazio",
        "form__fields": "owner,phase,region",
    }
    assert send(browser(anna), casale.pk, "name", **sent).status_code == 200
    row = Party.objects.get()
    assert (row.name, row.owner_id, row.phase, row.region) == ("Casale S.r.l.", anna.pk, "suspect", "")


@pytest.mark.usefixtures("turnover_hidden")
def test_a_hidden_field_has_no_cell_and_comes_back_in_no_row(anna: User, casale: Party) -> None:
    Party.objects.update(turnover=123456)
    client = browser(anna)
    hidden, missing = (client.get(f"/party/{casale.pk}/cell/{name}/", headers=PART) for name in ("turnover", "no_such"))
    assert hidden.status_code == missing.status_code == 400
    assert hidden.content.replace(b"turnover", b"") == missing.content.replace(b"no_such", b"")
    assert client.post(f"/party/{casale.pk}/cell/turnover/", {"turnover": "1"}, headers=PART).status_code == 400
    assert b"1.234,56" not in send(client, casale.pk, "phase", phase="lead", columns="name,turnover").content
    assert b"1.234,56" not in client.get(f"/party/rows/?ids={casale.pk}&columns=name,turnover", headers=PART).content
    assert Party.objects.get().turnover == 123456


@pytest.mark.parametrize("path", ["1/cell/name/", "paste/", "change/"])
def test_no_door_of_the_sheet_opens_without_our_token(aldo: User, path: str) -> None:
    client = browser(aldo, enforce_csrf_checks=True)
    assert client.post(f"/party/{path}", {}, headers=PART).status_code == 403


def test_signed_out_is_said_without_losing_what_was_typed(casale: Party) -> None:
    answer = Client().post(f"/party/{casale.pk}/cell/name/", {"name": "x"}, headers=PART)
    assert answer.status_code == 401


# ── two at one cell ─────────────────────────────────────────────────────────────────────────────


def test_two_people_at_one_cell_see_both_values_and_choose(anna: User, bruno: User, casale: Party) -> None:
    hers, his = browser(anna), browser(bruno)
    read = version_in(editor(hers, casale.pk, "name"))
    assert send(his, casale.pk, "name", name="Casale di Bruno").status_code == 200
    answer = send(hers, casale.pk, "name", name="Casale di Anna", version=read)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Casale di Bruno" in page
    assert 'value="Casale di Anna"' in page
    assert "Bruno" in told(answer)
    assert Party.objects.get().name == "Casale di Bruno"
    assert send(hers, casale.pk, "name", name="Casale di Anna", version=version_in(page)).status_code == 200
    assert Party.objects.get().name == "Casale di Anna"


def test_two_people_at_two_cells_of_a_row_do_not_disturb_each_other(anna: User, bruno: User, casale: Party) -> None:
    hers, his = browser(anna), browser(bruno)
    read = version_in(editor(hers, casale.pk, "phone"))
    send(his, casale.pk, "city", city="Verona")
    assert send(hers, casale.pk, "phone", phone="045 8000000", version=read).status_code == 200
    row = Party.objects.get()
    assert (row.city, row.phone) == ("Verona", "+390458000000")


def test_types_added_and_taken_away_by_two_people_are_all_kept(anna: User, aldo: User, casale: Party) -> None:
    actor = actor_of(aldo)
    customer, supplier, partner = (
        save(actor, "party_type", {"name": name}).pk for name in ("Cliente", "Fornitore", "Partner")
    )
    save(actor, "party", {"types": (customer,)}, casale.pk)
    hers, his = browser(anna), browser(aldo)
    send(his, casale.pk, "types", types=[customer, supplier], shown=[customer])
    answer = send(hers, casale.pk, "types", types=[partner], shown=[customer])
    assert answer.status_code == 200
    assert value_of("party", Party.objects.get(), "types") == tuple(sorted((supplier, partner)))


NAMES = ("first", "second")
FIELDS = ("name", "city", "street")
STEP = some.tuples(some.sampled_from(NAMES), some.sampled_from(["read", "write"]), some.sampled_from(FIELDS))


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(steps=some.lists(STEP, min_size=4, max_size=10), seed=some.integers(0, 10**6))
def test_whatever_two_editors_do_in_turn_no_update_is_lost(steps: list[tuple[str, str, str]], seed: int) -> None:
    """Each reads and writes cells in any order: a write goes in only over what its writer has seen, else it is a conflict."""
    chance = random.Random(seed)
    Party.objects.all().delete()
    owner = User.objects.filter(name="Anna").first() or user("Anna", AGENT, language="it")
    other = User.objects.filter(name="Bruno").first() or user("Bruno", MANAGER, language="it")
    clients = dict(zip(NAMES, (browser(owner), browser(other)), strict=True))
    row = save(
        actor_of(owner), "party", {"name": "Ditta Casale", "owner": owner.pk, "city": "Verona", "street": "Via Mazzini"}
    )
    stands = {"name": "Ditta Casale", "city": "Verona", "street": "Via Mazzini"}
    seen: dict[tuple[str, str], tuple[str, str]] = {}
    for number, (who, what, field) in enumerate(steps):
        if what == "read" or (who, field) not in seen:
            seen[who, field] = (version_in(editor(clients[who], row.pk, field)), stands[field])
            continue
        version, was = seen.pop((who, field))
        wanted = f"{field} {who} {number} {chance.randrange(1000)}"
        answer = send(clients[who], row.pk, field, version=version, **{field: wanted})
        assert answer.status_code == (200 if was == stands[field] else 409)
        stands[field] = wanted if answer.status_code == 200 else stands[field]
    row.refresh_from_db()
    assert {name: getattr(row, name) for name in FIELDS} == stands


# ── cost ────────────────────────────────────────────────────────────────────────────────────────


def test_the_doors_of_a_cell_ask_the_same_whatever_the_list_holds(anna: User, casale: Party) -> None:
    client = browser(anna)

    def cost(number: int) -> tuple[int, int, int]:
        found = []
        for ask in (
            lambda: editor(client, casale.pk, "phase"),
            lambda: client.get(f"/party/rows/?ids={casale.pk}&columns=name,phase,owner,industry", headers=PART),
            lambda: client.post(
                f"/party/{casale.pk}/cell/city/", {"city": f"Verona {number}", "columns": "name,owner"}, headers=PART
            ),
        ):
            with CaptureQueriesContext(connection) as captured:
                ask()
            found.append(len(captured))
        return found[0], found[1], found[2]

    cost(0)
    few = cost(1)
    for number in range(60):
        save(actor_of(anna), "party", {"name": f"Ditta {number}", "owner": anna.pk})
    assert cost(2) == few
    assert few[0] <= 12
    assert few[2] <= 45
