"""What one contact asks for, before it is compared with what is known: values of records, and what waits to be verified."""

from dataclasses import dataclass, field
from typing import Any

from rapporto.domain.parties.likeness import is_shared_mailbox
from rapporto.domain.parties.models import ContactPoint
from rapporto.kernel.text import Message


@dataclass(frozen=True)
class Trouble:
    """A value that its field does not take: the head of the column, the text, why, which field, and whether it is the company's."""

    column: str
    text: str
    reason: Message
    field: str = "other"
    of_company: bool = False


@dataclass
class Told:
    """The values of the records one contact asks for; `person` or `company` is None when it tells of none."""

    person: dict[str, Any] | None
    company: dict[str, Any] | None
    desk: dict[str, Any] = field(default_factory=dict)
    """The affiliation: job title, department, numbers of the desk."""
    person_points: list[dict[str, Any]] = field(default_factory=list)
    company_points: list[dict[str, Any]] = field(default_factory=list)
    home: dict[str, Any] | None = None
    """The home of a person who works somewhere; without a company it is the person's own address."""
    further: dict[str, Any] | None = None
    troubles: list[Trouble] = field(default_factory=list)

    @property
    def reaches(self) -> set[str]:
        """Every number and address by which the person can be told: never that of an office."""
        own = (self.person or {}, self.desk)
        found = {one[name] for one in own for name in ("phone", "mobile", "email") if one.get(name)}
        found |= {one["value"] for one in self.person_points if one["kind"] != ContactPoint.WEB}
        return {one for one in found if "@" not in one or not is_shared_mailbox(one)}

    def set_aside(
        self, column: str, text: str, reason: Message, name: str = "other", *, of_company: bool = False
    ) -> None:
        """Keep a value to be verified."""
        of_company = self.person is None or (of_company and self.company is not None)
        self.troubles.append(Trouble(column, text, reason, name, of_company))
