"""Takes away everything that some change sets made, even if it was changed since: how a demo company leaves."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from rapporto.kernel.actor import Actor
from rapporto.store.chunks import chunks
from rapporto.store.columns import LinkColumn, record_name
from rapporto.store.declare import DECLARED, Declaration
from rapporto.store.history.back import write
from rapporto.store.history.changing import change_set
from rapporto.store.history.images import key_of
from rapporto.store.history.models import ChangeSet
from rapporto.store.history.plan import Plan, Steps
from rapporto.store.history.reasons import Kept
from rapporto.store.history.undo import BY_SYSTEM, refresh, told
from rapporto.store.history.weigh import weigh


@dataclass(frozen=True)
class Removal:
    """What leaves, by record type, and what stays because rows made by others refer to it. Its change set, once it is done."""

    removed: Mapping[str, int]
    kept: tuple[Kept, ...]
    change_set_id: int | None = None


def made_by_command(command: str) -> list[int]:
    """The closed change sets of a command that were neither undone nor taken away, oldest first."""
    done = ChangeSet.objects.filter(command=command, open=False).order_by("pk")
    return [one.pk for one in done.prefetch_related("undone_by") if not one.is_undone()]


def preview(actor: Actor, change_sets: Sequence[int], *, dependent: bool = False) -> Removal:
    """What `remove_made` would do now, without doing it."""
    return _told(actor, _plan(change_sets, dependent))


def remove_made(actor: Actor, change_sets: Sequence[int], *, command: str, dependent: bool = False) -> Removal:
    """Delete every row that these change sets made and that is still there, whoever changed it since.

    `dependent` takes along the rows of others that cannot be without them, such as a note on a party that leaves. A row to which
    any other row refers stays, and is told with the reason. One transaction, one change set, which undoes the newest of those given:
    undoing it brings everything back. The rights are those of the system: the command that calls this decides who may.
    """
    with change_set(actor, command) as change:
        plan = _plan(change_sets, dependent)
        said = _told(actor, plan)
        ChangeSet.objects.filter(pk=change.pk).update(undoes=max(change_sets, default=None), summary={BY_SYSTEM: True})
        write(plan)
        # Parts before wholes, as they were removed: what is derived from both must be gone before tables are changed.
        for steps in reversed(list(plan.steps.values())):
            refresh(steps)
    return Removal(said.removed, said.kept, change.pk)


def _plan(change_sets: Sequence[int], dependent: bool) -> Plan:
    removals = {one.name: set(_still_there(one, change_sets)) for one in DECLARED.values()}
    while dependent and _take_along(removals):
        pass
    plan = Plan(max(change_sets, default=0))
    plan.steps = {name: Steps(DECLARED[name], removals=ids) for name, ids in removals.items() if ids}
    weigh(plan)
    return plan


def _take_along(removals: dict[str, set[int]]) -> bool:
    """Add the rows that cannot be without those that leave; whether there were any."""
    before = sum(map(len, removals.values()))
    for name, ids in removals.items():
        for relation in DECLARED[name].model._meta.related_objects:
            column: Any = relation.field
            if isinstance(column, LinkColumn) and not column.null:
                rows = column.model._default_manager
                for some in chunks(sorted(ids)):
                    found = rows.filter(**{f"{column.attname}__in": some}).values_list("pk", flat=True)
                    removals[record_name(column.model)].update(found)
    return sum(map(len, removals.values())) > before


def _still_there(declaration: Declaration, change_sets: Sequence[int]) -> Iterable[int]:
    """The rows of a type that were made by the change sets and are there today."""
    if not change_sets:
        return
    sets = ", ".join(["%s"] * len(change_sets))
    sql = (
        f'SELECT t."{key_of(declaration)}" FROM "{declaration.table}" t WHERE t."{key_of(declaration)}" IN'
        f" (SELECT row_id FROM history_entry WHERE change_set_id IN ({sets}) AND record = %s AND act = 'I')"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [*change_sets, declaration.name])
        while rows := cursor.fetchmany(10_000):
            yield from (row_id for (row_id,) in rows)


def _told(actor: Actor, plan: Plan) -> Removal:
    removed = {name: len(steps.removals) for name, steps in plan.steps.items() if steps.removals}
    return Removal(removed, tuple(told(actor, plan)))
