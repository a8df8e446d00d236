"""What may be done with a party now, by every way and why; and asking by e-mail for the confirmation of a consent."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from rapporto.domain.consent.asking import may_contact
from rapporto.domain.consent.choices import CHANNELS, MEETING, OBJECTED, ONE_CLICK, PREFERENCE_PAGE, WAYS, WITHDRAWN
from rapporto.domain.consent.double_opt_in import send_confirmation
from rapporto.domain.parties.models import Party
from rapporto.kernel.actor import Actor
from rapporto.store.errors import Invalid, Refused
from rapporto.store.records import find, get, may_change
from rapporto.web.asked import aims_at
from rapporto.web.fields import FormField
from rapporto.web.forms.state import PANEL, answer_with
from rapporto.web.links import card_url, consents_url, grid_url, new_url
from rapporto.web.mistakes import in_words
from rapporto.web.toasts import Toast, keep


@require_http_methods(["GET", "POST"])
def party_consents(request: HttpRequest, row_id: int) -> HttpResponse:
    """GET: whether they may be contacted, by way and purpose. POST: write to them for the confirmation of a consent."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    party: Party = get(actor, "party", row_id)
    if request.method != "POST":
        return _shown(request, party)
    typed = {name: request.POST.get(name, "")[:200] for name in ("purpose", "how", "document")}
    try:
        send_confirmation(actor, party=row_id, **typed)
    except Invalid as wrong:
        return _shown(request, party, [in_words(one) for one in wrong.errors.values()], 422)
    except Refused as refusal:
        return _shown(request, party, [in_words(refusal.message)], 422)
    said = _("Written to {address}: the consent holds when they confirm it.").format(address=party.email)
    keep(request, Toast(said))
    return answer_with(request, card_url("party", row_id))


def _shown(request: HttpRequest, party: Party, mistakes: list[str] | None = None, status: int = 200) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    purposes = list(find(actor, "purpose").order_by("-commercial", "pk").values_list("code", "name", "commercial"))
    change = may_change(actor, "party", party.pk)
    now = timezone.now()
    context: dict[str, Any] = {
        "title": _("Consents of {name}").format(name=party.name),
        "purposes": [
            (name, list(_verdicts(actor, party.pk, code, now))) for code, name, commercial in purposes if commercial
        ],
        "mistakes": mistakes or [],
        "fields": list(_fields(request, purposes)) if change and party.email else [],
        "address": party.email,
        "change": change,
        "give_url": new_url("consent_entry", party=party.pk, state="given"),
        "withdraw_url": new_url("consent_entry", party=party.pk, state=WITHDRAWN),
        "object_url": new_url("consent_entry", party=party.pk, state=OBJECTED),
        "entries_url": f"{grid_url('consent_entry')}?party={party.pk}",
        "action": consents_url(party.pk),
        "back_url": card_url("party", party.pk),
        "panel_url": consents_url(party.pk),
    }
    template = "panel_party_consents.html" if aims_at(request, PANEL) else "party_consents.html"
    return render(request, template, context, status=status)


def _verdicts(actor: Actor, party: int, purpose: str, now: Any) -> Iterator[dict[str, Any]]:
    for channel, label in CHANNELS:
        verdict = may_contact(actor, party, purpose, channel, now)
        proof = card_url("consent_entry", verdict.entry) if verdict.entry else ""
        yield {"label": label, "allowed": verdict.allowed, "reason": in_words(verdict.reason), "url": proof}


def _fields(request: HttpRequest, purposes: list[tuple[str, str, bool]]) -> Iterator[FormField]:
    typed = request.POST
    choices = [(code, name) for code, name, _commercial in purposes]
    ways = [one for one in WAYS if one[0] not in (PREFERENCE_PAGE, ONE_CLICK)]
    yield FormField("id-purpose", "purpose", _("Purpose"), "select", typed.get("purpose", ""), choices, required=True)
    yield FormField("id-how", "how", _("How they gave it"), "select", typed.get("how", MEETING), ways, required=True)
    yield FormField(
        "id-document", "document", _("Form or paper"), value=typed.get("document", ""), hint=_("Where it was written down."),
    )  # fmt: skip
