"""A small register with every kind of blank, accents, links, related records and one user-made field of each kind."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from rapporto.domain.parties.models import Industry, PartyType
from rapporto.domain.people.models import User
from rapporto.kernel.actor import Actor
from rapporto.store import made_fields
from rapporto.store.write import save

MANAGER = Actor(None, "Bruno", frozenset({"manager"}))
NAMES = (
    "Perù & Città S.r.l.",
    "PERU",
    "perù",
    "Ditta Casale",
    "ditta  casale",
    "100% Lana_Fine",
    "Ärzte",
    "Straße",
    "",
)
MADE = ("text", "integer", "money", "date", "tick", "choice")
SETTINGS = {"choice": {"choices": [["a", "Alta"], ["b", "Bassa"]]}}


@pytest.fixture
def register(db: None) -> dict[str, str]:
    """A small register with every kind of blank, and one user-made field of each kind; gives their names by kind."""
    made = {
        kind: made_fields.make_field(MANAGER, "party", f"Campo {kind}", kind, SETTINGS.get(kind)).name for kind in MADE
    }
    anna = User.objects.create_user("anna@esempio.it", name="Anna", role="agent")
    industries = [Industry.objects.create(name=name).pk for name in ("Meccanica", "Tessile")]
    types = [PartyType.objects.create(name=name).pk for name in ("Cliente", "Fornitore")]
    parties = [save(MANAGER, "party", values(at, made, anna.pk, industries, types)).pk for at in range(2 * len(NAMES))]
    for at, pk in enumerate(parties):
        if at % 5 > 1:
            save(MANAGER, "party", {"part_of": parties[at % 4]}, pk)
    for at, pk in enumerate(parties[:7]):
        for number in range(at % 4):
            about = {
                "party": pk,
                "kind": ("call", "visit")[number % 2],
                "subject": f"{NAMES[at]} {number}",
                "at": MOMENT,
            }
            save(MANAGER, "activity", about)
    return made


def values(at: int, made: dict[str, str], owner: int, industries: list[int], types: list[int]) -> dict[str, Any]:
    """The values of one party of the register: some fields filled, others blank, in every mixture."""
    found: dict[str, Any] = {"name": NAMES[at % 9] or "Senza nome", "kind": ("organisation", "person")[at % 2]}
    if at % 3:
        found |= {"province": ("VR", "VI", "MI")[at % 3], "turnover": at * 1_000, "birth_date": date(2020, 1, 1 + at)}
        found |= {
            made["text"]: NAMES[-at % 9],
            made["integer"]: at - 5,
            made["money"]: at * 10,
            made["tick"]: at % 2 == 0,
        }
        found |= {made["date"]: date(2024, 5, 1 + at % 7), made["choice"]: "ab"[at % 2]}
    if at % 4:
        found |= {"industry": industries[at % 2], "owner": owner, "types": [types[at % 2]]}
    if at % 5 == 1:
        found |= {"types": types, "city": NAMES[at % 9], "notes": f"riga uno\n{NAMES[at % 9]}"}
    return found


MOMENT = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)
