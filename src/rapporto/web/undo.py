"""Undoing a change set from the toast or the history, and doing it again; what was kept is told with its reason."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from rapporto.kernel.actor import Actor
from rapporto.kernel.record import RecordType
from rapporto.store.declare import DECLARED
from rapporto.store.history.models import Entry
from rapporto.store.history.reasons import CHANGED, DELETED, REMADE, Kept
from rapporto.store.history.undo import Undone, undo
from rapporto.store.records import find
from rapporto.store.userfields import record_type
from rapporto.web.forms.state import answer_with
from rapporto.web.jobs.views import lead_to
from rapporto.web.links import card_url, grid_url, undo_url
from rapporto.web.mistakes import in_words
from rapporto.web.toasts import Toast, keep
from rapporto.web.undo_work import begin_undo, is_long

MOST = 100
"""How many kept things are listed."""
_CARD = re.compile(r"/([a-z_]+)/(\d{1,18})/")


@dataclass(frozen=True)
class KeptLine:
    """What an undo left as it is, in words."""

    title: str
    url: str
    field: str
    reason: str
    by: str


@require_POST
def undo_change_set(request: HttpRequest, change_set: int) -> HttpResponse:
    """Put back what a change set changed, and go back to where that was asked for."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if is_long(change_set):
        return lead_to(request, begin_undo(actor, change_set, back=back_url(request, actor)))
    return answer_undone(request, actor, undo(actor, change_set))


def answer_undone(request: HttpRequest, actor: Actor, undone: Undone) -> HttpResponse:
    """Back to where the undo was asked for, with a toast; or the page of what was kept."""
    back = back_url(request, actor)
    if not undone.kept:
        keep(request, _toast(undone))
        return answer_with(request, back)
    return render(request, "undo.html", _context(actor, undone, back))


def _toast(undone: Undone) -> Toast:
    text = _("Undone: everything is as it was before.") if undone.restored else _("There was nothing left to undo.")
    return Toast(text, undo_url(undone.change_set_id) if undone.change_set_id else "", again=True)


def _context(actor: Actor, undone: Undone, back: str) -> dict[str, Any]:
    count = len(undone.kept)
    told = ngettext(
        "One thing was kept as it is, because undoing it would lose something else.",
        "{count} things were kept as they are, because undoing them would lose something else.",
        count,
    )
    return {
        "restored": undone.restored,
        "kept": kept_lines(actor, undone.kept, undone.change_set_id),
        "told": told.format(count=count),
        "redo_url": undo_url(undone.change_set_id) if undone.change_set_id else "",
        "back_url": back,
    }


def kept_lines(actor: Actor, kept: Sequence[Kept], apart: int | None) -> list[KeptLine]:
    """The first of what is kept, in words; `apart` is a change set that is nobody's later change."""
    shown = kept[:MOST]
    return [_line(actor, one, by) for one, by in zip(shown, _authors(shown, apart), strict=True)]


def _authors(kept: Sequence[Kept], apart: int | None) -> list[str]:
    """Who changed each of these rows last besides; one query for all, none for nothing."""
    if not kept:
        return []
    rows = Q()
    for one in kept:
        rows |= Q(record=one.record, row_id=one.row_id)
    entries = Entry.objects.filter(rows).exclude(change_set_id=apart).order_by("id")
    names = {
        (record, row_id): name
        for record, row_id, name in entries.values_list("record", "row_id", "change_set__user_name")
    }
    told = (CHANGED, DELETED, REMADE)
    return [(names.get((one.record, one.row_id)) or "") if one.reason in told and one.title else "" for one in kept]


def _line(actor: Actor, kept: Kept, by: str) -> KeptLine:
    record = record_type(kept.record).seen_by(actor) if kept.record in DECLARED else None
    label = str(record.label) if record else kept.record
    url = card_url(kept.record, kept.row_id) if record and kept.title and _is_there(actor, kept) else ""
    return KeptLine(kept.title or label, url, _field_label(record, kept.field), in_words(kept.reason), by)


def _is_there(actor: Actor, kept: Kept) -> bool:
    return find(actor, kept.record).filter(pk=kept.row_id).exists()


def _field_label(record: RecordType | None, name: str) -> str:
    """The label of a field, as far as this person may know of it."""
    if not name:
        return _("the whole record")
    return str(record.fields[name].label) if record and name in record.fields else _("a field")


def page_here(address: str) -> str:
    """The address when it is one of this installation; the first page otherwise."""
    here = url_has_allowed_host_and_scheme(address, allowed_hosts=None) and address.startswith("/")
    return address if here else "/"


def back_url(request: HttpRequest, actor: Actor) -> str:
    """The page on which the undo was asked for; the list, when the card there is no longer."""
    wanted = page_here(request.POST.get("next", ""))
    found = _CARD.match(wanted)
    if found is None or found[1] not in DECLARED:
        return wanted
    there = find(actor, found[1]).filter(pk=int(found[2])).exists()
    return wanted if there else grid_url(found[1])
