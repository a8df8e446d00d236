"""The org chart on the screen: drawn, changed by words, as it was; nobody is shown who may not be seen."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from rapporto.domain.parties.models import Affiliation, Party
from rapporto.domain.parties.org_chart import add_post, report_to
from rapporto.domain.people.actors import actor_of
from rapporto.domain.people.models import User
from rapporto.domain.processes.commands import log_activity
from rapporto.kernel.actor import AGENT
from rapporto.store.history.models import ChangeSet, Entry
from rapporto.store.write import save
from rapporto.web.card.org_drawn import Drawing
from rapporto.web.card.org_tree import Post, Unit, chart_of
from tests.web.desk import browser, page, party
from tests.web.samples import user

pytestmark = pytest.mark.django_db
PANEL = {"HX-Request": "true", "HX-Target": "div#panel"}
DRAWING = {"HX-Request": "true", "HX-Target": "section#org-chart"}
DAY = date(2026, 11, 25)


def employ(owner: User, name: str, company: Party, boss: Affiliation | None = None, **desk: Any) -> Affiliation:
    """Somebody of the company, below a boss."""
    person = party(owner, name, kind="person")
    values = {"person": person.pk, "organisation": company.pk, "reports_to": boss.pk if boss else None, **desk}
    row: Affiliation = save(actor_of(owner), "affiliation", values)
    return row


def boxes(text: str) -> dict[str, str]:
    """How each box is drawn: known, unknown, vacant, unit, by the name on it."""
    return {name: state for state, name in re.findall(r'class="post (\w+)".*?data-panel[^>]*>([^<]*)</a>', text)}


def test_the_chart_says_who_reports_to_whom_whom_we_know_and_what_is_to_be_filled(anna: User, casale: Party) -> None:
    lucia = Affiliation.objects.get()
    paolo = employ(anna, "Paolo Casale", casale, job_title="Titolare")
    report_to(actor_of(anna), lucia.pk, paolo.pk)
    add_post(actor_of(anna), casale.pk, job_title="Ufficio tecnico", boss=paolo.pk)
    text = page(anna, f"/party/{casale.pk}/org-chart/")
    assert boxes(text) == {"Lucia Bonetti": "known", "Paolo Casale": "unknown", "?": "vacant"}
    assert "Ufficio tecnico" in text
    assert "da coprire" in text
    assert f"Anna · {'oggi'}" in text
    assert text.index("Paolo Casale</a>") < text.index("<ul") or text.count("<li>") >= 3
    assert "1 conosciuta · 1 da conoscere · 1 posto da coprire" in text
    known = text[text.index("Chi conosce chi") :]
    assert re.search(r"Lucia Bonetti</a>.*?<td>Anna</td><td>1 volta · l’ultima oggi</td>", known)
    card = page(anna, f"/party/{casale.pk}/")
    assert boxes(card) == {"Lucia Bonetti": "known", "Paolo Casale": "unknown", "?": "vacant"}


def test_a_private_dealing_does_not_reveal_who_knows_whom(anna: User, bruno: User, casale: Party) -> None:
    marco = employ(anna, "Marco Zanella", casale)
    actor = actor_of(anna)
    log_activity(actor, party=casale.pk, person=marco.person_id, subject="CANARINO", private=True)
    address = f"/party/{casale.pk}/org-chart/{marco.pk}/"
    assert "1 volta" in page(anna, address, **PANEL)
    assert boxes(page(anna, f"/party/{casale.pk}/org-chart/"))["Marco Zanella"] == "known"
    for there in (address, f"/party/{casale.pk}/org-chart/", f"/party/{marco.person_id}/", f"/party/{casale.pk}/"):
        text = page(bruno, there, **(PANEL if there == address else {}))
        assert "CANARINO" not in text
        assert "Marco Zanella" not in text.partition("Chi conosce chi")[2]
    assert "1 volta" not in page(bruno, address, **PANEL)
    assert boxes(page(bruno, f"/party/{casale.pk}/org-chart/"))["Marco Zanella"] == "unknown"
    assert "1 su 2" in page(bruno, f"/party/{casale.pk}/")


def test_a_person_who_may_not_be_seen_has_a_box_without_name_and_without_ties(
    anna: User, bruno: User, casale: Party
) -> None:
    carla = user("Carla", AGENT)
    hidden = party(carla, "Persona Segreta", kind="person")
    post = save(
        actor_of(bruno), "affiliation", {"person": hidden.pk, "organisation": casale.pk, "job_title": "Consulente"}
    )
    log_activity(actor_of(bruno), party=casale.pk, person=hidden.pk, subject="Incontro")
    assert "Persona Segreta" in page(bruno, f"/party/{casale.pk}/org-chart/")
    for address in (
        f"/party/{casale.pk}/org-chart/",
        f"/party/{casale.pk}/",
        f"/party/{casale.pk}/org-chart/{post.pk}/",
    ):
        assert "Persona Segreta" not in page(anna, address)
    assert boxes(page(anna, f"/party/{casale.pk}/org-chart/"))["persona non visibile a te"] == "unknown"


def test_another_agent_finds_neither_chart_nor_post_and_changes_nothing(anna: User, casale: Party) -> None:
    lucia = Affiliation.objects.get()
    carla = browser(user("Carla", AGENT))
    assert carla.get(f"/party/{casale.pk}/org-chart/").status_code == 404
    assert carla.get(f"/party/{casale.pk}/org-chart/{lucia.pk}/").status_code == 404
    sent = {"act": "add_post", "job_title": "Nuovo"}
    assert carla.post(f"/party/{casale.pk}/org-chart/change/", sent).status_code == 404
    assert Affiliation.objects.count() == 1


def test_a_post_of_another_company_is_not_changed_through_this_one(anna: User, casale: Party) -> None:
    other = employ(anna, "Ugo Neri", party(anna, "Officine Adige"))
    client = browser(anna)
    sent = {"act": "report_to", "post": other.pk, "boss": Affiliation.objects.first().pk}  # type: ignore[union-attr]
    assert client.post(f"/party/{casale.pk}/org-chart/change/", sent).status_code == 404
    assert client.post(f"/party/{casale.pk}/org-chart/change/", {"act": "burn"}).status_code == 400


def test_by_words_a_person_is_moved_and_the_toast_takes_it_back(anna: User, casale: Party) -> None:
    lucia = Affiliation.objects.get()
    paolo = employ(anna, "Paolo Casale", casale)
    client = browser(anna)
    form = client.get(f"/party/{casale.pk}/org-chart/{lucia.pk}/").content.decode()
    assert f'<option value="{paolo.pk}"' in form
    assert f'<option value="{lucia.pk}"' not in form
    change = f"/party/{casale.pk}/org-chart/change/"
    answer = client.post(change, {"act": "report_to", "post": lucia.pk, "boss": paolo.pk}, follow=True)
    assert "Lucia Bonetti risponde a Paolo Casale." in answer.content.decode()
    wrong = client.post(change, {"act": "report_to", "post": paolo.pk, "boss": lucia.pk})
    assert wrong.status_code == 422
    assert "risponde già a questa persona" in wrong.content.decode()
    client.post(f"/undo/{ChangeSet.objects.latest('id').pk}/", {"next": f"/party/{casale.pk}/org-chart/"})
    assert Affiliation.objects.get(pk=lucia.pk).reports_to_id is None


def test_dropping_a_box_gives_the_drawing_anew_with_its_toast(anna: User, casale: Party) -> None:
    lucia = Affiliation.objects.get()
    paolo = employ(anna, "Paolo Casale", casale)
    client = browser(anna)
    sent = {"act": "report_to", "post": lucia.pk, "boss": paolo.pk}
    text = client.post(f"/party/{casale.pk}/org-chart/change/", sent, headers=DRAWING).content.decode()
    assert text.lstrip().startswith('<section id="org-chart"')
    assert "risponde a Paolo Casale" in text
    assert "Annulla" in text
    circle = client.post(
        f"/party/{casale.pk}/org-chart/change/", {**sent, "post": paolo.pk, "boss": lucia.pk}, headers=DRAWING
    )
    assert circle.status_code == 422
    assert "hx-partial" in circle.content.decode()


def test_a_vacant_post_is_made_filled_by_somebody_new_left_and_taken_away(anna: User, casale: Party) -> None:
    client, change = browser(anna), f"/party/{casale.pk}/org-chart/change/"
    assert client.post(change, {"act": "add_post", "job_title": "Qualità"}).status_code == 302
    post = Affiliation.objects.get(person=None)
    nobody = client.post(change, {"act": "fill_post", "post": post.pk, "person": "Nina Verdi"})
    assert nobody.status_code == 422
    assert 'value="Nina Verdi"' in nobody.content.decode()
    nina = {"act": "fill_post", "post": post.pk, "person": "Nina Verdi", "make": "on"}
    wrong = client.post(change, {**nina, "since": "boh"})
    assert wrong.status_code == 422
    assert 'id="post-since-error"' in wrong.content.decode()
    client.post(change, {**nina, "since": "7/1/2026"})
    post.refresh_from_db()
    assert (post.person.name, post.since) == ("Nina Verdi", date(2026, 1, 7))
    client.post(change, {"act": "leave_post", "post": post.pk, "gone_on": "1/6/2026"})
    vacant = Affiliation.objects.get(person=None)
    client.post(change, {"act": "close_post", "post": vacant.pk})
    assert not Affiliation.objects.filter(person=None).exists()
    assert Affiliation.objects.get(pk=post.pk).until == date(2026, 5, 31)


def test_the_units_of_a_company_are_levels_of_their_own(anna: User, casale: Party) -> None:
    lucia = Affiliation.objects.get()
    plant = party(anna, "Stabilimento di Sona", kind="unit", part_of=casale.pk)
    client, change = browser(anna), f"/party/{casale.pk}/org-chart/change/"
    nina = employ(anna, "Nina Verdi", casale, lucia)
    client.post(change, {"act": "join_unit", "post": nina.pk, "unit": plant.pk, "boss": lucia.pk})
    text = client.get(f"/party/{casale.pk}/org-chart/").content.decode()
    assert text.index("Lucia Bonetti") < text.index("Stabilimento di Sona") < text.index("Nina Verdi")
    assert "Nina Verdi" in client.get(f"/party/{plant.pk}/org-chart/").content.decode()


def test_the_chart_of_the_past_says_so_changes_nothing_and_marks_what_is_otherwise_today(
    anna: User, casale: Party
) -> None:
    lucia = Affiliation.objects.get()
    paolo = employ(anna, "Paolo Casale", casale)
    report_to(actor_of(anna), lucia.pk, paolo.pk)
    long_ago = 40 * 24 * 3600 * 1_000_000
    Entry.objects.update(at=Entry.objects.latest("id").at - long_ago)
    report_to(actor_of(anna), lucia.pk, None)
    employ(anna, "Nina Verdi", casale)
    then = timezone.localdate() - timedelta(days=10)
    text = page(anna, f"/party/{casale.pk}/org-chart/?as_of={then.isoformat()}")
    assert "È il passato" in text
    assert "Nina Verdi" not in text
    assert "oggi: risponde a nessuno" in text
    assert 'method="post" action="/party' not in text
    assert "draggable" not in text
    assert "Nina Verdi" in page(anna, f"/party/{casale.pk}/org-chart/")


def test_the_chart_of_a_person_is_that_of_their_company(anna: User, casale: Party) -> None:
    lucia = Affiliation.objects.get()
    answer = browser(anna).get(f"/party/{lucia.person_id}/org-chart/")
    assert answer.headers["Location"] == f"/party/{casale.pk}/org-chart/"
    assert "Chi di noi la conosce" in page(anna, f"/party/{lucia.person_id}/")


def test_a_large_chart_opens_its_first_levels_and_costs_no_more_queries(anna: User, casale: Party) -> None:
    def queries(client: Client) -> int:
        client.get(f"/party/{casale.pk}/org-chart/")
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"/party/{casale.pk}/org-chart/").status_code == 200
        return len(captured)

    few = queries(browser(anna))
    posts = [Affiliation.objects.get()]
    actor = actor_of(anna)
    for number in range(80):
        boss = posts[(number - 1) // 3 if number else 0]
        posts.append(add_post(actor, casale.pk, job_title=f"Posto {number}", boss=boss.pk))
    assert queries(browser(anna)) == few
    text = page(anna, f"/party/{casale.pk}/org-chart/")
    assert "hidden" in re.findall(r"<ul[^>]*>", text[text.index('class="org"') :])[-1]
    assert "Apri tutti i livelli" in text
    every = page(anna, f"/party/{casale.pk}/org-chart/?levels=all")
    assert "Apri tutti i livelli" not in every
    assert every.count("data-post=") == 81


def test_eight_levels_and_two_hundred_people_are_drawn_in_their_order() -> None:
    posts = [Post(1, 1, "Capo", "", 7, None)]
    posts += [Post(n, n, f"P{n}", "", 7, max(1, n // 2)) for n in range(2, 201)]
    chart = chart_of(7, posts, (), {}, DAY)
    (root,) = chart.roots
    assert (root.count, len(chart.posts), chart.loose) == (199, 200, ())
    html = Drawing(7).html(chart)
    assert html.count("<li>") == html.count("</li>") == 200
    assert list(re.findall(r">(P\d+)</a>", html))[:3] == ["P2", "P4", "P8"]


def test_a_circle_left_by_an_undo_is_cut_and_marked_and_nobody_is_lost() -> None:
    posts = [Post(1, 1, "Uno", "", 7, 2), Post(2, 2, "Due", "", 7, 1), Post(3, 3, "Tre", "", 7, 2)]
    chart = chart_of(7, posts, (), {}, DAY)
    assert sorted(one.post.id for one in chart.posts if one.post) == [1, 2, 3]
    assert [one.post.id for one in chart.posts if one.post and one.circular] == [1]


def test_who_left_stays_as_a_vacant_post_only_while_somebody_reports_to_it() -> None:
    gone = DAY - timedelta(days=1)
    posts = [
        Post(1, 1, "Uno", "Capo", 7, None, gone),
        Post(2, 2, "Due", "", 7, 1),
        Post(3, 3, "Tre", "", 7, None, gone),
    ]
    chart = chart_of(7, posts, (), {}, DAY)
    assert [(one.post.id, one.vacant) for one in chart.posts if one.post] == [(1, True), (2, False)]


def test_units_within_units_and_units_without_anybody_are_drawn() -> None:
    units = [Unit(8, "Produzione", 7), Unit(9, "Reparto A", 8), Unit(10, "Vendite", 7)]
    posts = [Post(1, 1, "Uno", "", 7, None), Post(2, 2, "Due", "", 9, None)]
    chart = chart_of(7, posts, units, {}, DAY)
    names = [one.unit.name if one.unit else one.post.name for one in chart.boxes() if one.unit or one.post]  # type: ignore[union-attr]
    assert names == ["Produzione", "Reparto A", "Due", "Vendite", "Uno"]
