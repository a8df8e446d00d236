"""What is asked of values before they are written: the same of one record and of thousands."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rapporto.kernel.actor import Actor
from rapporto.kernel.kinds import Choice, Links
from rapporto.kernel.record import RecordType
from rapporto.kernel.text import BadValue, Message
from rapporto.store.chunks import chunks
from rapporto.store.declare import Declaration
from rapporto.store.erasures import refusals
from rapporto.store.errors import Invalid
from rapporto.store.history.weigh import unique_sets
from rapporto.store.records import find

REQUIRED = Message("This is needed.")
TAKEN = Message("There is one like this already; open that one, or write something else.")
NO_SUCH_FIELD = Message("There is no such field.")
FIXED = Message("This field cannot be changed here.")
NOT_THERE = Message("This is not in the register, or you may not see it; choose another one.")

Values = Mapping[str, Any]
"""By field name."""
Errors = dict[str, Message]
"""By field name."""
Wrong = dict[int, Errors]
"""By position among the records."""


@dataclass(frozen=True)
class Reading:
    """How values of a record type are read that one actor writes; worked out once for any number of records."""

    record: RecordType
    checks: Mapping[str, Callable[[Any], Any]]
    """By the names of the fields that may be written."""

    @classmethod
    def of(cls, actor: Actor, record: RecordType) -> "Reading":
        """For a record type as the actor sees it."""
        fixed = record.fixed_for(actor)
        return cls(record, {name: one.kind.check for name, one in record.fields.items() if name not in fixed})

    def read(self, values: Values) -> tuple[dict[str, Any], Errors]:
        """The values in canonical form, and what is wrong with the others."""
        canonical: dict[str, Any] = {}
        wrong: Errors = {}
        for name, value in values.items():
            check = self.checks.get(name)
            if check is None:
                wrong[name] = FIXED if name in self.record.fields else NO_SUCH_FIELD
                continue
            try:
                canonical[name] = check(value)
            except BadValue as bad:
                wrong[name] = bad.message
        return canonical, wrong


def check_values(actor: Actor, record: RecordType, values: Values) -> dict[str, Any]:
    """The values in canonical form. Invalid names every wrong one at once, with what to do."""
    checked, errors = Reading.of(actor, record).read(values)
    errors |= unreachable(actor, record, [checked]).get(0, {})
    errors |= refusals(record, checked)
    if errors:
        raise Invalid(errors)
    return checked


def unreachable(
    actor: Actor, record: RecordType, checked: Sequence[Values], known: Mapping[str, Collection[int]] | None = None
) -> Wrong:
    """Links to records that are not there or may not be seen; one query for a type linked to and a thousand ids.

    `known` are ids, by type, of which it is known already that they are there.
    """
    wrong: Wrong = {}
    by_target: dict[str, list[tuple[int, str, int]]] = {}
    targets = {name: one.link for name, one in record.fields.items() if one.link}
    for position, name, one in _links(targets, checked):
        by_target.setdefault(targets[name], []).append((position, name, one))
    for target, links in by_target.items():
        there = set((known or {}).get(target, ()))
        for some in chunks(sorted({one for _, _, one in links} - there)):
            there.update(find(actor, target).filter(pk__in=some).order_by().values_list("pk", flat=True))
        for position, name, one in links:
            if one not in there:
                wrong.setdefault(position, {})[name] = NOT_THERE
    return wrong


def _links(targets: Mapping[str, str], checked: Sequence[Values]) -> Iterator[tuple[int, str, int]]:
    for position, values in enumerate(checked):
        for name in targets.keys() & values.keys():
            if (value := values[name]) is not None:
                yield from ((position, name, one) for one in (value if isinstance(value, tuple) else (value,)))


def in_use(record: RecordType, checked: Values, row: Any = None) -> None:
    """A value that is no longer in use stays where it is, and is given to nobody else. Invalid names the fields."""
    if errors := retired(record, checked, row):
        raise Invalid(errors)


def retired(record: RecordType, checked: Values, row: Any = None) -> Errors:
    """The fields with a value that is no longer in use, and that `row` does not have already."""
    errors: Errors = {}
    for name, value in checked.items():
        kind = record.fields[name].kind
        if isinstance(kind, Choice) and value in kind.retired and (row is None or row.extra.get(name) != value):
            label = str(kind.show(value))
            errors[name] = Message("«{label}» is not offered any more; choose another value.", {"label": label})
    return errors


@dataclass(frozen=True)
class Needed:
    """Which fields of a record must be filled, once everything that follows by itself was."""

    columns: Mapping[str, str]
    """What the product needs: the attribute of the row by field name."""
    made: frozenset[str]
    """What the company needs where it was asked for."""

    @classmethod
    def of(cls, declaration: Declaration, record: RecordType) -> "Needed":
        """Those of a record type as the actor sees it."""
        required = [one for one in record.fields.values() if one.required and not isinstance(one.kind, Links)]
        columns = {one.name: declaration.columns[one.name].value for one in required if not one.made_here}
        return cls(columns, frozenset(one.name for one in required if one.made_here))

    def missing(self, row: Any, asked: Collection[str], *, new: bool) -> Errors:
        """What is needed and is not there: in a new row of all that the product needs, in another of what was `asked`."""
        found = {
            name: REQUIRED
            for name, column in self.columns.items()
            if (new or name in asked) and getattr(row, column) in (None, "")
        }
        return found | {name: REQUIRED for name in self.made.intersection(asked) if row.extra.get(name) in (None, "")}


def taken(declaration: Declaration, rows: Sequence[Any]) -> Wrong:
    """What no two records share must be free, among these rows and in the register. One query for every set of such columns."""
    wrong: Wrong = {}
    for columns in unique_sets(declaration.model):
        names = [column.attname for column in columns]
        there = set(_there(declaration, rows, names))
        for position, row in enumerate(rows):
            values = tuple(getattr(row, name) for name in names)
            if values in there:
                wrong.setdefault(position, {})[columns[0].name] = TAKEN
            elif None not in values:
                there.add(values)
    return wrong


def _there(declaration: Declaration, rows: Sequence[Any], names: Sequence[str]) -> Iterable[tuple[Any, ...]]:
    """What other rows of the register have in these columns, of the values that these rows have there."""
    named = {name: {getattr(row, name) for row in rows} - {None} for name in names}
    if not all(named.values()):
        return ()
    others = declaration.model._default_manager.exclude(pk__in=[row.pk for row in rows if row.pk is not None])
    return others.filter(**{f"{name}__in": values for name, values in named.items()}).values_list(*names)


__all__ = ["FIXED", "NOT_THERE", "NO_SUCH_FIELD", "REQUIRED", "TAKEN", "Errors", "Needed", "Reading", "Values", "Wrong",
           "check_values", "in_use", "retired", "taken", "unreachable"]  # fmt: skip
