"""The people of the customers: names, jobs, who reports to whom, who moved from one firm to another."""

from dataclasses import dataclass
from datetime import date, timedelta

from rapporto.site.demo import codes
from rapporto.site.demo.chance import Chance
from rapporto.site.demo.firms import Firm, Row, place, surname
from rapporto.site.demo.jobs import HEADS, LEADERS, STAFF, Job
from rapporto.site.demo.names import MEN, WOMEN
from rapporto.site.demo.world import World

_PLAIN = {"m": "Sig.", "f": "Sig.ra"}


@dataclass
class Contact:
    """A person at a firm, from one day to another."""

    row: Row
    since: date
    until: date | None = None

    @property
    def id(self) -> int:
        return int(self.row["id"])

    def there(self, day: date) -> bool:
        """Whether they worked there on that day."""
        return self.since <= day and (self.until is None or day <= self.until)


def some_person(world: World, chance: Chance, firm: Firm, job: Job) -> Row:
    """A person who has this job at the firm; nobody knows where they live, so the firm's territory is theirs."""
    gender = "m" if chance.happens(0.62) else "f"
    first, last = chance.one(MEN if gender == "m" else WOMEN), surname(chance, firm.town.region)
    row: Row = {
        "id": world.next_id("party"), "kind": "person", "name": f"{first} {last}", "first_name": first, "last_name": last,
        "gender": gender, "honorific": _title(chance, job, gender), "phase": firm.row["phase"], "country": "IT",
        "owner_id": firm.row["owner_id"], "territory_id": firm.row["territory_id"], "industry_id": firm.row["industry_id"],
    }  # fmt: skip
    if chance.happens(0.6):
        row["mobile"] = codes.mobile(chance)
    if chance.happens(0.12):
        row["email"] = f"{codes.host(first)}.{codes.host(last)}@posta.esempio.it"
    if chance.happens(0.15):
        _private_side(world, chance, row, firm)
    return row


def _title(chance: Chance, job: Job, gender: str) -> str:
    if job.titles and chance.happens(0.6):
        return job.titles[0 if gender == "m" else 1]
    return _PLAIN[gender]


def _private_side(world: World, chance: Chance, row: Row, firm: Firm) -> None:
    """Of some also the home, the birthday and the tax code are known."""
    town = world.places.near(chance, firm.town)
    birth = date(world.calendar.today.year - chance.number(24, 68), chance.number(1, 12), chance.number(1, 28))
    row |= place(world, chance, town)
    row["birth_date"] = birth
    row["tax_code"] = codes.tax_code(row["first_name"], row["last_name"], row["gender"], birth, firm.town.register)


def staff(world: World, chance: Chance, firm: Firm, count: int) -> tuple[list[Contact], list[Row]]:
    """So many people of a firm, with their affiliations: one leads, some lead departments, the others work in those."""
    contacts: list[Contact] = []
    links: list[Row] = []
    for number in range(count):
        job = _job(chance, number, count)
        contact = Contact(some_person(world, chance, firm, job), _since(world, chance))
        contacts.append(contact)
        links.append(affiliation(world, chance, firm, contact, job, main=number == min(1, count - 1)))
    _report(chance, links)
    return contacts, links


def _job(chance: Chance, number: int, count: int) -> Job:
    if number == 0 and (count > 2 or chance.happens(0.6)):
        return chance.one(LEADERS)
    return HEADS[min(int(chance.random() ** 1.7 * len(HEADS)), len(HEADS) - 1)] if number < 4 else chance.one(STAFF)


def _since(world: World, chance: Chance) -> date:
    return world.calendar.start - timedelta(days=chance.number(30, 6_000))


def affiliation(world: World, chance: Chance, firm: Firm, contact: Contact, job: Job, *, main: bool = False) -> Row:
    """The row that says that somebody works there, with the telephone and the address of that desk."""
    person = contact.row
    return {
        "id": world.next_id("affiliation"), "person_id": contact.id, "organisation_id": firm.id,
        "job_title": job.he if person["gender"] == "m" else job.she, "job_role": job.part,
        "phone": codes.desk(chance, firm.row["phone"]) if chance.happens(0.55) else "",
        "email": f"{codes.host(person['first_name'])[0]}.{codes.host(person['last_name'])}@{firm.host}" if chance.happens(0.8) else "",
        "since": contact.since, "until": contact.until, "main": main, "step": job.step, "department": job.department,
    }  # fmt: skip


def _report(chance: Chance, links: list[Row]) -> None:
    """Who stands one step below reports to the head of the same department, else to the one who leads."""
    leader = next((link for link in links if link["step"] == 1), None)
    heads = [link for link in links if link["step"] == 2]
    for link in links:
        if link["step"] == 2 and leader is not None:
            link["reports_to_id"] = leader["id"]
        elif link["step"] == 3:
            same = [head for head in heads if head["department"] == link["department"]]
            above = same or heads or ([leader] if leader else [])
            if above:
                link["reports_to_id"] = chance.one(above)["id"]


def moved(world: World, chance: Chance, old: Firm, new: Firm) -> Row:
    """Somebody of the new firm worked at the old one until a while ago: the closed affiliation there, with the numbers of that desk."""
    contact = next(one for one in reversed(new.people) if one.until is None)
    left = world.calendar.some_day(chance, world.calendar.start, 1.0)
    contact.since = left + timedelta(days=chance.number(3, 60))
    before = Contact(contact.row, world.calendar.start - timedelta(days=chance.number(100, 3_000)), left)
    old.people.append(before)
    return affiliation(world, chance, old, before, chance.one(HEADS))
