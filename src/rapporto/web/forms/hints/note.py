"""Help with the note of a dealing: how its day is read, and whether whoever called is known already, here or elsewhere."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from rapporto.domain.parties.models import PERSON
from rapporto.kernel.actor import Actor
from rapporto.kernel.kinds import Moment
from rapporto.kernel.kinds.spoken import in_full, read_moment_said
from rapporto.kernel.text import BadValue, fold
from rapporto.kernel.where import field
from rapporto.store.records import find, get, titles
from rapporto.store.userfields import record_type
from rapporto.web.asked import language
from rapporto.web.forms.hints.drawn import hints_html, twins_html
from rapporto.web.forms.hints.duplicates import Twin, twins
from rapporto.web.forms.hints.names import name_hints
from rapporto.web.forms.hints.sheet import CHECK, SOFT, Hint, Offer, Sheet
from rapporto.web.mistakes import in_words

WHO, DUE = "who", "due"
_SHORTEST = 4


@require_POST
def note_hints(request: HttpRequest, row_id: int) -> HttpResponse:
    """What helps with the note on the card of a party. NotFound when it may not be seen. Nothing is written."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    get(actor, "party", row_id)
    at, who = request.POST.get("hints.at", ""), " ".join(request.POST.get(WHO, "")[:200].split())
    said = list(_of_day(request.POST.get(DUE, "")[:200], at_hand=at == DUE))
    body = ""
    here = _people(actor, row_id)
    if len(who) >= _SHORTEST and fold(who) not in {fold(name) for name in here.values()}:
        seen = record_type("party").seen_by(actor)
        person = Sheet(actor, seen, {"name": who}, {"kind": PERSON}, at="name", row_id=row_id)
        known = twins(person)
        said += _meant(known, here) or [_for_who(one) for one in name_hints(person)]
        body = twins_html([one for one in known if one.id not in here], in_panel=True)
    return HttpResponse(hints_html(said) + (body or twins_html([])))


def _of_day(typed: str, *, at_hand: bool) -> Iterator[Hint]:
    try:
        moment = read_moment_said(typed, timezone.localtime())
    except BadValue as wrong:
        if not at_hand or len(typed) > 2:
            yield Hint(DUE, in_words(wrong.message), SOFT if at_hand else CHECK)
        return
    if moment is not None:
        yield Hint(DUE, in_full(Moment(), moment, language()))


def _people(actor: Actor, row_id: int) -> dict[int, str]:
    """Who works for the company, or is the person of the card, as far as they may be seen; vacant posts hold nobody."""
    people = find(actor, "affiliation", field("organisation").eq(row_id) & field("until").is_blank())
    return titles(actor, "party", [row_id, *people.values_list("person_id", flat=True)])


def _meant(known: Sequence[Twin], here: Mapping[int, str]) -> list[Hint]:
    """Those of the people here whose name is alike, to be taken with one press."""
    offers = tuple(Offer(one.name, {WHO: one.name}) for one in known if one.id in here)
    return [Hint(WHO, _("Somebody from here?"), offers=offers)] if offers else []


def _for_who(hint: Hint) -> Hint:
    """A hint for a name, beside the field that holds it here."""
    return replace(hint, field=WHO, offers=tuple(Offer(one.label, {WHO: one.texts["name"]}) for one in hint.offers))
