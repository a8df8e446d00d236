"""Two rows of a register that mean the same become one: everything that linked to the first links to the second."""

from typing import Any

from rapporto.kernel.actor import Actor
from rapporto.kernel.kinds import Link
from rapporto.kernel.where import field
from rapporto.store.bulk import change_many
from rapporto.store.declare import DECLARED, Declaration
from rapporto.store.errors import Refused
from rapporto.store.history.changing import change_set
from rapporto.store.history.weigh import unique_sets
from rapporto.store.records import find, get
from rapporto.store.userfields import record_type
from rapporto.store.write import delete


def uses(actor: Actor, name: str, row_id: int) -> int:
    """How many records link to a row, own fields of the company included."""
    return sum(find(actor, record, field(link).eq(row_id)).count() for record, link in links_to(name))


def links_to(name: str) -> list[tuple[str, str]]:
    """The record types and fields that link to a type."""
    found = [(one.record, one.by) for one in record_type(name).relations.values()]
    for record in map(record_type, DECLARED):
        found += [
            (record.name, one.name) for one in record.made_here if isinstance(one.kind, Link) and one.kind.to == name
        ]
    return found


def merge_rows(actor: Actor, name: str, source: int, target: int) -> int:
    """Let everything that links to `source` link to `target`, and delete `source`; gives how many records changed.

    One change set. Raises NotFound, and Refused when some of them are out of the actor's reach.
    """
    one, other = get(actor, name, source), get(actor, name, target)
    if one.pk == other.pk:
        raise Refused("Choose two different values.")
    moved = 0
    with change_set(actor, "merge_rows"):
        for record, link in links_to(name):
            _drop_twins(actor, DECLARED[record], link, (one.pk, other.pk))
            changed = change_many(actor, record, field(link).eq(one.pk), {link: other.pk}, command="merge_rows")
            if changed.refused:
                raise Refused("{count} records are out of your reach; ask a manager to do it.", count=changed.refused)
            moved += changed.changed
        delete(actor, name, one.pk)
    return moved


def _drop_twins(actor: Actor, declaration: Declaration, link: str, pair: tuple[int, int]) -> None:
    """Rows that would say the same twice: a party that is of both types already."""
    if link not in declaration.columns:
        return
    column = declaration.columns[link].value
    rows: Any = declaration.model._default_manager
    for columns in unique_sets(declaration.model):
        names = [one.attname for one in columns]
        if column in names:
            rest = [one for one in names if one != column]
            there = set(rows.filter(**{column: pair[1]}).values_list(*rest))
            for pk, *values in rows.filter(**{column: pair[0]}).values_list("pk", *rest):
                if tuple(values) in there:
                    delete(actor, declaration.name, pk)
