"""Lists of records: filtered, sorted and looked back at by the same words as the addresses of the pages."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from rapporto.api.call import Call
from rapporto.api.door import told
from rapporto.api.problems import Problem
from rapporto.api.values import dumped
from rapporto.kernel.kinds import Link, Links
from rapporto.kernel.record import Field, RecordType
from rapporto.kernel.text import BadValue
from rapporto.kernel.where import EVERYTHING, Where
from rapporto.store import access
from rapporto.store.answers import Answer
from rapporto.store.filters import field_of, read_filter
from rapporto.store.pages import page
from rapporto.store.typed import VALUELESS

SIZE, LARGEST = 50, 200
MOST = 40
"""Filters in one address."""
OWN = ("sort", "columns", "after", "limit", "as_of")
"""The parameters that are no filters."""


def list_records(call: Call, record: str) -> Answer:
    """A page of records, and the cursor of the next one."""
    type_ = call.record(record)
    where, sort = filters(call, type_), _sort(call, type_)
    size = call.number("limit", SIZE, 1, LARGEST)
    with call.at_its_time() as past:
        columns = _columns(call, type_, past)
        found = page(
            call.actor, record, where, sort=sort, after=call.parameter("after") or None, size=size, columns=columns
        )
    if len(found.rows) >= access.MANY:
        names = [one.name for one in found.columns]
        access.note(call.actor, access.PROGRAM_READ, record, None, len(found.rows), columns=names)
    items = [as_json(found.columns, row_id, values) for row_id, values in found.rows]
    listed = {"items": items, "next": found.after}
    return told(listed, Link=_next_link(call, found.after)) if found.after else told(listed)


def as_json(columns: Sequence[Field], row_id: int, values: Sequence[Any]) -> dict[str, Any]:
    """One record: its id, and what was asked for, by name."""
    return {"id": row_id} | {one.name: dumped(one, value) for one, value in zip(columns, values, strict=True)}


def filters(call: Call, record: RecordType) -> Where:
    """The condition that the parameters of the address make together. Problem names each that cannot be read."""
    asked = [(name, values) for name, values in call.request.GET.lists() if name not in OWN]
    if len(asked) > MOST:
        raise BadValue("These are too many filters for one list.")
    where, wrong = EVERYTHING, []
    for name, values in asked:
        try:
            where = where & _filter(call, record, name, [str(one) for one in values])
        except BadValue as bad:
            wrong.append((f"?{name[:100]}", bad.message))
    if wrong:
        raise Problem(400, "bad_request", errors=wrong)
    return where


def _filter(call: Call, record: RecordType, name: str, values: list[str]) -> Where:
    path, dot, op = name.rpartition(".")
    if not dot:
        raise BadValue("There is no such parameter; a filter is written like name.contains=rossi.")
    call.within_scopes(record, path)
    if op not in field_of(call.actor, record, path).kind.ops:
        known = ", ".join(field_of(call.actor, record, path).kind.ops)
        raise BadValue("This field is compared by: {known}", known=known)
    if op in VALUELESS and values != ["1"]:
        raise BadValue("This is asked for with the value 1.")
    if op not in VALUELESS and not any(one.strip() for one in values):
        raise BadValue("A value is needed here; blanks are found by is_blank.")
    try:
        read = read_filter(call.actor, record, path, op, values)
    except OverflowError:
        raise BadValue("This value is out of every range.") from None
    if read.error is not None:
        raise BadValue(read.error.text, **read.error.params)
    return read.test


def _sort(call: Call, record: RecordType) -> str:
    text = call.parameter("sort")
    path = text.removeprefix("-")
    if not path:
        return ""
    field = _known(call, record, path)
    call.within_scopes(record, path, title=isinstance(field.kind, Link))
    if isinstance(field.kind, Links):
        raise BadValue("This column holds several values and cannot be sorted.")
    return text


def _known(call: Call, record: RecordType, path: str) -> Field:
    call.within_scopes(record, path)
    return field_of(call.actor, record, path)


def _columns(call: Call, record: RecordType, past: bool) -> tuple[str, ...]:
    """What is asked for; all of the record's own fields else. What is computed has no past."""
    asked = tuple(dict.fromkeys(one for one in call.parameter("columns").split(",") if one))
    for path in asked:
        call.within_scopes(record, path)
    return asked or tuple(name for name, one in record.fields.items() if not (past and one.derived))


def _next_link(call: Call, after: str) -> str:
    parameters = call.request.GET.copy()
    parameters["after"] = after
    return f'<{call.request.path}?{urlencode(list(_pairs(parameters)))}>; rel="next"'


def _pairs(parameters: Any) -> list[tuple[str, str]]:
    return [(name, str(value)) for name, values in parameters.lists() for value in values]


__all__ = ["OWN", "as_json", "filters", "list_records"]
