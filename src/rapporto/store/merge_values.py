"""Two rows field by field: which value stands in the kept one, and which lose their place."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rapporto.kernel.actor import Actor
from rapporto.kernel.kinds import Links, LongText
from rapporto.kernel.record import RecordType
from rapporto.store.errors import Invalid
from rapporto.store.merge_rules import MERGE_RULES, NO_RULE
from rapporto.store.records import value_of
from rapporto.store.write import FIXED, NO_SUCH_FIELD, check_values

KEEP, OTHER = "keep", "other"
"""How a choice names the side whose value is to stand; anything else is a value of its own."""
BLANK = (None, "", False, ())


@dataclass
class Decided:
    """What is written to the kept row, and what each side had that stands in no field any more."""

    written: dict[str, Any] = field(default_factory=dict)
    lost: tuple[dict[str, Any], dict[str, Any]] = field(default_factory=lambda: ({}, {}))


def values_in(record: RecordType, row: Any, links: frozenset[str] = frozenset()) -> dict[str, Any]:
    """The stored values of a row by field; of fields of several links only those in `links`, each of which asks the database."""
    return {
        name: value_of(record.name, row, name)
        for name, one in record.fields.items()
        if not one.derived and (name in links or not isinstance(one.kind, Links))
    }


def check_choices(actor: Actor, record: RecordType, values: Mapping[str, Any]) -> dict[str, Any]:
    """The choices as they will be kept: sides as they are, typed values in canonical form. Invalid names every wrong one."""
    seen = record.seen_by(actor)
    fixed = seen.fixed_for(actor)
    sides = {name: side for name, side in values.items() if _is_side(side)}
    wrong = {name: NO_SUCH_FIELD if name not in seen.fields else FIXED for name in sides if _closed(seen, fixed, name)}
    typed = {name: value for name, value in values.items() if name not in sides}
    try:
        checked = check_values(actor, seen, typed)
    except Invalid as invalid:
        wrong |= invalid.errors
    if wrong:
        raise Invalid(wrong)
    return {**sides, **checked}


def _closed(record: RecordType, fixed: frozenset[str], name: str) -> bool:
    return name not in record.fields or name in fixed


def decide(
    record: RecordType,
    one: Mapping[str, Any],
    other: Mapping[str, Any],
    chosen: Mapping[str, Any],
    pair: tuple[int, int],
) -> Decided:
    """The kept value of every field: what was chosen; else that of the kept row; where it is blank, that of the other.

    Long texts follow each other. Values that belong together fill up only when none of them contradicts. A link of the pair to
    each other, or to itself, ends.
    """
    decided = Decided()
    closed = _contradicted(record, one, other)
    for name, mine in one.items():
        theirs = other.get(name)
        final = _final(record, name, mine, theirs, chosen, filling=name not in closed)
        if record.fields[name].link == record.name and final in pair:
            final = None
        if final != mine and not (final in BLANK and mine in BLANK):
            decided.written[name] = final
        for lost, value in zip(decided.lost, (mine, theirs), strict=True):
            if value not in BLANK and value != final and not _contains(final, value):
                lost[name] = value
    return decided


def _contradicted(record: RecordType, one: Mapping[str, Any], other: Mapping[str, Any]) -> frozenset[str]:
    """The fields of groups in which both sides say different things."""
    groups = MERGE_RULES.get(record.name, NO_RULE).together
    return frozenset(
        name
        for group in groups
        if any(one.get(n) not in BLANK and other.get(n) not in BLANK and one.get(n) != other.get(n) for n in group)
        for name in group
    )


def _final(record: RecordType, name: str, mine: Any, theirs: Any, chosen: Mapping[str, Any], *, filling: bool) -> Any:
    kind = record.fields[name].kind
    if name in chosen:
        return {KEEP: mine, OTHER: theirs}[chosen[name]] if _is_side(chosen[name]) else chosen[name]
    if isinstance(kind, Links):
        return tuple(sorted({*(mine or ()), *(theirs or ())})) or None
    if mine in BLANK:
        return theirs if filling and theirs not in BLANK and theirs is not True else mine
    if isinstance(kind, LongText) and theirs not in BLANK and not _contains(mine, theirs):
        both = f"{mine}\n\n{theirs}"
        return both if len(both) <= kind.max_length else mine
    return mine


def _is_side(value: Any) -> bool:
    return isinstance(value, str) and value in (KEEP, OTHER)


def _contains(final: Any, value: Any) -> bool:
    """Whether a value is still there within the kept one."""
    if isinstance(final, tuple) and isinstance(value, tuple):
        return set(value) <= set(final)
    return (
        isinstance(final, str) and isinstance(value, str) and len(value) > 1 and value in [*final.split("\n\n"), final]
    )


def as_text(record: RecordType, name: str, value: Any) -> str:
    """A value that lost its place, as text from which its kind can read it again."""
    plain = record.fields[name].kind.dump(value)
    return plain if isinstance(plain, str) else json.dumps(plain)


def from_text(record: RecordType, name: str, text: str) -> Any:
    """The value again that `as_text` wrote; None where there is none."""
    kind = record.fields[name].kind
    if kind.sql not in ("integer", "boolean"):
        return kind.load(text)
    plain = json.loads(text) if text[:1] in "[-0123456789tf" else None
    return tuple(plain) if isinstance(plain, list) else plain


__all__ = ["KEEP", "OTHER", "Decided", "as_text", "check_choices", "decide", "from_text", "values_in"]
