"""Takes an erased person out of the sentences kept in sessions for the next page."""

from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session

from rapporto.store.rights.copies import COPIES
from rapporto.store.rights.scope import Scope
from rapporto.store.rights.words import Words
from rapporto.web.toasts import KEPT


def _sentences(scope: Scope, words: Words) -> int:
    """Drop the sentences that name the person."""
    number = 0
    for session in Session.objects.iterator():
        kept = session.get_decoded()
        if KEPT in kept and words.names_them(str(kept[KEPT])):
            kept.pop(KEPT)
            number += Session.objects.filter(pk=session.pk).update(session_data=SessionStore().encode(kept))
    return number


COPIES.add("sessions", _sentences)
