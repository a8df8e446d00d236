"""Customers of the demo company: a firm with its name, place, codes, size, phase and owner, as the rows to be written."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from rapporto.site.demo import codes
from rapporto.site.demo.chance import Chance, Weighted
from rapporto.site.demo.dealings import CERTIFICATIONS, COMPETITORS, LIFTING, LOST_AFTER, NOTES
from rapporto.site.demo.names import MEN, OF_ITALY, OF_THE_NORTH_EAST, WOMEN
from rapporto.site.demo.places import Town
from rapporto.site.demo.trades import STREETS, TRADES, Trade
from rapporto.site.demo.world import World
from rapporto.store.write import put_made

Row = dict[str, Any]

_TRADES = Weighted((trade, trade.weight) for trade in TRADES)
PHASES = Weighted(
    (
        ("customer", 31),
        ("suspect", 29),
        ("lead", 17),
        ("opportunity", 8),
        ("hot_lead", 5),
        ("cold_lead", 4),
        ("at_risk", 3),
        ("lost", 3),
    )
)
_LIVELY = {
    "customer": 3.0,
    "opportunity": 4.0,
    "hot_lead": 3.0,
    "at_risk": 2.0,
    "lead": 1.0,
    "lost": 0.8,
    "cold_lead": 0.7,
    "suspect": 0.25,
}
_NORTH_EAST = ("Veneto", "Trentino", "Friuli")


@dataclass
class Firm:
    """An organisation and what its people and dealings need to know of it."""

    row: Row
    trade: Trade
    town: Town
    since: date
    people: list[Any] = field(default_factory=list)

    @property
    def id(self) -> int:
        return int(self.row["id"])

    @property
    def host(self) -> str:
        """The name of its web site."""
        return str(self.row["email"].partition("@")[2])

    @property
    def lively(self) -> float:
        """How much is going on with it."""
        return _LIVELY[self.row["phase"]] * (0.5 + min(self.row["employees"], 200) / 60)


def surname(chance: Chance, region: str) -> str:
    """A surname as they are met there."""
    local = chance.happens(0.85 if region.startswith(_NORTH_EAST) else 0.35)
    return chance.one(OF_THE_NORTH_EAST if local else OF_ITALY)


def some_firm(world: World, chance: Chance, number: int, since: date) -> Firm:
    """The firm with this number."""
    trade, town, phase = _TRADES.pick(chance), world.places.town(chance), PHASES.pick(chance)
    employees = max(1, min(4_000, round(chance.around(trade.employees, 1.0))))
    bare, name = firm_name(chance, trade, town, employees)
    row: Row = {
        "id": world.next_id("party"), "kind": "organisation", "name": name, "phase": phase,
        "industry_id": world.house.industries[trade.code],
        "employees": employees, "turnover": round(chance.around(employees * trade.turnover, 0.35)) * 100_000,
        "street": f"{chance.one(STREETS)} {_house_number(chance)}", **place(world, chance, town),
        "vat_number": codes.vat_number(number, town.province), "phone": codes.landline(chance, town.province),
    }  # fmt: skip
    row["tax_code"] = row["vat_number"]
    row["owner_id"] = _owner(world, chance, row["territory_id"], phase)
    _addresses(chance, row, codes.host(bare))
    if phase in ("customer", "at_risk", "lost"):
        row["external_code"] = f"C{number:06}"
        row["sdi_code"] = codes.recipient_code(chance)
    if phase == "lost":
        row["notes"] = chance.one(LOST_AFTER)
    elif chance.happens(0.18):
        row["notes"] = chance.one(NOTES)
    row["extra"] = _profile(world, chance, trade, phase)
    return Firm(row, trade, town, since)


def place(world: World, chance: Chance, town: Town) -> Row:
    """The columns that say where a party is, its territory included."""
    code = chance.one(town.codes)
    return {
        "postal_code": code, "city": town.name, "province": town.province, "region": town.region, "country": "IT",
        "territory_id": world.territory(code, town.province, town.region),
    }  # fmt: skip


def _house_number(chance: Chance) -> str:
    number = chance.number(1, 140)
    return f"{number}/A" if chance.happens(0.06) else str(number)


def _owner(world: World, chance: Chance, territory: int | None, phase: str) -> int | None:
    if phase == "suspect" and chance.happens(0.4):
        return None
    if territory is None or chance.happens(0.03):
        return chance.one(world.house.salespeople)
    return world.house.agents[territory]


def _addresses(chance: Chance, row: Row, host: str) -> None:
    row["email"] = f"{chance.one(('info', 'info', 'info', 'ufficio', 'commerciale', 'segreteria'))}@{host}.esempio.it"
    if chance.happens(0.7):
        row["website"] = f"https://www.{host}.esempio.it"
    if chance.happens(0.75):
        row["pec"] = f"{host}@pec.esempio.it"
    if chance.happens(0.15):
        row["mobile"] = codes.mobile(chance)


def firm_name(chance: Chance, trade: Trade, town: Town, employees: int) -> tuple[str, str]:
    """The name of a firm without and with its legal form: «Torneria Zanon & Figli», «Torneria Zanon & Figli S.n.c.»."""
    family, head, draw = surname(chance, town.region), chance.one(trade.heads), chance.random()
    if draw < 0.14:
        bare = chance.one(trade.invented) + (f" {town.name}" if chance.happens(0.85) else "")
    elif draw < 0.40:
        bare = f"{head} {family}"
    elif draw < 0.54:
        bare = f"{head} {family} & Figli"
    elif draw < 0.64:
        bare = f"{head} F.lli {family}"
    elif draw < 0.76:
        bare = f"{head} {family} e {surname(chance, town.region)}"
    elif draw < 0.87:
        bare = f"{head} {town.name}"
    else:
        bare = f"{chance.one(MEN)[0]}.{chance.one(WOMEN)[0]}.{family[0]}. {head} {town.name}"
    return bare, f"{bare} {_form(chance, trade, employees, family)}".strip()


def _form(chance: Chance, trade: Trade, employees: int, family: str) -> str:
    if trade.form == "Studio":
        return "" if chance.happens(0.6) else "S.t.p."
    if trade.form and chance.happens(0.6):
        return "Soc. Agr. S.S." if trade.form == "Soc. Agr." else trade.form
    draw = chance.random()
    if employees > 60:
        return "S.p.A." if draw < min(0.9, employees / 250) else "S.r.l."
    if employees > 9:
        return "S.r.l." if draw < 0.82 else "S.n.c." if draw < 0.92 else "S.a.s."
    if draw < 0.18:
        return f"di {family} {chance.one(MEN)}"
    return "S.r.l." if draw < 0.58 else "S.n.c." if draw < 0.84 else "S.a.s." if draw < 0.94 else "S.r.l.s."


def _profile(world: World, chance: Chance, trade: Trade, phase: str) -> Row:
    if not chance.happens(0.2 if phase in ("suspect", "cold_lead") else 0.6):
        return {}
    first = chance.number(0, len(trade.machines) - 1)
    machines = (
        trade.machines[first],
        *([trade.machines[(first + 1) % len(trade.machines)].lower()] if len(trade.machines) > 1 else []),
    )
    values: Row = {"Macchine": ", ".join(machines)}
    if chance.happens(0.7):
        values |= {
            "Sollevamento": chance.one(LIFTING),
            "Portata massima (kg)": chance.one((500, 1000, 2000, 3200, 5000, 10000, 20000)),
        }
    if chance.happens(0.5):
        values["Certificazioni"] = ", ".join(CERTIFICATIONS[: chance.number(1, 3)])
    if chance.happens(0.4):
        values["Concorrente"] = chance.one(COMPETITORS)
    return profile(world, values)


def profile(world: World, values: Row) -> Row:
    """Values of the company's own fields, by label, as they are kept in the row."""
    extra: Row = {}
    for label, value in values.items():
        made = world.house.fields[label]
        put_made(extra, world.parties, made.name, made.kind.check(value))
    return extra
