"""The page of one record; asked for by a list, the same address answers with the side panel."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from rapporto.kernel.actor import Actor
from rapporto.store.asking import Asked
from rapporto.web.asked import aims_at, wants_part
from rapporto.web.card.page import PAGE, context_of, more_url, panel_context
from rapporto.web.forms.state import PANEL
from rapporto.web.links import card_url
from rapporto.web.reading import read
from rapporto.web.rights.seen import note_look
from rapporto.web.timeline.belongings import belongings
from rapporto.web.timeline.changes import Wanted, changes_of


@require_GET
def card(request: HttpRequest, record: str, row_id: int) -> HttpResponse:
    """The card of a record, whole or as a panel; as it was on a day with `as_of` in the address."""
    kind = "_party" if record == "party" else ""
    panel = aims_at(request, PANEL)
    context = (panel_context if panel else context_of)(request, record, row_id)
    note_look(context["reading"])
    return render(request, f"{'panel_card' if panel else 'card'}{kind}.html", context)


@require_GET
def history(request: HttpRequest, record: str, row_id: int) -> HttpResponse:
    """Further lines of the history of a record."""
    if not wants_part(request):
        return redirect(card_url(record, row_id))
    actor: Actor = request.actor  # type: ignore[attr-defined]
    asked = Asked.by(actor)
    reading = read(actor, record, row_id, asked=asked)
    before = request.GET.get("before", "")
    wanted = Wanted(PAGE, int(before) if before.isdecimal() and len(before) < 19 else None)
    changes = changes_of(reading, belongings(reading, asked, {}), wanted, asked)
    more = more_url(reading, changes.ends[-1]) if changes.more and changes.ends else ""
    return render(request, "_stream_entries.html", {"entries": changes.entries, "more_url": more})
