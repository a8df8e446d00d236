"""The page of programs: a token and a secret are shown once, one's own are there and an administrator's are all, nothing is half made."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from rapporto.domain.people.actors import actor_of
from rapporto.domain.people.hooks import make_hook
from rapporto.domain.people.hooks_reader import look
from rapporto.domain.people.models import ApiToken, User, Webhook, WebhookEvent
from rapporto.domain.people.tokens import make_token
from rapporto.kernel.actor import ADMINISTRATOR, AGENT
from rapporto.store import outbox
from rapporto.store.history.models import ChangeSet
from tests.cast import casale
from tests.receiver import Receiver, receiving
from tests.web.samples import user

pytestmark = pytest.mark.django_db
PAGE = "/settings/programs/"
NEW = f"{PAGE}token/new/"


@pytest.fixture
def anna() -> User:
    return user("Anna", AGENT, language="it")


@pytest.fixture
def desk(anna: User) -> Client:
    """The browser of Anna."""
    return signed_in(anna)


def signed_in(who: User) -> Client:
    client = Client()
    client.force_login(who)
    return client


def text(client: Client, address: str = PAGE) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_a_token_is_shown_once_and_lets_in(desk: Client) -> None:
    answer = desk.post(NEW, {"name": "Gestionale", "may": "some", "may-party": "read", "expires_on": "31/12/2099"})
    assert (answer.status_code, answer.headers["Location"]) == (302, PAGE)
    found = re.search(r"rapporto_[\w-]+", text(desk))
    assert found is not None
    assert "rapporto_" not in text(desk)
    shown = {"Authorization": f"Bearer {found[0]}"}
    assert Client().get("/api/v1/party", headers=shown).status_code == 200
    assert Client().get("/api/v1/activity", headers=shown).status_code == 403
    page = text(desk)
    assert "Legge: Anagrafiche" in page
    assert "31/12/2099" in page


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"may": "some"},
        {"may": "everything"},
        {"expires_on": "x"},
        {"may": "some", "may-api_token": "write"},
    ],
)
def test_what_is_wrong_is_named_and_nothing_typed_is_lost(desk: Client, wrong: dict[str, str]) -> None:
    answer = desk.post(NEW, {"name": "Gestionale", "may": "read", **wrong})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'aria-invalid="true"' in page or 'class="error' in page
    assert "name" in wrong or 'value="Gestionale"' in page
    assert not ApiToken.objects.exists()


def test_a_token_is_revoked_after_its_effect_was_read(desk: Client, anna: User) -> None:
    made = make_token(actor_of(anna), name="Gestionale")
    address = f"{PAGE}token/{made.row.pk}/end/"
    assert desk.post(address).status_code == 200
    assert ApiToken.objects.exists()
    assert desk.post(address, {"go": "1"}).status_code == 302
    assert not ApiToken.objects.exists()
    last = ChangeSet.objects.latest("id")
    assert desk.post(f"/undo/{last.pk}/", {"next": PAGE}).status_code == 302
    page = text(desk)
    assert ApiToken.objects.exists()
    assert "non valido" in page


def test_one_sees_ones_own_and_an_administrator_all(desk: Client, anna: User) -> None:
    carla, aldo = user("Carla", AGENT), user("Aldo", ADMINISTRATOR)
    token = make_token(actor_of(anna), name="Gestionale di Anna").row
    hook = make_hook(actor_of(anna), name="Negozio di Anna", address="https://negozio.esempio.it/").row
    for name in ("Gestionale di Anna", "Negozio di Anna"):
        assert name in text(desk)
        assert name not in text(signed_in(carla))
        assert name in text(signed_in(aldo))
    hers = signed_in(carla)
    assert hers.post(f"{PAGE}token/{token.pk}/end/", {"go": "1"}).status_code == 404
    assert hers.get(f"{PAGE}webhook/{hook.pk}/").status_code == 404
    assert hers.post(f"{PAGE}webhook/{hook.pk}/act/", {"act": "delete", "go": "1"}).status_code == 404
    assert signed_in(aldo).post(f"{PAGE}token/{token.pk}/end/", {"go": "1"}).status_code == 302
    assert not ApiToken.objects.exists()


@pytest.mark.parametrize(("record", "to"), [("api_token", NEW), ("webhook", f"{PAGE}webhook/new/")])
def test_the_general_form_makes_none_that_nobody_could_use(desk: Client, anna: User, record: str, to: str) -> None:
    values = {"name": "x", "user": anna.pk, "scopes": "read", "address": "https://esempio.it/"}
    for answer in (desk.get(f"/{record}/new/"), desk.post(f"/{record}/new/", values)):
        assert (answer.status_code, answer.headers["Location"]) == (302, to)
    panel = desk.get(f"/{record}/new/", headers={"HX-Request": "true", "HX-Target": "div#panel"})
    assert panel.headers["HX-Redirect"] == to
    assert not ApiToken.objects.exists()
    assert not Webhook.objects.exists()


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    with receiving() as listening:
        settings.OUTBOUND_ALLOW = listening.allowed
        yield listening


def deliver() -> None:
    look()
    while outbox.deliver_one(outside=True):
        pass


@pytest.mark.django_db(transaction=True)
def test_a_webhook_is_made_followed_and_told_again(receiver: Receiver, anna: User) -> None:
    desk = signed_in(anna)
    sent = {"name": "Negozio", "address": receiver.address, "tells": "all", "records": ["party", "activity"]}
    answer = desk.post(f"{PAGE}webhook/new/", sent)
    hook = Webhook.objects.get()
    page = f"{PAGE}webhook/{hook.pk}/"
    assert (answer.status_code, answer.headers["Location"], hook.records) == (302, page, "activity party")
    assert "whsec_" in text(desk, page)
    assert "whsec_" not in text(desk, page)
    receiver.statuses = [500, 200]
    casale(actor_of(anna))
    deliver()
    event = WebhookEvent.objects.get()
    assert "provato una volta" in text(desk, page)
    assert "Non accettato dal" in text(desk)
    assert desk.post(f"{PAGE}event/{event.pk}/again/").status_code == 302
    deliver()
    assert "accettato" in text(desk, page)
    desk.post(f"{page}act/", {"act": "since", "since": f"{timezone.localdate():%d/%m/%Y}"})
    deliver()
    assert len(receiver.came) == 3
    assert desk.post(f"{page}act/", {"act": "since", "since": "domani"}).status_code == 422


def test_a_webhook_is_changed_switched_and_deleted(desk: Client, anna: User) -> None:
    hook = make_hook(actor_of(anna), name="Negozio", address="https://negozio.esempio.it/").row
    page = f"{PAGE}webhook/{hook.pk}/"
    wrong = desk.post(page, {"name": "Negozio 2", "address": "https://10.0.0.1/", "tells": "gone"})
    assert wrong.status_code == 422
    assert "Negozio 2" in wrong.content.decode()
    assert "rete interna" in wrong.content.decode()
    desk.post(
        page, {"name": "Negozio 2", "address": "https://negozio.esempio.it/x", "tells": "gone", "records": "party"}
    )
    hook.refresh_from_db()
    assert (hook.name, hook.tells, hook.records) == ("Negozio 2", "gone", "party")
    for act, active in (("off", False), ("on", True), ("off", False), ("from_now", True)):
        assert desk.post(f"{page}act/", {"act": act}).status_code == 302
        hook.refresh_from_db()
        assert hook.active is active
    salt = hook.salt
    assert desk.post(f"{page}act/", {"act": "secret"}).status_code == 200
    assert desk.post(f"{page}act/", {"act": "secret", "go": "1"}).status_code == 302
    assert "whsec_" in text(desk, page)
    hook.refresh_from_db()
    assert hook.salt != salt
    assert desk.post(f"{page}act/", {"act": "nonsense"}).status_code == 422
    assert desk.post(f"{page}act/", {"act": "delete"}).status_code == 200
    assert desk.post(f"{page}act/", {"act": "delete", "go": "1"}).status_code == 302
    assert not Webhook.objects.exists()
