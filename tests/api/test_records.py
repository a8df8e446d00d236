"""Programs read lists and records, make, change and delete them, with the rights of a user and never more."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from rapporto.api import limits
from rapporto.api.models import Asked
from rapporto.domain.people.models import ApiToken, User
from rapporto.domain.people.tokens import make_token, revoke_token
from rapporto.store.errors import Invalid, Refused
from rapporto.store.history.changing import change_set
from rapporto.store.history.models import ChangeSet
from rapporto.store.history.undo import undo
from rapporto.store.records import get
from rapporto.store.write import delete, save
from tests.api.programs import Program
from tests.cast import casale, enters

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna() -> Any:
    return enters("Anna")


@pytest.fixture
def program(anna: Any) -> Program:
    return Program(anna)


def test_a_record_is_made_read_changed_and_deleted(program: Program) -> None:
    made = program.post("party", {"name": "Officine Adige", "phase": "customer"})
    assert made.status_code == 201, made.content
    assert made.json()["name"] == "Officine Adige"
    place = made.headers["Location"].removeprefix("/api/v1/")
    read = program.get(place)
    assert (read.json(), read.headers["ETag"]) == (made.json(), made.headers["ETag"])
    changed = program.patch(place, {"name": "Officine Adige S.r.l."}, If_Match=read.headers["ETag"])
    assert (changed.status_code, changed.json()["name"]) == (200, "Officine Adige S.r.l.")
    assert changed.headers["ETag"] != read.headers["ETag"]
    assert program.ask("DELETE", place, If_Match=changed.headers["ETag"]).status_code == 204
    assert program.get(place).status_code == 404
    assert {one.door for one in ChangeSet.objects.filter(command__in=("create", "change", "delete"))} == {"api"}


def test_a_list_is_filtered_sorted_and_read_page_by_page(program: Program, anna: Any) -> None:
    for number, province in enumerate(("VR", "VR", "MI", "VR")):
        save(
            anna,
            "party",
            {"name": f"Ditta {number}", "owner": anna.user_id, "phase": "lead" if province == "MI" else "customer"},
        )
    first = program.get("party?phase.eq=customer&sort=-name&limit=2&columns=name,owner.name").json()
    assert [one["name"] for one in first["items"]] == ["Ditta 3", "Ditta 1"]
    assert first["items"][0]["owner.name"] == "Anna"
    answer = program.get(f"party?phase.eq=customer&sort=-name&limit=2&columns=name&after={first['next']}")
    assert [one["name"] for one in answer.json()["items"]] == ["Ditta 0"]
    assert answer.json()["next"] is None


def test_what_is_read_can_be_sent_back(program: Program, anna: Any) -> None:
    row = casale(anna)
    read = program.get(f"party/{row.pk}")
    fields = {name: value for name, value in read.json().items() if value is not None}
    writable = {k: v for k, v in fields.items() if k in ("name", "phase", "owner", "kind", "since", "turnover")}
    answer = program.patch(f"party/{row.pk}", writable, If_Match=read.headers["ETag"])
    assert answer.status_code == 200, answer.content
    assert answer.headers["ETag"] == read.headers["ETag"]


def test_a_list_and_a_record_as_they_were(program: Program, anna: Any) -> None:
    row = casale(anna)
    before = timezone.now()
    save(anna, "party", {"name": "Casale S.p.A."}, row.pk)
    then = before.isoformat().replace("+", "%2B")
    assert program.get(f"party?as_of={then}").json()["items"][0]["name"] == "Ditta Casale"
    answer = program.get(f"party/{row.pk}?as_of={then}")
    assert answer.json()["name"] == "Ditta Casale"
    assert "ETag" not in answer.headers
    assert program.get("party?as_of=9999-01-01").status_code == 400


def test_nobody_overwrites_what_they_have_not_read(program: Program, anna: Any) -> None:
    row = casale(anna)
    read = program.get(f"party/{row.pk}").headers["ETag"]
    assert program.patch(f"party/{row.pk}", {"name": "X"}).status_code == 428
    save(enters("Bruno"), "party", {"name": "Casale S.p.A."}, row.pk)
    stale = program.patch(f"party/{row.pk}", {"name": "Casale e figli"}, If_Match=read)
    assert stale.status_code == 412
    assert stale.json()["differences"] == [
        {"field": "name", "was": "Ditta Casale", "now": "Casale S.p.A.", "yours": "Casale e figli"}
    ]
    assert "Bruno" in stale.json()["detail"]
    assert program.ask("DELETE", f"party/{row.pk}", If_Match=read).status_code == 412
    again = program.patch(f"party/{row.pk}", {"name": "Casale e figli"}, If_Match=stale.headers["ETag"])
    assert again.status_code == 200


def test_every_wrong_value_is_named_in_the_language_of_the_caller(program: Program) -> None:
    body = {"name": 7, "phase": "nonsense", "colour": "blue", "owner": 999_999}
    answer = program.post("party", {**body, "name": "Casale"}, Accept_Language="it")
    assert (answer.status_code, answer.headers["Content-Type"]) == (422, "application/problem+json")
    assert {one["pointer"] for one in answer.json()["errors"]} == {"#/phase", "#/colour", "#/owner"}
    assert answer.json()["title"] == "Alcuni valori non si possono tenere"
    assert program.post("party", body).json()["errors"][0] == {"pointer": "#/name", "detail": "A text is needed here."}


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("nothing", 404),
        ("party/0", 404),
        ("party/x", 404),
        ("party/9999999999999999999999", 404),
        ("party/1/2", 404),
        ("api_token", 404),
        ("party?colour.eq=blue", 400),
        ("party?name=x", 400),
        ("party?name.near=x", 400),
        ("party?name.eq=", 400),
        ("party?created_on.eq=x", 400),
        ("party?sort=colour", 400),
        ("party?columns=colour", 400),
        ("party?after=x", 400),
        ("party?limit=0", 400),
        ("party?limit=x", 400),
        ("party?as_of=x", 400),
    ],
)
def test_what_cannot_be_asked_is_a_problem(program: Program, path: str, status: int) -> None:
    answer = program.get(path)
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json")
    assert answer.json()["status"] == status


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"[]", "application/json", 400),
        (b'{"name": NaN}', "application/json", 400),
        (b"[" * 200_000, "application/json", 400),
        (b"\xff", "application/json", 400),
        (b'{"name": "x"}', "text/plain", 415),
        (b'{"name": "' + b"x" * 6_000_000 + b'"}', "application/json", 413),
    ],
)
def test_a_body_that_is_no_object_is_a_problem(program: Program, body: bytes, kind: str, status: int) -> None:
    assert program.ask("POST", "party", body, Content_Type=kind).status_code == status


def test_another_method_is_refused_with_those_there_are(program: Program) -> None:
    answer = program.ask("PUT", "party/1", {})
    assert (answer.status_code, answer.headers["Allow"]) == (405, "DELETE, GET, HEAD, PATCH")


def test_a_token_is_needed_and_ends_with_its_user(program: Program, anna: Any) -> None:
    assert Client().get("/api/v1/party").status_code == 401
    assert program.get("party", Authorization="Bearer rapporto_wrong").status_code == 401
    assert program.get("party", Authorization="Basic abc").headers["WWW-Authenticate"].startswith("Bearer")
    assert program.get("party").status_code == 200
    User.objects.filter(pk=anna.user_id).update(is_active=False)
    assert program.get("party").status_code == 401


def test_a_token_ends_with_its_day_and_when_it_is_revoked(anna: Any) -> None:
    ended = Program(anna, expires_on=timezone.localdate() - timedelta(days=1))
    assert ended.get("party").status_code == 401
    program = Program(anna, expires_on=timezone.localdate())
    assert program.get("party").status_code == 200
    with change_set(anna, "delete") as change:
        revoke_token(anna, program.made.row.pk)
    assert program.get("party").status_code == 401
    assert undo(anna, change.pk).kept == ()
    assert program.get("party").status_code == 401


def test_of_a_token_only_its_hash_is_kept(program: Program) -> None:
    row = ApiToken.objects.get(pk=program.made.row.pk)
    assert program.made.text not in str(vars(row))
    program.get("party")
    row.refresh_from_db()
    assert row.last_used_on == timezone.localdate()


def test_a_token_lets_through_what_it_names_and_nothing_more(anna: Any) -> None:
    row = casale(anna)
    reader = Program(anna, "party:read")
    assert reader.get(f"party/{row.pk}").status_code == 200
    assert reader.post("party", {"name": "x"}).status_code == 403
    assert reader.patch(f"party/{row.pk}", {"name": "x"}, If_Match="*").status_code == 403
    assert reader.ask("DELETE", f"party/{row.pk}").status_code == 403
    assert reader.get("activity").status_code == 403
    for path in ("columns=owner.email", "owner.email.eq=a", "sort=owner.email", "sort=owner", "activities.count.ge=1"):
        assert reader.get(f"party?{path}").status_code == 400, path
    writer = Program(anna, "party:write")
    assert writer.get("party").status_code == 200
    assert writer.post("party", {"name": "x"}).status_code == 201


def test_a_token_never_gets_another_user_or_rights_that_are_none(anna: Any) -> None:
    with pytest.raises(Refused):
        make_token(enters("Aldo"), name="x", user=anna.user_id)
    for scopes in ("", "everything", "ghost:read", ":read", "party:own"):
        with pytest.raises(Invalid):
            make_token(anna, name="x", scopes=scopes)
    program = Program(anna)
    with pytest.raises(Invalid):
        save(enters("Aldo"), "api_token", {"user": enters("Bruno").user_id}, program.made.row.pk)
    with pytest.raises(Exception, match="no api_token"):
        get(enters("Carla"), "api_token", program.made.row.pk)
    delete(enters("Aldo"), "api_token", program.made.row.pk)


def test_who_asks_too_often_waits(program: Program, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.API_PER_MINUTE = 2
    monkeypatch.setattr(limits, "time", SimpleNamespace(time=lambda: 1_800_000_015))
    answers = [program.get("party") for _ in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 429]
    assert answers[-1].headers["Retry-After"] == "45"
    monkeypatch.setattr(limits, "time", SimpleNamespace(time=lambda: 1_800_000_060))
    assert program.get("party").status_code == 200


def test_an_address_that_guesses_tokens_waits_and_no_valid_token_waits_for_it(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "time", SimpleNamespace(time=lambda: 1_800_000_015))
    statuses = [program.get("party", Authorization="Bearer guess").status_code for _ in range(limits.FAILURES + 1)]
    assert statuses == [401] * limits.FAILURES + [429]
    assert program.get("party").status_code == 200


def test_the_addresses_of_one_ipv6_network_are_one_and_others_need_not_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "time", SimpleNamespace(time=lambda: 1_800_000_015))

    def ask(address: str) -> Any:
        return Client().get("/api/v1/party", REMOTE_ADDR=address)

    last = [ask(f"2001:db8:1:2:{number:x}::7") for number in range(limits.FAILURES + 1)][-1]
    assert (last.status_code, last.headers["Retry-After"]) == (429, "45")
    assert ask("2001:db8:1:3::7").status_code == 401
    assert ask("::ffff:192.0.2.7").status_code == 401
    assert Asked.objects.filter(caller="from 192.0.2.7").exists()
