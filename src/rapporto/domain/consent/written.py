"""What is asked of an entry, a purpose, a check before they are written: proof, purpose, a term with its reason."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.utils import timezone

from rapporto.domain.consent.choices import AGAINST, CONSENT, EMAIL, GIVEN, MESSAGING, PENDING, PHONE, SMS, SOFT_SPAM
from rapporto.domain.consent.models import ConsentEntry, ContactPreference, OptOutCheck, PrivacyNotice, Purpose
from rapporto.kernel.kinds import Email, Kind, Links, Phone
from rapporto.kernel.record import Field
from rapporto.kernel.text import BadValue, Message, clean
from rapporto.store.errors import Invalid
from rapporto.store.history.changing import current_user
from rapporto.store.userfields import record_type

USUAL_MONTHS, USUAL_MONTHS_OF_PROFILING, PROFILING = 24, 12, "PROFILING"
CHECK_HOLDS = timedelta(days=15)
FIRST_HOUR, LAST_HOUR = 9, 20

TO_COME = Message("This moment is still to come; say when it was.")
WHICH_PURPOSE = Message("Say for which purpose; only an objection may be about all of them.")
WHICH_PROOF = Message(
    "Say which text they read, which paper they signed, or what they said: without proof nobody is written to."
)
NOT_CONSENT = Message("Only a consent waits for confirmation.")
ONLY_EMAIL = Message("Art. 130 c. 4 allows e-mail and nothing else.")
WHICH_NOTICE = Message("Say which privacy notice they were given when they left their address.")
WHY_LONGER = Message("This is longer than the usual {months} months; say why.")
ONE_TO_MANY = Message("Give a number of months from 1 to 120.")
AN_HOUR = Message("Give an hour from 9 to 20.")
HOURS_TURNED = Message("This is earlier than the hour before it.")
NO_FIELD = Message("«{name}» is no field of a party that may be empty; write the names as they stand on the card.")
MORE_REFUSED = Message("There cannot be more refused numbers than numbers.")

_KINDS: Mapping[str, Kind] = {EMAIL: Email(), PHONE: Phone(), SMS: Phone(), MESSAGING: Phone()}


def complete_entry(row: ConsentEntry, changed: Mapping[str, Any]) -> None:
    """Fill in when and by whom; refuse what would prove nothing."""
    now = timezone.now()
    row.at = row.at or now
    row.written_at = now
    row.taken_by_id = row.taken_by_id or current_user()
    if row.state in (GIVEN, PENDING) and not row.basis:
        row.basis = CONSENT
    errors = dict(_wrong(row))
    try:
        row.address = canonical_address(row.channel, row.address)
    except BadValue as wrong:
        errors["address"] = wrong.message
    if row.at > now:
        errors["at"] = TO_COME
    if errors:
        raise Invalid(errors)


def _wrong(row: ConsentEntry) -> list[tuple[str, Message]]:
    wrong = []
    if row.purpose_id is None and row.state not in AGAINST:
        wrong.append(("purpose", WHICH_PURPOSE))
    if row.state == PENDING and row.basis != CONSENT:
        wrong.append(("basis", NOT_CONSENT))
    if row.state == GIVEN:
        if row.basis == SOFT_SPAM and row.channel != EMAIL:
            wrong.append(("channel", ONLY_EMAIL))
        if row.basis == SOFT_SPAM and row.notice_id is None:
            wrong.append(("notice", WHICH_NOTICE))
        if row.notice_id is None and not row.document and not row.words and row.confirms_id is None:
            wrong.append(("document", WHICH_PROOF))
    return wrong


def canonical_address(channel: str, address: str) -> str:
    """An address as the register of parties keeps it, so that the two are found by each other. Raises BadValue."""
    kind = _KINDS.get(channel) or (Email() if "@" in address else Phone())
    return str(kind.check(address) or "") if address else ""


def reason_for_long_terms(row: Purpose, changed: Mapping[str, Any]) -> None:
    """The term is that which the authority names as a rule, unless the company says why it needs a longer one."""
    usual = usual_months(row.code)
    if row.retention_months is None:
        row.retention_months = usual
    if not 1 <= row.retention_months <= 120:
        raise Invalid({"retention_months": ONE_TO_MANY})
    if row.retention_months > usual and not row.retention_reason:
        raise Invalid({"retention_reason": Message(WHY_LONGER.text, {"months": usual})})


def known_fields(row: Purpose, changed: Mapping[str, Any]) -> None:
    """The fields to be emptied, said by their name or label, are fields of a party that can be empty; they are kept by name."""
    if "emptied" not in changed:
        return
    fields = {name: one for name, one in record_type("party").fields.items() if may_be_emptied(one)}
    by_label = {str(one.label).casefold(): name for name, one in fields.items()}
    found = []
    for said in filter(None, (clean(one) for one in re.split(r"[,;\n]", row.emptied))):
        name = said if said in fields else by_label.get(said.casefold())
        if name is None:
            raise Invalid({"emptied": Message(NO_FIELD.text, {"name": said[:60]})})
        found.append(name)
    row.emptied = ", ".join(dict.fromkeys(found))


def may_be_emptied(field: Field) -> bool:
    """Whether a field of a party can be kept for a purpose alone."""
    return not (field.required or field.derived or isinstance(field.kind, Links))


def usual_months(code: str) -> int:
    """How long data are kept for a purpose of this code, as a rule."""
    return USUAL_MONTHS_OF_PROFILING if code == PROFILING else USUAL_MONTHS


def valid_from_now(row: PrivacyNotice, changed: Mapping[str, Any]) -> None:
    """A text is valid from now on, unless said otherwise."""
    row.valid_from = row.valid_from or timezone.now()


def term_of_check(row: OptOutCheck, changed: Mapping[str, Any]) -> None:
    """A check holds for fifteen days from the moment it was made."""
    row.at = row.at or timezone.now()
    row.valid_until = row.at + CHECK_HOLDS
    row.taken_by_id = row.taken_by_id or current_user()
    if row.at > timezone.now():
        raise Invalid({"at": TO_COME})
    if (row.refused or 0) > (row.numbers or 0):
        raise Invalid({"refused": MORE_REFUSED})


def sensible_hours(row: ContactPreference, changed: Mapping[str, Any]) -> None:
    """Hours lie within those in which calls are allowed at all, and in their order."""
    for name in ("first_hour", "last_hour"):
        hour = getattr(row, name)
        if hour is not None and not FIRST_HOUR <= hour <= LAST_HOUR:
            raise Invalid({name: AN_HOUR})
    if row.first_hour is not None and row.last_hour is not None and row.last_hour <= row.first_hour:
        raise Invalid({"last_hour": HOURS_TURNED})
