"""Values as they are read on a card: words, what they open, and what is said where there is nothing."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from rapporto.kernel.kinds import Links, Tick
from rapporto.kernel.record import USER_FIELDS, Field
from rapporto.web.links import card_url
from rapporto.web.reading import Reading, Titles, link_title


@dataclass(frozen=True)
class Fact:
    """A name and a value; `url` opens it, `empty` stands where there is none, `locked` says why nobody may change it here."""

    label: str
    value: str
    url: str = ""
    empty: str = ""
    locked: str = ""
    today: str = ""
    """What it is today, when the past is looked at and it was otherwise."""


@dataclass(frozen=True)
class FactSection:
    """Facts under one head."""

    label: str
    facts: tuple[Fact, ...]


def words(one: Field, value: Any, known: Titles) -> str:
    """A value in the language of the page; '' when blank."""
    if one.link:
        return link_title(one, value, known)
    if isinstance(one.kind, Tick):
        return (_("Yes") if value else _("No")) if value is not None else ""
    return one.kind.show(value, get_language() or "it")


def opens(one: Field, value: Any, known: Titles) -> str:
    """What a value opens: a call, a mail, a page, the card of the linked record."""
    if value in (None, "") or isinstance(one.kind, Links):
        return ""
    if one.link:
        return card_url(one.link, value) if value in known.get(one.link, {}) and one.link == "party" else ""
    address: Callable[[str], str] | None = getattr(one.kind, "address", None)
    return address(value) if address else ""


def fact(one: Field, value: Any, known: Titles, empty: str = "") -> Fact:
    """A field and its value as they are shown."""
    return Fact(str(one.label), words(one, value, known), opens(one, value, known), empty)


def is_blank(one: Field, value: Any) -> bool:
    """Whether there is nothing to show: a tick that was not set says nothing either."""
    return value in (None, "", ()) or (isinstance(one.kind, Tick) and not value)


def sections(
    reading: Reading, *, left_out: Collection[str] = (), asked_for: Collection[str] = (), profile: bool | None = None
) -> list[FactSection]:
    """The filled fields by section; a blank one only when it is `asked_for`: then it says that it is to be asked.

    `profile` chooses the sections with the fields that the company made (True), or those without them (False).
    """
    found = []
    for label, names in _parts(reading, profile):
        shown = [n for n in names if n not in left_out and (not _blank(reading, n) or n in asked_for)]
        facts = tuple(_fact(reading, name) for name in shown)
        if facts:
            found.append(FactSection(label, facts))
    return found


def blanks(reading: Reading, *, left_out: Collection[str] = ()) -> list[Fact]:
    """The fields of which nothing is known, folded away on the card."""
    names = [name for _label, some in _parts(reading) for name in some if name not in left_out]
    return [_fact(reading, name, "—") for name in dict.fromkeys(names) if _blank(reading, name)]


@dataclass(frozen=True)
class Group:
    """A group of the profile: its fields by name, filled or not."""

    number: int
    label: str
    names: tuple[str, ...]
    facts: tuple[Fact, ...]


def groups(reading: Reading) -> list[Group]:
    """The company's own groups of the profile, blank fields included: what is not known yet is to be asked."""
    return [
        Group(number, label, names, tuple(_fact(reading, name) for name in names))
        for number, (label, names) in enumerate(_parts(reading, profile=True))
    ]


def _parts(reading: Reading, profile: bool | None = None) -> Iterable[tuple[str, tuple[str, ...]]]:
    """The sections, those of user-made fields divided by the company's own groups."""
    for label, declared in reading.record.sections.items():
        if profile is not None and profile != (USER_FIELDS in declared):
            continue
        found: dict[str, list[str]] = {}
        for name in reading.record.with_made(declared):
            one = reading.record.fields[name]
            if not one.only_for or reading.values.get("kind") in one.only_for or not _blank(reading, name):
                found.setdefault(one.group or str(label), []).append(name)
        yield from ((group, tuple(some)) for group, some in found.items())


def _blank(reading: Reading, name: str) -> bool:
    """Of what is known today and was not yet then, the past says so."""
    return not reading.otherwise_now(name) and is_blank(reading.record.fields[name], reading.values.get(name))


def _fact(reading: Reading, name: str, empty: str = "") -> Fact:
    one = reading.record.fields[name]
    found = fact(one, reading.values.get(name), reading.titles, empty or _("to be asked"))
    if reading.now is None or not reading.otherwise_now(name):
        return found
    today = words(one, reading.now.values.get(name), reading.now.titles) or _("nothing")
    return replace(found, empty="—", today=_("today: {value}").format(value=today))


def chosen(reading: Reading, names: Iterable[str]) -> list[Fact]:
    """Some facts in their order, without the blank ones."""
    return [_fact(reading, name) for name in names if name in reading.record.fields and not _blank(reading, name)]


def changed_words(one: Field, value: Any, known: Mapping[str, dict[int, str]]) -> str:
    """A value in a line of the history: long texts are cut."""
    text = words(one, value, dict(known)).replace("\n", " ")
    return text if len(text) <= 160 else f"{text[:157]}…"
