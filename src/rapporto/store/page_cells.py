"""What a page shows beside the columns of its own rows: several links, fields of linked records, numbers told from related ones."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rapporto.kernel.kinds import Links
from rapporto.kernel.record import Field
from rapporto.store.aggregates import COUNT, by_of, grouped
from rapporto.store.asking import Asked
from rapporto.store.declare import DECLARED, Declaration
from rapporto.store.reaching import Reached

Row = tuple[int, list[Any]]


def column(declaration: Declaration, field: Field) -> str:
    """The column that holds a field, or leads to it."""
    if isinstance(field, Reached):
        return column(declaration, field.through) if field.through else "pk"
    if field.made_here or isinstance(field.kind, Links):
        return "extra" if field.made_here else "pk"
    return declaration.columns[field.name].value


def fill(asked: Asked, declaration: Declaration, shown: Sequence[Field], rows: Sequence[Row]) -> None:
    """Put in the place of what `column` gave what each field says: one query for each linked or related field."""
    for at, field in enumerate(shown):
        own = field.through if isinstance(field, Reached) and field.through else field
        if own.made_here:
            for _, values in rows:
                values[at] = own.kind.load(values[at].get(own.name))
        elif isinstance(own, Reached):
            _put(rows, at, _told(asked, own, [pk for pk, _ in rows]), 0 if own.how == COUNT else None)
        elif isinstance(own.kind, Links):
            _put(rows, at, _several(declaration, own, [pk for pk, _ in rows]), None)
    _follow(asked, shown, rows)


def _put(rows: Sequence[Row], at: int, found: Mapping[int, Any], missing: Any) -> None:
    for pk, values in rows:
        values[at] = found.get(pk, missing)


def _follow(asked: Asked, shown: Sequence[Field], rows: Sequence[Row]) -> None:
    """The fields of linked records in the place of their ids: one query for each link."""
    by_link: dict[str, list[tuple[int, Reached]]] = {}
    for at, field in enumerate(shown):
        if isinstance(field, Reached) and field.through:
            by_link.setdefault(field.through.name, []).append((at, field))
    for followed in by_link.values():
        first = followed[0][0]
        ends = [field.end for _, field in followed if field.end]
        found = _linked(asked, followed[0][1].link_to, ends, {values[first] for _, values in rows})
        for _, values in rows:
            linked = found.get(values[first], (None,) * len(ends))
            for (at, _field), value in zip(followed, linked, strict=True):
                values[at] = value


def _linked(asked: Asked, target: str, ends: Sequence[Field], ids: Iterable[int | None]) -> dict[int, tuple[Any, ...]]:
    """The values of fields of those records that may be seen, by id."""
    declaration = DECLARED[target]
    wanted = {one for one in ids if one is not None}
    if not wanted:
        return {}
    columns = (column(declaration, end) for end in ends)
    rows = asked.records(target).filter(pk__in=wanted).values_list("pk", *columns)
    return {pk: tuple(_loaded(end, value) for end, value in zip(ends, values, strict=True)) for pk, *values in rows}


def _loaded(end: Field, value: Any) -> Any:
    return end.kind.load(value.get(end.name)) if end.made_here else value


def _told(asked: Asked, field: Reached, ids: Sequence[int]) -> dict[int, Any]:
    assert field.relation is not None
    seen = asked.records(field.relation.record).filter(**{f"{by_of(field.relation)}__in": ids})
    rows = grouped(seen, field.relation, field.end, field.how)
    return {pk: loaded_number(field, number) for pk, number in rows}


def loaded_number(field: Reached, number: Any) -> Any:
    """A value as the database told it: sums are whole numbers, dates of user-made fields are kept as texts."""
    if number is None or field.end is None:
        return number
    return int(number) if field.kind.numeric else field.kind.load(number) if field.end.made_here else number


def _several(declaration: Declaration, field: Field, ids: Sequence[int]) -> dict[int, tuple[int, ...]]:
    link: Any = declaration.model._meta.get_field(field.name)
    source, target = link.m2m_column_name(), link.m2m_reverse_name()
    found: dict[int, tuple[int, ...]] = {}
    pairs = declaration.through[field.name]._default_manager.filter(**{f"{source}__in": ids})
    for pk, one in pairs.order_by(source, target).values_list(source, target):
        found[pk] = (*found.get(pk, ()), one)
    return found
