"""Rows of a list written anew, in the columns that a page shows: after a change, without moving anything else."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET

from rapporto.kernel.actor import Actor
from rapporto.kernel.record import RecordType
from rapporto.kernel.where import NOTHING
from rapporto.store.errors import NotFound
from rapporto.store.pages import chosen
from rapporto.store.userfields import record_type
from rapporto.web.asked import language
from rapporto.web.grid.rows import renderer

MOST = 1000
"""Rows written anew in one answer."""


@require_GET
def rows_again(request: HttpRequest, record: str) -> HttpResponse:
    """The rows `ids` in the columns `columns`; those that are no longer there, or not to be seen, are left out."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    known = record_type(record).seen_by(actor)
    if not known.visible(actor):
        raise NotFound(record, None)
    ids = numbers(request.GET.get("ids", ""), MOST)
    rows = written_again(actor, known, ids, names(known, request.GET.get("columns", "")))
    return render(request, "grid_cell_saved.html", {"rows": rows})


def written_again(
    actor: Actor, record: RecordType, ids: Sequence[int], columns: Sequence[str], *, pick: bool = True
) -> SafeString:
    """Rows as the list shows them. A constant number of queries."""
    page = chosen(actor, record.name, ids, columns=columns or (record.title,))
    pick = pick and record.changeable(actor) != NOTHING
    return renderer(page.record, page.columns, language(), timezone.localdate(), pick=pick).html(page.rows, page.titles)


def names(record: RecordType, text: str) -> tuple[str, ...]:
    """The columns that a page says it shows; a name that is none is left out, as the page may be an old one."""
    return tuple(dict.fromkeys(one for one in text[:8000].split(",") if one in record.fields or "." in one))


def numbers(text: str, most: int) -> list[int]:
    """The ids in a list of them."""
    found = (one for one in text.split(",")[:most] if one.isascii() and one.isdecimal() and len(one) < 19)
    return list(dict.fromkeys(int(one) for one in found))
