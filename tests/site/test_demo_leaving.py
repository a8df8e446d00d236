"""The demo company is tried and sent away: nothing of it stays, nothing of one's own goes, and it can come back."""

from datetime import date

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from rapporto.domain.parties.models import Party
from rapporto.domain.people.actors import actor_of
from rapporto.domain.people.models import User
from rapporto.kernel.actor import ADMINISTRATOR, AGENT, Actor
from rapporto.site.demo import load
from rapporto.site.demo.house import email_of
from rapporto.site.demo.leaving import leave
from rapporto.store.declare import DECLARED
from rapporto.store.errors import Refused
from rapporto.store.history.undo import undo
from rapporto.store.outbox import deliver_one
from rapporto.store.write import save
from tests.cast import enters
from tests.web.samples import user

pytestmark = pytest.mark.django_db
TODAY, SIZE = date(2026, 11, 25), 400


@pytest.fixture
def aldo() -> Actor:
    """The administrator of one's own, beside a small demo company."""
    actor = enters("Aldo")
    load(SIZE, TODAY)
    return actor


def counts() -> dict[str, int]:
    """How many records of each type there are."""
    return {name: one.model._default_manager.count() for name, one in DECLARED.items()}


def test_it_leaves_without_a_trace_and_what_is_ones_own_stays(aldo: Actor) -> None:
    own = save(aldo, "party", {"name": "Ditta Casale", "phone": "045 7901234"})
    played_with = Party.objects.get(name="Meccanica Casale S.r.l.")
    save(aldo, "party", {"phone": "045 111222"}, played_with.pk)
    save(aldo, "activity", {"party": played_with.pk, "subject": "Una prova", "at": "26/11/2026 9.30"})
    removal = leave(aldo)
    assert removal.kept == ()
    left = {name: number for name, number in counts().items() if number}
    assert {name: left.get(name) for name in ("party", "user", "activity", "territory")} == {
        "party": 1, "user": 1, "activity": None, "territory": None,
    }  # fmt: skip
    assert Party.objects.get().pk == own.pk
    assert {name for name in left if not name.startswith(("user_", "saved_"))} <= {"party", "user"}


def test_a_demo_person_to_whom_own_records_are_assigned_stays_without_a_key(aldo: Actor) -> None:
    anna = User.objects.get(email=email_of("Anna Righetti"))
    EmailAddress.objects.create(user=anna, email=anna.email, primary=True)
    save(aldo, "party", {"name": "Ditta Casale", "owner": anna.pk})
    removal = leave(aldo)
    assert {(one.record, one.title) for one in removal.kept} == {("user", "Anna Righetti"), ("team", "Vendite Veneto")}
    assert User.objects.get(pk=anna.pk).is_active is False
    assert not EmailAddress.objects.exists()


def test_sending_it_away_is_undone_like_everything_else(aldo: Actor) -> None:
    before = counts()
    removal = leave(aldo)
    undo(aldo, removal.change_set_id or 0)
    assert counts() == before


def test_nobody_locks_the_door_behind_the_last_administrator() -> None:
    load(SIZE, TODAY)
    elena = actor_of(User.objects.get(email=email_of("Elena Ferri")))
    with pytest.raises(Refused, match="administrator of your own"):
        leave(elena)
    with pytest.raises(Refused, match="Only an administrator"):
        leave(enters("Anna"))


def test_on_the_screen_it_is_loaded_looked_at_and_taken_away(client: Client) -> None:
    client.force_login(user("Aldo", ADMINISTRATOR, language="it"))
    assert client.get("/").headers["Location"] == "/welcome/"
    assert "Comincia da zero" in client.get("/welcome/").content.decode()
    job = client.post("/welcome/demo/").headers["Location"]
    while deliver_one():
        pass
    assert "L’azienda dimostrativa è qui" in client.get(job).content.decode()
    page = client.get("/demo/").content.decode()
    assert "Attività" in page
    assert "30.000" in page
    assert "Il tuo amministratore" not in page
    job = client.post("/demo/", {"dependent": "1"}).headers["Location"]
    while deliver_one():
        pass
    assert "non c’è più" in client.get(job).content.decode()
    assert not Party.objects.exists()
    assert client.get("/demo/").status_code == 404


def test_who_signed_in_as_a_demo_person_makes_an_administrator_in_the_same_step(client: Client) -> None:
    load(SIZE, TODAY)
    client.force_login(User.objects.get(email=email_of("Elena Ferri")))
    assert "Il tuo amministratore" in client.get("/demo/").content.decode()
    refused = client.post("/demo/", {"name": "Aldo", "email": "aldo@esempio.it", "password": "breve"})
    assert refused.status_code == 422
    assert not User.objects.filter(email="aldo@esempio.it").exists()
    typed = {"name": "Aldo", "email": "aldo@esempio.it", "password": "un cavallo a dondolo", "dependent": "1"}
    assert client.post("/demo/", typed).status_code == 302
    while deliver_one():
        pass
    assert list(User.objects.values_list("email", "role")) == [("aldo@esempio.it", ADMINISTRATOR)]


def test_only_administrators_are_asked_how_to_begin(client: Client) -> None:
    client.force_login(user("Anna", AGENT))
    assert client.get("/").headers["Location"] == "/party/"
    assert client.get("/demo/").status_code == 404
    assert client.post("/welcome/demo/").status_code == 404
