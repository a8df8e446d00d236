"""`change_each`: other values for each of many records, as one change set that one click undoes; what cannot be written is named."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from rapporto.kernel.actor import Actor
from rapporto.kernel.text import Message
from rapporto.store.errors import Invalid, NotFound, Refused
from rapporto.store.history.changing import change_set
from rapporto.store.write import NOT_THERE, save


@dataclass(frozen=True)
class Each:
    """What was written: the change set (None when nothing was), how many records, and by id why the others were not, by field.

    A reason that concerns the whole record stands under the field ''.
    """

    change_set_id: int | None
    changed: int
    wrong: Mapping[int, Mapping[str, Message]] = field(default_factory=dict)


class _Nothing(Exception):
    """Takes back everything that was written so far."""


def change_each(
    actor: Actor,
    name: str,
    values: Mapping[int, Mapping[str, Any]],
    *,
    partly: bool = False,
    command: str = "change_each",
) -> Each:
    """Give each record (by id) its own values. If one cannot be written nothing is, unless `partly`: then the others are.

    One transaction: for some hundreds of records, as many as a list shows. Records are written in the order given.
    """
    wrong: dict[int, Mapping[str, Message]] = {}
    try:
        with change_set(actor, command) as change:
            for row_id, given in values.items():
                reason = _why_not(actor, name, row_id, given)
                if reason:
                    wrong[row_id] = reason
            if wrong and not partly:
                raise _Nothing
    except _Nothing:
        return Each(None, 0, wrong)
    return Each(change.pk, len(values) - len(wrong), wrong)


def _why_not(actor: Actor, name: str, row_id: int, given: Mapping[str, Any]) -> Mapping[str, Message]:
    """Write one record; the reasons when it cannot be, and then it is as before."""
    try:
        with transaction.atomic():
            save(actor, name, given, row_id)
    except Invalid as invalid:
        return invalid.errors
    except Refused as refused:
        return {"": refused.message}
    except NotFound:
        return {"": NOT_THERE}
    return {}
