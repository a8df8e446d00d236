"""Where the keys of groups are read: the rows of a list, or the records that a link of theirs leads to."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.lookups import Exact

from rapporto.kernel.kinds import Links, Tick
from rapporto.kernel.record import Field
from rapporto.kernel.where import All, AnyOf, Through, Where
from rapporto.store.asking import Asked
from rapporto.store.buckets import Bucket
from rapporto.store.covering import compared, covering
from rapporto.store.declare import DECLARED, Declaration
from rapporto.store.expressions import among
from rapporto.store.keys import blank, key_of
from rapporto.store.moment import looking_at
from rapporto.store.plans import Plan, plan
from rapporto.store.reaching import Reached


@dataclass(frozen=True)
class Source:
    """Rows that bear the keys of `field` as columns of their own; `few` when they are to be gathered."""

    declaration: Declaration
    rows: QuerySet[Any]
    field: Field
    few: bool
    scattered: tuple[str, ...] = ()
    """The columns that decide which rows are seen, when those are many, yet not all, and an index holds them beside the key: then
    groups of which nothing may be seen are not to be walked through row by row."""

    @property
    def indexed(self) -> bool:
        """Whether an index leads through the keys."""
        return self.field.made_here or self.declaration.columns[self.field.name].indexed


def source_of(asked: Asked, declaration: Declaration, where: Where, field: Field) -> Source:
    """Where the keys of a column are: of a path that follows a link, the linked records that some row of the list points to."""
    found = plan(asked, declaration, where, field.name)
    if isinstance(field, Reached):
        assert field.through is not None
        assert field.end is not None
        rows = pointed_to(asked, declaration, found, field.through)
        return Source(DECLARED[field.through.link or ""], rows, field.end, found.gathered)
    return Source(declaration, found.rows, field, found.gathered, _scattered(asked, declaration, where, field, found))


def _scattered(asked: Asked, declaration: Declaration, where: Where, field: Field, found: Plan) -> tuple[str, ...]:
    if found.gathered or looking_at() or asked.sees_all(declaration.name) or field.made_here:
        return ()
    key = declaration.columns[field.name].key
    others = compared(declaration, where & asked.seen(declaration.name))
    return tuple(sorted({key, *(one or "" for one in others)})) if covering(declaration, [key], others) else ()


def pointed_to(asked: Asked, declaration: Declaration, found: Plan, link: Field) -> QuerySet[Any]:
    """The records that may be seen and that a link of these rows points to."""
    targets = asked.records(link.link or "")
    if isinstance(link.kind, Links):
        if found.gathered:
            ids = found.rows.order_by().filter(**{f"{link.name}__isnull": False}).values_list(link.name, flat=True)
            return targets.filter(pk__in=among(ids.distinct()))
        return targets.filter(Exists(_pairs(declaration, found.rows, link)))
    key = key_of(declaration, link)
    if found.gathered:
        ids = found.rows.order_by().annotate(pointed=key).values_list("pointed", flat=True).distinct()
        return targets.filter(pk__in=among(one for one in ids if one is not None))
    return targets.filter(Exists(found.rows.filter(Q(Exact(key, OuterRef("pk"))))))


def _pairs(declaration: Declaration, rows: QuerySet[Any], link: Field) -> QuerySet[Any]:
    column: Any = declaration.model._meta.get_field(link.name)
    pairs = declaration.through[link.name]._default_manager.filter(**{column.m2m_reverse_name(): OuterRef("pk")})
    if not rows.query.where and not rows.query.is_sliced:
        return pairs
    return pairs.filter(Exists(rows.filter(pk=OuterRef(column.m2m_column_name()))))


def any_blank(asked: Asked, declaration: Declaration, where: Where, field: Field, bucket: Bucket) -> bool:
    """Whether some row has no value in a column."""
    found = plan(asked, declaration, where)
    if isinstance(field, Reached):
        return _any_linked_blank(asked, declaration, found, field, bucket)
    if isinstance(field.kind, Tick):
        return False
    empty = blank(declaration, field) if not field.link else asked.condition(declaration, bucket.where)
    return found.rows.filter(empty).exists()


def _any_linked_blank(asked: Asked, declaration: Declaration, found: Plan, field: Reached, bucket: Bucket) -> bool:
    """Looks for a row without link first, then for a linked record without value: the rows one by one are the last resort."""
    link, end = field.through, field.end
    assert link is not None
    assert end is not None
    target = DECLARED[link.link or ""]
    if found.rows.filter(blank(declaration, link)).exists():
        return True
    pointed = pointed_to(asked, declaration, found, link)
    if not isinstance(end.kind, Tick) and pointed.filter(blank(target, end)).exists():
        return True
    all_seen = asked.sees_all(target.name) or _follows(asked.seen(declaration.name), link.name)
    if all_seen and not link.made_here and (not end.link or asked.sees_all(end.link)):
        return False
    return found.rows.filter(asked.condition(declaration, bucket.where)).exists()


def _follows(seen: Where, link: str) -> bool:
    """Whether who sees a row sees the record that a link of it leads to: what is a part is seen with its whole."""
    match seen:
        case All(parts):
            return any(_follows(part, link) for part in parts)
        case AnyOf(parts):
            return all(_follows(part, link) for part in parts)
    return seen == Through(link)
