"""The words of the ledger: channels, states, legal bases, the ways in which something was said."""

from django.utils.translation import gettext_lazy as _

EMAIL, PHONE, SMS, MESSAGING, POST = "email", "phone", "sms", "messaging", "post"
CHANNELS = (
    (EMAIL, _("E-mail")),
    (PHONE, _("Phone")),
    (SMS, _("SMS")),
    (MESSAGING, _("Messaging")),
    (POST, _("Post")),
)

GIVEN, WITHDRAWN, OBJECTED, PENDING = "given", "withdrawn", "objected", "pending"
STATES = (
    (GIVEN, _("Given")),
    (WITHDRAWN, _("Withdrawn")),
    (OBJECTED, _("Objected")),
    (PENDING, _("Waiting for confirmation")),
)
AGAINST = (WITHDRAWN, OBJECTED)

CONSENT, SOFT_SPAM, CONTRACT, DIRECTORY = "consent", "soft_spam", "contract", "directory"
BASES = (
    (CONSENT, _("Consent")),
    (SOFT_SPAM, _("Own similar products to a customer (art. 130 c. 4)")),
    (CONTRACT, _("Contract, or asked for by them")),
    (DIRECTORY, _("Number or address in a public directory")),
)

WEB_FORM, PAPER, CALL, MAIL, MEETING, IMPORTED, PREFERENCE_PAGE, ONE_CLICK = (
    "web_form", "paper", "call", "mail", "meeting", "imported", "preference_page", "one_click",
)  # fmt: skip
WAYS = (
    (WEB_FORM, _("Web form")),
    (PAPER, _("Paper")),
    (CALL, _("Phone call")),
    (MAIL, _("E-mail")),
    (MEETING, _("In person")),
    (IMPORTED, _("Taken over from another system")),
    (PREFERENCE_PAGE, _("Preference page")),
    (ONE_CLICK, _("One-click unsubscribe")),
)

OFTEN, WEEKLY, MONTHLY, RARELY = "often", "weekly", "monthly", "rarely"
FREQUENCIES = (
    (OFTEN, _("As it comes")),
    (WEEKLY, _("Once a week at most")),
    (MONTHLY, _("Once a month at most")),
    (RARELY, _("A few times a year")),
)

ENDING, PROLONGED, TAKEN_OUT = "ending", "prolonged", "taken_out"
TERM_STATES = (
    (ENDING, _("Ends, or has ended")),
    (PROLONGED, _("Holds again, or was withdrawn")),
    (TAKEN_OUT, _("Data taken out")),
)
