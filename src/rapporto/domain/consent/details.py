"""What is kept for a purpose alone, and goes when its consents end: fields of the card, wishes, and what later parts add here."""

from collections.abc import Callable
from dataclasses import dataclass

from rapporto.domain.consent.choices import GIVEN, TAKEN_OUT
from rapporto.domain.consent.models import ConsentTerm, ContactPreference, PreferenceTopic, Purpose
from rapporto.domain.consent.standing import standing
from rapporto.kernel.actor import Actor
from rapporto.kernel.registry import Registry
from rapporto.kernel.where import EVERYTHING
from rapporto.store.bulk import change_many
from rapporto.store.history.scrub import scrub_fields, scrub_records
from rapporto.store.userfields import record_type
from rapporto.store.write import save


@dataclass(frozen=True)
class Detail:
    """Data that only a consent to a purpose allows to keep. `take_out` makes them unreadable, in the past too."""

    name: str
    take_out: Callable[[Actor, Purpose, list[int]], None]
    """For the purpose whose consents ended, and the parties; called inside a change set, and again when it was broken off."""


WISHES = {"channel": "", "frequency": "", "first_hour": None, "last_hour": None, "topics": ()}
"""How somebody wants to be reached, when nothing is said of it."""
DETAILS: Registry[Detail] = Registry("detail kept for a purpose")


def _empty_fields(actor: Actor, purpose: Purpose, parties: list[int]) -> None:
    """The fields the company named in the purpose, of columns and of its own."""
    there = record_type("party").fields
    fields = [one for one in purpose.emptied.split(", ") if one in there]
    if fields:
        change_many(actor, "party", EVERYTHING, dict.fromkeys(fields), only=parties)
        scrub_fields("party", parties, fields)


def _forget_wishes(actor: Actor, purpose: Purpose, parties: list[int]) -> None:
    """Topics, hours and frequency, of whom no other consent is left that they could be for. The number of their links stays."""
    over = set(ConsentTerm.objects.filter(party_id__in=parties, state=TAKEN_OUT).values_list("entry_id", flat=True))
    for row in ContactPreference.objects.filter(party_id__in=parties):
        lines = [one for one in standing(actor, row.party_id).lines() if one.state == GIVEN and one.pk not in over]
        if any(one.purpose_id != purpose.pk for one in lines):
            continue
        topics = list(PreferenceTopic.objects.filter(preference=row).values_list("pk", flat=True))
        save(actor, "contact_preference", WISHES, row.pk)
        scrub_fields("contact_preference", [row.pk], [name for name in WISHES if name != "topics"])
        scrub_records("preference_topic", topics)


DETAILS.add("fields", Detail("fields", _empty_fields))
DETAILS.add("wishes", Detail("wishes", _forget_wishes))
