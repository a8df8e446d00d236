"""The links of a party as a small map: itself in the middle, the others around it, each with the word of its link."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from rapporto.domain.parties.models import PERSON
from rapporto.store.asking import Asked
from rapporto.web.fixed_queries import FixedQuery
from rapporto.web.links import card_url
from rapporto.web.parts_read import AffiliationRow, Parts
from rapporto.web.past import day_looked_at
from rapporto.web.reading import SIZES, Reading, learn_titles

MOST = 20
"""How many are drawn; the list below the map has them all."""
WIDTH, BOX, HIGH, STEP, MIDDLE = 324, 146, 38, 48, 40
LETTERS = 20
"""How many letters of a name fit into a box."""


@dataclass(frozen=True)
class Edge:
    """A link to another party. `through` tells a person who works, or worked, for both."""

    party: int
    name: str
    label: str
    through: bool = False


class _Shared(NamedTuple):
    """Somebody of this company who works for another one too, or did."""

    person_id: int
    organisation_id: int
    until: date | None


def _elsewhere(asked: Asked, *ids: int) -> QuerySet[Any]:
    rows = asked.records("affiliation").filter(person_id__in=ids, organisation__isnull=False).order_by("until", "id")
    return rows.values_list(*_Shared._fields)[:200]


_ELSEWHERE = FixedQuery(_elsewhere, ("affiliation",))


def read_edges(asked: Asked, reading: Reading, parts: Parts) -> list[Edge]:
    """The links of a party, then the companies with which it shares people. One query, and the names of those not known yet."""
    names = reading.titles.setdefault("party", {})
    found = [_edge(one, reading.id, names) for one in parts.links]
    if reading.values.get("kind") == PERSON:
        found += [_work(one, names) for one in parts.affiliations if one.person_id == reading.id]
        return _once(one for one in found if one)
    persons = sorted({one.person_id for one in parts.affiliations if one.person_id and one.person_id in names})
    size = next((one for one in SIZES if len(persons) <= one), len(persons))
    rows = _ELSEWHERE.rows(asked, *persons, *[persons[-1]] * (size - len(persons))) if persons else []
    shared = [one for one in (_Shared(*row) for row in rows) if one.organisation_id != reading.id]
    learn_titles(asked.actor, reading.titles, {"party": {one.organisation_id for one in shared}}, asked)
    found += [
        Edge(one.organisation_id, names[one.organisation_id], _both(one, names[one.person_id]), through=True)
        for one in shared
        if one.organisation_id in names and one.person_id in names
    ]
    return _once(one for one in found if one)


def _edge(one: Any, party: int, names: Mapping[int, str]) -> Edge | None:
    outward = one.first_id == party
    other = one.second_id if outward else one.first_id
    label = one.link_type__name if outward else one.link_type__reverse
    return Edge(other, names[other], label) if other in names else None


def _work(one: AffiliationRow, names: Mapping[int, str]) -> Edge | None:
    if one.organisation_id not in names:
        return None
    over = one.until is not None and one.until < day_looked_at()
    label = _("once worked here") if over else one.job_title or _("works here")
    return Edge(one.organisation_id, names[one.organisation_id], label, through=over)


def _both(one: _Shared, person: str) -> str:
    over = one.until is not None and one.until < day_looked_at()
    return (_("once {name}") if over else _("also {name}")).format(name=person)


def _once(edges: Iterable[Edge]) -> list[Edge]:
    """The first link to each party: more of them are told in the list."""
    found: dict[int, Edge] = {}
    for one in edges:
        found.setdefault(one.party, one)
    return list(found.values())


def map_html(name: str, edges: Sequence[Edge], query: str = "") -> SafeString:
    """The map; the list of the links beside it says the same to the ear. Nothing when there is nobody around."""
    if not edges:
        return mark_safe("")
    shown, rest = edges[:MOST], len(edges) - MOST
    pairs = [shown[at : at + 2] for at in range(0, len(shown), 2)]
    above, below = pairs[: len(pairs) // 2], pairs[len(pairs) // 2 :]
    middle = len(above) * STEP + MIDDLE // 2
    drawn = [
        *_rows(above, 0, middle, query),
        *_rows(below, len(above) * STEP + MIDDLE + STEP - HIGH, middle, query),
        f'<rect class="box self" x="62" y="{middle - MIDDLE // 2}" width="200" height="{MIDDLE}" rx="20"/>',
        f'<text class="em mid" x="162" y="{middle + 4}">{escape(_cut(name, 26))}</text>',
    ]
    height = len(pairs) * STEP + MIDDLE + (24 if rest > 0 else 0) + 2
    if rest > 0:
        others = escape(_("and {count} more, in the list below").format(count=rest))
        drawn.append(f'<text class="mid" x="162" y="{height - 6}">{others}</text>')
    return mark_safe(
        f'<svg class="chart links-map" viewBox="-2 -1 {WIDTH + 4} {height}" aria-hidden="true">{"".join(drawn)}</svg>'
    )


def _rows(pairs: Sequence[Sequence[Edge]], top: int, middle: int, query: str) -> Iterator[str]:
    for number, pair in enumerate(pairs):
        y = top + number * STEP
        for side, edge in enumerate(pair):
            alone = len(pair) == 1
            x = (WIDTH - BOX) // 2 if alone else 0 if side == 0 else WIDTH - BOX
            yield _line(x, y, middle, alone=alone, side=side, dashed=edge.through)
            yield _box(edge, x, y, query)


def _line(x: int, y: int, middle: int, *, alone: bool, side: int, dashed: bool) -> str:
    """From the middle along the spine, then to the side; an edge out of a shared person is dashed."""
    shape = ' class="thin"' if dashed else ""
    if alone:
        return f'<path{shape} d="M162 {middle}V{y + HIGH // 2}"/>'
    inner = BOX if side == 0 else WIDTH - BOX
    return f'<path{shape} d="M162 {middle}V{y + HIGH // 2}H{inner}"/>'


def _box(edge: Edge, x: int, y: int, query: str) -> str:
    centre = x + BOX // 2
    full = escape(f"{edge.name}: {edge.label}")
    return (
        f'<a href="{card_url("party", edge.party)}{escape(query)}" data-panel tabindex="-1"><title>{full}</title>'
        f'<rect class="box{" unknown" if edge.through else ""}" x="{x}" y="{y}" width="{BOX}" height="{HIGH}" rx="5"/>'
        f'<text class="em mid" x="{centre}" y="{y + 16}">{escape(_cut(edge.name, LETTERS))}</text>'
        f'<text class="mid" x="{centre}" y="{y + 31}">{escape(_cut(edge.label, LETTERS + 3))}</text></a>'
    )


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
