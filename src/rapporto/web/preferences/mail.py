"""Writes to the address for which somebody gave a consent, that it may confirm it."""

from smtplib import SMTPRecipientsRefused

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from rapporto.domain.consent.double_opt_in import ConfirmationAsked
from rapporto.domain.consent.links import Link
from rapporto.domain.consent.models import ConsentEntry
from rapporto.domain.consent.own_wishes import themselves
from rapporto.domain.consent.standing import standing
from rapporto.kernel.facts import Permanent, Transient, follows
from rapporto.web.preferences.addresses import preferences_address, unsubscribe_headers


@follows(ConfirmationAsked, name="consent.confirmation", longest=60)
def write(fact: ConfirmationAsked) -> None:
    """Send the message, unless it was answered or withdrawn meanwhile."""
    entry = ConsentEntry.objects.select_related("party", "purpose").filter(pk=fact.entry).first()
    if entry is None or all(one.pk != entry.pk for one in standing(themselves(), entry.party_id).waiting()):
        return
    try:
        message_for(entry).send()
    except SMTPRecipientsRefused as refused:
        raise Permanent(f"the mail server refuses {entry.address}") from refused
    except OSError as hitch:
        raise Transient(str(hitch)) from hitch


def message_for(entry: ConsentEntry) -> EmailMessage:
    """The message in the language of the installation: what is to be confirmed, in which words, and where."""
    link = Link(entry.party_id, entry.address, entry.purpose.code, entry.channel)
    with override(settings.LANGUAGE_CODE):
        subject = _("Please confirm: {purpose}").format(purpose=entry.purpose.name)
        context = {"entry": entry, "address": preferences_address(link)}
        text = render_to_string("consent_confirmation.txt", context)
    return EmailMessage(subject, text, to=[entry.address], headers=unsubscribe_headers(link))
