"""One record of every declared type, made from the declarations alone, so that a new type is tested unasked."""

from datetime import UTC, date, datetime
from typing import Any

from rapporto.domain.people.actors import actor_of
from rapporto.domain.people.models import ROLES, User
from rapporto.kernel.actor import Actor
from rapporto.kernel.kinds import (
    Choice,
    Country,
    Day,
    Email,
    Iban,
    Integer,
    Kind,
    Link,
    Links,
    Moment,
    Money,
    Phone,
    PostalCode,
    Province,
    SdiCode,
    TaxCode,
    Tick,
    VatNumber,
    Web,
)
from rapporto.kernel.record import Field, RecordType
from rapporto.store.asking import forget_estimates
from rapporto.store.declare import DECLARED
from rapporto.store.userfields import record_type
from rapporto.store.write import save

VALUES: dict[type[Kind], Any] = {
    Country: "IT",
    Day: date(2026, 11, 16),
    Iban: "IT60X0542811101000000123456",
    Integer: 12,
    Moment: datetime(2026, 11, 16, 9, 30, tzinfo=UTC),
    Money: 123450,
    Phone: "045 7901234",
    PostalCode: "37121",
    Province: "VR",
    SdiCode: "M5UXCR1",
    TaxCode: "00743110157",
    Tick: False,
    VatNumber: "00743110157",
    Web: "https://www.casale.example",
}


TOLD: dict[str, dict[str, Any]] = {
    "api_token": {"scopes": "party:read"},
    "webhook": {"address": "https://gestionale.esempio.it/changes", "records": "party"},
    "affiliation": {"job_title": "Acquisti"},
    "contact_point": {"value": "045 7901234"},
    "likely_duplicate": {"reasons": "vat_number"},
    "saved_view": {"listed": "party", "shared": "everyone"},
    "territory_area": {"kind": "province", "first": "VR"},
    "consent_entry": {"state": "objected", "how": "paper", "address": ""},
    "consent_term": {"channel": "", "done_on": None},
    "purpose": {"emptied": "notes"},
    "contact_preference": {"first_hour": 9, "last_hour": 12},
    "field_group": {"record": "party"},
    "user_field": {"record": "party", "kind": "choice", "target": "", "only_for": ""},
}
"""What only the rules of its own type know to be right."""


def user(name: str, role: str, **values: Any) -> User:
    """Somebody who works here."""
    assert role in dict(ROLES)
    return User.objects.create_user(
        f"{name.lower()}@esempio.it", "un cavallo a dondolo", name=name, role=role, **values
    )


def value_of_kind(field: Field, number: int, made: dict[str, int]) -> Any:
    """A value that the field accepts; None for a link to a type of which there is nothing yet."""
    kind = field.kind
    if isinstance(kind, Link):
        return made.get(kind.to)
    if isinstance(kind, Links):
        return None
    if choices := getattr(kind, "choices", ()):
        return choices[0][0]
    if isinstance(kind, Choice):
        return None
    if isinstance(kind, Email):
        return f"prova{number}@esempio.it"
    return next((VALUES[one] for one in type(kind).__mro__ if one in VALUES), f"Prova {number}")


def required_values(record: RecordType, number: int, made: dict[str, int]) -> dict[str, Any]:
    """What must be said of a new record, and nothing else."""
    return {
        name: value_of_kind(field, number, made)
        for name, field in record.fields.items()
        if field.required and not field.derived and field.default is None
    }


def make(actor: Actor, name: str, number: int, made: dict[str, int], **values: Any) -> int:
    """A record of a type; what it must link to is taken from `made`."""
    record = record_type(name)
    given = {**required_values(record, number, made), **TOLD.get(name, {}), **values}
    return int(save(actor, name, given).pk)


def one_of_each(administrator: Actor, owner: User) -> dict[str, int]:
    """The id of one record of every type. What can be somebody's is the owner's, and private where that can be."""
    made: dict[str, int] = {"user": owner.pk}
    for name in DECLARED:
        if name == "user":
            continue
        fields = record_type(name).fields
        mine: dict[str, Any] = {one: owner.pk for one in ("owner", "taken_by") if one in fields}
        if "private" in fields and "taken_by" in fields:
            mine["private"] = True
            made[name] = make(actor_of(owner), name, 1, made, **mine)
        else:
            made[name] = make(administrator, name, 1, made, **mine)
    forget_estimates()
    return made


__all__ = ["make", "one_of_each", "required_values", "user", "value_of_kind"]
