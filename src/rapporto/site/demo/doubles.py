"""Cards of the demo company that stand there twice, as they come from a fair's list and from haste: to be merged, or told apart."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from rapporto.domain.parties.duplicates.models import DIFFERENT, IMPORT, LATER, MERGED, OPEN, SEARCH, LikelyDuplicate
from rapporto.domain.parties.legal_form import take_apart
from rapporto.domain.parties.models import ORGANISATION, PERSON, Party
from rapporto.kernel.actor import Actor
from rapporto.kernel.text import fold
from rapporto.site.demo.calendar import microseconds
from rapporto.site.demo.firms import Row
from rapporto.site.demo.rows import Table
from rapporto.site.demo.world import World
from rapporto.store.bulk_create import create_many
from rapporto.store.history.changing import change_set
from rapporto.store.history.models import Entry
from rapporto.store.imports.models import ImportSource
from rapporto.store.imports.runs import BY, COLUMNS, MODE, SETTINGS
from rapporto.store.merge import merge
from rapporto.store.write import save

PLACE = ("street", "postal_code", "city", "province", "country")
AREA = PLACE[1:]
VERONA = {"postal_code": "37121", "city": "Verona", "province": "VR", "country": "IT"}
FAIR, FILE = "Elenchi delle fiere", "Espositori Verona.xlsx"
SHOWCASE = 11
"""Parties of the first customer's card; what is shown of it stays simple."""
HEADS = {
    "Ragione sociale": "company", "Partita IVA": "vat_number", "Indirizzo": "place.work.street", "CAP": "place.work.postal_code",
    "Città": "place.work.city", "Prov.": "place.work.state", "Telefono": "phone.switchboard", "Referente": "name",
    "Mansione": "job_title", "Stand": "more",
}  # fmt: skip
TO_VERIFY = (
    (1, "vat_number", "0284719023", "Partita IVA", "Servono 11 cifre, qui sono 10."),
    (
        2,
        "phone",
        "chiedere in portineria",
        "Telefono",
        "«chiedere in portineria» non è un numero di telefono; scrivilo così: 045 123 4567, o +43 512 1234 per l’estero.",
    ),
    (4, "email", "acquisti@", "Posta", "«acquisti@» non è un indirizzo e-mail; scrivilo così: nome@azienda.it."),
    (5, "website", "in costruzione", "Sito", "«in costruzione» non è un indirizzo web; scrivilo così: www.azienda.it."),
)
"""What the fair's list says and no field takes: which card, field, as it is written, column, why."""


@dataclass(frozen=True)
class Again:
    """How a card came to stand there twice, and what became of the pair."""

    written: Callable[[Row], Row]
    """The values of the second card, from those of the first."""
    percent: int
    rules: str
    state: str = OPEN


def _same(row: Row, *names: str) -> Row:
    return {name: row[name] for name in names if row[name]}


def _loud(row: Row, *names: str) -> Row:
    return {name: row[name].upper().replace(".", "") for name in names}


def _slip(name: str) -> str:
    """Two letters of the longest word the wrong way round, as a quick hand types them."""
    word = max(re.findall(r"\w+", name), key=len)
    middle = len(word) // 2
    return name.replace(word, word[: middle - 1] + word[middle] + word[middle - 1] + word[middle + 1 :], 1)


def _spelled_out(name: str) -> str:
    """«F.lli» and «&» in whole words; where there is neither, the name without its legal form."""
    spelled = name.replace("F.lli", "Fratelli").replace("&", "e")
    return spelled if spelled != name else take_apart(name).bare


FIRMS = (
    Again(lambda one: {**_loud(one, "name"), **_same(one, "vat_number", "phone", *PLACE)}, 99, "vat_number phone"),
    Again(lambda one: {"name": take_apart(one["name"]).bare, **_same(one, "phone", *AREA)}, 97, "phone name_and_town"),
    Again(lambda one: {"name": _slip(one["name"]), **_same(one, *PLACE)}, 86, "name_and_town"),
    Again(lambda one: {"name": f"Ditta {take_apart(one['name']).bare}", **_same(one, "email", *AREA)}, 92, "email name_and_town"),
    Again(lambda one: {"name": one["name"], **_same(one, "vat_number"), **VERONA}, 98, "vat_number name"),
    Again(lambda one: {"name": _spelled_out(one["name"]), **_same(one, *PLACE)}, 88, "name_and_town"),
    Again(lambda one: {"name": f"Gruppo {take_apart(one['name']).bare.split()[-1]}", **_same(one, "phone", *AREA)}, 58, "phone"),
    Again(lambda one: {"name": one["name"], **_same(one, "vat_number", "pec", *PLACE)}, 99, "vat_number pec name_and_town"),
    Again(lambda one: {"name": f"{take_apart(one['name']).bare} Due S.r.l.", **_same(one, *PLACE)}, 63, "name_and_town", DIFFERENT),
    Again(lambda one: {"name": take_apart(one["name"]).bare, **VERONA}, 55, "name", LATER),
)  # fmt: skip
PERSONS = (
    Again(lambda one: {"first_name": one["last_name"], "last_name": one["first_name"], **_same(one, "mobile")}, 94, "phone"),
    Again(lambda one: {"first_name": f"{one['first_name'][0]}.", "last_name": one["last_name"], **_same(one, "mobile")}, 90, "phone name"),
    Again(lambda one: {"first_name": one["first_name"], "last_name": _slip(one["last_name"]), **_same(one, "mobile")}, 91, "phone name"),
    Again(lambda one: {**_loud(one, "first_name", "last_name"), **_same(one, "mobile")}, 97, "phone name"),
    Again(lambda one: {"first_name": one["first_name"], "last_name": one["last_name"], **VERONA}, 51, "name", DIFFERENT),
)  # fmt: skip

TWIN = Again(lambda one: {**_loud(one, "name"), **_same(one, "vat_number", "phone", *PLACE)}, 99, "vat_number", MERGED)
"""A card that was merged already."""
TWINS = 3


def write_doubles(actor: Actor, world: World) -> tuple[list[tuple[int, int]], int]:
    """The cards that stand there twice, their pairs, and what of the fair's list is to be verified; inside the change set.

    Gives the cards that are to be merged, two by two, and how many parties came.
    """
    imported = _fair(actor, world)
    firms, persons = _untouched(ORGANISATION, len(FIRMS) + TWINS), _untouched(PERSON, len(PERSONS))
    firsts = [*firms[: len(FIRMS)], *persons, *firms[len(FIRMS) :]]
    ways = (*FIRMS, *PERSONS, *[TWIN] * TWINS)
    made = create_many(actor, "party", [_second(one, first, imported) for one, first in zip(ways, firsts, strict=True)])
    last = LikelyDuplicate.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    pairs = (_pair(world, *three) for three in zip(ways, firsts, made, strict=True))
    Table(LikelyDuplicate).write({"id": number, **pair} for number, pair in enumerate(pairs, last + 1))
    for place, field, text, column, reason in TO_VERIFY:
        save(
            actor, "to_verify", {"party": made[place], "field": field, "text": text, "column": column, "reason": reason}
        )
    return [(int(one["pk"]), other) for one, other in zip(firsts[-TWINS:], made[-TWINS:], strict=True)], len(made)


def _fair(actor: Actor, world: World) -> int:
    """Where the second cards came from, with what its columns meant; gives the import."""
    source = save(actor, "import_source", {"name": FAIR})
    kept: dict[str, Any] = {COLUMNS: {fold(head): slot for head, slot in HEADS.items()}, SETTINGS: {}, MODE: "fill"}
    kept[BY] = world.house.users["Giulia Mazzi"].pk
    ImportSource.objects.filter(pk=source.pk).update(remembered={"party": kept})
    at = world.calendar.at(world.calendar.working(9), 16, 20)
    return int(save(actor, "imported", {"name": FILE, "source": source.pk, "at": at}).pk)


def _untouched(kind: str, number: int) -> list[Row]:
    """The first parties of a kind, besides the showcase, that nobody has changed since: nothing is told of them out of turn."""
    touched = Entry.objects.filter(record="party", act="U").values("row_id")
    rows = Party.objects.filter(kind=kind, pk__gt=SHOWCASE).exclude(pk__in=touched).order_by("pk")
    rows = rows.exclude(mobile="") if kind == PERSON else rows.exclude(vat_number="")
    names = (
        "kind",
        "name",
        "first_name",
        "last_name",
        "mobile",
        "phone",
        "email",
        "pec",
        "vat_number",
        "owner",
        *PLACE,
    )
    return list(rows.values("pk", *names)[:number])


def _second(one: Again, first: Row, imported: int) -> Row:
    values = {"kind": first["kind"], "phase": "lead", "owner": first["owner"], "origin": imported, **one.written(first)}
    if first["kind"] == PERSON:
        values["name"] = f"{values['first_name']} {values['last_name']}"
    return values


def _pair(world: World, one: Again, first: Row, second: int) -> dict[str, Any]:
    decided = one.state != OPEN
    return {
        "first_id": first["pk"], "second_id": second if one.state != MERGED else None,
        "probability": one.percent, "reasons": one.rules, "state": one.state,
        "found_by": SEARCH if first["kind"] == PERSON or one.state == MERGED else IMPORT,
        "decided_by_id": world.house.users["Bruno Ferrari"].pk if decided else None,
        "decided_at": world.calendar.at(world.calendar.working(2), 10, 40) if decided else None,
    }  # fmt: skip


def merge_some(world: World, pairs: Sequence[tuple[int, int]]) -> None:
    """Two cards become one, as a manager did it the other day."""
    day = world.calendar.working(1)
    bruno = world.house.actors[world.house.users["Bruno Ferrari"].pk]
    for number, (keep, other) in enumerate(pairs):
        with change_set(bruno, "merge", at=microseconds(world.calendar.at(day, 15, 10 + number * 2))):
            merge(bruno, "party", keep, other)
