"""The shape of parties: one row may be a company with its people, or a person with their company."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from rapporto.domain.parties.contacts import slots
from rapporto.domain.parties.contacts.columns import Column, column_in
from rapporto.domain.parties.contacts.doubles import propose_doubles
from rapporto.domain.parties.contacts.heads import columns_of
from rapporto.domain.parties.contacts.known import Known
from rapporto.domain.parties.contacts.reaches import HOUSE
from rapporto.domain.parties.contacts.reading import OwnField, PartyReading
from rapporto.domain.parties.contacts.recognising import recognise
from rapporto.kernel.actor import Actor
from rapporto.kernel.text import fold
from rapporto.store.imports.cells import reader_of
from rapporto.store.imports.drafts import Asked, Draft
from rapporto.store.imports.plain import in_every_language, writable
from rapporto.store.imports.register import Register
from rapporto.store.imports.shapes import CODE, SHAPES, Slot, Written
from rapporto.store.userfields import record_type

ORDER = ("party", "affiliation", "contact_point", "address", "to_verify")
ALWAYS = frozenset(("kind", "main", "private", "label", "party", "person", "organisation", "owner"))
"""What the shape itself says of the records it makes."""


class PartyShape:
    """Companies, people, where they work, their numbers and places."""

    name = record = "party"
    order = ORDER
    label = _("Companies and people")

    def slots(self, actor: Actor) -> Sequence[Slot]:
        return slots.slots_for(actor)

    def proposed(self, actor: Actor, heads: Sequence[str]) -> tuple[str, ...]:
        own = {
            fold(word): name for name, one in slots.own_fields(actor).items() for word in in_every_language(one.label)
        }
        found = []
        for column in columns_of(heads):
            name = own.get(fold(column.head))
            if name and column.holds == "more":
                column = Column(column.head, "own", name)
            found.append(CODE if column.holds == CODE else column.slot)
        return tuple(found)

    def reading(self, actor: Actor, heads: Sequence[str], columns: Sequence[str], written: Written) -> PartyReading:
        known = [column_in(head, slot) for head, slot in zip(heads, columns, strict=False)]
        fields = {n: OwnField(one.kind, reader_of(one.kind, written)) for n, one in slots.own_fields(actor).items()}
        allowed = {
            name: frozenset(writable(actor, record_type(name))) | (ALWAYS & record_type(name).fields.keys())
            for name in ORDER
        }
        code_at = next((at for at, slot in enumerate(columns) if slot == CODE), None)
        return PartyReading(
            tuple(known),
            tuple(columns),
            code_at,
            fields,
            allowed,
            actor.user_id,
            month_first=not written.day_first,
            of_people=_of_people(known),
        )

    def recognise(self, register: Register, portion: Sequence[Asked]) -> None:
        recognise(register, portion)

    def settle(self, register: Register, portion: Sequence[Asked], made: Sequence[Draft]) -> int:
        touched = {id(one): (key, one) for asked in portion for key, one in asked.own.touched}
        Known(register).tell(touched.values())
        return propose_doubles(register, made)


def _of_people(columns: Sequence[Column]) -> bool:
    """Whether rows are about people: they are named, and nothing is told that only companies have."""
    named = any(one.holds in ("first_name", "last_name", "name") and not one.person for one in columns)
    return named and not any(one.use in HOUSE or one.person or one.holds == "vat_number" for one in columns)


SHAPES.add("party", PartyShape())
__all__ = ["PartyShape"]
