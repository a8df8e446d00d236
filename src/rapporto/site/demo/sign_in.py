"""Who may be tried in the demo company: shown under the sign-in of an installation that only this machine reaches."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from rapporto.domain.people.models import ROLES, User
from rapporto.site.demo.house import PASSWORD, STAFF, email_of
from rapporto.site.welcome import SIGN_IN_FILE

SHOWN = 3
"""An administrator, a manager and an agent: the first of the staff."""


@dataclass(frozen=True)
class DemoPerson:
    """Somebody of the demo company, with what signs them in."""

    name: str
    role: str
    email: str
    password: str = PASSWORD


def demo_sign_in(request: HttpRequest) -> dict[str, Any]:
    """`demo_sign_in` for the page of the sign-in. Its password is known to all: on an open network nobody is invited to it."""
    if request.path != reverse("account_login") or not settings.LOCAL or not (settings.DATA / SIGN_IN_FILE).exists():
        return {}
    roles = dict(ROLES)
    offered = [DemoPerson(name, str(roles[role]), email_of(name)) for name, role, _ in STAFF[:SHOWN]]
    there = set(
        User.objects.filter(email__in=[one.email for one in offered], is_active=True).values_list("email", flat=True)
    )
    return {"demo_sign_in": [one for one in offered if one.email in there]}
