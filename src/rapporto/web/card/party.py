"""The card of a party: who they are, what happens with them, what the figures say."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from rapporto.domain.parties.models import ORGANISATION, PERSON
from rapporto.kernel.actor import Actor
from rapporto.store.asking import Asked
from rapporto.web.asked import language
from rapporto.web.card.numbers import (
    Figure,
    by_month,
    chart,
    figures,
    known_figure,
    last_figure,
    next_figure,
    open_figure,
)
from rapporto.web.card.structure import Structure, read_structure
from rapporto.web.facts import Fact, FactSection, blanks, chosen, sections
from rapporto.web.forms.note import Note
from rapporto.web.forms.party import senseless
from rapporto.web.grid.cells import PHASES
from rapporto.web.links import new_url
from rapporto.web.parts import Line, Reach, links, people, places, points, postal, units
from rapporto.web.parts_read import Parts, read_parts
from rapporto.web.past import PARAMETER, day_looked_at
from rapporto.web.reading import Reading
from rapporto.web.timeline.asking import Asking
from rapporto.web.timeline.belongings import belongings
from rapporto.web.timeline.views import Story, dealings_with, filters, latest, people_in, story

IN_THE_HEAD = ("name", "kind", "phase", "types", "owner", "territory_by_hand")
PLACE = ("street", "postal_code", "city", "province", "region", "country")
LATEST = 4
"""How many dealings the panel tells."""
IN_THE_PANEL = ("vat_number", "sdi_code", "phone", "mobile", "email", "pec", "industry", "territory", "owner")


@dataclass
class PartyCard:
    """Everything the card and the panel of a party show; read once, eagerly, in a constant number of queries."""

    actor: Actor
    reading: Reading
    parts: Parts
    story: Story
    months: Mapping[Any, int]
    change: bool
    what: Asking
    narrow: Mapping[str, Any] = field(default_factory=dict)
    structure: Structure | None = None
    """What is drawn on the card; the panel has no drawings."""
    open_steps: tuple[int, int] = (0, 0)
    query: str = ""

    @property
    def kind(self) -> str:
        """Organisation, unit or person."""
        return str(self.reading.values.get("kind") or ORGANISATION)

    def context(self) -> dict[str, Any]:
        """What the templates of the card need."""
        months = dict(self.months)
        return {
            **self.head(),
            "sections": self.essentials(),
            "blanks": blanks(self.reading, left_out={*IN_THE_HEAD, *self._senseless()}),
            "profile": sections(self.reading, profile=True),
            **self.lines(),
            "figures": [*figures(months, self.story.next_step, self.story.last), *self.further_figures()],
            "chart": chart(months),
            **(self.structure.context(self.reading, self.query) if self.structure else {}),
            "story": self.story,
            "entries": self.story.entries,
            "more_url": self.story.more_url,
            "narrow": self.narrow,
            "at_hand": self.at_hand(),
        }

    def head(self) -> dict[str, Any]:
        """What stands beside the name."""
        return head_of(self.reading)

    @cached_property
    def people(self) -> list[Line]:
        """Who works here, or where this person works."""
        return people(self.parts, self.reading.id, self.reading.titles, change=self.change)

    def _senseless(self) -> frozenset[str]:
        return senseless(self.reading.record, self.kind, self.reading.values)

    def essentials(self) -> list[FactSection]:
        """The facts of the left column: place and reach in one piece each, the rest by section."""
        found = sections(self.reading, left_out={*IN_THE_HEAD, *PLACE}, asked_for=self._asked_for(), profile=False)
        place = self.place()
        if place:
            address = Fact(_("Address"), place.replace(", ", "\n", 1))
            region = chosen(self.reading, ("region",))
            found.insert(min(2, len(found)), FactSection(_("Place"), (address, *region)))
        return found

    def _asked_for(self) -> set[str]:
        """What is worth asking them, as long as it is blank."""
        values = self.reading.values
        wanted = set() if values.get("phone") or values.get("mobile") else {"phone"}
        if self.kind == PERSON and any(line.reach for line in self.people):
            return set()
        wanted |= {"email"} | ({"vat_number"} if self.kind == ORGANISATION else set())
        if self.kind == ORGANISATION and values.get("phase") == "customer" and not values.get("pec"):
            wanted.add("sdi_code")
        return {name for name in wanted if name in self.reading.record.fields}

    def place(self) -> str:
        """The address on one line."""
        values = self.reading.values
        street, code, city, province, country = (
            str(values.get(n) or "") for n in ("street", "postal_code", "city", "province", "country")
        )
        return postal(street, code, city, province, country) if street or code or city or province else ""

    def lines(self) -> dict[str, Any]:
        """People, numbers, places, links, units; and where each of them is added."""
        party, known = self.reading.id, self.reading.titles
        add = self.change
        return {
            "people": self.people,
            "people_label": _("Works for") if self.kind == PERSON else _("People"),
            "sites": places(self.parts, change=self.change),
            "points": points(self.parts, change=self.change),
            "links": links(self.parts, party, known, change=self.change),
            "units": units(self.structure.units if self.structure else ()),
            "add_person_url": self._add_person() if add else "",
            "add_site_url": new_url("address", party=party) if add else "",
            "add_point_url": new_url("contact_point", party=party) if add else "",
            "add_link_url": new_url("party_link", first=party) if add else "",
            "add_unit_url": new_url("party", kind="unit", part_of=party) if add and self.kind != PERSON else "",
        }

    def _add_person(self) -> str:
        side = "person" if self.kind == PERSON else "organisation"
        return new_url("affiliation", **{side: self.reading.id})

    def at_hand(self) -> dict[str, Any]:
        """What a narrow screen shows first: the last dealing, the next date, who has it, what can be touched."""
        values, record = self.reading.values, self.reading.record
        kinds: dict[str, Any] = {
            name: record.fields[name].kind for name in ("phone", "mobile", "email") if values.get(name)
        }
        reach = [
            Reach(one.show(values[name], language()), one.address(values[name]), name) for name, one in kinds.items()
        ]
        place = self.place()
        return {
            "last": last_figure(self.story.last),
            "next": next_figure(self.story.next_step),
            "reach": reach[:2],
            "place": place,
            "place_url": f"geo:0,0?q={place}" if place else "",
        }

    def panel(self) -> dict[str, Any]:
        """What the side panel shows besides: fewer facts, the next step first."""
        place = self.place()
        facts = chosen(self.reading, IN_THE_PANEL)
        if place:
            facts.insert(min(2, len(facts)), Fact(_("Address"), place))
        return {
            **self.head(),
            "panel_facts": facts,
            "panel_figures": figures(dict(self.months), self.story.next_step, self.story.last)[::2],
            "next_step": self.story.next_step,
            "next_entry": next((one for one in self.story.entries if one.mark == "planned"), None),
            "latest": [one for one in self.story.entries if one.mark == "done"],
        }

    def further_figures(self) -> list[Figure]:
        """How many steps are open, and how many people here we know."""
        known = known_figure(self.structure.chart) if self.structure else []
        return [open_figure(*self.open_steps), *known]

    def callers(self) -> list[tuple[int, str]]:
        """Who can have called: the people of the organisation; of a person, they themselves."""
        if self.kind == PERSON:
            return [(self.reading.id, self.reading.title)]
        return [(line.id, line.name) for line in self.people if line.id is not None and line.url and not line.former]


def head_of(reading: Reading) -> dict[str, Any]:
    """What stands beside the name of a party: phase, types, and a sentence of what it is, where, and whose."""
    values, record = reading.values, reading.record
    types = reading.titles.get("party_type", {})
    owner = reading.titles.get("user", {}).get(values.get("owner") or 0, "")
    place = postal("", "", values.get("city") or "", values.get("province") or "", values.get("country") or "IT")
    industry = reading.titles.get("industry", {}).get(values.get("industry") or 0, "")
    kind = str(record.fields["kind"].kind.show(values.get("kind") or ORGANISATION, language()))
    lead = [
        industry or kind,
        place,
        _("assigned to {name}").format(name=owner) if owner else _("assigned to nobody"),
    ]
    return {
        "phase": record.fields["phase"].kind.show(values.get("phase"), language()),
        "phase_class": PHASES.get(str(values.get("phase")), ""),
        "tags": [types[one] for one in values.get("types") or () if one in types],
        "lead": " · ".join(part for part in lead if part),
        "owner": owner,
        "now_tags": [
            chosen(reading, (name,))[0].today
            for name in IN_THE_HEAD
            if name in record.fields and reading.otherwise_now(name)
        ],
    }


def read_party(actor: Actor, reading: Reading, what: Asking, asked: Asked, *, change: bool) -> PartyCard:
    """Reads what the card of a party shows."""
    parts = read_parts(asked, reading.id, reading.titles)
    found = story(reading, belongings(reading, asked, parts.values()), what, asked)
    rows = dealings_with(reading, asked)
    today = day_looked_at()
    return PartyCard(
        actor, reading, parts, found, by_month(rows, today), change, what,
        filters(reading, what, people_in(parts, reading.id, reading.titles), asked),
        read_structure(asked, reading, parts),
        rows.open_steps(today),
        f"?{PARAMETER}={today.isoformat()}" if what.until else "",
    )  # fmt: skip


def read_panel(actor: Actor, reading: Reading, asked: Asked, until: datetime | None = None) -> PartyCard:
    """Reads what the panel of a party shows: neither parts nor changes."""
    told = latest(reading, asked, LATEST)
    months = by_month(dealings_with(reading, asked), timezone.localdate(until) if until else timezone.localdate())
    return PartyCard(actor, reading, Parts(), told, months, False, Asking(until=until))


def note_of(card: PartyCard, kind: str, done: int | None = None) -> Note:
    """The empty note of a dealing; `done` names the planned one that took place."""
    step = next((one for one in card.story.plans if one.id == done), None)
    return Note(card.actor, card.reading, card.callers(), kind, step=step)
