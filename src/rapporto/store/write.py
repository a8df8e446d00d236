"""`save` and `delete`: the only way to change one row. What is written is checked, permitted before and after, and remembered."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rapporto.kernel.actor import Actor
from rapporto.kernel.record import RecordType
from rapporto.kernel.text import Message
from rapporto.store.checks import FIXED, NO_SUCH_FIELD, NOT_THERE, REQUIRED, Needed, check_values, in_use, taken
from rapporto.store.declare import DECLARED, Declaration
from rapporto.store.errors import Conflict, Difference, Invalid, Refused
from rapporto.store.history.changing import change_set
from rapporto.store.history.rows import author_since, state_at, version
from rapporto.store.known_again import not_erased, stays_anonymous
from rapporto.store.records import changeable_rows, get, makeable_rows
from rapporto.store.userfields import JSON_KEY, record_type

REFERRED_ONCE = Message("One record of «{plural}» refers to it; move or delete that one first.")
REFERRED = Message("{count} records of «{plural}» refer to it; move or delete those first.")


def save(
    actor: Actor,
    name: str,
    values: Mapping[str, Any],
    id: int | None = None,
    version: int | None = None,
    *,
    command: str = "",
) -> Any:
    """Create a record, or change the one with this `id`; gives the row.

    `values` by field name, as typed (str) or canonical. `version` is that of the record when it was read: what others changed
    since is kept, and Conflict is raised when they changed the same fields otherwise. Raises Invalid, NotFound, Refused too.
    """
    record = record_type(name).seen_by(actor)
    checked = check_values(actor, record, values)
    with change_set(actor, command or ("create" if id is None else "change")):
        declaration = DECLARED[name]
        row = declaration.model() if id is None else _existing(actor, name, id)
        if id is not None and version is not None:
            checked = _merged(record, id, version, checked)
        in_use(record, checked, row)
        write_row(actor, record, row, checked)
    return row


def write_row(actor: Actor, record: RecordType, row: Any, checked: dict[str, Any]) -> None:
    """Write canonical values into a row, new or not, with all that follows from them; inside a change set.

    Raises Invalid, and Refused when the row would be out of the actor's reach.
    """
    declaration, name, new = DECLARED[record.name], record.name, row.pk is None
    left = {} if new else _left(declaration, row, checked)
    put(declaration, record, row, checked)
    for prepare in declaration.prepare:
        prepare(row, checked)
    not_erased(record, row, checked)
    if not new:
        stays_anonymous(declaration, row)
    if wrong := Needed.of(declaration, record).missing(row, checked, new=new) or taken(declaration, [row]).get(0, {}):
        raise Invalid(wrong)
    row.save()
    put_links(declaration, row.pk, checked)
    _permit_after(actor, name, row.pk)
    if new:
        refresh_new(declaration, [row])
    else:
        refresh(declaration, [row.pk], checked)
    _refresh_targets(left)


def _existing(actor: Actor, name: str, row_id: int) -> Any:
    row = get(actor, name, row_id, lock=True)
    if DECLARED[name].record.append_only:
        raise Refused("What is written here is a proof and stays as it is; write a new entry that says otherwise.")
    if not changeable_rows(actor, name).filter(pk=row_id).exists():
        raise Refused("You may see this record but not change it; ask who it is assigned to.")
    return row


def _permit_after(actor: Actor, name: str, row_id: int) -> None:
    """Nobody makes what they could not have: the row as it is now must still be one they may change."""
    if not makeable_rows(actor, name).filter(pk=row_id).exists():
        raise Refused("This would put the record out of your reach; ask a manager to do it.")


def _merged(record: RecordType, row_id: int, read: int, checked: dict[str, Any]) -> dict[str, Any]:
    """Leave out what this person did not change since they read it; Conflict when others changed the same."""
    now = version(record.name, row_id)
    if now == read:
        return checked
    was = state_at(record, row_id, read)
    current = state_at(record, row_id, now)
    if was is None or current is None:
        return checked
    mine = {name: value for name, value in checked.items() if not _same(record, name, was.get(name), value)}
    clashes = tuple(
        Difference(name, was.get(name), current.get(name), value)
        for name, value in mine.items()
        if not _same(record, name, was.get(name), current.get(name))
        and not _same(record, name, current.get(name), value)
    )
    if clashes:
        raise Conflict(clashes, now, author_since(record.name, row_id, read))
    return mine


def _same(record: RecordType, name: str, one: Any, other: Any) -> bool:
    return (one if one not in ("", ()) else None) == (other if other not in ("", ()) else None)


def put(declaration: Declaration, record: RecordType, row: Any, checked: dict[str, Any]) -> None:
    """Write canonical values into a row in memory; blanks in the form the column keeps them."""
    for name, value in checked.items():
        field = record.fields[name]
        if field.made_here:
            put_made(row.extra, record, name, value)
        elif name not in declaration.through:
            column = declaration.columns[name]
            setattr(row, column.value, value if value is not None else blank_of(declaration, name))


def blank_of(declaration: Declaration, name: str) -> Any:
    """How the column of a field stores a blank."""
    column: Any = declaration.model._meta.get_field(name)
    return None if column.null else ""


def put_made(extra: dict[str, Any], record: RecordType, name: str, value: Any) -> None:
    """Write the value of a user-made field and its key into the row's JSON; a blank leaves no trace."""
    kind = record.fields[name].kind
    extra.pop(name, None)
    extra.pop(name + JSON_KEY, None)
    if value not in (None, "", False):
        extra[name] = kind.dump(value)
        if kind.keyed:
            extra[name + JSON_KEY] = kind.key(value)


def put_links(declaration: Declaration, row_id: int, checked: Mapping[str, Any]) -> None:
    """Make the link rows of a record equal to the values of its fields of several links."""
    for name, through in declaration.through.items():
        if name not in checked:
            continue
        column: Any = declaration.model._meta.get_field(name)
        source, target = column.m2m_column_name(), column.m2m_reverse_name()
        rows = through._default_manager.filter(**{source: row_id})
        wanted = set(checked[name] or ())
        there = set(rows.values_list(target, flat=True))
        rows.exclude(**{f"{target}__in": wanted}).delete()
        through._default_manager.bulk_create(through(**{source: row_id, target: one}) for one in sorted(wanted - there))


def refresh(declaration: Declaration, ids: Sequence[int], changed: Iterable[str] | None) -> None:
    """Renew what is derived from the rows, unless nothing it depends on was changed (None: all is new)."""
    for renew in declaration.refresh:
        matter = getattr(renew, "fields", None)
        if changed is None or matter is None or not matter.isdisjoint(changed):
            renew(ids)


def refresh_new(declaration: Declaration, rows: Sequence[Any]) -> None:
    """Make what is derived from rows just made, to which nothing refers yet that was not made with them."""
    ids = [row.pk for row in rows]
    for renew in declaration.refresh:
        if (new := getattr(renew, "new", None)) is not None:
            new(rows)
        else:
            renew(ids)


def _left(declaration: Declaration, row: Any, checked: Mapping[str, Any]) -> dict[str, set[int]]:
    """The records that a changed link will no longer point to, by type: what is derived from the link there must be renewed."""
    left: dict[str, set[int]] = {}
    for name in checked:
        target = (
            declaration.record.fields[name].link
            if name in declaration.columns and name not in declaration.through
            else None
        )
        before = getattr(row, declaration.columns[name].value) if target else None
        if target and before is not None and before != checked[name]:
            left.setdefault(target, set()).add(before)
    return left


def _refresh_targets(targets: Mapping[str, set[int]]) -> None:
    for name, ids in targets.items():
        refresh(DECLARED[name], sorted(ids), None)


def _pointed_at(declaration: Declaration, ids: list[int]) -> dict[str, set[int]]:
    """The records that the given rows link to, by type."""
    targets: dict[str, set[int]] = {}
    for name, field in declaration.record.fields.items():
        if field.link and name not in declaration.through and DECLARED[field.link].refresh:
            rows = declaration.model._default_manager.filter(pk__in=ids)
            found = rows.values_list(declaration.columns[name].value, flat=True)
            targets.setdefault(field.link, set()).update(one for one in found if one is not None)
    return targets


def delete(actor: Actor, name: str, id: int) -> None:
    """Delete a record with its parts (addresses, affiliations …). Refused while other records refer to it."""
    with change_set(actor, "delete"):
        _existing(actor, name, id)
        delete_rows(actor, name, [id])


def delete_rows(actor: Actor, name: str, ids: list[int]) -> None:
    """Delete records that the actor may change, with their parts. Refused while others refer to one of them; inside a change set."""
    record, declaration = record_type(name), DECLARED[name]
    for leave in declaration.leave:
        leave(ids)
    for relation in record.relations.values():
        part = DECLARED[relation.record]
        rows = part.model._default_manager.filter(**{f"{part.columns[relation.by].value}__in": ids})
        found = list(rows.values_list("pk", flat=True))
        if found and part.record.part_of and relation.by in part.record.wholes:
            delete_rows(actor, part.name, found)
        elif found:
            said = REFERRED_ONCE if len(found) == 1 else REFERRED
            raise Refused(said.text, count=len(found), plural=str(part.record.plural))
    pointed_at = _pointed_at(declaration, ids)
    declaration.model._default_manager.filter(pk__in=ids).delete()
    refresh(declaration, ids, None)
    _refresh_targets(pointed_at)


__all__ = ["FIXED", "NOT_THERE", "NO_SUCH_FIELD", "REQUIRED", "check_values", "delete", "delete_rows", "in_use", "put", "put_links",
           "put_made", "refresh", "refresh_new", "save", "write_row"]  # fmt: skip
