"""Two people changed one record at once: the second sees, field by field, how it was, what the first wrote, what they write."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from rapporto.kernel.kinds import Link, Links
from rapporto.kernel.record import Field
from rapporto.store.errors import Conflict, Difference
from rapporto.web.asked import aims_at
from rapporto.web.facts import words
from rapporto.web.forms.linked import ID
from rapporto.web.forms.reading import FIELDS, Typed
from rapporto.web.forms.state import PANEL, Form
from rapporto.web.links import edit_url
from rapporto.web.reading import Titles, learn_titles, wanted_titles

CHOICE = "keep."
"""What the name of a field has before it in the choice between two values."""
THEIRS, MINE = "theirs", "mine"


@dataclass(frozen=True)
class Clash:
    """One field with its three values in words."""

    name: str
    label: str
    was: str
    theirs: str
    mine: str


def settled(typed: Typed, post: QueryDict) -> Typed:
    """What was typed, without the fields for which this person keeps what the other one wrote."""
    return typed.without([name for name in typed.texts if post.get(CHOICE + name) == THEIRS])


def show_conflict(request: HttpRequest, form: Form, conflict: Conflict, mine: dict[str, Any]) -> HttpResponse:
    """The page on which the two values are compared. `mine` are all values this person changed: none of them is lost."""
    clashes = [_clash(form, difference) for difference in conflict.differences]
    clashing = {one.name for one in clashes}
    others = [form.record.fields[name] for name in mine if name not in clashing]
    _learn(form, mine)
    context = {
        "form": form,
        "by": conflict.by or _("somebody else"),
        "clashes": clashes,
        "others": [(str(one.label), words(one, mine[one.name], form.titles)) for one in others],
        "hidden": _hidden(form, conflict, mine),
        "action": edit_url(form.record.name, form.row_id or 0),
        "panel_url": edit_url(form.record.name, form.row_id or 0),
    }
    template = "panel_conflict.html" if aims_at(request, PANEL) else "conflict.html"
    return render(request, template, context, status=409)


def _learn(form: Form, values: dict[str, Any]) -> None:
    learn_titles(form.actor, form.titles, wanted_titles(form.record, values))


def _clash(form: Form, difference: Difference) -> Clash:
    one = form.record.fields[difference.name]
    for value in (difference.was, difference.theirs, difference.mine):
        _learn(form, {one.name: value})
    shown = [words(one, value, form.titles) or "—" for value in (difference.was, difference.theirs, difference.mine)]
    return Clash(one.name, str(one.label), *shown)


def _hidden(form: Form, conflict: Conflict, mine: dict[str, Any]) -> list[tuple[str, str]]:
    """The fields that travel along: the version now read, and everything this person changed."""
    pairs = [("version", str(conflict.version)), (FIELDS, ",".join(mine))]
    for name, value in mine.items():
        pairs += _sent(form.record.fields[name], value, form.titles)
    return pairs


def _sent(one: Field, value: Any, known: Titles) -> list[tuple[str, str]]:
    if isinstance(one.kind, Links):
        return [(one.name, str(each)) for each in value or ()]
    if isinstance(one.kind, Link):
        text = known.get(one.kind.to, {}).get(value, "")
        return [(one.name, text), (one.name + ID, str(value or ""))]
    if isinstance(value, bool):
        return [(one.name, "on" if value else "")]
    return [(one.name, one.kind.edit(value, get_language() or "it"))]
