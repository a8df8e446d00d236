"""One record: read with its version, made, changed by who has read it, deleted."""

from typing import Any

from rapporto.api.call import Call
from rapporto.api.door import told
from rapporto.api.listing import as_json
from rapporto.api.problems import Problem, missing
from rapporto.api.values import dumped, given
from rapporto.kernel.record import RecordType
from rapporto.kernel.text import Message
from rapporto.store.access import note_seen
from rapporto.store.answers import Answer
from rapporto.store.history.changing import change_set
from rapporto.store.history.rows import author_since, state_at, version
from rapporto.store.pages import chosen
from rapporto.store.records import get
from rapporto.store.rights.ties import is_person
from rapporto.store.write import delete, save


def read_one(call: Call, record: str, row: str) -> Answer:
    """A record with its version; as it was, without one."""
    type_, row_id = call.record(record), number_of(row)
    with call.at_its_time() as past:
        if past:
            return told(_seen(call, type_, row_id, past=True))
        # the version first: whoever changes it in between makes it look older than it is, never newer
        tag = etag(version(record, row_id))
        shown = _seen(call, type_, row_id)
    _note_look(call, type_, row_id, shown)
    return told(shown, ETag=tag)


def _note_look(call: Call, record: RecordType, row_id: int, shown: dict[str, Any]) -> None:
    """Write down that a program looked at sensitive data of a person."""
    fields = [name for name in record.sensitive if shown.get(name)]
    if fields and is_person(call.actor, record.name, row_id):
        note_seen(call.actor, record.name, row_id, fields)


def create(call: Call, record: str) -> Answer:
    """A new record."""
    type_ = call.record(record, write=True)
    with change_set(call.actor, "create"):
        row = save(call.actor, record, new_values(call, type_, call.body()))
        location = f"{call.request.path.removesuffix('/')}/{row.pk}"
        return told(_seen(call, type_, row.pk), 201, Location=location, ETag=etag(version(record, row.pk)))


def new_values(call: Call, record: RecordType, sent: dict[str, Any]) -> dict[str, Any]:
    """What a new record is made of: it belongs to whoever makes it, as on the pages, unless something else is said."""
    mine = (
        {"owner": call.actor.user_id}
        if "owner" in record.fields and "owner" not in record.fixed_for(call.actor)
        else {}
    )
    return mine | given(call.actor, record, sent)


def change(call: Call, record: str, row: str) -> Answer:
    """The fields that were sent, for whoever has read the record as it is."""
    type_, row_id = call.record(record, write=True), number_of(row)
    values = given(call.actor, type_, call.body())
    wanted = call.request.headers.get("If-Match", "").strip()
    if not wanted:
        detail = Message("Read the record, and send its ETag back as If-Match: nobody's change is lost then.")
        raise Problem(428, "version_needed", detail)
    with change_set(call.actor, "change"):
        unchanged_since(call, type_, row_id, wanted, values)
        save(call.actor, record, values, row_id)
        return told(_seen(call, type_, row_id), ETag=etag(version(record, row_id)))


def remove(call: Call, record: str, row: str) -> Answer:
    """A record with its parts is deleted; with If-Match only as it was read."""
    type_, row_id = call.record(record, write=True), number_of(row)
    with change_set(call.actor, "delete"):
        if wanted := call.request.headers.get("If-Match", "").strip():
            unchanged_since(call, type_, row_id, wanted, {})
        delete(call.actor, record, row_id)
    return Answer(204, "", {})


def number_of(row: str) -> int:
    """The id in an address. Problem 404 when it is none."""
    if not (row.isascii() and row.isdigit() and len(row) < 19 and int(row)):
        raise missing()
    return int(row)


def etag(number: int) -> str:
    """A version as it stands in a header."""
    return f'"{number}"'


def unchanged_since(call: Call, record: RecordType, row_id: int, wanted: str, mine: dict[str, Any]) -> None:
    """Problem 412, with what differs, when the record is not as it was read; inside the transaction that will change it."""
    get(call.actor, record.name, row_id, lock=True)
    now = version(record.name, row_id)
    tags = [one.strip() for one in wanted.split(",")]
    if "*" in tags or etag(now) in tags:
        return
    read = tags[0].strip('"')
    differs = _differences(record, row_id, int(read), now, mine) if read.isdigit() and len(read) < 19 else []
    by = author_since(record.name, row_id, int(read)) if differs else ""
    detail = Message("Read it again and decide anew; it was changed by {name}.", {"name": by}) if by else None
    raise Problem(412, "changed_meanwhile", detail, headers={"ETag": etag(now)}, differences=differs)


def _differences(record: RecordType, row_id: int, read: int, now: int, mine: dict[str, Any]) -> list[dict[str, Any]]:
    """What others changed since it was read: as it was, as it is, and as this caller wanted it."""
    was, current = state_at(record, row_id, read), state_at(record, row_id, now)
    if was is None or current is None or read > now:
        return []
    found = []
    for name, value in current.items():
        before, after = dumped(record.fields[name], was.get(name)), dumped(record.fields[name], value)
        if before != after:
            one = {"field": name, "was": before, "now": after}
            found.append(one | ({"yours": mine[name]} if name in mine else {}))
    return found


def _seen(call: Call, record: RecordType, row_id: int, *, past: bool = False) -> dict[str, Any]:
    columns = [name for name, one in record.fields.items() if not (past and one.derived)]
    found = chosen(call.actor, record.name, [row_id], columns=columns)
    if not found.rows:
        raise missing()
    return as_json(found.columns, *found.rows[0])


__all__ = ["change", "create", "etag", "new_values", "number_of", "read_one", "remove", "unchanged_since"]
