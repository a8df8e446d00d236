"""The registry of commands: what each is called, where it applies, its keys and letter, what it does, who may."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from rapporto.kernel.actor import Actor
from rapporto.kernel.registry import Registry

EVERYWHERE, LIST, CHOSEN, PANEL, CARD, FORM, SHEET = "everywhere", "list", "chosen", "panel", "card", "form", "sheet"
REVIEW = "review"
"""The queue of likely duplicates."""
TOGETHER = (
    (EVERYWHERE, LIST, CHOSEN, SHEET, PANEL),
    (EVERYWHERE, CARD, PANEL),
    (EVERYWHERE, FORM, PANEL),
    (EVERYWHERE, REVIEW),
)
"""Places that a person may have before them at once: their keys and letters must not collide."""
BROWSERS_OWN = frozenset("ABCDEFHMSTV")
"""Letters that Firefox and Chrome answer with Alt, in Italian or English: the address bar and their menus."""


@dataclass(frozen=True)
class At:
    """Where a person is: the record type of the list or card at hand, and the record itself."""

    place: str = EVERYWHERE
    record: str = ""
    id: int | None = None


def anybody(actor: Actor, at: At) -> bool:
    """For whoever is signed in."""
    return True


@dataclass(frozen=True)
class Command:
    """One command. Labels are lazy. Without a `url` it is done by the button of the page that bears its name, and only there."""

    name: str
    label: Any
    where: tuple[str, ...]
    icon: str
    words: Any = ""
    """Other words a person may look for it by."""
    keys: tuple[str, ...] = ()
    """As ARIA spells them: «J», «?», «Control+K»."""
    letter: str = ""
    """Pressed together with Alt."""
    url: Callable[[Actor, At], str] | None = None
    allowed: Callable[[Actor, At], bool] = anybody
    by_hand: Any = ""
    """For keys that belong to a control and are only told of here: how the same is done without them."""

    @property
    def shortcuts(self) -> tuple[str, ...]:
        """All its keys, the letter among them."""
        return (*self.keys, *((f"Alt+{self.letter}",) if self.letter else ()))

    def reaches(self, actor: Actor, at: At) -> str:
        """Its address for this person here, "" where it has none or is refused."""
        return self.url(actor, at) if self.url is not None and self.allowed(actor, at) else ""


COMMANDS: Registry[Command] = Registry("command")


def add(command: Command) -> Command:
    """Declare a command. ValueError for a letter of the browsers, or a key that another one has in the same place."""
    if command.letter in BROWSERS_OWN or len(command.letter) > 1:
        raise ValueError(f"Alt+{command.letter} belongs to the browsers ({command.name})")
    for other in COMMANDS.values():
        if common := {*command.shortcuts} & {*other.shortcuts} and _meet(command, other):
            raise ValueError(f"{command.name} and {other.name} have the same keys: {common}")
    return COMMANDS.add(command.name, command)


def _meet(one: Command, other: Command) -> bool:
    """Whether both may be before a person at once, and their keys press buttons."""
    return (
        not one.by_hand
        and not other.by_hand
        and any(set(one.where) & set(places) and set(other.where) & set(places) for places in TOGETHER)
    )
