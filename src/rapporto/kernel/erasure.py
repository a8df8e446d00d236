"""What becomes of a record when the person it is linked to is erased: said once for each link, with a safe rule for the rest."""

from dataclasses import dataclass
from enum import Enum
from typing import Any

from rapporto.kernel.kinds import Choice, Code, Country, Kind, Province, Text


class Fate(Enum):
    """What erasing a person does to a record."""

    ERASE = "erase"
    """The record goes, with its parts."""
    ANONYMISE = "anonymise"
    """It stays and is counted; its personal fields and the fields made by the company become blank."""
    HASH = "hash"
    """It stays; its personal texts become keyed hashes: a proof that can be compared, and no longer read."""
    MASK = "mask"
    """It is about somebody else: it stays, and where its texts name the person, the name is struck out."""
    KEEP = "keep"
    """The law wants it kept: it stays as it is, and the person is told why."""


@dataclass(frozen=True)
class OnErasure:
    """The fate of a record, and the reason that is told for what stays."""

    fate: Fate
    why: Any = ""


ERASE, ANONYMISE, HASH, MASK = (OnErasure(one) for one in (Fate.ERASE, Fate.ANONYMISE, Fate.HASH, Fate.MASK))


def keep(why: Any) -> OnErasure:
    """The record must be kept as it is; `why` names the law, in words for the person."""
    return OnErasure(Fate.KEEP, why)


def holds_text(kind: Kind) -> bool:
    """Whether anything may be written into a field of this kind; what is chosen from a list, and places larger than a town, are not."""
    return isinstance(kind, Text | Code) and not isinstance(kind, Choice | Country | Province)
