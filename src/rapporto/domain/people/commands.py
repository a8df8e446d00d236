"""What is done with the people who work here: inviting, setting a password, closing the door behind them."""

from collections.abc import Iterable

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from rapporto.domain.people.models import User
from rapporto.kernel.actor import ADMINISTRATOR, SYSTEM, Actor
from rapporto.kernel.text import Message
from rapporto.store.errors import Invalid, Refused
from rapporto.store.history.changing import change_set
from rapporto.store.records import get
from rapporto.store.write import save


def create_user(
    actor: Actor,
    *,
    email: str,
    name: str,
    role: str,
    password: str | None = None,
    territories: Iterable[int] = (),
    team: int | None = None,
    language: str = "",
    handed_over: bool = False,
) -> User:
    """Add somebody who signs in. Without a password they set one by the link for forgotten passwords. Raises Invalid, Refused.

    A password that is handed over is changed by its new owner before anything else.
    """
    with change_set(actor, "create_user"):
        values = {"email": email, "name": name, "role": role, "team": team, "language": language, "is_active": True}
        user: User = save(actor, "user", {**values, "territories": tuple(territories)})
        _keep_password(user, password, handed_over=handed_over)
    return user


def deactivate(actor: Actor, user: int) -> User:
    """Close the door behind somebody: their sessions end, what they did stays. Raises Invalid for the last administrator."""
    with change_set(actor, "deactivate"):
        row: User = save(actor, "user", {"is_active": False}, user)
    return row


def set_password(actor: Actor, user: int, password: str) -> None:
    """Set one's own password or, as administrator, that of somebody else. All other sessions end. Raises Invalid, Refused.

    That of somebody else is handed over: they change it at the next sign-in, before anything else.
    """
    if user != actor.user_id and not actor.roles & {ADMINISTRATOR, SYSTEM}:
        raise Refused("Only an administrator sets the password of somebody else.")
    with change_set(actor, "set_password"):
        _keep_password(get(actor, "user", user), password, handed_over=user != actor.user_id)


def _keep_password(user: User, password: str | None, *, handed_over: bool) -> None:
    """Passwords are no declared field: their hashes never enter the history."""
    if password is not None:
        try:
            validate_password(password, user)
        except ValidationError as weak:
            raise Invalid({"password": Message("{why}", {"why": " ".join(weak.messages)})}) from None
    user.set_password(password)
    user.handed_over = handed_over and password is not None
    user.save(update_fields=["password", "handed_over"])
