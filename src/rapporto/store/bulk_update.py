"""`update_many`: other values for each of many records at once, with the checks, the permission and the history of `save`."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from rapporto.kernel.actor import Actor
from rapporto.kernel.kinds import Links
from rapporto.kernel.record import RecordType
from rapporto.kernel.text import Message
from rapporto.kernel.where import EVERYTHING
from rapporto.store.bulk_create import InvalidRows
from rapporto.store.declare import DECLARED, Declaration
from rapporto.store.derive import matters
from rapporto.store.errors import Invalid, Refused
from rapporto.store.history.changing import current_id
from rapporto.store.records import changeable_rows
from rapporto.store.userfields import record_type
from rapporto.store.write import REQUIRED, check_values, in_use, put, put_links, refresh
from rapporto.store.write_back import snapshot, write_back

OUT_OF_REACH = "You may see this record but not change it; ask who it is assigned to."


def update_many(actor: Actor, name: str, values: Mapping[int, Mapping[str, Any]]) -> None:
    """Give each record (by id) its own values; only inside a change set, and for some hundreds at a time.

    Raises InvalidRows with the positions among `values`, and Refused when one is out of the actor's reach, before or after.
    """
    if not values:
        return
    if current_id() is None:
        raise RuntimeError("records are changed inside a change set, so that it can be undone")
    declaration, record = DECLARED[name], record_type(name).seen_by(actor)
    rows = {row.pk: row for row in changeable_rows(actor, name).select_for_update(of=("self",)).filter(pk__in=values)}
    if rows.keys() != values.keys():
        raise Refused(OUT_OF_REACH)
    before = {pk: snapshot(row) for pk, row in rows.items()}
    checked = _put(actor, declaration, record, rows, values)
    write_back(declaration.model, rows.values(), before)
    for pk, given in checked.items():
        if any(isinstance(record.fields[one].kind, Links) for one in given):
            put_links(declaration, pk, given)
    reach = changeable_rows(actor, name).filter(pk__in=values)
    if record.changeable(actor) != EVERYTHING and reach.count() != len(values):
        raise Refused("This would put records out of your reach; ask a manager to do it.")
    refresh(declaration, list(values), {one for given in checked.values() for one in given})
    _refresh_left(declaration, before, checked)


def _put(
    actor: Actor,
    declaration: Declaration,
    record: RecordType,
    rows: Mapping[int, Any],
    values: Mapping[int, Mapping[str, Any]],
) -> dict[int, dict[str, Any]]:
    """Write the values into the rows in memory, with what follows from them. InvalidRows names every wrong one at once."""
    checked: dict[int, dict[str, Any]] = {}
    wrong: dict[int, Mapping[str, Message]] = {}
    for position, (pk, given) in enumerate(values.items()):
        try:
            checked[pk] = check_values(actor, record, given)
            in_use(record, checked[pk], rows[pk])
            if missing := {
                n: REQUIRED for n, one in checked[pk].items() if record.fields[n].required and one in (None, "")
            }:
                raise Invalid(missing)
            put(declaration, record, rows[pk], checked[pk])
            for prepare in declaration.prepare:
                if matters(prepare, frozenset(checked[pk])):
                    prepare(rows[pk], checked[pk])
        except Invalid as bad:
            wrong[position] = bad.errors
    if wrong:
        raise InvalidRows(wrong)
    return checked


def _refresh_left(
    declaration: Declaration, before: Mapping[int, dict[str, Any]], checked: Mapping[int, dict[str, Any]]
) -> None:
    """Renew what is derived from a changed link at the records that it no longer points to."""
    left: defaultdict[str, set[int]] = defaultdict(set)
    for pk, given in checked.items():
        for name, value in given.items():
            target = declaration.record.fields[name].link if name in declaration.record.fields else None
            was = (
                before[pk].get(declaration.columns[name].value) if target and name not in declaration.through else None
            )
            if target and was is not None and was != value:
                left[target].add(was)
    for target, ids in left.items():
        refresh(DECLARED[target], sorted(ids), None)
