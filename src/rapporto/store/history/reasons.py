"""Why something was kept when a change set was undone, in words for a person."""

from dataclasses import dataclass

from rapporto.kernel.text import Message

ERASED = Message("What was there has been erased on request.")
CHANGED = Message("It was changed again since.")
DELETED = Message("It was deleted since.")
REMADE = Message("It was made again since.")
REFERRED = Message("Other records refer to it.")
TAKEN = Message("Another record has this value now.")
LINK_GONE = Message("The record it was linked to is no longer there.")
FIELD_GONE = Message("This field is no longer there.")
PROOF = Message("It is a proof and stays; write a new entry that says otherwise.")
NOT_PERMITTED = Message("You may not change this record.")


@dataclass(frozen=True)
class Kept:
    """What an undo left as it is: a whole row (`field` is '') or one field of it, and why."""

    record: str
    row_id: int
    title: str
    field: str
    reason: Message
