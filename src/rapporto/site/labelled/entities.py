"""Italian companies and people that exist, each once: groups of companies, branches, families, namesakes among them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from rapporto.domain.parties.legal_form import take_apart
from rapporto.domain.parties.models import ORGANISATION, PERSON
from rapporto.site.demo import codes
from rapporto.site.demo.chance import Chance, Weighted
from rapporto.site.demo.firms import firm_name
from rapporto.site.demo.firms import surname as surname_of
from rapporto.site.demo.names import MEN, WOMEN
from rapporto.site.demo.places import Places, Town
from rapporto.site.demo.trades import STREETS, TRADES
from rapporto.site.labelled.typed import Typed

PROVIDERS = ("gmail.com", "libero.it", "hotmail.it", "alice.it", "yahoo.it", "tiscali.it", "outlook.it")
SHARED = ("info", "info", "amministrazione", "commerciale", "ufficio", "segreteria", "acquisti")
SISTERS = (
    "Holding",
    "Immobiliare",
    "Service",
    "Trasporti",
    "Logistica",
    "Trading",
    "Engineering",
    "Energia",
    "Due",
    "International",
)
FORMS = ("S.r.l.", "S.p.A.", "S.n.c.", "S.a.s.", "S.r.l.", "S.r.l.")
_TRADES = Weighted((trade, trade.weight) for trade in TRADES)


def companies(chance: Chance, places: Places, count: int) -> list[Typed]:
    """So many companies. Of every hundred some eight have sisters of the same group, and four are called like one elsewhere."""
    found: list[Typed] = []
    while len(found) < count:
        one = _company(chance, places, len(found) + 1)
        found.append(one)
        if chance.happens(0.08):
            found += list(_sisters(chance, one, len(found) + 1))
        if chance.happens(0.04):
            found.append(_namesake(chance, places, one, len(found) + 1))
    return found[:count]


def _company(chance: Chance, places: Places, entity: int) -> Typed:
    town = places.town(chance)
    bare, name = firm_name(chance, _TRADES.pick(chance), town, round(chance.around(12, 1.0)))
    host = codes.host(bare)
    vat = codes.vat_number(entity, town.province)
    firm = Typed(entity, ORGANISATION, name, vat_number=vat, tax_code=vat, **_place(chance, town))
    firm.phones = [codes.landline(chance, town.province)]
    if chance.happens(0.25):
        firm.phones.append(codes.mobile(chance))
    own = chance.happens(0.7)
    firm.emails = [f"{chance.one(SHARED)}@{host}.it" if own else f"{host}@{chance.one(PROVIDERS)}"]
    firm.pec = f"{host}@pec.it" if chance.happens(0.6) else ""
    firm.website = f"https://www.{host}.it" if own and chance.happens(0.7) else ""
    return firm


def _place(chance: Chance, town: Town) -> dict[str, Any]:
    street = f"{chance.one(STREETS)} {chance.number(1, 140)}"
    return {"street": street, "postal_code": chance.one(town.codes), "city": town.name, "province": town.province}


def _sisters(chance: Chance, mother: Typed, entity: int) -> Iterator[Typed]:
    """Companies of one group: the same house, telephone and domain, other tax codes; now and then one VAT number for all."""
    group = chance.happens(0.2)
    bare = take_apart(mother.name).bare
    family = next((word for word in reversed(bare.split()) if len(word) > 3 and word not in ("Figli", "F.lli")), bare)
    for at, sister in enumerate(chance.sample(SISTERS, chance.number(1, 3))):
        number = codes.vat_number(entity + at, mother.province)
        head = f"{family if chance.happens(0.6) else bare} {sister}"
        one = replace(
            mother,
            entity=entity + at,
            name=f"{head} {chance.one(FORMS)}",
            vat_number=mother.vat_number if group else number,
            tax_code=number,
            phones=list(mother.phones[:1]) if chance.happens(0.7) else [codes.landline(chance, mother.province)],
            emails=list(mother.emails) if chance.happens(0.5) else [f"{chance.one(SHARED)}@{codes.host(head)}.it"],
            pec=f"{codes.host(head)}@pec.it" if chance.happens(0.6) else "",
            house=frozenset({mother.entity}),
        )
        if chance.happens(0.25):
            one.vat_number = one.tax_code = ""
        yield one


def _namesake(chance: Chance, places: Places, other: Typed, entity: int) -> Typed:
    """A company called alike elsewhere («Bar Sport»)."""
    one = _company(chance, places, entity)
    one.name = other.name if one.city != other.city else one.name
    return one


def people(chance: Chance, places: Places, firms: list[Typed], first: int, count: int) -> list[Typed]:
    """So many people, most of whom work for one of the companies; families at one address, and namesakes elsewhere."""
    found: list[Typed] = []
    while len(found) < count:
        one = _person(chance, places, firms, first + len(found))
        found.append(one)
        if chance.happens(0.06):
            found.append(_relative(chance, one, first + len(found)))
        if chance.happens(0.04):
            found.append(_double(chance, places, firms, one, first + len(found)))
    return found[:count]


def _person(chance: Chance, places: Places, firms: list[Typed], entity: int) -> Typed:
    firm = chance.one(firms) if chance.happens(0.7) else None
    woman = chance.happens(0.45)
    town = places.named(firm.city) if firm else places.town(chance)
    last, first = surname_of(chance, town.region), chance.one(WOMEN if woman else MEN)
    born = date(1945, 1, 1) + timedelta(days=chance.number(0, 21_000))
    one = Typed(entity, PERSON, f"{first} {last}", first, last, city=town.name, province=town.province)
    one.birth_date = born if chance.happens(0.35) else None
    if chance.happens(0.3):
        one.tax_code = codes.tax_code(first, last, "f" if woman else "m", born, town.register)
    if chance.happens(0.5):
        one.phones.append(codes.mobile(chance))
    if firm:
        one.employer = firm.name
        if chance.happens(0.6):
            one.phones.append(firm.phones[0] if chance.happens(0.7) else codes.desk(chance, firm.phones[0]))
        one.street, one.postal_code = (firm.street, firm.postal_code) if chance.happens(0.3) else ("", "")
    if not firm or chance.happens(0.15):
        one.street, one.postal_code = (f"{chance.one(STREETS)} {chance.number(1, 90)}", chance.one(town.codes))
    if address := _mailbox(chance, first, last, firm):
        one.emails.append(address)
    return one


def _mailbox(chance: Chance, first: str, last: str, firm: Typed | None) -> str:
    name = (
        f"{codes.host(first)}.{codes.host(last)}"
        if chance.happens(0.6)
        else f"{codes.host(first)[0]}{codes.host(last)}"
    )
    if firm and firm.emails and chance.happens(0.6):
        if chance.happens(0.2):
            return firm.emails[0]
        domain = firm.emails[0].partition("@")[2]
        return f"{name}@{domain}" if domain not in PROVIDERS else f"{name}{chance.digits(2)}@{domain}"
    return f"{name}{chance.digits(2)}@{chance.one(PROVIDERS)}" if chance.happens(0.5) else ""


def _relative(chance: Chance, other: Typed, entity: int) -> Typed:
    """Somebody of the same family at the same address, with the same telephone, often in the same firm."""
    first = chance.one([name for name in (WOMEN if chance.happens(0.5) else MEN) if name != other.first_name])
    return replace(
        other,
        entity=entity,
        name=f"{first} {other.last_name}",
        first_name=first,
        birth_date=None,
        tax_code="",
        phones=list(other.phones),
        emails=[one for one in other.emails if one.partition("@")[0] in SHARED],
    )


def _double(chance: Chance, places: Places, firms: list[Typed], other: Typed, entity: int) -> Typed:
    """Another person of the same name, in another company or place."""
    one = _person(chance, places, firms, entity)
    one.emails = [each for each in one.emails if each.partition("@")[0] in SHARED]
    one.first_name, one.last_name, one.name, one.tax_code = other.first_name, other.last_name, other.name, ""
    return one
