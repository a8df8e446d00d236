"""The parts of the card of a party that have a page of their own."""

from typing import Any

from django.utils.translation import gettext as _

from rapporto.domain.parties.models import PERSON
from rapporto.web.links import card_url, org_chart_url, profile_url
from rapporto.web.reading import Reading

CARD, PROFILE, ORG_CHART = "card", "profile", "org_chart"


def tabs(reading: Reading, current: str, query: str = "") -> list[dict[str, Any]]:
    """The parts as tabs, the current one marked; `query` is what their addresses keep: the day looked at."""
    found = [
        (CARD, _("Card"), card_url("party", reading.id), "parties"),
        (PROFILE, _("Profile"), profile_url(reading.id), "tag"),
    ]
    if reading.values.get("kind") != PERSON:
        found.append((ORG_CHART, _("Org chart"), org_chart_url(reading.id), "org"))
    return [
        {"url": url + query, "label": label, "icon": icon, "current": name == current}
        for name, label, url, icon in found
    ]
