"""`create_many`: many new records at once, with the same checks, permission, keys, links and history as `save`; for imports."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from rapporto.kernel.actor import Actor
from rapporto.kernel.kinds import Links
from rapporto.kernel.record import RecordType
from rapporto.kernel.text import BadValue, Message
from rapporto.kernel.where import EVERYTHING
from rapporto.store.chunks import chunks
from rapporto.store.declare import DECLARED, Declaration
from rapporto.store.documents import each_once
from rapporto.store.erasures import any_erased
from rapporto.store.errors import Invalid, Refused
from rapporto.store.history.changing import current_id
from rapporto.store.known_again import not_erased
from rapporto.store.records import changeable_rows, find
from rapporto.store.userfields import record_type
from rapporto.store.write import FIXED, NO_SUCH_FIELD, NOT_THERE, REQUIRED, put, put_links, refresh

Rows = Sequence[Mapping[str, Any]]
Wrong = dict[int, dict[str, Message]]


class InvalidRows(Exception):
    """Some of the records cannot be made: by position among the rows, then by field; nothing was made."""

    def __init__(self, errors: Mapping[int, Mapping[str, Message]]) -> None:
        first = min(errors)
        super().__init__(
            f"{len(errors)} rows; row {first}: " + "; ".join(f"{n}: {m}" for n, m in errors[first].items())
        )
        self.errors = errors


@dataclass
class Making:
    """New records of several types in one transaction; what is derived from them is renewed once, when all are there."""

    actor: Actor
    _made: dict[str, list[int]] = field(default_factory=dict)

    def create(self, name: str, rows: Rows) -> list[int]:
        """Make records of one type; gives their ids in the order of the rows. Raises InvalidRows, Refused."""
        if not rows:
            return []
        declaration, record = DECLARED[name], record_type(name).seen_by(self.actor)
        checked = _checked(self.actor, record, rows)
        made = [declaration.model() for _ in rows]
        _prepare(declaration, record, made, checked)
        declaration.model._default_manager.bulk_create(made)
        ids = [row.pk for row in made]
        if any(isinstance(one.kind, Links) for one in record.fields.values()):
            for row_id, values in zip(ids, checked, strict=True):
                put_links(declaration, row_id, values)
        _permit(self.actor, record, ids)
        self._made.setdefault(name, []).extend(ids)
        return ids

    def renew(self) -> None:
        """Renew what is derived from all that was made."""
        with each_once():
            for name, ids in self._made.items():
                refresh(DECLARED[name], ids, None)
        self._made.clear()


@contextmanager
def making(actor: Actor) -> Iterator[Making]:
    """Make records of several types, wholes before their parts; only inside a change set."""
    if current_id() is None:
        raise RuntimeError("records are made inside a change set, so that they can be undone together")
    under_way = Making(actor)
    yield under_way
    under_way.renew()


def create_many(actor: Actor, name: str, rows: Rows) -> list[int]:
    """Make records of one type, inside a change set; gives their ids in the order of the rows. Raises InvalidRows, Refused."""
    with making(actor) as under_way:
        return under_way.create(name, rows)


def _checked(actor: Actor, record: RecordType, rows: Rows) -> list[dict[str, Any]]:
    """The values in canonical form. InvalidRows names every wrong one at once."""
    fixed, wrong = record.fixed_for(actor), defaultdict[int, dict[str, Message]](dict)
    checked: list[dict[str, Any]] = []
    for position, values in enumerate(rows):
        canonical: dict[str, Any] = {}
        for name, value in values.items():
            if name not in record.fields:
                wrong[position][name] = NO_SUCH_FIELD
            elif name in fixed:
                wrong[position][name] = FIXED
            else:
                try:
                    canonical[name] = record.fields[name].kind.check(value)
                except BadValue as bad:
                    wrong[position][name] = bad.message
        checked.append(canonical)
    _reachable(actor, record, checked, wrong)
    if wrong:
        raise InvalidRows(wrong)
    return checked


def _reachable(actor: Actor, record: RecordType, checked: list[dict[str, Any]], wrong: Wrong) -> None:
    """Links to records that are not there or may not be seen; one query for a type linked to and a thousand ids."""
    targets = {name: one.link for name, one in record.fields.items() if one.link}
    links = list(_links(targets, checked))
    for target in {targets[name] for _, name, _ in links}:
        named = [link for link in links if targets[link[1]] == target]
        wanted = {one for _, _, one in named}
        there: set[int] = set()
        for some in chunks(sorted(wanted)):
            there.update(find(actor, target).filter(pk__in=some).order_by().values_list("pk", flat=True))
        for position, name, one in named:
            if one not in there:
                wrong.setdefault(position, {})[name] = NOT_THERE


def _links(targets: Mapping[str, str], checked: list[dict[str, Any]]) -> Iterator[tuple[int, str, int]]:
    for position, values in enumerate(checked):
        for name in targets.keys() & values.keys():
            if (value := values[name]) is not None:
                yield from ((position, name, one) for one in (value if isinstance(value, tuple) else (value,)))


def _prepare(declaration: Declaration, record: RecordType, made: list[Any], checked: list[dict[str, Any]]) -> None:
    """Fill the rows in memory: what was said, what follows from it, and whether anything needed is missing."""
    wrong: Wrong = {}
    needed = [n for n, one in declaration.record.fields.items() if one.required and not isinstance(one.kind, Links)]
    for position, (row, values) in enumerate(zip(made, checked, strict=True)):
        put(declaration, record, row, values)
        for prepare in declaration.prepare:
            if getattr(prepare, "many", None) is None:
                try:
                    prepare(row, values)
                except Invalid as bad:
                    wrong.setdefault(position, {}).update(bad.errors)
        for name in needed:
            if getattr(row, declaration.columns[name].value) in (None, ""):
                wrong.setdefault(position, {})[name] = REQUIRED
    if wrong:
        raise InvalidRows(wrong)
    for prepare in declaration.prepare:
        if (many := getattr(prepare, "many", None)) is not None:
            many(made)
    _not_erased(record, made)


def _not_erased(record: RecordType, made: list[Any]) -> None:
    """Whoever was erased on request does not come back with an old list."""
    wrong: Wrong = {}
    for position, row in enumerate(made if record.identifying and any_erased() else ()):
        try:
            not_erased(record, row)
        except Invalid as bad:
            wrong[position] = bad.errors
    if wrong:
        raise InvalidRows(wrong)


def _permit(actor: Actor, record: RecordType, ids: list[int]) -> None:
    """Nobody makes what they could not have."""
    if record.changeable(actor) == EVERYTHING:
        return
    for some in chunks(ids):
        if changeable_rows(actor, record.name).filter(pk__in=some).count() != len(some):
            raise Refused("This would put records out of your reach; ask a manager to do it.")


__all__ = ["InvalidRows", "Making", "create_many", "making"]
