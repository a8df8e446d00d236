"""Changes of an org chart: by dragging a box onto another one, or by the worded forms of a post; each with its undo."""

from collections.abc import Callable, Mapping
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from rapporto.domain.parties.org_chart import add_post, close_post, fill_post, join_unit, leave_post, report_to
from rapporto.kernel.actor import Actor
from rapporto.kernel.kinds.spoken import read_day_said
from rapporto.kernel.text import BadValue, Message
from rapporto.store.errors import Invalid, NotFound
from rapporto.store.history.changing import change_set
from rapporto.store.write import save
from rapporto.web.asked import aims_at
from rapporto.web.card.org_chart import Company, chart_context, read_company, show_post
from rapporto.web.card.org_drawn import called
from rapporto.web.forms.linked import ID, resolve
from rapporto.web.forms.state import answer_with
from rapporto.web.links import org_chart_url
from rapporto.web.mistakes import fields_in_words
from rapporto.web.toasts import Toast, done, keep

DRAWING = "section#org-chart"
Sent = Mapping[str, str]
WHOM = Message("Write who takes the post.")


@require_POST
def change_chart(request: HttpRequest, row_id: int) -> HttpResponse:
    """One change of a chart: `act` says which, `post` of what. With errors the post comes back with what was typed."""
    company = read_company(request, row_id)
    sent = {name: text for name, text in request.POST.items() if isinstance(text, str)}
    act, post = sent.get("act", ""), _number(sent.get("post", ""))
    if act not in ACTS:
        raise BadValue("This address is incomplete; open the card again.")
    actor: Actor = request.actor  # type: ignore[attr-defined]
    try:
        with change_set(actor, act) as change:
            sentence = ACTS[act](actor, company, post, sent)
    except Invalid as wrong:
        if aims_at(request, DRAWING) or post is None:
            raise
        company.errors, company.typed = fields_in_words(wrong.errors), sent
        return show_post(request, company, post, 422)
    return _answer(request, row_id, done(sentence, change.pk))


def _answer(request: HttpRequest, row_id: int, toast: Toast) -> HttpResponse:
    """The chart drawn anew where it was changed by dragging; its page otherwise."""
    if aims_at(request, DRAWING):
        context = chart_context(request, read_company(request, row_id))
        return render(request, "org_chart_part.html", {**context, "part_toast": toast})
    keep(request, toast)
    return answer_with(request, org_chart_url(row_id))


def _report(actor: Actor, company: Company, post: int | None, sent: Sent) -> str:
    name, boss = _name(company, post), _number(sent.get("boss", ""))
    report_to(actor, post or 0, boss)
    if boss is None:
        return _("{name} stands on top of the chart.").format(name=name)
    return _("{name} reports to {boss}.").format(name=name, boss=_name(company, boss))


def _join(actor: Actor, company: Company, post: int | None, sent: Sent) -> str:
    name, where = _name(company, post), _number(sent.get("unit", "")) or company.reading.id
    unit = next((one.name for one in company.units if one.id == where), None)
    if unit is None and where != company.reading.id:
        raise NotFound("party", where)
    join_unit(actor, post or 0, where, _number(sent.get("boss", "")))
    return _("{name} belongs to {unit}.").format(name=name, unit=unit or company.reading.title)


def _add(actor: Actor, company: Company, post: int | None, sent: Sent) -> str:
    where = company.reading.id
    if post is not None:
        above = company.box(post).post
        where = above.organisation if above else where
    row = add_post(actor, where, job_title=sent.get("job_title", ""), boss=post)
    return _("{name}: post added, to be filled.").format(name=row.job_title)


def _fill(actor: Actor, company: Company, post: int | None, sent: Sent) -> str:
    name = sent.get("person", "").strip()
    if not name:
        raise Invalid({"person": WHOM})
    company.box(post)
    since = _day(sent, "since")
    try:
        person = _new(actor, company, name) if sent.get("make") == "on" else _known(actor, name, sent)
    except BadValue as wrong:
        raise Invalid({"person": wrong.message}) from None
    row = fill_post(actor, post or 0, person, since=since)
    return _("{name} takes the post «{job}».").format(name=name, job=row.job_title)


def _day(sent: Sent, name: str) -> date | None:
    """A day of a form, as figures or as words."""
    try:
        return read_day_said(sent.get(name, ""), timezone.localtime())
    except BadValue as wrong:
        raise Invalid({name: wrong.message}) from None


def _known(actor: Actor, name: str, sent: Sent) -> int:
    found = resolve(actor, "party", name, sent.get("person" + ID, ""))
    if found is None:
        raise Invalid({"person": WHOM})
    return found


def _new(actor: Actor, company: Company, name: str) -> int:
    values = {"kind": "person", "name": name, "owner": company.reading.values.get("owner") or actor.user_id}
    return int(save(actor, "party", values).pk)


def _leave(actor: Actor, company: Company, post: int | None, sent: Sent) -> str:
    name = _name(company, post)
    row = leave_post(actor, post or 0, gone_on=_day(sent, "gone_on"))
    return _("{name} is no longer here; the post «{job}» is to be filled.").format(name=name, job=row.job_title)


def _close(actor: Actor, company: Company, post: int | None, sent: Sent) -> str:
    job = _name(company, post)
    close_post(actor, post or 0)
    return _("Post «{job}» taken away.").format(job=job)


Act = Callable[[Actor, Company, int | None, Sent], str]
ACTS: Mapping[str, Act] = {
    "report_to": _report,
    "join_unit": _join,
    "add_post": _add,
    "fill_post": _fill,
    "leave_post": _leave,
    "close_post": _close,
}
"""By what a form says: each changes the chart and gives the sentence of the toast."""


def _name(company: Company, post: int | None) -> str:
    box = company.box(post)
    return (box.post.job if box.post and box.vacant else called(box)) or called(box)


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 19 else None
