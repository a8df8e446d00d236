"""Reads what the org chart of a company shows: its posts, its units, what people are called, and who of us knows them."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from rapporto.store.asking import Asked
from rapporto.web.card.org_tree import Chart, Post, Unit, chart_of
from rapporto.web.card.ties import ties
from rapporto.web.fixed_queries import FixedQuery
from rapporto.web.past import day_looked_at
from rapporto.web.reading import SIZES, Titles, learn_titles

DEEPEST = 8
"""Levels of units that are drawn."""
MOST = 600
"""Posts that are drawn; nobody reads a chart of more."""
_COLUMNS = ("pk", "person_id", "job_title", "job_role", "organisation_id", "reports_to_id", "until", "main")


def _posts(asked: Asked, *ids: int) -> QuerySet[Any]:
    rows = asked.records("affiliation").filter(organisation_id__in=ids).order_by("-main", "id")
    return rows.values_list(*_COLUMNS)[:MOST]


def _units(asked: Asked, *ids: int) -> QuerySet[Any]:
    rows = asked.records("party").filter(part_of_id__in=ids).order_by("name_key", "pk")
    return rows.values_list("pk", "name", "part_of_id")


_POSTS, _UNITS = FixedQuery(_posts, ("affiliation",)), FixedQuery(_units, ("party",))


def read_posts(asked: Asked, company: int, units: Sequence[Unit], known: Titles) -> list[Post]:
    """The posts of a company, or of a unit, and of these units, those of the past included. Two queries."""
    rows = _of(_POSTS, asked, [company, *(one.id for one in units)])
    persons = {row[1] for row in rows if row[1] is not None}
    learn_titles(asked.actor, known, {"party": persons}, asked)
    names = known.get("party", {})
    return [
        Post(pk, person, "" if person is None else names.get(person), job, where, boss, until, main, role)
        for pk, person, job, role, where, boss, until, main in rows
    ]


def read_chart(asked: Asked, company: int, units: Sequence[Unit], known: Titles) -> Chart:
    """The chart of a company, or of a unit, with these units, as the moment looked at has it. Three queries."""
    posts = read_posts(asked, company, units, known)
    seen = {one.person for one in posts if one.person is not None and one.name}
    return chart_of(company, posts, units, ties(asked, seen), day_looked_at())


def units_of(asked: Asked, company: int) -> list[Unit]:
    """The units of a company, those of units included, as far as they may be seen. One query for every level."""
    found: dict[int, Unit] = {}
    above = [company]
    for _level in range(DEEPEST):
        new = [Unit(*row) for row in _of(_UNITS, asked, above)]
        above = [one.id for one in new if one.id not in found and one.id != company]
        if not above:
            break
        found |= {one.id: one for one in new if one.id in above}
    return list(found.values())


def _of(query: FixedQuery, asked: Asked, ids: Sequence[int]) -> list[Any]:
    """The rows for some ids, of which few numbers are asked for, so that few statements are made."""
    size = next((one for one in SIZES if len(ids) <= one), len(ids))
    return query.rows(asked, *ids, *[ids[-1]] * (size - len(ids)))
