"""The card shows what happened to a record: who, when, through which door, and what it was before."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rapporto.domain.parties.models import Party
from rapporto.domain.processes.models import Activity
from rapporto.kernel.actor import MANAGER, Actor
from rapporto.kernel.kinds import Integer, Text
from rapporto.kernel.record import Field
from rapporto.store.declare import DECLARED
from rapporto.store.history.changing import change_set
from rapporto.store.history.rows import Line, author_since, line_of, state_at, version
from rapporto.store.history.undo import undo

pytestmark = pytest.mark.django_db

BRUNO = Actor(2, "Bruno", frozenset({MANAGER}))
CARLA = Actor(3, "Carla", frozenset({MANAGER}), door="import")


def party_type() -> Any:
    return DECLARED["party"].record


def change(actor: Actor, row: Any, **values: Any) -> None:
    with change_set(actor, "change"):
        for name, value in values.items():
            setattr(row, name, value)
        row.save()


def told(line: Line) -> dict[str, tuple[Any, Any]]:
    return {one.field.name: (one.before, one.after) for one in line.changes}


@pytest.fixture
def casale() -> Party:
    with change_set(BRUNO, "create"):
        return Party.objects.create(name="Ditta Casale", birth_date=date(1990, 5, 6), extra={"size": 3})


def test_the_card_tells_every_change_newest_first(casale: Party) -> None:
    change(CARLA, casale, name="Renamed", birth_date=None, turnover=500)
    Party.objects.update(city="Roma")
    outside, changed, created = line_of(party_type(), casale.pk)
    assert (outside.door, outside.user_name, outside.change_set_id, told(outside)) == (
        "outside",
        "",
        None,
        {"city": ("", "Roma")},
    )
    assert (changed.door, changed.user_name, changed.user_id, changed.command) == ("import", "Carla", 3, "change")
    assert told(changed) == {
        "name": ("Ditta Casale", "Renamed"),
        "birth_date": (date(1990, 5, 6), None),
        "turnover": (None, 500),
    }
    assert created.act == "I"
    assert told(created)["name"] == (None, "Ditta Casale")
    assert abs((created.at - datetime.now(UTC)).total_seconds()) < 60


def test_what_one_act_did_in_several_steps_is_one_line(casale: Party) -> None:
    with change_set(BRUNO, "swap"):
        for name in ("~1", "Final"):
            casale.name = name
            casale.save()
    line, _ = line_of(party_type(), casale.pk)
    assert told(line) == {"name": ("Ditta Casale", "Final")}


def test_only_the_fields_of_the_given_record_type_are_told(casale: Party) -> None:
    change(BRUNO, casale, name="Renamed", extra={"size": 4, "unknown": 1, "colour": "Blu", "colour~": "blu"})
    made = (
        Field(name="size", label="Size", kind=Integer(), made_here=True),
        Field(name="colour", label="", kind=Text(), made_here=True),
    )
    seen = party_type().with_fields(*made)
    line = line_of(seen, casale.pk)[0]
    assert told(line) == {"name": ("Ditta Casale", "Renamed"), "size": (3, 4), "colour": (None, "Blu")}
    narrow = replace(seen, fields={n: f for n, f in seen.fields.items() if n not in ("name", "size")})
    assert told(line_of(narrow, casale.pk)[0]) == {"colour": (None, "Blu")}


def test_moments_and_ticks_have_their_values_back() -> None:
    party = Party.objects.create(name="Ditta Casale")
    at = datetime(2026, 3, 1, 10, 30, 5, 123456, tzinfo=UTC)
    activity = Activity.objects.create(party=party, subject="Offer", at=at, private=True)
    change(BRUNO, activity, at=datetime(2027, 1, 1, tzinfo=UTC), private=False)
    line = line_of(DECLARED["activity"].record, activity.pk)[0]
    assert told(line) == {"at": (at, datetime(2027, 1, 1, tzinfo=UTC)), "private": (True, False)}


def test_the_history_of_a_deleted_record_can_be_read(casale: Party) -> None:
    row_id = casale.pk
    with change_set(BRUNO, "delete") as deleted:
        casale.delete()
    line, created = line_of(party_type(), row_id)
    assert (line.act, told(line)["name"]) == ("D", ("Ditta Casale", None))
    assert told(created)["name"] == (None, "Ditta Casale")
    undo(BRUNO, deleted.pk)
    assert line_of(party_type(), row_id)[0].undoes == deleted.pk


def test_pages_of_the_history_join_without_a_gap(casale: Party) -> None:
    for number in range(7):
        change(BRUNO, casale, turnover=number)
    at_once = line_of(party_type(), casale.pk)
    lines, before = [], None
    while page := line_of(party_type(), casale.pk, limit=3, before=before):
        lines += page
        before = page[-1].entry_id
    assert lines == at_once
    assert len(lines) == 8


def test_a_history_costs_three_queries_however_long(casale: Party) -> None:
    for number in range(5):
        change(BRUNO, casale, turnover=number)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        line_of(party_type(), casale.pk)
    assert len(queries) <= 3


def test_the_version_grows_with_every_change_and_the_state_at_it_can_be_read(casale: Party) -> None:
    first = version("party", casale.pk)
    change(CARLA, casale, name="Renamed", extra={"size": 9})
    second = version("party", casale.pk)
    assert 0 < first < second
    assert version("party", casale.pk + 1) == 0
    seen = party_type().with_fields(Field(name="size", label="Size", kind=Integer(), made_here=True))
    was, is_now = state_at(seen, casale.pk, first), state_at(seen, casale.pk, second)
    assert was is not None
    assert is_now is not None
    assert (was["name"], was["size"], was["birth_date"]) == ("Ditta Casale", 3, date(1990, 5, 6))
    assert (is_now["name"], is_now["size"]) == ("Renamed", 9)
    assert state_at(seen, casale.pk, 0) is None
    assert author_since("party", casale.pk, first) == "Carla"
    assert author_since("party", casale.pk, second) == ""


def test_what_was_forgotten_is_told_without_its_values(casale: Party) -> None:
    with change_set(BRUNO, "forget", markers_only=True):
        Party.objects.update(name="")
    line = line_of(party_type(), casale.pk)[0]
    assert (line.erased, line.changes) == (True, ())
