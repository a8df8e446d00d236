"""Registries: named declarations in the order they were made; a name said twice or misspelt stops the start."""

from collections.abc import Iterator, Mapping
from typing import Generic, TypeVar

T = TypeVar("T")


class Registry(Mapping[str, T], Generic[T]):
    """Declarations by name. Looking up a name that is not there lists those that are."""

    def __init__(self, what: str) -> None:
        self.what = what
        self._all: dict[str, T] = {}

    def add(self, name: str, one: T) -> T:
        """Keep a declaration under its name; the same name twice is a programmer's mistake."""
        if name in self._all:
            raise ValueError(f"{self.what} {name!r} is declared twice")
        self._all[name] = one
        return one

    def put(self, name: str, one: T) -> T:
        """Replace a declaration in its place."""
        self[name]
        self._all[name] = one
        return one

    def remove(self, name: str) -> None:
        """Take a declaration out again (tests that declare types of their own)."""
        del self._all[name]

    def __getitem__(self, name: str) -> T:
        try:
            return self._all[name]
        except KeyError:
            raise KeyError(f"no {self.what} {name!r}; there are: {', '.join(self._all) or 'none'}") from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)
