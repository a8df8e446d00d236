"""Says which fields a prepare or refresh function cares about, so that the store can leave it out when none of them changed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, ParamSpec

Given = ParamSpec("Given")


@dataclass(frozen=True)
class OnFields(Generic[Given]):
    """A function that need not be called when none of `fields` changed (None: any); new and deleted rows always need it."""

    act: Callable[Given, None]
    fields: frozenset[str] | None
    many: Callable[..., None] | None = None
    """The same for many new rows at once, called with their list: for functions that would otherwise ask the database for each."""

    new: Callable[[Sequence[Any]], None] | None = None
    """What is done instead for rows just made, called with them: nothing refers to them yet, so that less has to be looked for."""

    def __call__(self, *given: Given.args, **named: Given.kwargs) -> None:
        self.act(*given, **named)

    @property
    def __name__(self) -> str:
        return self.act.__name__


def on_fields(
    *names: str,
    many: Callable[..., None] | None = None,
    new: Callable[[Sequence[Any]], None] | None = None,
) -> Callable[[Callable[Given, None]], OnFields[Given]]:
    """Decorates a prepare or refresh function with the names of the fields that matter to it, and its forms for new rows."""
    return lambda act: OnFields(act, frozenset(names), many, new)


def matters(function: object, changed: frozenset[str]) -> bool:
    """Whether a prepare or refresh function wants to be called when these fields changed."""
    fields = getattr(function, "fields", None)
    return fields is None or bool(fields & changed)
