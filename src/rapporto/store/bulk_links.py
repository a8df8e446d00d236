"""Several links of many records at once: some are added, some taken away, the others stay."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from rapporto.kernel.actor import Actor
from rapporto.kernel.where import EVERYTHING, Where
from rapporto.store.bulk import CHUNK, Changed, change_many
from rapporto.store.chunks import chunks
from rapporto.store.declare import DECLARED
from rapporto.store.errors import Refused
from rapporto.store.history.changing import change_set
from rapporto.store.records import find

Links = tuple[int, ...]


def change_links(
    actor: Actor,
    name: str,
    where: Where,
    values: Mapping[str, Any],
    *,
    add: Mapping[str, Collection[int]],
    take: Mapping[str, Collection[int]],
    only: Collection[int] | None = None,
) -> Changed:
    """As `change_many` with `values`; moreover in fields of several links these are added and those taken away.

    One change set for up to 10,000 records; Refused for more. Records that end up alike are written together.
    """
    fields = sorted({*add, *take})
    with change_set(actor, "change_many") as change:
        rows = find(actor, name, where) if only is None else find(actor, name, where).filter(pk__in=only)
        ids = list(rows.order_by("pk").values_list("pk", flat=True)[: CHUNK + 1])
        if len(ids) > CHUNK:
            raise Refused("These are more than 10,000 records: choose fewer to add or take away among several.")
        there = {field: _links(name, field, ids) for field in fields}
        alike: dict[tuple[Links, ...], list[int]] = defaultdict(list)
        for row_id in ids:
            found = (set(there[field].get(row_id, ())) for field in fields)
            pairs = zip(fields, found, strict=True)
            alike[tuple(tuple(sorted((now | {*add.get(f, ())}) - {*take.get(f, ())})) for f, now in pairs)].append(
                row_id
            )
        done = [
            change_many(actor, name, EVERYTHING, {**values, **dict(zip(fields, links, strict=True))}, only=some)
            for links, some in alike.items()
        ]
    return Changed(change.pk, sum(one.changed for one in done), sum(one.refused for one in done))


def _links(name: str, field: str, ids: list[int]) -> dict[int, Links]:
    column: Any = DECLARED[name].model._meta.get_field(field)
    source, target = column.m2m_column_name(), column.m2m_reverse_name()
    found: dict[int, Links] = {}
    for some in chunks(ids):
        rows = DECLARED[name].through[field]._default_manager.filter(**{f"{source}__in": some})
        for row_id, one in rows.values_list(source, target):
            found[row_id] = (*found.get(row_id, ()), one)
    return found
