"""Cells pasted into a list: little is saved at once, more is shown before; what is wrong is named; nothing goes where it must not."""

import json
import re
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from rapporto.domain.parties.models import Industry, Party
from rapporto.domain.people.actors import actor_of
from rapporto.domain.people.models import User
from rapporto.kernel.actor import ADMINISTRATOR, AGENT
from rapporto.store.history.models import ChangeSet
from rapporto.store.write import save
from rapporto.web.grid.seen import text_of
from tests.web.desk import browser, told
from tests.web.samples import user

pytestmark = pytest.mark.django_db
PART = {"HX-Request": "true"}


def parties(owner: User, count: int, **values: Any) -> list[Party]:
    """So many firms of somebody."""
    given = {"owner": owner.pk, **values}
    return [save(actor_of(owner), "party", {"name": f"Ditta {n:03}", **given}) for n in range(count)]


def paste(client: Client, rows: list[Party], columns: str, text: str = "", **more: Any) -> Any:
    """Paste a text from the first of these rows and columns on."""
    sent = {
        "ids": ",".join(str(row.pk) for row in rows),
        "columns": columns,
        "text": text,
        "shown": "name,phase",
        **more,
    }
    return client.post("/party/paste/", sent, headers=PART)


def values(*names: str) -> list[tuple[Any, ...]]:
    """What is kept of all parties, by id."""
    return list(Party.objects.order_by("pk").values_list(*names))


def test_a_small_block_is_saved_at_once_and_one_press_undoes_it(anna: User) -> None:
    rows = parties(anna, 3)
    client = browser(anna)
    answer = paste(client, rows, "phase,city,turnover", "Cliente\tVerona\t1.234,50\nLead\tPadova\t€ 7\n")
    assert answer.status_code == 200
    assert values("phase", "city", "turnover") == [
        ("customer", "Verona", 123450),
        ("lead", "Padova", 700),
        ("suspect", "", None),
    ]
    assert "6 celle cambiate." in told(answer)
    assert answer.content.count(b'<tr id="r') == 2
    assert ChangeSet.objects.filter(command="paste").count() == 1
    undo = re.search(r'action="(/undo/\d+/)"', answer.content.decode())
    assert undo is not None
    client.post(undo[1])
    assert values("phase", "city", "turnover") == [("suspect", "", None)] * 3


def test_more_than_twenty_cells_are_shown_before(anna: User) -> None:
    rows = parties(anna, 21)
    client = browser(anna)
    text = "\n".join(["Verona"] * 21)
    answer = paste(client, rows, "city", text)
    assert "Si possono cambiare 21 celle." in told(answer)
    assert values("city") == [("",)] * 21
    assert "21 celle cambiate" in told(paste(client, rows, "city", text, go="all"))
    assert values("city") == [("Verona",)] * 21


def test_a_wrong_cell_is_named_and_mended_or_left_out(anna: User) -> None:
    rows = parties(anna, 3)
    client = browser(anna)
    text = "1.000\nmolto\n3.000"
    answer = paste(client, rows, "turnover", text)
    assert answer.status_code == 422
    assert "Ditta 001 Fatturato annuo" in told(answer)
    assert "«molto»" in told(answer)
    assert values("turnover") == [(None,)] * 3
    again = paste(client, rows, "turnover", text, go="all", **{f"mend.{rows[1].pk}.turnover": "tanto"})
    assert "«tanto»" in told(again)
    assert 'value="tanto"' in again.content.decode()
    assert values("turnover") == [(None,)] * 3
    assert paste(client, rows, "turnover", text, go="right").status_code == 200
    assert values("turnover") == [(100000,), (None,), (300000,)]
    mended = paste(client, rows, "turnover", text, go="all", **{f"mend.{rows[1].pk}.turnover": "2.000"})
    assert mended.status_code == 200
    assert values("turnover") == [(100000,), (200000,), (300000,)]


def test_one_value_fills_the_chosen_range_and_a_block_repeats_in_it(anna: User) -> None:
    rows = parties(anna, 4)
    client = browser(anna)
    paste(client, rows, "city,phase", "Verona", size="4x1")
    assert values("city", "phase") == [("Verona", "suspect")] * 4
    paste(client, rows, "city", "Adria\nBelluno", size="4x1")
    assert values("city") == [("Adria",), ("Belluno",), ("Adria",), ("Belluno",)]
    paste(client, rows, "city", "", size="2x1")
    assert values("city") == [("",), ("",), ("Adria",), ("Belluno",)]


def test_filling_down_repeats_the_values_of_the_first_row(anna: User, bruno: User) -> None:
    rows = parties(anna, 3)
    namesake = user("Carla", AGENT, language="it")
    User.objects.filter(pk=namesake.pk).update(name="Bruno")
    save(actor_of(bruno), "party", {"owner": namesake.pk, "turnover": 5}, rows[0].pk)
    client = browser(bruno)
    answer = paste(client, rows, "owner,turnover", fill="1", size="3x2")
    assert answer.status_code == 200
    # of two people called alike it is the very one of the row above
    assert values("owner_id", "turnover") == [(namesake.pk, 5)] * 3


def test_links_are_pasted_by_their_names(anna: User, bruno: User) -> None:
    rows = parties(anna, 3)
    save(actor_of(bruno), "industry", {"name": "Meccanica"})
    twice = [save(actor_of(bruno), "industry", {"name": "Legno", "code": code}).pk for code in ("16", "31")]
    client = browser(anna)
    answer = paste(client, rows, "industry", "meccanica\nLegno\nVetro")
    assert answer.status_code == 422
    assert "Più d’uno si chiama «Legno»" in told(answer)
    assert "«Vetro»" in told(answer)
    paste(client, rows, "industry", "meccanica\nLegno\nVetro", go="right")
    assert [row.industry and row.industry.name for row in Party.objects.order_by("pk")] == ["Meccanica", None, None]
    assert len(twice) == 2


def test_cells_of_a_spreadsheet_with_quotes_tabs_and_line_ends_arrive_whole(anna: User) -> None:
    rows = parties(anna, 2)
    paste(browser(anna), rows, "notes,city", '"Prima riga\nSeconda\t«così»"\tVerona\r\n"Detto ""il Moro"""\tPadova\r\n')
    assert values("notes", "city") == [("Prima riga\nSeconda\t«così»", "Verona"), ('Detto "il Moro"', "Padova")]


def test_what_falls_beside_the_list_is_said(anna: User) -> None:
    rows = parties(anna, 2)
    answer = paste(browser(anna), rows, "city", "A\tB\nC\tD\nE\tF")
    assert "4 celle cadono fuori" in told(answer)
    assert values("city") == [("",), ("",)]


# ── hostile content and limits ──────────────────────────────────────────────────────────────────


def test_formulas_marks_and_control_letters_are_plain_text(anna: User) -> None:
    rows = parties(anna, 4)
    text = '=HYPERLINK("http://evil")\n<script>alert(1)</script>\nCa\0sa\x08le\nCasale\u202egnp.exe'
    answer = paste(browser(anna), rows, "street", text.replace('"', ""), shown="name,street")
    assert b"<script>" not in answer.content
    assert [one for (one,) in values("street")] == [
        "=HYPERLINK(http://evil)",
        "<script>alert(1)</script>",
        "Casale",
        "Casale\u202egnp.exe",
    ]


def test_a_preview_shows_hostile_texts_as_text(anna: User) -> None:
    rows = parties(anna, 1)
    page = paste(browser(anna), rows, "turnover", '"><img src=x onerror=alert(1)>').content.decode()
    assert "<img" not in page


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("x\n" * 10_001, "più di 10.000 celle"),
        ("y" * 140_000, "troppo lunga"),
    ],
)
def test_what_is_too_much_is_refused_in_words(anna: User, text: str, reason: str) -> None:
    answer = paste(browser(anna), parties(anna, 1), "city", text)
    assert answer.status_code == 400
    assert reason in told(answer)


def test_a_text_too_long_for_its_field_is_told_at_its_cell(anna: User) -> None:
    answer = paste(browser(anna), parties(anna, 1), "city", "y" * 1_000)
    assert answer.status_code == 422
    assert "1000" in told(answer)


@pytest.mark.parametrize(
    "sent", [{"ids": "x,-1,99999999999999999999"}, {"columns": "no.such,,nosuch"}, {"size": "0xz"}]
)
def test_a_broken_request_is_answered_in_words(anna: User, sent: dict[str, str]) -> None:
    answer = browser(anna).post("/party/paste/", {"ids": "1", "columns": "city", "text": "x", **sent}, headers=PART)
    assert answer.status_code < 500


# ── who may write what ──────────────────────────────────────────────────────────────────────────


def test_the_rows_of_others_and_locked_columns_are_left_alone(anna: User, bruno: User) -> None:
    mine, theirs = parties(anna, 1), parties(bruno, 1)
    client = browser(anna)
    before = values("name", "region", "territory_by_hand")
    answer = paste(client, mine + theirs, "name,region", "Mia\tLazio\nSua\tLazio", go="right")
    assert answer.status_code == 200
    assert values("name", "region", "territory_by_hand") == [("Mia", *before[0][1:]), before[1]]
    for columns in ("id", "extra", "name_key", "created_at", "password", "next_activity", "territory_by_hand"):
        paste(client, mine + theirs, columns, "1\n1", go="right")
    assert values("name", "region", "territory_by_hand") == [("Mia", *before[0][1:]), before[1]]


def test_a_record_that_may_only_be_read_is_not_pasted_into(anna: User, bruno: User) -> None:
    row = save(actor_of(bruno), "industry", {"name": "Meccanica"})
    answer = browser(anna).post("/industry/paste/", {"ids": row.pk, "columns": "name", "text": "Mia"}, headers=PART)
    assert answer.status_code in (403, 422)
    row.refresh_from_db()
    assert row.name == "Meccanica"


def test_an_agent_cannot_paste_a_record_out_of_their_own_reach(anna: User, bruno: User) -> None:
    (row,) = parties(anna, 1)
    answer = paste(browser(anna), [row], "owner", "Bruno")
    assert answer.status_code == 422
    assert "uscirebbe dalla tua portata" in told(answer)
    row.refresh_from_db()
    assert row.owner_id == anna.pk


def test_a_preview_costs_as_many_queries_for_two_rows_as_for_sixty(anna: User) -> None:
    user("Aldo", ADMINISTRATOR)
    rows = parties(anna, 60)
    client = browser(anna)

    def cost(some: list[Party]) -> int:
        with CaptureQueriesContext(connection) as captured:
            paste(client, some, "turnover,industry,owner", "\n".join(["molto\tMeccanica\tAnna"] * len(some)))
        return len(captured)

    cost(rows)
    assert cost(rows) == cost(rows[:2])


def seen(client: Client, rows: list[Party], columns: str) -> str:
    """What a page shows in these cells, as its JavaScript tells it."""
    page = client.get("/party/rows/", {"ids": ",".join(str(row.pk) for row in rows), "columns": columns}, headers=PART)
    found: dict[str, str] = {}
    for row_id, cells in re.findall(r'data-id="(\d+)">(.*?)</tr>', page.content.decode(), re.DOTALL):
        texts = [text_of(one) for one in re.findall(r"<t[dh](?! class=\"pick\").*?</t[dh]>", cells, re.DOTALL)]
        found |= {f"{row_id}/{name}": text for name, text in zip(columns.split(","), texts, strict=True)}
    return json.dumps(found)


def test_what_others_wrote_meanwhile_is_said_at_its_cell_and_the_rest_is_kept(anna: User, bruno: User) -> None:
    rows = parties(anna, 3, city="Verona", turnover="1.000")
    client = browser(anna)
    shown = seen(client, rows, "city,turnover,phase,owner")
    assert json.loads(shown)[f"{rows[0].pk}/city"] == "Verona"
    save(actor_of(bruno), "party", {"city": "Padova", "phase": "lead"}, rows[1].pk)
    text = "Adria\t2.000\nBelluno\t3.000\nChioggia\t4.000"
    first = paste(client, rows, "city,turnover", text, seen=shown)
    assert first.status_code == 422
    assert "Nel frattempo qualcuno ha scritto qui «Padova»" in told(first)
    assert "Una no." in told(first)
    assert 'value="Belluno"' in first.content.decode()
    assert values("city", "turnover") == [("Verona", 100000), ("Padova", 100000), ("Verona", 100000)]
    paste(client, rows, "city,turnover", text, seen=shown, go="right")
    assert values("city", "turnover") == [("Adria", 200000), ("Padova", 300000), ("Chioggia", 400000)]


def test_whoever_was_told_writes_over_it_but_not_over_a_third_one(anna: User, bruno: User) -> None:
    rows = parties(anna, 1, city="Verona")
    client = browser(anna)
    shown = seen(client, rows, "city")
    save(actor_of(bruno), "party", {"city": "Padova"}, rows[0].pk)
    first = paste(client, rows, "city", "Adria", seen=shown).content.decode()
    known = re.search(r'name="told" value="([^"]*)"', first)
    assert known is not None
    save(actor_of(bruno), "party", {"city": "Vicenza"}, rows[0].pk)
    again = paste(client, rows, "city", "Adria", seen=shown, told=unescape(known[1]), go="all")
    assert "ha scritto qui «Vicenza»" in told(again)
    known = re.search(r'name="told" value="([^"]*)"', again.content.decode())
    assert known is not None
    assert paste(client, rows, "city", "Adria", seen=shown, told=unescape(known[1]), go="all").status_code == 200
    assert values("city") == [("Adria",)]


def test_what_is_repeated_is_what_one_saw(anna: User, bruno: User) -> None:
    rows = parties(anna, 3, city="Verona")
    save(actor_of(bruno), "party", {"city": "Padova"}, rows[0].pk)
    client = browser(anna)
    shown = seen(client, rows, "city")
    save(actor_of(bruno), "party", {"city": "Adria"}, rows[0].pk)
    first = paste(client, rows, "city", fill="1", size="3x1", seen=shown)
    assert told(first).count("ha scritto «Adria» nella cella che ripeti") == 2
    assert values("city") == [("Adria",), ("Verona",), ("Verona",)]
    known = re.search(r'name="told" value="([^"]*)"', first.content.decode())
    assert known is not None
    again = paste(client, rows, "city", fill="1", size="3x1", seen=shown, told=unescape(known[1]), go="all")
    assert again.status_code == 200
    assert values("city") == [("Adria",)] * 3


def test_what_one_saw_is_read_alike_for_every_kind_of_field(anna: User, bruno: User) -> None:
    save(actor_of(bruno), "industry", {"name": "Legno"})
    told_of = {
        "phone": "045 7901234",
        "email": "info@casale.it",
        "turnover": "1.234,50",
        "phase": "customer",
        "notes": "x " * 300,
    }
    rows = parties(anna, 2, industry=Industry.objects.get().pk, website="https://casale.it", **told_of)
    client = browser(anna)
    columns = "phone,email,website,turnover,phase,notes,industry,owner,employees"
    text = "\n".join(["045 111222\ta@b.it\thttps://b.it\t7\tLead\tCorte\t\tAnna\t3"] * 2)
    assert paste(client, rows, columns, text, seen=seen(client, rows, columns)).status_code == 200
    assert values("phase", "employees", "industry") == [("lead", 3, None)] * 2


@pytest.mark.parametrize("nonsense", ["{", "[1]", '{"x": 1}', '{"1/city": {}}', "null"])
def test_nonsense_about_what_was_seen_is_ignored(anna: User, nonsense: str) -> None:
    rows = parties(anna, 1)
    assert paste(browser(anna), rows, "city", "Adria", seen=nonsense, told=nonsense).status_code == 200
