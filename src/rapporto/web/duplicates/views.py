"""The review of likely duplicates: one pair at a time, decided by a button or a key, with the way back in the answer."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from rapporto.domain.parties.duplicates.deciding import decide_pair
from rapporto.domain.parties.duplicates.models import DIFFERENT, LATER, OPEN, LikelyDuplicate
from rapporto.insight.duplicates.work import MAY, begin
from rapporto.kernel.actor import Actor
from rapporto.store.errors import Refused
from rapporto.store.merge import merge_many
from rapporto.store.records import find, get
from rapporto.store.userfields import record_type
from rapporto.web.duplicates import queue
from rapporto.web.duplicates.shown import shown
from rapporto.web.figures import figure
from rapporto.web.jobs.views import lead_to
from rapporto.web.merge.views import chosen
from rapporto.web.mistakes import in_words
from rapporto.web.reading import name_of
from rapporto.web.toasts import Toast, done, keep


@require_GET
def duplicates(request: HttpRequest) -> HttpResponse:
    """The pair at hand (`pair`), or the first one of the queue; what to do when none waits."""
    actor = _actor(request)
    pair = _asked_for(request, actor) or queue.first(actor)
    left = queue.left(actor)
    context = {
        "pair": shown(actor, pair, stays=request.GET.get("stays", "")) if pair is not None else None,
        "left": figure(min(left, queue.COUNTED)) + ("+" if left > queue.COUNTED else ""),
        "may_search": not actor.roles.isdisjoint(MAY),
        "next_url": _url(queue.after(actor, pair)) if pair is not None else "",
        "previous_url": _url(queue.before(actor, pair)) if pair is not None else "",
    }
    return render(request, "duplicates.html", context)


def _asked_for(request: HttpRequest, actor: Actor) -> LikelyDuplicate | None:
    """The pair of the address, when it is there, may be seen, and still waits."""
    asked = request.GET.get("pair", "")
    if not (asked.isascii() and asked.isdigit() and len(asked) < 19):
        return None
    found: LikelyDuplicate | None = find(actor, "likely_duplicate").filter(pk=int(asked), second__isnull=False).first()
    return found if found is not None and found.state in (OPEN, LATER) else None


@require_POST
def decide(request: HttpRequest, pair: int) -> HttpResponse:
    """Merge the two as chosen, tell them apart, or put them off; then the next pair."""
    actor = _actor(request)
    row: LikelyDuplicate = get(actor, "likely_duplicate", pair)
    following = queue.after(actor, row)
    try:
        toast = _merge(request, actor, row) if "merge" in request.POST else _told(request, actor, row)
    except Refused as refused:
        keep(request, Toast(in_words(refused.message), error=True))
        return redirect(_url(row))
    keep(request, toast)
    return redirect(_url(following) if following is not None else reverse("duplicates"))


def _merge(request: HttpRequest, actor: Actor, row: LikelyDuplicate) -> Toast:
    ids = [int(one) for one in request.POST.getlist("id") if one in (str(row.first_id), str(row.second_id))]
    if len(set(ids)) != 2:
        raise Refused("This pair has changed meanwhile; look at it again.")
    other = name_of(actor, "party", ids[1])
    told = merge_many(actor, "party", ids[0], ids[1:], chosen(record_type("party"), ids, request.POST))
    moved = told.moved.total()
    said = ngettext(
        "«{other}» is part of «{name}» now: {number} linked record moved.",
        "«{other}» is part of «{name}» now: {number} linked records moved.",
        moved,
    )
    words = said.format(other=other, name=name_of(actor, "party", ids[0]), number=figure(moved))
    return done(words, told.change_set_id)


def _told(request: HttpRequest, actor: Actor, row: LikelyDuplicate) -> Toast:
    state = LATER if "later" in request.POST else DIFFERENT
    names = {"one": name_of(actor, "party", row.first_id), "other": name_of(actor, "party", row.second_id or 0)}
    change = decide_pair(actor, row.pk, state)
    if state == LATER:
        return done(_("«{one}» and «{other}» come again at the end.").format(**names), change)
    return done(_("«{one}» and «{other}» are two: nobody is asked again.").format(**names), change)


@require_POST
def search(request: HttpRequest) -> HttpResponse:
    """Search the whole register behind the pages."""
    return lead_to(request, begin(_actor(request)))


def _url(pair: LikelyDuplicate | None) -> str:
    return f"{reverse('duplicates')}?pair={pair.pk}" if pair is not None else ""


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


__all__ = ["decide", "duplicates", "search"]
