"""Search in everything at once: the best of each record type that the person may see."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET

from rapporto.kernel.actor import Actor
from rapporto.kernel.record import RecordType
from rapporto.store.pages import chosen
from rapporto.store.search import Found
from rapporto.web.asked import aims_at, language
from rapporto.web.grid.addresses import ListAddress
from rapporto.web.grid.rows import renderer
from rapporto.web.palette.found import heading, search_everywhere

BEST = 10
COLUMNS = 5


@dataclass(frozen=True)
class Group:
    """What was found of one record type."""

    record: RecordType
    heading: str
    labels: list[str]
    rows: SafeString
    all_url: str


@require_GET
def search_page(request: HttpRequest) -> HttpResponse:
    """The page of a search, or the part below its field."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    words = request.GET.get("q", "").replace("\0", "").strip()[:200]
    groups = [_group(actor, *one, words) for one in search_everywhere(actor, words, BEST, BEST)] if words else []
    part = aims_at(request, "div#found")
    return render(request, "search_part.html" if part else "search.html", {"words": words, "groups": groups})


def _group(actor: Actor, record: RecordType, found: Found, words: str) -> Group:
    page = chosen(actor, record.name, found.ids, columns=record.grid[:COLUMNS])
    rows = renderer(page.record, page.columns, language(), timezone.localdate(), pick=False).html(
        page.rows, page.titles
    )
    all_url = "" if found.all or found.near else ListAddress(record, words=words).text()
    return Group(record, heading(record, found), [str(field.label) for field in page.columns], rows, all_url)
