"""The document that describes what programs can do (OpenAPI 3.1): derived from the declarations, fields made here included."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from rapporto.api.call import JSON, Call
from rapporto.api.door import told
from rapporto.api.listing import LARGEST as LARGEST_PAGE
from rapporto.api.listing import SIZE
from rapporto.api.many import MOST
from rapporto.api.problems import TYPE
from rapporto.api.values import LARGEST, schema
from rapporto.kernel.actor import Actor
from rapporto.kernel.record import Field, RecordType
from rapporto.store.answers import Answer
from rapporto.store.typed import VALUELESS

Part = dict[str, Any]
NUMBER: Part = {"type": "integer", "minimum": 0, "maximum": LARGEST}
ID: Part = {"type": "integer", "minimum": 1, "maximum": LARGEST}


def openapi(call: Call) -> Answer:
    """The document, for the record types that the caller may read."""
    return told(document(call.actor, call.records(), call.caller.scopes.may_write))


def document(actor: Actor, records: Iterable[RecordType], may_write: Callable[[str], bool]) -> Part:
    """The description of these record types, as the actor may know them."""
    known = list(records)
    paths: Part = {}
    schemas: Part = {
        "Problem": PROBLEM,
        "Change": CHANGE,
        "Changes": CHANGES,
        "Event": EVENT,
        "BulkResults": BULK_RESULTS,
    }
    for record in known:
        writes = may_write(record.name) and bool(record.change)
        paths |= _paths(record, writes)
        schemas |= _schemas(record, record.fixed_for(actor))
    return {
        "openapi": "3.1.0",
        "info": {"title": "Rapporto", "version": "1", "description": _introduction()},
        "servers": [{"url": "/api/v1"}],
        "security": [{"token": []}],
        "tags": [{"name": one.name, "description": str(one.plural)} for one in known],
        "paths": {**paths, "/changes": {"get": _changes()}, "/openapi.json": {"get": _itself()}},
        "webhooks": {"records.changed": {"post": _told()}},
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": schemas,
            "parameters": PARAMETERS,
            "responses": {"Problem": {"description": "RFC 9457", "content": {TYPE: {"schema": _ref("Problem")}}}},
        },
    }


def _introduction() -> str:
    return _(
        "Every list, record and field of this installation, with the rights of the user whose token is shown. Amounts of money are"
        " whole cents; days are 2026-11-26, moments carry their zone; null is blank. What is wrong is answered as problem+json."
    )


def _ref(name: str, of: str = "schemas") -> Part:
    return {"$ref": f"#/components/{of}/{name}"}


def _content(schema_: Part) -> Part:
    return {JSON: {"schema": schema_}}


def _answers(status: str, said: str, schema_: Part | None = None, **headers: str) -> Part:
    ok: Part = {"description": said}
    if schema_ is not None:
        ok["content"] = _content(schema_)
    if headers:
        ok["headers"] = {name: {"schema": {"type": "string"}, "description": text} for name, text in headers.items()}
    return {status: ok, "default": _ref("Problem", "responses")}


def _paths(record: RecordType, writes: bool) -> Part:
    name, label, plural = record.name, str(record.label), str(record.plural)
    row = {"name": "id", "in": "path", "required": True, "schema": ID}
    version = {"ETag": _("the version of the record")}
    many: Part = {"get": _operation("list", name, _list_parameters(record), _answers("200", plural, _page(name)))}
    one: Part = {"parameters": [row]}
    one["get"] = _operation("read", name, [_named("as_of")], _answers("200", label, _ref(name), **version))
    if not writes:
        return {f"/{name}": many, f"/{name}/{{id}}": one}
    made = _answers("201", label, _ref(name), **version, Location=_("where it is"))
    changed = _answers("200", label, _ref(name), **version)
    many["post"] = _operation("create", name, [_named("key")], made, f"{name}_values")
    bulk = _operation("bulk", name, [_named("key")], _answers("200", plural, _ref("BulkResults")), f"{name}_items")
    found = {f"/{name}": many, f"/{name}/{{id}}": one, f"/{name}/bulk": {"post": bulk}}
    if record.append_only:
        return found
    one["patch"] = _operation("change", name, [_named("if_match"), _named("key")], changed, f"{name}_values")
    one["delete"] = _operation("delete", name, [_named("if_match_too")], _answers("204", label))
    return found


def _operation(act: str, name: str, parameters: Iterable[Part], answers: Part, body: str = "") -> Part:
    found: Part = {"tags": [name], "operationId": f"{act}_{name}", "parameters": list(parameters), "responses": answers}
    return found | ({"requestBody": _body(body)} if body else {})


def _named(name: str) -> Part:
    return _ref(name, "parameters")


def _body(name: str) -> Part:
    return {"required": True, "content": _content(_ref(name))}


def _page(name: str) -> Part:
    properties = {"items": {"type": "array", "items": _ref(name)}, "next": {"type": ["string", "null"]}}
    return {"type": "object", "required": ["items", "next"], "properties": properties}


def _list_parameters(record: RecordType) -> Iterator[Part]:
    yield from map(_named, ("sort", "columns", "after", "limit", "as_of"))
    for name, field in record.fields.items():
        for op in field.kind.ops:
            yield _filter(name, field, op)


def _filter(name: str, field: Field, op: str) -> Part:
    value: Part = {"type": "string", "minLength": 1}
    if op in VALUELESS:
        value = {"type": "string", "enum": ["1"]}
    elif op == "is_in":
        value = {"type": "array", "items": value, "minItems": 1}
    return {"name": f"{name}.{op}", "in": "query", "schema": value, "description": str(field.label)}


def _schemas(record: RecordType, fixed: frozenset[str]) -> Part:
    name = record.name
    read = {one: schema(field) | ({"readOnly": True} if one in fixed else {}) for one, field in record.fields.items()}
    values = {one: _written(field) for one, field in record.fields.items() if one not in fixed}
    sent: Part = {"type": "object", "properties": values, "additionalProperties": False}
    return {
        name: {"type": "object", "title": str(record.label), "required": ["id"], "properties": {"id": ID, **read}},
        f"{name}_values": sent,
        f"{name}_items": _bulk_items(f"{name}_values", ledger=record.append_only),
    }


def _written(field: Field) -> Part:
    """What is sent for a field. What a record needs often follows from the rest: it is marked, and told when it is missing."""
    return schema(field, written=True) | ({"x-needed": True} if field.required else {})


def _bulk_items(values: str, *, ledger: bool) -> Part:
    # what is wrong with the values of one item is told in its own result, and refuses no other: they are only named here
    said = {"type": "object", "description": f"#/components/schemas/{values}"}

    def item(op: str, needed: Mapping[str, Part], **more: Part) -> Part:
        properties = {"op": {"const": op}, **needed, **more}
        return {"type": "object", "required": ["op", *needed], "properties": properties, "additionalProperties": False}

    kinds = [
        item("create", {"values": said}),
        item("change", {"id": ID, "values": said}, version=NUMBER),
        item("delete", {"id": ID}, version=NUMBER),
    ]
    items = {"type": "array", "minItems": 1, "maxItems": MOST, "items": {"oneOf": kinds[:1] if ledger else kinds}}
    return {"type": "object", "required": ["items"], "properties": {"items": items}, "additionalProperties": False}


def _changes() -> Part:
    after = {
        "name": "after",
        "in": "query",
        "schema": NUMBER,
        "description": _("the number to go on from; none: from now on"),
    }
    most = {
        "name": "limit",
        "in": "query",
        "schema": {"type": "integer", "minimum": 1, "maximum": 1000, "default": 200},
    }
    answers = _answers("200", _("what changed"), _ref("Changes"))
    return {"operationId": "changes", "parameters": [after, most], "responses": answers}


def _told() -> Part:
    """What a webhook gets, signed as Standard Webhooks say."""
    headers = [
        _parameter(name, {"type": "string"}, "header", required=True)
        for name in ("webhook-id", "webhook-timestamp", "webhook-signature")
    ]
    said = _(
        "any status from 200 to 299: it was taken; 410: nothing more is wanted; anything else: it is sent again later"
    )
    answers = {"2XX": {"description": said}}
    return {"parameters": headers, "requestBody": _body("Event"), "responses": answers, "security": []}


def _itself() -> Part:
    return {"operationId": "openapi", "responses": _answers("200", "OpenAPI", {"type": "object"})}


PROBLEM: Part = {
    "type": "object",
    "required": ["type", "title", "status", "code"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "detail"],
                "properties": {"pointer": {"type": "string"}, "detail": {"type": "string"}},
            },
        },
        "differences": {"type": "array", "items": {"type": "object", "required": ["field", "was", "now"]}},
    },
}
CHANGE: Part = {
    "type": "object",
    "required": ["record", "id", "act", "number", "change_set"],
    "properties": {
        "record": {"type": "string"},
        "id": ID,
        "act": {"enum": ["changed", "gone"]},
        "number": NUMBER,
        "change_set": {"type": ["integer", "null"]},
    },
}
ITEMS: Part = {"type": "array", "items": _ref("Change")}
CHANGES: Part = {
    "type": "object",
    "required": ["items", "next", "more"],
    "properties": {"items": ITEMS, "next": NUMBER, "more": {"type": "boolean"}},
}
EVENT: Part = {
    "type": "object",
    "required": ["type", "timestamp", "data"],
    "properties": {
        "type": {"const": "records.changed"},
        "timestamp": {"type": "string", "format": "date-time"},
        "data": {
            "type": "object",
            "required": ["items", "next", "again"],
            "properties": {"items": ITEMS, "next": NUMBER, "again": {"type": "boolean"}},
        },
    },
}
BULK_RESULTS: Part = {
    "type": "object",
    "required": ["change_set", "results"],
    "properties": {
        "change_set": {"type": ["integer", "null"]},
        "results": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["status"],
                "properties": {"status": {"type": "integer"}, "id": ID, "version": NUMBER, "problem": _ref("Problem")},
            },
        },
    },
}


def _parameter(name: str, schema_: Part, where: str = "query", **more: Any) -> Part:
    return {"name": name, "in": where, "schema": schema_, **more}


PARAMETERS: Part = {
    "sort": _parameter("sort", {"type": "string"}, description="name, -name, owner.name"),
    "columns": _parameter("columns", {"type": "string"}, description="name,owner.name,activities.count"),
    "after": _parameter("after", {"type": "string"}, description="next of the page before"),
    "limit": _parameter("limit", {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE, "default": SIZE}),
    "as_of": _parameter("as_of", {"type": "string", "anyOf": [{"format": "date"}, {"format": "date-time"}]}),
    "key": _parameter("Idempotency-Key", {"type": "string", "minLength": 1, "maxLength": 255}, "header"),
    "if_match": _parameter("If-Match", {"type": "string", "minLength": 1}, "header", required=True),
    "if_match_too": _parameter("If-Match", {"type": "string"}, "header"),
}

__all__ = ["document", "openapi"]
