"""What belongs to a party: people and employers, addresses, numbers, links, units; each told from this side."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from rapporto.domain.parties.models import Address, ContactPoint
from rapporto.kernel.kinds import Country, Email, Kind, Phone, Web
from rapporto.web.asked import language
from rapporto.web.links import card_url, edit_url
from rapporto.web.parts_read import AffiliationRow, Parts
from rapporto.web.past import day_looked_at
from rapporto.web.reading import Titles

KINDS: Mapping[str, Kind] = {
    ContactPoint.PHONE: Phone(), ContactPoint.MOBILE: Phone(), ContactPoint.FAX: Phone(),
    ContactPoint.EMAIL: Email(), ContactPoint.PEC: Email(), ContactPoint.WEB: Web(),
}  # fmt: skip


@dataclass(frozen=True)
class Reach:
    """A number or address that can be touched."""

    text: str
    url: str
    label: str = ""


@dataclass(frozen=True)
class Line:
    """One line of a list on the card: who or what, what explains it, how to reach them, where it is changed."""

    name: str
    url: str = ""
    detail: str = ""
    reach: tuple[Reach, ...] = ()
    tag: str = ""
    former: bool = False
    edit_url: str = ""
    id: int | None = None


def people(parts: Parts, party_id: int, known: Titles, *, change: bool) -> list[Line]:
    """Who works here, or where this person works: those of today first, the former ones after them."""
    names = known.get("party", {})
    today = day_looked_at()
    held = [one for one in parts.affiliations if one.person_id is not None]
    lines = [_affiliation(one, party_id, names, today, change=change) for one in held]
    return sorted(lines, key=lambda line: line.former)


def _affiliation(one: AffiliationRow, party_id: int, names: Mapping[int, str], today: date, *, change: bool) -> Line:
    here = one.organisation_id == party_id
    other_id = (one.person_id or 0) if here else one.organisation_id
    seen = other_id in names
    former = one.until is not None and one.until < today
    since = spell(one.since, one.until) if one.until or not here else ""
    return Line(
        name=names.get(other_id, _("somebody out of your reach")),
        url=card_url("party", other_id) if seen else "",
        detail=" · ".join(text for text in (one.job_title, one.job_role, since) if text),
        reach=() if former else tuple(_reach(one, own=here and seen)),
        tag=_("Main contact") if one.main and not former else "",
        former=former,
        edit_url=edit_url("affiliation", one.pk) if change else "",
        id=one.person_id if here else None,
    )


_DESK: tuple[tuple[str, Any], ...] = (("phone", Phone()), ("mobile", Phone()), ("email", Email()))


def _reach(one: AffiliationRow, *, own: bool) -> Iterator[Reach]:
    """The numbers of the desk; where there are none, the person's own ones if they may be seen."""
    for name, kind in _DESK:
        value = getattr(one, name) or (getattr(one, f"person__{name}") if own else "")
        if value:
            yield Reach(kind.show(value, language()), kind.address(value))


def spell(since: date | None, until: date | None) -> str:
    """«from 01/02/2020 to 31/12/2024», as far as it is known."""
    first, last = (f"{day:%d/%m/%Y}" if day else "" for day in (since, until))
    if first and last:
        return _("from {first} to {last}").format(first=first, last=last)
    if last:
        return _("until {last}").format(last=last)
    return _("since {first}").format(first=first) if first else ""


def places(parts: Parts, *, change: bool) -> list[Line]:
    """The further addresses."""
    return [
        Line(
            name=one.name or label_of(Address.KINDS, one.kind),
            detail=postal(one.street, one.postal_code, one.city, one.province, one.country),
            tag=label_of(Address.KINDS, one.kind) if one.name else "",
            edit_url=edit_url("address", one.pk) if change else "",
        )
        for one in parts.addresses
    ]


def points(parts: Parts, *, change: bool) -> list[Line]:
    """The further numbers and addresses."""
    found = []
    for one in parts.points:
        kind: Any = KINDS[one.kind]
        reach = Reach(kind.show(one.value, language()), kind.address(one.value))
        label = label_of(ContactPoint.KINDS, one.kind)
        detail = " · ".join(text for text in (label, one.label, _("personal") if one.private else "") if text)
        found.append(Line(reach.text, reach.url, detail, edit_url=edit_url("contact_point", one.pk) if change else ""))
    return found


def links(parts: Parts, party_id: int, known: Titles, *, change: bool) -> list[Line]:
    """The links to other parties, each told from this side."""
    names = known.get("party", {})
    found = []
    for one in parts.links:
        outward = one.first_id == party_id
        other = one.second_id if outward else one.first_id
        detail = one.link_type__name if outward else one.link_type__reverse
        if other in names:
            url = edit_url("party_link", one.pk) if change else ""
            found.append(Line(names[other], card_url("party", other), detail, edit_url=url))
    return found


def units(found: Iterable[tuple[int, str]]) -> list[Line]:
    """The units of an organisation, by id and name."""
    return [Line(name, card_url("party", row_id)) for row_id, name in found]


def postal(street: str, code: str, city: str, province: str, country: str = "IT") -> str:
    """A place on one line: «Via dell’Industria 14, 37069 Villafranca di Verona (VR)»."""
    town = " ".join(part for part in (code, city) if part)
    town += f" ({province})" if province and country in ("", "IT") else ""
    abroad = Country().show(country, language()) if country not in ("", "IT") else ""
    return ", ".join(part for part in (street, town.strip(), abroad) if part)


def label_of(choices: Iterable[tuple[str, Any]], code: str) -> str:
    """The word for a code of a list."""
    return next((str(label) for one, label in choices if one == code), code)
