"""The document of the API says what is there: valid OpenAPI 3.1, for the caller's eyes only, fields made here included."""

import json
from dataclasses import asdict
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator, validate

from rapporto.domain.people.hooks_sender import body_of, signed
from rapporto.domain.people.models import User, Webhook, WebhookEvent
from rapporto.domain.people.tokens import NEVER
from rapporto.store.declare import DECLARED
from rapporto.store.told import Told
from rapporto.store.userfields import forget
from rapporto.store.userfields_models import UserField
from rapporto.store.write import save
from tests.api.programs import Program
from tests.cast import enters

pytestmark = pytest.mark.django_db


def document(program: Program) -> Any:
    answer = program.get("openapi.json")
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_it_is_valid_and_knows_every_record_type() -> None:
    found = document(Program(enters("Aldo")))
    validate(found, cls=OpenAPIV31SpecValidator)
    assert {f"/{name}" for name in DECLARED if name not in NEVER} <= found["paths"].keys()
    assert not {f"/{name}" for name in NEVER} & found["paths"].keys()


def test_what_a_webhook_gets_is_described_as_it_is_sent() -> None:
    found = document(Program(enters("Aldo")))
    described = {**found["components"]["schemas"]["Event"], "components": found["components"]}
    event = WebhookEvent(event="msg_1", up_to=7, made_at=timezone.now())
    sent = body_of(event, [asdict(Told("party", 1, "changed", 7, None))])
    Draft202012Validator(described).validate(json.loads(sent))
    wanted = found["webhooks"]["records.changed"]["post"]["parameters"]
    assert {one["name"] for one in wanted} <= set(signed(Webhook(salt="x"), event, sent))


def test_a_field_made_here_is_in_it_at_once() -> None:
    aldo = enters("Aldo")
    made = save(aldo, "user_field", {"record": "party", "label": "Colore", "kind": "integer"})
    forget()
    name = UserField.objects.get(pk=made.pk).name
    program = Program(aldo)
    assert document(program)["components"]["schemas"]["party_values"]["properties"][name]["type"] == ["integer", "null"]
    row = program.post("party", {"name": "Casale", name: 7}).json()
    assert row[name] == 7
    assert [one["id"] for one in program.get(f"party?{name}.ge=7").json()["items"]] == [row["id"]]


def test_it_says_what_the_token_lets_through() -> None:
    found = document(Program(enters("Anna"), "party:read"))
    assert set(found["paths"]) == {"/party", "/party/{id}", "/changes", "/openapi.json"}
    assert set(found["paths"]["/party"]) == {"get"}


def test_people_read_it_on_a_page_of_their_own() -> None:
    assert Client().get("/api/v1/").status_code == 302
    client = Client()
    client.force_login(User.objects.get(name=enters("Anna").name))
    page = client.get("/api/v1/")
    assert page.status_code == 200
    text = page.content.decode()
    assert "<code>party</code>" in text
    assert "<code>api_token</code>" not in text
    assert " style=" not in text
    assert "onclick" not in text
