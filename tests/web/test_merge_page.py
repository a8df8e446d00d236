"""Merging on the screen: side by side, one click, the way back in the answer; the old address leads on."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from rapporto.domain.parties.models import ContactPoint, Party
from rapporto.domain.people.actors import actor_of
from rapporto.domain.people.models import User
from rapporto.domain.processes.models import Activity
from rapporto.kernel.actor import AGENT
from rapporto.store.merge import merge
from rapporto.store.merge_models import Merged
from rapporto.store.write import save
from tests.web.desk import party
from tests.web.samples import user

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(bruno: User) -> Client:
    """His browser."""
    client = Client()
    client.force_login(bruno)
    return client


def test_two_cards_stand_side_by_side_and_become_one_with_the_way_back(page: Client, bruno: User) -> None:
    one, other = party(bruno, "Ditta Casale", phone="045 7901234"), party(bruno, "Casale S.r.l.", phone="045 8001122")
    for _ in range(2):
        save(actor_of(bruno), "activity", {"party": other.pk, "subject": "Visita"})
    shown = page.get(f"/party/merge/?id={one.pk}&id={other.pk}").content.decode()
    assert shown.index("Ditta Casale") < shown.index("Casale S.r.l.")
    assert "Attività: 2" in shown
    assert f'name="field.phone" value="{one.pk}" checked' in shown

    sent = {"id": [one.pk, other.pk], "field.name": other.pk, "field.phone": one.pk}
    answer = page.post("/party/merge/", sent, follow=True)

    assert answer.redirect_chain[-1][0] == f"/party/{one.pk}/"
    assert "2 collegamenti spostati" in answer.content.decode()
    one.refresh_from_db()
    assert (one.name, one.phone) == ("Casale S.r.l.", "+390457901234")
    assert ContactPoint.objects.get().value == "+390458001122"

    undo_address = f"/undo/{answer.context['toast'].undo_url.split('/')[2]}/"
    page.post(undo_address)
    one.refresh_from_db()
    assert one.name == "Ditta Casale"
    assert Party.objects.filter(pk=other.pk).exists()


def test_three_become_one_at_once_and_one_undo_parts_them(page: Client, bruno: User) -> None:
    rows = [party(bruno, f"Casale {n}", notes=f"Nota {n}") for n in range(3)]
    answer = page.post("/party/merge/", {"id": [row.pk for row in rows], "field.name": rows[2].pk}, follow=True)
    kept = Party.objects.get()
    assert (kept.pk, kept.name, kept.notes) == (rows[0].pk, "Casale 2", "Nota 0\n\nNota 1\n\nNota 2")
    page.post(answer.context["toast"].undo_url)
    assert Party.objects.count() == 3
    assert not Merged.objects.exists()


def test_an_old_address_leads_to_the_card_that_stayed_and_says_so(page: Client, bruno: User) -> None:
    one, other = party(bruno, "Ditta Casale"), party(bruno, "Casale S.r.l.")
    merge(actor_of(bruno), "party", one.pk, other.pk)
    answer = page.get(f"/party/{other.pk}/edit/?x=1", follow=True)
    assert answer.redirect_chain == [(f"/party/{one.pk}/edit/?x=1", 302)]
    told = page.get(f"/party/{other.pk}/", follow=True).content.decode()
    assert "«Casale S.r.l.» fa ora parte di «Ditta Casale»" in told
    carla = Client()
    carla.force_login(user("Carla", AGENT))
    assert carla.get(f"/party/{other.pk}/").status_code == 404


def test_the_other_card_is_looked_for_among_those_of_its_kind(page: Client, bruno: User) -> None:
    one, other = party(bruno, "Ditta Casale"), party(bruno, "Casale S.r.l.")
    mario = party(bruno, "Casale Mario", kind="person")
    shown = page.get(f"/party/merge/?id={one.pk}&q=casale").content.decode()
    assert f"id={one.pk}&amp;id={other.pk}" in shown
    assert f"id={one.pk}&amp;id={mario.pk}" not in shown
    assert f"/party/merge/?id={one.pk}" in page.get(f"/party/{one.pk}/").content.decode()


def test_parted_again_what_came_since_goes_where_it_is_ticked(page: Client, bruno: User) -> None:
    carla = user("Carla", AGENT)
    one, other = party(bruno, "Ditta Casale", employees=64), party(carla, "Casale S.r.l.", employees=24)
    done = merge(actor_of(bruno), "party", one.pk, other.pk)
    calls = [save(actor_of(bruno), "activity", {"party": one.pk, "subject": f"Visita {n}"}) for n in range(2)]
    address = f"/merged/{done.merge_id}/part/"
    shown = page.get(address).content.decode()
    assert "Casale S.r.l." in shown
    assert "Visita 1" in shown
    assert ">24<" in shown
    assert ">Carla<" in shown
    answer = page.post(address, {"later": [f"activity-party-{calls[1].pk}"]}, follow=True)
    assert answer.redirect_chain[-1][0] == f"/party/{other.pk}/"
    assert list(Activity.objects.filter(party=other.pk)) == [calls[1]]
    assert page.get(address).status_code == 404


def test_refusals_are_told_and_nothing_is_changed(page: Client, bruno: User) -> None:
    one, mario = party(bruno, "Ditta Casale"), party(bruno, "Mario", kind="person")
    answer = page.post("/party/merge/", {"id": [one.pk, mario.pk]}, follow=True)
    assert "Una persona e un’azienda non si possono unire" in answer.content.decode()
    for sent in ({}, {"id": [one.pk]}, {"id": ["x"]}, {"id": list(range(1, 9))}):
        assert page.post("/party/merge/", sent).status_code == 400
    assert page.get("/party/merge/?id=999999&id=1").status_code == 404
    assert Party.objects.count() == 2


def test_the_page_asks_as_often_whatever_hangs_on_the_cards(page: Client, bruno: User) -> None:
    one, other = party(bruno, "Ditta Casale"), party(bruno, "Casale S.r.l.")
    address = f"/party/merge/?id={one.pk}&id={other.pk}"

    def asked() -> int:
        page.get(address)
        with CaptureQueriesContext(connection) as captured:
            assert page.get(address).status_code == 200
        return len(captured)

    few = asked()
    for number in range(20):
        save(actor_of(bruno), "activity", {"party": other.pk, "subject": f"Visita {number}"})
        save(actor_of(bruno), "address", {"party": one.pk, "city": "Verona"})
    assert asked() <= few
