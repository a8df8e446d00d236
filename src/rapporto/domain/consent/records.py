"""The record types of the consent ledger."""

from django.utils.translation import gettext_lazy as _

from rapporto.domain.consent.models import (
    ConsentEntry,
    ConsentTerm,
    ContactPreference,
    ContactTopic,
    OptOutCheck,
    PreferenceTopic,
    PrivacyNotice,
    Purpose,
)
from rapporto.domain.consent.written import (
    complete_entry,
    known_fields,
    reason_for_long_terms,
    sensible_hours,
    term_of_check,
    valid_from_now,
)
from rapporto.domain.people.models import BACK_OFFICE
from rapporto.domain.people.permissions import CHANGED_BY_ADMINISTRATORS, CHANGED_BY_MANAGERS, READ_BY_ALL, roles
from rapporto.kernel.actor import ADMINISTRATOR, AGENT, MANAGER
from rapporto.kernel.erasure import HASH
from rapporto.kernel.where import through
from rapporto.store.declare import declare

PEOPLE = (AGENT, MANAGER, BACK_OFFICE, ADMINISTRATOR)
PART = roles(through("party"), *READ_BY_ALL)

purpose = declare(
    Purpose,
    grid=("name", "code", "retention_months", "commercial", "soft_spam"),
    see=READ_BY_ALL,
    change=CHANGED_BY_ADMINISTRATORS,
    prepare=(reason_for_long_terms, known_fields),
    icon="tag",
)

privacy_notice = declare(
    PrivacyNotice,
    grid=("name", "valid_from"),
    order="-valid_from",
    see=READ_BY_ALL,
    change=CHANGED_BY_ADMINISTRATORS,
    append_only=True,
    prepare=(valid_from_now,),
    icon="note",
)

consent_entry = declare(
    ConsentEntry,
    title="document",
    order="-at",
    grid=("at", "party", "purpose", "channel", "state", "basis", "how", "document", "taken_by"),
    sections={
        _("Consent"): (
            *("party", "state", "purpose", "channel", "how", "at"),
            *("document", "notice", "words", "basis"),
        ),
        _("Further proof"): ("address", "taken_by", "ip", "confirms", "written_at"),
    },
    see=PART,
    change=PART,
    fixed=dict.fromkeys(PEOPLE, ("ip", "confirms", "written_at")),
    personal=("document", "words", "address", "ip"),
    on_erasure={"party": HASH},
    append_only=True,
    prepare=(complete_entry,),
    icon="shield",
)

consent_term = declare(
    ConsentTerm,
    title="purpose",
    order="ends_on",
    grid=("ends_on", "party", "purpose", "channel", "state", "warned_on", "done_on"),
    see=PART,
    change=CHANGED_BY_ADMINISTRATORS,
    part_of="party",
    icon="clock",
)

opt_out_check = declare(
    OptOutCheck,
    order="-at",
    grid=("at", "name", "numbers", "refused", "valid_until", "taken_by"),
    see=READ_BY_ALL,
    change=CHANGED_BY_MANAGERS,
    fixed=dict.fromkeys(PEOPLE, ("valid_until",)),
    append_only=True,
    prepare=(term_of_check,),
    icon="phone",
)

contact_topic = declare(ContactTopic, see=READ_BY_ALL, change=CHANGED_BY_MANAGERS, icon="tag")

contact_preference = declare(
    ContactPreference,
    title="frequency",
    grid=("party", "channel", "topics", "frequency", "first_hour", "last_hour"),
    see=PART,
    change=PART,
    fixed=dict.fromkeys(PEOPLE, ("link_number",)),
    prepare=(sensible_hours,),
    part_of="party",
    icon="person",
)

preference_topic = declare(
    PreferenceTopic,
    title="topic",
    see=roles(through("preference"), *READ_BY_ALL),
    change=roles(through("preference"), *READ_BY_ALL),
    part_of="preference",
)
