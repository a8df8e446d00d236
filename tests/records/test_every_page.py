"""The pages every record type inherits: list, panel, form, search and history answer and change what they say."""

import pytest
from django.test import Client

from rapporto.domain.people.models import User
from rapporto.kernel.kinds import Links, Text
from rapporto.store.history.models import Entry
from tests.records.filled import NAMES, Filled

pytestmark = pytest.mark.django_db
PANEL = {"HX-Request": "true", "HX-Target": "div#panel"}
PART = {"HX-Request": "true"}


@pytest.fixture(params=NAMES)
def filled(request: pytest.FixtureRequest) -> Filled:
    """A record with every field filled."""
    return Filled(request.param)


@pytest.fixture
def aldo(filled: Filled) -> Client:
    """The browser of the administrator."""
    client = Client()
    client.force_login(User.objects.get(name="Aldo"))
    return client


def test_the_list_shows_it_sorted_and_filtered(filled: Filled, aldo: Client) -> None:
    whole = aldo.get(f"/{filled.name}/")
    assert whole.status_code == 200
    assert f'data-id="{filled.id}"' in whole.content.decode()
    for name in (n for n in filled.record.grid if not isinstance(filled.record.fields[n].kind, Links)):
        assert aldo.get(f"/{filled.name}/", {"sort": name}).status_code == 200, name


def test_card_panel_form_and_history_answer(filled: Filled, aldo: Client) -> None:
    at = f"/{filled.name}/{filled.id}/"
    assert aldo.get(at).status_code == 200
    assert aldo.get(at, headers=PANEL).status_code == 200
    assert aldo.get(f"{at}history/", headers=PART).status_code == 200
    assert aldo.get(f"{at}edit/").status_code == (403 if filled.record.append_only else 200)
    assert aldo.get(f"/{filled.name}/new/", follow=True).status_code == 200


def test_the_form_changes_it_and_the_history_remembers(filled: Filled, aldo: Client) -> None:
    texts = [n for n in filled.writable if isinstance(filled.record.fields[n].kind, Text)]
    if not texts or filled.record.append_only or filled.name in ("territory_area", "contact_point"):
        return
    before = Entry.objects.filter(record=filled.name, row_id=filled.id).count()
    answer = aldo.post(f"/{filled.name}/{filled.id}/edit/", {"form.fields": texts[0], texts[0]: "Cambiato 7"})
    assert answer.status_code in (200, 302), answer.content.decode()[:500]
    assert Entry.objects.filter(record=filled.name, row_id=filled.id).count() == before + 1


def test_nobody_reads_it_without_signing_in(filled: Filled) -> None:
    for address in (f"/{filled.name}/", f"/{filled.name}/{filled.id}/", f"/{filled.name}/new/"):
        assert Client().get(address).status_code == 302
