"""The note of a call: who, what, the next step, in one form and one change; nothing typed is lost."""

import pytest

from rapporto.domain.parties.models import Party
from rapporto.domain.people.actors import actor_of
from rapporto.domain.people.models import User
from rapporto.domain.processes.models import DONE, PLANNED, Activity
from rapporto.kernel.actor import AGENT
from rapporto.store.history.models import ChangeSet
from rapporto.store.write import save
from tests.web.desk import browser, party
from tests.web.samples import user

pytestmark = pytest.mark.django_db
PANEL = {"HX-Request": "true", "HX-Target": "div#panel"}


@pytest.fixture
def casale(anna: User) -> Party:
    """Ditta Casale, Anna's customer."""
    return party(anna, "Ditta Casale", phase="customer")


def test_a_call_is_noted_with_its_person_and_its_next_step_in_one_change(anna: User, casale: Party) -> None:
    lucia = party(anna, "Lucia Bonetti", kind="person")
    save(actor_of(anna), "affiliation", {"person": lucia.pk, "organisation": casale.pk})
    note = {
        "kind": "call",
        "who": "Lucia Bonetti",
        "asked": "Vuole il prezzo.",
        "next": "Richiamare",
        "due": "domani 15:30",
    }
    assert browser(anna).post(f"/party/{casale.pk}/activity/", note).headers["Location"] == f"/party/{casale.pk}/"
    call, step = Activity.objects.order_by("pk")
    assert (call.state, call.person_id, call.asked, call.direction) == (DONE, lucia.pk, "Vuole il prezzo.", "in")
    assert (step.state, step.subject, step.person_id, step.assignee_id) == (PLANNED, "Richiamare", lucia.pk, anna.pk)
    assert set(ChangeSet.objects.latest("pk").entries.values_list("row_id", flat=True)) >= {call.pk, step.pk}


def test_a_note_with_a_wrong_day_comes_back_with_everything_that_was_typed(anna: User, casale: Party) -> None:
    note = {"kind": "call", "who": "Mario Neri", "asked": "Vuole il prezzo.", "next": "Richiamare", "due": "presto"}
    answer = browser(anna).post(f"/party/{casale.pk}/activity/", note)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "«presto» non è una data" in text
    assert all(value in text for value in ("Mario Neri", "Vuole il prezzo.", "Richiamare"))
    assert not Activity.objects.exists()


def test_an_unknown_caller_stands_in_the_note_and_becomes_a_person_only_when_asked_for(
    anna: User, casale: Party
) -> None:
    client = browser(anna)
    client.post(f"/party/{casale.pk}/activity/", {"kind": "call", "who": "Mario Neri", "asked": "Il listino."})
    assert Activity.objects.get().subject == "Telefonata ricevuta: Mario Neri"
    assert not Party.objects.filter(kind="person").exists()
    client.post(
        f"/party/{casale.pk}/activity/", {"kind": "call", "who": "Mario Neri", "asked": "Il prezzo.", "make.who": "on"}
    )
    assert Activity.objects.latest("pk").person.name == "Mario Neri"


def test_an_empty_note_is_not_kept(anna: User, casale: Party) -> None:
    assert browser(anna).post(f"/party/{casale.pk}/activity/", {"kind": "call"}).status_code == 422
    assert not Activity.objects.exists()


def test_a_planned_step_is_done_and_followed_by_the_next(anna: User, casale: Party) -> None:
    client = browser(anna)
    client.post(
        f"/party/{casale.pk}/activity/", {"kind": "call", "asked": "Il listino.", "next": "Richiamare", "due": "domani"}
    )
    step = Activity.objects.get(state=PLANNED)
    assert "Fatto: Richiamare" in client.get(f"/party/{casale.pk}/?done={step.pk}").content.decode()
    client.post(
        f"/party/{casale.pk}/activity/",
        {"kind": "call", "done": step.pk, "asked": "Accetta.", "next": "Visita", "due": "venerdì 10:00"},
    )
    step.refresh_from_db()
    assert (step.state, step.asked) == (DONE, "Accetta.")
    assert Activity.objects.get(state=PLANNED).subject == "Visita"


def test_a_step_that_is_done_already_is_not_done_twice(anna: User, casale: Party) -> None:
    client, address = browser(anna), f"/party/{casale.pk}/activity/"
    client.post(address, {"kind": "call", "asked": "Il listino.", "next": "Richiamare", "due": "domani"})
    step = Activity.objects.get(state=PLANNED)
    assert client.post(address, {"kind": "call", "done": step.pk, "asked": "Accetta."}).status_code == 302
    again = client.post(address, {"kind": "call", "done": step.pk, "asked": "Accetta."})
    assert again.status_code == 422
    assert "Accetta." in again.content.decode()
    assert Activity.objects.count() == 2


def test_an_other_agent_notes_nothing(anna: User, casale: Party) -> None:
    answer = browser(user("Carla", AGENT)).post(f"/party/{casale.pk}/activity/", {"kind": "call", "asked": "Spiare."})
    assert answer.status_code == 404
    assert not Activity.objects.exists()
