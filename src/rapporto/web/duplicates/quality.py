"""How good the search for duplicates is: measured rates with their definition and base, what people decided here, the last search."""

from dataclasses import dataclass

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from rapporto.domain.parties.duplicates.models import DIFFERENT, MERGED, SEARCH, DuplicateSearch
from rapporto.insight.duplicates.measured import Measured, kept
from rapporto.insight.duplicates.model import COMPANY
from rapporto.kernel.actor import Actor
from rapporto.kernel.where import field
from rapporto.store.records import find
from rapporto.web.asked import language
from rapporto.web.figures import figure


@dataclass(frozen=True)
class Line:
    """One register in words and figures."""

    register: str
    base: str
    precision: str
    of_named: str
    recall: str
    of_there: str


@require_GET
def quality(request: HttpRequest) -> HttpResponse:
    """The page of the quality."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    rows = find(actor, "likely_duplicate", field("found_by").eq(SEARCH)).order_by()
    decided = dict(rows.filter(state__in=(MERGED, DIFFERENT)).values_list("state").annotate(number=Count("pk")))
    merged, different = decided.get(MERGED, 0), decided.get(DIFFERENT, 0)
    context = {
        "lines": [_line(one) for one in kept()],
        "merged": figure(merged),
        "different": figure(different),
        "here": _percent(merged / (merged + different)) if merged + different else "",
        "last": DuplicateSearch.objects.filter(ended_at__isnull=False).order_by("-began_at").first(),
    }
    return render(request, "duplicates_quality.html", context)


def _line(one: Measured) -> Line:
    of = _("{right} of {all} pairs")
    sure, suggested = one.sure, one.suggested
    return Line(
        _name(one),
        _("{cards} cards, {pairs} true pairs").format(cards=figure(one.cards), pairs=figure(sure.there)),
        _percent(sure.precision),
        of.format(right=figure(sure.right), all=figure(sure.named)),
        _percent(suggested.recall),
        of.format(right=figure(suggested.right), all=figure(suggested.there)),
    )


def _name(one: Measured) -> str:
    if one.register != "italian":
        return _("FEBRL, set {number}: invented Australians").format(number=one.register[-1])
    return _("Invented Italian companies") if one.kind == COMPANY else _("Invented Italian people")


def _percent(rate: float) -> str:
    """«99,8 %», never rounded up to 100."""
    text = f"{int(rate * 1000) / 10:.1f}"
    return f"{text.replace('.', ',') if language() == 'it' else text} %"
