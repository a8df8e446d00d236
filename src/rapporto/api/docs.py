"""The page that tells people what programs can do here: every list with its fields, and how each is asked for."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from rapporto.api.values import schema
from rapporto.domain.people.actors import actor_of
from rapporto.domain.people.models import User
from rapporto.domain.people.tokens import NEVER
from rapporto.kernel.record import RecordType
from rapporto.store.declare import DECLARED
from rapporto.store.userfields import record_type

LONGEST_LIST = 16
"""Codes that are told one by one."""


@require_GET
def docs(request: HttpRequest) -> HttpResponse:
    """Every record type that somebody who is signed in may see."""
    user = request.user
    assert isinstance(user, User)
    actor = actor_of(user)
    seen = [record_type(name) for name in DECLARED if name not in NEVER and record_type(name).visible(actor)]
    records = [_record(record.seen_by(actor), record.fixed_for(actor)) for record in seen]
    return render(request, "api_docs.html", {"records": records, "here": request.build_absolute_uri("/api/v1/")})


def _record(record: RecordType, fixed: frozenset[str]) -> dict[str, Any]:
    fields = [
        {
            "name": name,
            "label": field.label,
            "type": _type(schema(field, written=True)),
            "link": field.link,
            "needed": field.required,
            "fixed": name in fixed,
            "ops": field.kind.ops,
        }
        for name, field in record.fields.items()
    ]
    return {"name": record.name, "label": record.plural, "fields": fields, "title": record.title}


def _type(described: dict[str, Any]) -> str:
    named = described["type"]
    word = named[0] if isinstance(named, list) else named
    if len(codes := [code for code in described.get("enum", ()) if code]) in range(1, LONGEST_LIST):
        return " | ".join(codes)
    return f"{word} {described.get('format', '')}".strip()
