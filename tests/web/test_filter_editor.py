"""What opens over a list: the editor of filters, the chooser of columns, the levels of groups, the menu of a column."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from rapporto.domain.people.actors import actor_of
from rapporto.domain.people.models import User
from rapporto.kernel.actor import ADMINISTRATOR, AGENT
from rapporto.store.declare import DECLARED
from rapporto.store.made_fields import make_field
from rapporto.store.reaching import reachable
from rapporto.store.userfields import record_type
from rapporto.store.write import save
from tests.web.desk import browser, parties
from tests.web.samples import one_of_each, user

pytestmark = pytest.mark.django_db
NAMES = re.compile(r"data-panel>(?:<span[^>]*>)?([^<]*)<")
EDITOR = {"HX-Request": "true", "HX-Target": "div#filter-editor"}
COLUMNS = {"HX-Request": "true", "HX-Target": "div#columns-menu"}
LEVELS = {"HX-Request": "true", "HX-Target": "div#levels-menu"}
HEAD = {"HX-Request": "true", "HX-Target": "div#column-menu"}


def piece(client: Client, headers: dict[str, str], address: str) -> str:
    """What is written when it is opened."""
    answer = client.get(address, headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_editor_offers_own_fields_those_of_links_and_numbers_of_related_records(anna: User) -> None:
    page = piece(browser(anna), EDITOR, "/party/")
    offered = re.findall(r'name="filter" value="([\w.]+)"', page)
    assert {"region", "turnover", "industry.code", "activities.count", "people.count"} <= set(offered)
    assert "Attività:" in page


def test_values_in_use_are_chosen_from_a_list_several_at_once(anna: User) -> None:
    parties(anna, "Ditta Casale", province="VR")
    parties(anna, "Officine Brenta", province="PD")
    parties(anna, "Utensili", province="BS")
    client = browser(anna)
    page = piece(client, EDITOR, "/party/?filter=region")
    assert re.findall(r'type="checkbox" name="value" value="(\w+)"', page) == ["Lombardia", "Veneto"]
    answer = client.get("/party/?filter=region&op=is_in&value=Veneto&value=Lombardia&apply=1", headers=EDITOR)
    assert answer.headers["HX-Retarget"] == "#grid"
    assert answer.headers["HX-Push-Url"] == "/party/?region.is_in=Veneto&region.is_in=Lombardia"
    assert len(NAMES.findall(answer.content.decode())) == 3


def test_values_of_others_are_not_offered(anna: User) -> None:
    parties(anna, "Ditta Casale", city="Verona")
    carla = user("Carla", AGENT, language="it")
    parties(carla, "Segreta", city="Atlantide")
    assert "Atlantide" not in piece(browser(anna), EDITOR, "/party/?filter=city")


def test_a_profile_field_and_a_link_are_chosen_from_their_lists(anna: User) -> None:
    aldo = user("Aldo", ADMINISTRATOR)
    made = make_field(actor_of(aldo), "party", "Sollevamento", "text")
    industry = save(actor_of(aldo), "industry", {"name": "Meccanica"})
    parties(anna, "Ditta Casale", industry=industry.pk, **{made.name: "Gru a ponte"})
    client = browser(anna)
    assert 'value="Gru a ponte"' in piece(client, EDITOR, f"/party/?filter={made.name}")
    assert f'name="value" value="{industry.pk}">Meccanica' in piece(client, EDITOR, "/party/?filter=industry")


def test_a_filter_is_edited_in_its_place(anna: User) -> None:
    parties(anna, "Ditta Casale", city="Verona")
    client = browser(anna)
    page = client.get("/party/?city.contains=padova&name.contains=ditta").content.decode()
    link = re.search(r'href="([^"]+)" data-edit-filter', page)
    assert link is not None
    editor = piece(client, EDITOR, unescape(link[1]))
    assert 'name="instead" value="city.contains"' in editor
    assert 'value="padova"' in editor
    answer = client.get(unescape(link[1]) + "&op=starts_with&value=ver&apply=1")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/party/?city.starts_with=ver&name.contains=ditta")


@pytest.mark.parametrize(
    ("query", "words"),
    [("filter=turnover&op=ge&value=molto&apply=1", "«molto»"), ("filter=phase&op=is_in&apply=1", "Scegli o scrivi"),
     ("filter=city&op=contains&value=&apply=1", "Scegli o scrivi")],
)  # fmt: skip
def test_what_is_missing_or_cannot_be_read_is_told_in_the_editor(anna: User, query: str, words: str) -> None:
    parties(anna, "Ditta Casale", city="Verona")
    page = piece(browser(anna), EDITOR, f"/party/?{query}")
    assert words in page
    assert "filter-error" in page


def test_a_count_of_related_records_is_filtered_and_shown(anna: User) -> None:
    parties(anna, "Ditta Casale", "Officine Brenta")
    client = browser(anna)
    party = DECLARED["party"].model._default_manager.get(name="Ditta Casale")
    save(actor_of(anna), "activity", {"party": party.pk, "subject": "Sconto", "at": "16/11/2026 09:30"})
    answer = client.get("/party/?filter=activities.count&op=ge&value=1&apply=1")
    page = client.get(answer.headers["Location"]).content.decode()
    assert NAMES.findall(page) == ["Ditta Casale"]
    assert "Anagrafiche con attività" in page


@pytest.mark.parametrize("record", list(DECLARED))
def test_the_editor_and_the_menu_answer_for_every_field(record: str, anna: User) -> None:
    aldo = user("Aldo", ADMINISTRATOR, language="it")
    one_of_each(actor_of(aldo), anna)
    client = browser(aldo)
    fields = [*record_type(record).fields.values(), *reachable(actor_of(aldo), record_type(record))]
    for field in fields:
        for op in field.kind.ops:
            editor = piece(client, EDITOR, f"/{record}/?filter={field.name}&op={op}")
            assert 'name="apply"' in editor, field.name
        menu = piece(client, HEAD, f"/{record}/?column={field.name}")
        assert "Larghezza automatica" in menu, field.name
    for headers in (COLUMNS, LEVELS, EDITOR):
        assert piece(client, headers, f"/{record}/")


def test_a_column_that_is_none_has_no_menu(anna: User) -> None:
    assert browser(anna).get("/party/?column=colour", headers=HEAD).status_code == 400
    assert browser(anna).get("/party/?column=", headers=HEAD).status_code == 400


def test_columns_are_moved_hidden_and_chosen_from_far(anna: User) -> None:
    parties(anna, "Ditta Casale", city="Verona")
    client = browser(anna)

    def shown(answer: Any) -> list[str]:
        return re.findall(r'data-f="([\w.]+)"', answer.content.decode())

    part = {"HX-Request": "true", "HX-Target": "div#grid"}
    order = "name,city,phase,owner.email,activities.count,colour"
    known = ["name", "city", "phase", "owner.email", "activities.count"]
    assert shown(client.post("/party/columns/", {"order": order}, headers=part)) == known
    assert shown(client.get("/party/")) == known
    client.post("/party/columns/", {"order": order, "up": "activities.count"})
    client.post("/party/columns/", {"order": ",".join(shown(client.get("/party/"))), "hide": "city"})
    assert shown(client.get("/party/")) == ["name", "phase", "activities.count", "owner.email"]
    assert shown(client.get("/party/?columns=name")) == ["name"]
    client.post("/party/columns/", {"usual": "1"})
    assert shown(client.get("/party/")) == list(record_type("party").grid)


def test_widths_are_kept_and_read_with_care(anna: User) -> None:
    client = browser(anna)
    client.cookies["widths_party"] = "name!300~phase!1~x!y~kind!99999~province"
    page = client.get("/party/").content.decode()
    assert '<col width="300">' in page
    assert '<col width="48">' in page
    assert "99999" not in page.partition("<thead>")[0]


def test_labels_that_could_harm_are_words_everywhere(anna: User) -> None:
    aldo = actor_of(user("Aldo", ADMINISTRATOR))
    label = "<img src=x onerror=alert(1)>"
    made = make_field(aldo, "party", label, "choice", {"choices": [["a", "<b>A</b>"], ["b", "'\"><script>"]]})
    parties(anna, "Ditta Casale", **{made.name: "a"})
    client = browser(anna)
    addresses: tuple[tuple[dict[str, str], str], ...] = (
        ({}, f"/party/?columns=name,{made.name}&group={made.name}&{made.name}.is_in=a,b&sort={made.name}"),
        (EDITOR, "/party/"),
        (EDITOR, f"/party/?filter={made.name}"),
        (COLUMNS, f"/party/?columns=name,{made.name}"),
        (LEVELS, f"/party/?group={made.name}"),
        (HEAD, f"/party/?column={made.name}"),
        ({"HX-Request": "true", "HX-Target": "tr#gx"}, f"/party/?group={made.name}&in=a"),
        ({"HX-Request": "true", "HX-Target": "div#views-menu"}, f"/party/views/?group={made.name}"),
    )
    for headers, address in addresses:
        page = piece(client, headers, address)
        assert "<img src=x" not in page, address
        assert "<b>A</b>" not in page, address
        assert '"><script>' not in page, address
