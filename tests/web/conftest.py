"""Fixtures of the pages: browsers on a running product, the people who work here, and their first customer."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.test import Client
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from rapporto.domain.parties.models import Party
from rapporto.domain.people.actors import actor_of
from rapporto.domain.people.models import User
from rapporto.domain.processes.commands import log_activity
from rapporto.kernel.actor import ADMINISTRATOR, AGENT, MANAGER
from rapporto.store.declare import DECLARED
from rapporto.store.userfields import forget
from rapporto.store.write import save
from tests.web.browsing import Room
from tests.web.desk import browser
from tests.web.samples import user


@pytest.fixture
def room(browser: Browser, live_server: LiveServer) -> Iterator[Room]:
    """Browsers on a running product."""
    opened = Room(browser, live_server.url)
    yield opened
    complaints = [one for watched in opened.opened for one in watched.complaints]
    for watched in opened.opened:
        watched.context.close()
    assert complaints == []


@pytest.fixture
def anna() -> User:
    """Anna, an agent."""
    return user("Anna", AGENT, language="it")


@pytest.fixture
def bruno() -> User:
    """Bruno, a manager."""
    return user("Bruno", MANAGER, language="it")


@pytest.fixture
def carla() -> User:
    """Carla, another agent."""
    return user("Carla", AGENT, language="it")


@pytest.fixture
def aldo() -> User:
    """Aldo, an administrator."""
    return user("Aldo", ADMINISTRATOR, language="it")


@pytest.fixture
def desk(aldo: User) -> Client:
    """The browser of the administrator."""
    return browser(aldo)


@pytest.fixture
def casale(anna: User) -> Party:
    """Ditta Casale, Anna's customer, with its buyer and a first dealing."""
    actor = actor_of(anna)
    told = {"phase": "customer", "phone": "045 7901234", "street": "Via dell’Industria 14", "postal_code": "37069"}
    place = {"city": "Villafranca di Verona", "province": "VR", "email": "info@casale.esempio.it"}
    row: Party = save(actor, "party", {"name": "Ditta Casale", "owner": anna.pk, **told, **place})
    lucia = save(actor, "party", {"name": "Lucia Bonetti", "kind": "person", "owner": anna.pk})
    save(actor, "affiliation", {"person": lucia.pk, "organisation": row.pk, "job_title": "Acquisti", "main": True})
    log_activity(
        actor, party=row.pk, person=lucia.pk, subject="Sconto sul secondo lotto", asked="Chiede il sei per cento."
    )
    return row


@pytest.fixture
def turnover_hidden() -> Iterator[None]:
    """Agents must not know what a party turns over."""
    before = DECLARED["party"]
    DECLARED.put("party", replace(before, record=replace(before.record, hidden={AGENT: ("turnover",)})))
    forget()
    yield
    DECLARED.put("party", before)
    forget()
