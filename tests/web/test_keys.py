"""The registry of commands: each has its button, no key is the only way, none is taken from the browser or said twice."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from rapporto.domain.parties.duplicates.models import LikelyDuplicate
from rapporto.domain.parties.duplicates.proposing import Proposal, propose
from rapporto.domain.people.actors import actor_of
from rapporto.domain.people.models import User
from rapporto.domain.processes.commands import NextStep, log_activity
from rapporto.kernel.actor import ADMINISTRATOR
from rapporto.store.history.models import ChangeSet
from rapporto.store.write import save
from rapporto.web.commands import registry
from rapporto.web.commands.declared import COMMANDS
from rapporto.web.commands.places import at_address
from rapporto.web.commands.registry import (
    BROWSERS_OWN,
    CARD,
    EVERYWHERE,
    FORM,
    LIST,
    PANEL,
    REVIEW,
    TOGETHER,
    At,
    Command,
    add,
)
from tests.web.samples import user

WEB = Path(registry.__file__).resolve().parent.parent
TEMPLATES = sorted((WEB / "templates").rglob("*.html"))
BESIDE = {"HX-Request": "true", "HX-Target": "div#panel"}


class Buttons(HTMLParser):
    """The words of every element that bears a command: its text, or what it is called for the ear."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[tuple[str, str | None]] = []
        self.words: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """One element; what lies inside belongs to the command around it."""
        told = dict(attrs)
        if tag == "input":
            self._say(told.get("aria-label") or "")
        elif tag not in ("br", "hr", "meta", "link", "img", "use", "circle", "path"):
            name = told.get("data-command") or (self.open[-1][1] if self.open else None)
            self.open.append((tag, name))
            if told.get("data-command"):
                self.words.setdefault(str(name), "")
                self._say(told.get("aria-label") or "")

    def handle_endtag(self, tag: str) -> None:
        """The end of an element."""
        if any(one == tag for one, _name in self.open):
            while self.open.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        """A piece of text."""
        self._say(data.strip())

    def _say(self, text: str) -> None:
        if self.open and self.open[-1][1] and text:
            self.words[str(self.open[-1][1])] += text


@pytest.fixture
def pages(db: None) -> dict[str, str]:
    """The pages on which the commands have their buttons, as the administrator sees them."""
    aldo = user("Aldo", ADMINISTRATOR, language="it")
    client = Client()
    client.force_login(aldo)
    row = save(actor_of(aldo), "party", {"name": "Ditta Casale", "owner": aldo.pk})
    step = NextStep(subject="Richiamare", at=timezone.now() + timedelta(days=1))
    log_activity(actor_of(aldo), party=row.pk, subject="Telefonata", next=step)
    save(actor_of(aldo), "party", {"name": "Ditta Casale e figli"}, id=row.pk)
    others = [save(actor_of(aldo), "party", {"name": name}).pk for name in ("Alba", "Brenta", "Cimbri")]
    propose(
        actor_of(aldo), [Proposal(row.pk, other, percent) for other, percent in zip(others, (90, 80, 70), strict=True)]
    )
    middle = LikelyDuplicate.objects.get(probability=80).pk
    session = client.session
    session["toast"] = {"message": "Fatto", "undo_url": f"/undo/{ChangeSet.objects.latest('pk').pk}/"}
    session.save()
    addresses = ("/party/", "/activity/", f"/party/{row.pk}/", f"/party/{row.pk}/edit/", "/party/change/",
                 f"/duplicates/?pair={middle}")  # fmt: skip
    found = {address: client.get(address).content.decode() for address in addresses}
    panel = client.get(f"/party/{row.pk}/", headers=BESIDE).content.decode()
    return {**found, "panel": panel}


def test_every_command_has_a_worded_button_or_says_how_it_is_done_by_hand(pages: dict[str, str]) -> None:
    words: dict[str, str] = {}
    for page in pages.values():
        words |= {name: told for name, told in Buttons(page).words.items() if told}
    reachable = {name for name, one in COMMANDS.items() if one.by_hand or one.url is not None}
    assert set(COMMANDS) - set(words) - reachable == set(), "a command without a button"
    assert set(words) <= set(COMMANDS)
    shortened = {name for name, one in COMMANDS.items() if one.shortcuts and not one.by_hand} - set(words)
    assert shortened == set(), "a key whose button has no words"


def test_the_letters_and_keys_on_the_buttons_are_those_of_the_registry(pages: dict[str, str]) -> None:
    for page in pages.values():
        for name, keys in re.findall(r'data-command="(\w+)"[^>]*? aria-keyshortcuts="([^"]+)"', page):
            assert keys.split() == list(COMMANDS[name].shortcuts)
    assert 'data-letter="N"' in pages["/party/"]


@pytest.mark.parametrize("places", TOGETHER)
def test_no_two_commands_before_a_person_have_the_same_key(places: tuple[str, ...]) -> None:
    pressed = [
        keys for one in COMMANDS.values() if set(one.where) & set(places) and not one.by_hand for keys in one.shortcuts
    ]
    assert sorted(pressed) == sorted(set(pressed))


def test_the_browsers_keep_their_keys() -> None:
    combined = {keys for one in COMMANDS.values() if not one.by_hand for keys in one.shortcuts if "+" in keys}
    assert {keys for keys in combined if not keys.startswith("Alt+")} == {"Control+K"}
    assert {keys.removeprefix("Alt+") for keys in combined if keys.startswith("Alt+")} & BROWSERS_OWN == set()


@pytest.mark.parametrize("letter", ["D", "F", "E", "NN"])
def test_a_letter_of_the_browsers_stops_the_start(letter: str) -> None:
    with pytest.raises(ValueError, match="browsers"):
        add(Command("planted", "Planted", (EVERYWHERE,), "plus", letter=letter))


def test_the_same_key_twice_stops_the_start() -> None:
    with pytest.raises(ValueError, match="new_party"):
        add(Command("planted", "Planted", (LIST,), "plus", letter="N"))
    with pytest.raises(ValueError, match="twice"):
        add(Command("new_party", "Planted", (LIST,), "plus"))


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: file.name)
def test_no_template_names_a_key_by_itself(file: Path) -> None:
    text = file.read_text("utf-8")
    assert not re.search(
        r"accesskey|aria-keyshortcuts|\((?:[A-Z]|Esc|Ctrl.*)\)['\"]", re.sub(r"Single keys \(.*?\)", "", text)
    )


@pytest.mark.parametrize("language", ["it", "en"])
def test_every_command_is_called_something_in_both_languages(language: str) -> None:
    with override(language):
        labels = [str(one.label) for one in COMMANDS.values()]
    assert all(labels)
    assert len({*labels}) == len(labels)


@pytest.mark.parametrize(
    ("address", "at"),
    [
        ("/party/?sort=name", At(LIST, "party")),
        ("/party/12/", At(CARD, "party", 12)),
        ("/activity/3/edit/", At(FORM, "activity", 3)),
        ("/party/new/", At(FORM, "party")),
        ("/settings/", At()),
        ("/nothing/", At()),
        ("//evil.example/party/1/", At(CARD, "party", 1)),
        ("http://[", At()),
        ("", At()),
        ("/party/" + "9" * 30 + "/", At()),
    ],
)
def test_where_a_person_is_is_read_from_the_address(address: str, at: At) -> None:
    assert at_address(address) == at


def lines(client: Client, address: str, **headers: str) -> Iterator[str]:
    """The commands on the sheet of the keys."""
    page = client.get(address, headers=headers).content.decode()
    yield from (
        re.sub("<[^>]+>", "", one).strip() for one in re.findall(r"<dt>(.*?)(?:<small>|</dt>)", page, re.DOTALL)
    )


@pytest.mark.django_db
def test_the_sheet_tells_every_key_and_as_a_dialog_those_of_the_page(anna: User) -> None:
    client = Client()
    client.force_login(anna)
    with override("it"):
        every = {str(one.label) for one in COMMANDS.values() if one.shortcuts}
    assert set(lines(client, "/keys/")) == every
    part = {"HX-Request": "true", "HX-Target": "div#keys-list"}
    here = set(lines(client, "/keys/?has=palette,columns", **part))
    assert {"Cerca o comanda", "Scegli le colonne", "Riga successiva"} <= here
    assert "Scheda successiva" not in here
    assert "Riga successiva" not in set(lines(client, "/keys/?has=save", **part))


def test_every_place_of_a_command_is_one_of_the_sheet() -> None:
    assert {place for one in COMMANDS.values() for place in one.where} <= {
        EVERYWHERE,
        LIST,
        PANEL,
        CARD,
        FORM,
        REVIEW,
        "chosen",
        "sheet",
    }
