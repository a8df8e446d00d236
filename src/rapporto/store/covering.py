"""Which index holds all the columns that a question asks for, so that the rows themselves need not be read."""

from collections.abc import Iterable, Sequence
from typing import Any

from rapporto.kernel.where import All, AnyOf, Not, Test, Through, Where
from rapporto.store.declare import Declaration

Columns = Iterable[str | None]
"""Names of own columns; None stands for something that is no column."""


def covering(declaration: Declaration, wanted: Sequence[str | None], others: Columns) -> tuple[str, ...]:
    """The first columns, as few as hold those wanted, of an index that has the others too; nothing when there is none."""
    if None in wanted or None in others:
        return ()
    found = []
    for index in declaration.model._meta.indexes:
        fields: list[Any] = [declaration.model._meta.get_field(name) for name in index.fields]
        columns = [one.attname for one in fields]
        if {*wanted, *others} <= set(columns):
            found.append(tuple(columns[: max(columns.index(one or "") for one in wanted) + 1]))
    return min(found, key=len, default=())


def compared(declaration: Declaration, where: Where) -> set[str | None]:
    """The own columns that a condition compares, links to what must be seen among them; None when it looks anywhere else."""
    match where:
        case All(parts) | AnyOf(parts):
            return {one for part in parts for one in compared(declaration, part)}
        case Not(inner):
            return compared(declaration, inner)
        case Through(link) if link in declaration.columns:
            return {declaration.columns[link].value}
        case Test(path) if path in declaration.columns and path not in declaration.through:
            return {declaration.columns[path].key}
    return {None}
