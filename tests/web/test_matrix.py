"""Every address × method × role: what is answered is written in matrix.txt, every cell of it; an address without a row fails.

Renew the table with RAPPORTO_RENEW=1, then read the difference before it is kept: each changed cell is a right given or taken.
"""

import os
from collections.abc import Iterator
from http.cookies import SimpleCookie
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from rapporto.domain.people.actors import actor_of
from rapporto.domain.people.models import BACK_OFFICE, User
from rapporto.kernel.actor import ADMINISTRATOR, AGENT, MANAGER
from rapporto.store.asking import forget_estimates
from rapporto.store.declare import DECLARED
from rapporto.store.history.models import ChangeSet
from tests.web.samples import one_of_each, user

TABLE = Path(__file__).with_name("matrix.txt")
RENEW = os.environ.get("RAPPORTO_RENEW") == "1"
ROLES = ("owner", "other agent", "manager", "back office", "administrator", "leaver", "nobody")
METHODS = ("GET", "POST")
MISSING = 999_999
PART = {"HX-Request": "true"}
ONLY_PARTS = ("/history/", "/timeline/")
"""Addresses that the JavaScript of a page asks for; anybody else is sent to the card."""

Cells = dict[str, tuple[str, ...]]


def routes() -> Iterator[str]:
    """Every address pattern of the product, its own and those of its parts."""

    def walk(patterns: list[URLPattern | URLResolver], before: str) -> Iterator[str]:
        for one in patterns:
            if isinstance(one, URLResolver):
                yield from walk(one.url_patterns, before + str(one.pattern))
            else:
                yield before + str(one.pattern)

    return walk(get_resolver().url_patterns, "/")


PLACES = {
    "<fielded:name>": "party",
    "lists/<str:name>": "lists/industry",
    "<int:change_set>": str(MISSING),
    "<int:event>": str(MISSING),
    "<int:job>": str(MISSING),
    "<int:pair>": str(MISSING),
    "<int:pk>": str(MISSING),
    "<int:post>": str(MISSING),
    "<int:run>": str(MISSING),
    r"^confirm-email/(?P<key>[-:\w]+)/$": "confirm-email/abc/",
    r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": "password/reset/key/1-abc/",
}


def addresses(rows: dict[str, int]) -> Iterator[tuple[str, str]]:
    """(the row of the table, the address asked for): the patterns of records once for every record type."""
    for route in routes():
        for written, real in PLACES.items():
            route = route.replace(written, real)
        if "<record:record>" not in route:
            named = {"row_id": rows["party"], **rows}  # «<int:user>» is a row of that type
            address = route
            for name, row in named.items():
                route = route.replace(f"<int:{name}>", "<row>")
                address = address.replace(f"<int:{name}>", str(row))
            yield route, address
            continue
        for name in DECLARED:
            line = route.replace("<record:record>", name).replace("<str:name>", "<field>")
            address = line.replace("<int:row_id>", str(rows[name])).replace("<field>", DECLARED[name].record.title)
            yield line.replace("<int:row_id>", "<row>"), address


@pytest.fixture
def clients() -> dict[str, Client]:
    """One browser for each role; the leaver was signed in when the door was closed."""
    cache.clear()
    forget_estimates()
    people = {
        "owner": user("Anna", AGENT),
        "other agent": user("Carla", AGENT),
        "manager": user("Bruno", MANAGER),
        "back office": user("Davide", BACK_OFFICE),
        "administrator": user("Aldo", ADMINISTRATOR),
        "leaver": user("Livio", ADMINISTRATOR),
    }
    found = {role: Client() for role in ROLES}
    for role, person in people.items():
        found[role].force_login(person)
    User.objects.filter(pk=people["leaver"].pk).update(is_active=False)
    return found


def newest() -> int | None:
    """The last change set there is."""
    return ChangeSet.objects.order_by("-pk").values_list("pk", flat=True).first()


def ask(client: Client, method: str, address: str) -> str:
    """The status of an answer, «sign in» when it leads to the door, «writes» when a change set came of it, which is taken back."""
    kept = SimpleCookie(client.cookies.output(header="", sep="; "))
    with transaction.atomic():
        before = newest()
        headers = PART if address.endswith(ONLY_PARTS) else None
        response = (
            client.get(address, headers=headers) if method == "GET" else client.post(address, {}, headers=headers)
        )
        wrote = " writes" if newest() != before else ""
        transaction.set_rollback(True)
    client.cookies = kept
    to_the_door = response.status_code == 302 and response.headers["Location"].startswith("/account/login/")
    return "sign in" if to_the_door or response.status_code == 401 else f"{response.status_code}{wrote}"


def answers(clients: dict[str, Client], rows: dict[str, int]) -> Cells:
    """The whole table as it is now."""
    return {
        f"{method} {row}": tuple(ask(clients[role], method, address) for role in ROLES)
        for row, address in addresses(rows)
        for method in METHODS
    }


def written() -> Cells:
    """The table as it is kept."""
    lines = [line for line in TABLE.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    return {
        cells[0].strip(): tuple(cell.strip() for cell in cells[1:]) for cells in (line.split("|") for line in lines)
    }


def write(table: Cells) -> None:
    """Keep the table."""
    width = max(map(len, table))
    head = "# " + " " * (width - 2) + " | " + " | ".join(f"{role:13}" for role in ROLES)
    lines = [f"{row:{width}} | " + " | ".join(f"{cell:13}" for cell in cells) for row, cells in table.items()]
    TABLE.write_text("\n".join(line.rstrip() for line in (head, *lines)) + "\n", "utf-8")


@pytest.mark.django_db
def test_every_address_answers_every_role_as_the_table_says(clients: dict[str, Client]) -> None:
    anna, aldo = User.objects.get(name="Anna"), User.objects.get(name="Aldo")
    now = answers(clients, one_of_each(actor_of(aldo), anna))
    if RENEW:
        write(now)
    kept = written()
    assert sorted(now) == sorted(kept), "an address without a row, or a row without an address"
    different = {row: (kept[row], now[row]) for row in now if kept[row] != now[row]}
    assert different == {}


def test_nobody_and_who_has_left_never_get_further_than_the_door() -> None:
    open_to_all = ("/account/", "/language/")
    further = [
        row
        for row, cells in written().items()
        if not row.split(" ")[1].startswith(open_to_all) and set(cells[-2:]) - {"sign in", "404", "405"}
    ]
    assert further == []


def test_another_agent_finds_nothing_where_the_owner_finds_a_party() -> None:
    theirs = [row for row in written() if "/party/<row>/" in row or "/activity/<row>/" in row]
    assert theirs
    found = [row for row in theirs if written()[row][ROLES.index("other agent")] not in ("404", "405")]
    assert found == []


def test_looking_never_writes() -> None:
    assert [
        row for row, cells in written().items() if row.startswith("GET") and any("writes" in cell for cell in cells)
    ] == []


def test_registers_are_written_by_those_who_keep_them_and_by_nobody_else() -> None:
    row = "POST /industry/<row>/delete/"
    allowed = {role for role, cell in zip(ROLES, written()[row], strict=True) if "writes" in cell}
    assert allowed == {"manager", "administrator"}


def test_no_answer_is_a_failure_of_ours() -> None:
    assert [row for row, cells in written().items() if any(cell.startswith("5") for cell in cells)] == []


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["", "edit/", "history/"])
def test_what_is_forbidden_and_what_is_missing_are_answered_alike(clients: dict[str, Client], path: str) -> None:
    rows = one_of_each(actor_of(User.objects.get(name="Aldo")), User.objects.get(name="Anna"))
    carla = clients["other agent"]
    for name in ("party", "activity"):
        part = PART if path == "history/" else None
        forbidden = carla.get(f"/{name}/{rows[name]}/{path}", headers=part)
        missing = carla.get(f"/{name}/{MISSING}/{path}", headers=part)
        assert forbidden.status_code == missing.status_code == 404
        hide = (str(rows[name]).encode() + b"/", str(MISSING).encode() + b"/")
        assert tokenless(forbidden.content).replace(hide[0], b"") == tokenless(missing.content).replace(hide[1], b"")


def tokenless(body: bytes) -> bytes:
    """A page without the tokens that differ at every answer."""
    return b"\n".join(line for line in body.split(b"\n") if b"csrf" not in line)
