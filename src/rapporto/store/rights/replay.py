"""Erases again, after a restore, whoever was erased since the copy was made."""

from rapporto.kernel.actor import system_task
from rapporto.store import erasures
from rapporto.store.declare import DECLARED
from rapporto.store.erasures import Erased
from rapporto.store.rights.forget import Request, forget
from rapporto.store.rights.scope import scope_of
from rapporto.store.rights.words import words_of
from rapporto.store.rights_models import Erasure


def to_replay() -> list[Erased]:
    """The erasures whose person is in the database again."""
    return [one for one in erasures.erased() if _is_back(one)]


def replay_erasures() -> list[Erasure]:
    """Erase everybody again who stands in the list and in the database; call it after every restore. Gives what was erased."""
    actor = system_task("Rapporto", door="restore")
    return [forget(actor, one.record, one.row_id, Request(one.requested_on)) for one in to_replay()]


def _is_back(one: Erased) -> bool:
    """Whether the person is there: the row of that number is the same one, or bears what only they had, and was not erased yet."""
    if one.record not in DECLARED or Erasure.objects.filter(token=one.token).exists():
        return False
    declaration = DECLARED[one.record]
    person = declaration.record.person
    if person is None or not declaration.model._default_manager.filter(pk=one.row_id).exists():
        return False
    if erasures.made_mark(one.record, one.row_id) == one.made:
        return True
    return bool(one.marks & words_of(scope_of(one.record, one.row_id)).marks())


__all__ = ["replay_erasures", "to_replay"]
