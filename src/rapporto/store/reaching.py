"""Paths: columns of a list beyond its own fields, which are fields of linked records, and counts and sums of related ones."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.text import format_lazy
from django.utils.translation import pgettext_lazy

from rapporto.kernel.actor import Actor
from rapporto.kernel.evaluate import AGGREGATES
from rapporto.kernel.kinds import Day, Integer, Link, Links, LongText, Moment
from rapporto.kernel.record import Field, RecordType, RelationTo, UnknownField
from rapporto.kernel.where import All, AnyOf, Not, Related, Test, Through, Where
from rapporto.store.userfields import record_type

COUNT = "count"
_SAID = {
    "sum": pgettext_lazy("of related records", "sum"),
    "min": pgettext_lazy("of related records", "least"),
    "max": pgettext_lazy("of related records", "greatest"),
}
_SAID_OF_TIME = {
    "min": pgettext_lazy("of related records", "first"),
    "max": pgettext_lazy("of related records", "last"),
}


@dataclass(frozen=True, kw_only=True)
class Reached(Field):
    """The field of a path: `through` is the own link it follows, or `relation` the related records it is told from.

    `end` is the field at the far end (None when related records are only counted), `how` one of sum, min, max or count.
    """

    through: Field | None = None
    relation: RelationTo | None = None
    end: Field | None = None
    how: str = ""

    @property
    def link_to(self) -> str:
        """The type of the records that the path leads through."""
        return (self.through.link if self.through else self.relation.record if self.relation else "") or ""


def known(actor: Actor, name: str) -> RecordType | None:
    """A record type as the actor may know it; None for who may see no record of it at all."""
    record = record_type(name)
    return record.seen_by(actor) if record.visible(actor) else None


def reach(actor: Actor, record: RecordType, path: str) -> Field:
    """The field of a path as the actor may know it: one's own, one of a linked record, or told from related records.

    What the actor may not know of does not exist: UnknownField lists the right ones.
    """
    record = record.seen_by(actor)
    step, dot, rest = path.partition(".")
    if not dot:
        return record.field(path)
    found = _told(actor, record, step, rest) if step in record.relations else _linked(actor, record, step, rest)
    if found is None:
        raise UnknownField(record.name, path, tuple(_names(actor, record, step)))
    return found


def reachable(actor: Actor, record: RecordType) -> Sequence[Field]:
    """What may be offered as further columns: the fields of linked records, and numbers told from related ones."""
    record = record.seen_by(actor)
    steps = (*(name for name, one in record.fields.items() if isinstance(one.kind, Link)), *record.relations)
    return tuple(reach(actor, record, f"{step}.{rest}") for step in steps for rest in _rests(actor, record, step))


def _names(actor: Actor, record: RecordType, step: str) -> Iterator[str]:
    if step in record.relations or (step in record.fields and isinstance(record.fields[step].kind, Link)):
        yield from (f"{step}.{rest}" for rest in _rests(actor, record, step))
    else:
        yield from record.fields


def _rests(actor: Actor, record: RecordType, step: str) -> Iterator[str]:
    """What may follow a link or a relation in a path, the most telling first."""
    if step not in record.relations:
        target = known(actor, record.fields[step].link or "")
        if target:
            yield from (name for name, one in target.fields.items() if _shown_from_afar(one) and name != target.title)
        return
    related = _related(actor, record.relations[step])
    if related is None:
        return
    yield COUNT
    for name, one in related.fields.items():
        if one.kind.numeric:
            yield f"{name}.sum"
        elif isinstance(one.kind, Day | Moment):
            yield from (f"{name}.{how}" for how in ("max", "min"))


def _shown_from_afar(field: Field) -> bool:
    return not isinstance(field.kind, Links | LongText)


def _linked(actor: Actor, record: RecordType, step: str, name: str) -> Reached | None:
    through = record.fields.get(step)
    if through is None or not isinstance(through.kind, Link):
        return None
    target = known(actor, through.kind.to)
    end = target.fields.get(name) if target else None
    if end is None or not _shown_from_afar(end):
        return None
    label = format_lazy("{} → {}", through.label, end.label)
    return Reached(
        name=f"{step}.{name}", label=label, kind=end.kind, derived=True, hint=end.hint, through=through, end=end
    )


def _related(actor: Actor, relation: RelationTo) -> RecordType | None:
    """The type of related records, when the actor may know of them and of the link that relates them."""
    related = known(actor, relation.record)
    return related if related and relation.by in related.fields else None


def _told(actor: Actor, record: RecordType, step: str, rest: str) -> Reached | None:
    relation = record.relations[step]
    related = _related(actor, relation)
    if related is None:
        return None
    if rest == COUNT:
        label = format_lazy("{}: {}", relation.label, pgettext_lazy("of related records", "number"))
        return Reached(name=f"{step}.{rest}", label=label, kind=Integer(), derived=True, relation=relation, how=COUNT)
    name, _dot, how = rest.rpartition(".")
    end = related.fields.get(name)
    if end is None or how not in AGGREGATES:
        return None
    said = (
        _SAID.get(how) if end.kind.numeric else _SAID_OF_TIME.get(how) if isinstance(end.kind, Day | Moment) else None
    )
    if said is None:
        return None
    label = format_lazy("{}: {} ({})", relation.label, end.label, said)
    return Reached(name=f"{step}.{rest}", label=label, kind=end.kind, derived=True, relation=relation, end=end, how=how)


def check_known(actor: Actor, record: RecordType, where: Where) -> None:
    """Raise UnknownField when a condition that somebody asks for mentions what they may not know of."""
    match where:
        case All(parts) | AnyOf(parts):
            for part in parts:
                check_known(actor, record, part)
        case Not(inner):
            check_known(actor, record, inner)
        case Through(link):
            record.seen_by(actor).field(link)
        case Related(name, inner):
            related = _related(actor, record.relation(name))
            if related is None:
                raise UnknownField(record.name, name, tuple(record.relations))
            check_known(actor, related, inner)
        case Test(path):
            _check_path(actor, record.seen_by(actor), path)


def _check_path(actor: Actor, record: RecordType, path: str) -> None:
    """Filters may follow several links, one after the other."""
    step, _dot, rest = path.partition(".")
    if "." in rest and step not in record.relations:
        target = known(actor, record.field(step).link or step)
        if target is not None:
            return _check_path(actor, target, rest)
    reach(actor, record, path)
    return None
