"""What is known of a party when it is compared with all others: its look, its parts of a name, its place, its house."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from rapporto.domain.parties.likeness import Look
from rapporto.domain.parties.models import PERSON


@dataclass(frozen=True)
class Subject:
    """A party to be compared. `works_for` are its companies, `house` those to which it is tied: they are never its duplicates."""

    id: int
    look: Look
    first_name: str = ""
    last_name: str = ""
    street: str = ""
    postal_code: str = ""
    website: str = ""
    works_for: frozenset[int] = field(default_factory=frozenset)
    employers: frozenset[str] = field(default_factory=frozenset)
    house: frozenset[int] = field(default_factory=frozenset)

    @property
    def is_person(self) -> bool:
        return self.look.kind == PERSON


def of_kind(subjects: Iterable[Subject], *, person: bool) -> list[Subject]:
    """The persons, or the companies: the two are never one."""
    return [one for one in subjects if one.is_person == person]
