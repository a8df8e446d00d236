"""Why a cell of a list cannot be written by somebody: said before anything is typed, and again at the door."""

from collections.abc import Mapping

from rapporto.kernel.actor import Actor
from rapporto.kernel.kinds import Link, Links
from rapporto.kernel.record import Field, RecordType
from rapporto.kernel.text import Message
from rapporto.store.asking import Asked
from rapporto.store.bulk_delete import NOT_YOURS
from rapporto.web.forms.linked import short_list

REACHED = Message("This comes from another record: open that one to change it.")
DERIVED = Message("This is worked out by itself from what is written elsewhere.")
FIXED = Message("Your role sees this field but does not change it.")
UNSEEN = Message("This leads to something that you may not see, so it stays as it is.")
MANY = Message("There are too many to choose from here: change it on the card.")


def column_lock(actor: Actor, record: RecordType, path: str, asked: Asked | None = None) -> Message | None:
    """Why nobody in this role writes into a column; None when they may. Raises UnknownField for what they may not know of."""
    if "." in path:
        return REACHED
    one = record.field(path)
    if one.derived:
        return DERIVED
    if path in record.fixed_for(actor):
        return FIXED
    if isinstance(one.kind, Links) and short_list(actor, one.link or "", asked) is None:
        return MANY
    return None


def hides(one: Field, value: object, names: Mapping[int, str]) -> bool:
    """Whether a link leads to what the reader may not see: `names` are those known of its targets, by id."""
    return isinstance(one.kind, Link) and value is not None and value not in names


__all__ = ["NOT_YOURS", "UNSEEN", "column_lock", "hides"]
