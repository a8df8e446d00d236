"""What «Restore how it was» will do, shown beforehand; all of it is put back, or only the part that is ticked."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
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
from rapporto.store.history.undo import permitted, undo
from rapporto.store.journal import act_of
from rapporto.store.records import changeable_rows
from rapporto.store.userfields import record_type
from rapporto.store.write import save
from rapporto.web.asked import aims_at
from rapporto.web.facts import changed_words
from rapporto.web.forms.state import PANEL, answer_with
from rapporto.web.jobs.views import lead_to
from rapporto.web.links import card_url, undo_preview_url, undo_url
from rapporto.web.reading import Titles, learn_titles, title_of, wanted_titles
from rapporto.web.timeline.entries import moment_in_words
from rapporto.web.toasts import done, keep
from rapporto.web.undo import answer_undone, back_url, kept_lines, page_here
from rapporto.web.undo_choice import FIELD, ROW, TYPE, chosen_rows, heads, key, ticked_by
from rapporto.web.undo_work import begin_undo, is_long


@dataclass(frozen=True)
class Line:
    """One field: how it is now, what it will be; `key` names it when it can be put back by itself."""

    label: str
    now: str
    then: str
    key: str = ""


@dataclass(frozen=True)
class Row:
    """One record and what happens to it; `key` names it when it can be put back without the others."""

    label: str
    title: str
    url: str
    act: str
    lines: tuple[Line, ...]
    key: str = ""


@require_http_methods(["GET", "POST"])
def undo_preview(request: HttpRequest, change_set: int) -> HttpResponse:
    """GET: what undoing a change set will do. POST: put back the part that is ticked."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    change = permitted(actor, change_set)
    if change is None:
        raise NotFound("change_set", change_set)
    outlook = None if is_long(change_set) else foresee(actor, change_set)
    act = act_of(actor, change)
    types = act.counts if act else {}
    if request.method == "POST":
        return _undo_part(request, actor, change, outlook, types)
    return _show(request, actor, change, outlook, types)


def _undo_part(
    request: HttpRequest, actor: Actor, change: ChangeSet, outlook: Outlook | None, types: Mapping[str, int]
) -> HttpResponse:
    """What is ticked goes back."""
    by = ticked_by(change, outlook, types)
    ticked = set(request.POST.getlist(by))
    if outlook is not None and by == ROW and ticked:
        return answer_undone(request, actor, undo(actor, change.pk, only=chosen_rows(outlook, ticked)))
    if by == TYPE and (chosen := [name for name in types if name in ticked]):
        if outlook is None:
            return lead_to(request, begin_undo(actor, change.pk, back=back_url(request, actor), types=chosen))
        return answer_undone(request, actor, undo(actor, change.pk, only=dict.fromkeys(chosen)))
    if outlook is not None and by == FIELD and ticked:
        return _restore(request, actor, outlook)
    keep(request, done(_("Nothing was changed."), None))
    return answer_with(request, back_url(request, actor))


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


def _show(
    request: HttpRequest, actor: Actor, change: ChangeSet, outlook: Outlook | None, types: Mapping[str, int]
) -> HttpResponse:
    sent = page_here(request.GET.get("next", ""))
    at = datetime.fromtimestamp(change.at / 1_000_000, UTC)
    by = ticked_by(change, outlook, types)
    rows = _rows(actor, outlook, mine=change.user_id == actor.user_id) if outlook else []
    alone = {key(row.record, row.row_id) for row in heads(outlook)} if outlook and by == ROW else set()
    context = {
        "title": _("Restore how it was"),
        "rows": [row if row.key in alone else replace(row, key="") for row in rows],
        "types": [(name, str(record_type(name).plural), count) for name, count in types.items()],
        "by_type": by == TYPE,
        "more": (outlook.count - len(outlook.rows)) if outlook else 0,
        "many": outlook is None,
        "kept": kept_lines(actor, outlook.kept, change.pk) if outlook else [],
        "by": change.user_name,
        "moment": moment_in_words(at),
        "whole_url": undo_url(change.pk),
        "fields_url": undo_preview_url(change.pk),
        "some": by == FIELD,
        "part_of_all": by,
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
        return Row(str(record.label), str(record.label), "", row.act, (), key(row.record, row.row_id))
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
    return Row(str(record.label), str(called), url, row.act, lines, key(row.record, row.row_id))


def _is_told(row: Foreseen, name: str) -> bool:
    """Of a row that comes or goes only what stands in it."""
    return (row.then or row.now).get(name) not in (None, "", False, ())


def _line(record: RecordType, row: Foreseen, name: str, known: Titles, *, key: str) -> Line:
    one = record.fields[name]

    def words(values: Mapping[str, Any]) -> str:
        return changed_words(one, values.get(name), known) or "—"

    return Line(str(one.label), words(row.now), words(row.then), key)


def _key(row: Foreseen, name: str) -> str:
    return f"{key(row.record, row.row_id)}.{name}"
