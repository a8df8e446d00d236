"""`change_many`: the same values for all matching records at once, as one change set that one click undoes."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models.expressions import RawSQL

from rapporto.kernel.actor import Actor
from rapporto.kernel.facts import RecordsChanged
from rapporto.kernel.kinds import Links
from rapporto.kernel.record import RecordType
from rapporto.kernel.where import EVERYTHING, Where
from rapporto.store import outbox
from rapporto.store.chunks import chunks
from rapporto.store.columns import KEY
from rapporto.store.declare import DECLARED, Declaration, Prepare
from rapporto.store.derive import matters
from rapporto.store.errors import Invalid, Refused
from rapporto.store.history.models import ChangeSet
from rapporto.store.jobs import Progress
from rapporto.store.portions import in_portions
from rapporto.store.records import changeable_rows, find
from rapporto.store.userfields import JSON_KEY, record_type
from rapporto.store.write import REQUIRED, blank_of, check_values, in_use, put_links, put_made, refresh
from rapporto.store.write_back import snapshot, write_back

CHUNK = 10_000
"""Rows changed in one transaction."""


@dataclass(frozen=True)
class Changed:
    """What a bulk change did: its change set (None when nothing matched), the rows written, and those seen but not permitted."""

    change_set_id: int | None
    changed: int
    refused: int


def change_many(
    actor: Actor,
    name: str,
    where: Where,
    values: Mapping[str, Any],
    *,
    only: Collection[int] | None = None,
    command: str = "change_many",
    progress: Progress | None = None,
) -> Changed:
    """Give the same values to every record that matches (of those with the ids `only`) and that the actor may change.

    Set-based; one transaction up to 10,000 rows, more in chunks of one change set. Raises Invalid for a wrong value and Refused
    when the rows would leave the actor's reach; then nothing of the chunk at hand is changed. `progress` is told of each chunk.
    """
    record = record_type(name).seen_by(actor)
    checked = check_values(actor, record, values)
    in_use(record, checked)
    if missing := {n: REQUIRED for n, value in checked.items() if record.fields[n].required and value in (None, "")}:
        raise Invalid(missing)
    rows = find(actor, name, where) if only is None else find(actor, name, where).filter(pk__in=only)
    ids = list(rows.order_by("pk").values_list("pk", flat=True))
    whole = DECLARED[name].record.changeable(actor) == EVERYTHING and not record.append_only
    allowed = ids if whole else _allowed(actor, name, ids)
    if not allowed or not checked:
        return Changed(None, 0, len(ids) - len(allowed))

    def write(change: ChangeSet, some: list[int]) -> None:
        _write(actor, DECLARED[name], record, some, checked)
        outbox.record(RecordsChanged(name, change.pk))

    change_set_id = in_portions(actor, command, allowed, CHUNK, write, progress)
    return Changed(change_set_id, len(allowed), len(ids) - len(allowed))


def _allowed(actor: Actor, name: str, ids: list[int]) -> list[int]:
    rows = changeable_rows(actor, name)
    return [
        pk
        for chunk in chunks(ids, CHUNK)
        for pk in rows.filter(pk__in=chunk).order_by("pk").values_list("pk", flat=True)
    ]


def _write(actor: Actor, declaration: Declaration, record: RecordType, ids: list[int], checked: dict[str, Any]) -> None:
    touched = [prepare for prepare in declaration.prepare if matters(prepare, frozenset(checked))]
    if touched:
        _write_rows(declaration, record, ids, checked, touched)
    elif columns := _columns(declaration, record, checked):
        declaration.model._default_manager.filter(pk__in=ids).update(**columns)
    for pk in ids if any(isinstance(record.fields[name].kind, Links) for name in checked) else ():
        put_links(declaration, pk, checked)
    if record.changeable(actor) != EVERYTHING and changeable_rows(actor, record.name).filter(pk__in=ids).count() != len(
        ids
    ):
        raise Refused("This would put records out of your reach; ask a manager to do it.")
    refresh(declaration, ids, checked)


def _columns(declaration: Declaration, record: RecordType, checked: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of an UPDATE: values, their folded keys, and the JSON of user-made fields."""
    columns: dict[str, Any] = {}
    made = {name: value for name, value in checked.items() if record.fields[name].made_here}
    for name, value in checked.items():
        if name in declaration.through or name in made:
            continue
        kind, column = record.fields[name].kind, declaration.columns[name]
        columns[column.value] = blank_of(declaration, name) if value is None else value
        if kind.keyed:
            columns[column.value + KEY] = kind.key(value) or ""
    return columns | ({"extra": merged_extra(record, made)} if made else {})


def merged_extra(record: RecordType, made: Mapping[str, Any]) -> RawSQL:
    """The JSON of a row with these values put in, and blanks taken out; the database does it for all rows at once."""
    put: dict[str, Any] = {}
    for name, value in made.items():
        put_made(put, record, name, value)
    gone = sorted({name + end for name in made for end in ("", JSON_KEY)} - put.keys())
    if connection.vendor == "postgresql":
        return RawSQL("(extra || %s::jsonb) - %s::text[]", [json.dumps(put), gone])
    # A null of a merge patch (RFC 7396) takes the name out.
    return RawSQL("json_patch(extra, %s)", [json.dumps({**put, **dict.fromkeys(gone)})])


def _write_rows(
    declaration: Declaration,
    record: RecordType,
    ids: list[int],
    checked: Mapping[str, Any],
    prepares: Iterable[Prepare],
) -> None:
    """Row by row in memory, then back at once: for values from which others follow, and for user-made fields."""
    rows: list[Any] = list(declaration.model._default_manager.filter(pk__in=ids))
    before = {row.pk: snapshot(row) for row in rows}
    made = {name: value for name, value in checked.items() if record.fields[name].made_here}
    columns = _columns(declaration, record, {name: value for name, value in checked.items() if name not in made})
    for row in rows:
        for column, value in columns.items():
            setattr(row, column, value)
        for name, value in made.items():
            put_made(row.extra, record, name, value)
        for prepare in prepares:
            prepare(row, dict(checked))
    write_back(declaration.model, rows, before)
