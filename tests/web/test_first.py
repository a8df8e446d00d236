"""The very first page: whoever started the product becomes its administrator, with a key that fits once."""

from pathlib import Path

import pytest
import pytest_django
from django.test import Client

from rapporto.domain.people.models import User
from rapporto.kernel.actor import ADMINISTRATOR
from rapporto.site.welcome import welcome
from rapporto.web.first.key import FILE, first_key
from tests.web.samples import user

pytestmark = pytest.mark.django_db
TYPED = {"name": "Aldo", "email": "aldo@esempio.it", "password": "un cavallo a dondolo"}


@pytest.fixture
def data(tmp_path: Path, settings: pytest_django.Settings) -> Path:
    """A data folder of its own."""
    settings.DATA = tmp_path
    return tmp_path


def test_whoever_starts_the_product_is_told_where_to_become_its_administrator(data: Path, client: Client) -> None:
    told = welcome("http://127.0.0.1:8000", data)
    address = f"/first/{first_key(data)}/"
    assert address in told
    assert (data / FILE).stat().st_mode & 0o077 == 0
    assert client.get(address).status_code == 200
    assert client.post(address, TYPED).headers["Location"] == "/"
    assert list(User.objects.values_list("email", "role")) == [("aldo@esempio.it", ADMINISTRATOR)]
    assert client.get("/").headers["Location"] == "/welcome/"
    assert not (data / FILE).exists()
    assert "/first/" not in welcome("http://127.0.0.1:8000", data)


def test_the_key_fits_once_and_only_while_there_is_nobody(data: Path, client: Client) -> None:
    key = first_key(data)
    assert client.get("/first/another/").status_code == 404
    user("Anna", ADMINISTRATOR)
    assert client.get(f"/first/{key}/").status_code == 404
    assert client.post(f"/first/{key}/", TYPED).status_code == 404
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "words"),
    [({"name": ""}, "Questo dato è necessario"), ({"password": "breve"}, "troppo corta"), ({"email": "aldo"}, "aldo")],
)
def test_what_is_missing_or_too_weak_is_told_at_its_field(
    data: Path, client: Client, wrong: dict[str, str], words: str
) -> None:
    answer = client.post(f"/first/{first_key(data)}/", {**TYPED, **wrong}, headers={"Accept-Language": "it"})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not User.objects.exists()
