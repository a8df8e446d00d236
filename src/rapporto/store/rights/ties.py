"""What belongs to a person: the records of every declared type that a link leads from, found by construction."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from django.db import connection

from rapporto.kernel.actor import Actor
from rapporto.kernel.erasure import OnErasure
from rapporto.store.chunks import chunks
from rapporto.store.declare import DECLARED, Declaration
from rapporto.store.errors import NotFound, Refused
from rapporto.store.merge_models import Merged
from rapporto.store.records import find


@dataclass(frozen=True)
class Tie:
    """A link of a record type that leads to persons."""

    declaration: Declaration
    link: str

    @property
    def column(self) -> str:
        """The column of the link."""
        return self.declaration.columns[self.link].value

    @property
    def rule(self) -> OnErasure:
        """What becomes of its records when the person is erased."""
        return self.declaration.record.erasure_by(self.link)

    def rows(self, ids: Collection[int]) -> list[int]:
        """The records that lead to one of these."""
        found = self.declaration.model._default_manager.filter(**{f"{self.column}__in": list(ids)})
        return list(found.order_by("pk").values_list("pk", flat=True))

    def past(self, ids: Collection[int]) -> dict[int, int]:
        """The entries of the history that lead to one of these, with their record: also of what is gone, or leads elsewhere now."""
        number = f"(image ->> '{self.column}')::bigint"
        if connection.vendor == "sqlite":
            number = f"json_extract(image, '$.{self.column}')"
        found: dict[int, int] = {}
        for some in chunks(ids):
            marks = ", ".join(["%s"] * len(some))
            with connection.cursor() as cursor:
                cursor.execute(
                    f"SELECT id, row_id FROM history_entry WHERE record = %s AND image IS NOT NULL AND {number} IN ({marks})",
                    [self.declaration.name, *some],
                )
                found.update(cursor.fetchall())
        return found


def ties(name: str) -> Iterator[Tie]:
    """Every link of every declared type that leads to records of this one; fields of several links by the rows that hold them."""
    for declaration in DECLARED.values():
        for link, field in declaration.record.fields.items():
            if field.link == name and link not in declaration.through:
                yield Tie(declaration, link)


def kinds_of_persons() -> list[str]:
    """The record types of which some records are natural persons."""
    return [one.name for one in DECLARED.values() if one.record.person is not None]


def is_person(actor: Actor, name: str, row_id: int) -> bool:
    """Whether a record is a natural person whom the actor may see."""
    person = DECLARED[name].record.person
    return person is not None and find(actor, name, person).filter(pk=row_id).exists()


def require_person(actor: Actor, name: str, row_id: int) -> None:
    """Raises NotFound for what is not there, Refused for what is no natural person."""
    if is_person(actor, name, row_id):
        return
    if not find(actor, name).filter(pk=row_id).exists():
        raise NotFound(name, row_id)
    raise Refused(
        "Only a person has rights over their data; for a sole trader, first say on the card that it is a person."
    )


def numbers_of(name: str, row_id: int) -> Sequence[int]:
    """The number of a person, and those of the records that became part of theirs."""
    merged = Merged.objects.filter(record=name, kept=row_id).values_list("gone", flat=True)
    return [row_id, *sorted(one for one in merged if one is not None)]


__all__ = ["Tie", "is_person", "kinds_of_persons", "numbers_of", "require_person", "ties"]
