"""The story of a party narrowed by kind, person, user, time and words; types and deleted parts told; what restoring would do."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from rapporto.domain.parties.models import Affiliation, LinkType, Party, PartyType
from rapporto.domain.people.actors import actor_of
from rapporto.domain.people.models import User
from rapporto.domain.processes.commands import NextStep, log_activity, plan
from rapporto.kernel.actor import AGENT
from rapporto.store.history.models import ChangeSet
from rapporto.store.write import delete, save
from tests.web.desk import browser
from tests.web.samples import user

pytestmark = pytest.mark.django_db
PART = {"HX-Request": "true", "HX-Target": "section#story"}
PANEL = {"HX-Request": "true", "HX-Target": "div#panel"}


def titles(person: User, casale: Party, query: str, page: str = "timeline/") -> list[str]:
    """The titles of the lines of the story, plans first."""
    text = browser(person).get(f"/party/{casale.pk}/{page}?{query}", headers=PART).content.decode()
    return re.findall(r'class="strong"[^>]*>([^<]*)<', text[text.index('class="stream"') :])


def changes(person: User, casale: Party) -> str:
    answer = browser(person).get(f"/party/{casale.pk}/timeline/?show=changes", headers=PART)
    return answer.content.decode()


@pytest.fixture
def full(anna: User, bruno: User, casale: Party) -> Party:
    """Casale with dealings of several kinds, people and days, by Anna and by Bruno."""
    now = timezone.now()
    lucia = Affiliation.objects.get().person_id
    hers, his = actor_of(anna), actor_of(bruno)
    log_activity(hers, party=casale.pk, person=lucia, kind="visit", subject="Visita", at=now - timedelta(days=3))
    log_activity(his, party=casale.pk, kind="mail", subject="Offerta 12", asked="Mandrini", at=now - timedelta(days=40))
    save(his, "party", {"phase": "at_risk"}, casale.pk)
    plan(hers, party=casale.pk, person=lucia, next=NextStep(subject="Richiamare", at=now + timedelta(days=1)))
    return casale


def test_the_story_is_narrowed_by_kind_person_user_words_and_days(anna: User, bruno: User, full: Party) -> None:
    lucia = Affiliation.objects.get().person_id
    assert titles(anna, full, "what=visit") == ["Visita"]
    assert titles(anna, full, f"person={lucia}") == ["Richiamare", "Sconto sul secondo lotto", "Visita"]
    assert titles(anna, full, "words=MANDRINI+offerta") == ["Offerta 12"]
    assert titles(anna, full, f"user={bruno.pk}") == ["1 campo modificato", "Offerta 12"]
    month = (timezone.localdate() - timedelta(days=30)).isoformat()
    assert titles(anna, full, f"show=activities&to={month}") == ["Offerta 12"]
    assert "Offerta 12" not in titles(anna, full, f"from={month}")
    assert titles(anna, full, "words=inesistente") == []


def test_narrowing_says_what_is_chosen_and_how_to_go_without_it(anna: User, full: Party) -> None:
    lucia = Affiliation.objects.get().person_id
    text = browser(anna).get(f"/party/{full.pk}/?what=visit&person={lucia}&words=a").content.decode()
    for said in ("Visita", "con Lucia Bonetti", "«a»"):
        assert f"<b>{said}</b>" in text
    assert "Solo attività" in text
    assert f'<option value="{lucia}" selected>Lucia Bonetti' in text
    assert "Togli «con Lucia Bonetti»" in text


def test_what_is_narrowed_stays_narrowed_on_the_next_page(anna: User, bruno: User, casale: Party) -> None:
    now = timezone.now()
    for number in range(30):
        who = anna if number % 2 else bruno
        log_activity(actor_of(who), party=casale.pk, subject=f"N{number:02}", at=now - timedelta(hours=number))
        save(actor_of(who), "party", {"employees": number + 1}, casale.pk)
    client, found = browser(anna), []
    address = f"/party/{casale.pk}/timeline/?show=all&user={bruno.pk}"
    while address:
        text = client.get(address, headers=PART).content.decode()
        found += re.findall(r">(N\d\d|1 campo modificato)<", text)
        more = re.search(r'hx-get="([^"]*before[^"]*)"', text)
        address = more[1].replace("&amp;", "&") if more else ""
    assert [one for one in found if one.startswith("N")] == [f"N{number:02}" for number in range(0, 30, 2)]
    assert found.count("1 campo modificato") == 15


def test_a_private_dealing_is_found_by_no_filter_of_anybody_else(anna: User, bruno: User, casale: Party) -> None:
    log_activity(actor_of(anna), party=casale.pk, subject="CANARINO", kind="visit", private=True)
    for query in ("words=canarino", "what=visit", f"user={anna.pk}", "show=activities"):
        assert "CANARINO" not in titles(bruno, casale, query)
    assert titles(anna, casale, "words=canarino") == ["CANARINO"]


@pytest.mark.parametrize("query", ["from=x", "to=32/13/2026"])
def test_a_day_that_is_none_is_explained(anna: User, casale: Party, query: str) -> None:
    assert browser(anna).get(f"/party/{casale.pk}/timeline/?{query}", headers=PART).status_code == 400


def test_types_that_come_and_go_are_lines_of_the_history(anna: User, casale: Party) -> None:
    supplier, partner = (PartyType.objects.create(name=name) for name in ("Fornitore", "Rivenditore"))
    save(actor_of(anna), "party", {"types": (supplier.pk,)}, casale.pk)
    save(actor_of(anna), "party", {"types": (partner.pk,)}, casale.pk)
    text = changes(anna, casale)
    assert "<dt>Tipologie</dt><dd><del>Fornitore</del> <ins>+ Rivenditore</ins>" in text
    assert "<dt>Tipologie</dt><dd><ins>+ Fornitore</ins>" in text


def test_a_deleted_part_leaves_its_line_with_its_name(anna: User, casale: Party) -> None:
    actor = actor_of(anna)
    place = save(actor, "address", {"party": casale.pk, "street": "Via Roma 1", "city": "Sona"})
    number = save(actor, "contact_point", {"party": casale.pk, "kind": "phone", "value": "045 7901299"})
    delete(actor, "address", place.pk)
    delete(actor, "contact_point", number.pk)
    text = changes(anna, casale)
    assert "Indirizzo: dato eliminato · Via Roma 1, Sona" in text
    assert "Indirizzo: nuovo dato · Via Roma 1, Sona" in text
    assert "dato eliminato · 045 790 1299" in text


def test_a_changed_part_says_which_and_what(anna: User, casale: Party) -> None:
    save(actor_of(anna), "affiliation", {"job_title": "Direzione acquisti"}, Affiliation.objects.get().pk)
    text = changes(anna, casale)
    assert "Incarico: dato modificato · Lucia Bonetti, Direzione acquisti" in text
    assert "<del>Acquisti</del> → <ins>Direzione acquisti</ins>" in text


def test_a_deleted_link_is_told_only_to_who_may_see_both_ends(anna: User, bruno: User, casale: Party) -> None:
    kind = LinkType.objects.create(name="controlla", reverse="è controllata da")
    carla = user("Carla", AGENT)
    hers = save(actor_of(carla), "party", {"name": "SEGRETA S.r.l.", "owner": carla.pk})
    link = save(actor_of(bruno), "party_link", {"first": casale.pk, "link_type": kind.pk, "second": hers.pk})
    delete(actor_of(bruno), "party_link", link.pk)
    assert "Collegamento: dato eliminato · SEGRETA S.r.l., controlla" in changes(bruno, casale)
    assert "Collegamento" not in re.sub(r"<nav.*?</nav>", "", changes(anna, casale), flags=re.DOTALL)


def test_restoring_is_shown_before_it_is_done_and_can_be_for_one_field(anna: User, casale: Party) -> None:
    save(actor_of(anna), "party", {"city": "Sona", "employees": 12, "notes": "Nuova"}, casale.pk)
    change = ChangeSet.objects.latest("id").pk
    client = browser(anna)
    address = f"/undo/{change}/preview/?next=/party/{casale.pk}/"
    text = client.get(address, headers=PANEL).content.decode()
    assert text.lstrip().startswith("<aside")
    assert re.search(r"Città</label></th><td>Sona</td><td>Villafranca di Verona</td>", text)
    assert ChangeSet.objects.latest("id").pk == change
    sent = {"field": f"party.{casale.pk}.city", "next": f"/party/{casale.pk}/"}
    assert client.post(f"/undo/{change}/preview/", sent).headers["Location"] == f"/party/{casale.pk}/"
    casale.refresh_from_db()
    assert (casale.city, casale.employees) == ("Villafranca di Verona", 12)
    again = client.get(address).content.decode()
    assert "Resta com’è" not in again
    client.post(f"/undo/{change}/", {"next": f"/party/{casale.pk}/"})
    assert Party.objects.filter(pk=casale.pk, city="Villafranca di Verona", employees=None).exists()


def test_the_preview_says_what_stays_because_it_was_changed_since(anna: User, bruno: User, casale: Party) -> None:
    save(actor_of(anna), "party", {"city": "Sona"}, casale.pk)
    change = ChangeSet.objects.latest("id").pk
    save(actor_of(bruno), "party", {"city": "Bussolengo"}, casale.pk)
    text = browser(anna).get(f"/undo/{change}/preview/").content.decode()
    assert "Resta com’è" in text
    assert "Città" in text
    assert "(Bruno)" in text


def test_nobody_previews_what_they_may_not_undo_nor_what_was_private(anna: User, bruno: User, casale: Party) -> None:
    secret = log_activity(actor_of(anna), party=casale.pk, subject="CANARINO", private=True)
    delete(actor_of(anna), "activity", secret.pk)
    change = ChangeSet.objects.latest("id").pk
    assert "CANARINO" in browser(anna).get(f"/undo/{change}/preview/").content.decode()
    assert "CANARINO" not in browser(bruno).get(f"/undo/{change}/preview/").content.decode()
    carla = browser(user("Carla", AGENT))
    assert carla.get(f"/undo/{change}/preview/").status_code == 404
    assert carla.post(f"/undo/{change}/preview/", {"field": "party.1.city"}).status_code == 404


@pytest.mark.parametrize("next_page", ["javascript:alert(1)", "//evil.example/", "https://evil.example/"])
def test_the_way_back_leads_nowhere_else(anna: User, casale: Party, next_page: str) -> None:
    save(actor_of(anna), "party", {"city": "Sona"}, casale.pk)
    change = ChangeSet.objects.latest("id").pk
    answer = browser(anna).get(f"/undo/{change}/preview/", {"next": next_page}).content.decode()
    assert next_page not in answer


def test_the_card_of_the_past_marks_what_is_otherwise_today(anna: User, casale: Party) -> None:
    past: dict[str, Any] = {"city": "Sona", "phase": "at_risk", "employees": 12}
    from_history = ChangeSet.objects.count()
    assert from_history
    _long_ago()
    save(actor_of(anna), "party", past, casale.pk)
    day = timezone.localdate() - timedelta(days=7)
    text = browser(anna).get(f"/party/{casale.pk}/?as_of={day.isoformat()}").content.decode()
    assert "oggi: A rischio" in text
    assert re.search(r"<dt>Dipendenti</dt><dd[^>]*>—<span class=\"is-now\">oggi: 12</span>", text)
    assert f"/party/{casale.pk}/org-chart/?as_of={day.isoformat()}" in text


def _long_ago() -> None:
    """Everything so far happened a month ago."""
    from_now = 30 * 24 * 3600 * 1_000_000
    for entry in ChangeSet.objects.all():
        entry.entries.update(at=entry.at - from_now)
