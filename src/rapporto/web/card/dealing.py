"""Noting a dealing on the card of a party; with errors the card comes back with everything that was typed."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from rapporto.kernel.actor import Actor
from rapporto.kernel.text import Message
from rapporto.store.asking import Asked
from rapporto.store.errors import Invalid
from rapporto.store.history.changing import change_set
from rapporto.web.card.page import context_of
from rapporto.web.card.party import note_of, read_party
from rapporto.web.forms.note import kind_of, write
from rapporto.web.forms.state import answer_with
from rapporto.web.links import card_url
from rapporto.web.mistakes import fields_in_words
from rapporto.web.reading import read
from rapporto.web.timeline.asking import Asking
from rapporto.web.toasts import done, keep


@require_POST
def log_activity(request: HttpRequest, row_id: int) -> HttpResponse:
    """Note a call, a visit, a mail, a letter, a note with a party, and plan the next step."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    asked = Asked.by(actor)
    reading = read(actor, "party", row_id, asked=asked)
    card = read_party(actor, reading, Asking(), asked, change=True)
    step = request.POST.get("done", "")
    note = note_of(
        card, kind_of(request.POST.get("kind", "")), int(step) if step.isdecimal() and len(step) < 19 else None
    )
    note.typed = {name: text for name, text in request.POST.items() if isinstance(text, str)}
    try:
        if step and note.step is None:
            raise Invalid(
                {"asked": Message("This step is done already, or no longer planned; note it as something new.")}
            )
        with change_set(actor, "log_activity") as change:
            activity = write(note, request.POST)
    except Invalid as wrong:
        note.errors = fields_in_words(wrong.errors)
        return render(request, "card_party.html", context_of(request, "party", row_id, note), status=422)
    keep(
        request,
        done(
            _("{subject} noted on the card of {name}.").format(subject=activity.subject, name=reading.title), change.pk
        ),
    )
    return answer_with(request, card_url("party", row_id))
