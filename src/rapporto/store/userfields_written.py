"""What must hold when an own field, its group or a value of its list is written, and what follows from it."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import F, Max, Model

from rapporto.kernel.kinds import Choice
from rapporto.kernel.record import RecordType
from rapporto.kernel.text import Message, fold
from rapporto.store import field_indexes
from rapporto.store.declare import DECLARED
from rapporto.store.derive import on_fields
from rapporto.store.errors import Invalid
from rapporto.store.userfields import forget
from rapporto.store.userfields_models import FieldChoice, FieldGroup, FieldsVersion, UserField

FOR_GOOD = Message("This was chosen when the field was made and stays; make another field instead.")
NO_TARGET = Message("Choose what the field links to.")
_NO_LETTER = re.compile(r"[^a-z0-9]+")


@on_fields("label", "removed", "record")
def named_once(row: UserField, changed: Mapping[str, Any]) -> None:
    """Two fields of a type are never called the same; one taken away frees its name."""
    if row.removed or row.record not in DECLARED:
        return
    others = UserField.objects.filter(record=row.record, removed=False).exclude(pk=row.pk)
    names = {fold(str(one.label)) for one in DECLARED[row.record].record.fields.values()}
    if fold(row.label) in names | {fold(label) for label in others.values_list("label", flat=True)}:
        raise Invalid(
            {"label": Message("There is a field called «{label}» already; choose another name.", {"label": row.label})}
        )


@on_fields("record", "kind", "target")
def holds_what_it_was_made_for(row: UserField, changed: Mapping[str, Any]) -> None:
    """What a field holds changes only by a conversion, which looks after its values; where it belongs to never."""
    was = UserField.objects.filter(pk=row.pk).first() if row.pk else None
    wrong = {} if was is None else {n: FOR_GOOD for n in ("record", "target") if getattr(was, n) != getattr(row, n)}
    if was is not None and was.kind != row.kind:
        wrong["kind"] = FOR_GOOD
    if row.kind == "link" and not row.target:
        wrong["target"] = NO_TARGET
    if wrong:
        raise Invalid(wrong)
    if row.kind != "link":
        row.target = ""


@on_fields("group", "record")
def group_of_its_own(row: UserField, changed: Mapping[str, Any]) -> None:
    """A field stands in a group of its own type."""
    if row.group is not None and row.group.record != row.record:
        raise Invalid({"group": Message("This group belongs to another type; choose one of those offered.")})


@on_fields("only_for", "record")
def kinds_there_are(row: UserField, changed: Mapping[str, Any]) -> None:
    """The kinds of record for which a field is meant are those of its type."""
    known = kinds_of(DECLARED[row.record].record) if row.record in DECLARED else {}
    said = [code.strip() for code in row.only_for.split(",") if code.strip()]
    if wrong := [code for code in said if code not in known]:
        raise Invalid({"only_for": Message("«{code}» is no kind of these records.", {"code": wrong[0][:60]})})
    row.only_for = "" if set(said) == known.keys() else ",".join(dict.fromkeys(said))


def kinds_of(record: RecordType) -> dict[str, Any]:
    """The kinds of record of a type, by code; none when it makes no such difference."""
    one = record.fields.get("kind")
    return dict(one.kind.choices) if one is not None and isinstance(one.kind, Choice) else {}


def last_place(row: UserField | FieldGroup | FieldChoice, changed: Mapping[str, Any]) -> None:
    """What is new stands last."""
    if row.position is None:
        beside = {"field_id": row.field_id} if isinstance(row, FieldChoice) else {"record": row.record}
        model: type[Model] = type(row)
        row.position = (model._default_manager.filter(**beside).aggregate(last=Max("position"))["last"] or 0) + 1


@on_fields("name", "record")
def group_named_once(row: FieldGroup, changed: Mapping[str, Any]) -> None:
    """Two groups of a type are never called the same."""
    others = FieldGroup.objects.filter(record=row.record).exclude(pk=row.pk).values_list("name", flat=True)
    if fold(row.name) in {fold(name) for name in others}:
        raise Invalid(
            {"name": Message("There is a group «{label}» already; choose another name.", {"label": row.name})}
        )


@on_fields("label", "code", "field")
def value_named_once(row: FieldChoice, changed: Mapping[str, Any]) -> None:
    """Two values of a list are never called the same; the code follows from the first name and stays."""
    others = list(FieldChoice.objects.filter(field=row.field_id).exclude(pk=row.pk).values_list("label", "code"))
    if fold(row.label) in {fold(label) for label, _code in others}:
        raise Invalid(
            {"label": Message("There is a value «{label}» already; choose another name.", {"label": row.label})}
        )
    was = FieldChoice.objects.filter(pk=row.pk).first() if row.pk else None
    if was is not None:
        if (was.code, was.field_id) != (row.code, row.field_id):
            raise Invalid({"code" if was.code != row.code else "field": FOR_GOOD})
        return
    row.code = free_code(row.code or row.label, {code for _label, code in others})


def free_code(name: str, taken: set[str]) -> str:
    """A code for a value called so: its letters and figures, with a number behind when another value has that."""
    bare = _NO_LETTER.sub("_", fold(name)).strip("_")[:60] or "value"
    return next(code for code in (bare, *(f"{bare}_{n}" for n in range(2, len(taken) + 3))) if code not in taken)


def of_a_list(row: FieldChoice, changed: Mapping[str, Any]) -> None:
    """Only a field that is chosen from a list has values."""
    if row.field_id and row.field.kind != "choice":
        raise Invalid({"field": Message("Only a field chosen from a list has values of its own.")})


def tell_of_fields(ids: Sequence[int]) -> None:
    """Every process reads the fields anew with its next request."""
    FieldsVersion.objects.get_or_create(pk=1)
    FieldsVersion.objects.filter(pk=1).update(number=F("number") + 1)
    forget()


@on_fields("record", "kind", "removed")
def renew_indexes(ids: Sequence[int]) -> None:
    """Fields that came, went or hold something else get their indexes, or lose them."""
    field_indexes.follow(ids)
