"""The grid: every record type sorts, filters, pages, searches and is changed in bulk by the same rules, and says what is wrong."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from rapporto.domain.parties.models import Party
from rapporto.domain.people.actors import actor_of
from rapporto.domain.people.models import User
from rapporto.kernel.actor import AGENT
from rapporto.kernel.kinds import Link, Links
from rapporto.kernel.record import Field
from rapporto.store.declare import DECLARED
from rapporto.store.userfields import record_type
from rapporto.store.write import save
from tests.web.desk import browser, parties
from tests.web.samples import one_of_each, user, value_of_kind

pytestmark = pytest.mark.django_db
MORE = {"HX-Request": "true", "HX-Target": "tr#more"}
PART = {"HX-Request": "true", "HX-Target": "div#grid"}
COUNT = {"HX-Request": "true", "HX-Target": "span#count"}
NAMES = re.compile(r"data-panel>(?:<span[^>]*>)?([^<]*)<")


def shown(client: Client, address: str, **headers: str) -> list[str]:
    """The names of the rows that an address shows."""
    return NAMES.findall(client.get(address, headers=headers or None).content.decode())


def counted(client: Client, address: str) -> str:
    """The number of records of a list, in words."""
    return client.get(address, headers=COUNT).content.decode().partition("<")[0].strip()


def comparable(record: str) -> Iterator[Field]:
    yield from record_type(record).fields.values()


@pytest.mark.parametrize("record", list(DECLARED))
def test_every_list_answers_and_sorts_by_every_column(record: str, anna: User, aldo: User) -> None:
    one_of_each(actor_of(aldo), anna)
    client = browser(aldo)
    assert client.get(f"/{record}/").status_code == 200
    for field in comparable(record):
        several = isinstance(field.kind, Links)
        for sort in (field.name, f"-{field.name}"):
            answer = client.get(f"/{record}/", {"sort": sort})
            assert answer.status_code == 200, sort
            assert ("non conosce una colonna" in answer.content.decode()) is several, sort


@pytest.mark.parametrize("record", list(DECLARED))
def test_every_list_filters_every_field_by_every_operator_of_its_kind(record: str, anna: User, aldo: User) -> None:
    made = one_of_each(actor_of(aldo), anna)
    client = browser(aldo)
    for field in comparable(record):
        value = made[field.kind.to] if isinstance(field.kind, (Link, Links)) else value_of_kind(field, 1, made)
        typed = str(value) if isinstance(field.kind, (Link, Links)) else field.kind.edit(field.kind.check(value), "it")
        for op in field.kind.ops:
            answer = client.get(f"/{record}/", {f"{field.name}.{op}": typed}, headers=PART)
            assert answer.status_code == 200, f"{field.name}.{op}={typed}"


@pytest.mark.parametrize(
    "query", ["after=broken", "as_of=yesterday", "group=birth_date:month&in=never", "group=phase&in=lost&in=x"]
)
def test_an_address_that_means_nothing_is_answered_in_words(anna: User, query: str) -> None:
    answer = browser(anna).get(f"/party/?{query}", headers=MORE if "in=" in query or "after" in query else None)
    assert answer.status_code == 400
    assert ("Non si può fare" in answer.content.decode()) or "notice" in answer.content.decode()


@pytest.mark.parametrize(
    ("query", "named"),
    [("sort=colour", "colour"), ("colour.eq=red", "colour"), ("columns=name,colour", "colour"), ("name.near=3", "name"),
     ("turnover.contains=3", "turnover"), ("party.name.eq=x", "party.name"), ("owner.colour.eq=x", "owner.colour"),
     ("types.is_in.name=3", "types.is_in"), ("group=colour:month", "colour"), ("group=notes", "notes"), ("sort=types", "types"),
     ("%3Cscript%3E.eq=1", "&lt;script&gt;"), ("owner.password.eq=x", "owner.password"), ("extra.eq=1", "extra")],
)  # fmt: skip
def test_what_an_address_names_and_nobody_knows_is_said_and_the_rest_is_shown(
    anna: User, query: str, named: str
) -> None:
    parties(anna, "Ditta Casale", city="Verona")
    parties(anna, "Officine Brenta", city="Padova")
    answer = browser(anna).get(f"/party/?{query}&city.eq=verona")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "non conosce una colonna" in page
    assert f"<b><bdi>{named}</bdi></b>" in page
    assert NAMES.findall(page) == ["Ditta Casale"]


def test_many_are_never_changed_by_an_address_of_which_something_is_not_known(anna: User) -> None:
    parties(anna, "Ditta Casale")
    sent = {"set": "phase", "phase": "lost", "all": "1", "list": "/party/?colour.eq=red", "form.fields": "phase"}
    assert browser(anna).post("/party/change/", sent).status_code == 400
    assert Party.objects.get().phase == "suspect"


def test_filters_are_typed_as_italians_write(anna: User) -> None:
    parties(anna, "Ditta Casale", turnover="1.000.000,50")
    parties(anna, "Officine Brenta", turnover="999,99")
    client = browser(anna)
    assert shown(client, "/party/?turnover.ge=1.000") == ["Ditta Casale"]
    assert shown(client, "/party/?turnover.ge=%3C1.000,00") == ["Officine Brenta"]
    assert shown(client, "/party/?turnover.eq=1.000.000,50") == ["Ditta Casale"]
    assert shown(client, "/party/?name.contains=CASALE") == ["Ditta Casale"]
    assert len(shown(client, "/party/?owner.eq=me")) == 2


def test_a_value_that_cannot_be_read_is_told_at_its_field_and_the_others_are_kept(anna: User) -> None:
    parties(anna, "Ditta Casale", "Officine Brenta")
    answer = browser(anna).get("/party/?turnover.ge=molto&name.contains=casale")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert re.search(r'name="turnover.ge"[^>]*aria-invalid="true"[^>]*aria-describedby="e-turnover.ge"', page)
    assert 'value="molto"' in page
    assert 'value="casale"' in page
    assert "«molto»" in page
    assert NAMES.findall(page) == ["Ditta Casale"]


def test_pages_follow_each_other_without_gap_or_repetition(bruno: User) -> None:
    names = [f"Ditta {number:03}" for number in range(120)]
    for number, name in enumerate(names):
        parties(bruno, name, turnover=None if number % 3 else number * 100, province=("VR", "PD", "")[number % 3])
    client = browser(bruno)
    for sort in ("name", "-name", "turnover", "-turnover", "province", "next_activity"):
        seen, address = [], f"/party/?sort={sort}"
        while address:
            page = client.get(address, headers=MORE).content.decode()
            seen += NAMES.findall(page)
            following = re.search(r'hx-get="([^"]+)" hx-target="#more"', page)
            address = following[1].replace("&amp;", "&") if following else ""
        assert sorted(seen) == names, sort


def test_the_number_comes_by_itself_and_only_counts_what_may_be_seen(anna: User, bruno: User) -> None:
    parties(anna, *(f"Ditta {number}" for number in range(60)))
    parties(bruno, "Officine Brenta")
    assert counted(browser(anna), "/party/") == "Anagrafiche: 60"
    assert counted(browser(bruno), "/party/") == "Anagrafiche: 61"


def test_words_are_searched_within_the_filters_and_more_than_fifty_are_said(anna: User) -> None:
    parties(anna, *(f"Torneria {number}" for number in range(60)), province="VR")
    parties(anna, "Torneria Brenta", province="PD")
    client = browser(anna)
    assert shown(client, "/party/?q=torneria&province.eq=PD") == ["Torneria Brenta"]
    page = client.get("/party/?q=torneria").content.decode()
    assert len(NAMES.findall(page)) == 50
    assert "Sono i primi 50" in page


def test_the_search_page_finds_only_what_may_be_seen(anna: User, bruno: User) -> None:
    parties(anna, "Ditta Casale")
    parties(bruno, "Casalinghi Brenta")
    assert shown(browser(anna), "/search/?q=casal") == ["Ditta Casale"]
    assert sorted(shown(browser(bruno), "/search/?q=casal")) == ["Casalinghi Brenta", "Ditta Casale"]


def test_another_agent_sees_none_of_it(anna: User) -> None:
    parties(anna, "Ditta Casale")
    carla = browser(user("Carla", AGENT))
    assert shown(carla, "/party/") == []
    assert shown(carla, "/party/?q=casale") == []
    assert shown(carla, "/party/?name.contains=casale") == []
    assert counted(carla, "/party/").endswith(": 0")


def test_a_choice_of_columns_is_kept_by_the_browser(anna: User) -> None:
    parties(anna, "Ditta Casale", city="Verona")
    client = browser(anna)
    client.post("/party/columns/", {"column": ["name", "city", "phase"], "up": "phase", "name.contains": "casale"})
    page = client.get("/party/").content.decode()
    assert re.findall(r'id="f-(\w+)"', page) == ["name", "phase", "city"]
    client.post("/party/columns/", {"column": ["name"], "usual": "1"})
    assert len(re.findall(r'id="f-(\w+)"', client.get("/party/").content.decode())) == len(record_type("party").grid)


def test_the_list_of_a_day_gone_by_shows_what_was_and_nothing_derived(
    anna: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    parties(anna, "Ditta Casale")
    client = browser(anna)
    assert shown(client, "/party/?as_of=2020-01-01") == []
    page = client.get("/party/?as_of=2020-01-01").content.decode()
    assert "next_activity" not in re.findall(r'id="f-(\w+)"', page)
    assert "as-of" in page
    assert client.get("/party/?as_of=2020-01-01&sort=next_activity").status_code == 400
    assert client.get("/party/?as_of=2020-01-01&group=last_activity").status_code == 400
    assert client.get("/party/?as_of=2020-01-01&q=casale").status_code == 400


def bulk(client: Client, **sent: Any) -> Any:
    return client.post("/party/change/", {"form.fields": sent["set"], **sent})


def test_a_field_is_changed_for_the_chosen_and_one_press_undoes_it(anna: User) -> None:
    first, second, third = parties(anna, "Ditta Casale", "Officine Brenta", "Stampi Piave")
    client = browser(anna)
    answer = bulk(client, set="phase", phase="customer", id=[first.pk, second.pk])
    assert answer.status_code == 302
    assert set(Party.objects.filter(phase="customer").values_list("pk", flat=True)) == {first.pk, second.pk}
    undo = re.search(r'action="(/undo/\d+/)"', client.get("/party/").content.decode())
    assert undo is not None
    client.post(undo[1])
    assert not Party.objects.filter(phase="customer").exists()
    assert third.phase == "suspect"


def test_all_that_match_are_changed_and_nothing_else(anna: User, bruno: User) -> None:
    parties(anna, *(f"Torneria {number}" for number in range(70)))
    parties(anna, "Ditta Casale")
    parties(bruno, "Torneria Brenta")
    answer = bulk(browser(anna), set="phase", phase="lead", all="1", list="/party/?name.contains=torneria")
    assert answer.status_code == 302
    assert Party.objects.filter(phase="lead").count() == 70


def test_the_chosen_of_others_are_left_alone(anna: User) -> None:
    (party,) = parties(anna, "Ditta Casale")
    bulk(browser(user("Carla", AGENT)), set="phase", phase="lost", id=[party.pk])
    assert Party.objects.get().phase == "suspect"


def test_a_wrong_value_for_many_is_told_and_changes_nothing(anna: User) -> None:
    (party,) = parties(anna, "Ditta Casale")
    answer = bulk(browser(anna), set="turnover", turnover="molto", id=[party.pk])
    assert answer.status_code == 422
    assert "«molto»" in answer.content.decode()
    assert 'value="molto"' in answer.content.decode()


@pytest.mark.parametrize("field", ["region", "next_activity", "id", "password", "extra", "name_key", ""])
def test_what_is_not_to_be_written_cannot_be_given_to_many(anna: User, field: str) -> None:
    (party,) = parties(anna, "Ditta Casale", province="VR")
    before = Party.objects.values().get()
    bulk(browser(anna), **{"set": field, field or "x": "1", "id": [party.pk]})
    assert Party.objects.values().get() == before


def test_a_free_filter_is_added_step_by_step_without_javascript(anna: User) -> None:
    parties(anna, "Ditta Casale", city="Verona")
    parties(anna, "Officine Brenta", city="Padova")
    client = browser(anna)
    assert 'name="op"' in client.get("/party/?filter=city").content.decode()
    answer = client.get("/party/?filter=city&op=eq&value=verona&apply=1")
    assert answer.headers["Location"] == "/party/?city.eq=verona"
    assert shown(client, answer.headers["Location"]) == ["Ditta Casale"]


def test_a_link_to_another_record_is_filtered_by_its_name(anna: User) -> None:
    (party,) = parties(anna, "Ditta Casale")
    values = {"party": party.pk, "subject": "Sconto", "at": "16/11/2026 09:30"}
    save(actor_of(anna), "activity", values)
    client = browser(anna)
    assert shown(client, "/activity/?party.name.contains=casale") == ["Sconto"]
    assert shown(client, "/activity/?party.name.contains=brenta") == []
    assert shown(client, "/activity/?at.le=16/11/2026") == ["Sconto"]
    assert shown(client, "/activity/?at.gt=16/11/2026") == []


def test_parts_of_the_page_name_their_address(anna: User) -> None:
    answer = browser(anna).get("/party/?sort=&name.contains=casale&phase.is_in=", headers=PART)
    assert answer.headers["HX-Push-Url"] == "/party/?name.contains=casale"
    assert b"<!doctype" not in answer.content.lower()


def test_the_screen_speaks_the_language_of_the_person(anna: User) -> None:
    client = browser(anna)
    assert '<html lang="it"' in client.get("/party/").content.decode()
    client.post("/language/", {"language": "en", "next": "/party/"})
    assert '<html lang="en"' in client.get("/party/").content.decode()
    # it is the person's, not the browser's
    assert '<html lang="en"' in browser(User.objects.get(pk=anna.pk)).get("/party/").content.decode()


def test_what_can_be_there_only_once_is_told_in_words(anna: User, aldo: User) -> None:
    save(actor_of(aldo), "territory", {"name": "Verona"})
    territory = str(DECLARED["territory"].model._default_manager.values_list("pk", flat=True).get())
    sent = {"form.fields": "user,territory", "user": str(anna.pk), "territory": territory}
    client = browser(aldo)
    assert client.post("/user_territory/new/", sent).status_code == 302
    again = client.post("/user_territory/new/", sent)
    assert again.status_code == 422
    assert "Ce n’è già uno così" in again.content.decode()
