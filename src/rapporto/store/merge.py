"""`merge`: two records of a type become one, and nothing is lost; undoing it, or `unmerge`, brings both back."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rapporto.kernel.actor import Actor
from rapporto.kernel.facts import RecordsChanged
from rapporto.kernel.record import RecordType
from rapporto.kernel.text import Message
from rapporto.store import outbox
from rapporto.store.declare import DECLARED, Declaration
from rapporto.store.documents import each_once
from rapporto.store.errors import Invalid, NotFound, Refused
from rapporto.store.history.changing import change_set
from rapporto.store.history.models import ChangeSet
from rapporto.store.history.undo import MERGES
from rapporto.store.merge_models import Merged, MergedValue
from rapporto.store.merge_related import hanging_outside, links_to, made_links_to, move, move_made, ties, twins
from rapporto.store.merge_rules import MERGE_RULES, NO_RULE
from rapporto.store.merge_values import KEEP, OTHER, Decided, as_text, check_choices, decide, values_in
from rapporto.store.records import changeable_rows, find
from rapporto.store.userfields import record_type
from rapporto.store.write import refresh, save, write_row

LEDGER = Message("These cannot be merged: each of them is a proof of its own.")


@dataclass
class Merger:
    """What a merge did: its change set, its line in the register of merged records, and how many rows by type.

    `moved` rows link to the kept record now; `folded` ones said the same as one there, or tied the two to each other, and became
    part of it; `made` ones were made for values that lost their field. `left` counts the values told in the register alone.
    """

    change_set_id: int | None = None
    merge_id: int = 0
    moved: Counter[str] = field(default_factory=Counter)
    folded: Counter[str] = field(default_factory=Counter)
    made: Counter[str] = field(default_factory=Counter)
    left: int = 0


def merge(
    actor: Actor, name: str, keep: int, other: int, values: Mapping[str, Any] | None = None, *, command: str = "merge"
) -> Merger:
    """Let the record `other` become part of `keep`: its rows, its values, its address.

    `values` says by field which side stands, "keep" or "other", or gives another value; what is not said follows `decide`. One
    change set. Raises NotFound, Invalid, and Refused with the reason: the same record, one that contains the other, another kind, one
    that the actor may not change or that somebody merged meanwhile.
    """
    if keep == other:
        raise Refused("A record cannot be merged with itself; choose two different ones.")
    record = record_type(name)
    if record.append_only:
        raise Refused(LEDGER.text)
    chosen = check_choices(actor, record, values or {})
    with change_set(actor, command) as change, each_once():
        one, two = _pair(actor, name, keep, other)
        _refuse(DECLARED[name], record, one, two)
        done = Merger(change.pk)
        done.merge_id = _join(actor, done, DECLARED[name], (one, two), chosen)
        if not changeable_rows(actor, name).filter(pk=keep).exists():
            raise Refused("This would put the record out of your reach; ask a manager to do it.")
        change.summary.setdefault(MERGES, []).append([name, keep, other])
        ChangeSet.objects.filter(pk=change.pk).update(summary=change.summary)
        for touched in sorted({name, *done.moved, *done.folded}):
            outbox.record(RecordsChanged(touched, change.pk))
    return done


def obstacle(name: str, keep: int, other: int) -> Message | None:
    """Why two records cannot be merged, whoever wants it; None when they can. Both must be there."""
    if DECLARED[name].record.append_only:
        return LEDGER
    rows = DECLARED[name].model._default_manager.in_bulk((keep, other))
    try:
        _refuse(DECLARED[name], record_type(name), rows[keep], rows[other])
    except Refused as refused:
        return refused.message
    return None


def merge_many(actor: Actor, name: str, keep: int, others: Sequence[int], chosen: Mapping[str, int]) -> Merger:
    """Let several records become part of `keep`, one after the other, as one change set; `chosen` says by field whose value stands.

    Raises what `merge` raises; then nothing is changed.
    """
    told = Merger()
    with change_set(actor, "merge"):
        for other in others:
            sides = {field: OTHER if row_id == other else KEEP for field, row_id in chosen.items()}
            done = merge(actor, name, keep, other, sides)
            told.change_set_id, told.merge_id = done.change_set_id, done.merge_id
            told.moved, told.folded, told.made = (
                told.moved + done.moved,
                told.folded + done.folded,
                told.made + done.made,
            )
            told.left += done.left
    return told


def _pair(actor: Actor, name: str, keep: int, other: int) -> tuple[Any, Any]:
    """Both rows, held until the end. Whoever comes second to the same pair finds one of them gone, and is told."""
    found = find(actor, name).select_for_update(of=("self",)).filter(pk__in=(keep, other)).order_by("pk")
    rows = {row.pk: row for row in found}
    for row_id in (keep, other):
        if row_id not in rows:
            raise _missing(actor, name, row_id)
    if changeable_rows(actor, name).filter(pk__in=rows).count() != len(rows):
        raise Refused("You may see these records but not change both; ask who they are assigned to.")
    return rows[keep], rows[other]


def _missing(actor: Actor, name: str, row_id: int) -> Exception:
    line = Merged.objects.filter(record=name, gone=row_id).first()
    if line is None or not find(actor, name).filter(pk=line.kept).exists():
        return NotFound(name, row_id)
    return Refused("«{title}» has been merged with another record meanwhile; open the list again.", title=line.title)


def _refuse(declaration: Declaration, record: RecordType, one: Any, other: Any) -> None:
    reason = MERGE_RULES.get(record.name, NO_RULE).refuse(one, other)
    if reason is not None:
        raise Refused(reason.text, **reason.params)
    for name, column in declaration.columns.items():
        if record.fields[name].link == record.name and name not in declaration.through:
            _refuse_loop(declaration, name, column.value, (one, other))
    if hanging_outside(declaration, other.pk):
        raise Refused("«{title}» has means to sign in of its own; remove them first.", title=_title(declaration, other))


def _refuse_loop(declaration: Declaration, name: str, column: str, pair: tuple[Any, Any]) -> None:
    """Who is above or below the other, through however many levels, cannot become one with it."""
    for part, whole in (pair, pair[::-1]):
        if whole.pk in _above(declaration, column, part):
            raise Refused(
                "«{part}» belongs to «{whole}» ({field}): end that first, or leave them apart.",
                part=_title(declaration, part),
                whole=_title(declaration, whole),
                field=str(declaration.record.fields[name].label),
            )


def _above(declaration: Declaration, column: str, row: Any) -> set[int]:
    """The records to which a row belongs, through all levels."""
    seen: set[int] = set()
    above = getattr(row, column)
    while above is not None and above not in seen:
        seen.add(above)
        above = declaration.model._default_manager.filter(pk=above).values_list(column, flat=True).first()
    return seen


def _join(
    actor: Actor, done: Merger, declaration: Declaration, pair: tuple[Any, Any], chosen: Mapping[str, Any]
) -> int:
    """Make one row of two: first what hangs on the other one, then the row itself. Gives the line in the register."""
    (one, other), record = pair, record_type(declaration.name)
    several = frozenset(name for name in declaration.through if name in chosen)
    mine, theirs = (values_in(record, row, several) for row in pair)
    decided = decide(record, mine, theirs, chosen, (one.pk, other.pk))
    line = _line(declaration, one, other)
    done.folded += MERGE_RULES.get(record.name, NO_RULE).before(one.pk, other.pk)
    for name, link in links_to(declaration.name):
        _change_over(actor, done, line, DECLARED[name], link, one.pk, other.pk)
    for name, link in made_links_to(declaration.name):
        done.moved += Counter({name: move_made(name, link, one.pk, other.pk)})
    gone = other.pk
    declaration.model._default_manager.filter(pk=gone).delete()
    refresh(declaration, [gone], None)
    one.refresh_from_db()
    if decided.written:
        write_row(actor, record, one, decided.written)
    _find_places(actor, done, record, one, decided, (mine, theirs))
    _note(done, line, record.name, record, *decided.lost)
    refresh(declaration, [one.pk], None)
    return line.pk


def _line(declaration: Declaration, one: Any, other: Any) -> Merged:
    """The line of the register; what led to the other one leads to the kept one from now on."""
    lines = Merged.objects.filter(record=declaration.name)
    lines.filter(gone=other.pk).delete()
    lines.filter(kept=other.pk).update(kept=one.pk)
    title = _title(declaration, other)[:200]
    return Merged.objects.create(record=declaration.name, gone=other.pk, into=one.pk, kept=one.pk, title=title)


def _title(declaration: Declaration, row: Any) -> str:
    return str(getattr(row, declaration.columns[declaration.record.title].value) or "")


def _change_over(actor: Actor, done: Merger, line: Merged, part: Declaration, link: str, keep: int, other: int) -> None:
    """Let the rows of one link change over. What there can be only once is joined in its turn, value by value."""
    rows = part.model._default_manager
    for one, two in twins(part, link, keep, other):
        pair = rows.filter(pk__in=(one, two)).in_bulk()
        _join(actor, done, part, (pair[one], pair[two]), {})
        done.folded[part.name] += 1
    for pk in (*ties(part, link, keep, other), *ties(part, link, other, keep)):
        _note(done, line, part.name, record_type(part.name), values_in(record_type(part.name), rows.get(pk=pk)))
        rows.filter(pk=pk).delete()
        refresh(part, [pk], None)
        done.folded[part.name] += 1
    done.moved += Counter({part.name: move(part, link, keep, other)})  # adding leaves out what is none


def _find_places(
    actor: Actor, done: Merger, record: RecordType, row: Any, decided: Decided, sides: tuple[Any, Any]
) -> None:
    """Further rows for what lost its field; what they cannot take stays among the lost."""
    rule = MERGE_RULES.get(record.name, NO_RULE)
    for lost, values in zip(decided.lost, sides, strict=True):
        for one in rule.further(row, dict(lost), values):
            try:
                if one.record:
                    save(actor, one.record, one.values or {})
                    done.made[one.record] += 1
            except Invalid:
                continue
            for name in one.fields:
                lost.pop(name, None)


def _note(done: Merger, line: Merged, name: str, record: RecordType, *lost: Mapping[str, Any]) -> None:
    """Keep values that have no place any more, by their field; those of a part with the name of its type."""
    prefix = "" if name == line.record else f"{name}."
    texts = [
        (prefix + one, as_text(record, one, value))
        for values in lost
        for one, value in values.items()
        if value not in (None, "", False)
    ]
    done.left += len(texts)
    MergedValue.objects.bulk_create(
        MergedValue(merged=line, field=one, value=text, code=text[:100]) for one, text in texts
    )
