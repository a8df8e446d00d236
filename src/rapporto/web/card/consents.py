"""What the card of a party says of their consents: how things stand, what proves it, and where that changes."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from rapporto.domain.consent.calling_hours import today
from rapporto.domain.consent.choices import BASES, CHANNELS, GIVEN, OBJECTED, PENDING, STATES, WAYS, WITHDRAWN
from rapporto.domain.consent.models import ConsentEntry
from rapporto.domain.consent.retention import SOON
from rapporto.domain.consent.standing import ends, standing
from rapporto.kernel.actor import Actor
from rapporto.store.asking import Asked
from rapporto.web.links import card_url, consents_url, new_url
from rapporto.web.parts import label_of

TONES = {GIVEN: "good", PENDING: "today"}


@dataclass(frozen=True)
class ConsentLine:
    """How somebody stands to a purpose and a channel."""

    name: str
    url: str
    state: str
    tone: str
    proof: str
    term: str = ""
    """How long it holds; `term_tone` says when that is soon or over."""
    term_tone: str = ""
    withdraw_url: str = ""


def consents(actor: Actor, party: int, asked: Asked, *, change: bool) -> dict[str, Any]:
    """The section of the card, by one query."""
    found = standing(actor, party, asked).lines()
    return {
        "consents": [_line(one, change=change) for one in found],
        "add_consent_url": new_url("consent_entry", party=party) if change else "",
        "object_url": new_url("consent_entry", party=party, state=OBJECTED) if change and found else "",
        "may_contact_url": consents_url(party),
    }


def _line(one: ConsentEntry, *, change: bool) -> ConsentLine:
    purpose = one.purpose.name if one.purpose is not None else _("Every purpose")
    channel = label_of(CHANNELS, one.channel)
    if not channel and (one.purpose is None or one.purpose.commercial):
        channel = _("every channel")
    about = {"party": one.party_id, "purpose": one.purpose_id, "channel": one.channel, "state": WITHDRAWN}
    term, term_tone = _term(one)
    return ConsentLine(
        name=" · ".join(text for text in (purpose, channel) if text),
        url=card_url("consent_entry", one.pk),
        state=label_of(STATES, one.state),
        tone=TONES.get(one.state, "late"),
        proof=" · ".join(_proof(one)),
        term=term,
        term_tone=term_tone,
        withdraw_url=new_url("consent_entry", **about) if change and one.state == GIVEN else "",
    )


def _term(one: ConsentEntry) -> tuple[str, str]:
    day = ends(one)
    if day is None:
        return "", ""
    left = (day - today()).days
    if left <= 0:
        return _("ended on {day}: it allows nothing any more").format(day=f"{day:%d/%m/%Y}"), "late"
    return _("holds until {day}").format(day=f"{day:%d/%m/%Y}"), "today" if left <= SOON else ""


def _proof(one: ConsentEntry) -> list[str]:
    """When, how, on which paper, by which text, who took it; another basis than a consent is named."""
    said = [f"{timezone.localtime(one.at):%d/%m/%Y}" if one.at else "", one.document or label_of(WAYS, one.how)]
    said.append(_("notice «{name}»").format(name=one.notice.name) if one.notice is not None else "")
    said.append(_("taken by {name}").format(name=one.taken_by.name) if one.taken_by is not None else "")
    said.append(label_of(BASES, one.basis) if one.basis not in ("", "consent") else "")
    said.append(one.address)
    return [text for text in said if text]
