"""The ledger of consents: purposes, texts of the notice, entries that nobody edits, checks of the opt-out register, preferences."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from rapporto.domain.consent.choices import BASES, CHANNELS, FREQUENCIES, STATES, TERM_STATES, WAYS
from rapporto.domain.parties.models import Party
from rapporto.domain.people.models import User
from rapporto.kernel.kinds import Choice, Code, LongText, Text
from rapporto.store.columns import (
    BinaryText,
    ChoiceColumn,
    CodeColumn,
    DayColumn,
    IntegerColumn,
    LinkColumn,
    LinksColumn,
    LongTextColumn,
    MomentColumn,
    Recorded,
    TextColumn,
    TickColumn,
)


class Purpose(Recorded):
    """What data are used for; each needs a consent, or another legal basis, of its own."""

    name = TextColumn(_("Name"), required=True, kind=Text(80))
    code = CodeColumn(_("Code"), required=True, unique=True, kind=Code(30))
    words = LongTextColumn(_("Words of the consent"), kind=LongText(), hint=_("What the person reads and agrees to."))
    retention_months = IntegerColumn(
        _("Kept for months"), hint=_("From the consent or the last contact; usually 24, for profiling 12.")
    )
    retention_reason = LongTextColumn(
        _("Why it is kept longer"), kind=LongText(), hint=_("Needed when the term is longer than usual.")
    )
    emptied = LongTextColumn(
        _("Emptied at the end of the term"),
        kind=LongText(),
        hint=_("Fields of the card that are kept for this purpose alone, such as interests: their names, with commas."),
    )
    commercial = TickColumn(
        _("Commercial"), hint=_("Calls need a valid check of the opt-out register and keep the calling hours.")
    )
    soft_spam = TickColumn(_("May rest on art. 130 c. 4"), hint=_("Own similar products, to customers, by e-mail."))
    regulated = TickColumn(_("Electricity or gas"), hint=_("Calls and messages need a consent of their own."))

    class Meta:
        verbose_name, verbose_name_plural = _("Purpose"), _("Purposes")


class PrivacyNotice(Recorded):
    """One version of the text that people are shown. It never changes: another text is another version."""

    name = TextColumn(_("Version"), required=True, kind=Text(80))
    text = LongTextColumn(_("Text"), required=True, kind=LongText())
    valid_from = MomentColumn(_("Valid from"), hint=_("Blank: now."))

    class Meta:
        verbose_name, verbose_name_plural = _("Privacy notice"), _("Privacy notices")


class ConsentEntry(Recorded):
    """Something a person said about a purpose and a channel, with its proof. Entries are added, never changed.

    Without a channel it is about all channels; an objection without a purpose is about all purposes.
    """

    party = LinkColumn(
        Party, _("Party"), db_index=False, required=True, related_name="consents", relation=_("Consents")
    )
    purpose = LinkColumn(Purpose, _("Purpose"), related_name="entries", relation=_("Consents"))
    channel = ChoiceColumn(_("Channel"), kind=Choice(CHANNELS), hint=_("Blank: every channel."))
    state = ChoiceColumn(_("State"), required=True, kind=Choice(STATES))
    basis = ChoiceColumn(_("Legal basis"), kind=Choice(BASES))
    at = MomentColumn(_("When"), hint=_("Blank: now."))
    notice = LinkColumn(PrivacyNotice, _("Privacy notice"), related_name="entries", relation=_("Consents"))
    how = ChoiceColumn(_("How"), required=True, kind=Choice(WAYS))
    document = TextColumn(_("Form or paper"), kind=Text(200), hint=_("Which form, or where the signed paper lies."))
    words = LongTextColumn(_("What was said"), kind=LongText())
    address = TextColumn(_("Address or number"), kind=Text(200), hint=_("Where it was given for one alone."))
    taken_by = LinkColumn(User, _("Taken by"), related_name="consents_taken", relation=_("Consents taken"))
    ip = TextColumn(_("IP address"), kind=Text(45))
    confirms = LinkColumn("self", _("Confirms"), related_name="confirmations", relation=_("Confirmations"))
    written_at = MomentColumn(_("Written down"))

    class Meta:
        verbose_name, verbose_name_plural = _("Consent"), _("Consents")
        indexes = [
            models.Index(fields=["party", "at", "id"], name="consent_entry_by_party"),
            models.Index(fields=["address_key", "at", "id"], name="consent_entry_by_address"),
            models.Index(fields=["at", "id"], name="consent_entry_by_moment"),
        ]


class ConsentTerm(Recorded):
    """That the term of a consent ends: since when it is told, and what became of it."""

    party = LinkColumn(
        Party, _("Party"), required=True, db_index=False, related_name="consent_terms", relation=_("Terms of consents")
    )
    entry = LinkColumn(ConsentEntry, _("Consent"), required=True, db_index=False, related_name="terms")
    purpose = LinkColumn(Purpose, _("Purpose"), required=True, related_name="terms", relation=_("Terms of consents"))
    channel = ChoiceColumn(_("Channel"), kind=Choice(CHANNELS), hint=_("Blank: every channel."))
    ends_on = DayColumn(_("Ends on"), required=True)
    state = ChoiceColumn(_("State"), required=True, kind=Choice(TERM_STATES), default="ending")
    warned_on = DayColumn(_("Told since"), required=True)
    done_on = DayColumn(_("Settled on"))

    class Meta:
        verbose_name, verbose_name_plural = _("Term of a consent"), _("Terms of consents")
        constraints = [models.UniqueConstraint(fields=["entry"], name="consent_term_once")]
        indexes = [
            models.Index(fields=["state", "ends_on", "id"], name="consent_term_by_day"),
            models.Index(fields=["party", "id"], name="consent_term_by_party"),
        ]


class OptOutCheck(Recorded):
    """A list of numbers checked against the public opt-out register, with its answer; it holds for some days."""

    name = TextColumn(_("List"), required=True, kind=Text(120))
    at = MomentColumn(_("Checked"), hint=_("Blank: now."))
    valid_until = MomentColumn(_("Valid until"), hint=_("15 days after the check."))
    reference = TextColumn(_("Receipt"), kind=Text(120))
    numbers = IntegerColumn(_("Numbers"))
    refused = IntegerColumn(_("Refused numbers"))
    taken_by = LinkColumn(User, _("Done by"), related_name="opt_out_checks", relation=_("Checks of the register"))

    class Meta:
        verbose_name, verbose_name_plural = _("Check of the opt-out register"), _("Checks of the opt-out register")
        indexes = [models.Index(fields=["at", "id"], name="opt_out_check_by_moment")]


class CheckedNumber(models.Model):
    """A number of a check and the answer to it. As the check they belong to, these never change."""

    answer = models.ForeignKey(OptOutCheck, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    """Without a constraint: of a check that is taken back the numbers mean nothing, and they go after it."""
    number = BinaryText()
    refused = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["number", "answer"], name="checked_number_by_number")]


class ContactTopic(Recorded):
    """Something people want to hear about, or not."""

    name = TextColumn(_("Name"), required=True, kind=Text(80))

    class Meta:
        verbose_name, verbose_name_plural = _("Topic"), _("Topics")


class ContactPreference(Recorded):
    """How somebody wants to be written to and called."""

    party = LinkColumn(
        Party, _("Party"), required=True, db_index=False, related_name="preferences", relation=_("Contact preferences")
    )
    channel = ChoiceColumn(_("Preferred channel"), kind=Choice(CHANNELS))
    topics = LinksColumn(ContactTopic, _("Topics"), through="consent.PreferenceTopic", related_name="+")
    frequency = ChoiceColumn(_("Frequency"), kind=Choice(FREQUENCIES))
    first_hour = IntegerColumn(_("Calls from"), hint=_("An hour of the day, 9 to 20."))
    last_hour = IntegerColumn(_("Calls until"), hint=_("An hour of the day, 9 to 20."))
    link_number = IntegerColumn(_("Number of the link"), hint=_("A greater one makes the links sent before void."))

    class Meta:
        verbose_name, verbose_name_plural = _("Contact preferences"), _("Contact preferences")
        constraints = [models.UniqueConstraint(fields=["party"], name="contact_preference_once")]


class PreferenceTopic(Recorded):
    """A topic somebody chose."""

    preference = LinkColumn(ContactPreference, _("Contact preferences"), required=True, related_name="topic_rows")
    topic = LinkColumn(ContactTopic, _("Topic"), required=True, related_name="preference_rows")

    class Meta:
        verbose_name, verbose_name_plural = _("Topic of somebody"), _("Topics of somebody")
        constraints = [models.UniqueConstraint(fields=["preference", "topic"], name="preference_topic_once")]
