"""Who acts: a person or a task of the system, with roles, and the door through which the act came in."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

AGENT = "agent"
MANAGER = "manager"
ADMINISTRATOR = "administrator"
SYSTEM = "system"


@dataclass(frozen=True)
class Actor:
    """A user or a system task. `user_id` is None for the system; `door` names the way in: web, api, import, system …"""

    user_id: int | None
    name: str
    roles: frozenset[str] = frozenset()
    territories: frozenset[int] = frozenset()
    door: str = "web"
    team: int | None = None

    def through(self, door: str) -> "Actor":
        """The same actor, coming in by another door."""
        return replace(self, door=door)


NOBODY = Actor(None, "", door="web")
"""Somebody who is not signed in: no role, so nothing is seen and nothing can be changed."""


def system_task(name: str, door: str = SYSTEM, roles: Iterable[str] = (SYSTEM,)) -> Actor:
    """An actor for work no person asked for: it has a role like everybody, never a bypass."""
    return Actor(None, name, frozenset(roles), door=door)
