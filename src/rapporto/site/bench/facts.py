"""What is known of a database to be measured: who asks, what is asked for; worked out once and kept beside it."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Person:
    """Somebody who asks. `sees` is how many parties; `every` that no condition narrows them."""

    name: str
    email: str
    id: int
    sees: int
    every: bool
    territories: tuple[int, ...] = ()
    deep: tuple[str, int] = ("", 0)
    """The name and id after which the last tenth of the parties follows, as the database keeps them."""
    cursor: str = ""
    """The same as it travels in an address."""
    card: int = 0
    """A party with twenty activities or more; 0 when this person sees none."""


@dataclass(frozen=True)
class Facts:
    """What to ask for. `made` and `made_sort` name two user-made fields, `at` is the end of the day `as_of` in microseconds."""

    size: int
    password: str
    people: tuple[Person, ...]
    province: str
    industry: int
    made: str
    made_value: str
    made_key: str
    made_sort: str
    fragment: str
    common: str
    provinces: tuple[str, ...]
    as_of: str
    at: int
    counts: dict[str, int] = field(default_factory=dict)

    def person(self, name: str) -> Person:
        """One of those who ask."""
        return next(one for one in self.people if one.name == name)

    def write(self, file: Path) -> None:
        """Keep them."""
        file.write_text(json.dumps(asdict(self), indent=1, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def read(cls, file: Path) -> "Facts":
        """Those kept in a file."""
        kept = json.loads(file.read_text(encoding="utf-8"))
        people = tuple(
            Person(**{**one, "territories": tuple(one["territories"]), "deep": tuple(one["deep"])})
            for one in kept["people"]
        )
        return cls(**{**kept, "people": people, "provinces": tuple(kept["provinces"])})
