"""Parties and what belongs to them. A party never changes table: suspect, lead, customer and lost are phases of its life."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from rapporto.domain.parties.duplicates.models import DuplicateSearch, LikelyDuplicate
from rapporto.domain.people.models import Territory, User
from rapporto.kernel.kinds import (
    Choice,
    Code,
    Country,
    Email,
    Iban,
    LongText,
    Phone,
    PostalCode,
    Province,
    SdiCode,
    TaxCode,
    Text,
    VatNumber,
    Web,
)
from rapporto.store.columns import (
    ChoiceColumn,
    CodeColumn,
    DayColumn,
    IntegerColumn,
    LinkColumn,
    LinksColumn,
    LongTextColumn,
    MoneyColumn,
    Recorded,
    TextColumn,
    TickColumn,
)
from rapporto.store.imports.models import Imported

ORGANISATION, UNIT, PERSON = "organisation", "unit", "person"
PARTY_KINDS = ((ORGANISATION, _("Company")), (UNIT, _("Unit")), (PERSON, _("Person")))
PHASES = (
    ("suspect", _("To be contacted")),
    ("lead", _("Lead")),
    ("hot_lead", _("Hot lead")),
    ("opportunity", _("Opportunity")),
    ("customer", _("Customer")),
    ("at_risk", _("At risk")),
    ("cold_lead", _("Cold lead")),
    ("lost", _("Lost")),
)
GENDERS = (("f", _("Female")), ("m", _("Male")))


class PartyType(Recorded):
    """What a party is to us: customer, prospect, supplier, consultant … the company adds its own."""

    name = TextColumn(_("Name"), required=True, kind=Text(60))

    class Meta:
        verbose_name, verbose_name_plural = _("Party type"), _("Party types")


class Industry(Recorded):
    """A sector of the economy."""

    name = TextColumn(_("Name"), required=True, kind=Text(80))
    code = CodeColumn(_("ATECO code"), kind=Code(12))

    class Meta:
        verbose_name, verbose_name_plural = _("Industry"), _("Industries")


class LinkType(Recorded):
    """A kind of link between parties, told from both ends: «controls», «is controlled by»."""

    name = TextColumn(_("Seen from the first"), required=True, kind=Text(80))
    reverse = TextColumn(_("Seen from the second"), required=True, kind=Text(80))

    class Meta:
        verbose_name, verbose_name_plural = _("Link type"), _("Link types")


class Party(Recorded):
    """An organisation, an organisational unit or a person. A name alone is enough."""

    kind = ChoiceColumn(_("Kind"), required=True, kind=Choice(PARTY_KINDS), default=ORGANISATION)
    name = TextColumn(_("Name"), required=True)
    honorific = TextColumn(_("Title"), kind=Text(30), hint=_("Dott., Ing., Avv. …"))
    first_name = TextColumn(_("First name"), kind=Text(80))
    last_name = TextColumn(_("Last name"), kind=Text(80))
    gender = ChoiceColumn(_("Gender"), kind=Choice(GENDERS))
    birth_date = DayColumn(_("Birth date"))
    phase = ChoiceColumn(_("Phase"), required=True, kind=Choice(PHASES), default="suspect")
    types = LinksColumn(PartyType, _("Types"), through="parties.PartyTypeOf", related_name="+")
    industry = LinkColumn(Industry, _("Industry"), db_index=False, related_name="parties", relation=_("Parties"))
    owner = LinkColumn(User, _("Assigned to"), db_index=False, related_name="parties", relation=_("Parties"))
    territory = LinkColumn(Territory, _("Territory"), db_index=False, related_name="parties", relation=_("Parties"))
    territory_by_hand = TickColumn(
        _("Territory chosen by hand"), hint=_("It stays when the place or the territories change.")
    )
    part_of = LinkColumn("self", _("Unit of"), related_name="units", relation=_("Units"))

    phone = CodeColumn(_("Phone"), kind=Phone())
    mobile = CodeColumn(_("Mobile"), kind=Phone())
    email = CodeColumn(_("E-mail"), kind=Email())
    website = CodeColumn(_("Website"), kind=Web())

    street = TextColumn(_("Street"))
    postal_code = CodeColumn(_("Postal code"), kind=PostalCode())
    city = TextColumn(_("City"), kind=Text(120))
    province = CodeColumn(_("Province"), kind=Province())
    region = TextColumn(_("Region"), kind=Text(60), hint=_("Follows from the province."))
    country = CodeColumn(_("Country"), kind=Country(), default="IT")

    vat_number = CodeColumn(_("VAT number"), kind=VatNumber())
    tax_code = CodeColumn(_("Tax code"), kind=TaxCode())
    sdi_code = CodeColumn(_("Recipient code"), kind=SdiCode(), hint=_("7 characters, 6 for public bodies."))
    pec = CodeColumn(_("Certified mail (PEC)"), kind=Email())
    iban = CodeColumn(_("IBAN"), kind=Iban())
    employees = IntegerColumn(_("Employees"))
    turnover = MoneyColumn(_("Yearly turnover"))
    external_code = CodeColumn(_("ERP code"), kind=Code(40))
    notes = LongTextColumn(_("Notes"), kind=LongText())
    origin = LinkColumn(
        Imported, _("Came with"), db_index=False, related_name="parties", relation=_("Parties"),
        hint=_("The import that brought it in."),
    )  # fmt: skip

    class Meta:
        verbose_name, verbose_name_plural = _("Party"), _("Parties")
        indexes = [
            models.Index(fields=["name_key", "id"], name="party_by_name"),
            models.Index(fields=["owner", "id"], name="party_by_owner"),
            models.Index(fields=["territory", "id"], name="party_by_territory"),
            models.Index(fields=["province", "id"], name="party_by_province"),
            models.Index(fields=["province", "industry", "turnover"], name="party_by_ground"),
            models.Index(
                # What parties are counted by, with what is summed: subtotals of any two of these read this index alone.
                fields=[
                    *("phase", "region_key", "province", "industry", "kind", "territory", "owner"),
                    *("turnover", "employees"),
                ],
                name="party_by_cube",
            ),
            models.Index(fields=["industry", "id"], name="party_by_industry"),
            models.Index(fields=["region_key", "id"], name="party_by_region"),
            models.Index(fields=["city_key", "id"], name="party_by_city"),
            models.Index(fields=["postal_code", "id"], name="party_by_postal_code"),
            models.Index(fields=["kind", "id"], name="party_by_kind"),
            models.Index(fields=["phase", "id"], name="party_by_phase"),
            models.Index(fields=["turnover", "id"], name="party_by_turnover"),
            models.Index(fields=["employees", "id"], name="party_by_employees"),
            models.Index(fields=["vat_number", "id"], name="party_by_vat_number"),
            models.Index(fields=["email", "id"], name="party_by_email"),
            models.Index(fields=["phone", "id"], name="party_by_phone"),
            models.Index(fields=["external_code"], name="party_by_external_code"),
            models.Index(fields=["origin", "id"], name="party_by_origin"),
        ]


class PartyTypeOf(Recorded):
    """A party is of a type; it may be of several at once."""

    party = LinkColumn(Party, _("Party"), required=True, db_index=False, related_name="type_rows")
    party_type = LinkColumn(PartyType, _("Party type"), required=True, related_name="party_rows")

    class Meta:
        verbose_name, verbose_name_plural = _("Type of a party"), _("Types of parties")
        constraints = [models.UniqueConstraint(fields=["party", "party_type"], name="party_type_once")]


class Address(Recorded):
    """A further place of a party: a site, a delivery address, a home."""

    KINDS = (
        ("site", _("Site")),
        ("delivery", _("Delivery address")),
        ("billing", _("Billing address")),
        ("home", _("Home")),
    )

    party = LinkColumn(Party, _("Party"), required=True, related_name="addresses", relation=_("Addresses"))
    kind = ChoiceColumn(_("Kind"), required=True, kind=Choice(KINDS), default="site")
    name = TextColumn(_("Name"), kind=Text(120))
    street = TextColumn(_("Street"))
    postal_code = CodeColumn(_("Postal code"), kind=PostalCode())
    city = TextColumn(_("City"), kind=Text(120))
    province = CodeColumn(_("Province"), kind=Province())
    country = CodeColumn(_("Country"), kind=Country(), default="IT")

    class Meta:
        verbose_name, verbose_name_plural = _("Address"), _("Addresses")


class ContactPoint(Recorded):
    """A further phone, mail or web address of a party."""

    PHONE, MOBILE, FAX, EMAIL, PEC, WEB = "phone", "mobile", "fax", "email", "pec", "web"
    KINDS = (
        (PHONE, _("Phone")),
        (MOBILE, _("Mobile")),
        (FAX, _("Fax")),
        (EMAIL, _("E-mail")),
        (PEC, _("PEC")),
        (WEB, _("Website")),
    )

    party = LinkColumn(Party, _("Party"), required=True, related_name="contact_points", relation=_("Contact details"))
    kind = ChoiceColumn(_("Kind"), required=True, kind=Choice(KINDS), default=PHONE)
    value = TextColumn(_("Number or address"), required=True)
    label = TextColumn(_("Note"), kind=Text(80))
    private = TickColumn(_("Personal"), hint=_("Goes along when the person changes company."))

    class Meta:
        verbose_name, verbose_name_plural = _("Contact detail"), _("Contact details")
        indexes = [models.Index(fields=["value_key"], name="contact_point_value")]


class Affiliation(Recorded):
    """A person works for an organisation, from one day to another, with a title, a role and numbers of that place.

    Without a person it is a post of the org chart that nobody holds, or nobody we know.
    """

    person = LinkColumn(Party, _("Person"), related_name="affiliations", relation=_("Works for"))
    organisation = LinkColumn(Party, _("Company"), required=True, related_name="people", relation=_("People"))
    job_title = TextColumn(_("Job title"), kind=Text(120))
    job_role = TextColumn(_("Role"), kind=Text(80), hint=_("Buys, decides, uses, pays …"))
    phone = CodeColumn(_("Phone"), kind=Phone())
    mobile = CodeColumn(_("Mobile"), kind=Phone())
    email = CodeColumn(_("E-mail"), kind=Email())
    reports_to = LinkColumn("self", _("Reports to"), related_name="reports", relation=_("Reports"))
    since = DayColumn(_("Since"))
    until = DayColumn(_("Until"))
    main = TickColumn(_("Main contact"))

    class Meta:
        verbose_name, verbose_name_plural = _("Affiliation"), _("Affiliations")
        indexes = [
            models.Index(fields=["phone"], name="affiliation_by_phone"),
            models.Index(fields=["email"], name="affiliation_by_email"),
            models.Index(fields=["since", "id"], name="affiliation_by_since"),
        ]


class PartyLink(Recorded):
    """A typed link between two parties."""

    first = LinkColumn(Party, _("First party"), required=True, related_name="links_out", relation=_("Links"))
    link_type = LinkColumn(LinkType, _("Link type"), required=True, related_name="links")
    second = LinkColumn(Party, _("Second party"), required=True, related_name="links_in", relation=_("Links"))
    notes = LongTextColumn(_("Notes"))

    class Meta:
        verbose_name, verbose_name_plural = _("Link"), _("Links")


class ToVerify(Recorded):
    """A value of a party that its field does not take: kept as it was typed until somebody mends or drops it."""

    FIELDS = (
        ("vat_number", _("VAT number")),
        ("tax_code", _("Tax code")),
        ("sdi_code", _("Recipient code")),
        ("iban", _("IBAN")),
        ("postal_code", _("Postal code")),
        ("province", _("Province")),
        ("country", _("Country")),
        ("phone", _("Phone")),
        ("email", _("E-mail")),
        ("website", _("Website")),
        ("birth_date", _("Birth date")),
        ("other", _("Other")),
    )

    party = LinkColumn(Party, _("Party"), required=True, related_name="to_verify", relation=_("To be verified"))
    field = ChoiceColumn(_("Field"), required=True, kind=Choice(FIELDS))
    text = LongTextColumn(_("As it was written"), required=True, kind=LongText())
    column = TextColumn(_("Column"), kind=Text(200))
    reason = TextColumn(_("Why"), kind=Text(300))
    held = CodeColumn(_("What the field held then"), kind=Code(600))

    class Meta:
        verbose_name, verbose_name_plural = _("Value to be verified"), _("Values to be verified")
        indexes = [models.Index(fields=["field", "party"], name="to_verify_by_field")]


class PartyNumbers(models.Model):
    """What is derived from the dealings with a party: no history, rebuilt by `rapporto check`."""

    party = models.OneToOneField(Party, models.CASCADE, primary_key=True, related_name="numbers")
    last_activity_on = models.DateField(null=True)
    next_activity_on = models.DateField(null=True)
    activities = models.IntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["last_activity_on", "party"], name="party_numbers_last"),
            models.Index(fields=["next_activity_on", "party"], name="party_numbers_next"),
            models.Index(fields=["activities", "party"], name="party_numbers_count"),
        ]


__all__ = [
    "ORGANISATION", "PARTY_KINDS", "PERSON", "PHASES", "UNIT", "Address", "Affiliation", "ContactPoint", "DuplicateSearch", "Industry",
    "LikelyDuplicate", "LinkType", "Party", "PartyLink", "PartyNumbers", "PartyType", "PartyTypeOf",
]  # fmt: skip
