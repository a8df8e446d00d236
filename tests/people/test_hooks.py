"""Webhooks are told what changed: signed, at least once, with the rights of their user, and nothing is lost while nobody listens."""

import json
import os
import signal
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from standardwebhooks import Webhook as Signed
from standardwebhooks.webhooks import WebhookVerificationError

from rapporto.domain.parties.models import Party
from rapporto.domain.people import hooks, hooks_reader, hooks_sender
from rapporto.domain.people.hooks import Made, events_of, make_hook, new_secret, send_again, switch, tell_since
from rapporto.domain.people.hooks_reader import look
from rapporto.domain.people.models import User, Webhook, WebhookEvent
from rapporto.kernel.actor import Actor
from rapporto.store import outbox
from rapporto.store.errors import Invalid, NotFound, Refused
from rapporto.store.history.changing import change_set
from rapporto.store.history.models import Entry
from rapporto.store.history.reading import changes_since
from rapporto.store.history.undo import undo
from rapporto.store.outbound import send
from rapporto.store.outbox_models import Delivery
from rapporto.store.write import delete, save
from tests.cast import casale, enters
from tests.outbox.children import begin, end
from tests.receiver import Received, Receiver, receiving

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    """The program that is told; the installation allows it."""
    with receiving() as listening:
        settings.OUTBOUND_ALLOW = listening.allowed
        yield listening


@pytest.fixture
def anna() -> Actor:
    return enters("Anna")


def hook(actor: Actor, receiver: Receiver, **values: Any) -> Made:
    """A webhook of somebody."""
    return make_hook(actor, name="Gestionale", address=receiver.address, **values)


def deliver() -> int:
    """Look, and send what is due; gives how much was done."""
    look()
    number = 0
    while outbox.deliver_one(outside=True):
        number += 1
    return number


def wait() -> None:
    """Lets the waits pass."""
    Delivery.objects.update(due=timezone.now() - timedelta(seconds=1))


def items(came: Received) -> list[tuple[str, int, str]]:
    """What was told."""
    return [(one["record"], one["id"], one["act"]) for one in json.loads(came.body)["data"]["items"]]


def test_a_program_is_told_what_changed_and_knows_who_says_it(receiver: Receiver, anna: Actor) -> None:
    casale(anna, name="Known before")
    made = hook(anna, receiver, records="party")
    assert deliver() == 0
    row = casale(anna)
    assert deliver() == 1
    (came,) = receiver.came
    said = Signed(made.secret).verify(came.body, came.headers)
    assert said["type"] == "records.changed"
    assert items(came) == [("party", row.pk, "changed")]
    with pytest.raises(WebhookVerificationError):
        Signed(made.secret).verify(came.body.replace("changed", "gone"), came.headers)
    delete(anna, "party", row.pk)
    deliver()
    assert items(receiver.came[1]) == [("party", row.pk, "gone")]
    assert receiver.came[0].headers["webhook-id"] != receiver.came[1].headers["webhook-id"]
    assert deliver() == 0


def test_it_is_told_of_its_lists_and_its_kind_of_change_alone(receiver: Receiver, anna: Actor) -> None:
    hook(anna, receiver, records="activity", tells=Webhook.GONE)
    row = casale(anna)
    note = save(anna, "activity", {"subject": "Canarino", "kind": "note", "party": row.pk, "taken_by": anna.user_id})
    deliver()
    assert receiver.came == []
    delete(anna, "activity", note.pk)
    deliver()
    assert items(receiver.came[0]) == [("activity", note.pk, "gone")]


def test_it_is_told_what_its_user_sees_when_it_is_sent(receiver: Receiver, anna: Actor) -> None:
    bruno, carla = enters("Bruno"), enters("Carla")
    hook(anna, receiver)
    hers = casale(carla, name="Ditta di Carla")
    mine, private = casale(anna), {"kind": "note", "private": True, "taken_by": carla.user_id}
    save(carla, "activity", {"subject": "Segreto", "party": hers.pk, **private})
    look()
    save(bruno, "party", {"owner": carla.user_id}, mine.pk)
    while outbox.deliver_one():
        pass
    made, taken = WebhookEvent.objects.order_by("pk")
    # made and taken away before anybody was told: then all that is told is that it is gone
    assert (made.state, made.number, taken.number) == (WebhookEvent.SENT, 0, 1)
    assert [items(one) for one in receiver.came] == [[("party", mine.pk, "gone")]]


def test_what_fails_is_tried_again_with_the_same_id_and_later_changes_wait_their_turn(
    receiver: Receiver, anna: Actor
) -> None:
    made = hook(anna, receiver, records="party")
    receiver.statuses = [500, 302, 404]
    first = casale(anna)
    assert deliver() == 1
    waits = []
    for _ in range(2):
        event = WebhookEvent.objects.get()
        assert event.next_try is not None
        waits.append(event.next_try - timezone.now())
        casale(anna, name="Meanwhile")
        assert deliver() == 0  # it is not its time yet
        wait()
        assert deliver() == 1
    assert waits[1] > waits[0] * 1.5
    assert (event.tries, event.answer) == (2, "302")
    wait()
    deliver()
    deliver()
    assert [items(one)[0][1] for one in receiver.came[:4]] == [first.pk] * 4
    assert len({one.headers["webhook-id"] for one in receiver.came[:4]}) == 1
    assert len(items(receiver.came[4])) == 2  # what changed meanwhile comes together
    assert {one.state for one in events_of(anna, made.row.pk)} == {WebhookEvent.SENT}
    assert Webhook.objects.get().failing_since is None


def test_after_days_it_is_switched_off_its_user_is_told_and_nothing_is_lost(receiver: Receiver, anna: Actor) -> None:
    made = hook(anna, receiver, records="party")
    row = casale(anna)
    receiver.statuses = [500] * 2
    deliver()
    Webhook.objects.update(failing_since=timezone.now() - timedelta(days=4))
    wait()
    deliver()
    off = Webhook.objects.get()
    assert (off.active, off.off_because) == (False, Webhook.FAILED)
    assert [one.to for one in mail.outbox] == [["anna@esempio.it"]]
    assert not Delivery.objects.exists()
    casale(anna, name="While it was off")
    wait()
    assert deliver() == 0
    switch(anna, made.row.pk, on=True)
    deliver()
    deliver()
    assert [len(items(one)) for one in receiver.came] == [1, 1, 1, 1]
    assert items(receiver.came[2]) == [("party", row.pk, "changed")]
    assert Webhook.objects.get().off_because == ""


def test_who_is_down_for_a_day_is_asked_a_few_times_and_is_still_on(receiver: Receiver, anna: Actor) -> None:
    hook(anna, receiver)
    casale(anna)
    begun, receiver.statuses = timezone.now(), [503] * 100
    deliver()
    passed = timedelta(0)
    while passed < timedelta(days=1):
        # the clock cannot be moved: what waits is brought nearer, and the failures further back
        left = Delivery.objects.get().due - timezone.now()
        passed += left
        wait()
        Webhook.objects.update(failing_since=begun - passed)
        assert deliver() == 1
    assert len(receiver.came) < 20
    assert Webhook.objects.get().active
    assert len({one.headers["webhook-id"] for one in receiver.came}) == 1


def test_who_answers_too_slowly_is_asked_again(
    receiver: Receiver, anna: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hooks_sender, "send", partial(send, seconds=0.3))
    hook(anna, receiver)
    casale(anna)
    receiver.statuses, receiver.drips = [200], True
    deliver()
    receiver.drips = False
    event = WebhookEvent.objects.get()
    assert (event.state, event.answer) == (WebhookEvent.WAITING, "no answer within 0.3 seconds")
    wait()
    deliver()
    assert WebhookEvent.objects.get().state == WebhookEvent.SENT


def test_it_may_begin_anew_instead(receiver: Receiver, anna: Actor) -> None:
    made = hook(anna, receiver, records="party")
    receiver.statuses = [500]
    casale(anna)
    deliver()
    switch(anna, made.row.pk, on=False)
    assert WebhookEvent.objects.get().state == WebhookEvent.STOPPED
    with pytest.raises(Refused):
        send_again(anna, WebhookEvent.objects.get().pk)
    wait()
    deliver()
    assert len(receiver.came) == 1
    casale(anna, name="While it was off")
    switch(anna, made.row.pk, on=True, from_now=True)
    assert deliver() == 0
    row = casale(anna, name="After")
    deliver()
    assert items(receiver.came[-1]) == [("party", row.pk, "changed")]


@pytest.mark.parametrize(("status", "because"), [(410, Webhook.UNWANTED), (None, Webhook.REFUSED)])
def test_who_wants_nothing_more_and_what_is_inside_is_not_asked_again(
    receiver: Receiver, anna: Actor, settings: Any, status: int | None, because: str
) -> None:
    made = hook(anna, receiver)
    if status is None:
        settings.OUTBOUND_ALLOW = []
    else:
        receiver.statuses = [status]
    casale(anna)
    deliver()
    assert (Webhook.objects.get().active, Webhook.objects.get().off_because) == (False, because)
    assert len(receiver.came) == (0 if status is None else 1)
    assert events_of(anna, made.row.pk)[0].state == WebhookEvent.STOPPED
    assert len(mail.outbox) == 1


def test_whose_user_left_is_told_nothing_more(receiver: Receiver, anna: Actor) -> None:
    hook(anna, receiver)
    casale(anna)
    User.objects.filter(email="anna@esempio.it").update(is_active=False)
    deliver()
    assert receiver.came == []
    assert Webhook.objects.get().off_because == Webhook.ORPHANED


def test_what_was_told_is_told_again_when_somebody_asks(receiver: Receiver, anna: Actor) -> None:
    made = hook(anna, receiver, records="party")
    before = timezone.now()
    row = casale(anna)
    deliver()
    event = send_again(anna, events_of(anna, made.row.pk)[0].pk)
    deliver()
    assert [one.headers["webhook-id"] for one in receiver.came] == [event.event] * 2
    tell_since(anna, made.row.pk, before)
    deliver()
    assert items(receiver.came[2]) == [("party", row.pk, "changed")]
    with pytest.raises(Invalid):
        tell_since(anna, made.row.pk, timezone.now() + timedelta(days=1))
    for forbidden in (lambda: send_again(enters("Carla"), event.pk), lambda: events_of(enters("Carla"), made.row.pk)):
        with pytest.raises(NotFound):
            forbidden()


def test_one_that_waits_is_tried_at_once_when_somebody_asks(receiver: Receiver, anna: Actor) -> None:
    made = hook(anna, receiver)
    receiver.statuses = [503]
    casale(anna)
    deliver()
    assert deliver() == 0
    send_again(anna, events_of(anna, made.row.pk)[0].pk)
    assert deliver() == 1
    assert len(receiver.came) == 2
    assert not Delivery.objects.exists()


def test_a_kill_between_sending_and_noting_it_sends_again_with_the_same_id(
    receiver: Receiver, anna: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook(anna, receiver)
    casale(anna)

    def die_after_sending() -> None:
        monkeypatch.setattr(hooks_sender, "_end", lambda *_given, **_more: os.kill(os.getpid(), signal.SIGKILL))
        deliver()

    assert end(begin(die_after_sending)) == -signal.SIGKILL
    assert len(receiver.came) == 1
    wait()
    deliver()
    assert len(receiver.came) == 2
    assert len({one.headers["webhook-id"] for one in receiver.came}) == 1
    assert WebhookEvent.objects.get().state == WebhookEvent.SENT


def test_of_two_who_look_at_once_one_owes(receiver: Receiver, anna: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    hook(anna, receiver)
    casale(anna)
    really = changes_since

    def slow(number: int, limit: int) -> Any:
        monkeypatch.setattr(hooks_reader, "changes_since", really)
        assert look() == 1
        return really(number, limit)

    monkeypatch.setattr(hooks_reader, "changes_since", slow)
    assert look() == 0
    assert WebhookEvent.objects.count() == 1


def test_a_large_transaction_comes_in_parts(receiver: Receiver, anna: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hooks_reader, "MOST", 3)
    monkeypatch.setattr(hooks_sender, "MOST", 3)
    hook(anna, receiver, records="party")
    with change_set(anna, "create"):
        made = [casale(anna, name=f"Ditta {number}").pk for number in range(5)]
    for _ in range(20):
        deliver()
    told = [one for came in receiver.came for one in items(came)]
    assert all(len(items(came)) <= 3 for came in receiver.came)
    assert {row for _, row, _ in told} == set(made)
    assert len(receiver.came) > 1


def test_without_webhooks_a_new_record_costs_nothing_and_looking_is_one_query(receiver: Receiver, anna: Actor) -> None:
    casale(anna)
    with CaptureQueriesContext(
        connection,
    ) as without:
        casale(anna)
    with CaptureQueriesContext(connection) as looked:
        assert look() == 0
    assert len(looked) == 1
    hook(anna, receiver)
    casale(anna)
    with CaptureQueriesContext(connection) as with_one:
        casale(anna)
    assert len(with_one) == len(without)
    assert not Delivery.objects.exists()


def test_the_secret_is_kept_nowhere_and_both_hold_for_a_day(receiver: Receiver, anna: Actor) -> None:
    first = hook(anna, receiver)
    second = new_secret(anna, first.row.pk)
    assert first.secret != second.secret
    kept = [str(vars(row)) for row in (*Webhook.objects.all(), *Entry.objects.all())]
    assert not [text for text in kept if first.secret in text or second.secret in text]
    casale(anna)
    deliver()
    for secret in (first.secret, second.secret):
        assert Signed(secret).verify(receiver.came[0].body, receiver.came[0].headers)
    Webhook.objects.update(renewed_at=timezone.now() - timedelta(days=2))
    assert hooks.secrets_of(Webhook.objects.get()) == [second.secret]


def test_one_that_was_deleted_and_brought_back_needs_a_new_secret(receiver: Receiver, anna: Actor) -> None:
    made = hook(anna, receiver)
    casale(anna)
    deliver()
    with change_set(anna, "delete") as change:
        delete(anna, "webhook", made.row.pk)
    hooks_reader.tidy()
    assert not WebhookEvent.objects.exists()
    assert undo(anna, change.pk).kept == ()
    casale(anna)
    assert deliver() == 0
    secret = new_secret(anna, made.row.pk).secret
    casale(anna)
    deliver()
    assert Signed(secret).verify(receiver.came[-1].body, receiver.came[-1].headers)
    assert len(items(receiver.came[-1])) == 1


def test_making_one_is_undone_though_it_was_told_something(receiver: Receiver, anna: Actor) -> None:
    with change_set(anna, "make") as change:
        hook(anna, receiver)
    casale(anna)
    look()
    assert undo(anna, change.pk).kept == ()
    assert outbox.deliver_one(outside=True)
    assert receiver.came == []
    assert not Delivery.objects.exists()


@pytest.mark.parametrize("address", ["https://10.0.0.1/x", "ftp://esempio.it", "https://user:x@esempio.it/", "x", ""])
def test_an_address_that_is_never_asked_is_refused_at_once(anna: Actor, address: str) -> None:
    with pytest.raises(Invalid):
        make_hook(anna, name="x", address=address)


def test_it_names_lists_that_there_are_and_never_the_keys(anna: Actor) -> None:
    for records in ("ghost", "party api_token", "webhook"):
        with pytest.raises(Invalid):
            make_hook(anna, name="x", address="https://esempio.it/", records=records)
    row = make_hook(anna, name="x", address="https://Esempio.it", records="party, activity party").row
    assert (row.address, row.records) == ("https://esempio.it/", "activity party")
    assert Party.objects.count() == 0
