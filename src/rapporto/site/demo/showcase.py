"""Meccanica Casale S.r.l. of Villafranca di Verona: the customer whose card shows what the product is for."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from rapporto.site.demo.chance import Chance
from rapporto.site.demo.firms import Firm, Row, place, profile
from rapporto.site.demo.people import Contact
from rapporto.site.demo.stories import Edit
from rapporto.site.demo.tables import rows
from rapporto.site.demo.trades import TRADES
from rapporto.site.demo.world import World

NAME = "Meccanica Casale S.r.l."
_PEOPLE = (
    ("Lucia", "Bonetti", "f", "Rag.", "Responsabile acquisti", "Acquista", "+390457901251", "", "l.bonetti@casale.esempio.it", 1),
    ("Paolo", "Casale", "m", "Ing.", "Titolare", "Decide", "+390457901250", "", "p.casale@casale.esempio.it", None),
    ("Marco", "Zanella", "m", "Sig.", "Responsabile produzione", "Usa", "", "+393485550142", "m.zanella@casale.esempio.it", 1),
    ("Dino", "Furlan", "m", "Sig.", "Manutentore", "Usa", "", "", "d.furlan@casale.esempio.it", 2),
)  # fmt: skip
# those we have not dealt with yet, by the name of who they report to
_OTHERS = (
    ("Sara", "Melotti", "f", "Dott.ssa", "Responsabile amministrazione", "Paga", "+390457901255", "Paolo Casale"),
    ("Nadia", "Cordioli", "f", "Sig.ra", "Addetta acquisti", "Acquista", "+390457901256", "Lucia Bonetti"),
    ("Elisa", "Tosi", "f", "Geom.", "Disegnatrice", "Consiglia", "", "Roberto Fasoli"),
    ("Giorgio", "Perini", "m", "Sig.", "Capoturno", "Usa", "", "Marco Zanella"),
)
_LEFT = ("Roberto", "Fasoli", "m", "Ing.", "Responsabile ufficio tecnico", "Consiglia", "", "Paolo Casale")
_PLANT, _IN_THE_PLANT = "Stabilimento di Sona", "Giorgio"
_VACANT = ("Responsabile qualità", "Paolo Casale")
_NOTES = {"Paolo": "Preferisce la mail.", "Lucia": "In ufficio fino alle 17."}

# days ahead among the working ones, hour, kind, who, subject, what for
_PLANS = (
    (0, 15, "call", 0, "Richiamare Lucia Bonetti", "Offerta {anno0}/0418, sconto sul secondo lotto."),
    (6, 10, "visit", 2, "Dimostrazione del cambio utensile", "Portare il mandrino di prova sulla linea 3."),
    (12, 9, "mail", 1, "Mandare la bozza del contratto di manutenzione", "Per tutto il prossimo anno, due visite."),
)


@dataclass(frozen=True)
class Showcase:
    """The firm, its people, their places of work, all dealings with them, its plant, and who has left it."""

    firm: Firm
    people: list[Contact]
    links: list[Row]
    activities: list[Row]
    plant: Row
    left: Contact


def showcase(world: World) -> Showcase:
    """The firm with everything that belongs to it alone."""
    firm = _firm(world)
    people, links = _staff(world, firm)
    plant = _plant(world, firm)
    left = _others(world, firm, people, links, plant)
    firm.people = people
    users = world.house.users
    years = {f"anno{back}": world.calendar.today.year - back for back in range(3)}
    activities: list[Row] = [_done(world, firm, one, years) for one in rows("showcase.csv")]
    for ahead, hour, kind, who, subject, asked in _PLANS:
        day = world.calendar.ahead[ahead]
        activities.append({
            "kind": kind, "direction": "out", "state": "planned", "party_id": firm.id, "person_id": people[who].id,
            "at": world.calendar.at(day, hour), "day": day, "subject": subject.format_map(years), "asked": asked.format_map(years),
            "assignee_id": users["Anna Righetti"].pk,
        })  # fmt: skip
    return Showcase(firm, people, links, activities, plant, left)


def neighbours(world: World, shown: Showcase, others: list[Firm]) -> tuple[list[tuple[int, str, int]], Row]:
    """Whom the firm controls, who works for it and who advises it; and where its former engineer works now."""
    firm, (owned, supplier, workshop, adviser) = shown.firm, others
    links = [
        (firm.id, "controlla", owned.id),
        (supplier.id, "fornisce", firm.id),
        (workshop.id, "lavora in subappalto per", firm.id),
        (adviser.people[-1].id, "è consulente di", firm.id),
    ]
    until = shown.left.until or world.calendar.today
    shown.left.row["territory_id"] = supplier.row["territory_id"]  # who has no place is where the employer is
    return links, {
        "id": world.next_id("affiliation"), "person_id": shown.left.id, "organisation_id": supplier.id,
        "job_title": "Responsabile ufficio tecnico", "job_role": "Consiglia", "since": until + timedelta(days=17),
    }  # fmt: skip


def _plant(world: World, firm: Firm) -> Row:
    """A unit of the firm, in another town."""
    town = replace(world.places.named("Sona"), codes=("37060",))
    copied = {key: firm.row[key] for key in ("phase", "owner_id", "industry_id")}
    return {
        "id": world.next_id("party"), "kind": "unit", "name": _PLANT, "part_of_id": firm.id, "phone": "+390457901270",
        **place(world, Chance("Sona"), town), **copied,
    }  # fmt: skip


def _others(world: World, firm: Firm, people: list[Contact], links: list[Row], plant: Row) -> Contact:
    """Those still to be met, the one who left with somebody below him, and a post that nobody holds; gives who left."""
    posts = {contact.row["name"]: link for contact, link in zip(people, links, strict=True)}
    left: list[Contact] = []
    for first, last, gender, title, job, part, phone, above in (_LEFT, *_OTHERS):
        row: Row = {
            "id": world.next_id("party"), "kind": "person", "name": f"{first} {last}", "first_name": first, "last_name": last,
            "gender": gender, "honorific": title, "phase": "customer", "country": "IT",
            **{key: firm.row[key] for key in ("owner_id", "territory_id", "industry_id")},
        }  # fmt: skip
        gone = world.calendar.working(140) if first == _LEFT[0] else None
        contact = Contact(row, date(2019, 3, 14), gone)
        posts[row["name"]] = {
            "id": world.next_id("affiliation"), "person_id": contact.id, "job_title": job, "job_role": part, "phone": phone,
            "organisation_id": plant["id"] if first == _IN_THE_PLANT else firm.id, "since": contact.since, "until": gone,
            "reports_to_id": posts[above]["id"],
        }  # fmt: skip
        (left if gone else people).append(contact)
        links.append(posts[row["name"]])
    job, above = _VACANT
    links.append({
        "id": world.next_id("affiliation"), "organisation_id": firm.id, "job_title": job, "reports_to_id": posts[above]["id"],
    })  # fmt: skip
    return left[0]


def _firm(world: World) -> Firm:
    trade, carla = TRADES[0], world.house.users["Carla Monti"]
    town = replace(world.places.named("Villafranca di Verona"), codes=("37069",))
    row: Row = {
        "id": world.next_id("party"), "kind": "organisation", "name": NAME, "phase": "customer",
        "industry_id": world.house.industries[trade.code],
        "employees": 58, "turnover": 980_000_000, "street": "Via dell’Industria 14", **place(world, Chance("Casale"), town),
        "vat_number": "02847190234", "tax_code": "02847190234", "sdi_code": "M5UXCR1", "pec": "casale@pec.esempio.it",
        "phone": "+390457901234", "email": "info@casale.esempio.it", "website": "https://www.casale.esempio.it",
        "external_code": "C000000", "owner_id": carla.pk, "notes": "Cliente dal 14/03/2019. Lavorazioni meccaniche di precisione.",
        "extra": profile(world, {"Macchine": "Torni CNC, centri a 5 assi", "Sollevamento": "Carriponte, 1", "Certificazioni": "ISO 9001"}),
    }  # fmt: skip
    return Firm(row, trade, town, world.calendar.start)


def _staff(world: World, firm: Firm) -> tuple[list[Contact], list[Row]]:
    people, links = [], []
    for first, last, gender, title, job, part, phone, mobile, email, _ in _PEOPLE:
        row: Row = {
            "id": world.next_id("party"), "kind": "person", "name": f"{first} {last}", "first_name": first, "last_name": last,
            "gender": gender, "honorific": title, "phase": "customer", "mobile": mobile, "email": email, "country": "IT",
            "notes": _NOTES.get(first, ""),
            **{key: firm.row[key] for key in ("owner_id", "territory_id", "industry_id")},
        }  # fmt: skip
        contact = Contact(row, date(2019, 3, 14))
        people.append(contact)
        links.append({
            "id": world.next_id("affiliation"), "person_id": contact.id, "organisation_id": firm.id, "job_title": job, "job_role": part,
            "phone": phone, "email": email, "since": contact.since, "until": None, "main": first == "Lucia",
        })  # fmt: skip
    for link, (*_, above) in zip(links, _PEOPLE, strict=True):
        link["reports_to_id"] = None if above is None else links[above]["id"]
    return people, links


def _done(world: World, firm: Firm, told: dict[str, str], years: dict[str, int]) -> Row:
    day = world.calendar.working(int(told["ago"]))
    private = told["outcome"] == "private"
    return {
        "kind": told["kind"],
        "direction": told["direction"],
        "state": "done",
        "party_id": firm.id,
        "person_id": firm.people[int(told["who"])].id if told["who"] else None,
        "at": world.calendar.at(day, int(told["hour"]), int(told["minute"])),
        "day": day,
        "subject": told["subject"].format_map(years),
        "asked": told["asked"],
        "outcome": "" if private else told["outcome"],
        "taken_by_id": world.house.users[told["by"]].pk,
        "private": private,
    }


def edits(world: World, firm: Firm) -> list[Edit]:
    """What was changed on the card since: the phase stays, the numbers and who looks after it do not."""
    users, fields = world.house.users, world.house.fields
    anna, bruno, giulia = users["Anna Righetti"].pk, users["Bruno Ferrari"].pk, users["Giulia Mazzi"].pk
    told: tuple[tuple[int, int, dict[str, Any]], ...] = (
        (600, bruno, {"owner": anna}),
        (430, giulia, {"employees": 61, "turnover": 1_045_000_000}),
        (290, anna, {fields["Certificazioni"].name: "ISO 9001, ISO 14001"}),
        (106, anna, {fields["Sollevamento"].name: "Carriponte, 2"}),
        (61, giulia, {"employees": 64, "turnover": 1_120_000_000}),
    )
    return [
        Edit(world.calendar.at(world.calendar.working(ago), 9, 5), by, firm.id, values) for ago, by, values in told
    ] + [
        Edit(world.calendar.at(world.calendar.working(599), 9, 10), bruno, contact.id, {"owner": anna})
        for contact in firm.people
    ]
