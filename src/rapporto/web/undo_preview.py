"""What «Restore how it was» will do, shown beforehand; all of it is put back, or only the fields that are chosen."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from rapporto.kernel.actor import Actor
from rapporto.kernel.record import RecordType
from rapporto.kernel.where import EVERYTHING
from rapporto.store.asking import Asked
from rapporto.store.declare import DECLARED
from rapporto.store.errors import NotFound
from rapporto.store.history.changing import change_set
from rapporto.store.history.foresee import AGAIN, BACK, Foreseen, Outlook, foresee
from rapporto.store.history.models import ChangeSet
from rapporto.store.records import changeable_rows
from rapporto.store.userfields import record_type
from rapporto.store.write import save
from rapporto.web.asked import aims_at
from rapporto.web.facts import changed_words
from rapporto.web.forms.state import PANEL, answer_with
from rapporto.web.links import card_url, undo_preview_url, undo_url
from rapporto.web.reading import Titles, learn_titles, title_of, wanted_titles
from rapporto.web.timeline.entries import moment_in_words
from rapporto.web.toasts import done, keep
from rapporto.web.undo import back_url, kept_lines, page_here
from rapporto.web.undo_work import is_long


@dataclass(frozen=True)
class Line:
    """One field: how it is now, what it will be; `key` names it when it can be put back by itself."""

    label: str
    now: str
    then: str
    key: str = ""


@dataclass(frozen=True)
class Row:
    """One record and what happens to it."""

    label: str
    title: str
    url: str
    act: str
    lines: tuple[Line, ...]


@require_http_methods(["GET", "POST"])
def undo_preview(request: HttpRequest, change_set: int) -> HttpResponse:
    """GET: what undoing a change set will do. POST: put back the fields that are chosen."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if is_long(change_set):
        outlook = None
        change = ChangeSet.objects.filter(pk=change_set).first()
    else:
        outlook = foresee(actor, change_set)
        change = ChangeSet.objects.filter(pk=change_set).first() if outlook else None
    if change is None:
        raise NotFound("change_set", change_set)
    if request.method == "POST" and outlook is not None:
        return _restore(request, actor, outlook)
    return _show(request, actor, change, outlook)


def _restore(request: HttpRequest, actor: Actor, outlook: Outlook) -> HttpResponse:
    """Only the chosen fields go back, as a change of its own."""
    chosen = set(request.POST.getlist("field"))
    with change_set(actor, "restore") as change:
        for row in outlook.rows:
            values = {name: then for name, then in row.then.items() if _key(row, name) in chosen}
            if row.act == BACK and values:
                save(actor, row.record, values, row.row_id)
    keep(request, done(_("Restored how it was.") if change.pk else _("Nothing was changed."), change.pk))
    return answer_with(request, back_url(request, actor))


def _show(request: HttpRequest, actor: Actor, change: ChangeSet, outlook: Outlook | None) -> HttpResponse:
    sent = page_here(request.GET.get("next", ""))
    at = datetime.fromtimestamp(change.at / 1_000_000, UTC)
    rows = _rows(actor, outlook, mine=change.user_id == actor.user_id) if outlook else []
    fields = [line for row in rows for line in row.lines if line.key]
    context = {
        "title": _("Restore how it was"),
        "rows": rows,
        "more": (outlook.count - len(outlook.rows)) if outlook else 0,
        "many": outlook is None,
        "kept": kept_lines(actor, outlook.kept, change.pk) if outlook else [],
        "by": change.user_name,
        "moment": moment_in_words(at),
        "whole_url": undo_url(change.pk),
        "fields_url": undo_preview_url(change.pk),
        "some": len(fields) > 1 and len(rows) == 1,
        "next": sent,
        "panel_url": "",
        "nothing": outlook is not None and not outlook.count,
    }
    name = "panel_undo_preview.html" if aims_at(request, PANEL) else "undo_preview.html"
    return render(request, name, context)


def _rows(actor: Actor, outlook: Outlook, *, mine: bool) -> list[Row]:
    """The rows in words; those that come back are told to who deleted them, and to who sees everything of their type."""
    known = _names(actor, outlook)
    may = {
        name: set(
            changeable_rows(actor, name)
            .filter(pk__in=[row.row_id for row in outlook.rows if row.record == name])
            .values_list("pk", flat=True)
        )
        for name in {row.record for row in outlook.rows if row.act == BACK}
    }
    return [
        _row(
            actor,
            row,
            known,
            own=row.row_id in may.get(row.record, ()),
            told=mine or row.act != AGAIN or _sees_all(actor, row),
        )
        for row in outlook.rows
    ]


def _sees_all(actor: Actor, row: Foreseen) -> bool:
    """Of what is not there nobody can say whether it may be seen: unless everything of its type may."""
    return EVERYTHING in record_type(row.record).visible(actor)


def _names(actor: Actor, outlook: Outlook) -> Titles:
    known: Titles = {}
    wanted: dict[str, set[int]] = {}
    for row in outlook.rows:
        wanted.setdefault(row.record, set()).add(row.row_id)
        for values in (row.now, row.then):
            for target, ids in wanted_titles(record_type(row.record), values).items():
                wanted.setdefault(target, set()).update(ids)
    learn_titles(actor, known, wanted, Asked.by(actor))
    return known


def _row(actor: Actor, row: Foreseen, known: Titles, *, own: bool, told: bool) -> Row:
    record = record_type(row.record).seen_by(actor)
    if not told:
        return Row(str(record.label), str(record.label), "", row.act, ())
    fixed = record.fixed_for(actor)
    values = row.then if row.act == AGAIN else row.now
    called = known.get(row.record, {}).get(row.row_id) or (
        title_of(record, values, known) if record.title in values else str(record.label)
    )
    lines = tuple(
        _line(record, row, name, known, key=_key(row, name) if own and row.act == BACK and name not in fixed else "")
        for name in (row.then or row.now)
        if row.act == BACK or _is_told(row, name)
    )
    there = row.record in DECLARED and row.row_id in known.get(row.record, {})
    url = card_url(row.record, row.row_id) if there and not record.part_of else ""
    return Row(str(record.label), str(called), url, row.act, lines)


def _is_told(row: Foreseen, name: str) -> bool:
    """Of a row that comes or goes only what stands in it."""
    return (row.then or row.now).get(name) not in (None, "", False, ())


def _line(record: RecordType, row: Foreseen, name: str, known: Titles, *, key: str) -> Line:
    one = record.fields[name]

    def words(values: Mapping[str, Any]) -> str:
        return changed_words(one, values.get(name), known) or "—"

    return Line(str(one.label), words(row.now), words(row.then), key)


def _key(row: Foreseen, name: str) -> str:
    return f"{row.record}.{row.row_id}.{name}"
