"""What one row of a table asks for: records that may link to each other, and values that a person must look at."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from rapporto.kernel.text import Message

NEW, FILL, ALL = "new", "fill", "all"
MODES = (NEW, FILL, ALL)
"""What happens to records that are there: nothing, blanks are filled, values are replaced. A blank cell never empties a field."""
ASIDE = "aside"
LEVELS = {NEW: 0, FILL: 1, ALL: 2}


class Row(Protocol):
    """A row of a table, wherever it comes from."""

    @property
    def number(self) -> int:
        """The number that the person sees in their own program; rows come in its order."""

    @property
    def values(self) -> tuple[Any, ...]:
        """The cells: texts as they were written, or values where the file itself knows their type."""

    @property
    def broken(self) -> Message | None:
        """Why the row cannot be read, if so."""

    @property
    def raw(self) -> str:
        """What stood there, of a broken row."""


@dataclass(eq=False)
class Draft:
    """A record that a row asks for. `values` are canonical; a link may be another draft."""

    record: str
    values: dict[str, Any]
    counted: str = ""
    """Under which word it is counted; the record type if nothing is said, `ASIDE` for what is counted as a value set aside."""
    named: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Links told in words: by field the head of the column and the text."""
    code: str = ""
    """Its code in the source."""
    id: int | None = None
    """The record it is or has become; negative when it was only thought of."""
    updates: bool = False
    """Whether the record was told by its code, so that what is known may be changed."""
    changes: dict[str, Any] = field(default_factory=dict)
    before: dict[str, Any] = field(default_factory=dict)
    """What the changed fields held."""
    makes: bool = False
    gone: bool = False
    """Nothing comes of it: what it would add is there already."""
    twin: "Draft | None" = None
    """An earlier draft of the same record in the same portion."""

    @property
    def first(self) -> "Draft":
        """The draft that stands for the record."""
        return self.twin.first if self.twin is not None else self


@dataclass(frozen=True)
class Aside:
    """A value that its field does not take: the head of its column, the text, why, and whose field it would be."""

    column: str
    text: str
    reason: Message
    field: str = ""
    whose: Draft | None = None


@dataclass(eq=False)
class Asked:
    """A row and what it asks for; `main` is the record by which it is known again."""

    number: int
    mark: str
    """What the row says, in brief: rows with the same mark say the same."""
    code: str = ""
    """The code of its main record; made of the mark where the source gives none."""
    told: bool = False
    """Whether the code came from the source."""
    values: tuple[Any, ...] = ()
    raw: str = ""
    drafts: list[Draft] = field(default_factory=list)
    main: Draft | None = None
    asides: list[Aside] = field(default_factory=list)
    wrong: Message | None = None
    known: bool = False
    said: Mapping[str, int] = field(default_factory=dict)
    """What the rows of its code said until now, itself included."""
    again: tuple[int, int] | None = None
    """Of a known row whose code has several: the record and how much was taken in."""
    own: Any = None
    """What the shape keeps of it for itself."""

    def refuse(self, why: Message) -> None:
        """Nothing of the row is taken in."""
        self.wrong, self.drafts, self.main = why, [], None
