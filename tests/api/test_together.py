"""Many records at once, the same thing twice, and what changed since."""

import os
import signal
import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from rapporto.api import door
from rapporto.domain.parties.models import Party
from rapporto.store import answers
from rapporto.store.answers_models import KeptAnswer
from rapporto.store.asking import forget_estimates
from rapporto.store.history.models import ChangeSet
from rapporto.store.history.undo import undo
from rapporto.store.search import search
from rapporto.store.write import delete, save
from tests.api.programs import Program
from tests.cast import casale, enters
from tests.outbox.children import begin, end


@pytest.mark.django_db
def test_many_items_are_one_change_set_each_with_its_own_result() -> None:
    anna, carla = enters("Anna"), enters("Carla")
    program, mine, hers = Program(anna), casale(anna), casale(carla, name="Ditta di Carla")
    items = [
        {"op": "create", "values": {"name": "Nuova"}},
        {"op": "create", "values": {"name": 5}},
        {"op": "create", "values": {"name": "x", "colour": "blue"}},
        {"op": "change", "id": mine.pk, "version": 0, "values": {"name": "X"}},
        {"op": "change", "id": mine.pk, "values": {"name": "Casale S.p.A."}},
        {"op": "change", "id": hers.pk, "values": {"name": "X"}},
        {"op": "change", "id": 999_999, "values": {"name": "X"}},
        {"op": "delete", "id": mine.pk},
    ]
    answer = program.post("party/bulk", {"items": items})
    assert answer.status_code == 200, answer.content
    results = answer.json()["results"]
    assert [one["status"] for one in results] == [201, 422, 422, 412, 200, 404, 404, 204]
    assert not Party.objects.filter(pk=mine.pk).exists()
    assert undo(anna, answer.json()["change_set"]).kept == ()
    assert Party.objects.get(pk=mine.pk).name == "Ditta Casale"
    assert not Party.objects.filter(name="Nuova").exists()


@pytest.mark.django_db
def test_a_thousand_new_records_are_found_with_all_that_follows_from_them() -> None:
    anna = enters("Anna")
    program = Program(anna)
    items = [{"op": "create", "values": {"name": f"Ditta {number:03}", "phase": "customer"}} for number in range(1000)]
    answer = program.post("party/bulk", {"items": items}).json()
    assert {one["status"] for one in answer["results"]} == {201}
    listed = program.get("party?sort=-name&limit=1").json()["items"]
    assert (listed[0]["name"], listed[0]["owner"]) == ("Ditta 999", anna.user_id)
    one = answer["results"][7]
    assert program.get(f"party/{one['id']}").headers["ETag"] == f'"{one["version"]}"'
    assert search(anna, "party", "ditta 007").ids == (one["id"],)
    assert undo(anna, answer["change_set"]).kept == ()
    assert not Party.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "body",
    [
        {},
        {"items": []},
        {"items": [{}]},
        {"items": [{"op": "create"}]},
        {"items": [{"op": "destroy", "id": 1}]},
        {"items": [{"op": "delete", "id": "1"}]},
        {"items": [{"op": "delete", "id": 0}]},
        {"items": [{"op": "delete", "id": 1, "values": {}}]},
        {"items": [{"op": ["create"], "values": {}}]},
        {"items": [{"op": "delete", "id": 1}] * 1001},
        {"items": [{"op": "delete", "id": 1}], "more": 1},
    ],
)
def test_items_of_another_shape_are_refused_together(body: Any) -> None:
    answer = Program(enters("Anna")).post("party/bulk", body)
    assert answer.status_code == 422
    assert not ChangeSet.objects.filter(command="bulk").exists()


@pytest.mark.django_db
def test_the_same_key_gives_the_same_answer_and_does_it_once() -> None:
    program = Program(enters("Anna"))
    first = program.post("party", {"name": "Casale"}, Idempotency_Key="a1")
    again = program.post("party", {"name": "Casale"}, Idempotency_Key="a1")
    assert (again.status_code, again.content, again.headers["ETag"]) == (201, first.content, first.headers["ETag"])
    assert again.headers["Location"] == first.headers["Location"]
    assert (again.headers["Idempotency-Replayed"], "Idempotency-Replayed" in first.headers) == ("true", False)
    assert Party.objects.count() == 1
    other = program.post("party", {"name": "Altra"}, Idempotency_Key="a1")
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")
    assert program.post("party", {"name": "Altra"}, Idempotency_Key="a2").status_code == 201
    assert Program(enters("Anna")).post("party", {"name": "Casale"}, Idempotency_Key="a1").status_code == 201


@pytest.mark.django_db
def test_what_was_refused_may_be_sent_again_with_its_key() -> None:
    program = Program(enters("Anna"))
    assert program.post("party", {"name": ""}, Idempotency_Key="a1").status_code == 422
    assert not KeptAnswer.objects.exists()
    assert program.post("party", {"name": "Casale"}, Idempotency_Key="a1").status_code == 201


@pytest.mark.django_db
def test_an_answer_is_kept_for_a_day_and_more_and_then_dropped() -> None:
    program = Program(enters("Anna"))
    program.post("party", {"name": "Casale"}, Idempotency_Key="a1")
    KeptAnswer.objects.update(at=timezone.now() - timedelta(hours=25))
    answers.tidy()
    assert program.post("party", {"name": "Casale"}, Idempotency_Key="a1").headers["Idempotency-Replayed"] == "true"
    KeptAnswer.objects.update(at=timezone.now() - timedelta(hours=49))
    answers.tidy()
    assert not KeptAnswer.objects.exists()
    program.post("party", {"name": "Casale"}, Idempotency_Key="a2")
    assert answers.forget_answers() == 1


@pytest.mark.django_db
def test_a_change_is_not_made_twice_though_the_version_is_older_by_now() -> None:
    anna = enters("Anna")
    program, row = Program(anna), casale(anna)
    tag = program.get(f"party/{row.pk}").headers["ETag"]
    found = [program.patch(f"party/{row.pk}", {"name": "X"}, If_Match=tag, Idempotency_Key="k") for _ in range(2)]
    assert [one.status_code for one in found] == [200, 200]
    assert found[0].headers["ETag"] == found[1].headers["ETag"]


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_with_one_key_one_is_done_and_all_get_its_answer() -> None:
    program = Program(enters("Anna"))
    forget_estimates()
    found: list[tuple[int, bytes]] = []
    at_once = 50
    start = threading.Barrier(at_once)

    def ask() -> None:
        try:
            start.wait()
            answer = program.post("party", {"name": "Casale"}, Idempotency_Key="one")
            found.append((answer.status_code, answer.content))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=ask) for _ in range(at_once)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(found) == at_once
    assert len(set(found)) == 1, found
    assert found[0][0] == 201
    assert Party.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_changes_are_told_once_and_only_to_who_sees_them() -> None:
    anna, carla, bruno = enters("Anna"), enters("Carla"), enters("Bruno")
    mine, manager = Program(anna), Program(bruno)
    start = mine.get("changes").json()["next"]
    row = casale(anna)
    told = mine.get(f"changes?after={start}").json()
    assert {"record": "party", "id": row.pk, "act": "changed"}.items() <= told["items"][0].items()
    assert mine.get(f"changes?after={told['next']}").json()["items"] == []
    save(bruno, "party", {"owner": carla.user_id}, row.pk)
    delete(bruno, "party", row.pk)
    gone = manager.get(f"changes?after={told['next']}").json()["items"]
    assert [(one["record"], one["id"], one["act"]) for one in gone] == [("party", row.pk, "gone")]
    assert [one["act"] for one in mine.get(f"changes?after={told['next']}").json()["items"]] == ["gone"]


@pytest.mark.django_db(transaction=True)
def test_what_is_private_is_not_told_to_have_come_or_gone() -> None:
    anna, manager = enters("Anna"), Program(enters("Bruno"))
    start, row = manager.get("changes").json()["next"], casale(anna)
    values = {"subject": "Canarino", "kind": "note", "party": row.pk, "private": True, "taken_by": anna.user_id}
    private = save(anna, "activity", values)

    def told() -> set[str]:
        return {one["record"] for one in manager.get(f"changes?after={start}").json()["items"]}

    assert told() == {"party"}
    delete(anna, "activity", private.pk)
    assert told() == {"party"}
    assert "Canarino" not in manager.get("activity").content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_kill_between_commit_and_answer_loses_nothing_and_does_nothing_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    program, body = Program(enters("Anna")), {"name": "Casale"}

    def die_before_answering() -> None:
        monkeypatch.setattr(door, "_response", lambda answer: os.kill(os.getpid(), signal.SIGKILL))
        program.post("party", body, Idempotency_Key="once")

    assert end(begin(die_before_answering)) == -signal.SIGKILL
    assert Party.objects.count() == 1
    again = program.post("party", body, Idempotency_Key="once")
    assert (again.status_code, again.headers["Idempotency-Replayed"]) == (201, "true")
    assert again.json()["name"] == "Casale"
    assert Party.objects.count() == 1
