"""At the door: a password that was handed over is changed first, a second step that is required is set up first; nothing else opens."""

import re
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.test import Client

from rapporto.domain.parties.models import Party
from rapporto.domain.people.actors import actor_of
from rapporto.domain.people.commands import set_password
from rapporto.domain.people.models import RoleRule, User
from rapporto.domain.people.second_step import require_second_step, roles_with_second_step
from rapporto.kernel.actor import ADMINISTRATOR, AGENT, MANAGER
from rapporto.store.errors import Refused
from rapporto.store.history.models import Entry

PASSWORD = "un cavallo a dondolo"
OWN = "una lampada ad olio"
PAGES = ("/", "/party/", "/party/new/", "/settings/", "/settings/account/", "/search/", "/jobs/", "/api/v1/party/")

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_attempts_yet() -> None:
    """Each test begins with nobody having tried."""
    cache.clear()


@pytest.fixture
def anna() -> User:
    """Anna, an agent."""
    return User.objects.create_user("anna@esempio.it", PASSWORD, name="Anna", role=AGENT, language="it")


@pytest.fixture
def aldo() -> User:
    """Aldo, an administrator."""
    return User.objects.create_user("aldo@esempio.it", PASSWORD, name="Aldo", role=ADMINISTRATOR, language="it")


def sign_in(user: User, password: str = PASSWORD) -> Client:
    """The browser of somebody who came in through the form."""
    client = Client()
    answer = client.post("/account/login/", {"login": user.email, "password": password})
    assert answer.status_code == 302, answer.content.decode()
    return client


def leads(client: Client, address: str) -> str:
    """Where an address leads; '' for the page itself."""
    return str(client.get(address).headers.get("Location", ""))


def held(client: Client) -> bool:
    """Whether every page leads to what is missing, and nothing can be written."""
    before = Party.objects.count()
    client.post("/party/new/", {"form.fields": "name", "name": "Ditta Casale"})
    assert Party.objects.count() == before or not client.session.get("held")
    part = client.get("/party/", headers={"HX-Request": "true"}).status_code
    found = {leads(client, one) == "/held/" for one in PAGES} | {part == 403}
    assert len(found) == 1, [(one, leads(client, one)) for one in PAGES]
    return found.pop()


def change(client: Client, old: str, new: str) -> Any:
    """Send the form of the password."""
    return client.post("/account/password/change/", {"oldpassword": old, "password1": new, "password2": new})


def set_up_codes(client: Client, password: str = PASSWORD) -> None:
    """Say once more who one is, let an app show codes, and write the first one."""
    assert client.post("/account/reauthenticate/", {"password": password}).status_code == 302
    page = client.get("/account/2fa/totp/activate/").content.decode()
    secret = re.search(r'id="totp-secret">(\w+)<', page)
    assert secret is not None
    code = format_hotp_value(hotp_value(secret[1], int(time.time()) // 30))
    assert client.post("/account/2fa/totp/activate/", {"code": code}).status_code == 302


def test_a_password_that_was_handed_over_is_changed_before_anything_else(aldo: User) -> None:
    desk = sign_in(aldo)
    assert not held(desk)
    told = {"name": "Ada", "email": "ada@esempio.it", "role": AGENT, "by": "password"}
    page = desk.post("/settings/users/invite/", told, follow=True).content.decode()
    password = re.search(r"\b(?:[a-z2-9]{4}-){3}[a-z2-9]{4}\b", page)
    assert password is not None
    ada = User.objects.get(email="ada@esempio.it")
    client = sign_in(ada, password[0])
    assert held(client)
    assert "l’ha data qualcun altro" in client.get("/held/").content.decode()
    same = change(client, password[0], password[0])
    assert "scegline un’altra" in same.content.decode()
    assert held(client)
    assert change(client, password[0], OWN).headers["Location"] == "/"
    assert not held(client)
    assert leads(client, "/held/") == "/"
    assert not held(sign_in(ada, OWN))
    assert "handed_over" not in str(list(Entry.objects.values_list("image", flat=True)))


def test_so_is_one_that_an_administrator_sets_anew_but_not_ones_own(anna: User, aldo: User) -> None:
    assert not held(sign_in(anna))
    set_password(actor_of(aldo), anna.pk, "tre-cani-in-giardino")
    client = sign_in(anna, "tre-cani-in-giardino")
    assert held(client)
    change(client, "tre-cani-in-giardino", OWN)
    assert not held(client)
    set_password(actor_of(anna), anna.pk, PASSWORD)
    assert not held(sign_in(anna))


def test_a_second_step_that_is_required_is_set_up_at_the_next_sign_in(anna: User, aldo: User) -> None:
    inside, desk = sign_in(anna), sign_in(aldo)
    sent = {"role": [AGENT, MANAGER]}
    question = desk.post("/settings/roles/second-step/", sent).content.decode()
    assert "1 non ce l’ha ancora" in question
    assert roles_with_second_step() == frozenset()
    desk.post("/settings/roles/second-step/", {**sent, "go": "1"})
    assert roles_with_second_step() == {AGENT, MANAGER}
    assert not held(inside)
    assert not held(sign_in(aldo))
    client = sign_in(anna)
    assert held(client)
    page = client.get("/held/").content.decode()
    assert 'href="/account/2fa/totp/activate/"' in page
    assert leads(client, "/account/2fa/webauthn/add/").startswith("/account/reauthenticate/")
    set_up_codes(client)
    assert not held(client)
    later = Client()
    answer = later.post("/account/login/", {"login": anna.email, "password": PASSWORD})
    assert answer.headers["Location"] == "/account/2fa/authenticate/"


def test_the_last_second_step_is_not_given_up_while_it_is_required(anna: User, aldo: User) -> None:
    require_second_step(actor_of(aldo), {AGENT})
    client = sign_in(anna)
    set_up_codes(client)
    client.post("/account/2fa/totp/deactivate/")
    assert Authenticator.objects.filter(user=anna, type="totp").exists()
    require_second_step(actor_of(aldo), ())
    client.post("/account/2fa/totp/deactivate/")
    assert not Authenticator.objects.filter(user=anna, type="totp").exists()
    assert not held(sign_in(anna))


def test_both_are_asked_for_one_after_the_other(anna: User, aldo: User) -> None:
    require_second_step(actor_of(aldo), {AGENT})
    set_password(actor_of(aldo), anna.pk, "tre-cani-in-giardino")
    client = sign_in(anna, "tre-cani-in-giardino")
    assert leads(client, "/account/2fa/totp/activate/") == "/held/"
    change(client, "tre-cani-in-giardino", OWN)
    assert held(client)
    set_up_codes(client, OWN)
    assert not held(client)


def test_only_an_administrator_says_who_needs_a_second_step_and_can_take_it_back(anna: User, aldo: User) -> None:
    with pytest.raises(Refused):
        require_second_step(actor_of(anna), {ADMINISTRATOR})
    agent = sign_in(anna)
    assert agent.post("/settings/roles/second-step/", {"role": ADMINISTRATOR, "go": "1"}).status_code == 404
    assert "second-step" not in agent.get("/settings/roles/").content.decode()
    assert agent.get("/role_rule/").status_code == 404
    assert not RoleRule.objects.exists()
    desk = sign_in(aldo)
    done = desk.post("/settings/roles/second-step/", {"role": AGENT, "go": "1"}, follow=True).content.decode()
    way_back = re.search(r'action="(/undo/\d+/)"', done)
    assert way_back is not None
    desk.post(way_back[1])
    assert roles_with_second_step() == frozenset()


def test_whoever_is_held_may_still_leave_and_choose_a_language(anna: User, aldo: User) -> None:
    require_second_step(actor_of(aldo), {AGENT})
    client = sign_in(anna)
    client.post("/language/", {"language": "en", "next": "/held/"})
    assert "A second step" in client.get("/held/").content.decode()
    client.post("/account/logout/")
    assert "_auth_user_id" not in client.session
