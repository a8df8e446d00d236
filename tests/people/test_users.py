"""Users: who acts, who is locked out, and who holds the keys."""

import pytest
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rapporto.domain.people.actors import active_users, actor_of
from rapporto.domain.people.commands import create_user, deactivate, set_password
from rapporto.domain.people.first import first_administrator
from rapporto.domain.people.models import Territory, User, UserTerritory
from rapporto.kernel.actor import ADMINISTRATOR, AGENT, NOBODY
from rapporto.store.errors import Invalid, Refused
from rapporto.store.history.models import Entry
from rapporto.store.write import delete, save
from tests.cast import enters

pytestmark = pytest.mark.django_db
STRONG = "quattro-gatti-in-cortile"


def test_an_actor_knows_role_and_territories_by_one_query() -> None:
    anna = User.objects.create_user("anna@esempio.it", name="Anna", role=AGENT)
    west = Territory.objects.create(name="Ovest")
    UserTerritory.objects.create(user=anna, territory=west)
    with CaptureQueriesContext(connection) as queries:
        actor = actor_of(anna)
        assert actor_of(anna, door="api").door == "api"
    assert len(queries) == 1
    assert (actor.roles, actor.territories, actor.door) == (frozenset({AGENT}), frozenset({west.pk}), "web")


def test_who_may_not_sign_in_is_nobody() -> None:
    assert actor_of(User.objects.create_user("anna@esempio.it", name="Anna", role=AGENT, is_active=False)) is NOBODY


def test_an_administrator_invites_a_colleague_and_an_agent_may_not() -> None:
    aldo, carla = enters("Aldo"), enters("Carla")
    anna = create_user(aldo, email="Anna@Esempio.it", name="Anna", role=AGENT, password=STRONG)
    assert anna.email.lower() == "anna@esempio.it"
    assert User.objects.get(pk=anna.pk).check_password(STRONG)
    with pytest.raises(Refused):
        create_user(carla, email="spia@esempio.it", name="Spia", role=ADMINISTRATOR)
    assert not User.objects.filter(name="Spia").exists()


def test_a_weak_password_and_a_taken_address_are_told_by_field() -> None:
    aldo = enters("Aldo")
    with pytest.raises(Invalid) as weak:
        create_user(aldo, email="anna@esempio.it", name="Anna", role=AGENT, password="anna")
    assert set(weak.value.errors) == {"password"}
    with pytest.raises(Invalid) as taken:
        create_user(aldo, email="ALDO@esempio.it", name="Un altro", role=AGENT)
    assert "Aldo" in str(taken.value.errors["email"])
    assert User.objects.count() == 1


def test_who_is_deactivated_is_signed_out_everywhere_and_others_are_not() -> None:
    aldo, anna = enters("Aldo"), enters("Anna")
    for actor in (aldo, anna, anna):
        session = SessionStore()
        session[SESSION_KEY] = str(actor.user_id)
        session.save()
    assert anna.user_id is not None
    deactivate(aldo, anna.user_id)
    assert [one.get_decoded()[SESSION_KEY] for one in Session.objects.all()] == [str(aldo.user_id)]
    assert [one.name for one in active_users(aldo)] == ["Aldo"]


def test_the_last_administrator_can_neither_leave_nor_step_down() -> None:
    aldo = enters("Aldo")
    assert aldo.user_id is not None
    with pytest.raises(Invalid) as left:
        deactivate(aldo, aldo.user_id)
    assert set(left.value.errors) == {"is_active"}
    with pytest.raises(Invalid) as stepped:
        save(aldo, "user", {"role": AGENT}, aldo.user_id)
    assert set(stepped.value.errors) == {"role"}
    second = create_user(aldo, email="ada@esempio.it", name="Ada", role=ADMINISTRATOR)
    assert not deactivate(aldo, second.pk).is_active


def test_one_sets_ones_own_password_and_nobody_elses() -> None:
    anna, carla = enters("Anna"), enters("Carla")
    assert anna.user_id is not None
    set_password(anna, anna.user_id, STRONG)
    assert User.objects.get(pk=anna.user_id).check_password(STRONG)
    with pytest.raises(Refused):
        set_password(carla, anna.user_id, "tre-cani-in-giardino")
    assert User.objects.get(pk=anna.user_id).check_password(STRONG)


def test_no_hash_of_a_password_enters_the_history() -> None:
    anna = enters("Anna")
    assert anna.user_id is not None
    set_password(anna, anna.user_id, STRONG)
    User.objects.filter(pk=anna.user_id).update(name="Anna Bianchi")
    images = [one.image or {} for one in Entry.objects.filter(record="user", image__isnull=False)]
    assert images
    assert not any("password" in image for image in images)


def test_a_new_installation_gets_one_administrator_once() -> None:
    first = first_administrator("Aldo@esempio.it", "Aldo")
    assert first is not None
    user = User.objects.get()
    assert (user.role, user.email) == (ADMINISTRATOR, first.email)
    assert user.check_password(first.password)
    assert first_administrator("carla@esempio.it", "Carla") is None


def test_the_last_administrator_is_not_deleted_and_the_last_but_one_is() -> None:
    aldo = enters("Aldo")
    with pytest.raises(Refused, match="only administrator"):
        delete(aldo, "user", aldo.user_id or 0)
    second = create_user(aldo, email="ada@esempio.it", name="Ada", role=ADMINISTRATOR)
    delete(aldo, "user", second.pk)
    with pytest.raises(Refused, match="only administrator"):
        delete(aldo, "user", aldo.user_id or 0)
    assert User.objects.filter(name="Aldo").exists()
