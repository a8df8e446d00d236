"""What can go wrong at the doors to the data, told by what a person can do next."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rapporto.kernel.text import Message


class Invalid(Exception):
    """Some values cannot be kept: a message by field; nothing was changed."""

    def __init__(self, errors: Mapping[str, Message]) -> None:
        super().__init__("; ".join(f"{name}: {message}" for name, message in errors.items()))
        self.errors = dict(errors)


class NotFound(Exception):
    """There is no such record, or it may not be seen: the two answer alike."""

    def __init__(self, record: str, row_id: Any) -> None:
        super().__init__(f"no {record} {row_id}")
        self.record, self.row_id = record, row_id


class Refused(Exception):
    """It may be seen but not changed in this way; `message` says why."""

    def __init__(self, text: str, **params: Any) -> None:
        self.message = Message(text, params)
        super().__init__(str(self.message))


@dataclass(frozen=True)
class Difference:
    """One field that two people changed at once: as it was, as it is now, as this person wanted it."""

    name: str
    was: Any
    theirs: Any
    mine: Any


class Conflict(Exception):
    """Somebody else changed the same fields since this person read them; nothing was changed."""

    def __init__(self, differences: tuple[Difference, ...], version: int, by: str) -> None:
        super().__init__(f"changed meanwhile by {by}: {', '.join(one.name for one in differences)}")
        self.differences, self.version, self.by = differences, version, by
