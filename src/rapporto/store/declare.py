"""`declare`: from a Django model to a RecordType, checked at the start; a misspelt name lists the right ones."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import models
from django.utils.text import format_lazy

from rapporto.kernel.kinds import Kind
from rapporto.kernel.record import USER_FIELDS, Branches, Field, RecordType, RelationTo, UnknownField
from rapporto.kernel.registry import Registry
from rapporto.kernel.where import Through, Where, tests
from rapporto.store.columns import KEY, LinkColumn, record_name


@dataclass(frozen=True)
class Column:
    """Where a field is stored: the ORM path of the value and that of its key."""

    value: str
    key: str
    blank: Any
    """What a blank is in the key column: '' for texts, None for the rest."""
    indexed: bool = False


@dataclass(frozen=True)
class Derived:
    """A field computed into a side table: `path` leads there from the model, for example `numbers__last_activity_on`."""

    path: str
    kind: Kind
    label: Any


Prepare = Callable[[Any, dict[str, Any]], None]
"""Called with (row, changed values by name) before a row is written: fills what follows from them."""
Refresh = Callable[[Sequence[int]], None]
"""Called with the ids of written rows in the same transaction: renews what is derived from them."""
Leave = Callable[[Sequence[int]], None]
"""Called with the ids of rows that are about to be deleted; it raises Refused when they must stay."""


@dataclass(frozen=True)
class Declaration:
    """A record type with the model that stores it."""

    record: RecordType
    model: type[models.Model]
    columns: Mapping[str, Column]
    through: Mapping[str, type[models.Model]] = field(default_factory=dict)
    """The link rows of fields that hold several links, by field name."""
    prepare: tuple[Prepare, ...] = ()
    refresh: tuple[Refresh, ...] = ()
    rebuild: tuple[Callable[[], None], ...] = ()
    """What `rapporto check` calls after every record was refreshed: for derived values no record of the type leads to."""
    also_sought: Callable[[str], str] = str
    """Another way in which a folded text that is searched for may be written; the text itself where there is none."""
    leave: tuple[Leave, ...] = ()

    @property
    def name(self) -> str:
        return self.record.name

    @property
    def table(self) -> str:
        return self.model._meta.db_table


DECLARED: Registry[Declaration] = Registry("record type")
"""Every declared record type, in the order of declaration: wholes before their parts."""


def declare(
    model: type[models.Model],
    *,
    see: Mapping[str, Where | Sequence[Where]],
    change: Mapping[str, Where | Sequence[Where]],
    grid: Sequence[str] = (),
    sections: Mapping[Any, Sequence[str]] | None = None,
    title: str = "name",
    order: str = "",
    derived: Mapping[str, Derived] | None = None,
    prepare: Sequence[Prepare] = (),
    refresh: Sequence[Refresh] = (),
    rebuild: Sequence[Callable[[], None]] = (),
    also_sought: Callable[[str], str] = str,
    leave: Sequence[Leave] = (),
    **more: Any,
) -> Declaration:
    """Declare a record type once; from it come grid, panel, page, form, search, permissions, history and tests.

    `see` and `change` map roles to a condition or to alternatives; whatever is not named there is not seen. `derived` names fields
    of side tables. Further keywords are those of RecordType. Raises ValueError or UnknownField for anything misspelt.
    """
    fields = {one.name: one for one in _fields(model, derived or {})}
    record = RecordType(
        name=record_name(model),
        label=model._meta.verbose_name,
        plural=model._meta.verbose_name_plural,
        fields=fields,
        title=title,
        grid=tuple(grid) or tuple(fields),
        sections={label: tuple(names) for label, names in (sections or {"": tuple(fields)}).items()},
        order=order or title,
        see={role: _branches(said) for role, said in see.items()},
        change={role: _branches(said) for role, said in change.items()},
        **more,
    )
    _check_names(record)
    columns = {name: _column(model, name, derived or {}) for name in fields}
    through, after = _through(model, fields), (tuple(prepare), tuple(refresh), tuple(rebuild))
    return DECLARED.add(record.name, Declaration(record, model, columns, through, *after, also_sought, tuple(leave)))


def _through(model: type[models.Model], names: Iterable[str]) -> dict[str, type[models.Model]]:
    several: tuple[Any, ...] = tuple(one for one in model._meta.many_to_many if one.name in names)
    return {one.name: one.remote_field.through for one in several}


def finish() -> None:
    """After every part is loaded: relations from the links, and the conditions checked against the fields."""
    for declaration in DECLARED.values():
        relations = {one.name: one for one in _relations(declaration.model)}
        if both := relations.keys() & declaration.record.fields.keys():
            raise ValueError(
                f"fields and relations of {declaration.name} share the name {', '.join(sorted(both))}: paths need one each"
            )
        _replace(declaration, replace(declaration.record, relations=relations))
    for declaration in DECLARED.values():
        persons = (declaration.record.person,) if declaration.record.person is not None else ()
        for branches in (*declaration.record.see.values(), *declaration.record.change.values(), persons):
            for branch in branches:
                check_where(declaration.record, branch)


def _replace(declaration: Declaration, record: RecordType) -> None:
    DECLARED.put(record.name, replace(declaration, record=record))


def check_where(record: RecordType, where: Where) -> None:
    """Raise UnknownField when a condition names a field or link that is not there."""
    if isinstance(where, Through):
        record.field(where.link)
    for test in tests(where):
        *steps, last = test.path.split(".")
        at = record
        for step in steps:
            link = at.field(step).link
            if link is None:
                raise UnknownField(
                    at.name, f"{step} (which is no link)", tuple(n for n, f in at.fields.items() if f.link)
                )
            at = DECLARED[link].record
        at.field(last)


def _fields(model: type[models.Model], derived: Mapping[str, Derived]) -> Iterable[Field]:
    columns: tuple[Any, ...] = (*model._meta.fields, *model._meta.many_to_many)
    for column in columns:
        kind = getattr(column, "kind", None)
        if kind is None:
            continue
        default = None if column.many_to_many or not column.has_default() else column.get_default()
        yield Field(
            name=column.name,
            label=column.verbose_name,
            kind=kind,
            required=column.required,
            hint=column.hint,
            default=None if default == "" else default,
        )
    for name, one in derived.items():
        yield Field(name=name, label=one.label, kind=one.kind, derived=True)


def _column(model: type[models.Model], name: str, derived: Mapping[str, Derived]) -> Column:
    if name in derived:
        return Column(derived[name].path, derived[name].path, None, indexed=True)
    column: Any = model._meta.get_field(name)
    if column.many_to_many:
        return Column(name, name, None)
    key = column.attname + KEY if column.kind.keyed else column.attname
    return Column(column.attname, key, "" if _keeps_empty(column) else None, key in _first_columns(model))


def _keeps_empty(column: Any) -> bool:
    """Whether a blank is kept as ''; a required link or number has no blank, and is never compared with a text."""
    return not column.null and column.kind.sql == "text"


def _first_columns(model: type[models.Model]) -> set[str]:
    """The columns that lead an index: the planner may start from them."""
    fields: tuple[Any, ...] = model._meta.fields
    leading = {index.fields[0] for index in model._meta.indexes if index.fields}
    leading |= {
        constraint.fields[0]
        for constraint in model._meta.constraints
        if isinstance(constraint, models.UniqueConstraint)
    }
    return {one.attname for one in fields if one.db_index or one.unique or one.name in leading}


def _relations(model: type[models.Model]) -> Iterable[RelationTo]:
    for declaration in DECLARED.values():
        for column in declaration.model._meta.fields:
            if isinstance(column, LinkColumn) and column.remote_field.model is model:
                name = column.remote_field.related_name or f"{declaration.name}_{column.name}"
                label = column.relation_label or format_lazy("{}", declaration.record.plural)
                yield RelationTo(name, declaration.name, column.name, label)


def _branches(said: Where | Sequence[Where]) -> Branches:
    return (said,) if isinstance(said, Where) else tuple(said)


def _check_names(record: RecordType) -> None:
    named = {
        "title": (record.title,),
        "grid": record.grid,
        "order": (record.order.lstrip("-"),),
        "search": tuple(record.search),
        "personal": record.personal,
        "on_erasure": tuple(record.on_erasure),
        "identifying": record.identifying,
        "sensitive": record.sensitive,
        "duplicate_hints": record.duplicate_hints,
        "goes_with": record.goes_with,
        **{f"section {label}": names for label, names in record.sections.items()},
        **{f"hidden from {role}": names for role, names in record.hidden.items()},
        **{f"fixed for {role}": names for role, names in record.fixed.items()},
    }
    for where, names in named.items():
        wrong = [name for name in names if name not in record.fields and name != USER_FIELDS]
        if wrong:
            raise ValueError(f"{record.name}.{where} names {wrong}; the fields are: {', '.join(sorted(record.fields))}")
