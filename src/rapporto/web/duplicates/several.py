"""The sure pairs together: each with a tick, merged as one change that one click undoes."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from rapporto.domain.parties.duplicates.deciding import merge_pairs
from rapporto.domain.parties.duplicates.models import LikelyDuplicate
from rapporto.insight.duplicates.judging import SURE
from rapporto.kernel.actor import Actor
from rapporto.kernel.text import BadValue
from rapporto.store.errors import Refused
from rapporto.web.duplicates import queue
from rapporto.web.duplicates.shown import better_first, why
from rapporto.web.figures import figure
from rapporto.web.mistakes import in_words
from rapporto.web.reading import Reading, read
from rapporto.web.toasts import Toast, done, keep

MOST = 50
"""Pairs on one page: as many as somebody still looks through."""
LEAST = round(SURE * 100)
_TOLD = ("city", "phone", "email", "vat_number")


@dataclass(frozen=True)
class SureLine:
    """One pair in the list: the card that stays, the other, what each says in a line, and why."""

    id: int
    percent: int
    names: tuple[str, str]
    ids: tuple[int, int]
    details: tuple[str, str]
    why: str


@require_http_methods(["GET", "POST"])
def sure_ones(request: HttpRequest) -> HttpResponse:
    """GET: the pairs of which there is hardly a doubt. POST: merge the ticked ones, with the undo of all in the answer."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if request.method == "POST":
        return _merge(request, actor)
    found = queue.sure(actor, LEAST, MOST + 1)
    context = {"lines": [_line(actor, one) for one in found[:MOST]], "more": len(found) > MOST, "least": LEAST}
    return render(request, "duplicates_sure.html", context)


def _line(actor: Actor, pair: LikelyDuplicate) -> SureLine:
    both = _both(actor, pair)
    one, other = both
    return SureLine(
        pair.pk, pair.probability or 0, (one.title, other.title), (one.id, other.id), (_detail(one), _detail(other)),
        " · ".join(why(actor, pair)),
    )  # fmt: skip


def _both(actor: Actor, pair: LikelyDuplicate) -> tuple[Reading, Reading]:
    return better_first(read(actor, "party", pair.first_id), read(actor, "party", pair.second_id or 0))


def _detail(one: Reading) -> str:
    return " · ".join(
        str(one.record.fields[name].kind.show(one.values[name])) for name in _TOLD if one.values.get(name)
    )


def _merge(request: HttpRequest, actor: Actor) -> HttpResponse:
    ticked = {int(one) for one in request.POST.getlist("pair") if one.isascii() and one.isdigit() and len(one) < 19}
    if not ticked:
        raise BadValue("Tick the pairs to merge.")
    found = [one for one in queue.sure(actor, LEAST, 10 * MOST) if one.pk in ticked]
    pairs = [(one.id, other.id) for one, other in (_both(actor, pair) for pair in found)]
    try:
        change, number = merge_pairs(actor, pairs)
    except Refused as refused:
        said = _("Nothing was merged: {reason}").format(reason=in_words(refused.message))
        keep(request, Toast(said, error=True))
        return redirect("duplicates_sure")
    words = ngettext("{number} pair merged.", "{number} pairs merged.", number).format(number=figure(number))
    keep(request, done(words, change))
    return redirect(reverse("duplicates_sure"))
