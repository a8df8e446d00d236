"""What is done with the ledger: giving, withdrawing, objecting, confirming; checks of the register; how somebody wants to be reached."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q

from rapporto.domain.consent.answer_of_register import NONE_SENT, numbers_in
from rapporto.domain.consent.choices import (
    AGAINST,
    CONSENT,
    GIVEN,
    OBJECTED,
    PENDING,
    WITHDRAWN,
)
from rapporto.domain.consent.models import CheckedNumber, ConsentEntry, ContactPreference, OptOutCheck, Purpose
from rapporto.kernel.actor import Actor
from rapporto.kernel.text import Message
from rapporto.store.errors import Invalid, NotFound, Refused
from rapporto.store.history.changing import change_set
from rapporto.store.records import find, get
from rapporto.store.write import save

REFUSED_UNKNOWN = Message("The number {number} was refused but is not among those checked.")


def purpose_of(actor: Actor, code: str) -> Purpose:
    """The purpose of a code. Raises NotFound."""
    row: Purpose | None = find(actor, "purpose").filter(code=code.upper()).first()
    if row is None:
        raise NotFound("purpose", code)
    return row


def give(
    actor: Actor, *, party: int, purpose: str, channel: str = "", basis: str = CONSENT, **proof: Any
) -> ConsentEntry:
    """Note a consent, or another legal basis, with its proof: `notice`, `how`, `document`, `words`, `address`, `at`, `ip`.

    Raises Invalid when nothing proves it, Refused, NotFound.
    """
    values = {"purpose": purpose_of(actor, purpose).pk, "channel": channel, "basis": basis}
    return _entry(actor, "give_consent", {"party": party, "state": GIVEN, **values, **proof})


def ask_to_confirm(actor: Actor, *, party: int, purpose: str, channel: str, **proof: Any) -> ConsentEntry:
    """Note a consent that holds only when it is confirmed from the address it was given for (double opt-in)."""
    values = {"purpose": purpose_of(actor, purpose).pk, "channel": channel, "basis": CONSENT}
    return _entry(actor, "ask_to_confirm", {"party": party, "state": PENDING, **values, **proof})


def confirm_double_opt_in(
    actor: Actor, entry: int, *, how: str, at: datetime | None = None, ip: str = ""
) -> ConsentEntry:
    """The person confirmed: the consent holds from now on. Doing it twice changes nothing. Raises Invalid, NotFound, Refused.

    Only the system confirms, on the word of the person's own link: nobody who works here does it in their place. What was withdrawn
    since it was asked for is not confirmed by an old mail: it must be given anew.
    """
    with change_set(actor, "confirm_consent"):
        asked: ConsentEntry = get(actor, "consent_entry", entry, lock=True)
        if asked.state != PENDING:
            raise Refused("There is nothing to confirm here.")
        done: ConsentEntry | None = ConsentEntry.objects.filter(confirms_id=entry).order_by("id").first()
        if done is not None:
            return done
        if _said_no_since(asked):
            raise Refused("It was withdrawn since; ask for it again.")
        same = ("party", "purpose", "notice")
        values: dict[str, Any] = {name: getattr(asked, f"{name}_id") for name in same}
        values |= {name: getattr(asked, name) for name in ("channel", "basis", "document", "words", "address")}
        return _entry(
            actor, "confirm_consent", {**values, "state": GIVEN, "confirms": entry, "how": how, "at": at, "ip": ip}
        )


def _said_no_since(asked: ConsentEntry) -> bool:
    later = ConsentEntry.objects.filter(party_id=asked.party_id, state__in=AGAINST, at__gte=asked.at)
    later = later.filter(Q(purpose_id=asked.purpose_id) | Q(purpose_id__isnull=True))
    return later.filter(channel__in=(asked.channel, "")).exists()


def withdraw(actor: Actor, *, party: int, purpose: str, how: str, channel: str = "", **proof: Any) -> ConsentEntry:
    """Note that a consent was withdrawn; no reason is asked."""
    values = {"purpose": purpose_of(actor, purpose).pk, "channel": channel}
    return _entry(actor, "withdraw_consent", {"party": party, "state": WITHDRAWN, "how": how, **values, **proof})


def object_to(
    actor: Actor, *, party: int, how: str, purpose: str = "", channel: str = "", **proof: Any
) -> ConsentEntry:
    """Note an objection; without a purpose it is about all of them, without a channel about every one."""
    values = {"purpose": purpose_of(actor, purpose).pk if purpose else None, "channel": channel}
    return _entry(actor, "object_to_contact", {"party": party, "state": OBJECTED, "how": how, **values, **proof})


def _entry(actor: Actor, command: str, values: Mapping[str, Any]) -> ConsentEntry:
    given = {name: value for name, value in values.items() if value not in (None, "")}
    row: ConsentEntry = save(actor, "consent_entry", given, command=command)
    return row


def record_opt_out_check(
    actor: Actor,
    *,
    name: str,
    numbers: list[str],
    refused: list[str],
    at: datetime | None = None,
    reference: str = "",
) -> OptOutCheck:
    """Keep the answer of the register about a list of numbers; it holds for fifteen days. Raises Invalid, Refused."""
    checked, no = numbers_in("\n".join(numbers), "numbers"), set(numbers_in("\n".join(refused), "refused"))
    if not checked:
        raise Invalid({"numbers": NONE_SENT})
    if unknown := sorted(no - set(checked)):
        raise Invalid({"refused": Message(REFUSED_UNKNOWN.text, {"number": unknown[0]})})
    values = {"name": name, "at": at, "reference": reference, "numbers": len(checked), "refused": len(no)}
    with change_set(actor, "record_opt_out_check"):
        row: OptOutCheck = save(actor, "opt_out_check", {key: one for key, one in values.items() if one is not None})
        CheckedNumber.objects.bulk_create(
            (CheckedNumber(answer_id=row.pk, number=one, refused=one in no) for one in checked), batch_size=2000
        )
    return row


def set_preferences(actor: Actor, *, party: int, **values: Any) -> ContactPreference:
    """Keep how somebody wants to be reached: channel, topics, frequency, first_hour, last_hour. Raises Invalid, Refused, NotFound."""
    with change_set(actor, "set_preferences"):
        row = find(actor, "contact_preference").filter(party_id=party).first()
        if row is None:
            made: ContactPreference = save(actor, "contact_preference", {"party": party, **values})
            return made
        changed: ContactPreference = save(actor, "contact_preference", values, row.pk)
    return changed


def revoke_links(actor: Actor, party: int) -> None:
    """Make void every link to the preference page that was sent to a party until now. The system's alone: raises Invalid, Refused."""
    set_preferences(actor, party=party, link_number=link_number(party) + 1)


def link_number(party: int) -> int:
    """The number that a link to the preference page must bear."""
    found = ContactPreference.objects.filter(party_id=party).values_list("link_number", flat=True).first()
    return found or 0
