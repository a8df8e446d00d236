"""`unmerge`: both records are there again; what came since goes to whom it concerns, or stays with the kept one."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from rapporto.kernel.actor import Actor
from rapporto.store.chunks import chunks
from rapporto.store.declare import DECLARED
from rapporto.store.errors import NotFound, Refused
from rapporto.store.history.changing import change_set
from rapporto.store.history.models import Entry
from rapporto.store.history.reasons import Kept
from rapporto.store.history.undo import undo
from rapporto.store.merge_models import Merged
from rapporto.store.merge_related import links_to, move_some
from rapporto.store.merge_rules import PLACES
from rapporto.store.records import changeable_rows

Later = Mapping[tuple[str, str], Collection[int]]
"""Rows made since a merge that link to the kept record: ids by record type and link."""


@dataclass(frozen=True)
class Unmerged:
    """What bringing a record back did: rows put back, what was kept and why, later rows that went over to it and those that stayed."""

    change_set_id: int | None
    restored: int
    kept: tuple[Kept, ...]
    placed: Later
    stayed: Later


def later_rows(merge_id: int) -> dict[tuple[str, str], list[int]]:
    """The rows made since a merge that link to the kept record. Raises NotFound."""
    line, change = _line(merge_id)
    last = Entry.objects.filter(change_set_id=change).order_by("-id").values_list("id", flat=True).first() or 0
    found: dict[tuple[str, str], list[int]] = {}
    for name, link in links_to(line.record):
        part = DECLARED[name]
        rows = part.model._default_manager.filter(**{part.columns[link].value: line.kept})
        made = Entry.objects.filter(record=name, act=Entry.INSERTED, id__gt=last)
        ids = [
            pk
            for some in chunks(list(rows.order_by("pk").values_list("pk", flat=True)))
            for pk in made.filter(row_id__in=some).order_by("row_id").values_list("row_id", flat=True).distinct()
        ]
        if ids:
            found[name, link] = ids
    return found


def unmerge(actor: Actor, merge_id: int, later: Later | None = None) -> Unmerged:
    """Bring back the record of a line in the register of merged ones, with all that came over from it.

    It is the undo of the merge: what others changed since is kept and told. Rows made since go over as `later` says by type and
    link; where it says nothing, as the rule of their type does; else they stay. One change set. Raises NotFound, Refused.
    """
    with change_set(actor, "unmerge") as change:
        line, merged_by = _line(merge_id)
        declaration = DECLARED[line.record]
        if line.kept != line.into and not declaration.model._default_manager.filter(pk=line.into).exists():
            raise Refused("The record it was merged into has been merged too since; bring that one back first.")
        if not changeable_rows(actor, line.record).filter(pk=line.kept).exists():
            raise Refused("You may see this record but not change it; ask who it is assigned to.")
        since = later_rows(merge_id)
        undone = undo(actor, merged_by)
        if not declaration.model._default_manager.filter(pk=line.gone).exists():
            raise Refused("«{title}» cannot be brought back: what it was has been erased.", title=line.title)
        placed = {key: _goes(key, ids, line, later) for key, ids in since.items()}
        for (name, link), ids in placed.items():
            move_some(DECLARED[name], link, ids, line.gone)
    stayed = {key: [one for one in ids if one not in set(placed[key])] for key, ids in since.items()}
    return Unmerged(change.pk, undone.restored, undone.kept, placed, stayed)


def _goes(key: tuple[str, str], ids: list[int], line: Merged, later: Later | None) -> list[int]:
    """Which of some later rows go over to the record that is there again."""
    name, link = key
    if later is not None and key in later:
        wanted: Collection[int] = later[key]
    elif name in PLACES:
        wanted = PLACES[name](link, ids, line.into, line.gone)
    else:
        wanted = ()
    return sorted(set(ids) & set(wanted))


def _line(merge_id: int) -> tuple[Merged, int]:
    """A line of the register, and the change set that wrote it. Raises NotFound."""
    line = Merged.objects.filter(pk=merge_id).first()
    written = Entry.objects.filter(record="merged", row_id=merge_id, act=Entry.INSERTED).order_by("-id")
    change = written.values_list("change_set_id", flat=True).first()
    if line is None or change is None or line.record not in DECLARED:
        raise NotFound("merged", merge_id)
    return line, change
