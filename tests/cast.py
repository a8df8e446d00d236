"""The cast of the stories: Anna (agent), Bruno (manager), Carla (another agent, who must be refused), Ditta Casale (customer)."""

from typing import Any

from rapporto.domain.parties.models import Party
from rapporto.domain.people.actors import actor_of
from rapporto.domain.people.models import User
from rapporto.kernel.actor import ADMINISTRATOR, AGENT, MANAGER, Actor
from rapporto.store.asking import forget_estimates
from rapporto.store.write import save

ROLES = {"Anna": AGENT, "Bruno": MANAGER, "Carla": AGENT, "Aldo": ADMINISTRATOR}


def enters(name: str, **values: Any) -> Actor:
    """A person of the cast as an actor; made when there is none yet."""
    forget_estimates()
    email = f"{name.lower()}@esempio.it"
    user = User.objects.filter(email=email).first()
    if user is None:
        user = User.objects.create_user(email, name=name, role=ROLES[name], **values)
    return actor_of(user)


def casale(owner: Actor, /, **values: Any) -> Party:
    """Ditta Casale, the customer of `owner`."""
    row: Party = save(owner, "party", {"name": "Ditta Casale", "phase": "customer", "owner": owner.user_id, **values})
    return row


def person(owner: Actor, first_name: str, last_name: str, /, **values: Any) -> Party:
    """Somebody whom `owner` looks after."""
    named = {"kind": "person", "first_name": first_name, "last_name": last_name}
    row: Party = save(owner, "party", {**named, "owner": owner.user_id, **values})
    return row
