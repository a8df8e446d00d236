"""Fields that a company makes on the screen, as every surface knows them: the same `Field`, read anew when they changed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from rapporto.kernel.kinds import Choice, Code, Day, Integer, Kind, Link, LongText, Money, Text, Tick
from rapporto.kernel.record import Field, RecordType
from rapporto.store.declare import DECLARED
from rapporto.store.moment import present
from rapporto.store.userfields_models import FieldChoice, FieldsVersion, UserField

JSON_KEY = "~"
"""What the name of a folded key adds to the name of its user-made text."""

Values = tuple[tuple[str, str, bool], ...]
"""The values of a choice field in order: code, label, whether it is retired."""


def _choice(row: UserField, values: Values) -> Kind:
    named = tuple((code, _retired(label) if retired else label) for code, label, retired in values)
    return Choice(named, frozenset(code for code, _label, retired in values if retired))


def _retired(label: str) -> Any:
    return format_lazy("{} ({})", label, _("no longer in use"))


KINDS: Mapping[str, Callable[[UserField, Values], Kind]] = {
    "text": lambda row, values: Text(),
    "long_text": lambda row, values: LongText(),
    "code": lambda row, values: Code(),
    "integer": lambda row, values: Integer(),
    "money": lambda row, values: Money(),
    "date": lambda row, values: Day(),
    "tick": lambda row, values: Tick(),
    "choice": _choice,
    "link": lambda row, values: Link(to=row.target),
}
"""The kinds a company may choose from, built from the row of the field."""


@dataclass
class _Cache:
    number: int = -1
    records: Mapping[str, RecordType] | None = None


_cache = _Cache()


def record_type(name: str) -> RecordType:
    """A record type with the fields that the company made; KeyError lists the types there are."""
    if _cache.records is None:
        _load()
    records = _cache.records or {}
    return records[name] if name in records else DECLARED[name].record


def reread() -> None:
    """Read the fields anew if they changed since: once per request and per delivery (one query)."""
    number = FieldsVersion.objects.filter(pk=1).values_list("number", flat=True).first() or 0
    if number != _cache.number:
        _load(number)


def forget() -> None:
    """Drop what was read: it is changing within this transaction, or another database is coming (tests)."""
    _cache.number, _cache.records = -1, None


def _load(number: int | None = None) -> None:
    with present():
        values = _values()
        rows = UserField.objects.filter(removed=False).select_related("group")
        ordered = sorted(rows, key=_place)
    made: dict[str, list[Field]] = {}
    for row in ordered:
        made.setdefault(row.record, []).append(as_field(row, values.get(row.pk, ())))
    _cache.records = {
        name: DECLARED[name].record.with_fields(*fields) for name, fields in made.items() if name in DECLARED
    }
    if number is not None:
        _cache.number = number


def _values() -> dict[int, Values]:
    """The values of every choice field, by one query."""
    found: dict[int, list[tuple[str, str, bool]]] = {}
    rows = FieldChoice.objects.order_by("position", "id").values_list("field_id", "code", "label", "retired")
    for field, code, label, retired in rows:
        found.setdefault(field, []).append((code, label, retired))
    return {field: tuple(some) for field, some in found.items()}


def _place(row: UserField) -> tuple[Any, ...]:
    """Those without a group first, then group by group."""
    group = (row.group.position or 0, row.group_id) if row.group is not None else (-1, 0)
    return (*group, row.position or 0, row.pk)


def as_field(row: UserField, values: Values = ()) -> Field:
    """The declaration of a field made here."""
    return Field(
        name=row.name,
        label=label_of(row),
        kind=KINDS[row.kind](row, values),
        made_here=True,
        required=row.required,
        hint=row.hint,
        group=row.group.name if row.group is not None else "",
        only_for=tuple(code for code in row.only_for.split(",") if code),
    )


def label_of(row: UserField) -> Any:
    """What the field is called, in the language of whoever reads it when the company gave it two names."""
    if not row.label_en:
        return row.label
    return lazy(_spoken, str)(row.label, row.label_en)


def _spoken(italian: str, english: str) -> str:
    return english if (get_language() or "it").startswith("en") else italian
