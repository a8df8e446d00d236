"""What users changed since the parties were entered: phases that went on, new owners, new numbers. Each change bears its own day."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from rapporto.site.demo import codes
from rapporto.site.demo.calendar import microseconds
from rapporto.site.demo.chance import Chance
from rapporto.site.demo.firms import Firm
from rapporto.site.demo.world import World
from rapporto.store.history.changing import change_set
from rapporto.store.write import save

MANY = 180
_WAYS = {
    "customer": ("suspect", "lead", "hot_lead", "opportunity", "customer"),
    "opportunity": ("suspect", "lead", "opportunity"),
    "hot_lead": ("suspect", "lead", "hot_lead"),
    "lead": ("suspect", "lead"),
    "cold_lead": ("lead", "cold_lead"),
    "at_risk": ("opportunity", "customer", "at_risk"),
    "lost": ("lead", "opportunity", "lost"),
}


@dataclass(frozen=True)
class Edit:
    """One change of a party by a user."""

    at: datetime
    user: int
    party: int
    values: dict[str, Any]


def has_story(firm_number: int, firms: int) -> bool:
    """Whether something happened to this firm: to about one in ten, and never to more than some hundreds."""
    return firm_number % max(10, firms // MANY) == 3


def story(world: World, chance: Chance, firm: Firm) -> list[Edit]:
    """The changes that led to the firm as it was made; its row is put back to where they began."""
    agent = world.house.agents.get(firm.row["territory_id"])
    if agent is None or firm.since > world.calendar.today - timedelta(days=90):
        return []
    edits = [*_phases(world, chance, firm, agent)]
    if chance.happens(0.45) and firm.row["owner_id"] is not None:
        edits.append(_new_owner(world, chance, firm))
    if chance.happens(0.4):
        edits.append(_new_phone(world, chance, firm))
    if chance.happens(0.3):
        edits.append(_grown(world, chance, firm))
    return edits


def _phases(world: World, chance: Chance, firm: Firm, agent: int) -> list[Edit]:
    way = _WAYS.get(firm.row["phase"], ("suspect",))
    steps = way[-chance.number(2, len(way)) :] if len(way) > 1 else way
    firm.row["phase"] = steps[0]
    moments = sorted(_some_moment(world, chance, firm) for _ in steps[1:])
    return [Edit(at, agent, firm.id, {"phase": step}) for at, step in zip(moments, steps[1:], strict=True)]


def _new_owner(world: World, chance: Chance, firm: Firm) -> Edit:
    owner = firm.row["owner_id"]
    firm.row["owner_id"] = chance.one([one for one in world.house.salespeople if one != owner])
    manager = world.house.users["Bruno Ferrari"].pk
    return Edit(_some_moment(world, chance, firm), manager, firm.id, {"owner": owner})


def _new_phone(world: World, chance: Chance, firm: Firm) -> Edit:
    phone = firm.row["phone"]
    firm.row["phone"] = codes.landline(chance, firm.row["province"])
    return Edit(_some_moment(world, chance, firm), chance.one(world.house.office), firm.id, {"phone": phone})


def _grown(world: World, chance: Chance, firm: Firm) -> Edit:
    employees, turnover = firm.row["employees"], firm.row["turnover"]
    firm.row["employees"], firm.row["turnover"] = (
        max(1, round(employees * 0.9)),
        round(turnover / 1_100_000) * 1_000_000,
    )
    values = {"employees": employees, "turnover": turnover}
    return Edit(_some_moment(world, chance, firm), chance.one(world.house.office), firm.id, values)


def _some_moment(world: World, chance: Chance, firm: Firm) -> datetime:
    day = world.calendar.some_day(chance, firm.since + timedelta(days=3), 0.9)
    return world.calendar.moment(chance, day)


def tell(world: World, edits: list[Edit]) -> None:
    """Make the changes as their users, oldest first, each as a change set of its day."""
    for edit in sorted(edits, key=lambda one: (one.at, one.party)):
        actor = world.house.actors[edit.user]
        with change_set(actor, "change", at=microseconds(edit.at)):
            save(actor, "party", edit.values, edit.party)
