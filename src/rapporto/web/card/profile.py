"""The profile of a party: what the company wants to know of it, in the company's own groups, each changed in its place."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from rapporto.kernel.actor import Actor
from rapporto.store.asking import Asked
from rapporto.store.errors import Conflict, Invalid, Refused
from rapporto.store.history.rows import version
from rapporto.web.asked import wants_part
from rapporto.web.card.page import ground
from rapporto.web.card.party import head_of
from rapporto.web.card.tabs import PROFILE, tabs
from rapporto.web.facts import Group, groups
from rapporto.web.fields import FormField
from rapporto.web.forms.conflict import settled, show_conflict
from rapporto.web.forms.fields import Filling
from rapporto.web.forms.reading import Typed, typed_in
from rapporto.web.forms.state import Form, answer_with
from rapporto.web.forms.views import keep_typed
from rapporto.web.links import card_url, profile_url
from rapporto.web.mistakes import fields_in_words
from rapporto.web.past import past_moment, reading_at
from rapporto.web.permitted import may_change_read
from rapporto.web.reading import Reading, read
from rapporto.web.toasts import Toast, done, keep


@dataclass
class Profile:
    """The groups of a party, one of them perhaps being changed."""

    reading: Reading
    groups: list[Group]
    change: bool
    ground: dict[str, Any]
    editing: int | None = None
    typed: Typed | None = None
    errors: dict[str, str] | None = None

    def controls(self) -> list[FormField]:
        """The fields of the group that is being changed, as far as this person may write them."""
        if self.editing is None:
            return []
        filling = Filling(
            self.reading.actor, self.reading.record, self.reading.values, self.reading.titles,
            self.typed or Typed(), self.errors or {}, Asked.by(self.reading.actor), ids=f"profile-{self.editing}",
        )  # fmt: skip
        return [filling.control(name) for name in self.groups[self.editing].names if filling.open_to(name)]


@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest, row_id: int) -> HttpResponse:
    """GET: the groups, one as a form with `edit`. POST: the fields of one group."""
    found = _read(request, row_id)
    if request.method != "POST":
        return _show(request, found)
    if not found.change:
        raise Refused("You may see this record but not change it; ask who it is assigned to.")
    return _keep(request, found)


def _read(request: HttpRequest, row_id: int) -> Profile:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    moment = past_moment(request)
    with reading_at(moment):
        asked = Asked.by(actor)
        reading = read(actor, "party", row_id, asked=asked)
        change = moment is None and may_change_read(reading, asked)
        around = {**ground(reading, moment, change=change), **head_of(reading)}
    found = Profile(reading, groups(reading), change, around)
    wanted = (request.POST if request.method == "POST" else request.GET).get("edit", "")
    if change and wanted.isdecimal() and len(wanted) < 5 and int(wanted) < len(found.groups):
        found.editing = int(wanted)
    return found


def _show(request: HttpRequest, found: Profile, toast: Toast | None = None, status: int = 200) -> HttpResponse:
    around = found.ground
    query = f"?as_of={around['as_of']:%Y-%m-%d}" if around["as_of"] else ""
    row_id = found.reading.id
    context = {
        **around,
        "tabs": tabs(found.reading, PROFILE, query),
        "card_url": card_url("party", row_id) + query,
        "profile_url": profile_url(row_id),
        "groups": found.groups,
        "editing": found.editing,
        "controls": found.controls(),
        "version": version("party", row_id) if found.editing is not None else None,
        "part_toast": toast,
    }
    return render(request, "profile_groups.html" if wants_part(request) else "profile.html", context, status=status)


def _keep(request: HttpRequest, found: Profile) -> HttpResponse:
    reading = found.reading
    sent = request.POST.get("version", "")
    now = int(sent) if sent.isdecimal() and len(sent) < 19 else version("party", reading.id)
    form = Form(reading.actor, reading.record, reading.title, reading.values, reading.titles, row_id=reading.id)
    form.version, form.typed = now, settled(typed_in(reading.record, request.POST), request.POST)
    try:
        change = keep_typed(form, reading)
    except Invalid as wrong:
        found.typed, found.errors = form.typed, fields_in_words(wrong.errors)
        return _show(request, found, status=422)
    except Conflict as conflict:
        return show_conflict(request, form, conflict, form.mine)
    text = _("{name} saved.") if change else _("{name}: nothing was changed.")
    toast = done(text.format(name=reading.title), change)
    if wants_part(request):
        again = _read(request, reading.id)
        again.editing = None
        return _show(request, again, toast)
    keep(request, toast)
    return answer_with(request, profile_url(reading.id))
