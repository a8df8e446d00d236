"""Changing and deleting many records: those chosen, or all that match the filters; with the undo, and the names of those refused."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from rapporto.kernel.actor import Actor
from rapporto.kernel.kinds import Links
from rapporto.kernel.record import RecordType
from rapporto.kernel.text import Message
from rapporto.store.bulk import change_many
from rapporto.store.bulk_delete import NOT_YOURS, delete_many
from rapporto.store.bulk_links import change_links
from rapporto.store.errors import Invalid, NotFound, Refused
from rapporto.store.records import unchangeable_rows
from rapporto.store.userfields import record_type
from rapporto.web.asked import wants_part
from rapporto.web.figures import figure
from rapporto.web.grid.again import names as column_names
from rapporto.web.grid.again import numbers, written_again
from rapporto.web.grid.bulk_read import ADD, REPLACE, Wish, read_wish
from rapporto.web.grid.bulk_work import Many, begin_change, begin_deletion
from rapporto.web.grid.menus import field_options
from rapporto.web.grid.views import bulk_names
from rapporto.web.jobs.views import lead_to
from rapporto.web.mistakes import fields_in_words, in_words
from rapporto.web.reading import name_of
from rapporto.web.toasts import Toast, done, keep

NAMED = 3
"""Refused records that are named in the answer; a link opens the others with them."""
Linked = Mapping[str, Collection[int]]
LINKED = 500
"""Refused records that one link opens."""


@require_http_methods(["GET", "POST"])
def change_chosen(request: HttpRequest, record: str) -> HttpResponse:
    """GET: the controls of the fields `set`. POST: give their values to the records `id`, or to `all` that match the filters."""
    wish = read_wish(request, request.actor, record)  # type: ignore[attr-defined]
    if request.method == "GET" or not wish.names:
        return _box(request, wish)
    values = wish.values()
    several = {name for name in values if _added(wish, name)}
    if wish.errors:
        return _box(request, wish, 422)
    plain, add, take = _parted(wish, values, several)
    many = Many(wish.address, wish.only)
    if many.is_long(wish.actor):
        return lead_to(request, begin_change(wish.actor, many, plain, add=add, take=take))
    try:
        change_set_id, changed, refused = _changed(wish, plain, add, take)
    except Invalid as invalid:
        wish.errors = fields_in_words(invalid.errors)
        return _box(request, wish, 422)
    except Refused as refusal:
        wish.errors = {wish.names[0]: in_words(refusal.message)}
        return _box(request, wish, 422)
    said = ngettext("One changed", "{number} changed", changed).format(number=figure(changed))
    return _told(request, wish, said, change_set_id, refused)


def _added(wish: Wish, name: str) -> bool:
    """Whether some of several links are added or taken away, and the others stay."""
    several = isinstance(wish.address.record.fields[name].kind, Links)
    return several and name not in wish.empty and wish.how.get(name, ADD) != REPLACE


def _parted(wish: Wish, values: dict[str, Any], several: set[str]) -> tuple[dict[str, Any], Linked, Linked]:
    """The values that are given, the links that are added, and those that are taken away."""
    plain = {field: value for field, value in values.items() if field not in several}
    way = {field: wish.how.get(field, ADD) for field in several}
    add = {field: values[field] or () for field in several if way[field] == ADD}
    take = {field: values[field] or () for field in several if way[field] != ADD}
    return plain, add, take


def _changed(
    wish: Wish, plain: dict[str, Any], add: Linked, take: Linked
) -> tuple[int | None, int, dict[int, Message]]:
    """The change set, how many records were written, and which were not."""
    name, where = wish.address.record.name, wish.address.where
    refused = _not_theirs(wish)
    if add or take:
        done_now = change_links(wish.actor, name, where, plain, add=add, take=take, only=wish.only)
    else:
        done_now = change_many(wish.actor, name, where, plain, only=wish.only)
    return done_now.change_set_id, done_now.changed, refused if done_now.refused else {}


def _not_theirs(wish: Wish) -> dict[int, Message]:
    """Those that may be seen but not changed: the first of them."""
    name = wish.address.record.name
    others = unchangeable_rows(wish.actor, name, wish.address.where)
    others = others if wish.only is None else others.filter(pk__in=wish.only)
    return dict.fromkeys(others.order_by("pk").values_list("pk", flat=True), NOT_YOURS)


def _box(request: HttpRequest, wish: Wish, status: int = 200) -> HttpResponse:
    """The fields to change and their controls; as a page of its own it speaks of all that match."""
    record = wish.address.record
    free = [name for name in bulk_names(wish.actor, record) if name not in wish.names]
    context = {
        "record": record,
        "fields": wish.fields(),
        "field_names": ",".join(wish.names),
        "bulk_options": field_options(record, free),
        "ids": wish.only or [],
        "here": wish.address.text(),
        "list": f"/{record.name}/?{wish.address.query}",
    }
    return render(
        request, "grid_bulk_control.html" if wants_part(request) else "grid_bulk.html", context, status=status
    )


@require_POST
def delete_chosen(request: HttpRequest, record: str) -> HttpResponse:
    """Delete the records `id`, or `all` that match the filters; the undo is in the answer, so nobody is asked whether they are sure."""
    wish = read_wish(request, request.actor, record)  # type: ignore[attr-defined]
    many = Many(wish.address, wish.only)
    if many.is_long(wish.actor):
        return lead_to(request, begin_deletion(wish.actor, many))
    deleted = delete_many(wish.actor, record, wish.address.where, only=wish.only)
    said = ngettext("One deleted", "{number} deleted", deleted.deleted).format(number=figure(deleted.deleted))
    return _told(request, wish, said, deleted.change_set_id, dict(deleted.refused))


def _told(
    request: HttpRequest, wish: Wish, said: str, change_set_id: int | None, refused: dict[int, Message]
) -> HttpResponse:
    """One sentence: how many, how many not and which, why; with the undo and the way to those refused."""
    toast = done(f"{said if change_set_id else _('Nothing was changed')}.", change_set_id)
    if refused:
        record = wish.address.record
        named = ", ".join(name_of(wish.actor, record.name, one) for one in list(refused)[:NAMED])
        why = " ".join(dict.fromkeys(in_words(message) for message in list(refused.values())[:NAMED]))
        more = ngettext("one not", "{number} not", len(refused)).format(number=figure(len(refused)))
        sentence = f"{said if change_set_id else _('Nothing was changed')}, {more}: {named}{'…' if len(refused) > NAMED else ''}. {why}"
        ids = ",".join(str(one) for one in list(refused)[:LINKED])
        toast = Toast(
            sentence, toast.undo_url, error=True, url=f"/{record.name}/chosen/?ids={ids}", url_label=_("Open those")
        )
    if wants_part(request):
        return render(request, "grid_bulk_done.html", {"toast": toast})
    keep(request, toast)
    return redirect(wish.address.text())


@require_GET
def chosen_rows(request: HttpRequest, record: str) -> HttpResponse:
    """Just the records `ids`, in the usual columns: those that a change of many left as they were."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    known: RecordType = record_type(record).seen_by(actor)
    if not known.visible(actor):
        raise NotFound(record, None)
    ids = numbers(request.GET.get("ids", ""), LINKED)
    columns: Sequence[str] = column_names(known, request.GET.get("columns", "")) or known.grid
    context = {
        "record": known,
        "heads": [{"name": name, "label": known.fields[name].label} for name in columns if name in known.fields],
        "rows": written_again(actor, known, ids, [name for name in columns if name in known.fields], pick=False),
        "number": len(ids),
    }
    return render(request, "grid_chosen.html", context)
