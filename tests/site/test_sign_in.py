"""Signing in: by invitation only, guessed at a limited pace, ended everywhere when it must be."""

from http import HTTPStatus

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from rapporto.domain.people.models import User

PASSWORD = "un cavallo a dondolo"
OTHER_PASSWORD = "una lampada ad olio"
SIGN_IN = "/account/login/"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_attempts_yet() -> None:
    """Each test begins with nobody having tried."""
    cache.clear()


@pytest.fixture
def anna() -> User:
    """Anna, an agent."""
    return User.objects.create_user("anna@casale.example", PASSWORD, name="Anna", role="agent")


def sign_in(client: Client, password: str = PASSWORD, email: str = "anna@casale.example") -> int:
    """Fills the form and returns the status of the answer: 302 means inside."""
    return client.post(SIGN_IN, {"login": email, "password": password}).status_code


def signed_in(client: Client) -> bool:
    """Whether the product knows who this browser is."""
    return "_auth_user_id" in client.session


def test_the_right_password_opens(anna: User) -> None:
    client = Client()
    assert sign_in(client) == HTTPStatus.FOUND
    assert signed_in(client)


def test_who_tries_too_often_from_one_network_waits_and_is_told_how_long(anna: User) -> None:
    answers = [
        Client(REMOTE_ADDR=f"2001:db8::{number:x}").post(SIGN_IN, {"login": f"x{number}@x.example", "password": "x"})
        for number in range(31)
    ]
    assert answers[-1].status_code == HTTPStatus.TOO_MANY_REQUESTS
    assert answers[-1].headers["Retry-After"] == "60"
    assert sign_in(Client(REMOTE_ADDR="2001:db8:0:1::1")) == HTTPStatus.FOUND


def test_the_case_of_the_address_does_not_matter(anna: User) -> None:
    client = Client()
    sign_in(client, email="Anna@Casale.example")
    assert signed_in(client)


def test_a_wrong_password_and_an_unknown_address_are_answered_alike(anna: User) -> None:
    known, unknown = Client(), Client()
    assert sign_in(known, "wrong password") == sign_in(unknown, "wrong password", "nobody@casale.example")
    assert not signed_in(known)


def test_someone_who_may_no_longer_sign_in_stays_outside(anna: User) -> None:
    User.objects.filter(pk=anna.pk).update(is_active=False)
    client = Client()
    sign_in(client)
    assert not signed_in(client)


def test_someone_switched_off_is_outside_at_the_next_request(anna: User) -> None:
    client = Client()
    sign_in(client)
    User.objects.filter(pk=anna.pk).update(is_active=False)
    assert not client.get("/account/password/change/").wsgi_request.user.is_authenticated


def test_nobody_signs_up_alone() -> None:
    client = Client()
    client.post("/account/signup/", {"email": "eve@else.example", "password1": PASSWORD, "password2": PASSWORD})
    assert not User.objects.exists()


def test_after_five_wrong_passwords_the_right_one_must_wait(anna: User) -> None:
    client = Client()
    for _ in range(5):
        sign_in(client, "wrong password")
    sign_in(client)
    assert not signed_in(client)


def test_signing_in_gives_a_new_session(anna: User) -> None:
    client = Client()
    client.get(SIGN_IN)
    session = client.session
    session["planted"] = True
    session.save()
    before = session.session_key
    client.cookies["rapporto_session"] = before or ""
    sign_in(client)
    assert signed_in(client)
    assert client.session.session_key != before


def test_the_cookie_of_the_session_is_out_of_reach_of_scripts_and_other_sites(anna: User) -> None:
    client = Client()
    sign_in(client)
    cookie = client.cookies["rapporto_session"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_signing_out_deletes_the_session_on_the_server(anna: User) -> None:
    client = Client()
    sign_in(client)
    key = client.session.session_key
    client.post("/account/logout/")
    assert not Session.objects.filter(session_key=key).exists()
    assert not signed_in(client)


def test_a_link_does_not_sign_out(anna: User) -> None:
    client = Client()
    sign_in(client)
    client.get("/account/logout/")
    assert signed_in(client)


def test_a_new_password_ends_the_other_sessions_and_not_this_one(anna: User) -> None:
    here, elsewhere = Client(), Client()
    sign_in(here)
    sign_in(elsewhere)
    answer = here.post(
        "/account/password/change/", {"oldpassword": PASSWORD, "password1": OTHER_PASSWORD, "password2": OTHER_PASSWORD}
    )
    assert answer.status_code == HTTPStatus.FOUND
    assert here.get("/account/password/change/").wsgi_request.user.is_authenticated
    assert not elsewhere.get("/account/password/change/").wsgi_request.user.is_authenticated


def test_a_form_without_its_token_is_refused(anna: User) -> None:
    client = Client(enforce_csrf_checks=True)
    assert sign_in(client) == HTTPStatus.FORBIDDEN


def test_reading_a_page_writes_nothing(anna: User) -> None:
    client = Client()
    sign_in(client)
    client.get("/account/password/change/")  # shows, once, that one has signed in
    with CaptureQueriesContext(connection) as queries:
        client.get("/account/password/change/")
    assert queries.captured_queries
    verbs = {query["sql"].split()[0] for query in queries.captured_queries}
    assert verbs <= {"SELECT", "SAVEPOINT", "RELEASE"}


def test_a_forgotten_password_is_reset_by_mail_and_an_unknown_address_gets_the_same_answer(anna: User) -> None:
    known = Client().post("/account/password/reset/", {"email": "anna@casale.example"})
    unknown = Client().post("/account/password/reset/", {"email": "nobody@casale.example"})
    assert (known.status_code, known.headers.get("Location")) == (unknown.status_code, unknown.headers.get("Location"))
    assert [message.to for message in mail.outbox] == [["anna@casale.example"]]


def test_the_name_of_the_host_cannot_be_chosen_by_whoever_asks(anna: User) -> None:
    answer = Client().post(
        "/account/password/reset/", {"email": "anna@casale.example"}, headers={"host": "evil.example"}
    )
    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert mail.outbox == []
