"""What a row changes of records that are there: nothing, blanks, or every value it tells, as the mode says."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from rapporto.kernel.text import Message
from rapporto.store.imports.drafts import ALL, FILL, Asked, Draft
from rapporto.store.imports.register import Register
from rapporto.store.records import changeable_rows

NOT_YOURS = Message(
    "The record with the code «{code}» is there, but your role does not change it; ask who it is assigned to."
)


def follow_codes(register: Register, portion: Sequence[Asked]) -> None:
    """Tell which drafts their codes lead to. A row whose record belongs to others is refused."""
    wanted: defaultdict[str, set[str]] = defaultdict(set)
    for asked in portion:
        for draft in asked.drafts:
            if draft.code:
                wanted[draft.record].add(draft.code)
    codes = {record: register.codes(record, some) for record, some in wanted.items()}
    firsts: dict[tuple[str, str], Draft] = {}
    for asked in portion:
        for draft in [one for one in asked.drafts if one.code]:
            known = codes[draft.record].get(draft.code)
            first = firsts.setdefault((draft.record, draft.code), draft)
            if known is not None and known.row is None:
                asked.refuse(Message(NOT_YOURS.text, {"code": draft.code[:60]}))
                break
            if first is not draft:
                draft.twin = first
            elif known is not None:
                draft.id, draft.updates = known.row, True


def compare(register: Register, portion: Sequence[Asked], mode: str) -> None:
    """Note on each known draft what it changes; an earlier row of the portion counts as done."""
    known = [one for asked in portion for one in asked.drafts if one.first.id is not None and one.updates]
    now = _now(register, known)
    for asked in portion:
        for draft in asked.drafts:
            if draft.twin is not None and draft.code:
                _onto_twin(draft, now, mode)
            elif draft.id is not None and draft.updates and not draft.gone:
                held = now.setdefault(draft, {})
                draft.changes = differing(held, draft.values, mode)
                draft.before = {name: held.get(name) for name in draft.changes}
                held |= draft.changes


def _now(register: Register, known: Sequence[Draft]) -> dict[Draft, dict[str, Any]]:
    """The values of the known records, by their first draft."""
    ids: defaultdict[str, set[int]] = defaultdict(set)
    names: defaultdict[str, set[str]] = defaultdict(set)
    for draft in known:
        ids[draft.record].add(draft.first.id or 0)
        names[draft.record].update(draft.values)
    held = {record: register.values(record, some, sorted(names[record])) for record, some in ids.items()}
    return {draft.first: dict(held[draft.record].get(draft.first.id or 0, {})) for draft in known}


def _onto_twin(draft: Draft, now: dict[Draft, dict[str, Any]], mode: str) -> None:
    """A second row about the same record changes what the first one says of it."""
    first = draft.first
    if first.id is not None and not first.updates:
        return
    held = now.setdefault(first, dict(first.values))
    draft.changes = differing(held, draft.values, mode)
    draft.before = {name: held.get(name) for name in draft.changes}
    held |= draft.changes
    if first.id is None:
        first.values |= draft.changes


def differing(held: Mapping[str, Any], told: Mapping[str, Any], mode: str) -> dict[str, Any]:
    """What of the told values is to be written over the held ones. Blanks tell nothing."""
    if mode not in (FILL, ALL):
        return {}
    return {
        name: value
        for name, value in told.items()
        if value not in (None, "")
        and not isinstance(value, Draft)
        and (held.get(name) in (None, "", ()) if mode == FILL else held.get(name) != value)
    }


def permit(register: Register, portion: Sequence[Asked]) -> None:
    """Refuse rows that would change records that may be seen but not changed."""
    ids: defaultdict[str, set[int]] = defaultdict(set)
    for asked in portion:
        for draft in asked.drafts:
            if draft.changes and (draft.first.id or 0) > 0:
                ids[draft.record].add(draft.first.id or 0)
    may = {
        record: set(changeable_rows(register.actor, record).filter(pk__in=some).order_by().values_list("pk", flat=True))
        for record, some in ids.items()
    }
    for asked in portion:
        for draft in asked.drafts:
            row = draft.first.id or 0
            if draft.changes and row > 0 and row not in may[draft.record]:
                asked.refuse(Message(NOT_YOURS.text, {"code": draft.code[:60]}))
                break
