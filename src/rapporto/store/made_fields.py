"""Commands on the fields that a company makes: make, order, convert; everything else is `save` on their records."""

from collections.abc import Mapping, Sequence
from typing import Any

from rapporto.kernel.actor import Actor
from rapporto.kernel.record import Field
from rapporto.kernel.text import BadValue, fold
from rapporto.store.errors import Invalid
from rapporto.store.history.changing import change_set
from rapporto.store.records import get
from rapporto.store.userfields import KINDS, record_type
from rapporto.store.userfields_models import FieldGroup, UserField
from rapporto.store.write import save


def make_field(
    actor: Actor, record: str, label: str, kind: str, settings: Mapping[str, Any] | None = None, group: str = ""
) -> Field:
    """Make a field for a record type, with its index; gives its declaration.

    `settings`: for a choice `choices`, labels or (code, label) pairs; for a link `to`, a record type; `hint`, `required`, `only_for`
    for any. A group that is not there is made. BadValue for a blank or taken name or an unknown kind; Invalid, Refused as `save`.
    """
    said = dict(settings or {})
    _check(label, kind)
    with change_set(actor, "make_field"):
        values: dict[str, Any] = {
            name: said[name] for name in ("label_en", "hint", "required", "only_for") if name in said
        }
        values |= {"record": record, "label": label, "kind": kind, "target": said.get("to", "")}
        values["group"] = group_called(actor, record, group) if group else None
        try:
            row: UserField = save(actor, "user_field", values)
        except Invalid as wrong:
            raise _plain(wrong) from None
        for one in said.get("choices", ()) if kind == "choice" else ():
            code, name = ("", one) if isinstance(one, str) else one
            save(actor, "field_choice", {"field": row.pk, "code": code, "label": name})
    return record_type(record).field(row.name)


def _check(label: str, kind: str) -> None:
    if not fold(label):
        raise BadValue("Give the field a name.")
    if kind not in KINDS:
        raise BadValue("«{kind}» is no kind of field; choose one of: {kinds}.", kind=kind, kinds=", ".join(KINDS))


def _plain(wrong: Invalid) -> Exception:
    """What is wrong with the name alone is told without its field."""
    message = wrong.errors.get("label")
    return BadValue(message.text, **message.params) if len(wrong.errors) == 1 and message else wrong


def group_called(actor: Actor, record: str, name: str) -> int:
    """The group of that name; made when there is none."""
    known = FieldGroup.objects.filter(record=record).values_list("pk", "name")
    there = next((pk for pk, called in known if fold(called) == fold(name)), None)
    return there if there is not None else int(save(actor, "field_group", {"record": record, "name": name}).pk)


def put_in_order(actor: Actor, name: str, ids: Sequence[int], *, command: str = "order") -> None:
    """Let fields, groups or values stand in this order; the places they had among them are given out anew."""
    rows = {one: get(actor, name, one) for one in ids}
    places = sorted(row.position or 0 for row in rows.values())
    if len(set(places)) < len(places):
        places = list(range(1, len(places) + 1))
    with change_set(actor, command):
        for one, place in zip(ids, places, strict=True):
            if rows[one].position != place:
                save(actor, name, {"position": place}, one)
