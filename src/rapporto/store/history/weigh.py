"""What the rows of an undo have to do with each other and with all others: links, unique values, references."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db import models

from rapporto.kernel.text import Message
from rapporto.store.chunks import chunks
from rapporto.store.columns import LinkColumn, record_name
from rapporto.store.declare import DECLARED, Declaration
from rapporto.store.history.plan import Plan, Steps, row_values
from rapporto.store.history.reasons import LINK_GONE, REFERRED, TAKEN
from rapporto.store.history.values import Image

Column = Any
"""A concrete field of a model."""


def weigh(plan: Plan) -> None:
    """Take out of the plan what cannot be: until nothing more has to be taken out."""
    while _links(plan) | _unique(plan) | _references(plan):
        pass


def _links(plan: Plan) -> bool:
    """A link goes back only to a record that will be there."""
    dropped = False
    for steps in plan.steps.values():
        for column in _link_columns(steps.declaration.model):
            target = record_name(column.remote_field.model)
            wanted = {image[column.column] for image in _images(steps) if image.get(column.column) is not None}
            gone = wanted - _there(plan, target, wanted) if wanted else set()
            if gone:
                _unlink(plan, steps, column, gone)
                dropped = True
    return dropped


def _images(steps: Steps) -> Iterator[Image]:
    yield from steps.updates.values()
    yield from steps.inserts.values()


def _there(plan: Plan, record: str, ids: set[int]) -> set[int]:
    """Which of the ids will be there afterwards."""
    steps = plan.steps.get(record)
    found = {pk for some in chunks(ids) for pk in _rows(DECLARED[record], some).values_list("pk", flat=True)}
    return found if steps is None else (found - steps.removals) | (ids & steps.inserts.keys())


def _unlink(plan: Plan, steps: Steps, column: Column, gone: set[int]) -> None:
    for row_id, image in list(steps.updates.items()):
        if image.get(column.column) in gone:
            drop_field(plan, steps, row_id, (column.column,), column.name, LINK_GONE)
    for row_id, image in list(steps.inserts.items()):
        if image.get(column.column) in gone:
            plan.keep(steps.declaration.name, row_id, column.name if column.null else "", LINK_GONE)
            if column.null:
                image[column.column] = None
            else:
                del steps.inserts[row_id]


def drop_field(plan: Plan, steps: Steps, row_id: int, columns: Iterable[str], name: str, reason: Message) -> None:
    """Leave some columns of a row as they are."""
    update = steps.updates[row_id]
    for column in columns:
        update.pop(column, None)
    plan.keep(steps.declaration.name, row_id, name, reason)
    if not update:
        del steps.updates[row_id]


def unique_sets(model: type[models.Model]) -> Iterator[tuple[Column, ...]]:
    """The columns whose values no two rows share, the id excepted."""
    for column in model._meta.concrete_fields:
        if column.unique and not column.primary_key:
            yield (column,)
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint) and constraint.fields:
            yield tuple(model._meta.get_field(name) for name in constraint.fields)


def _unique(plan: Plan) -> bool:
    """A value that must be unique goes back only when no other row will have it."""
    dropped = False
    for steps in plan.steps.values():
        for columns in unique_sets(steps.declaration.model):
            for row_id in _taken(steps, columns):
                dropped = True
                if row_id in steps.updates:
                    drop_field(plan, steps, row_id, [one.column for one in columns], columns[0].name, TAKEN)
                else:
                    del steps.inserts[row_id]
                    plan.keep(steps.declaration.name, row_id, columns[0].name, TAKEN)
    return dropped


def _taken(steps: Steps, columns: tuple[Column, ...]) -> list[int]:
    """The rows whose values some other row has, and will have."""
    wanted = wanted_values(steps, columns)
    holders = holding(steps, columns, wanted.values())
    taken = []
    for row_id, values in wanted.items():
        holder = holders.get(values)
        if holder is None or holder == row_id or holder in steps.removals:
            continue
        if wanted.get(holder, values) == values:
            taken.append(row_id)
    return taken


def wanted_values(steps: Steps, columns: tuple[Column, ...]) -> dict[int, tuple[Any, ...]]:
    """The unique values that rows of the plan are to have, where they change."""
    names = [one.column for one in columns]
    changed = [row_id for row_id, image in steps.updates.items() if any(name in image for name in names)]
    wanted = {row_id: row_values(image, names) for row_id, image in steps.inserts.items()}
    for some in chunks(changed):
        attributes = ("pk", *(one.attname for one in columns))
        for row_id, *now in _rows(steps.declaration, some).values_list(*attributes):
            update = steps.updates[row_id]
            wanted[row_id] = tuple(update.get(name, value) for name, value in zip(names, now, strict=True))
    return {row_id: values for row_id, values in wanted.items() if None not in values}


def holding(steps: Steps, columns: tuple[Column, ...], wanted: Iterable[tuple[Any, ...]]) -> dict[tuple[Any, ...], int]:
    """Who has these values now."""
    sought = set(wanted)
    holders: dict[tuple[Any, ...], int] = {}
    attributes = [one.attname for one in columns]
    for some in chunks({values[0] for values in sought}):
        rows = steps.declaration.model._default_manager.filter(**{f"{attributes[0]}__in": some})
        for row_id, *values in rows.values_list("pk", *attributes):
            if tuple(values) in sought:
                holders[tuple(values)] = row_id
    return holders


def _references(plan: Plan) -> bool:
    """A row that the change set made is removed only when nothing that stays refers to it."""
    edges = [edge for steps in plan.steps.values() if steps.removals for edge in _referring(plan, steps)]
    stays: set[tuple[str, int]] = set()
    dropped, more = False, True
    while more:
        more = False
        for source, target in edges:
            steps = plan.steps[target[0]]
            removed = source[0] in plan.steps and source[1] in plan.steps[source[0]].removals
            if target not in stays and not removed:
                stays.add(target)
                steps.removals.discard(target[1])
                plan.keep(*target, "", REFERRED)
                dropped = more = True
    return dropped


def _referring(plan: Plan, steps: Steps) -> Iterator[tuple[tuple[str, int], tuple[str, int]]]:
    """(referring row, row to be removed), what the plan itself unlinks left out."""
    for relation in steps.declaration.model._meta.related_objects:
        column: Column = relation.field
        if column.many_to_many or _is_side_table(column):
            continue
        source = record_name(column.model)
        own = plan.steps.get(source)
        for some in chunks(steps.removals):
            rows = column.model._default_manager.filter(**{f"{column.attname}__in": some})
            for row_id, target in rows.values_list("pk", column.attname):
                if own is None or column.column not in own.updates.get(row_id, {}):
                    yield (source, row_id), (steps.declaration.name, target)


def _is_side_table(column: Column) -> bool:
    """A row of derived values beside its record, which comes and goes with it."""
    return column.primary_key and not isinstance(column, LinkColumn)


def _link_columns(model: type[models.Model]) -> Iterator[Column]:
    yield from (column for column in model._meta.concrete_fields if isinstance(column, LinkColumn))


def _rows(declaration: Declaration, ids: Iterable[int]) -> Any:
    return declaration.model._default_manager.filter(pk__in=list(ids))
