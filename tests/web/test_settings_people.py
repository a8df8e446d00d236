"""The people in the settings: invited, given other rights, handed over when they leave; every effect is told in figures first."""

import re

import pytest
from django.test import Client

from rapporto.domain.parties.models import Party
from rapporto.domain.people.actors import actor_of
from rapporto.domain.people.models import Territory, User
from rapporto.domain.processes.commands import log_activity
from rapporto.domain.processes.models import Activity
from rapporto.kernel.actor import AGENT, MANAGER
from rapporto.kernel.where import field
from rapporto.store.history.models import ChangeSet
from rapporto.store.outbox import deliver_one
from rapporto.store.records import find
from rapporto.store.write import save
from rapporto.web.settings import work
from tests.web.desk import party
from tests.web.samples import user
from tests.web.test_settings import undo_last, words

pytestmark = pytest.mark.django_db


def test_somebody_is_invited_with_a_password_shown_once(desk: Client) -> None:
    sent = {"name": "Nadia Neri", "email": "nadia@esempio.it", "role": AGENT, "by": "password"}
    answer = desk.post("/settings/users/invite/", sent, follow=True)
    page = answer.content.decode()
    found = re.search(r'class="once">([a-z0-9-]+)<', page)
    assert found
    nadia = User.objects.get(email="nadia@esempio.it")
    assert nadia.check_password(found[1])
    assert found[1] not in desk.get(f"/settings/users/{nadia.pk}/").content.decode()


def test_somebody_is_invited_by_mail(desk: Client, mailoutbox: list[object]) -> None:
    sent = {"name": "Nadia Neri", "email": "nadia@esempio.it", "role": AGENT, "by": "mail"}
    assert desk.post("/settings/users/invite/", sent).status_code == 302
    assert [one.to for one in mailoutbox] == [["nadia@esempio.it"]]  # type: ignore[attr-defined]
    assert desk.post("/settings/users/invite/", sent).status_code == 422


def test_who_leaves_hands_over_and_all_of_it_comes_back(desk: Client, aldo: User, anna: User) -> None:
    bruno = user("Bruno", MANAGER)
    one = party(anna, "Casale")
    planned = plan(anna, one)
    log_activity(actor_of(anna), party=one.pk, subject="Fatta")
    west = Territory.objects.create(name="Ovest")
    save(actor_of(aldo), "user", {"territories": (west.pk,)}, anna.pk)
    url = f"/settings/users/{anna.pk}/close/"
    asked = words(desk.post(url, {"to": bruno.pk}).content.decode())
    assert "1 anagrafiche passano a Bruno." in asked
    assert "1 attività aperte passano a Bruno." in asked
    assert User.objects.get(pk=anna.pk).is_active
    assert desk.post(url, {"to": bruno.pk, "go": "1"}).status_code == 302
    assert not User.objects.get(pk=anna.pk).is_active
    assert Party.objects.get(pk=one.pk).owner_id == bruno.pk
    assert Activity.objects.get(pk=planned).assignee_id == bruno.pk
    assert list(bruno.territories.values_list("name", flat=True)) == ["Ovest"]
    undo_last(desk)
    assert User.objects.get(pk=anna.pk).is_active
    assert Party.objects.get(pk=one.pk).owner_id == anna.pk
    assert list(anna.territories.values_list("name", flat=True)) == ["Ovest"]


def plan(who: User, party: Party, **values: object) -> int:
    """An activity that somebody is still to do."""
    said = {"subject": "Telefonare", "state": "planned", "assignee": who.pk, "at": "2026-12-01 10:00"}
    return int(save(actor_of(who), "activity", {"party": party.pk, "taken_by": who.pk, **said, **values}).pk)


def test_private_work_is_handed_over_unseen_and_an_undo_says_that_it_leaves_it(
    desk: Client, aldo: User, anna: User
) -> None:
    bruno = user("Bruno", MANAGER)
    secret = plan(anna, party(anna, "Casale"), private=True, subject="Riservata")
    assert not find(actor_of(aldo), "activity", field("subject").eq("Riservata")).exists()
    desk.post(f"/settings/users/{anna.pk}/close/", {"to": bruno.pk, "go": "1"})
    assert Activity.objects.get(pk=secret).assignee_id == bruno.pk
    last = ChangeSet.objects.order_by("id").latest("id")
    page = desk.post(f"/undo/{last.pk}/", {"next": "/settings/"}).content.decode()
    assert "Non puoi modificare" in page
    assert "Riservata" not in page
    assert Activity.objects.get(pk=secret).assignee_id == bruno.pk


def test_very_many_are_handed_over_behind_the_pages(
    desk: Client, aldo: User, anna: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "CHUNK", 2)
    bruno = user("Bruno", MANAGER)
    for number in range(3):
        party(anna, f"Ditta {number}")
    place = desk.post(f"/settings/users/{anna.pk}/close/", {"to": bruno.pk, "go": "1"}).headers["Location"]
    assert place.startswith("/jobs/")
    assert User.objects.get(pk=anna.pk).is_active
    assert deliver_one(long=True)
    assert "Fatto: 3 righe cambiate." in desk.get(place).content.decode()
    assert Party.objects.filter(owner=bruno).count() == 3
    assert not User.objects.get(pk=anna.pk).is_active
    undo_last(desk)
    assert Party.objects.filter(owner=anna).count() == 3


def test_the_last_administrator_stays_and_nothing_goes_to_who_has_left(desk: Client, aldo: User, anna: User) -> None:
    assert desk.post(f"/settings/users/{aldo.pk}/close/", {"go": "1"}).status_code == 422
    User.objects.filter(pk=anna.pk).update(is_active=False)
    bruno = user("Bruno", MANAGER)
    assert desk.post(f"/settings/users/{bruno.pk}/close/", {"to": anna.pk, "go": "1"}).status_code == 422
    assert User.objects.get(pk=bruno.pk).is_active


def test_other_rights_are_told_in_figures_and_end_the_sessions(desk: Client, aldo: User, anna: User) -> None:
    for number in range(3):
        party(aldo, f"Ditta {number}")
    hers = Client()
    hers.force_login(anna)
    url = f"/settings/users/{anna.pk}/"
    sent = {"name": "Anna", "email": anna.email, "role": MANAGER, "team": ""}
    assert "ora vede 0 anagrafiche, e ne vedrà 3" in words(desk.post(url, sent).content.decode())
    desk.post(url, {**sent, "go": "1"})
    assert User.objects.get(pk=anna.pk).role == MANAGER
    assert hers.get("/party/").status_code == 302


def test_the_roles_are_told_from_the_declarations(desk: Client) -> None:
    page = words(desk.get("/settings/roles/").content.decode())
    assert "«Assegnato a»: sé stesso, oppure nelle proprie zone" in page
    assert "non vede nulla" in page
