"""Writes what a portion asks for: new records wholes first, then changed values; a trial only notes what it would write."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from rapporto.kernel.actor import Actor
from rapporto.store.bulk_create import making
from rapporto.store.bulk_update import update_many
from rapporto.store.imports.drafts import LEVELS, NEW, Asked, Draft
from rapporto.store.imports.register import Kept, Trial
from rapporto.store.imports.said import write_said
from rapporto.store.userfields import record_type

ORIGIN = "imported"
"""A link to this type leads to the import that a record came with."""


def new_drafts(portion: Sequence[Asked]) -> Iterator[Draft]:
    """The drafts of which new records are made."""
    for asked in portion:
        for draft in asked.drafts:
            if draft.id is None and draft.twin is None and not draft.gone:
                yield draft


def writes(portion: Sequence[Asked]) -> bool:
    """Whether anything is to be written at all."""
    changes = any(draft.changes for asked in portion for draft in asked.drafts)
    return changes or next(new_drafts(portion), None) is not None


def write(actor: Actor, portion: Sequence[Asked], order: Sequence[str], imported: int | None) -> None:
    """Write a portion; inside a change set. Raises InvalidRows, Refused."""
    by_record: defaultdict[str, list[Draft]] = defaultdict(list)
    for draft in new_drafts(portion):
        by_record[draft.record].append(draft)
    with making(actor) as under_way:
        for record in order:
            origin = origin_of(record)
            rows = [_values(draft) | ({origin: imported} if origin and imported else {}) for draft in by_record[record]]
            for draft, row_id in zip(by_record[record], under_way.create(record, rows), strict=True):
                draft.id, draft.makes = row_id, True
    for record, values in _changes(portion).items():
        update_many(actor, record, values)


def think(register: Trial, portion: Sequence[Asked]) -> None:
    """What `write` would do, noted in the scratch file alone."""
    for draft in new_drafts(portion):
        draft.id, draft.makes = register.next_id(), True
        if draft.code or any(isinstance(one, Draft) and one.code for one in draft.values.values()):
            # only what a code tells, and what hangs on it, may be changed by a later row
            register.write(draft.record, draft.id, {n: v for n, v in _values(draft).items() if n in draft.values})
    for record, values in _changes(portion).items():
        for row_id, changes in values.items():
            register.write(record, row_id, changes)


def origin_of(record: str) -> str:
    """The field of a type that leads to its import; '' when it has none."""
    return next((name for name, one in record_type(record).fields.items() if one.link == ORIGIN), "")


def _values(draft: Draft) -> dict[str, Any]:
    return {name: value.first.id if isinstance(value, Draft) else value for name, value in draft.values.items()}


def _changes(portion: Sequence[Asked]) -> dict[str, dict[int, dict[str, Any]]]:
    """The changed values of known records, later rows last."""
    found: defaultdict[str, defaultdict[int, dict[str, Any]]] = defaultdict(lambda: defaultdict(dict))
    for asked in portion:
        for draft in asked.drafts:
            first = draft.first
            if draft.changes and first.id is not None and not first.makes:
                found[draft.record][first.id] |= draft.changes
    return {record: dict(values) for record, values in found.items()}


def codes_of(record: str, portion: Sequence[Asked], mode: str) -> Iterator[Kept]:
    """The codes to remember; `record` is the type that the rows are about."""
    kept: dict[tuple[str, str], tuple[int, dict[str, int], int]] = {}
    for asked in portion:
        if asked.wrong is not None or (asked.known and asked.again is None):
            continue
        if asked.again is not None:
            row, level = asked.again
        else:
            main = asked.main.first if asked.main is not None else None
            kept |= {(one.record, one.code): (one.first.id or 0, {}, 0) for one in _coded(asked)}
            if main is None or main.id is None or (main.updates and mode == NEW):
                continue
            row, level = main.id, LEVELS[mode] if main.updates else max(LEVELS.values())
        _, said, _ = kept.get((record, asked.code), (0, {}, 0))
        kept[record, asked.code] = (row, {**asked.said, **said, asked.mark: asked.said[asked.mark]}, level)
    for (name, code), (row, said, level) in kept.items():
        yield name, code, row, write_said(said), level


def _coded(asked: Asked) -> Iterator[Draft]:
    """Further new records that the row tells by codes."""
    for draft in asked.drafts:
        if draft.code and draft is not asked.main and draft.first.makes:
            yield draft


__all__ = ["codes_of", "new_drafts", "origin_of", "think", "write", "writes"]
