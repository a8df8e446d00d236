"""The search of the whole register: what it finds, what it leaves alone, that it can be run again, and that nothing leaves the machine."""

import socket
from datetime import datetime
from typing import Any

import pytest
from django.utils import timezone

from rapporto.domain.parties.duplicates.deciding import decide_pair
from rapporto.domain.parties.duplicates.models import DIFFERENT, DuplicateSearch, LikelyDuplicate
from rapporto.insight.duplicates import table, work
from rapporto.insight.duplicates.batch import search
from rapporto.kernel.actor import Actor, system_task
from rapporto.store.errors import Refused
from rapporto.store.history.undo import undo
from rapporto.store.write import save
from tests.cast import casale, enters, person

pytestmark = pytest.mark.django_db
DESK = "045 7901234"


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asked the net for an extension would fail here."""

    def refuse(*_address: Any) -> None:
        raise AssertionError("the search asked the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.fixture
def bruno() -> Actor:
    """A manager with a register in which Ditta Casale stands twice, Mario Rossi too, and a unit and a sister do not."""
    manager = enters("Bruno")
    place = {"city": "Villafranca di Verona", "province": "VR", "postal_code": "37069"}
    first = casale(manager, vat_number="00743110157", phone=DESK, street="Via dell’Industria 14", **place)
    again = {"name": "CASALE S.R.L.", "vat_number": "00743110157", "phone": DESK, "street": "V. Industria, 14", **place}
    save(manager, "party", again)
    save(manager, "party", {"name": "Casale Immobiliare S.r.l.", "phone": DESK, **place})
    save(manager, "party", {"name": "Ditta Casale", "kind": "unit", "part_of": first.pk, "phone": DESK, **place})
    for name in ("Mario", "Lucia"):
        person(manager, name, "Rossi", mobile="333 1234567", **place)
    person(manager, "Mario", "Rossi", mobile="333 1234567", **place)
    return manager


def names() -> set[frozenset[str]]:
    """The pairs by name."""
    rows = LikelyDuplicate.objects.values_list("first__name", "second__name")
    return {frozenset(row) for row in rows}


def test_who_stands_there_twice_is_found_and_nobody_else(bruno: Actor) -> None:
    done = search()
    assert names() == {frozenset({"Ditta Casale", "CASALE S.R.L."}), frozenset({"Mario Rossi"})}
    assert (done.parties, done.likely, done.new, done.gone) == (6, 2, 2, 0)
    pair = LikelyDuplicate.objects.get(first__name="Ditta Casale")
    assert "vat_number" in pair.reasons
    assert "phone" in pair.reasons
    assert 50 <= (pair.probability or 0) <= 99
    assert undo(system_task("undo"), done.change_set_id or 0).kept == ()
    assert names() == set()


def test_it_can_be_run_again(bruno: Actor) -> None:
    search()
    told = LikelyDuplicate.objects.get(first__name="Mario Rossi")
    decide_pair(bruno, told.pk, DIFFERENT)
    twice = search()
    assert (twice.new, twice.gone) == (0, 0)
    # what was told apart stays told apart; what is likely no more leaves the queue
    other = LikelyDuplicate.objects.get(first__name="Ditta Casale")
    save(bruno, "party", {"name": "Torneria Brenta", "vat_number": "", "phone": "", "street": ""}, id=other.second_id)
    assert search().gone == 1
    assert [row.pk for row in LikelyDuplicate.objects.all()] == [told.pk]


def test_duckdb_may_load_nothing() -> None:
    with table.database() as there:
        for name in ("autoinstall_known_extensions", "autoload_known_extensions"):
            assert there.execute(f"SELECT current_setting('{name}')").fetchall() == [(False,)]


def test_an_agent_does_not_search_the_whole_register() -> None:
    with pytest.raises(Refused, match="managers"):
        work.begin(enters("Anna"))


def at(hour: int) -> datetime:
    """An hour of a certain day here."""
    return timezone.make_aware(datetime(2026, 11, 26, hour, 30))  # noqa: DTZ001


@pytest.mark.usefixtures("bruno")
def test_the_night_searches_once() -> None:
    assert work.nightly(at(14)) is False
    assert work.nightly(at(2)) is True
    assert work.nightly(at(3)) is False
    line = DuplicateSearch.objects.get()
    assert (line.parties, line.likely, line.ended_at is not None) == (6, 2, True)
