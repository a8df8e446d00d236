"""Takes an erased person out of what receivers of webhooks answered."""

from rapporto.domain.people.models import WebhookEvent
from rapporto.store.rights.copies import COPIES
from rapporto.store.rights.others import struck_in
from rapporto.store.rights.scope import Scope
from rapporto.store.rights.words import Words


def _answers(scope: Scope, words: Words) -> int:
    """Strike the person out of the answers that name them."""
    number = 0
    for event in WebhookEvent.objects.exclude(answer=""):
        if (answer := struck_in(event.answer, words.nearby)) != event.answer:
            number += WebhookEvent.objects.filter(pk=event.pk).update(answer=answer)
    return number


COPIES.add("webhook_answers", _answers)
