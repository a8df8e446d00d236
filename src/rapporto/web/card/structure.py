"""What the card draws of a party: who reports to whom, who of us knows them, and the links around it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rapporto.domain.parties.models import PERSON
from rapporto.store.asking import Asked
from rapporto.web.card.link_map import Edge, map_html, read_edges
from rapporto.web.card.org_drawn import Drawing, told
from rapporto.web.card.org_read import read_chart, units_of
from rapporto.web.card.org_tree import Chart
from rapporto.web.card.ties import Tie, ties
from rapporto.web.links import org_chart_url
from rapporto.web.parts_read import Parts
from rapporto.web.reading import Reading

FEW, SMALL = 12, 2
"""How many posts are drawn on the card; of more only so many levels."""


@dataclass(frozen=True)
class Structure:
    """The chart of a company; of a person, who of us knows them; the links of both."""

    chart: Chart
    knowing: tuple[Tie, ...] = ()
    edges: Sequence[Edge] = ()
    units: Sequence[tuple[int, str]] = ()
    """The units right below the company, by id and name."""

    def context(self, reading: Reading, query: str) -> dict[str, Any]:
        """The small drawings; `query` is what their addresses keep: the day looked at."""
        levels = SMALL if len(self.chart.posts) > FEW else 0
        small = Drawing(reading.id, levels=levels, small=True, query=query)
        person = reading.values.get("kind") == PERSON
        return {
            "org_html": small.html(self.chart) if self.chart.roots else "",
            "org_loose": len(self.chart.loose),
            "org_told": told(self.chart) if self.chart.posts else "",
            "org_url": "" if person else org_chart_url(reading.id) + query,
            "knowing": self.knowing,
            "links_map": map_html(reading.title, self.edges, query),
        }


def read_structure(asked: Asked, reading: Reading, parts: Parts) -> Structure:
    """Reads what is drawn, as the moment looked at has it."""
    edges = read_edges(asked, reading, parts)
    if reading.values.get("kind") == PERSON:
        return Structure(Chart(()), ties(asked, [reading.id]).get(reading.id, ()), edges)
    units = units_of(asked, reading.id)
    chart = read_chart(asked, reading.id, units, reading.titles)
    return Structure(chart, (), edges, [(one.id, one.name) for one in units if one.part_of == reading.id])
