"""What the palette offers: lines in groups, and the lines of commands, places and saved views."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rapporto.domain.people.saved_views import spoken
from rapporto.kernel.actor import Actor
from rapporto.store.declare import DECLARED
from rapporto.store.records import find
from rapporto.web.commands.declared import COMMANDS
from rapporto.web.commands.registry import CARD, CHOSEN, EVERYWHERE, FORM, LIST, PANEL, At, Command
from rapporto.web.links import grid_url
from rapporto.web.palette.matching import marked, suits
from rapporto.web.registers import places, registers
from rapporto.web.settings.frame import chapters

MOST_VIEWS = 200


@dataclass(frozen=True)
class Offer:
    """One line: it leads to an address, or presses the button of a command on the page. `acts` names a record that has more to do."""

    label: SafeString
    icon: str
    url: str = ""
    press: str = ""
    hint: SafeString | str = ""
    key: str = ""
    acts: str = ""


@dataclass(frozen=True)
class Group:
    """Lines under one heading."""

    label: str
    offers: Sequence[Offer]


@dataclass(frozen=True)
class Question:
    """What the palette is asked: by whom, for which words, where, and which buttons that page has."""

    actor: Actor
    words: Sequence[str] = ()
    at: At = field(default_factory=At)
    present: frozenset[str] = frozenset()
    chosen: int = 0


def of_commands(asked: Question, commands: Iterable[Command]) -> list[Offer]:
    """The commands among these that suit, can be given here and are allowed, the best first."""
    found = []
    for command in commands:
        rank = suits(asked.words, str(command.label), str(command.words))
        press = command.name if command.name in asked.present else ""
        url = "" if press or rank is None else command.reaches(asked.actor, asked.at)
        if rank is not None and (press or url):
            key = command.shortcuts[0].replace("Control", "Ctrl").replace("+", " ") if command.shortcuts else ""
            label = marked(str(command.label), asked.words)
            found.append((rank, Offer(label, command.icon, url, press, key=key)))
    return [offer for _rank, offer in sorted(found, key=lambda one: one[0])]


def at_hand(asked: Question, title: str) -> Iterator[Group]:
    """What can be done here: with the chosen rows, the record at hand, the list, the form."""
    if asked.chosen:
        label = ngettext("With the {n} chosen row", "With the {n} chosen rows", asked.chosen).format(n=asked.chosen)
        yield Group(label, of_commands(asked, _of(CHOSEN)))
    if title:
        label = _("For {title}").format(title=title)
        yield Group(label, of_commands(asked, [one for one in _of(CARD, PANEL) if LIST not in one.where]))
    if asked.at.place == FORM:
        yield Group(_("In this form"), of_commands(asked, _of(FORM)))
    yield Group(_("In this list"), of_commands(asked, [one for one in _of(LIST) if CARD not in one.where or not title]))


def _of(*where: str) -> list[Command]:
    return [one for one in COMMANDS.values() if set(where) & set(one.where)]


def general(asked: Question) -> Group:
    """The commands that can be given everywhere; the palette itself is open already."""
    everywhere = [one for one in _of(EVERYWHERE) if one.name != "palette"]
    return Group(_("Commands"), of_commands(asked, everywhere))


def of_places(asked: Question) -> Group:
    """The places of the rail; once something is typed, the pages of the settings and the registers too."""
    every = [(str(one.plural), grid_url(one.name), one.icon, "", "") for one in places(asked.actor)]
    hint = _("Settings")
    every.append((hint, reverse("settings"), "gear", "", ""))
    if asked.words:
        pages = [one for chapter in chapters(asked.actor) for one in chapter.places]
        every += [(one.label, one.url, one.icon, hint, one.words) for one in pages]
        every += [(one.label, one.url, "gear", hint, "") for one in registers(asked.actor)]
    return Group(_("Places"), _best(asked, every))


def of_views(asked: Question) -> Group:
    """The saved views that this person may see."""
    if "saved_view" not in DECLARED or not asked.words:
        return Group("", ())
    seen = {one.record.name: str(one.record.plural) for one in DECLARED.values() if one.record.visible(asked.actor)}
    rows = find(asked.actor, "saved_view").order_by("position", "id").values_list("id", "name", "listed")[:MOST_VIEWS]
    every = [
        (spoken(name), f"{grid_url(listed)}?view={pk}", "eye", seen[listed], "")
        for pk, name, listed in rows
        if listed in seen
    ]
    return Group(_("Saved views"), _best(asked, every))


def _best(asked: Question, every: Iterable[tuple[str, str, str, str, str]]) -> list[Offer]:
    """Those of (label, address, icon, hint, other words) that suit, the best first; each address once."""
    found: dict[str, tuple[int, Offer]] = {}
    for label, url, icon, hint, words in every:
        rank = suits(asked.words, label, f"{hint} {words}")
        if rank is not None:
            found.setdefault(url, (rank, Offer(marked(label, asked.words), icon, url, hint=marked(hint, ()))))
    return [offer for _rank, offer in sorted(found.values(), key=lambda one: one[0])]
