"""`create_many`: many new records at once, with the same checks, permission, keys, links and history as `save`; for imports."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from rapporto.kernel.actor import Actor
from rapporto.kernel.kinds import Choice
from rapporto.kernel.record import RecordType
from rapporto.kernel.text import Message
from rapporto.store.asking import Asked
from rapporto.store.checks import Needed, Reading, Wrong, retired, taken, unreachable
from rapporto.store.chunks import chunks
from rapporto.store.declare import DECLARED, Declaration
from rapporto.store.documents import each_once
from rapporto.store.erasures import any_erased
from rapporto.store.errors import Invalid, Refused
from rapporto.store.history.changing import current_id
from rapporto.store.inserting import inserting
from rapporto.store.known_again import not_erased
from rapporto.store.records import makeable_rows
from rapporto.store.userfields import record_type
from rapporto.store.write import put, put_links, refresh_new

Rows = Sequence[Mapping[str, Any]]


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
    _made: dict[str, list[Any]] = field(default_factory=dict)
    _there: dict[str, set[int]] = field(default_factory=dict)
    _types: dict[str, "_Type"] = field(default_factory=dict)

    def create(self, name: str, rows: Rows) -> list[int]:
        """Make records of one type; gives their ids in the order of the rows. Raises InvalidRows, Refused."""
        if not rows:
            return []
        if name not in self._types:
            self._types[name] = _Type.of(self.actor, name)
        one = self._types[name]
        checked = one.checked(rows, self._there)
        made = one.prepared(checked)
        ids = inserting(one.declaration.model).insert(made)
        if one.declaration.through:
            for row_id, values in zip(ids, checked, strict=True):
                put_links(one.declaration, row_id, values)
        one.permit(ids)
        self._made.setdefault(name, []).extend(made)
        self._there.setdefault(name, set()).update(ids)
        return ids

    def renew(self) -> None:
        """Renew what is derived from all that was made."""
        with each_once():
            for name, rows in self._made.items():
                refresh_new(DECLARED[name], rows)
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


@dataclass(frozen=True)
class _Type:
    """What is the same for all records of a type that one actor makes."""

    actor: Actor
    declaration: Declaration
    record: RecordType
    reading: Reading
    needed: Needed
    some_retired: bool
    """Whether a field has values that are no longer in use."""

    @classmethod
    def of(cls, actor: Actor, name: str) -> "_Type":
        declaration, record = DECLARED[name], record_type(name).seen_by(actor)
        retired = any(isinstance(one.kind, Choice) and one.kind.retired for one in record.fields.values())
        return cls(actor, declaration, record, Reading.of(actor, record), Needed.of(declaration, record), retired)

    def checked(self, rows: Rows, there: Mapping[str, set[int]]) -> list[dict[str, Any]]:
        """The values in canonical form. InvalidRows names every wrong one at once. `there` is what was made before, by type."""
        wrong: Wrong = {}
        checked = []
        for position, values in enumerate(rows):
            canonical, errors = self.reading.read(values)
            checked.append(canonical)
            if errors or (self.some_retired and (errors := retired(self.record, canonical))):
                wrong[position] = errors
        for position, errors in unreachable(self.actor, self.record, checked, there).items():
            wrong.setdefault(position, {}).update(errors)
        _raise(wrong)
        return checked

    def prepared(self, checked: list[dict[str, Any]]) -> list[Any]:
        """The rows in memory: what was said, what follows from it. InvalidRows when anything needed is missing or taken."""
        made = inserting(self.declaration.model).rows(len(checked))
        alone = [one for one in self.declaration.prepare if getattr(one, "many", None) is None]
        together = [one.many for one in self.declaration.prepare if getattr(one, "many", None) is not None]  # type: ignore[attr-defined]
        wrong: Wrong = {}
        for position, (row, values) in enumerate(zip(made, checked, strict=True)):
            put(self.declaration, self.record, row, values)
            try:
                for prepare in alone:
                    prepare(row, values)
            except Invalid as bad:
                wrong[position] = bad.errors
            else:
                if missing := self.needed.missing(row, values, new=True):
                    wrong[position] = missing
        _raise(wrong)
        for many in together:
            many(made)
        _raise(taken(self.declaration, made))
        _not_erased(self.record, made)
        return made

    def permit(self, ids: list[int]) -> None:
        """Nobody makes what they could not have."""
        if Asked.by(self.actor).changes_all(self.declaration.name):
            return
        for some in chunks(ids):
            if makeable_rows(self.actor, self.declaration.name).filter(pk__in=some).count() != len(some):
                raise Refused("This would put records out of your reach; ask a manager to do it.")


def _raise(wrong: Wrong) -> None:
    if wrong:
        raise InvalidRows(wrong)


def _not_erased(record: RecordType, made: list[Any]) -> None:
    """Whoever was erased on request does not come back with an old list."""
    wrong: Wrong = {}
    for position, row in enumerate(made if record.identifying and any_erased() else ()):
        try:
            not_erased(record, row)
        except Invalid as bad:
            wrong[position] = bad.errors
    _raise(wrong)


__all__ = ["InvalidRows", "Making", "create_many", "making"]
