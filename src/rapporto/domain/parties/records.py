"""The record types of parties and of what belongs to them."""

from django.utils.translation import gettext_lazy as _

from rapporto.domain.parties.legal_form import without_form
from rapporto.domain.parties.mending import hold, mend
from rapporto.domain.parties.models import (
    PERSON,
    Address,
    Affiliation,
    ContactPoint,
    Industry,
    LinkType,
    Party,
    PartyLink,
    PartyType,
    PartyTypeOf,
    ToVerify,
)
from rapporto.domain.parties.reporting import sensible_post
from rapporto.domain.parties.searched import renew_search, renew_search_of_people, renew_search_of_whole
from rapporto.domain.parties.written import canonical_value, follow_from_place, inherit_assignment, renew_numbers
from rapporto.domain.people.handover import Held, holds
from rapporto.domain.people.models import BACK_OFFICE
from rapporto.domain.people.permissions import CHANGED_BY_MANAGERS, READ_BY_ALL, roles
from rapporto.kernel.actor import ADMINISTRATOR, AGENT, MANAGER, SYSTEM
from rapporto.kernel.erasure import ANONYMISE
from rapporto.kernel.kinds import Day, Integer
from rapporto.kernel.record import USER_FIELDS
from rapporto.kernel.where import EVERYTHING, ME, MY_TERRITORIES, field, through
from rapporto.store.declare import Derived, declare

OFFICE = roles(EVERYTHING, MANAGER, BACK_OFFICE, ADMINISTRATOR, SYSTEM)
MINE = (field("owner").eq(ME), field("territory").is_in(MY_TERRITORIES))

industry = declare(Industry, see=READ_BY_ALL, change=CHANGED_BY_MANAGERS, icon="company")
party_type = declare(PartyType, see=READ_BY_ALL, change=CHANGED_BY_MANAGERS, icon="tag")
link_type = declare(LinkType, see=READ_BY_ALL, change=CHANGED_BY_MANAGERS, icon="link")

party = declare(
    Party,
    grid=(
        "name",
        "kind",
        "phase",
        "province",
        "industry",
        "owner",
        "last_activity",
        "next_activity",
        "turnover",
        "phone",
    ),
    sections={
        _("Essentials"): ("name", "kind", "phase", "types", "industry", "owner", "territory", "part_of"),
        _("Person"): ("honorific", "first_name", "last_name", "gender", "birth_date"),
        _("Contact details"): ("phone", "mobile", "email", "website"),
        _("Address"): ("street", "postal_code", "city", "province", "region", "country"),
        _("Company data"): (
            "vat_number",
            "tax_code",
            "sdi_code",
            "pec",
            "iban",
            "employees",
            "turnover",
            "external_code",
            "origin",
        ),
        _("Profile"): (USER_FIELDS, "notes"),
    },
    search={
        "name": 100,
        "vat_number": 90,
        "tax_code": 90,
        "external_code": 90,
        "phone": 80,
        "mobile": 80,
        "email": 80,
        "city": 30,
        "notes": 10,
    },
    import_key="external_code",
    duplicate_hints=("vat_number", "tax_code", "email", "pec", "phone", "mobile", "name"),
    see={AGENT: MINE, **OFFICE},
    change={AGENT: MINE, **OFFICE},
    fixed=dict.fromkeys((AGENT, *OFFICE), ("region", "territory_by_hand")),
    person=field("kind").eq(PERSON),
    personal=(
        *("name", "honorific", "first_name", "last_name", "gender", "birth_date"),
        *("phone", "mobile", "email", "website", "street", "postal_code", "city"),
        *("vat_number", "tax_code", "sdi_code", "pec", "iban", "external_code", "notes"),
    ),
    identifying=("phone", "mobile", "email", "pec", "vat_number", "tax_code", "external_code"),
    sensitive=("birth_date", "tax_code", "iban"),
    derived={
        "last_activity": Derived("numbers__last_activity_on", Day(), _("Last activity")),
        "next_activity": Derived("numbers__next_activity_on", Day(), _("Next step")),
        "activities_count": Derived("numbers__activities", Integer(), _("Number of activities")),
    },
    prepare=(follow_from_place,),
    refresh=(mend, renew_numbers, renew_search, renew_search_of_people),
    also_sought=without_form,
    icon="parties",
    place=True,
)

party_type_of = declare(
    PartyTypeOf,
    see=roles(through("party"), *READ_BY_ALL),
    change=roles(through("party"), *READ_BY_ALL),
    title="party_type",
    part_of="party",
    on_erasure={"party": ANONYMISE},
)

PART = roles(through("party"), *READ_BY_ALL)

address = declare(
    Address,
    title="street",
    grid=("party", "kind", "name", "street", "postal_code", "city", "province"),
    see=PART,
    change=PART,
    personal=("name", "street", "postal_code", "city"),
    refresh=(renew_search_of_whole(Address, "party_id"),),
    icon="pin",
    part_of="party",
)

contact_point = declare(
    ContactPoint,
    title="value",
    grid=("party", "kind", "value", "label"),
    see=PART,
    change=PART,
    personal=("value", "label"),
    identifying=("value",),
    prepare=(canonical_value,),
    refresh=(renew_search_of_whole(ContactPoint, "party_id"),),
    icon="phone",
    part_of="party",
)

to_verify = declare(
    ToVerify,
    title="text",
    grid=("party", "field", "text", "column", "reason"),
    sections={"": ("party", "field", "text", "column", "reason")},
    see=PART,
    change=PART,
    fixed=dict.fromkeys((AGENT, *OFFICE), ("held",)),
    personal=("text", "held"),
    prepare=(hold,),
    icon="warn",
    part_of="party",
)

EITHER = roles(through("organisation") | through("person"), *READ_BY_ALL)

affiliation = declare(
    Affiliation,
    title="job_title",
    order="-since",
    grid=("person", "organisation", "job_title", "job_role", "phone", "mobile", "email", "since", "until", "main"),
    see=EITHER,
    change=EITHER,
    personal=("job_title", "job_role", "phone", "mobile", "email"),
    identifying=("phone", "mobile", "email"),
    prepare=(sensible_post, inherit_assignment),
    refresh=(renew_search_of_whole(Affiliation, "person_id", "organisation_id"),),
    icon="person",
    part_of="organisation",
    goes_with=("person",),
)

party_link = declare(
    PartyLink,
    title="link_type",
    grid=("first", "link_type", "second", "notes"),
    see=roles(through("first") & through("second"), *READ_BY_ALL),
    change=roles(through("first") & through("second"), *READ_BY_ALL),
    personal=("notes",),
    icon="link",
    part_of="first",
)

holds(Held("party", "owner", _("parties")))
