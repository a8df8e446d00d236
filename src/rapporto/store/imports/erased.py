"""Leaves out the rows of persons who were erased on request: nothing of them is taken in, and nothing of the row is kept."""

from collections.abc import Sequence

from rapporto.kernel.text import Message
from rapporto.store.erasures import any_erased, is_refusal, refusals
from rapporto.store.imports.drafts import Asked, Draft
from rapporto.store.userfields import record_type


def leave_out(going: Sequence[Asked]) -> None:
    """Refuse the rows that would enter an erased person again, with the day of the erasure."""
    if not any_erased():
        return
    for asked in going:
        for draft in asked.drafts:
            values = {name: value for name, value in _written(draft).items() if not isinstance(value, Draft)}
            if refused := refusals(record_type(draft.record), values):
                asked.refuse(next(iter(refused.values())))
                break


def _written(draft: Draft) -> dict[str, object]:
    return draft.values if draft.id is None else draft.changes


def keeps_nothing(wrong: Message) -> bool:
    """Whether a row was refused for such a person: its cells are not kept with the reason either."""
    return any(is_refusal(one) for one in (wrong, *wrong.params.values()) if isinstance(one, Message))
