"""Rows that only remark on others go with them: whatever was noted since keeps nobody from undoing what it was noted of."""

from collections import defaultdict
from typing import Any

from rapporto.kernel.text import Message
from rapporto.store.chunks import chunks
from rapporto.store.columns import record_name
from rapporto.store.declare import DECLARED, Declaration
from rapporto.store.history.images import names
from rapporto.store.history.plan import Plan, Steps
from rapporto.store.history.weigh import weigh

Kept = dict[tuple[str, int, str], Message | None]
"""By record, row and field why it would have been kept, if it would."""


def weigh_with_remarks(plan: Plan) -> None:
    """Weigh a plan in which remarks on what it removes are removed too; those on nothing that goes stay as they are."""
    remarks = [one for one in DECLARED.values() if one.record.remark]
    taken = {one.name: _take(plan, one) for one in remarks}
    weigh(plan)
    for one in remarks:
        _leave(plan, one, taken[one.name])


def _take(plan: Plan, declaration: Declaration) -> Kept:
    """Remove the remarks on whatever is removed; gives those it would not have removed, with what was said of them."""
    name, found = declaration.name, _on_what_goes(plan, declaration)
    if not found:
        return {}
    steps = plan.steps.setdefault(name, Steps(declaration, columns=frozenset(names(declaration))))
    more = found - steps.removals
    said = {key: why for key, why in plan.kept.items() if key[0] == name and key[1] in more}
    for key in said:
        del plan.kept[key]
    steps.updates = {row_id: back for row_id, back in steps.updates.items() if row_id not in found}
    steps.removals |= found
    return {**{(name, row_id, ""): None for row_id in more}, **said}


def _leave(plan: Plan, declaration: Declaration, taken: Kept) -> None:
    if not taken:
        return
    going = _on_what_goes(plan, declaration)
    steps = plan.steps[declaration.name]
    for (record, row_id, field), why in taken.items():
        if row_id not in going:
            steps.removals.discard(row_id)
            if why is not None:
                plan.keep(record, row_id, field, why)


def _on_what_goes(plan: Plan, declaration: Declaration) -> set[int]:
    """The remarks on rows that the plan removes."""
    links: defaultdict[str, list[str]] = defaultdict(list)
    for link in declaration.record.wholes:
        column: Any = declaration.model._meta.get_field(link)
        links[record_name(column.remote_field.model)].append(column.attname)
    rows = declaration.model._default_manager
    return {
        row_id
        for record, columns in links.items()
        if record in plan.steps
        for some in chunks(plan.steps[record].removals)
        for column in columns
        for row_id in rows.filter(**{f"{column}__in": some}).values_list("pk", flat=True)
    }


__all__ = ["weigh_with_remarks"]
