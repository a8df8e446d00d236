"""What must never happen on a page: a script of somebody else's, a look at what is hidden, a change by looking."""

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client

from rapporto.domain.parties.models import Party
from rapporto.domain.people.actors import actor_of
from rapporto.domain.people.models import User
from rapporto.kernel.kinds import LongText, Text
from rapporto.kernel.record import RecordType
from rapporto.store.declare import DECLARED
from rapporto.store.errors import Invalid
from rapporto.store.history.export import canonical
from rapporto.store.userfields import record_type
from rapporto.store.write import save
from tests.web.desk import browser
from tests.web.samples import TOLD, one_of_each, required_values

pytestmark = pytest.mark.django_db

HOSTILE = {
    "script": "<script>alert(1)</script>",
    "image": '"><img src=x onerror=alert(1)>',
    "single quote": "' onmouseover='alert(1)",
    "template": "{{ 7|add:7 }}{% debug %}${7*7}",
    "end of a text area": "</textarea></title></template><svg onload=alert(1)>",
    "right to left": "Casale\u202egnp.exe\u2066",
    "NUL": "Ca\0sale\x08\x1b[31m",
    "emoji": "Casale 👩‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "joined marks": "C" + "\u0301" * 60 + "asale",
    "formula": '=HYPERLINK("http://evil.example")',
    "half of a pair": "Casale \ud83d",
}
TAGS_OF_OURS = {"script", "svg", "img", "template", "style", "iframe", "object", "embed"}


class Danger(HTMLParser):
    """Collects what could run in a page: scripts with text, handlers, styles, addresses of scripts."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.links: list[str] = []
        self.script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.script = tag == "script"
        for name, value in attrs:
            if name.startswith("on") or name == "style" or (value or "").lower().lstrip().startswith("javascript:"):
                self.found.append(f"<{tag} {name}={value}>")
            if tag == "a" and name == "href" and value:
                self.links.append(value)
            if tag == "img" and name == "src" and value == "x":
                self.found.append("<img src=x>")

    def handle_data(self, data: str) -> None:
        if self.script and data.strip():
            self.found.append(f"<script>{data[:40]}")

    def handle_endtag(self, tag: str) -> None:
        self.script = False


def dangers(page: str) -> list[str]:
    """What could run in a page."""
    reader = Danger()
    reader.feed(page)
    return reader.found


def texts_of(record: RecordType) -> list[str]:
    """The fields in which anything can be written."""
    return [
        name for name, field in record.fields.items() if isinstance(field.kind, (Text, LongText)) and not field.derived
    ]


TEXTS_OF_LEDGERS = ("name", "text", "document", "words", "reference")


def filled(name: str, row_id: int, aldo: User, text: str) -> list[str]:
    """Write a hostile text into every text field that takes it; the names of those."""
    taken = []
    for field in texts_of(record_type(name)):
        try:
            save(actor_of(aldo), name, {field: text}, row_id)
        except Invalid:
            continue
        taken.append(field)
    return taken


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_whatever_is_written_into_a_text_field_is_shown_harmless(aldo: User, text: str) -> None:
    made = one_of_each(actor_of(aldo), aldo)
    client = browser(aldo)
    for name, row_id in made.items():
        ledger = DECLARED[name].record.append_only
        if ledger:  # nobody changes it: a further one bears the text
            hostile = {field: text for field in texts_of(record_type(name)) if field in TEXTS_OF_LEDGERS}
            given = {**required_values(record_type(name), 2, made), **TOLD.get(name, {}), **hostile}
            row_id = int(save(actor_of(aldo), name, given).pk)
        fields = list(hostile) if ledger else filled(name, row_id, aldo, text)
        if not fields:
            continue
        columns = ",".join(fields)
        addresses = [
            f"/{name}/?columns={columns}",
            f"/{name}/{row_id}/",
            *([] if ledger else [f"/{name}/{row_id}/edit/"]),
        ]
        for address in addresses:
            answer = client.get(address)
            page = answer.content.decode()
            assert answer.status_code == 200, address
            assert dangers(page) == [], address
            assert "\0" not in page
            assert "<script>alert" not in page
        panel = client.get(f"/{name}/{row_id}/", headers={"HX-Request": "true", "HX-Target": "div#panel"})
        assert dangers(panel.content.decode()) == []


def sendable(text: str) -> bytes:
    """A text as a browser sends it: half of a pair becomes a mark of its own."""
    return text.encode("utf-8", "replace")


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_whatever_is_written_into_an_address_comes_back_harmless(aldo: User, text: str) -> None:
    client = browser(aldo)
    for name in (
        "q",
        "name.contains",
        "turnover.ge",
        "sort",
        "columns",
        "after",
        "filter",
        "as_of",
        "colour.eq",
        sendable(text).decode(),
    ):
        for path in ("/party/", "/search/"):
            answer = client.get(path, {name: sendable(text)})
            assert answer.status_code < 500, (path, name)
            assert dangers(answer.content.decode()) == [], (path, name)


def test_marks_that_turn_the_text_stay_within_their_cell(aldo: User) -> None:
    save(actor_of(aldo), "party", {"name": HOSTILE["right to left"]})
    page = browser(aldo).get("/party/").content.decode()
    assert re.search("<bdi>[^<]*\u202e[^<]*</bdi>", page)


def test_ten_thousand_characters_are_refused_in_words_or_cut_in_the_list(aldo: User) -> None:
    client = browser(aldo)
    answer = client.post("/party/new/", {"form.fields": "name", "name": "x" * 10_000})
    assert answer.status_code == 422
    assert "x" * 10_000 in answer.content.decode()
    save(actor_of(aldo), "party", {"name": "Ditta Casale", "notes": "y" * 10_000})
    page = client.get("/party/?columns=name,notes").content.decode()
    assert "y" * 1_001 not in page


def test_a_web_address_that_was_smuggled_in_leads_nowhere(aldo: User) -> None:
    row = save(actor_of(aldo), "party", {"name": "Ditta Casale"})
    Party.objects.filter(pk=row.pk).update(website="javascript:alert(1)", email='a@b.it" onclick="x')
    client = browser(aldo)
    assert dangers(client.get("/party/?columns=name,website,email").content.decode()) == []


# ── hidden fields ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.usefixtures("turnover_hidden")
@pytest.mark.parametrize(
    "query",
    [
        "sort=turnover",
        "sort=-turnover",
        "turnover.ge=1",
        "turnover.is_blank=1",
        "columns=name,turnover",
        "filter=turnover",
    ],
)
def test_a_hidden_field_is_answered_like_one_that_does_not_exist(anna: User, query: str) -> None:
    client = browser(anna)
    save(actor_of(anna), "party", {"name": "Ditta Casale", "owner": anna.pk})
    Party.objects.update(turnover=98765400)
    hidden, unknown = answered_alike(client, f"/party/?{query}")
    assert hidden.status_code == (400 if query.startswith("filter") else 200)
    assert unknown.content.count(b"data-panel>") == (0 if query.startswith("filter") else 1)
    # what goes out or changes is no way around it either
    for way in ("/party/?{}&export=csv", "/party/?{}&print=1", "/party/?{}&q=casale"):
        answered_alike(client, way.format(query))


def answered_alike(client: Client, address: str) -> tuple[Any, Any]:
    """The answers for the hidden field and for one that is none, which differ in its name alone."""
    found = client.get(address), client.get(address.replace("turnover", "turnoves"))
    bare = [_without_chance(answer).replace(b"turnoves", b"turnover") for answer in found]
    assert found[0].status_code == found[1].status_code
    assert bare[0] == bare[1]
    return found


def _without_chance(answer: Any) -> bytes:
    """A page without its tokens, which differ at every answer."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return re.sub(b'value="[A-Za-z0-9]{64}"|content="[A-Za-z0-9]{64}"|hx-stamp="[0-9a-f]+"', b"", content)


@pytest.mark.usefixtures("turnover_hidden")
def test_a_hidden_field_is_nowhere_on_a_page(anna: User) -> None:
    row = save(actor_of(anna), "party", {"name": "Ditta Casale", "owner": anna.pk})
    Party.objects.filter(pk=row.pk).update(turnover=98765400)
    client = browser(anna)
    addresses = (
        "/party/",
        "/party/?filter=",
        "/party/change/",
        f"/party/{row.pk}/",
        f"/party/{row.pk}/edit/",
        "/party/new/",
    )
    for address in addresses:
        page = client.get(address).content.decode()
        assert "987.654" not in page, address
        assert "turnover" not in page, address
    client.post("/party/change/", {"set": "turnover", "form.fields": "turnover", "turnover": "1", "id": row.pk})
    client.post(f"/party/{row.pk}/edit/", {"form.fields": "turnover", "turnover": "1"})
    assert Party.objects.get().turnover == 98765400


@pytest.mark.usefixtures("turnover_hidden")
def test_a_hidden_field_is_hidden_behind_links_too(anna: User) -> None:
    client = browser(anna)
    party = save(actor_of(anna), "party", {"name": "Ditta Casale", "owner": anna.pk})
    Party.objects.update(turnover=98765400)
    save(actor_of(anna), "activity", {"party": party.pk, "subject": "Sconto", "at": "16/11/2026 09:30"})
    for query in (
        "party.turnover.ge=1",
        "party.turnover.le=1",
        "sort=party.turnover",
        "columns=subject,party.turnover",
        "group=party.turnover",
    ):
        hidden, _ = answered_alike(client, f"/activity/?{query}")
        assert (hidden.status_code, hidden.content.count(b"data-panel>")) == (200, 1), query


# ── looking changes nothing ─────────────────────────────────────────────────────────────────────


def test_following_every_link_as_administrator_changes_nothing(aldo: User) -> None:
    one_of_each(actor_of(aldo), aldo)
    client = browser(aldo)
    before = list(canonical())
    waiting, seen = ["/"], set[str]()
    while waiting and len(seen) < 400:
        address = waiting.pop()
        if address in seen:
            continue
        seen.add(address)
        answer = client.get(address)
        assert answer.status_code < 500, address
        if answer.status_code == 302:
            waiting.append(answer.headers["Location"])
        if answer.streaming:  # a file leads nowhere
            answer.getvalue()
            continue
        reader = Danger()
        reader.feed(answer.content.decode(errors="replace"))
        waiting += [link for link in reader.links if link.startswith("/") and not link.startswith("//")]
    assert len(seen) > 100
    assert list(canonical()) == before


# ── headers ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "address", ["/party/", "/search/", "/settings/", "/party/999/", "/account/login/", "/nothing-here/"]
)
def test_every_answer_forbids_what_is_not_ours_and_is_kept_by_nobody(aldo: User, address: str) -> None:
    answer = browser(aldo).get(address)
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["Cache-Control"] == "no-store"
    assert "HX-Target" in answer.headers["Vary"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_no_page_bears_a_script_or_style_of_its_own(aldo: User) -> None:
    made = one_of_each(actor_of(aldo), aldo)
    client = browser(aldo)
    pages = ["/search/?q=pr", "/settings/", "/party/new/", "/account/password/change/"]
    pages += [f"/{name}/" for name in DECLARED] + [f"/{name}/{row_id}/" for name, row_id in made.items()]
    for address in pages:
        page = client.get(address).content.decode()
        assert dangers(page) == [], address
        assert "<style" not in page, address


@pytest.mark.parametrize("address", ["/party/change/", "/party/new/", "/party/columns/", "/language/", "/undo/1/"])
def test_a_change_without_our_token_is_refused(aldo: User, address: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(aldo)
    assert client.post(address, {}).status_code == 403
    assert client.post(address, {}, headers={"HX-Request": "true"}).status_code == 403


def test_who_has_left_is_outside_at_the_next_request(anna: User) -> None:
    client = browser(anna)
    assert client.get("/party/").status_code == 200
    User.objects.filter(pk=anna.pk).update(is_active=False)
    assert client.get("/party/").headers["Location"].startswith("/account/login/")
    assert client.get("/party/", headers={"HX-Request": "true"}).status_code == 401
