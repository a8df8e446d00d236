"""The card of a party: who it is, who belongs to it, its story, as it is and as it was; for nobody who may not see it."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from rapporto.domain.parties.models import LinkType, Party
from rapporto.domain.people.actors import actor_of
from rapporto.domain.people.models import User
from rapporto.domain.processes.commands import NextStep, log_activity, plan
from rapporto.kernel.actor import AGENT
from rapporto.store.history.models import Entry
from rapporto.store.write import save
from tests.web.desk import browser, page, party
from tests.web.samples import user

pytestmark = pytest.mark.django_db
PANEL = {"HX-Request": "true", "HX-Target": "div#panel"}
PART = {"HX-Request": "true", "HX-Target": "section#story"}
MOST_QUERIES = 25
"""With the org chart, who knows whom, the map of links and what was once a part of it; each is one query."""


@pytest.fixture
def casale(anna: User) -> Party:
    """Ditta Casale, Anna's customer."""
    return party(anna, "Ditta Casale", phase="customer", phone="045 7901234", city="Verona", province="VR")


def employ(owner: User, name: str, company: Party, **values: Any) -> Party:
    """A person who works for a company."""
    row = party(owner, name, kind="person")
    save(actor_of(owner), "affiliation", {"person": row.pk, "organisation": company.pk, **values})
    return row


def heads(text: str) -> list[str]:
    """The titles of the lines of the story."""
    story = text[text.index('class="stream"') :]
    return re.findall(r'class="strong"[^>]*>([^<]*)<', story)


def test_the_card_says_who_it_is_and_how_to_reach_them(anna: User, casale: Party) -> None:
    text = page(anna, f"/party/{casale.pk}/")
    assert "<h1>Ditta Casale</h1>" in text
    assert 'class="phase customer">Cliente' in text
    assert 'href="tel:+390457901234"' in text
    assert "assegnata a Anna" in text
    assert "Verona (VR)" in text


def test_another_agent_finds_nothing_at_the_address_of_card_panel_and_history(anna: User, casale: Party) -> None:
    carla = browser(user("Carla", AGENT))
    for path in ("", "history/", "edit/", "timeline/"):
        assert carla.get(f"/party/{casale.pk}/{path}", headers=PANEL).status_code == 404
    assert carla.get(f"/party/{casale.pk}/").status_code == 404


def test_blank_fields_are_folded_away_and_what_is_worth_asking_says_so(anna: User, casale: Party) -> None:
    text = page(anna, f"/party/{casale.pk}/")
    shown, _, folded = text.partition("<summary>Altri dati")
    assert re.search(r"<dt>Partita IVA</dt><dd class=\"quiet\">da chiedere", shown)
    assert "<dt>IBAN</dt>" not in shown
    assert "<dt>IBAN</dt>" in folded


def test_people_are_told_with_job_and_numbers_and_the_former_ones_with_their_years(anna: User, casale: Party) -> None:
    employ(anna, "Lucia Bonetti", casale, job_title="Acquisti", phone="045 7901251")
    employ(anna, "Dino Furlan", casale, since="01/02/2019", until="31/12/2024")
    text = page(anna, f"/party/{casale.pk}/")
    assert "Acquisti" in text
    assert 'href="tel:+390457901251"' in text
    former = text[text.index('class="former"') :]
    assert "Dino Furlan" in former
    assert "dal 01/02/2019 al 31/12/2024" in former


def test_a_link_is_told_from_both_sides(anna: User, casale: Party) -> None:
    kind = LinkType.objects.create(name="controlla", reverse="è controllata da")
    small = party(anna, "Officina Piccola")
    save(actor_of(anna), "party_link", {"first": casale.pk, "link_type": kind.pk, "second": small.pk})
    assert "controlla</span>" in page(anna, f"/party/{casale.pk}/")
    assert "è controllata da</span>" in page(anna, f"/party/{small.pk}/")


def test_the_panel_is_a_part_of_a_page_with_the_next_step_first(anna: User, casale: Party) -> None:
    tomorrow = timezone.now() + timedelta(days=1)
    plan(actor_of(anna), party=casale.pk, next=NextStep(subject="Richiamare con il prezzo", at=tomorrow))
    text = page(anna, f"/party/{casale.pk}/", **PANEL)
    assert text.lstrip().startswith("<aside")
    assert text.index("Prossimo passo") < text.index("Richiamare con il prezzo") < text.index("Ultime attività")


def test_plans_stand_on_top_and_what_was_done_follows_newest_first(anna: User, casale: Party) -> None:
    now, actor = timezone.now(), actor_of(anna)
    log_activity(actor, party=casale.pk, subject="La prima", at=now - timedelta(days=9))
    log_activity(actor, party=casale.pk, subject="La seconda", at=now - timedelta(days=2))
    plan(actor, party=casale.pk, next=NextStep(subject="La prossima", at=now + timedelta(days=3)))
    assert heads(page(anna, f"/party/{casale.pk}/?show=activities"))[:3] == ["La prossima", "La seconda", "La prima"]


def test_the_story_comes_twenty_at_a_time_and_nothing_twice(anna: User, casale: Party) -> None:
    now, actor = timezone.now(), actor_of(anna)
    for number in range(45):
        log_activity(actor, party=casale.pk, subject=f"Nota {number:02}", at=now - timedelta(hours=number))
    client, found = browser(anna), []
    address = f"/party/{casale.pk}/timeline/?show=all"
    while address:
        text = client.get(address, headers=PART).content.decode()
        found.append(re.findall(r'data-panel>([^<]*)<|class="strong">([^<]*)<', text))
        more = re.search(r'hx-get="([^"]*before[^"]*)"', text)
        address = more[1].replace("&amp;", "&") if more else ""
    assert [len(part) for part in found] == [20, 20, 6]
    titles = [one or other for part in found for one, other in part]
    assert sorted(titles) == sorted([*(f"Nota {number:02}" for number in range(45)), "Anagrafica: scheda creata"])


def test_a_private_activity_is_in_no_story_but_that_of_its_people(anna: User, bruno: User, casale: Party) -> None:
    log_activity(actor_of(anna), party=casale.pk, subject="Confidenza", private=True)
    assert "Confidenza" in page(anna, f"/party/{casale.pk}/")
    text = page(bruno, f"/party/{casale.pk}/")
    assert "Confidenza" not in text
    assert "Confidenza" not in page(bruno, f"/party/{casale.pk}/", **PANEL)


def test_a_change_says_who_what_before_and_after(anna: User, bruno: User, casale: Party) -> None:
    save(actor_of(bruno), "party", {"phase": "at_risk"}, casale.pk)
    text = page(anna, f"/party/{casale.pk}/?show=changes")
    assert "1 campo modificato" in text
    assert "Bruno" in text
    assert "<del>Cliente</del> → <ins>A rischio</ins>" in text


def test_what_was_changed_outside_the_product_says_so(anna: User, casale: Party) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE parties_party SET city = 'Padova', city_key = 'padova' WHERE id = %s", [casale.pk])
    text = page(anna, f"/party/{casale.pk}/?show=changes")
    assert "Modificato fuori da Rapporto" in text
    assert "<del>Verona</del> → <ins>Padova</ins>" in text


def test_a_new_person_of_the_company_is_a_change_of_its_card(anna: User, casale: Party) -> None:
    employ(anna, "Lucia Bonetti", casale)
    assert "Incarico: nuovo dato" in page(anna, f"/party/{casale.pk}/?show=changes")


def test_the_card_can_be_read_as_it_was_but_not_written(anna: User, casale: Party) -> None:
    week = 7 * 24 * 3600 * 1_000_000
    Entry.objects.update(at=Entry.objects.first().at - 2 * week)  # type: ignore[union-attr]
    save(actor_of(anna), "party", {"name": "Casale & Figli"}, casale.pk)
    then = timezone.localdate() - timedelta(days=7)
    text = page(anna, f"/party/{casale.pk}/?as_of={then.isoformat()}")
    assert "<h1>Ditta Casale</h1>" in text
    assert f"com’era il {then:%d/%m/%Y}" in text
    assert 'method="post" action="/party' not in text
    assert f"/party/{casale.pk}/edit/" not in text
    before = timezone.localdate() - timedelta(days=60)
    assert browser(anna).get(f"/party/{casale.pk}/?as_of={before.isoformat()}").status_code == 404


@pytest.mark.parametrize("day", ["2999-01-01", "domani", "32/13/2026", "2026-03-12T99:99"])
def test_a_day_that_cannot_be_looked_at_is_explained(anna: User, casale: Party, day: str) -> None:
    assert browser(anna).get(f"/party/{casale.pk}/?as_of={day}").status_code == 400


def test_a_broken_place_in_the_story_is_explained(anna: User, casale: Party) -> None:
    assert browser(anna).get(f"/party/{casale.pk}/timeline/?before=x", headers=PART).status_code == 400


def test_every_card_costs_the_same_number_of_queries(anna: User, casale: Party) -> None:
    def queries() -> int:
        client = browser(anna)
        client.get(f"/party/{casale.pk}/")
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"/party/{casale.pk}/").status_code == 200
        return len(captured)

    def fill(number: int) -> None:
        someone = employ(anna, f"Persona {number}", casale)
        save(actor_of(anna), "contact_point", {"party": casale.pk, "kind": "phone", "value": f"045 79012{number:02}"})
        save(actor_of(anna), "address", {"party": casale.pk, "city": f"Città {number}"})
        log_activity(actor_of(anna), party=casale.pk, person=someone.pk, subject=f"Telefonata {number}")
        save(actor_of(anna), "party", {"employees": 10 + number}, casale.pk)

    fill(0)
    few = queries()
    for number in range(1, 15):
        fill(number)
    assert queries() == few <= MOST_QUERIES


def test_the_card_of_every_other_record_shows_its_facts_and_its_changes(anna: User, casale: Party) -> None:
    activity = log_activity(actor_of(anna), party=casale.pk, subject="Chiede il listino")
    save(actor_of(anna), "activity", {"outcome": "Mandato"}, activity.pk)
    text = page(anna, f"/activity/{activity.pk}/")
    assert "<h1>Chiede il listino</h1>" in text
    assert "<ins>Mandato</ins>" in text
    assert page(anna, f"/activity/{activity.pk}/", **PANEL).lstrip().startswith("<aside")
