"""Values of records as JSON, both ways, and the schema that says so: all of it derived from the kinds."""

import re
from collections.abc import Mapping
from typing import Any

from rapporto.kernel.actor import Actor
from rapporto.kernel.kinds import Choice, Day, Kind, Link, Links, Moment, Tick
from rapporto.kernel.record import Field, RecordType
from rapporto.kernel.text import BadValue, Message
from rapporto.store.errors import Invalid
from rapporto.store.write import check_values

LARGEST = 2**53 - 1
"""The largest whole number that every reader of JSON reads exactly."""
_NEEDED = {
    "string": Message("A text is needed here."),
    "integer": Message("A whole number is needed here."),
    "boolean": Message("true or false is needed here."),
    "array": Message("A list of whole numbers is needed here."),
}
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)", re.ASCII)
_UNREADABLE = Message("This value cannot be kept; it is out of every range.")


def dumped(field: Field, value: Any) -> Any:
    """The value of a field as JSON; a blank is null, several links are a list."""
    if isinstance(field.kind, Links):
        return list(value or ())
    if isinstance(field.kind, Tick):
        return bool(value)
    return None if value in (None, "") else field.kind.dump(value)


def given(actor: Actor, record: RecordType, values: Mapping[str, Any]) -> dict[str, Any]:
    """What was sent for a record, by field name, ready for the store. Invalid names everything wrong with it at once."""
    wrong = {}
    for name, value in values.items():
        if name in record.fields and (problem := _problem(record.fields[name].kind, value)):
            wrong[name] = problem
    if wrong or values.keys() - record.fields.keys():
        try:
            check_values(actor, record, {name: value for name, value in values.items() if name not in wrong})
        except Invalid as others:
            wrong |= others.errors
        raise Invalid(wrong)
    return dict(values)


def _problem(kind: Kind, value: Any) -> Message | None:
    if value is None:
        return None
    needed = str(kind.json["type"])
    if not _is(needed, value):
        return _NEEDED[needed]
    if needed == "string" and (problem := _problem_of_text(kind, value)):
        return problem
    try:
        kind.check(value)
    except BadValue:
        return None  # the store names it with all the others
    except (OverflowError, ValueError):
        return _UNREADABLE
    return None


def _problem_of_text(kind: Kind, text: str) -> Message | None:
    """Programs say exactly what they mean, where people are read as they type: no 1/2/2026, no label in the place of a code."""
    if (longest := getattr(kind, "max_length", 0)) and len(text) > longest:
        return Message("At most {count} characters are kept here.", {"count": longest})
    if isinstance(kind, Day) and not is_day(text):
        return Message("A day is written like 2026-11-26 here; null is blank.")
    if isinstance(kind, Moment) and not is_moment(text):
        return Message("A moment is written like 2026-11-26T15:30:00+01:00 here; null is blank.")
    if isinstance(kind, Choice) and kind.choices and text not in dict(kind.choices):
        known = {"known": ", ".join(code for code, _label in kind.choices)}
        return Message("One of these is needed here: {known}", known)
    return None


def is_day(text: str) -> bool:
    """Whether a text is a day as programs write it."""
    return _DAY.fullmatch(text) is not None


def is_moment(text: str) -> bool:
    """Whether a text is a moment with its zone."""
    return _MOMENT.fullmatch(text.upper()) is not None


def _is(needed: str, value: Any) -> bool:
    match needed:
        case "string":
            return isinstance(value, str)
        case "boolean":
            return isinstance(value, bool)
        case "array":
            return isinstance(value, list) and all(_is("integer", one) for one in value)
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= LARGEST


def schema(field: Field, *, written: bool = False) -> dict[str, Any]:
    """The JSON schema of a field. What can be blank may be null; `written` is for what is sent."""
    found = {**field.kind.json, "title": str(field.label)}
    if found["type"] == "integer":
        found |= {"minimum": 1 if isinstance(field.kind, Link) else -LARGEST, "maximum": LARGEST}
    if written and (longest := getattr(field.kind, "max_length", 0)) and found["type"] == "string":
        found["maxLength"] = longest
    if written and isinstance(field.kind, Choice) and field.kind.choices:
        found["enum"] = [code for code, _label in field.kind.choices]
    if hint := str(field.hint):
        found["description"] = f"{found['description']}. {hint}" if "description" in found else hint
    if field.link:
        found["x-links-to"] = field.link
    return _blank_too(field, found, written)


def _blank_too(field: Field, found: dict[str, Any], written: bool) -> dict[str, Any]:
    never = isinstance(field.kind, Links | Tick) if not written else field.required and field.default is None
    if not never:
        found["type"] = [found["type"], "null"]
        if "enum" in found:
            found["enum"] = [*found["enum"], None]
    return found


__all__ = ["LARGEST", "dumped", "given", "is_day", "is_moment", "schema"]
