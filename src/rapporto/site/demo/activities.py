"""Two years of dealings between the people of Officine Adige and their customers, and the next steps they planned."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from rapporto.site.demo.chance import Chance, Weighted
from rapporto.site.demo.dealings import COMPETITORS, PLANS, PRIVATE, PRODUCTS, SITUATIONS, WEEKDAYS
from rapporto.site.demo.firms import Firm, Row
from rapporto.site.demo.world import World

_SITUATIONS = Weighted((situation, situation.weight) for situation in SITUATIONS)
_IN_PASSING = (
    "Gentilezza di sempre.",
    "Era di fretta.",
    "Parlato a lungo anche di altro.",
    "Risentirsi comunque a fine mese.",
)
PLANNED, PRIVATE_NOTES = 0.045, 0.004


@dataclass
class Count:
    """What is derived from the dealings with one party."""

    last: date | None = None
    next: date | None = None
    total: int = 0

    def add(self, row: Row) -> None:
        """One dealing more."""
        day = row["day"]
        self.total += 1
        if row["state"] == "done":
            self.last = day if self.last is None or day > self.last else self.last
        else:
            self.next = day if self.next is None or day < self.next else self.next


def dealings(world: World, chance: Chance, firm: Firm, count: int) -> Iterator[Row]:
    """So many activities with a firm and its people, oldest first."""
    planned = _how_many(chance, count * PLANNED * (2.0 if firm.row["phase"] in ("opportunity", "hot_lead") else 1.0))
    done = max(count - planned, 0)
    days = sorted(world.calendar.some_day(chance, firm.since) for _ in range(done))
    product = chance.one(PRODUCTS)
    for day in days:
        if chance.happens(0.3):
            product = chance.one(PRODUCTS)
        yield (
            _private(world, chance, firm, day)
            if chance.happens(PRIVATE_NOTES)
            else _done(world, chance, firm, day, product)
        )
    for _ in range(count - done):
        yield _planned(world, chance, firm, product)


def _how_many(chance: Chance, expected: float) -> int:
    return int(expected + chance.random())


def _done(world: World, chance: Chance, firm: Firm, day: date, product: Any) -> Row:
    situation = _SITUATIONS.pick(chance)
    words = _words(chance, day, product)
    text, outcomes = chance.one(situation.said)
    said = text.format_map(words)
    if situation.kind in ("call", "visit") and chance.happens(0.15):
        said = f"{said} {chance.one(_IN_PASSING)}"
    owner = firm.row["owner_id"] or _agent(world, chance, firm)
    office = situation.kind in ("call", "mail") and situation.direction == "in" and chance.happens(0.5)
    return {
        "kind": situation.kind, "direction": situation.direction, "state": "done", "party_id": firm.id,
        "person_id": _with_whom(chance, firm, day), "at": world.calendar.moment(chance, day), "day": day,
        "subject": chance.one(situation.subjects).format_map(words), "asked": said,
        "outcome": chance.one(outcomes), "taken_by_id": chance.one(world.house.office) if office else owner,
    }  # fmt: skip


def _planned(world: World, chance: Chance, firm: Firm, product: Any) -> Row:
    kind, subject, asked = chance.one(PLANS)
    day = _due(world, chance)
    words = _words(chance, day, product)
    return {
        "kind": kind, "direction": "out", "state": "planned", "party_id": firm.id, "person_id": _with_whom(chance, firm, day),
        "at": world.calendar.moment(chance, day), "day": day, "subject": subject.format_map(words),
        "asked": asked.format_map(words), "assignee_id": firm.row["owner_id"] or _agent(world, chance, firm),
    }  # fmt: skip


def _due(world: World, chance: Chance) -> date:
    """A fifth are late, some are due on the first day from today on, most in the coming weeks."""
    draw, calendar = chance.random(), world.calendar
    if draw < 0.2:
        return calendar.past[-chance.number(1, 10)]
    return calendar.ahead[0] if draw < 0.32 else calendar.ahead[int(chance.random() ** 1.5 * len(calendar.ahead))]


def _private(world: World, chance: Chance, firm: Firm, day: date) -> Row:
    subject, asked = chance.one(PRIVATE)
    words = _words(chance, day, PRODUCTS[0])
    return {
        "kind": "note", "direction": "", "state": "done", "party_id": firm.id, "at": world.calendar.moment(chance, day), "day": day,
        "subject": subject.format_map(words), "asked": asked, "taken_by_id": firm.row["owner_id"] or _agent(world, chance, firm),
        "private": True,
    }  # fmt: skip


def _agent(world: World, chance: Chance, firm: Firm) -> int:
    return world.house.agents.get(firm.row["territory_id"]) or chance.one(world.house.salespeople)


def _with_whom(chance: Chance, firm: Firm, day: date) -> int | None:
    there = [contact for contact in firm.people if contact.there(day)]
    if not there or chance.happens(0.05):
        return None
    return int(there[int(chance.random() ** 1.6 * len(there))].id)


def _words(chance: Chance, day: date, product: Any) -> dict[str, Any]:
    return {
        "uno": product.one, "molti": product.many, "numero": f"{day.year}/{chance.number(1, 1400):04}",
        "quanti": chance.one((2, 2, 2, 3, 3, 4, 4, 5, 6, 8, 10, 12)), "giorno": chance.one(WEEKDAYS), "rivale": chance.one(COMPETITORS),
    }  # fmt: skip
