"""Groups on the screen: heads that open, rows within them, numbers that arrive later in the columns they sum, and what stays open."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from rapporto.domain.parties.models import Party
from rapporto.domain.people.actors import actor_of
from rapporto.domain.people.models import User
from rapporto.kernel.actor import ADMINISTRATOR, AGENT
from rapporto.store.asking import forget_estimates
from rapporto.store.declare import DECLARED
from rapporto.store.groups import groupings
from rapporto.store.history.models import ChangeSet, Entry
from rapporto.store.made_fields import make_field
from rapporto.store.reaching import reachable
from rapporto.store.userfields import record_type
from rapporto.store.write import save
from tests.web.desk import browser, parties
from tests.web.samples import one_of_each, user

pytestmark = pytest.mark.django_db
NAMES = re.compile(r"data-panel>(?:<span[^>]*>)?([^<]*)<")
HEADS = re.compile(r'<tr class="g(\d)" id="(\w+)" data-level="\d" data-in="([^"]*)">.*?<bdi>(.*?)</bdi>')


def part(client: Client, address: str, target: str, **headers: str) -> str:
    """A piece of the page, as the JavaScript of the page asks for it."""
    answer = client.get(address, headers={"HX-Request": "true", "HX-Target": target, **headers})
    assert answer.status_code == 200, answer.content.decode()[:500]
    return answer.content.decode()


def heads(page: str) -> list[tuple[int, str]]:
    """Level and words of the heads in a page."""
    return [(int(level), unescape(words)) for level, _, _, words in HEADS.findall(page)]


def opened(client: Client, page: str, words: str) -> str:
    """What is in the group that is called so."""
    found = re.search(
        rf'id="(\w+)" data-level="\d" data-in="[^"]*">(?:(?!<tr).)*?href="([^"]+)"'
        rf"(?:(?!<tr).)*?<bdi>{re.escape(words)}</bdi>",
        page,
    )
    assert found is not None, words
    return part(client, unescape(found[2]), f"tr#{found[1]}")


def sums(client: Client, page: str) -> dict[str, str]:
    """The numbers that arrive for the heads of a page, by place."""
    found = re.search(r'<tr class="sums" id="(\w|-)+" hidden hx-get="([^"]+)"', page)
    assert found is not None
    told = part(client, unescape(found[2]), "tr#sums-x")
    return dict(re.findall(r'hx-target="#([\w-]+)" hx-swap="outerHTML"><(?:td|span)[^>]*>([^<]*)<', told))


def cast(anna: User) -> None:
    """Some companies in three provinces."""
    parties(anna, "Ditta Casale", "Casa Bianca", province="VR", phase="customer", turnover="1.000,50")
    parties(anna, "Torneria Zanon", province="VR", phase="lead", turnover="10")
    parties(anna, "Officine Brenta", province="PD", phase="customer", turnover="7")
    parties(anna, "Senza luogo", phase="lead")


def test_a_list_is_grouped_on_two_levels_and_opened_down_to_its_rows(anna: User) -> None:
    cast(anna)
    client = browser(anna)
    page = client.get("/party/?group=province,phase&columns=name,phase,turnover&sort=-name").content.decode()
    assert heads(page) == [(1, "Padova (PD)"), (1, "Verona (VR)"), (1, "Senza «Provincia»")]
    assert NAMES.findall(page) == []
    inner = opened(client, page, "Verona (VR)")
    assert heads(inner) == [(2, "Lead"), (2, "Cliente")]
    rows = opened(client, inner, "Cliente")
    assert NAMES.findall(rows) == ["Ditta Casale", "Casa Bianca"]
    assert heads(rows) == []


def test_counts_and_sums_arrive_in_the_columns_that_they_sum(anna: User) -> None:
    cast(anna)
    client = browser(anna)
    page = client.get("/party/?group=province,phase&columns=name,phase,turnover,employees").content.decode()
    places = {words: at for _, at, _, words in HEADS.findall(page)}
    told = sums(client, page)
    verona, padova = places["Verona (VR)"], places["Padova (PD)"]
    assert (told[f"{verona}-n"], told[f"{padova}-n"]) == ("3", "1")
    assert (told[f"{verona}-turnover"], told[f"{padova}-turnover"]) == ("2.011,00", "7,00")
    assert f'<td class="num far awaited" id="{verona}-turnover"' in page
    inner = opened(client, page, "Verona (VR)")
    customers = {words: at for _, at, _, words in HEADS.findall(inner)}["Cliente"]
    assert sums(client, inner)[f"{customers}-turnover"] == "2.001,00"


def test_the_total_arrives_with_the_number(anna: User) -> None:
    cast(anna)
    told = part(browser(anna), "/party/?group=province&columns=name,turnover", "span#count")
    assert told.startswith("Anagrafiche: 5")
    assert 'id="t-turnover">2.018,00</td>' in told


def test_only_what_may_be_seen_makes_groups_and_sums(anna: User, bruno: User) -> None:
    cast(anna)
    parties(bruno, "Segreta", province="MI", turnover="1.000.000")
    carla = browser(user("Carla", AGENT, language="it"))
    mine, all_of_them = browser(anna), browser(bruno)
    address = "/party/?group=province&columns=name,turnover"
    assert (1, "Milano (MI)") not in heads(mine.get(address).content.decode())
    assert (1, "Milano (MI)") in heads(all_of_them.get(address).content.decode())
    assert heads(carla.get(address).content.decode()) == []
    assert "1.000.000" not in part(mine, address, "span#count")


def test_open_groups_stay_open_when_the_list_is_written_anew(anna: User) -> None:
    cast(anna)
    client = browser(anna)
    address = "/party/?group=province,phase&columns=name,phase,turnover"
    page = client.get(address).content.decode()
    way = {words: way for _, _, way, words in HEADS.findall(page)}["Verona (VR)"]
    inner = opened(client, page, "Verona (VR)")
    deeper = {words: way for _, _, way, words in HEADS.findall(inner)}["Lead"]
    told = ",".join(one.replace(" ", "%20") for one in (way, deeper))
    again = part(client, address + "&sort=-name", "div#grid", **{"X-Open-Groups": told})
    assert heads(again) == [
        (1, "Padova (PD)"), (1, "Verona (VR)"), (2, "Lead"), (2, "Cliente"), (1, "Senza «Provincia»"),
    ]  # fmt: skip
    assert NAMES.findall(again) == ["Torneria Zanon"]
    assert again.count('aria-expanded="true"') == 2


@pytest.mark.parametrize("told", ["%", "x" * 9000, ",,,", "%00 %00", "../../etc", "VR x y z"])
def test_whatever_is_said_of_open_groups_never_fails(anna: User, told: str) -> None:
    cast(anna)
    page = part(browser(anna), "/party/?group=province", "div#grid", **{"X-Open-Groups": told})
    assert len(heads(page)) == 3


def test_without_javascript_a_group_is_opened_by_its_link(anna: User) -> None:
    cast(anna)
    client = browser(anna)
    page = client.get("/party/?group=province,phase&columns=name").content.decode()
    found = re.search(r'href="([^"]+)"[^>]*>(?:(?!<bdi>).)*<bdi>Padova', page)
    assert found is not None
    inner = client.get(unescape(found[1])).content.decode()
    assert heads(inner) == [
        (1, "Padova (PD)"), (2, "Cliente"), (1, "Verona (VR)"), (1, "Senza «Provincia»"),
    ]  # fmt: skip


def test_a_thousand_groups_come_fifty_by_fifty(anna: User) -> None:
    Party.objects.bulk_create(
        Party(
            name=f"Ditta {number}",
            name_key=f"ditta {number}",
            city=f"Città {number:04}",
            city_key=f"citta {number:04}",
            owner=anna,
        )
        for number in range(1000)
    )
    client = browser(anna)
    address, seen, target = "/party/?group=city&columns=name", [], ""
    while address:
        page = part(client, address, target) if target else client.get(address).content.decode()
        found = heads(page)
        assert len(found) <= 50
        seen += [words for _, words in found]
        more = re.search(r'<tr class="more" id="more".*?hx-get="([^"]+)"', page)
        address, target = (unescape(more[1]), "tr#more") if more else ("", "")
    assert seen == [f"Città {number:04}" for number in range(1000)]


def test_rows_of_a_large_group_come_page_by_page(anna: User) -> None:
    parties(anna, *(f"Ditta {number:03}" for number in range(70)), province="VR")
    client = browser(anna)
    first = opened(client, client.get("/party/?group=province&columns=name").content.decode(), "Verona (VR)")
    more = re.search(r'<tr class="more" id="(more-\w+)" data-level="2".*?hx-get="([^"]+)"', first)
    assert more is not None
    rest = part(client, unescape(more[2]), f"tr#{more[1]}")
    assert NAMES.findall(first) + NAMES.findall(rest) == [f"Ditta {number:03}" for number in range(70)]


def test_groups_go_by_steps_and_the_other_way_round(anna: User) -> None:
    parties(anna, "Ada", kind="person", birth_date="22/11/1970")
    parties(anna, "Bice", kind="person", birth_date="03/11/1970")
    parties(anna, "Carlo", kind="person", birth_date="04/02/1981")
    client = browser(anna)

    def words(group: str) -> list[str]:
        return [said for _, said in heads(client.get(f"/party/?group={group}").content.decode())]

    assert words("birth_date:month") == ["Novembre 1970", "Febbraio 1981"]
    assert words("-birth_date:year") == ["1981", "1970"]
    assert words("name:initial") == ["A", "B", "C"]
    assert words("-name:initial") == ["C", "B", "A"]


def test_the_past_is_grouped_too(anna: User) -> None:
    parties(anna, "Ditta Casale", province="VR", turnover="10")
    day = 24 * 3600 * 1_000_000
    ChangeSet.objects.update(at=ChangeSet.objects.get().at - 3 * day)
    Entry.objects.update(at=Entry.objects.order_by("-at")[0].at - 3 * day)
    save(actor_of(anna), "party", {"province": "PD"}, Party.objects.get().pk)
    client = browser(anna)
    then = (timezone.localdate() - timedelta(days=1)).isoformat()
    assert heads(client.get("/party/?group=province").content.decode()) == [(1, "Padova (PD)")]
    page = client.get(f"/party/?group=province&columns=name,turnover&as_of={then}").content.decode()
    assert heads(page) == [(1, "Verona (VR)")]
    assert NAMES.findall(opened(client, page, "Verona (VR)")) == ["Ditta Casale"]
    assert sorted(sums(client, page).values()) == ["1", "10,00"]


def test_what_groups_are_called_cannot_harm(anna: User) -> None:
    hostile = [
        "<script>alert(1)</script>",
        "\u202eabc",
        "'\"><img src=x onerror=1>",
        "a b,c/d-e",
        "%2F%00",
        "-",
        "città",
    ]
    for number, city in enumerate(hostile):
        parties(anna, f"Ditta {number}", city=city)
    client = browser(anna)
    page = client.get("/party/?group=city").content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert sorted(words for _, words in heads(page)) == sorted(hostile)
    for number, city in enumerate(hostile):
        found = [way for _, _, way, words in HEADS.findall(page) if unescape(words) == city]
        rows = part(client, "/party/", "tr#gx")
        assert rows
        url = re.search(rf'data-in="{re.escape(found[0])}">.*?href="([^"]+)"', page)
        assert url is not None
        assert NAMES.findall(part(client, unescape(url[1]), "tr#gx")) == [f"Ditta {number}"]


@pytest.mark.parametrize("record", list(DECLARED))
def test_every_list_is_grouped_by_every_column_that_makes_groups(record: str, anna: User) -> None:
    aldo = user("Aldo", ADMINISTRATOR, language="it")
    one_of_each(actor_of(aldo), anna)
    # what is private is seen by whom it belongs to
    who = anna if "private" in record_type(record).fields else aldo
    client, actor = browser(who), actor_of(who)
    fields = [*record_type(record).fields.values(), *reachable(actor, record_type(record))]
    for field in fields:
        for step in groupings(field):
            group = f"{field.name}:{step}" if step else field.name
            page = client.get(f"/{record}/", {"group": group})
            assert page.status_code == 200, group
            found = heads(page.content.decode())
            assert found, group
            sums(client, page.content.decode())


def test_two_hundred_columns_are_shown_and_grouped(anna: User) -> None:
    aldo = actor_of(user("Aldo", ADMINISTRATOR))
    made = [make_field(aldo, "party", f"Misura {number}", "integer").name for number in range(40)]
    own = record_type("party").fields
    columns = [*own, *(one.name for one in reachable(aldo, record_type("party")))][:200]
    assert set(made) <= set(columns)
    parties(anna, "Ditta Casale", province="VR", **{made[3]: "12"})
    client = browser(anna)
    page = client.get("/party/", {"columns": ",".join(columns), "group": "province"}).content.decode()
    shown = re.findall(r'data-f="([\w.]+)"', page)
    assert len(shown) == len(columns) > 100
    assert NAMES.findall(opened(client, page, "Verona (VR)")) == ["Ditta Casale"]


def test_groups_cost_the_same_number_of_queries_however_many_there_are(anna: User) -> None:
    client = browser(anna)

    def queries(address: str, target: str = "") -> int:
        headers = {"HX-Request": "true", "HX-Target": target} if target else None
        client.get(address, headers=headers)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address, headers=headers).status_code == 200
        return len(captured)

    address = "/party/?group=province,phase&columns=name,phase,turnover,owner"
    for province in ("VR", "PD"):
        parties(anna, f"Ditta {province}", province=province)
    pieces = ("", "tr#sums-x", "span#count", "div#levels-menu", "div#columns-menu", "div#filter-editor")
    few = [queries(address, one) for one in pieces]
    for province in ("VI", "TV", "BL", "RO", "VE", "MI", "BS", "TN"):
        parties(anna, *(f"Ditta {number} {province}" for number in range(4)), province=province)
    forget_estimates()
    assert [queries(address, one) for one in pieces] == few
    assert max(few) <= 14
