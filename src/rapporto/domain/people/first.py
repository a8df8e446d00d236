"""The first administrator of a new installation: without one nobody could sign in to invite anybody."""

import secrets
from dataclasses import dataclass

from rapporto.domain.people.commands import create_user
from rapporto.domain.people.models import User
from rapporto.kernel.actor import ADMINISTRATOR, system_task

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is mistaken for another when read aloud


@dataclass(frozen=True)
class FirstSignIn:
    """How the first administrator gets in; the password is shown once and kept nowhere."""

    email: str
    password: str


def first_administrator(email: str, name: str, password: str | None = None) -> FirstSignIn | None:
    """Make an administrator when there is no user at all; None when there is one. Raises Invalid for a weak password."""
    if User.objects.exists():
        return None
    chosen = password or new_password()
    user = create_user(
        system_task("init"), email=email, name=name, role=ADMINISTRATOR, password=chosen, handed_over=not password
    )
    return FirstSignIn(user.email, chosen)


def new_password() -> str:
    """Four groups of four letters and figures: 79 bits, and easily typed."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4))
