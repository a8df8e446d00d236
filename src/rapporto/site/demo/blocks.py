"""A score of firms at a time, with their people, parts, links and dealings: what is made together and then forgotten."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from django.db.models import Model

from rapporto.domain.parties.models import (
    Address,
    Affiliation,
    ContactPoint,
    Party,
    PartyLink,
    PartyNumbers,
    PartyTypeOf,
)
from rapporto.domain.processes.models import Activity
from rapporto.site.demo import codes
from rapporto.site.demo.activities import Count, dealings
from rapporto.site.demo.chance import Chance, Weighted
from rapporto.site.demo.firms import Firm, Row, place, some_firm
from rapporto.site.demo.jobs import UNITS
from rapporto.site.demo.people import moved, staff
from rapporto.site.demo.showcase import Showcase, neighbours, showcase
from rapporto.site.demo.size import FIRMS, Size
from rapporto.site.demo.trades import STREETS
from rapporto.site.demo.world import World

SEED = "Officine Adige"


@dataclass
class Block:
    """The rows of a block by table; `firms` are kept for the stories."""

    since: date
    firms: list[Firm] = field(default_factory=list)
    rows: defaultdict[type[Model], list[Row]] = field(default_factory=lambda: defaultdict(list))
    counts: defaultdict[int, Count] = field(default_factory=lambda: defaultdict(Count))
    shown: Showcase | None = None
    """Whose card shows what the product is for, when it is in this block."""

    def add(self, model: type[Model], row: Row) -> None:
        """One row more."""
        self.rows[model].append(row)


def blocks(world: World, size: Size) -> Iterator[Block]:
    """All firms in blocks, always the same ones: the older customers first."""
    for number in range(size.blocks):
        chance = Chance(f"{SEED} {number}")
        block = Block(size.since(number, world.calendar))
        _firms(world, chance, block, number, size)
        _people(world, chance, block, size.people(number))
        _parts(world, chance, block)
        _dealings(world, chance, block, size.activities(number))
        for party in block.rows[Party]:
            count = block.counts[party["id"]]
            block.rows[PartyNumbers].append(
                {
                    "party_id": party["id"],
                    "last_activity_on": count.last,
                    "next_activity_on": count.next,
                    "activities": count.total,
                }
            )
        yield block


def _firms(world: World, chance: Chance, block: Block, number: int, size: Size) -> None:
    first = number * FIRMS
    for firm_number in range(first, min(first + FIRMS, size.organisations)):
        if firm_number == 0:
            shown = block.shown = showcase(world)
            firm = shown.firm
            for row in shown.links:
                block.add(Affiliation, row)
            for row in shown.activities:
                _add_activity(world, block, row)
            for contact in (*shown.people, shown.left):
                block.add(Party, contact.row)
            block.add(Party, shown.plant)
        else:
            firm = some_firm(world, chance, firm_number, block.since)
        block.firms.append(firm)
        block.add(Party, firm.row)
        _types(world, chance, block, firm)


def _types(world: World, chance: Chance, block: Block, firm: Firm) -> None:
    kinds = ["Cliente" if firm.row["phase"] in ("customer", "at_risk", "lost") else "Potenziale"]
    if chance.happens(0.09):
        kinds.append("Fornitore")
    if chance.happens(0.04):
        kinds.append("Rivenditore")
    if firm.trade.form == "Studio":
        kinds.append("Consulente")
    for kind in kinds:
        block.add(
            PartyTypeOf,
            {"id": world.next_id("party_type_of"), "party_id": firm.id, "party_type_id": world.house.types[kind]},
        )


def _people(world: World, chance: Chance, block: Block, total: int) -> None:
    """Everybody has somebody, the larger firms more."""
    left = total - sum(1 for row in block.rows[Party] if row["kind"] == "person")
    open_firms = [firm for firm in block.firms if not firm.people]
    for firm, count in _shares(
        chance, [(firm, 1 + min(firm.row["employees"], 150) / 25) for firm in open_firms], left, 1
    ):
        firm.people, links = staff(world, chance, firm, count)
        for contact in firm.people:
            block.add(Party, contact.row)
        for link in links:
            block.add(Affiliation, link)
    for old, new in pairwise(open_firms):
        if chance.happens(0.07) and old.people and len(new.people) > 1:
            block.add(Affiliation, moved(world, chance, old, new))
            _correct_start(block, new)


def _correct_start(block: Block, firm: Firm) -> None:
    """Who moved starts at the new firm later than was thought when the row was made."""
    starts = {contact.id: contact.since for contact in firm.people if contact.until is None}
    for link in block.rows[Affiliation]:
        if link["organisation_id"] == firm.id and link["until"] is None:
            link["since"] = starts[link["person_id"]]


def _shares(chance: Chance, weighted: list[tuple[Firm, float]], total: int, least: int) -> list[tuple[Firm, int]]:
    """`total` things shared among firms by weight, each getting `least` as long as there are enough."""
    if not weighted:
        return []
    shares = [least if (number + 1) * least <= total else 0 for number in range(len(weighted))]
    draw = Weighted((number, weight) for number, (_, weight) in enumerate(weighted))
    for _ in range(total - sum(shares)):
        shares[draw.pick(chance)] += 1
    return [(firm, share) for (firm, _), share in zip(weighted, shares, strict=True)]


def _parts(world: World, chance: Chance, block: Block) -> None:
    for firm in block.firms:
        size = firm.row["employees"]
        if size > 50 and chance.happens(0.5):
            _site(world, chance, block, firm)
        if size > 90 and chance.happens(0.5):
            _unit(world, chance, block, firm)
        if chance.happens(0.25):
            kind, label = chance.one(
                (("phone", "Amministrazione"), ("phone", "Magazzino"), ("fax", ""), ("email", "Fatture"))
            )
            value = f"fatture@{firm.host}" if kind == "email" else codes.desk(chance, firm.row["phone"])
            _point(world, block, firm.id, kind, value, label)
        for contact in firm.people:
            if contact.until is None and chance.happens(0.08):
                _point(world, block, contact.id, "mobile", codes.mobile(chance), "Privato", private=True)
    if len(block.firms) > 3:
        _links(world, chance, block)
    if block.shown is not None:
        _neighbours(world, block, block.shown)


def _site(world: World, chance: Chance, block: Block, firm: Firm) -> None:
    town = world.places.near(chance, firm.town)
    kind, name = chance.one(
        (("site", "Stabilimento 2"), ("delivery", "Magazzino merci"), ("site", "Ufficio commerciale"))
    )
    where = place(world, chance, town)
    street = f"{chance.one(STREETS)} {chance.number(1, 120)}"
    kept = {key: where[key] for key in ("postal_code", "city", "province", "country")}
    block.add(
        Address,
        {"id": world.next_id("address"), "party_id": firm.id, "kind": kind, "name": name, "street": street, **kept},
    )


def _unit(world: World, chance: Chance, block: Block, firm: Firm) -> None:
    town = world.places.near(chance, firm.town)
    unit = chance.one(UNITS)
    name = f"{unit} di {town.name}" if unit == "Stabilimento" else unit
    copied = {key: firm.row[key] for key in ("phase", "owner_id", "industry_id")}
    row = {"id": world.next_id("party"), "kind": "unit", "name": name, "part_of_id": firm.id, **copied}
    row |= {"phone": codes.desk(chance, firm.row["phone"]), **place(world, chance, town)}
    block.add(Party, row)


def _point(world: World, block: Block, party: int, kind: str, value: str, label: str, *, private: bool = False) -> None:
    number = world.next_id("contact_point")
    block.add(
        ContactPoint,
        {"id": number, "party_id": party, "kind": kind, "value": value, "label": label, "private": private},
    )


def _links(world: World, chance: Chance, block: Block) -> None:
    """Some firms of the neighbourhood control or supply each other; somebody is a consultant of another firm."""
    for name, odds in (("controlla", 0.25), ("fornisce", 0.6), ("lavora in subappalto per", 0.3)):
        if chance.happens(odds):
            first, second = chance.sample(block.firms, 2)
            _link(world, block, first.id, name, second.id)
    if chance.happens(0.4):
        first, second = chance.sample(block.firms, 2)
        if first.people:
            _link(world, block, first.people[-1].id, "è consulente di", second.id)


def _neighbours(world: World, block: Block, shown: Showcase) -> None:
    anna = world.house.users["Anna Righetti"].pk
    others = [firm for firm in block.firms[1:] if firm.people]
    others = sorted(others, key=lambda firm: firm.row["owner_id"] != anna)[:4]
    if len(others) < 4:
        return
    links, work = neighbours(world, shown, others)
    for first, name, second in links:
        _link(world, block, first, name, second)
    block.add(Affiliation, work)


def _link(world: World, block: Block, first: int, name: str, second: int) -> None:
    row = {
        "id": world.next_id("party_link"),
        "first_id": first,
        "link_type_id": world.house.links[name],
        "second_id": second,
    }
    block.add(PartyLink, row)


def _dealings(world: World, chance: Chance, block: Block, total: int) -> None:
    left = total - len(block.rows[Activity])
    firms = [
        (firm, firm.lively) for firm in block.firms if firm.row["id"] != block.firms[0].id or not block.rows[Activity]
    ]
    for firm, count in _shares(chance, firms, max(left, 0), 0):
        for row in dealings(world, chance, firm, count):
            _add_activity(world, block, row)


def _add_activity(world: World, block: Block, row: Row) -> None:
    row["id"] = world.next_id("activity")
    block.rows[Activity].append(row)
    if row.get("private"):
        return
    for party in {row["party_id"], row.get("person_id")} - {None}:
        block.counts[party].add(row)
