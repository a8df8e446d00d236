"""The page of the org chart of a company, and the panel of one post, where everything can be done by words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from rapporto.domain.parties.models import PERSON
from rapporto.kernel.actor import Actor
from rapporto.kernel.kinds import Day
from rapporto.store.asking import Asked
from rapporto.store.errors import NotFound
from rapporto.store.moment import present
from rapporto.store.records import find
from rapporto.web.asked import aims_at, language
from rapporto.web.card.org_drawn import Drawing, called, told
from rapporto.web.card.org_read import read_chart, units_of
from rapporto.web.card.org_today import mark_today
from rapporto.web.card.org_tree import Box, Chart, Post, Unit
from rapporto.web.card.page import ground
from rapporto.web.card.party import head_of
from rapporto.web.card.tabs import ORG_CHART, tabs
from rapporto.web.fields import FormField
from rapporto.web.forms.linked import combobox
from rapporto.web.forms.state import PANEL
from rapporto.web.links import card_url, chart_change_url, edit_url, new_url, org_chart_url, post_url, suggest_url
from rapporto.web.past import past_moment, reading_at
from rapporto.web.permitted import may_change_read
from rapporto.web.reading import Reading, read

MANY, OPEN = 60, 3
"""From how many posts on only the first levels are open, and how many these are."""


@dataclass
class Company:
    """A company whose chart is shown, as it is or as it was."""

    reading: Reading
    chart: Chart
    units: list[Unit]
    change: bool
    ground: dict[str, Any]
    query: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)

    def drawing(self, *, every: bool) -> Drawing:
        """How it is drawn on its page."""
        levels = OPEN if len(self.chart.posts) > MANY and not every else 0
        return Drawing(self.reading.id, self.change, levels, query=self.query)

    def box(self, post: int | None) -> Box:
        """The box of a post. NotFound when there is none in this chart."""
        found = next((one for one in self.chart.posts if one.post and one.post.id == post), None)
        if found is None:
            raise NotFound("affiliation", post)
        return found


def read_company(request: HttpRequest, row_id: int) -> Company:
    """The company of an address with its chart. Raises NotFound, BadValue."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    moment = past_moment(request)
    with reading_at(moment):
        asked = Asked.by(actor)
        reading = read(actor, "party", row_id, asked=asked)
        change = moment is None and may_change_read(reading, asked)
        units = units_of(asked, row_id)
        chart = read_chart(asked, row_id, units, reading.titles)
        if moment is not None:
            with present():
                mark_today(Asked.by(actor), row_id, chart, reading.titles)
        around = {**ground(reading, moment, change=change), **head_of(reading)}
    query = f"?as_of={around['as_of']:%Y-%m-%d}" if moment else ""
    return Company(reading, chart, units, change, around, query)


@require_GET
def org_chart(request: HttpRequest, row_id: int) -> HttpResponse:
    """The org chart of a company; that of a person is the one of their company."""
    company = read_company(request, row_id)
    if company.reading.values.get("kind") == PERSON:
        return redirect(_of_their_company(request, row_id))
    return render(request, "org_chart.html", chart_context(request, company))


def _of_their_company(request: HttpRequest, person: int) -> str:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    works = find(actor, "affiliation").filter(person=person, until=None, organisation__isnull=False)
    company = works.order_by("-main", "id").values_list("organisation_id", flat=True).first()
    return org_chart_url(company) if company else card_url("party", person)


def chart_context(request: HttpRequest, company: Company) -> dict[str, Any]:
    """What the page of a chart shows, and the part of it that is drawn anew."""
    drawing = company.drawing(every=request.GET.get("levels") == "all")
    reading = company.reading
    return {
        **company.ground,
        "tabs": tabs(reading, ORG_CHART, company.query),
        "card_url": card_url("party", reading.id) + company.query,
        "chart_html": drawing.html(company.chart) if company.chart.roots else "",
        "loose_html": drawing.loose(company.chart) if company.chart.loose else "",
        "chart_told": told(company.chart),
        "knowing": _knowing(company),
        "closed": bool(drawing.levels),
        "chart_url": org_chart_url(reading.id),
        "chart_change_url": chart_change_url(reading.id) if company.change else "",
        "add_person_url": new_url("affiliation", organisation=reading.id) if company.change else "",
        "post_field": _new_post("chart") if company.change else None,
    }


def _knowing(company: Company) -> list[dict[str, Any]]:
    """Who of us knows whom: the people we have dealt with, whoever was met last first."""
    met = sorted((one for one in company.chart.posts if one.ties), key=lambda one: one.ties[0].last, reverse=True)
    return [
        {
            "name": called(box),
            "url": post_url(company.reading.id, _post_of(box).id) + company.query,
            "job": _post_of(box).job,
            "ties": box.ties,
        }
        for box in met
    ]


def _new_post(where: str, error: str = "", value: str = "") -> FormField:
    label, hint = _("What the post is called"), _("«Technical office», «Head of purchasing» …")
    attributes = {"maxlength": 120, "autocomplete": "off"}
    return FormField(
        f"{where}-job", "job_title", label, value=value, error=error, hint=hint, attributes=attributes, required=True
    )


@require_GET
def org_post(request: HttpRequest, row_id: int, post: int) -> HttpResponse:
    """One post: who holds it, who of us knows them, and what can be done with it."""
    return show_post(request, read_company(request, row_id), post)


def show_post(request: HttpRequest, company: Company, post: int, status: int = 200) -> HttpResponse:
    """The panel of a post, or its page; with what was typed and what was wrong with it."""
    box = company.box(post)
    here = _post_of(box)
    vacant = box.vacant
    context = {
        **company.ground,
        "box": box,
        "post": here,
        "title": called(box),
        "company": company.reading.title,
        "person_url": card_url("party", here.person) + company.query
        if here.person and here.name and not vacant
        else "",
        "vacant": vacant,
        "chart_url": org_chart_url(company.reading.id) + company.query,
        "panel_url": request.get_full_path() if request.method == "GET" else "",
        "action": chart_change_url(company.reading.id),
        "boss": _boss(company, here.boss),
    }
    if company.change:
        context |= _controls(company, box)
    name = "panel_org_post.html" if aims_at(request, PANEL) else "org_post.html"
    return render(request, name, context, status=status)


def _controls(company: Company, box: Box) -> dict[str, Any]:
    """The fields of the forms of a post, and where else they lead."""
    here, wrong, typed = _post_of(box), company.errors, company.typed
    tops = [("", _("nobody: stands on top")), *_bosses(company.chart, box)]
    units = [(company.reading.id, company.reading.title), *((one.id, one.name) for one in company.units)]
    today = Day().edit(timezone.localdate(), language())
    return {
        "edit_post_url": edit_url("affiliation", here.id),
        "add_person_url": new_url("affiliation", organisation=here.organisation, reports_to=here.id),
        "boss_field": FormField(
            "post-boss", "boss", _("Reports to"), "select", typed.get("boss", here.boss or ""),
            choices=tops, error=wrong.get("reports_to", ""),
        ),
        "unit_field": FormField("post-unit", "unit", _("Unit"), "select", here.organisation, choices=units)
        if company.units else None,
        "person_field": _person(company),
        "new_person": bool(typed.get("person")) and "person" in wrong,
        "post_field": _new_post("post", wrong.get("job_title", ""), typed.get("job_title", "")),
        "since_field": _day("since", _("Since"), typed.get("since", ""), wrong),
        "gone_field": _day("gone_on", _("No longer here since"), typed.get("gone_on") or today, wrong),
    }  # fmt: skip


def _day(name: str, label: str, typed: str, wrong: Mapping[str, str]) -> FormField:
    """A day, in figures or in words."""
    hint = _("A day: 15/11, «yesterday», «-7»…")
    attributes = {"autocomplete": "off", "maxlength": 60}
    return FormField(
        f"post-{name}", name, label, value=typed, error=wrong.get(name, ""), hint=hint, attributes=attributes
    )


def _person(company: Company) -> FormField:
    """Who takes a vacant post, offered while one types."""
    shape: dict[str, Any] = {
        "id": "post-person",
        "name": "person",
        "label": _("Who takes it"),
        "error": company.errors.get("person", ""),
    }
    typed, chosen = company.typed.get("person", ""), company.typed.get("person.id", "")
    return FormField(**shape, widget="custom", html=combobox(shape, suggest_url("party", PERSON), typed, chosen))


def _post_of(box: Box) -> Post:
    assert box.post is not None
    return box.post


def _bosses(chart: Chart, box: Box) -> list[tuple[int, str]]:
    """Who a post can report to: everybody but itself and who stands below it."""
    below = {id(one) for one in box.boxes()}
    found = [(_post_of(one).id, _line(one)) for one in chart.posts if id(one) not in below]
    return sorted(found, key=lambda pair: pair[1])


def _line(box: Box) -> str:
    post = _post_of(box)
    job = post.job or post.role
    if box.vacant:
        return _("{job} (to be filled)").format(job=job or "?")
    return f"{called(box)}, {job}" if job else called(box)


def _boss(company: Company, boss: int | None) -> str:
    found = next((one for one in company.chart.posts if _post_of(one).id == boss), None)
    return _line(found) if found else ""
