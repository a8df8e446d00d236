"""Saved views: kept under a name with all that the list shows, shared, ordered, opened by themselves, and read with care."""

import re
from typing import Any

import pytest
from django.test import Client

from rapporto.domain.people.actors import actor_of
from rapporto.domain.people.models import SavedView, Team, User, ViewChoice
from rapporto.domain.people.saved_views import keep_view, usual_for
from rapporto.domain.processes.usual_views import begin_with_views
from rapporto.kernel.actor import ADMINISTRATOR, AGENT
from rapporto.kernel.record import RecordType
from rapporto.store.declare import DECLARED
from rapporto.store.made_fields import make_field
from rapporto.store.userfields import reread
from rapporto.store.userfields_models import UserField
from rapporto.store.write import save
from tests.web.desk import browser, parties
from tests.web.samples import user

pytestmark = pytest.mark.django_db
PART = {"HX-Request": "true", "HX-Target": "div#grid"}
MENU = {"HX-Request": "true", "HX-Target": "div#views-menu"}
NAMES = re.compile(r"data-panel>(?:<span[^>]*>)?([^<]*)<")
TABS = re.compile(r'id="tab-(\d+)"( aria-current="page")?>([^<]*)<')


@pytest.fixture
def team() -> Team:
    """The team of Anna and Dario."""
    return Team.objects.create(name="Veneto", name_key="veneto")


@pytest.fixture
def anna(team: Team) -> User:
    """Anna, an agent."""
    return user("Anna", AGENT, language="it", team=team)


def act(client: Client, what: str, **sent: Any) -> Any:
    """One act on a view, as the menu sends it without JavaScript."""
    return client.post("/party/views/", {"act": what, **sent})


def tabs(client: Client, address: str = "/party/") -> list[str]:
    """The names of the tabs above a list; the open one in brackets."""
    page = client.get(address).content.decode()
    return [f"[{name.strip()}]" if now else name.strip() for _, now, name in TABS.findall(page)]


def shown(client: Client, address: str) -> list[str]:
    """The names of the rows that an address shows."""
    return NAMES.findall(client.get(address).content.decode())


def test_what_a_list_shows_is_kept_under_a_name_and_comes_back(anna: User) -> None:
    parties(anna, "Ditta Casale", city="Verona", turnover="10")
    parties(anna, "Officine Brenta", city="Verona", turnover="20")
    parties(anna, "Stampi Piave", city="Padova")
    client = browser(anna)
    client.cookies["widths_party"] = "city!222~x!9~name!99999"
    said = {"city.eq": "verona", "sort": "-turnover", "columns": "name,city,activities.count"}
    answer = act(client, "keep", name="A Verona", **said)
    view = SavedView.objects.get()
    assert answer.headers["Location"] == f"/party/?view={view.pk}"
    assert (view.name, view.owner_id, view.shared, view.listed) == ("A Verona", anna.pk, "mine", "party")
    page = client.get(f"/party/?view={view.pk}").content.decode()
    assert NAMES.findall(page) == ["Officine Brenta", "Ditta Casale"]
    assert re.findall(r'data-f="([\w.]+)"', page) == ["name", "city", "activities.count"]
    assert 'width="222"' in page
    assert "Vista «A Verona» salvata." in page
    assert tabs(client, f"/party/?view={view.pk}") == ["Tutte", "[A Verona]"]


def test_a_changed_view_says_so_and_can_be_saved_or_left(anna: User) -> None:
    parties(anna, "Ditta Casale", city="Verona")
    parties(anna, "Officine Brenta", city="Padova")
    client = browser(anna)
    act(client, "keep", name="A Verona", **{"city.eq": "verona"})
    view = SavedView.objects.get()
    page = client.get(f"/party/?view={view.pk}&city.eq=padova").content.decode()
    assert NAMES.findall(page) == ["Officine Brenta"]
    assert "Torna alla vista" in page
    assert f'href="/party/?view={view.pk}"' in page
    act(client, "save", **{"view": view.pk, "city.eq": "padova"})
    assert shown(client, f"/party/?view={view.pk}") == ["Officine Brenta"]
    assert "Torna alla vista" not in client.get(f"/party/?view={view.pk}").content.decode()


def test_a_view_without_its_last_filter_is_changed_and_not_the_view_again(anna: User) -> None:
    parties(anna, "Ditta Casale", city="Verona")
    parties(anna, "Officine Brenta", city="Padova")
    client = browser(anna)
    act(client, "keep", name="A Verona", columns="name", **{"city.eq": "verona"})
    view = SavedView.objects.get()
    SavedView.objects.update(query="city.eq=verona")
    page = client.get(f"/party/?view={view.pk}").content.decode()
    chip = re.search(r'href="([^"]+)" hx-get="[^"]+"[^>]*aria-label="Togli il filtro Città"', page)
    assert chip is not None
    without = chip[1].replace("&amp;", "&")
    assert sorted(shown(client, without)) == ["Ditta Casale", "Officine Brenta"]
    assert "Torna alla vista" in client.get(without).content.decode()


def test_views_are_renamed_shared_pinned_moved_and_deleted_with_a_way_back(anna: User, carla: User) -> None:
    client, hers = browser(anna), browser(carla)
    for name in ("Prima", "Seconda", "Terza"):
        act(client, "keep", name=name, **{"city.eq": name})
    first, second, third = SavedView.objects.order_by("pk")
    act(client, "left", view=third.pk)
    act(client, "left", view=third.pk)
    assert tabs(client) == ["[Tutte]", "Terza", "Prima", "Seconda"]
    act(client, "right", view=first.pk)
    assert tabs(client) == ["[Tutte]", "Terza", "Seconda", "Prima"]
    act(client, "settle", view=first.pk, name="Per tutti", shared="everyone")
    assert tabs(hers) == ["[Tutte]", "Per tutti"]
    act(client, "settle", view=second.pk, name="Della squadra", shared="team")
    assert tabs(hers) == ["[Tutte]", "Per tutti"]
    dario = user("Dario", AGENT, language="it", team=anna.team)
    assert tabs(browser(dario)) == ["[Tutte]", "Della squadra", "Per tutti"]
    act(client, "unpin", view=first.pk)
    assert tabs(client) == ["[Tutte]", "Terza", "Della squadra"]
    assert tabs(hers) == ["[Tutte]", "Per tutti"]
    act(client, "delete", view=third.pk)
    assert tabs(client) == ["[Tutte]", "Della squadra"]
    page = client.get("/party/").content.decode()
    assert "Terza" not in page or "eliminata" in page
    undo = re.search(r'action="(/undo/\d+/)"', act_and_look(client, "delete", view=second.pk))
    assert undo is not None
    client.post(undo[1])
    assert tabs(client) == ["[Tutte]", "Della squadra"]


def test_everybody_says_for_themselves_what_stands_above_the_list(anna: User, carla: User) -> None:
    first, second = (
        keep_view(actor_of(anna), listed="party", name=name, query="", shared="everyone") for name in ("Prima", "Altra")
    )
    hers, mine = browser(carla), browser(anna)
    menu = hers.get(f"/party/views/?view={first.pk}", headers=MENU).content.decode()
    assert 'value="unpin"' in menu
    assert 'value="delete"' not in menu
    undo = re.search(r'action="(/undo/\d+/)"', act_and_look(hers, "unpin", view=first.pk))
    assert undo is not None
    assert (tabs(hers), tabs(mine)) == (["[Tutte]", "Altra"], ["[Tutte]", "Prima", "Altra"])
    act(hers, "open_with", view=first.pk)
    assert tabs(hers) == ["Tutte", "[Prima]", "Altra"]
    act(hers, "open_as_usual", view=0)
    assert tabs(hers) == ["[Tutte]", "Altra"]
    act(hers, "unpin", view=second.pk)
    act(hers, "pin", view=first.pk)
    assert tabs(hers) == ["[Tutte]", "Prima"]
    hers.post(undo[1])
    assert tabs(mine) == ["[Tutte]", "Prima", "Altra"]
    assert list(SavedView.objects.values_list("pinned", flat=True)) == [True, True]


def act_and_look(client: Client, what: str, **sent: Any) -> str:
    """An act, and the page that follows it."""
    answer = act(client, what, **sent)
    return client.get(answer.headers["Location"]).content.decode()


def test_who_is_in_no_team_is_told_so(carla: User) -> None:
    client = browser(carla)
    answer = act(client, "keep", name="Mia", shared="team")
    assert answer.status_code == 422
    assert "Carla non è in nessuna squadra" in answer.content.decode()
    assert 'value="Mia"' in answer.content.decode()
    assert not SavedView.objects.exists()


def test_a_view_without_a_name_is_refused_in_words(anna: User) -> None:
    answer = browser(anna).post("/party/views/", {"act": "keep", "name": " "}, headers=MENU)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert 'aria-invalid="true"' in answer.content.decode()
    assert answer.headers["HX-Retarget"] == "#views-menu"


def test_shared_views_are_changed_by_managers_and_administrators_alone(
    anna: User, carla: User, bruno: User, aldo: User
) -> None:
    act(browser(anna), "keep", name="Per tutti", shared="everyone")
    act(browser(anna), "keep", name="Solo mia")
    shared, private = SavedView.objects.order_by("pk")
    for person, name, allowed in ((carla, "di Carla", False), (bruno, "di Bruno", True), (aldo, "di Aldo", True)):
        client = browser(person)
        answer = act(client, "settle", view=shared.pk, name=name, shared="everyone")
        assert answer.status_code == (302 if allowed else 403), name
        shared.refresh_from_db()
        assert (shared.name == name) is allowed
        assert act(client, "settle", view=private.pk, name=name, shared="everyone").status_code == 404
    private.refresh_from_db()
    assert private.name == "Solo mia"


def test_only_administrators_say_with_what_a_list_opens_for_a_role(anna: User, bruno: User, aldo: User) -> None:
    parties(anna, "Ditta Casale", city="Verona")
    parties(anna, "Officine Brenta", city="Padova")
    act(browser(aldo), "keep", name="A Verona", shared="everyone", **{"city.eq": "verona"})
    view = SavedView.objects.get()
    refused = act(browser(bruno), "settle", view=view.pk, name="A Verona", shared="everyone", whom="agent")
    assert refused.status_code == 422
    act(browser(aldo), "settle", view=view.pk, name="A Verona", shared="everyone", whom="agent")
    client = browser(anna)
    assert shown(client, "/party/") == ["Ditta Casale"]
    assert tabs(client) == ["Tutte", "[A Verona]"]
    assert len(shown(client, "/party/?view=0")) == 2
    assert len(shown(browser(bruno), "/party/")) == 2


def test_ones_own_choice_comes_before_that_of_the_role(anna: User, aldo: User) -> None:
    parties(anna, "Ditta Casale", city="Verona")
    parties(anna, "Officine Brenta", city="Padova")
    boss = actor_of(aldo)
    verona = keep_view(boss, listed="party", name="A Verona", query="city.eq=verona", shared="everyone")
    padova = keep_view(boss, listed="party", name="A Padova", query="city.eq=padova", shared="everyone")
    usual_for(boss, verona.pk, "agent")
    client = browser(anna)
    act(client, "open_with", view=padova.pk)
    assert shown(client, "/party/") == ["Officine Brenta"]
    act(client, "open_with", view=0)
    assert len(shown(client, "/party/")) == 2
    act(client, "open_as_usual", view=0)
    assert shown(client, "/party/") == ["Ditta Casale"]
    assert not ViewChoice.objects.exists()
    act(client, "open_with", view=padova.pk)
    padova.delete()
    assert shown(client, "/party/") == ["Ditta Casale"]


def test_another_view_for_the_same_role_takes_its_place(aldo: User) -> None:
    boss = actor_of(aldo)
    first = keep_view(boss, listed="party", name="Prima", query="")
    second = keep_view(boss, listed="party", name="Seconda", query="")
    for view in (first, second):
        usual_for(boss, view.pk, "agent")
    assert list(SavedView.objects.exclude(usual_for="").values_list("name", flat=True)) == ["Seconda"]


def test_a_view_of_what_is_no_longer_there_says_so_and_keeps_the_rest(anna: User, aldo: User) -> None:
    made = make_field(actor_of(aldo), "party", "Gru", "text")
    parties(anna, "Ditta Casale", city="Verona", **{made.name: "a ponte"})
    parties(anna, "Officine Brenta", city="Padova")
    query = f"city.eq=verona&{made.name}.eq=a+ponte&columns=name,{made.name}&sort={made.name}&group={made.name}"
    view = keep_view(actor_of(anna), listed="party", name="Con gru", query=query)
    client = browser(anna)
    assert shown(client, f"/party/?view={view.pk}&open=columns") == []  # in groups, all closed
    save(actor_of(aldo), "user_field", {"removed": True}, UserField.objects.get().pk)
    reread()
    from_now = client.get(f"/party/?view={view.pk}")
    page = from_now.content.decode()
    assert from_now.status_code == 200
    assert f"<b><bdi>{made.name}</bdi></b>" in page
    assert NAMES.findall(page) == ["Ditta Casale"]


@pytest.mark.parametrize(
    "query",
    ["&&&=%", "turnover.ge=molto", "sort=--name", "columns=,,,name", "group=,,:", "as_of=never", "after=x&in=y", "view=7",
     "<script>alert(1)</script>.eq=1", "city.is_in=" + "a," * 400, "columns=" + "x," * 3000, "widths=%00~!~name!-1", "q=%00"],
)  # fmt: skip
def test_a_view_with_whatever_in_it_never_fails(anna: User, query: str) -> None:
    parties(anna, "Ditta Casale")
    view = keep_view(actor_of(anna), listed="party", name="<b>«\u202eora»</b>", query=query)
    client = browser(anna)
    answer = client.get(f"/party/?view={view.pk}")
    assert answer.status_code in (200, 422), query
    page = answer.content.decode()
    assert "<b>«" not in page
    assert "<script>alert" not in page
    assert "&lt;b&gt;«" in page
    menu = client.get(f"/party/views/?view={view.pk}", headers=MENU)
    assert menu.status_code == 200
    assert "<b>«" not in menu.content.decode()


@pytest.mark.parametrize("view", ["999999", "x", "-1", "9" * 40, ""])
def test_a_view_that_is_not_there_shows_the_whole_list_and_says_so(anna: User, view: str) -> None:
    parties(anna, "Ditta Casale")
    answer = browser(anna).get(f"/party/?view={view}")
    assert answer.status_code == 200
    assert ("Questa vista non c’è più" in answer.content.decode()) is (view == "999999")
    assert NAMES.findall(answer.content.decode()) == ["Ditta Casale"]


def test_a_view_of_somebody_who_sees_more_reveals_nothing(
    anna: User, bruno: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    declaration = DECLARED["party"]
    hidden = dataclasses_replace(declaration.record, hidden={AGENT: ("turnover", "vat_number")})
    monkeypatch.setitem(DECLARED._all, "party", dataclasses_replace(declaration, record=hidden))
    reread()
    parties(bruno, "Ditta Casale", turnover="1.000", vat_number="00743110157")
    DECLARED["party"].model._default_manager.update(owner=anna)
    query = "turnover.ge=500&vat_number.starts_with=0&sort=-turnover&columns=name,turnover,vat_number&group=turnover"
    view = keep_view(actor_of(bruno), listed="party", name="Ricche", query=query, shared="everyone")
    client = browser(anna)
    page = client.get(f"/party/?view={view.pk}").content.decode()
    assert NAMES.findall(page) == ["Ditta Casale"]
    assert "1.000" not in page
    assert "00743110157" not in page
    assert "Fatturato" not in page
    assert client.get(f"/party/?{query}").content.decode().count("Fatturato") == 0
    menu = client.get(f"/party/views/?view={view.pk}", headers=MENU).content.decode()
    assert "Fatturato" not in menu


def dataclasses_replace(what: Any, **changes: Any) -> Any:
    """The same declaration, changed."""
    fields = {name: getattr(what, name) for name in what.__dataclass_fields__}
    return type(what)(**{**fields, **changes})


def test_counts_come_by_themselves_one_for_each_view(anna: User, carla: User) -> None:
    parties(anna, "Ditta Casale", "Officine Brenta", city="Verona")
    parties(anna, "Stampi Piave")
    view = keep_view(actor_of(anna), listed="party", name="A Verona", query="city.eq=verona", shared="everyone")
    head = {"HX-Request": "true", "HX-Target": f"b#vc-{view.pk}"}
    assert browser(anna).get(f"/party/?view={view.pk}", headers=head).content.decode() == "2"
    assert browser(carla).get(f"/party/?view={view.pk}", headers=head).content.decode() == "0"
    page = browser(anna).get("/party/").content.decode()
    assert page.count('hx-trigger="load delay:150ms"') == 2


def test_the_menu_tells_what_every_view_shows(anna: User) -> None:
    keep_view(actor_of(anna), listed="party", name="A Verona", query="province.eq=VR&group=phase")
    menu = browser(anna).get("/party/views/", headers=MENU).content.decode()
    assert "Anagrafiche in provincia di Verona, in gruppi per fase" in menu
    whole = browser(anna).get("/party/views/")
    assert whole.status_code == 200
    assert "Viste dell’elenco: Anagrafiche" in whole.content.decode()


def test_a_new_installation_begins_with_useful_views_and_activities_that_are_due_first(anna: User, carla: User) -> None:
    begin_with_views()
    begin_with_views()
    client = browser(anna)
    assert tabs(client) == ["[Tutte]", "Le mie", "Clienti", "Senza prossimo passo"]
    assert tabs(client, "/activity/") == ["Tutte", "[Da fare]", "Da fare a me", "Fatte"]
    party = save(actor_of(anna), "party", {"name": "Ditta Casale", "owner": anna.pk})
    for subject, at, state in (("Lontana", "01/01/2031 09:00", "planned"), ("Vicina", "01/01/2030 09:00", "planned"),
                               ("Passata", "01/01/2020 09:00", "done")):  # fmt: skip
        save(actor_of(anna), "activity", {"party": party.pk, "subject": subject, "at": at, "state": state})
    assert shown(client, "/activity/") == ["Vicina", "Lontana"]
    assert SavedView.objects.count() == 6


def test_parts_of_the_page_stay_in_the_view(anna: User) -> None:
    parties(anna, *(f"Ditta {number:02}" for number in range(60)), city="Verona")
    view = keep_view(actor_of(anna), listed="party", name="A Verona", query="city.eq=verona")
    client = browser(anna)
    page = client.get(f"/party/?view={view.pk}", headers=PART)
    assert page.headers["HX-Push-Url"] == f"/party/?view={view.pk}"
    more = re.search(r'hx-get="([^"]+)" hx-target="#more"', page.content.decode())
    assert more is not None
    assert more[1].startswith(f"/party/?view={view.pk}&amp;after=")
    following = client.get(more[1].replace("&amp;", "&"), headers={"HX-Request": "true", "HX-Target": "tr#more"})
    assert len(NAMES.findall(following.content.decode())) == 10


def test_the_record_type_is_whole() -> None:
    record: RecordType = DECLARED["saved_view"].record
    assert set(record.fixed[AGENT]) >= {"usual_for", "team"}


def test_what_acts_on_all_that_match_says_all_that_the_view_says(anna: User) -> None:
    parties(anna, "Ditta Casale", city="Verona")
    parties(anna, "Officine Brenta", city="Padova")
    view = keep_view(actor_of(anna), listed="party", name="A Verona", query="city.eq=verona")
    client = browser(anna)
    sent = re.search(r'name="list" value="([^"]+)"', client.get(f"/party/?view={view.pk}").content.decode())
    assert sent is not None
    # somebody changes the view while the page is open
    SavedView.objects.update(query="city.eq=padova")
    assert shown(client, sent[1].replace("&amp;", "&")) == ["Ditta Casale"]


def test_the_views_that_came_with_the_product_are_called_so_in_every_language() -> None:
    begin_with_views()
    emma = user("Emma", ADMINISTRATOR, language="en")
    assert tabs(browser(emma)) == ["[All]", "My own", "Customers", "Without a next step"]
    customers = SavedView.objects.get(name="Clienti")
    act(browser(emma), "settle", view=customers.pk, name="Customers", shared="everyone")
    aldo = browser(user("Aldo", ADMINISTRATOR, language="it"))
    assert ">Clienti<" in aldo.get("/party/").content.decode()
    act(browser(emma), "settle", view=customers.pk, name="Good ones", shared="everyone")
    assert ">Good ones<" in aldo.get("/party/").content.decode()
