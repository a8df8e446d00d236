"""How many queries a page costs: as many for two rows as for sixty, and as many as query_counts.json says.

Renew the file with RAPPORTO_RENEW=1, and say in the change why a page now asks more than before.
"""

import json
import os
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from rapporto.domain.people.actors import actor_of
from rapporto.domain.people.models import User
from rapporto.kernel.actor import ADMINISTRATOR, AGENT
from rapporto.store.asking import forget_estimates
from rapporto.store.declare import DECLARED
from rapporto.store.errors import Invalid
from tests.web.samples import make, one_of_each, user

COUNTS = Path(__file__).with_name("query_counts.json")
RENEW = os.environ.get("RAPPORTO_RENEW") == "1"
MORE = {"HX-Request": "true", "HX-Target": "tr#more"}
PANEL = {"HX-Request": "true", "HX-Target": "div#panel"}

SETTINGS = {
    "administrator": (
        "/settings/",
        "/settings/fields/party/",
        "/settings/users/",
        "/settings/roles/",
        "/settings/territories/",
        "/settings/lists/",
        "/settings/lists/industry/",
        "/settings/views/",
        "/settings/programs/",
        "/settings/account/",
        "/settings/access/",
        "/settings/erasures/",
    ),
    "agent": ("/settings/", "/settings/roles/", "/settings/lists/", "/settings/programs/", "/settings/account/"),
}

pytestmark = pytest.mark.django_db


def queries(client: Client, address: str, headers: dict[str, str] | None = None) -> int:
    """How many queries an answer costs when the estimates are known."""
    client.get(address, headers=headers)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address, headers=headers).status_code == 200
    return len(captured)


def counts(client: Client, made: dict[str, int], owner: str) -> dict[str, int]:
    """The queries of every kind of page, by its name."""
    found = {}
    for name in DECLARED:
        if client.get(f"/{name}/").status_code == 404:
            continue  # not for their eyes
        found[f"{owner}: list of {name}"] = queries(client, f"/{name}/")
        found[f"{owner}: rows of {name}"] = queries(client, f"/{name}/", MORE)
    found[f"{owner}: card of party"] = queries(client, f"/party/{made['party']}/")
    found[f"{owner}: panel of party"] = queries(client, f"/party/{made['party']}/", PANEL)
    for page in SETTINGS[owner]:
        found[f"{owner}: {page}"] = queries(client, page)
    found[f"{owner}: search"] = queries(client, "/search/?q=prova")
    found[f"{owner}: palette"] = queries(client, "/palette/?q=prova&at=/party/", {"HX-Request": "true"})
    return found


def more(aldo: User, made: dict[str, int], numbers: range) -> None:
    """Further records of every type that may have many."""
    for name in DECLARED:
        for number in numbers:
            try:
                with transaction.atomic():
                    made[name] = make(
                        actor_of(aldo), name, number, made, **({"owner": aldo.pk} if name == "party" else {})
                    )
            except (Invalid, IntegrityError):
                break


def test_pages_ask_the_same_of_two_rows_and_of_sixty_and_no_more_than_before() -> None:
    aldo = user("Aldo", ADMINISTRATOR)
    anna = user("Anna", AGENT)
    made = one_of_each(actor_of(aldo), anna)
    clients = {"administrator": Client(), "agent": Client()}
    clients["administrator"].force_login(aldo)
    clients["agent"].force_login(anna)
    first = dict(made)
    more(aldo, made, range(2, 4))
    few = {page: n for role, client in clients.items() for page, n in counts(client, first, role).items()}
    if RENEW:
        COUNTS.write_text(json.dumps(few, indent=1) + "\n", "utf-8")
    assert few == json.loads(COUNTS.read_text("utf-8"))
    more(aldo, made, range(4, 64))
    forget_estimates()
    lists = [page for page in few if "card" not in page and "panel" not in page]
    many = {page: n for role, client in clients.items() for page, n in counts(client, first, role).items()}
    assert {page: many[page] for page in lists if many[page] > few[page]} == {}
