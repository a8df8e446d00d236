"""The values of own fields: how many records have one, reading them all anew as another kind, moving one value into another."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from rapporto.kernel.actor import Actor
from rapporto.kernel.kinds import Kind
from rapporto.kernel.record import Field
from rapporto.kernel.text import BadValue, fold
from rapporto.kernel.where import field
from rapporto.store.bulk import change_many
from rapporto.store.declare import DECLARED
from rapporto.store.errors import Invalid, Refused
from rapporto.store.expressions import JsonKey
from rapporto.store.history.changing import change_set
from rapporto.store.records import find, get
from rapporto.store.userfields import KINDS, record_type
from rapporto.store.userfields_models import FieldChoice, UserField
from rapporto.store.userfields_written import free_code
from rapporto.store.write import put_made, refresh, save

CHUNK = 1_000
MOST_VALUES = 60
"""A list from which somebody chooses is not longer than this."""
CONVERSIONS: Mapping[str, tuple[str, ...]] = {
    "text": ("choice", "long_text", "code", "integer", "money", "date"),
    "long_text": ("text",),
    "code": ("text", "choice", "integer"),
    "integer": ("text", "code", "money"),
    "money": ("text",),
    "date": ("text",),
    "tick": ("choice",),
    "choice": ("text", "code"),
}
"""What a field can become; a value that cannot be read anew forbids it."""


def filled(actor: Actor, row: UserField) -> int:
    """How many records have a value, of a field in use or taken away."""
    model = DECLARED[row.record].model
    if row.removed:
        return int(model._default_manager.filter(extra__has_key=row.name).count())
    one = record_type(row.record).field(row.name)
    condition = field(row.name).eq(True) if row.kind == "tick" else field(one.name).is_filled()
    return int(find(actor, row.record, condition).count())


def counts(actor: Actor, row: UserField) -> dict[str, int]:
    """How many records have each value of a choice field, by its code; two queries."""
    codes = FieldChoice.objects.filter(field=row).values_list("code", flat=True)
    rows = find(actor, row.record, field(row.name).is_filled()).order_by()
    found = dict(rows.values_list(JsonKey(row.name, "text")).annotate(number=Count("pk")))
    return {code: found.get(code, 0) for code in codes}


@dataclass(frozen=True)
class Conversion:
    """What becoming another kind would do: how many records have a value, which values there are, which cannot be read."""

    rows: int
    values: tuple[tuple[str, int], ...]
    """The words of the values and how often they occur, the most frequent first."""
    unreadable: tuple[tuple[str, int], ...]

    @property
    def possible(self) -> bool:
        """Whether nothing would be lost."""
        return not self.unreadable


def conversion(actor: Actor, row: UserField, kind: str) -> Conversion:
    """What a conversion would do, without doing it. BadValue when the field cannot become that at all."""
    if kind not in CONVERSIONS.get(row.kind, ()):
        raise BadValue("A field of this kind cannot become that; make another field instead.")
    old = record_type(row.record).field(row.name)
    found = Counter(old.kind.show(old.kind.load(extra[old.name])) for _pk, extra in _rows(actor, row, old))
    values = tuple(found.most_common())
    return Conversion(found.total(), values, tuple(one for one in values if not _readable(row, kind, one[0], found)))


def _readable(row: UserField, kind: str, text: str, found: Counter[str]) -> bool:
    if kind == "choice":
        return len({fold(value) for value in found}) <= MOST_VALUES
    try:
        return bool(KINDS[kind](row, ()).read(text) is not None)
    except BadValue:
        return False


def convert(actor: Actor, field_id: int, kind: str) -> int:
    """Let a field hold something else, its values read anew; a text becomes a list of the values found. One change set.

    Gives how many records had a value. Raises BadValue when one cannot be read as that.
    """
    row: UserField = get(actor, "user_field", field_id)
    planned = conversion(actor, row, kind)
    if not planned.possible:
        raise BadValue("{count} values cannot be read as that; change them first.", count=len(planned.unreadable))
    with change_set(actor, "convert_field"):
        old = record_type(row.record).field(row.name)
        read = list(_rows(actor, row, old))
        _become(row, kind)
        values = _new_values(actor, row, planned.values) if kind == "choice" else ()
        _write(row, old, KINDS[kind](row, values), read)
    return planned.rows


def _become(row: UserField, kind: str) -> None:
    """Change what it holds, past the rule that this stays. What was chosen from a list keeps its list, should it be undone."""
    row.kind = kind
    row.save(update_fields=["kind"])
    refresh(DECLARED["user_field"], [row.pk], ["kind"])


def _new_values(actor: Actor, row: UserField, found: Sequence[tuple[str, int]]) -> tuple[tuple[str, str, bool], ...]:
    """A list of the values found, those written alike as one, by their letters."""
    first: dict[str, str] = {}
    for text, _count in found:
        first.setdefault(fold(text), text)
    taken: set[str] = set()
    for text in sorted(first.values(), key=fold):
        code = free_code(text, taken)
        taken.add(code)
        if not FieldChoice.objects.filter(field=row, code=code).exists():
            save(actor, "field_choice", {"field": row.pk, "code": code, "label": text[:120]})
    return tuple((c, label, False) for c, label in FieldChoice.objects.filter(field=row).values_list("code", "label"))


def _write(row: UserField, old: Field, kind: Kind, rows: Sequence[tuple[int, dict[str, Any]]]) -> None:
    model = DECLARED[row.record].model
    record = record_type(row.record)
    record = record.with_fields(as_field_of(old, kind))
    for at in range(0, len(rows), CHUNK):
        changed = []
        for pk, extra in rows[at : at + CHUNK]:
            text = old.kind.show(old.kind.load(extra[old.name]))
            put_made(extra, record, old.name, kind.read(text))
            changed.append(model(pk=pk, extra=extra))
        model._default_manager.bulk_update(changed, ["extra"])


def as_field_of(old: Field, kind: Kind) -> Field:
    """The same field, holding something else."""
    return Field(name=old.name, label=old.label, kind=kind, made_here=True)


def _rows(actor: Actor, row: UserField, one: Field) -> Iterator[tuple[int, dict[str, Any]]]:
    """The records that have a value, with the values of their own fields."""
    condition = field(row.name).eq(True) if row.kind == "tick" else field(one.name).is_filled()
    yield from find(actor, row.record, condition).order_by("pk").values_list("pk", "extra").iterator(chunk_size=CHUNK)


def merge_choices(actor: Actor, source: int, target: int) -> int:
    """Give every record with one value of a list the other one, and retire the first; gives how many. One change set."""
    one: FieldChoice = get(actor, "field_choice", source)
    other: FieldChoice = get(actor, "field_choice", target)
    if one.field_id != other.field_id or one.pk == other.pk:
        raise Invalid({})
    row = one.field
    with change_set(actor, "merge_values"):
        moved = change_many(actor, row.record, field(row.name).eq(one.code), {row.name: other.code})
        if moved.refused:
            raise Refused("{count} records are out of your reach; ask a manager to do it.", count=moved.refused)
        save(actor, "field_choice", {"retired": True}, one.pk)
    return moved.changed
