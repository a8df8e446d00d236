"""`undo`: puts back what a change set changed, as far as nobody changed it since; an undo can be undone."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q, QuerySet

from rapporto.kernel.actor import ADMINISTRATOR, MANAGER, SYSTEM, Actor
from rapporto.kernel.where import EVERYTHING
from rapporto.store.declare import DECLARED
from rapporto.store.derive import matters
from rapporto.store.documents import each_once
from rapporto.store.errors import Refused
from rapporto.store.history.back import write
from rapporto.store.history.changing import change_set
from rapporto.store.history.models import ChangeSet, Entry
from rapporto.store.history.plan import Only, Plan, Steps, think
from rapporto.store.history.reasons import NOT_PERMITTED, Kept
from rapporto.store.history.remarks import weigh_with_remarks
from rapporto.store.history.traces import unit

SENIOR = frozenset({MANAGER, ADMINISTRATOR, SYSTEM})
"""The roles that may undo what others did; everybody may undo what they did themselves."""
BY_SYSTEM = "by_system"
"""Stands in the summary of a change set that the system wrote on the word of an administrator."""
MERGES = "merges"
"""Stands in the summary of a change set that merged records: their types, with the numbers of the kept and of the other one."""
PART_OF = "part_of"
"""Stands in the summary of a change set that undid a part of another one, and names it: that one is not undone as a whole."""
ChangeableRows = Callable[[Actor, str], QuerySet[Any]]
_rights: list[ChangeableRows] = []


def rights_from(changeable_rows: ChangeableRows) -> None:
    """Told once at the start: which rows an actor may change (the doors to the data are built upon the history, not below it)."""
    _rights[:] = [changeable_rows]


@dataclass(frozen=True)
class Undone:
    """What an undo did: its own change set (None when there was nothing to do), rows put back, and what was kept and why."""

    change_set_id: int | None
    restored: int
    kept: tuple[Kept, ...]


def undoable(actor: Actor, change_set_id: int) -> bool:
    """Whether the actor may undo this change set: it is closed, there is something to go back to, and it is not undone already."""
    change = permitted(actor, change_set_id)
    if change is None or change.is_undone():
        return False
    return Entry.objects.filter(Q(act=Entry.INSERTED) | Q(image__isnull=False), change_set_id=change_set_id).exists()


def undo(actor: Actor, change_set_id: int, *, command: str = "undo", only: Only | None = None) -> Undone:
    """Put back what a change set changed, or `only` a part of it: the rest can be undone later. Undoing an undo does the change again.

    Rows and fields that others changed since, that are taken or referred to, or that the actor may not change are kept and told.
    What was sent (mails, webhooks) is never retracted. One transaction. Raises Refused when the actor may not undo it at all.
    """
    with change_set(actor, command) as change:
        undone = permitted(actor, change_set_id, lock=True)
        if undone is None:
            raise Refused("This cannot be undone: it is not there, is still going on, or somebody else did it.")
        if only is not None and is_merge(undone):
            raise Refused("A merge is undone as a whole.")
        rights = rights_in(actor, undone)
        plan = think(change_set_id, lambda name, ids: changeable_among(rights, name, ids))
        if only is not None:
            plan.narrow(only)
        weigh_with_remarks(plan)
        kept = tuple(told(actor, plan))
        summary: dict[str, Any] = {BY_SYSTEM: True} if rights is not actor else {}
        if only is None:
            ChangeSet.objects.filter(pk=change.pk).update(undoes=undone, summary=summary)
        else:
            ChangeSet.objects.filter(pk=change.pk).update(summary={**summary, PART_OF: change_set_id})
        write(plan)
        _permit_made_again(rights, plan)
        with each_once():
            for steps in plan.steps.values():
                refresh(steps)
    return Undone(change.pk, plan.restored(), kept)


def rights_in(actor: Actor, change: ChangeSet) -> Actor:
    """An administrator takes back what the system did on their word with the rights of the system: private rows among it.

    So does who takes back a merge of records that they may change: it let the private rows of others change over too.
    """
    if merges := merges_of(change):
        return replace(actor, roles=actor.roles | {SYSTEM}) if _may_part(actor, merges) else actor
    if ADMINISTRATOR not in actor.roles or not change.summary.get(BY_SYSTEM):
        return actor
    return replace(actor, roles=actor.roles | {SYSTEM})


def merges_of(change: ChangeSet) -> list[tuple[str, int, int]]:
    """The pairs that a change set merged, or that the one merged which it undoes or does again."""
    first = change
    while first.undoes is not None:
        first = first.undoes
    return [(name, keep, other) for name, keep, other in first.summary.get(MERGES, ())]


def is_merge(change: ChangeSet) -> bool:
    """Whether a change set merged records, or parted them again."""
    return bool(merges_of(change))


def _may_part(actor: Actor, merges: Iterable[tuple[str, int, int]]) -> bool:
    """Whether the actor may change whatever is there of these pairs."""
    for name, *pair in merges:
        there = set(DECLARED[name].model._default_manager.filter(pk__in=pair).values_list("pk", flat=True))
        if there - changeable_among(actor, name, there):
            return False
    return True


def permitted(actor: Actor, change_set_id: int, *, lock: bool = False) -> ChangeSet | None:
    """The change set, when it is closed and this actor may undo it; None otherwise."""
    rows = ChangeSet.objects.select_for_update() if lock else ChangeSet.objects.all()
    change = rows.filter(pk=change_set_id, open=False).first()
    if change is None:
        return None
    own = actor.user_id is not None and change.user_id == actor.user_id
    return change if own or actor.roles & SENIOR else None


def changeable_among(actor: Actor, name: str, ids: Iterable[int]) -> set[int]:
    """Which of these rows the actor may change."""
    (changeable_rows,) = _rights
    record = DECLARED[name].record
    if record.changeable(actor) == EVERYTHING and EVERYTHING in record.visible(actor):
        return set(ids)
    return set(changeable_rows(actor, name).filter(pk__in=list(ids)).order_by().values_list("pk", flat=True))


def _permit_made_again(actor: Actor, plan: Plan) -> None:
    """Nobody makes again what they could not have made."""
    for name, steps in plan.steps.items():
        made = sorted(steps.inserts)
        for at in range(0, len(made), 1000):
            if len(changeable_among(actor, name, made[at : at + 1000])) != len(made[at : at + 1000]):
                raise Refused("This would make records again that you may not change; ask a manager to do it.")


def refresh(steps: Steps) -> None:
    """Renew what is derived from the rows; for rows that were only changed, what does not depend on the change is left out."""
    ids = steps.ids()
    if not ids:
        return
    columns = set().union(*steps.updates.values())
    fields = {unit(steps.declaration, (column, "")) for column in columns}
    if "extra" in fields:
        fields.update(key for update in steps.updates.values() for key in update.get("extra") or {})
    for renew in steps.declaration.refresh:
        if steps.inserts or steps.removals or matters(renew, frozenset(fields)):
            renew(ids)


def told(actor: Actor, plan: Plan) -> Iterable[Kept]:
    """What is kept, with the titles of the rows the actor may change (those of others are not for their eyes)."""
    titles: dict[tuple[str, int], str] = {}
    for name in {record for record, _, _ in plan.kept}:
        ids = sorted({row_id for record, row_id, _ in plan.kept if record == name})
        titles |= {(name, row_id): title for row_id, title in _titles(actor, name, ids)}
        titles |= {(name, row_id): str(_title_in(name, image)) for row_id, image in plan.steps[name].inserts.items()}
    for (record, row_id, name), reason in plan.kept.items():
        yield Kept(record, row_id, "" if reason is NOT_PERMITTED else titles.get((record, row_id), ""), name, reason)


def _titles(actor: Actor, name: str, ids: list[int]) -> Iterable[tuple[int, str]]:
    (changeable_rows,) = _rights
    column = DECLARED[name].columns[DECLARED[name].record.title].value
    for at in range(0, len(ids), 1000):
        rows = changeable_rows(actor, name).filter(pk__in=ids[at : at + 1000]).order_by()
        yield from ((row_id, str(title or "")) for row_id, title in rows.values_list("pk", column))


def _title_in(name: str, image: dict[str, Any]) -> Any:
    return image.get(DECLARED[name].columns[DECLARED[name].record.title].value) or ""
