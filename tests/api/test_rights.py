"""The same doors as the pages: for every record type and role a program sees, changes and is refused what its user is."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from rapporto.domain.people.actors import actor_of
from rapporto.domain.people.models import BACK_OFFICE
from rapporto.domain.people.tokens import NEVER
from rapporto.kernel.actor import ADMINISTRATOR, AGENT, MANAGER, Actor
from rapporto.kernel.kinds import Links
from rapporto.store.declare import DECLARED
from rapporto.store.history.export import canonical
from rapporto.store.records import find, may_change
from rapporto.store.userfields import forget, record_type
from tests.api.programs import Program
from tests.web.samples import one_of_each, user

pytestmark = pytest.mark.django_db
TYPES = tuple(name for name in DECLARED if name not in NEVER)
ROLES = (("Anna", AGENT), ("Carla", AGENT), ("Bruno", MANAGER), ("Davide", BACK_OFFICE), ("Aldo", ADMINISTRATOR))
NOT_THERE = 999_999


@pytest.fixture
def house() -> Any:
    """One record of every type, Anna's where they can be somebody's, and a program for everybody."""
    people = {name: actor_of(user(name, role)) for name, role in ROLES}
    anna = user("Annina", AGENT)
    rows = one_of_each(people["Aldo"], anna)
    people["Annina"] = actor_of(anna)
    return rows, {name: (actor, Program(actor)) for name, actor in people.items()}


def each(house: Any) -> Iterator[tuple[str, int, Actor, Program]]:
    rows, people = house
    for name in TYPES:
        for actor, program in people.values():
            yield name, rows[name], actor, program


def test_whoever_sees_a_record_on_the_pages_reads_it_and_nobody_else(house: Any) -> None:
    seen, unseen = 0, 0
    for name, row, actor, program in each(house):
        there = find(actor, name).filter(pk=row).exists()
        answer = program.get(f"{name}/{row}")
        assert answer.status_code == (200 if there else 404), (name, actor.name)
        listed = program.get(f"{name}?limit=200&columns=")
        ids = {one["id"] for one in listed.json()["items"]} if listed.status_code == 200 else set()
        assert (row in ids) is there, (name, actor.name)
        seen, unseen = seen + there, unseen + (not there)
    assert seen > 50
    assert unseen > 10


def test_what_is_forbidden_is_answered_as_what_is_missing(house: Any) -> None:
    compared = 0
    for name, row, actor, program in each(house):
        if find(actor, name).filter(pk=row).exists():
            continue
        for method, body in (("GET", None), ("PATCH", {}), ("DELETE", None)):
            forbidden = program.ask(method, f"{name}/{row}", body, If_Match="*")
            missing = program.ask(method, f"{name}/{NOT_THERE}", body, If_Match="*")
            assert (forbidden.status_code, forbidden.content) == (missing.status_code, missing.content), (name, method)
            compared += 1
    assert compared > 30


def test_whoever_may_not_change_a_record_changes_nothing_of_it(house: Any) -> None:
    refused = 0
    for name, row, actor, program in each(house):
        if may_change(actor, name, row):
            continue
        before = list(canonical())
        title = DECLARED[name].record.title
        for answer in (
            program.patch(f"{name}/{row}", {title: None}, If_Match="*"),
            program.ask("DELETE", f"{name}/{row}"),
        ):
            assert 400 <= answer.status_code < 500, (name, actor.name)
        bulk = program.post(f"{name}/bulk", {"items": [{"op": "delete", "id": row}]})
        assert bulk.status_code == 404 or bulk.json()["results"][0]["status"] >= 400
        assert list(canonical()) == before, (name, actor.name)
        refused += 1
    assert refused > 30


def test_no_field_is_written_that_the_document_does_not_offer(house: Any) -> None:
    rows, people = house
    for name in TYPES:
        for actor, program in people.values():
            record = record_type(name)
            if not record.visible(actor):
                continue
            model = {one.attname for one in DECLARED[name].model._meta.concrete_fields} | {"password", "is_staff", "id"}
            offered = set(record.seen_by(actor).fields) - record.fixed_for(actor)
            closed = {f"#/{one}" for one in model - offered}
            sent = dict.fromkeys(model - offered)
            for answer in (program.patch(f"{name}/{rows[name]}", sent, If_Match="*"), program.post(name, sent)):
                assert answer.status_code in (404, 422), (name, actor.name)
                named = {one["pointer"] for one in answer.json().get("errors", ())}
                assert answer.status_code == 404 or closed <= named, (name, actor.name)


def test_a_hidden_field_is_nowhere(house: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    rows, people = house
    actor, program = people["Bruno"]
    kept = DECLARED["party"]
    monkeypatch.setitem(
        DECLARED._all, "party", replace(kept, record=replace(kept.record, hidden={MANAGER: ("notes",)}))
    )
    forget()
    assert "notes" not in record_type("party").seen_by(actor).fields
    assert program.post("party", {"name": "x", "notes": "y"}).status_code == 422
    assert "notes" not in program.get(f"party/{rows['party']}").json()
    for query in ("columns=notes", "sort=notes", "notes.contains=a", "notes.is_filled=1"):
        assert program.get(f"party?{query}").status_code == 400, query
    assert program.get("address?columns=party.notes").status_code == 400
    assert '"notes"' not in program.get("openapi.json").json()["components"]["schemas"]["party_values"]["properties"]


def test_every_field_goes_out_and_comes_back(house: Any) -> None:
    rows, people = house
    actor, program = people["Aldo"]
    for name in TYPES:
        read = program.get(f"{name}/{rows[name]}")
        if read.status_code == 404:
            continue  # what is private is its owner's alone
        fixed = record_type(name).fixed_for(actor)
        kinds = {one: field.kind for one, field in record_type(name).fields.items()}
        sent = {one: value for one, value in read.json().items() if one not in fixed and one != "id"}
        answer = program.patch(f"{name}/{rows[name]}", sent, If_Match=read.headers["ETag"])
        if record_type(name).append_only:
            assert (answer.status_code, answer.json()["code"]) == (403, "forbidden"), name
            assert program.ask("DELETE", f"{name}/{rows[name]}").status_code == 403, name
            continue
        if answer.status_code == 422:
            # rules of its own fix what its record is made of
            wrong = {one["pointer"].removeprefix("#/") for one in answer.json()["errors"]}
            sent = {one: value for one, value in sent.items() if one not in wrong}
            answer = program.patch(f"{name}/{rows[name]}", sent, If_Match=read.headers["ETag"])
        assert answer.status_code == 200, (name, answer.content)
        assert answer.json() == read.json(), name
        assert answer.headers["ETag"] == read.headers["ETag"] or any(isinstance(one, Links) for one in kinds.values())
