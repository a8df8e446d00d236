"""Who a signed-in user is to the store: an actor with a role and the territories the user looks after."""

from django.db import connection
from django.db.models import QuerySet

from rapporto.domain.people.models import User, UserTerritory
from rapporto.kernel.actor import NOBODY, Actor
from rapporto.kernel.where import field
from rapporto.store.records import find


def actor_of(user: User, door: str = "web") -> Actor:
    """The actor of a user, by one query at most: none when asked again of the same object. Who may not sign in is nobody."""
    if not user.is_active or user.pk is None:
        return NOBODY
    known: Actor | None = user.__dict__.get("_actor")
    if known is None:
        known = Actor(user.pk, user.name, frozenset((user.role,)), _territories(user.pk), door, user.team_id)
        user.__dict__["_actor"] = known
    return known if known.door == door else known.through(door)


def actor_by_id(user_id: int, door: str) -> Actor | None:
    """Who a user is by now, for work done in their name; None when they may not sign in any more."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    return actor_of(user, door) if user is not None else None


def _territories(user_id: int) -> frozenset[int]:
    """What a user looks after: plain SQL, as every request asks it."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT territory_id FROM {_MINE} WHERE user_id = %s", [user_id])
        return frozenset(territory for (territory,) in cursor.fetchall())


_MINE = UserTerritory._meta.db_table


def active_users(actor: Actor) -> QuerySet[User]:
    """Whom work can be given to: the users who may sign in, by name."""
    return find(actor, "user", field("is_active").eq(True)).order_by("name_key", "id")
