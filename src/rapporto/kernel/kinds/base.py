"""The contract of a kind: what a field holds, from the typed text to the stored value and back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

EQUAL = ("eq", "ne", "is_in")
BLANKS = ("is_blank", "is_filled")
ORDER = ("lt", "le", "gt", "ge")
WORDS = ("contains", "starts_with")
OPERATORS = (*EQUAL, *ORDER, *WORDS, *BLANKS)

TEXT_KINDS = EQUAL + WORDS + ORDER + BLANKS
ORDERED_KINDS = EQUAL + ORDER + BLANKS
CHOSEN_KINDS = EQUAL + BLANKS


@dataclass(frozen=True)
class Kind:
    """What a field holds. Subclasses are values: two equal kinds behave the same everywhere.

    A blank is None for every kind ('' is read as None by `read` and `check`); stores may keep '' for texts, and give it back as ''.
    """

    name: ClassVar[str] = ""
    """How the kind is called in rows and addresses; unique."""
    ops: ClassVar[tuple[str, ...]] = ()
    """The operators of the filter language that make sense on it, the first one being offered first."""
    widget: ClassVar[str] = "text"
    """The control in which a person writes it: text, long_text, code, number, money, date, moment, choice, link, links, check …"""
    json: ClassVar[Mapping[str, Any]] = {"type": "string"}
    """Its JSON schema."""
    column: ClassVar[str] = "varchar"
    """Its column in the warehouse."""
    keyed: ClassVar[bool] = False
    """Whether a folded key is stored beside the value; otherwise the value is its own key."""
    numeric: ClassVar[bool] = False
    """Whether it stands to the right and can be summed."""
    sql: ClassVar[str] = "text"
    """What its key is in a database: text, integer, boolean."""

    def read(self, typed: str) -> Any:
        """The value of a typed text, None when blank. Raises BadValue with what to do."""
        raise NotImplementedError

    def check(self, value: Any) -> Any:
        """A value in canonical form, None when blank. Raises BadValue. Texts are read as if they were typed."""
        return self.read(value) if isinstance(value, str) else value

    def show(self, value: Any, language: str = "it") -> str:
        """The value for the eyes of a person; '' when blank."""
        return "" if value is None else str(value)

    def edit(self, value: Any, language: str = "it") -> str:
        """The text to put in the control: `read` of it gives the value again."""
        return self.show(value, language)

    def key(self, value: Any) -> Any:
        """What the value is compared and sorted by; None when blank. Texts give str, numbers int, dates ISO text or date."""
        return None if value in (None, "") else value

    def dump(self, value: Any) -> Any:
        """The canonical JSON of a value (user-made fields, history, exports): ISO dates, integers, plain text."""
        return value

    def load(self, dumped: Any) -> Any:
        """The value of a canonical JSON; None when it is none of this kind: a field made by the company may have been converted."""
        return dumped
