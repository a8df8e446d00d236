"""`find` and `get`: the only way to rows. It starts from what the actor may see: nothing by default."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from rapporto.kernel.actor import Actor
from rapporto.kernel.where import EVERYTHING, Not, Where
from rapporto.store.asking import Asked
from rapporto.store.declare import DECLARED
from rapporto.store.errors import NotFound
from rapporto.store.userfields import record_type


def find(actor: Actor, name: str, where: Where = EVERYTHING, *, asked: Asked | None = None) -> QuerySet[Any]:
    """The records of a type that the actor may see, narrowed by `where`."""
    asked = asked or Asked.by(actor)
    rows = asked.records(name)
    return rows if where == EVERYTHING else rows.filter(asked.condition(DECLARED[name], where))


def get(actor: Actor, name: str, row_id: Any, *, lock: bool = False) -> Any:
    """One record; NotFound when it is not there or may not be seen."""
    if not isinstance(row_id, int) or not 0 < row_id < 2**63:
        raise NotFound(name, row_id)
    rows = find(actor, name)
    row = (rows.select_for_update(of=("self",)) if lock else rows).filter(pk=row_id).first()
    if row is None:
        raise NotFound(name, row_id)
    return row


def may_change(actor: Actor, name: str, row_id: int) -> bool:
    """Whether the actor may change a record as it is now."""
    return changeable_rows(actor, name).filter(pk=row_id).exists()


def changeable_rows(actor: Actor, name: str) -> QuerySet[Any]:
    """The records that the actor may both see and change: none of a ledger."""
    rows = makeable_rows(actor, name)
    return rows.none() if DECLARED[name].record.append_only else rows


def makeable_rows(actor: Actor, name: str) -> QuerySet[Any]:
    """The records as they may stand after the actor made or changed them."""
    asked = Asked.by(actor)
    return asked.records(name).filter(asked.condition(DECLARED[name], DECLARED[name].record.changeable(actor)))


def unchangeable_rows(actor: Actor, name: str, where: Where = EVERYTHING) -> QuerySet[Any]:
    """The records that match and may be seen, but not changed."""
    asked, record = Asked.by(actor), DECLARED[name].record
    rows, changeable = find(actor, name, where, asked=asked), record.changeable(actor)
    if record.append_only:
        return rows
    # Asked of each row: the set of all that may be changed would be as large as the register.
    return rows.none() if changeable == EVERYTHING else rows.filter(asked.condition(DECLARED[name], Not(changeable)))


def titles(actor: Actor, name: str, ids: Iterable[int | None]) -> dict[int, str]:
    """What records are called, by id; those that may not be seen are missing. One query."""
    wanted = {one for one in ids if one is not None}
    if not wanted:
        return {}
    title = DECLARED[name].columns[record_type(name).title].value
    return dict(find(actor, name).filter(pk__in=wanted).values_list("pk", title))


def value_of(name: str, row: Any, field_name: str) -> Any:
    """The value of a field in a row: the id of a link, the ids of several, None or '' when blank."""
    field = record_type(name).field(field_name)
    if field.made_here:
        return field.kind.load(row.extra.get(field_name))
    declaration = DECLARED[name]
    if field_name in declaration.through:
        return tuple(sorted(getattr(row, field_name).values_list("pk", flat=True))) or None
    value = row
    for step in declaration.columns[field_name].value.split("__"):
        value = getattr(value, step, None)
    return value
