"""The purposes with which an installation begins; the company changes them and adds its own."""

from django.utils.translation import gettext as _
from django.utils.translation import override

from rapporto.kernel.actor import system_task
from rapporto.store.history.changing import change_set
from rapporto.store.history.models import ChangeSet
from rapporto.store.write import save

COMMAND = "usual_purposes"
MARKETING, PROFILING, THIRD_PARTIES, OPEN_TRACKING = "MARKETING", "PROFILING", "THIRD_PARTIES", "OPEN_TRACKING"


def usual_purposes() -> tuple[dict[str, object], ...]:
    """The purposes, in the words of the language at hand."""
    return (
        {
            "code": MARKETING,
            "name": _("Marketing"),
            "words": _("I agree to receive news and offers about your products and services."),
            "commercial": True,
            "soft_spam": True,
        },
        {
            "code": PROFILING,
            "name": _("Profiling"),
            "words": _("I agree that what I buy and ask for is evaluated, to receive what is of interest to me."),
        },
        {
            "code": THIRD_PARTIES,
            "name": _("Passing on to third parties"),
            "words": _("I agree that my data are passed on to commercial partners for their own offers."),
        },
        {
            "code": OPEN_TRACKING,
            "name": _("Reading confirmation of e-mails"),
            "words": _("I agree that you see whether and when I open your e-mails."),
        },
    )


def begin_with_purposes() -> None:
    """Make the usual purposes once; what was changed or deleted of them since stays as it is."""
    if ChangeSet.objects.filter(command=COMMAND).exists():
        return
    actor = system_task("Rapporto")
    with override("it"), change_set(actor, COMMAND):
        for one in usual_purposes():
            save(actor, "purpose", one)
