"""Fields that a company makes on the screen: the same `Field`, kept in the row's JSON, with an index made when the field is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import F

from rapporto.kernel.actor import Actor
from rapporto.kernel.kinds import Choice, Code, Day, Integer, Kind, Link, LongText, Money, Text, Tick
from rapporto.kernel.record import Field, RecordType
from rapporto.kernel.text import BadValue, fold
from rapporto.store.declare import DECLARED
from rapporto.store.expressions import json_key_sql
from rapporto.store.history.changing import change_set
from rapporto.store.userfields_models import FieldsVersion, UserField

JSON_KEY = "~"
"""What the name of a folded key adds to the name of its user-made text."""

KINDS: Mapping[str, Callable[[Mapping[str, Any]], Kind]] = {
    "text": lambda settings: Text(settings.get("max_length", 200)),
    "long_text": lambda settings: LongText(),
    "code": lambda settings: Code(),
    "integer": lambda settings: Integer(),
    "money": lambda settings: Money(),
    "date": lambda settings: Day(),
    "tick": lambda settings: Tick(),
    "choice": lambda settings: Choice(tuple((code, label) for code, label in settings["choices"])),
    "link": lambda settings: Link(to=settings["to"]),
}
"""The kinds a company may choose from, built from the settings of the field."""


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
    """Drop what was read (another database is coming: tests)."""
    _cache.number, _cache.records = -1, None


def _load(number: int | None = None) -> None:
    made: dict[str, list[Field]] = {}
    for row in UserField.objects.filter(removed=False):
        made.setdefault(row.record, []).append(as_field(row))
    _cache.records = {
        name: DECLARED[name].record.with_fields(*fields) for name, fields in made.items() if name in DECLARED
    }
    if number is not None:
        _cache.number = number


def as_field(row: UserField) -> Field:
    """The declaration of a field made here."""
    return Field(name=row.name, label=row.label, kind=KINDS[row.kind](row.settings), made_here=True, group=row.group)


def make_field(
    actor: Actor, record: str, label: str, kind: str, settings: Mapping[str, Any] | None = None, group: str = ""
) -> Field:
    """Make a field for a record type, with its index. BadValue when the label is blank, taken, or the kind unknown."""
    known = record_type(record)
    if not fold(label):
        raise BadValue("Give the field a name.")
    if kind not in KINDS:
        raise BadValue("«{kind}» is no kind of field; choose one of: {kinds}.", kind=kind, kinds=", ".join(KINDS))
    if any(fold(str(one.label)) == fold(label) for one in known.fields.values()):
        raise BadValue("There is a field called «{label}» already; choose another name.", label=label)
    with change_set(actor, "make_field"):
        row = UserField.objects.create(
            record=record, label=label, kind=kind, settings=dict(settings or {}), group=group, name=""
        )
        row.name = f"u{row.pk}"
        row.position = row.pk
        row.save(update_fields=["name", "position"])
        field = as_field(row)
        _make_index(record, field)
        FieldsVersion.objects.get_or_create(pk=1)
        FieldsVersion.objects.filter(pk=1).update(number=F("number") + 1)
    _load()
    return field


def index_name(record: str, field: Field) -> str:
    """The name of the index of a user-made field."""
    return f"made_{record}_{field.name}"


def _make_index(record: str, field: Field) -> None:
    if isinstance(field.kind, LongText):
        return
    table = DECLARED[record].table
    name = field.name + (JSON_KEY if field.kind.keyed else "")
    key = json_key_sql('"extra"', name, field.kind.sql, connection.vendor)
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE INDEX "{index_name(record, field)}" ON "{table}" ({key}, "id")')
