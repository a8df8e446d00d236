"""Bringing a merged record back: what came since is listed, and goes to whom it concerns unless somebody says otherwise."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from rapporto.kernel.actor import Actor
from rapporto.kernel.record import Field
from rapporto.store.declare import DECLARED
from rapporto.store.errors import NotFound, Refused
from rapporto.store.merge_models import Merged, MergedValue
from rapporto.store.merge_rules import PLACES
from rapporto.store.merge_values import from_text
from rapporto.store.records import find, may_change
from rapporto.store.unmerge import later_rows, unmerge
from rapporto.store.userfields import record_type
from rapporto.web.facts import words
from rapporto.web.forms.state import answer_with
from rapporto.web.links import card_url, merge_url
from rapporto.web.mistakes import in_words
from rapporto.web.reading import Titles, learn_titles, name_of
from rapporto.web.toasts import Toast, done, keep
from rapporto.web.undo import kept_lines

MOST = 200
"""Later rows that are listed; further ones follow the rule."""


@dataclass(frozen=True)
class LaterLine:
    """A row made since the merge: what it is called, and whether it goes to the record that comes back."""

    key: str
    label: str
    title: str
    goes: bool


@require_http_methods(["GET", "POST"])
def part_again(request: HttpRequest, merged: int) -> HttpResponse:
    """GET: what a merged record had, and what came since. POST: bring it back; the rows `later` go to it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    line = Merged.objects.filter(pk=merged).first()
    if line is None or line.record not in DECLARED or not may_change(actor, line.record, line.kept or 0):
        raise NotFound("merged", merged)
    if request.method == "POST":
        return _part(request, actor, line)
    context = {
        "title": line.title,
        "name": name_of(actor, line.record, line.kept or 0),
        "values": _values(actor, line),
        "later": [one for _record, _link, one in _later(actor, line)],
        "back_url": merge_url(line.record, line.kept or 0),
    }
    return render(request, "merge_part.html", context)


def _part(request: HttpRequest, actor: Actor, line: Merged) -> HttpResponse:
    wanted = set(request.POST.getlist("later"))
    later: dict[tuple[str, str], list[int]] = {}
    for record, link, one in _later(actor, line):
        chosen = later.setdefault((record, link), [])
        if one.key in wanted:
            chosen.append(int(one.key.rpartition("-")[2]))
    kept = line.kept or 0
    try:
        told = unmerge(actor, line.pk, later)
    except Refused as refused:
        keep(request, Toast(in_words(refused.message), error=True))
        return answer_with(request, merge_url(line.record, kept))
    said = _("«{title}» is there again with what was its own.").format(title=line.title)
    keep(request, done(said, told.change_set_id))
    back = card_url(line.record, line.gone or 0)
    if not told.kept:
        return answer_with(request, back)
    context = {
        "restored": told.restored,
        "kept": kept_lines(actor, told.kept, told.change_set_id),
        "told": _("What others changed since is left as it is."),
        "back_url": back,
    }
    return render(request, "undo.html", context)


def _values(actor: Actor, line: Merged) -> list[tuple[str, str]]:
    """The values that stand in no field: as (label, text), of the fields this person may know."""
    found: list[tuple[Field, Any]] = []
    for path, text in MergedValue.objects.filter(merged=line).order_by("pk").values_list("field", "value"):
        part, _dot, name = path.rpartition(".")
        record = record_type(part or line.record).seen_by(actor)
        if name in record.fields:
            found.append((record.fields[name], from_text(record, name, text)))
    known: Titles = {}
    wanted: dict[str, set[int]] = {}
    for one, value in found:
        if one.link:
            wanted.setdefault(one.link, set()).update(value if isinstance(value, tuple) else (value,))
    learn_titles(actor, known, wanted)
    return [(str(one.label), words(one, value, known)) for one, value in found if words(one, value, known)]


def _later(actor: Actor, line: Merged) -> list[tuple[str, str, LaterLine]]:
    """The later rows that this person may see, each with its type and link."""
    found = []
    for (record, link), ids in later_rows(line.pk).items():
        seen = set(find(actor, record).filter(pk__in=ids[:MOST]).values_list("pk", flat=True))
        goes = set(PLACES[record](link, ids, line.into or 0, line.gone or 0)) if record in PLACES else set()
        declaration = DECLARED[record]
        title = declaration.columns[declaration.record.title].value
        rows = declaration.model._default_manager.filter(pk__in=seen).order_by("pk").values_list("pk", title)
        label = str(declaration.record.label)
        found += [
            (record, link, LaterLine(f"{record}-{link}-{pk}", label, str(text or ""), pk in goes)) for pk, text in rows
        ]
    return found
