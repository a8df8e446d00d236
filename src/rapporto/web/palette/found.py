"""The records that the palette finds: recently opened ones, and those by name, number or address; what can be done with one."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from rapporto.kernel.actor import Actor
from rapporto.kernel.kinds import Email, Phone
from rapporto.kernel.record import Field, RecordType
from rapporto.kernel.text import fold
from rapporto.store.declare import DECLARED
from rapporto.store.pages import Page, chosen
from rapporto.store.records import titles
from rapporto.store.search import Found, search
from rapporto.store.userfields import record_type
from rapporto.web.asked import language
from rapporto.web.commands.declared import COMMANDS
from rapporto.web.commands.registry import CARD, PANEL, At
from rapporto.web.facts import words as told
from rapporto.web.links import card_url
from rapporto.web.palette.matching import marked
from rapporto.web.palette.offers import Group, Offer, Question, of_commands

BEST, OTHERS = 7, 3
"""How many records of the first type are shown, and of each other."""
RECENT = 6
HINTS = {"party": ("phase", "city"), "activity": ("at", "party"), "user": ("role", "email")}
"""What is told of a record beside its name; of others the first columns of their list."""
MISTYPED = ("party", "user")
"""Names that people write down by ear."""
FRAGMENT = 3
"""Fewer letters are the beginning of a name, and of nothing else."""
LEFT_OUT = ("saved_view",)
"""Found in a group of their own."""


def searched(actor: Actor) -> Iterator[RecordType]:
    """The record types that this person can search, those with a place first."""
    every = [one for one in DECLARED if DECLARED[one].record.search and one not in LEFT_OUT]
    for name in sorted(every, key=lambda one: not DECLARED[one].record.place):
        record = record_type(name).seen_by(actor)
        if record.search and record.visible(actor):
            yield record


def search_everywhere(
    actor: Actor, text: str, best: int, others: int, *, typos: bool = True
) -> list[tuple[RecordType, Found]]:
    """What holds the words, the best of each type; where nothing does, with `typos` those whose name is nearly so."""
    every = [(record, best if at == 0 else others) for at, record in enumerate(searched(actor))]
    if len(text.strip()) < FRAGMENT:
        every = [(record, limit) for record, limit in every if record.name in MISTYPED]
    found = [(record, search(actor, record.name, text, limit=limit)) for record, limit in every]
    if typos and not any(one.ids for _record, one in found):
        named = [(record, limit) for record, limit in every if record.name in MISTYPED]
        found = [(record, search(actor, record.name, text, limit=limit, typos=True)) for record, limit in named]
    return [(record, one) for record, one in found if one.ids]


def heading(record: RecordType, found: Found) -> str:
    """What stands over the records found of a type."""
    return _("{plural}, written nearly so").format(plural=record.plural) if found.near else str(record.plural)


def records(asked: Question, text: str, left_out: Iterable[str] = (), *, typos: bool = True) -> Iterator[Group]:
    """The records found, but for those that are shown already."""
    known = set(left_out)
    for record, one in search_everywhere(asked.actor, text, BEST, OTHERS, typos=typos):
        ids = [row_id for row_id in one.ids if f"{record.name}/{row_id}" not in known]
        if ids:
            yield Group(heading(record, one), list(_lines(asked.actor, record, ids, asked.words, near=one.near)))


def _lines(
    actor: Actor, record: RecordType, ids: Sequence[int], typed: Sequence[str], *, near: bool
) -> Iterator[Offer]:
    hints = [name for name in HINTS.get(record.name, record.grid[:3]) if name in record.fields and name != record.title]
    icon = ("kind",) if record.name == "party" and "kind" in record.fields else ()
    names = tuple(dict.fromkeys((record.title, *icon, *hints, *record.search)))
    page = chosen(actor, record.name, ids, columns=names)
    for row_id, values in page.rows:
        row = dict(zip(names, values, strict=True))
        title = _told(page, record.fields[record.title], row)
        label, hint = marked(title, typed), None if near else _why(page, record, row, typed, title)
        hint = hint or marked(" · ".join(filter(None, (_told(page, record.fields[one], row) for one in hints))), typed)
        yield Offer(label, _icon(record, row), card_url(record.name, row_id), hint=hint, acts=f"{record.name}/{row_id}")


def _icon(record: RecordType, row: Mapping[str, Any]) -> str:
    return (
        {"person": "person", "unit": "unit"}.get(str(row.get("kind")), "company")
        if record.name == "party"
        else record.icon
    )


def _told(page: Page, one: Field, row: Mapping[str, Any]) -> str:
    known = {one.link: dict(page.titles.get(one.name, {}))} if one.link else {}
    return told(one, row[one.name], known)


def _why(page: Page, record: RecordType, row: Mapping[str, Any], typed: Sequence[str], title: str) -> SafeString | None:
    """The value by which a record was found, when it is not its name."""
    name = fold(title)
    if all(word in name for word in typed):
        return None
    for one in (record.fields[name] for name in record.search if name != record.title and name in row):
        text = _told(page, one, row)[:120]
        if text and "<mark>" in (found := marked(text, typed)):
            return SafeString(f"{marked(str(one.label), ())} {found}")
    return None


def recent(asked: Question, addresses: Sequence[str]) -> Group:
    """Records that this person opened lately, as they may still see them, in that order."""
    by_type: dict[str, list[int]] = {}
    for name, row_id in filter(None, map(record_of, addresses)):
        by_type.setdefault(name, []).append(row_id)
    known = {
        (name, row_id): str(title)
        for name, ids in by_type.items()
        for row_id, title in titles(asked.actor, name, ids).items()
    }
    offers = []
    for address in addresses:
        name, row_id = record_of(address) or ("", 0)
        title = known.get((name, row_id), "")
        if title and all(word in fold(title) for word in asked.words):
            hint = marked(str(DECLARED[name].record.label), ())
            url = card_url(name, row_id)
            offers.append(Offer(marked(title, asked.words), DECLARED[name].record.icon, url, hint=hint, acts=address))
    return Group(_("Recently opened"), offers[:RECENT])


def record_of(address: str) -> tuple[str, int] | None:
    """«party/12» as a record type that stands by itself and an id; None when it is none."""
    name, _slash, number = address.partition("/")
    if name not in DECLARED or not number.isdecimal() or not 0 < len(number) < 19 or int(number) < 1:
        return None
    record = DECLARED[name].record
    return None if record.part_of or record.fields[record.title].link else (name, int(number))


def title_at(actor: Actor, at: At) -> str:
    """What the record at hand is called; "" when there is none, or it may not be seen."""
    named = record_of(f"{at.record}/{at.id}") if at.id is not None else None
    return str(titles(actor, named[0], [named[1]]).get(named[1], "")) if named else ""


def acts(asked: Question) -> Iterator[Group]:
    """What can be done with the record at hand: reach it, open it, note, change."""
    title = title_at(asked.actor, asked.at)
    if not title:
        return
    record = record_type(asked.at.record).seen_by(asked.actor)
    row_id = asked.at.id or 0
    opening = Offer(marked(_("Open the card"), asked.words), "open", card_url(record.name, row_id))
    commands = [one for one in COMMANDS.values() if {CARD, PANEL} & set(one.where)]
    offers = [opening, *of_commands(asked, commands), *_reach(asked.actor, record, row_id)]
    yield Group(_("For {title}").format(title=title), offers)


def _reach(actor: Actor, record: RecordType, row_id: int) -> Iterator[Offer]:
    """The numbers and addresses of a record, to be called and written to."""
    kinds = {name: one.kind for name, one in record.fields.items() if isinstance(one.kind, Phone | Email)}
    if not kinds:
        return
    for _id, values in chosen(actor, record.name, [row_id], columns=tuple(kinds)).rows:
        for (name, kind), value in zip(kinds.items(), values, strict=True):
            if value and (url := kind.address(value)):
                icon = "phone" if isinstance(kind, Phone) else "mail"
                hint = marked(str(record.fields[name].label), ())
                yield Offer(marked(kind.show(value, language()), ()), icon, url, hint=hint)
