"""Many records changed at once: several fields, blanks, links added and taken away; who was refused is named; one press undoes it."""

import re
from typing import Any

import pytest
from django.test import Client

from rapporto.domain.parties.models import Party
from rapporto.domain.people.actors import actor_of
from rapporto.domain.people.models import User
from rapporto.domain.processes.commands import log_activity
from rapporto.kernel.actor import AGENT
from rapporto.kernel.where import EVERYTHING
from rapporto.store.bulk_delete import delete_many
from rapporto.store.history.models import ChangeSet
from rapporto.store.history.undo import undo
from rapporto.store.records import value_of
from rapporto.store.write import save
from tests.web.desk import browser, parties, told
from tests.web.samples import user

pytestmark = pytest.mark.django_db
PART = {"HX-Request": "true"}


def change(client: Client, rows: list[Party] | None, listed: str = "/party/", **values: Any) -> Any:
    """Give values to these records, or to all of a list."""
    fields = [name for name in values if name not in ("empty", "how", "group")]
    how = {f"how.{name}": way for name, way in values.pop("how", {}).items()}
    chosen = {"all": "1"} if rows is None else {"id": ",".join(str(row.pk) for row in rows)}
    sent = {"list": listed, "set": fields, "form.fields": ",".join(fields), **chosen, **how, **values}
    return client.post("/party/change/", sent, headers=PART)


def test_several_fields_are_changed_at_once_and_one_press_undoes_all(anna: User) -> None:
    rows = parties(anna, "Casale", "Brenta", "Piave", city="Verona")
    client = browser(anna)
    answer = change(client, rows[:2], phase="customer", turnover="1.000", city="Padova")
    assert "2 cambiate." in told(answer)
    assert list(Party.objects.order_by("pk").values_list("phase", "turnover", "city")) == [
        ("customer", 100000, "Padova"),
        ("customer", 100000, "Padova"),
        ("suspect", None, "Verona"),
    ]
    assert ChangeSet.objects.filter(command="change_many").count() == 1
    way_back = re.search(r'action="(/undo/\d+/)"', answer.content.decode())
    assert way_back is not None
    client.post(way_back[1])
    assert Party.objects.filter(phase="suspect", turnover=None, city="Verona").count() == 3


def test_a_field_is_emptied_only_when_that_is_asked_for(anna: User) -> None:
    rows = parties(anna, "Casale", "Brenta", city="Verona")
    client = browser(anna)
    answer = change(client, rows, city="")
    assert answer.status_code == 422
    assert "spunta «Svuota»" in told(answer)
    assert set(Party.objects.values_list("city", flat=True)) == {"Verona"}
    assert change(client, rows, city="resta", empty=["city"]).status_code == 200
    assert set(Party.objects.values_list("city", flat=True)) == {""}
    assert change(client, rows, phase="", empty=["phase"]).status_code == 422


def test_types_are_added_taken_away_or_replaced(anna: User, aldo: User) -> None:
    customer, supplier, partner = (
        save(actor_of(aldo), "party_type", {"name": n}).pk for n in ("Cliente", "Fornitore", "Partner")
    )
    rows = parties(anna, "Casale", "Brenta")
    save(actor_of(aldo), "party", {"types": (customer,)}, rows[0].pk)
    client = browser(anna)

    def types() -> list[Any]:
        return [value_of("party", row, "types") for row in Party.objects.order_by("pk")]

    answer = change(client, rows, types=[supplier], phase="lead", how={"types": "add"})
    assert types() == [(customer, supplier), (supplier,)]
    assert set(Party.objects.values_list("phase", flat=True)) == {"lead"}
    assert ChangeSet.objects.filter(command="change_many").count() == 1
    change(client, rows, types=[customer], how={"types": "take"})
    assert types() == [(supplier,), (supplier,)]
    change(client, rows, types=[partner], how={"types": "replace"})
    assert types() == [(partner,), (partner,)]
    change(client, rows, types=[], empty=["types"])
    assert types() == [None, None]
    way_back = re.search(r"/undo/(\d+)/", answer.content.decode())
    assert way_back is not None


def test_those_of_others_are_named_with_the_reason_and_a_link_opens_just_them(
    aldo: User, anna: User, bruno: User
) -> None:
    """Agents may change the parties they look after; registers are read by all and changed by few."""
    mine = parties(anna, "Casale")
    client = browser(anna)
    industry = save(actor_of(bruno), "industry", {"name": "Meccanica"})
    # an affiliation is changed with either end: here one of them is Anna's, and one is not
    theirs = parties(bruno, "Brenta")
    answer = change(client, mine + theirs, phase="lead")
    assert "Una cambiata." in told(answer)
    assert Party.objects.get(pk=theirs[0].pk).phase == "suspect"
    page = client.get(f"/party/chosen/?ids={mine[0].pk},{theirs[0].pk}").content.decode()
    assert "Casale" in page
    assert "Brenta" not in page
    assert client.get(f"/industry/chosen/?ids={industry.pk}").status_code == 200
    assert client.post("/industry/change/", {"list": "/industry/", "id": industry.pk, "set": "code"}).status_code == 404


def test_all_that_match_the_list_are_changed_and_nothing_else(anna: User, bruno: User) -> None:
    parties(anna, *(f"Torneria {number}" for number in range(70)))
    parties(anna, "Ditta Casale")
    parties(bruno, "Torneria Brenta")
    answer = change(browser(anna), None, "/party/?name.contains=torneria&sort=-name", phase="lead")
    assert "70 cambiate." in told(answer)
    assert Party.objects.filter(phase="lead").count() == 70


def test_choosing_a_group_chooses_all_its_records_and_no_others(anna: User) -> None:
    parties(anna, *(f"Veronese {number}" for number in range(60)), province="VR", phase="lead")
    parties(anna, "Cliente", province="VR", phase="customer")
    (padua,) = parties(anna, "Padovana", province="PD", phase="lead")
    client = browser(anna)
    listed = "/party/?group=province,phase"
    assert "Scegli tutte di" in client.get(listed).content.decode()
    answer = change(client, [padua], listed, city="Nuova", group=[f"{listed}&in=VR&in=lead"])
    assert "61 cambiate." in told(answer)
    assert list(Party.objects.exclude(city="Nuova").values_list("name", flat=True)) == ["Cliente"]
    wrong = change(client, [], listed, city="Altra", group=["/party/"])
    assert wrong.status_code == 400
    assert not Party.objects.filter(city="Altra").exists()


@pytest.mark.parametrize("field", ["region", "next_activity", "id", "password", "extra", "name_key", "owner.name", ""])
def test_what_is_not_theirs_to_write_cannot_be_given_to_many(anna: User, field: str) -> None:
    rows = parties(anna, "Ditta Casale", province="VR")
    before = Party.objects.values().get()
    change(browser(anna), rows, **{field: "1"})
    assert Party.objects.values().get() == before


def test_an_agent_cannot_give_away_what_then_is_out_of_reach(anna: User, bruno: User) -> None:
    rows = parties(anna, "Casale")
    answer = change(browser(anna), rows, owner=bruno.pk)
    assert answer.status_code == 422
    assert "portata" in told(answer)
    assert Party.objects.get().owner_id == anna.pk


def test_the_box_keeps_what_was_written_when_a_field_is_added(anna: User) -> None:
    parties(anna, "Casale")
    answer = (
        browser(anna)
        .get("/party/change/?list=/party/&set=city&form.fields=city&city=Padova&set=phase", headers=PART)
        .content.decode()
    )
    assert 'value="Padova"' in answer
    assert '<select class="in" id="bulk-phase"' in answer
    # without JavaScript the same is a page of its own
    assert "<!doctype html>" in browser(anna).get("/party/change/?list=/party/&set=city").content.decode().lower()


# ── deleting ────────────────────────────────────────────────────────────────────────────────────


def test_the_chosen_are_deleted_with_their_undo_and_those_in_use_are_named(anna: User, bruno: User) -> None:
    rows = parties(anna, "Casale", "Brenta", "Piave")
    save(actor_of(anna), "activity", {"party": rows[1].pk, "subject": "Sconto"})
    client = browser(anna)
    sent = {"list": "/party/", "id": ",".join(str(row.pk) for row in rows)}
    answer = client.post("/party/change/delete/", sent, headers=PART)
    assert list(Party.objects.values_list("name", flat=True)) == ["Brenta"]
    assert "2 eliminate, una no: Brenta." in told(answer)
    assert "Attività" in told(answer)
    assert f"/party/chosen/?ids={rows[1].pk}" in answer.content.decode()
    assert "Brenta" in client.get(f"/party/chosen/?ids={rows[1].pk}").content.decode()
    way_back = re.search(r'action="(/undo/\d+/)"', answer.content.decode())
    assert way_back is not None
    client.post(way_back[1])
    assert sorted(Party.objects.values_list("name", flat=True)) == ["Brenta", "Casale", "Piave"]


def test_one_kept_among_many_keeps_no_other(bruno: User) -> None:
    rows = parties(bruno, *(f"Ditta {number}" for number in range(60)))
    for row in (rows[7], rows[41]):
        save(actor_of(bruno), "activity", {"party": row.pk, "subject": "Sconto"})
    deleted = delete_many(actor_of(bruno), "party", EVERYTHING)
    assert (deleted.deleted, set(deleted.refused)) == (58, {rows[7].pk, rows[41].pk})
    assert undo(actor_of(bruno), deleted.change_set_id or 0).kept == ()
    assert Party.objects.count() == 60


def test_another_agent_deletes_nothing(anna: User) -> None:
    rows = parties(anna, "Casale")
    carla = browser(user("Carla", AGENT))
    carla.post("/party/change/delete/", {"list": "/party/", "id": rows[0].pk}, headers=PART)
    carla.post("/party/change/delete/", {"list": "/party/", "all": "1"}, headers=PART)
    assert Party.objects.count() == 1


@pytest.mark.parametrize(
    ("dealings", "why"),
    [
        (1, "Un record di «Attività» vi fa riferimento; prima spostalo o eliminalo."),
        (2, "2 record di «Attività» vi fanno riferimento; prima spostali o eliminali."),
    ],
)
def test_how_many_hinder_a_deletion_is_said_and_a_name_ends_the_sentence_once(
    anna: User, dealings: int, why: str
) -> None:
    (casale,) = parties(anna, "Casale S.r.l.")
    for number in range(dealings):
        log_activity(actor_of(anna), party=casale.pk, subject=f"Telefonata {number}")
    answer = browser(anna).post("/party/change/delete/", {"list": "/party/", "id": casale.pk}, headers=PART)
    assert f"una no: Casale S.r.l. {why}" in told(answer)
