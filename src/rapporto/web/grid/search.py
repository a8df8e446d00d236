"""Search in everything at once: the best of each record type that the person may see."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET

from rapporto.kernel.actor import Actor
from rapporto.kernel.record import RecordType
from rapporto.kernel.where import EVERYTHING
from rapporto.store.declare import DECLARED
from rapporto.store.pages import chosen
from rapporto.store.search import search
from rapporto.store.userfields import record_type
from rapporto.web.asked import aims_at, language
from rapporto.web.grid.addresses import ListAddress
from rapporto.web.grid.rows import renderer

BEST = 10
COLUMNS = 5


@dataclass(frozen=True)
class Group:
    """What was found of one record type."""

    record: RecordType
    labels: list[str]
    rows: SafeString
    all_url: str


@require_GET
def search_page(request: HttpRequest) -> HttpResponse:
    """The page of a search, or the part below its field."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    words = request.GET.get("q", "").replace("\0", "").strip()[:200]
    groups = [group for name in DECLARED if (group := _group(actor, name, words))] if words else []
    context = {"words": words, "groups": groups, "search_text": words}
    part = aims_at(request, "div#found")
    return render(request, "search_part.html" if part else "search.html", context)


def _group(actor: Actor, name: str, words: str) -> Group | None:
    record = record_type(name).seen_by(actor)
    if not record.search or not record.visible(actor):
        return None
    found = search(actor, name, words, EVERYTHING, BEST)
    if not found.ids:
        return None
    page = chosen(actor, name, found.ids, columns=record.grid[:COLUMNS])
    rows = renderer(page.record, page.columns, language(), timezone.localdate(), pick=False).html(
        page.rows, page.titles
    )
    all_url = "" if found.all else ListAddress(record, words=words).text()
    return Group(record, [str(field.label) for field in page.columns], rows, all_url)
